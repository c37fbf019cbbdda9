//! The fields a file can hold, by the names the command line and the API use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A field of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(usize)]
#[allow(missing_docs, reason = "the contract's field names say it")]
pub enum Field {
    TransactionId,
    Timestamp,
    Date,
    Time,
    TimestampZone,
    Status,
    AccountId,
    GivenName,
    FamilyName,
    FullName,
    Email,
    Phone,
    #[serde(rename = "phone_2")]
    Phone2,
    Amount,
    AmountCents,
    TaxType,
    Channel,
    ErrorCode,
    Language,
    State,
    TimeZone,
    FilingDeadline,
    Address,
    Memo,
    Charged,
    ConfirmationNo,
}

/// The text names no field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no field {0:?}; the fields are {all}", all = Field::names())]
pub struct UnknownField(pub String);

impl Field {
    /// Number of fields.
    pub const COUNT: usize = 26;

    /// Every field, in the order of the contract.
    pub const ALL: [Self; Self::COUNT] = [
        Self::TransactionId,
        Self::Timestamp,
        Self::Date,
        Self::Time,
        Self::TimestampZone,
        Self::Status,
        Self::AccountId,
        Self::GivenName,
        Self::FamilyName,
        Self::FullName,
        Self::Email,
        Self::Phone,
        Self::Phone2,
        Self::Amount,
        Self::AmountCents,
        Self::TaxType,
        Self::Channel,
        Self::ErrorCode,
        Self::Language,
        Self::State,
        Self::TimeZone,
        Self::FilingDeadline,
        Self::Address,
        Self::Memo,
        Self::Charged,
        Self::ConfirmationNo,
    ];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransactionId => "transaction_id",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
            Self::Time => "time",
            Self::TimestampZone => "timestamp_zone",
            Self::Status => "status",
            Self::AccountId => "account_id",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::FullName => "full_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Phone2 => "phone_2",
            Self::Amount => "amount",
            Self::AmountCents => "amount_cents",
            Self::TaxType => "tax_type",
            Self::Channel => "channel",
            Self::ErrorCode => "error_code",
            Self::Language => "language",
            Self::State => "state",
            Self::TimeZone => "time_zone",
            Self::FilingDeadline => "filing_deadline",
            Self::Address => "address",
            Self::Memo => "memo",
            Self::Charged => "charged",
            Self::ConfirmationNo => "confirmation_no",
        }
    }

    /// Whether the column holds ids, in which long digit runs are nothing unusual.
    pub const fn holds_ids(self) -> bool {
        matches!(self, Self::TransactionId | Self::AccountId | Self::ConfirmationNo)
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| UnknownField(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_name() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(field.as_str().parse(), Ok(field));
            assert_eq!(serde_json::to_string(&field).unwrap(), format!("\"{field}\""));
        }
    }
}
