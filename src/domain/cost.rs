//! What the outage cost a citizen, as they say: kept apart from the case, which it neither opens nor closes.

use super::money::{Cents, Unit};
use super::text_enum::text_enum;

text_enum! {
    /// What they had to pay.
    pub enum CostKind {
        /// A fee or a penalty for paying late.
        LateFee = "late_fee",
        /// A fee of a bank or a card.
        BankFee = "bank_fee",
        /// What a tax preparer charged.
        PreparerFee = "preparer_fee",
        /// Something else, in their words.
        Other = "other",
    }
}

text_enum! {
    /// What a supervisor decided.
    pub enum CostDecision {
        /// It was made good.
        Settled = "settled",
        /// It is not made good.
        Refused = "refused",
    }
}

/// The most that is noted, in cents: what is above it is a slip of the keys.
const MOST: i64 = 10_000_000;

impl CostKind {
    /// The words on a page of the staff.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LateFee => "Late fee or penalty",
            Self::BankFee => "Bank or card fee",
            Self::PreparerFee => "Tax preparer’s fee",
            Self::Other => "Something else",
        }
    }
}

impl CostDecision {
    /// The words on a page of the staff.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Settled => "Settled",
            Self::Refused => "Refused",
        }
    }
}

/// The amount that somebody typed; none where it is no amount, nothing, or more than anybody can have paid.
pub fn amount(typed: &str) -> Option<Cents> {
    Cents::read(typed.trim(), Unit::Whole).filter(|cents| (1..=MOST).contains(&cents.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it_and_nothing_is_none() {
        for (typed, cents) in [
            ("35", 3_500),
            ("35.00", 3_500),
            (" $35.5 ", 3_550),
            ("1,284.00", 128_400),
        ] {
            assert_eq!(amount(typed), Some(Cents(cents)), "{typed}");
        }
        for typed in ["", "a lot", "0", "-5", "100,000.01", "1e9"] {
            assert_eq!(amount(typed), None, "{typed}");
        }
    }
}
