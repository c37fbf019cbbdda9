//! Fields, reasons and oddities of an import in words.

use crate::domain::field::Field;
use crate::outreach::import::{Kind, Profile};

/// What a column can be used as, in the order people look for it.
pub(super) const FIELDS: [(Field, &str); Field::COUNT] = [
    (Field::TransactionId, "Transaction ID"),
    (Field::Timestamp, "Time of the attempt"),
    (Field::Date, "Day, without the time"),
    (Field::Time, "Time of day, without the day"),
    (Field::TimestampZone, "Time zone of the clock"),
    (Field::Status, "What became of it"),
    (Field::AccountId, "Account ID"),
    (Field::FullName, "Full name"),
    (Field::GivenName, "First name"),
    (Field::FamilyName, "Last name"),
    (Field::Phone, "Phone"),
    (Field::Phone2, "Other phone"),
    (Field::Email, "E-mail"),
    (Field::Amount, "Amount, in dollars"),
    (Field::AmountCents, "Amount, in cents"),
    (Field::TaxType, "Kind of tax"),
    (Field::Channel, "Channel"),
    (Field::ErrorCode, "What failed"),
    (Field::Charged, "Charged or not"),
    (Field::Language, "Language"),
    (Field::State, "State"),
    (Field::TimeZone, "Time zone of the citizen"),
    (Field::FilingDeadline, "Filing deadline"),
    (Field::Address, "Mailing address"),
    (Field::Memo, "Remark"),
    (Field::ConfirmationNo, "Confirmation number"),
];

/// A field in words.
pub(super) fn label(field: Field) -> &'static str {
    FIELDS
        .iter()
        .find(|(known, _)| *known == field)
        .map_or("", |(_, label)| label)
}

/// What a column's values look like: `E-mail, 96 % valid, 31 % filled`.
pub(super) fn looks(profile: &Profile) -> String {
    let kind = match profile.kind {
        Kind::Empty => return "Empty".into(),
        Kind::Email => "E-mail".into(),
        Kind::Phone => "Phone".into(),
        Kind::Moment => "Date and time".into(),
        Kind::WholeNumber => "Whole number".into(),
        Kind::Number => "Number".into(),
        Kind::CardNumber => "Card numbers".into(),
        Kind::Code(1) => "One value".into(),
        Kind::Code(values) => format!("Code, {values} values"),
        Kind::Different => "Text, all different".into(),
        Kind::Text => "Text".to_owned(),
    };
    let mut words = vec![kind];
    if profile.valid < 100 {
        words.push(format!("{}% valid", profile.valid));
    }
    if profile.filled < 100 {
        words.push(format!("{}% filled", profile.filled));
    }
    words.join(", ")
}

/// Why a row was rejected: the short words of its filter, and what is wrong.
pub(super) fn reason(key: &str) -> (&'static str, &'static str) {
    match key {
        "malformed" => ("Fields", "Wrong number of fields"),
        "bad_timestamp" => ("Time", "Time not readable"),
        "no_identity" => ("No contact", "No account, e-mail or phone"),
        _ => ("Other", "Rejected"),
    }
}

/// An oddity of accepted rows: `email_invalid` is `E-mail invalid`.
pub(super) fn warning(key: &str) -> String {
    let words = key.replace('_', " ");
    let words = words
        .strip_prefix("email")
        .map_or_else(|| words.clone(), |rest| format!("e-mail{rest}"));
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_words() {
        assert!(Field::ALL.iter().all(|field| !label(*field).is_empty()));
    }

    #[test]
    fn values_are_described() {
        let described = |kind, valid, filled| looks(&Profile { kind, valid, filled });
        assert_eq!(described(Kind::Empty, 0, 0), "Empty");
        assert_eq!(described(Kind::Phone, 96, 31), "Phone, 96% valid, 31% filled");
        assert_eq!(described(Kind::Code(4), 100, 100), "Code, 4 values");
        assert_eq!(described(Kind::Different, 100, 100), "Text, all different");
    }

    #[test]
    fn oddities_read_as_words() {
        assert_eq!(warning("email_invalid"), "E-mail invalid");
        assert_eq!(warning("phone_missing"), "Phone missing");
    }
}
