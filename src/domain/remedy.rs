//! What the agency owes a citizen for the outage.

use super::text_enum::text_enum;

text_enum! {
    /// A remedy, ticked on the case and exported for the billing team.
    pub enum Remedy {
        /// No penalty for filing late.
        PenaltyWaived = "penalty_waived",
        /// A later deadline.
        DeadlineExtended = "deadline_extended",
        /// A fee or a double payment comes back.
        FeeRefunded = "fee_refunded",
    }
}

impl Remedy {
    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PenaltyWaived => "Late-filing penalty waived",
            Self::DeadlineExtended => "Deadline extended",
            Self::FeeRefunded => "Fee or double payment refunded",
        }
    }
}
