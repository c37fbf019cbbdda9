//! Fields, reasons and oddities of an import in words.

use crate::domain::field::Field;

/// What a column can be used as, in the order people look for it.
pub(super) const FIELDS: [(Field, &str); Field::COUNT] = [
    (Field::TransactionId, "Transaction ID"),
    (Field::Timestamp, "Time of the attempt"),
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
    (Field::TimeZone, "Time zone"),
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

/// What a column's values look like to a person.
pub(super) fn looks(samples: &[String]) -> &'static str {
    let filled: Vec<&str> = samples
        .iter()
        .map(String::as_str)
        .filter(|sample| !sample.is_empty())
        .collect();
    let all = |test: fn(&str) -> bool| filled.iter().all(|sample| test(sample));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    if filled.is_empty() {
        "Empty"
    } else if all(|text| text.contains('@')) {
        "E-mail addresses"
    } else if filled.iter().any(|text| text.contains('•')) {
        "Card numbers"
    } else if all(|text| text.chars().all(|c| c.is_ascii_digit())) {
        "Whole numbers"
    } else if all(|text| text.parse::<f64>().is_ok()) {
        "Numbers"
    } else if filled.iter().all(|text| text.contains(':') && digits(text) >= 6) {
        "Dates and times"
    } else if filled
        .iter()
        .all(|text| digits(text) >= 7 && text.chars().all(|c| !c.is_alphabetic()))
    {
        "Numbers such as phones"
    } else if all(|text| text.len() <= 12 && !text.contains(' ')) {
        "Short codes"
    } else {
        "Text"
    }
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
        let looks_like =
            |samples: &[&str]| looks(&samples.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(looks_like(&["", ""]), "Empty");
        assert_eq!(looks_like(&["04/14/2027 13:09:22"]), "Dates and times");
        assert_eq!(looks_like(&["(423) 555-0119", ""]), "Numbers such as phones");
        assert_eq!(looks_like(&["jo@post.example"]), "E-mail addresses");
        assert_eq!(looks_like(&["12.50"]), "Numbers");
        assert_eq!(looks_like(&["HENSLEY, DOROTHY"]), "Text");
    }

    #[test]
    fn oddities_read_as_words() {
        assert_eq!(warning("email_invalid"), "E-mail invalid");
        assert_eq!(warning("phone_missing"), "Phone missing");
    }
}
