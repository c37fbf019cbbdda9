//! Amounts of money in cents.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::cell;

/// An amount in cents (minor units of the agency's currency); negative is money given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cents(pub i64);

/// What a whole number in a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `250` is two hundred and fifty.
    Whole,
    /// `250` is two and a half: a column named `amount_cents`.
    Cents,
}

impl Cents {
    /// Reads an amount. Currency marks and blanks are dropped, a final `.dd` or `,dd` is the decimal
    /// part, other `.`, `,` and `'` are grouping; parentheses or a minus sign mean negative.
    /// `None` when it is missing or no amount.
    pub fn read(text: &str, unit: Unit) -> Option<Self> {
        let text = cell::value(text)?;
        let text = text.trim_start_matches('\'');
        let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
        let (digits, negative) = match text.bytes().all(is_plain) {
            true => (Cow::Borrowed(text), false),
            false => bare(text),
        };
        let (whole, fraction) = split_fraction(&digits);
        let plain: String = whole.chars().filter(char::is_ascii_digit).collect();
        let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}');
        if !digits.chars().all(is_amount) || (plain.is_empty() && fraction.is_none()) {
            return None;
        }
        let whole: i64 = if plain.is_empty() { 0 } else { plain.parse().ok()? };
        let cents = match (unit, fraction) {
            (Unit::Cents, None) => whole,
            (_, fraction) => whole.checked_mul(100)?.checked_add(fraction.unwrap_or(0))?,
        };
        Some(Self(if negative { -cents } else { cents }))
    }
}

/// The amount without currency marks, blanks and signs, and whether it is negative.
fn bare(text: &str) -> (Cow<'_, str>, bool) {
    let upper = text.replace('\u{2212}', "-").to_uppercase();
    let negative =
        (upper.starts_with('(') && upper.ends_with(')')) || upper.starts_with('-') || upper.ends_with('-');
    let words = ["USD", "US$", "EUR", "GBP", "CAD", "MXN"];
    let without_words = words.iter().fold(upper, |text, word| text.replace(word, ""));
    let negative = negative
        || without_words.trim_start().starts_with("$-")
        || without_words.trim_start().starts_with('-');
    let marks = [
        '$', '\u{20ac}', '\u{a3}', '\u{a2}', '\u{a5}', ' ', '(', ')', '+', '-',
    ];
    let digits = without_words.chars().filter(|c| !marks.contains(c)).collect();
    (digits, negative)
}

/// The digits before a final `.d`, `.dd`, `,d` or `,dd`, and that part in cents.
fn split_fraction(digits: &str) -> (&str, Option<i64>) {
    let Some(mark) = digits.rfind(['.', ',']) else {
        return (digits, None);
    };
    let (whole, tail) = digits.split_at(mark);
    let tail = tail.get(1..).unwrap_or_default();
    match (tail.len(), tail.parse::<i64>()) {
        (1, Ok(tenths)) if cell::is_digits(tail) => (whole, Some(tenths * 10)),
        (2, Ok(cents)) if cell::is_digits(tail) => (whole, Some(cents)),
        _ => (digits, None),
    }
}

/// As the desk shows it: `$1,284.00`, `-$5.00`.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.unsigned_abs();
        let whole = (all / 100).to_string();
        let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}${grouped}.{:02}", all % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, cents) in [
            ("250.00", 25_000),
            ("$1,234.56", 123_456),
            ("1234,56", 123_456),
            ("1.234,56", 123_456),
            ("1'234.5", 123_450),
            ("USD 250.00", 25_000),
            ("1,234", 123_400),
            ("(12.00)", -1_200),
            ("-12", -1_200),
            ("$-12.00", -1_200),
            ("\u{2212}5.00", -500),
            (".50", 50),
            ("\u{ff15}0", 5_000),
        ] {
            assert_eq!(Cents::read(text, Unit::Whole), Some(Cents(cents)), "{text}");
        }
    }

    #[test]
    fn a_column_of_cents_holds_cents() {
        assert_eq!(Cents::read("25000", Unit::Cents), Some(Cents(25_000)));
        assert_eq!(Cents::read("250.00", Unit::Cents), Some(Cents(25_000)));
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in ["", "abc", "NULL", "12 apples", ".", "99999999999999999999", "1e5"] {
            assert_eq!(Cents::read(text, Unit::Whole), None, "{text}");
        }
    }

    #[test]
    fn display_groups_thousands() {
        assert_eq!(Cents(128_400).to_string(), "$1,284.00");
        assert_eq!(Cents(-505).to_string(), "-$5.05");
        assert_eq!(Cents(123_456_789).to_string(), "$1,234,567.89");
    }
}
