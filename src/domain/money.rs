//! Amounts of money in cents.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::cell;

/// An amount in cents (minor units of the agency's currency); negative is money given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cents(pub i64);

/// The sign that stands before the cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    /// `1,284.00`.
    Point,
    /// `1.284,00`.
    Comma,
}

impl Decimal {
    const fn of(mark: char) -> Self {
        match mark {
            ',' => Self::Comma,
            _ => Self::Point,
        }
    }
}

/// What the signs of an amount say about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// It has no decimals.
    Whole,
    /// Its decimals stand behind this sign.
    Behind(Decimal),
    /// Three digits behind this sign: thousands or decimals (`1.234`).
    Either(Decimal),
}

/// What a whole number in a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `250` is two hundred and fifty.
    Whole,
    /// `250` is two and a half: a column named `amount_cents`.
    Cents,
}

impl Cents {
    /// Reads an amount. Currency marks and blanks are dropped; one, two, four and more digits behind the last `.` or `,` are
    /// decimals, three are thousands; other `.`, `,` and `'` are grouping; parentheses or a minus sign mean negative.
    /// `None` when it is missing or no amount.
    pub fn read(text: &str, unit: Unit) -> Option<Self> {
        Self::read_as(text, unit, None)
    }

    /// The same; three digits behind `decimal` are decimals.
    pub fn read_as(text: &str, unit: Unit, decimal: Option<Decimal>) -> Option<Self> {
        let text = cell::value(text)?;
        let text = text.trim_start_matches('\'');
        let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
        let (digits, negative) = match text.bytes().all(is_plain) {
            true => (Cow::Borrowed(text), false),
            false => bare(text),
        };
        let (whole, fraction) = match signs(&digits)? {
            Signs::Whole => (&*digits, ""),
            Signs::Either(sign) if decimal != Some(sign) => (&*digits, ""),
            _ => digits.rsplit_once(['.', ','])?,
        };
        let plain: String = whole.chars().filter(char::is_ascii_digit).collect();
        let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}');
        if !digits.chars().all(is_amount) || (plain.is_empty() && fraction.is_empty()) {
            return None;
        }
        let whole: i64 = if plain.is_empty() { 0 } else { plain.parse().ok()? };
        let cents = match unit {
            Unit::Cents if fraction.is_empty() => whole,
            _ => whole.checked_mul(100)?.checked_add(hundredths(fraction)?)?,
        };
        Some(Self(if negative { -cents } else { cents }))
    }

    /// What the signs of an amount say; nothing where it is none.
    pub fn signs(text: &str) -> Option<Signs> {
        Self::read(text, Unit::Whole)?;
        let text = cell::value(text)?;
        signs(&bare(text.trim_start_matches('\'')).0)
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

/// Where the decimals begin. A sign that stands twice groups, and so does one before three digits unless nothing could be
/// grouped before it (`1284.005`) or the other sign groups already.
fn signs(digits: &str) -> Option<Signs> {
    let Some((whole, tail)) = digits.rsplit_once(['.', ',']) else {
        return Some(Signs::Whole);
    };
    let mark = digits.get(whole.len()..)?.chars().next()?;
    let sign = Decimal::of(mark);
    let count = |digits: &str| digits.bytes().filter(u8::is_ascii_digit).count();
    if whole.contains(mark) {
        return are_groups(digits, mark).then_some(Signs::Whole);
    }
    let grouped = whole.contains(['.', ',', '\'', '\u{2019}']);
    Some(match tail.len() {
        0 => Signs::Whole,
        3 if !grouped && (1..=3).contains(&count(whole)) && !whole.starts_with('0') => Signs::Either(sign),
        _ => Signs::Behind(sign),
    })
}

/// One to three digits and then groups of three, or the Indian way: twos before the last three.
fn are_groups(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark).rev();
    let last = groups.next().map_or(0, str::len);
    let before: Vec<usize> = groups.map(str::len).collect();
    let inner = before.split_last().map_or(&[][..], |(_, inner)| inner);
    let first = before.last().copied().unwrap_or(0);
    last == 3
        && (1..=3).contains(&first)
        && (inner.iter().all(|group| *group == 3) || inner.iter().all(|group| *group == 2))
}

/// Decimals in hundredths, rounded.
fn hundredths(fraction: &str) -> Option<i64> {
    if fraction.is_empty() {
        return Some(0);
    }
    cell::is_digits(fraction).then_some(())?;
    let three: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some((three.parse::<i64>().ok()? + 5) / 10)
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
    fn three_digits_behind_a_sign_group_unless_they_cannot() {
        for (text, cents) in [
            ("1284.0000", 128_400),
            ("1284.00500", 128_401),
            ("1284.004", 128_400),
            ("1,234,567", 123_456_700),
            ("12,34,567.50", 123_456_750),
            ("1.234.567,89", 123_456_789),
            ("1,234.567", 123_457),
            ("0.125", 13),
            ("1.234", 123_400),
        ] {
            assert_eq!(Cents::read(text, Unit::Whole), Some(Cents(cents)), "{text}");
        }
        let decimal = |text, sign| Cents::read_as(text, Unit::Whole, Some(sign));
        assert_eq!(decimal("1.234", Decimal::Point), Some(Cents(123)));
        assert_eq!(decimal("1.234", Decimal::Comma), Some(Cents(123_400)));
        assert_eq!(decimal("1.50", Decimal::Comma), Some(Cents(150)));
        assert_eq!(Cents::read("10.00.00", Unit::Whole), None);
        assert_eq!(Cents::signs("1,234"), Some(Signs::Either(Decimal::Comma)));
        assert_eq!(Cents::signs("$12.50"), Some(Signs::Behind(Decimal::Point)));
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
