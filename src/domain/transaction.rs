//! One failed (or later successful) payment: a record of a file read into values.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::account::AccountId;
use super::charged::Charged;
use super::contact::{Email, Phone};
use super::money::Cents;
use super::record::Flaw;
use super::timestamp::Timestamp;

/// A record that has a time and an identity, all values normalised. Failed and successful transactions
/// have the same form; their ids are separate worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Line the record starts in.
    pub line: u64,
    /// The export's id of it.
    pub transaction_id: Option<String>,
    /// When it was tried, or paid.
    pub occurred_at: Timestamp,
    /// The file tells the day only; `occurred_at` is its first instant.
    pub day_only: bool,
    /// Nobody says in which zone that time is meant: the outage's own was taken.
    pub zone_unsaid: bool,
    /// Whose account.
    pub account_id: Option<AccountId>,
    /// Given name as written, cleaned; a full name when the file has one column for both. May be empty.
    pub given_name: String,
    /// Family name as written, cleaned. May be empty.
    pub family_name: String,
    /// Both for comparing (`person_name::folded`). May be empty.
    pub folded_name: String,
    /// E-mail address.
    pub email: Option<Email>,
    /// Number to call.
    pub phone: Option<Phone>,
    /// The extension behind the number to call, in digits.
    pub phone_extension: Option<String>,
    /// Another number, different from the first.
    pub phone_2: Option<Phone>,
    /// Amount that was to be paid.
    pub amount: Option<Cents>,
    /// Kind of tax, as written.
    pub tax_type: Option<String>,
    /// Web, mobile, telephone…, as written.
    pub channel: Option<String>,
    /// Why it failed, as written.
    pub error_code: Option<String>,
    /// First subtag of the language, in lower case (`es`).
    pub language: Option<String>,
    /// State or province, in upper case.
    pub state: Option<String>,
    /// IANA time zone, as written.
    pub time_zone: Option<String>,
    /// Day by which the citizen has to file.
    pub filing_deadline: Option<NaiveDate>,
    /// Postal address, as written.
    pub address: Option<String>,
    /// Remark, as written.
    pub memo: Option<String>,
    /// Whether money was taken.
    pub charged: Charged,
    /// Confirmation number of a successful transaction.
    pub confirmation_no: Option<String>,
    /// What was odd about it.
    pub warnings: Warnings,
    /// Equal for two records that are the same transaction.
    pub dedupe_key: DedupeKey,
}

/// What makes two records one: the transaction id, or without one every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DedupeKey(pub [u8; 16]);

/// Why a record is no transaction. Its place in the report is [`Rejection::as_str`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The number of fields differs from the header's.
    #[error("{found} fields where {expected} are expected")]
    Malformed {
        /// Fields of the header.
        expected: usize,
        /// Fields of this record.
        found: usize,
    },
    /// Its cells cannot be told apart.
    #[error("{}", .0.as_str())]
    Broken(Flaw),
    /// There is no timestamp, or it is none.
    #[error("no timestamp, or one that cannot be read")]
    BadTimestamp,
    /// No account id, no valid e-mail, no valid phone.
    #[error("no account id, no valid e-mail and no valid phone")]
    NoIdentity,
}

impl Rejection {
    /// The bin in the report: `malformed`, `bad_timestamp` or `no_identity`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Malformed { .. } | Self::Broken(_) => "malformed",
            Self::BadTimestamp => "bad_timestamp",
            Self::NoIdentity => "no_identity",
        }
    }
}

/// Something odd about a record that is good all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the report's keys say it")]
pub enum Warning {
    AccountMissing,
    AccountInvalid,
    EmailMissing,
    EmailInvalid,
    PhoneMissing,
    PhoneInvalid,
    AmountInvalid,
    TransactionIdMissing,
    CardNumberInAccount,
    CardNumberInMemo,
    CardNumberElsewhere,
    /// A card number of which a spreadsheet has cut the last digit off.
    CardNumberCut,
    /// A text was longer than what is kept.
    TextCut,
}

impl Warning {
    /// Every warning.
    pub const ALL: [Self; 13] = [
        Self::AccountMissing,
        Self::AccountInvalid,
        Self::EmailMissing,
        Self::EmailInvalid,
        Self::PhoneMissing,
        Self::PhoneInvalid,
        Self::AmountInvalid,
        Self::TransactionIdMissing,
        Self::CardNumberInAccount,
        Self::CardNumberInMemo,
        Self::CardNumberElsewhere,
        Self::CardNumberCut,
        Self::TextCut,
    ];

    /// The key in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountMissing => "account_missing",
            Self::AccountInvalid => "account_invalid",
            Self::EmailMissing => "email_missing",
            Self::EmailInvalid => "email_invalid",
            Self::PhoneMissing => "phone_missing",
            Self::PhoneInvalid => "phone_invalid",
            Self::AmountInvalid => "amount_invalid",
            Self::TransactionIdMissing => "transaction_id_missing",
            Self::CardNumberInAccount => "card_number_in_account",
            Self::CardNumberInMemo => "card_number_in_memo",
            Self::CardNumberElsewhere => "card_number_elsewhere",
            Self::CardNumberCut => "card_number_cut",
            Self::TextCut => "text_cut",
        }
    }
}

/// The warnings of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Warnings(u16);

impl Warnings {
    /// Adds one.
    pub fn add(&mut self, warning: Warning) {
        self.0 |= 1 << warning as u16;
    }

    /// Whether this one is there.
    pub const fn has(self, warning: Warning) -> bool {
        self.0 & (1 << warning as u16) != 0
    }

    /// Each one that is there.
    pub fn iter(self) -> impl Iterator<Item = Warning> {
        Warning::ALL.into_iter().filter(move |warning| self.has(*warning))
    }
}

/// As 32 hexadecimal digits.
impl fmt::Display for DedupeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_a_set() {
        let mut warnings = Warnings::default();
        warnings.add(Warning::EmailInvalid);
        warnings.add(Warning::EmailInvalid);
        warnings.add(Warning::TextCut);
        assert_eq!(
            warnings.iter().map(Warning::as_str).collect::<Vec<_>>(),
            ["email_invalid", "text_cut"]
        );
    }
}
