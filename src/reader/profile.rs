//! What the values of a column look like, whatever its header says: shown beside the choice of its field.

use serde::{Deserialize, Serialize};

use crate::domain::contact::{Email, Phone};
use crate::domain::moment::Calendar;
use crate::domain::zone::Zone;

/// Most different values of a column of codes, and how often each stands there at least on the average.
const MOST_CODES: usize = 20;
const REPEATED: usize = 3;
/// Longest code, in characters.
const LONGEST_CODE: usize = 24;

/// What the first values of a column look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What most of them are.
    pub kind: Kind,
    /// So many of a hundred values are right for that kind.
    pub valid: u8,
    /// So many of a hundred records have a value.
    pub filled: u8,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// There is none.
    #[default]
    Empty,
    /// With an at sign.
    Email,
    /// Seven digits or more and no letters.
    Phone,
    /// A date, a time or both.
    Moment,
    /// Digits alone.
    WholeNumber,
    /// Money or another number with decimals.
    Number,
    /// Masked by the guard.
    CardNumber,
    /// One of a few words, each of which comes again and again.
    Code(u8),
    /// Words, of which no two are the same.
    Different,
    /// Words.
    Text,
}

impl Kind {
    /// What two files of one export have in common, however many rows each has.
    pub(super) const fn likeness(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Moment => "moment",
            Self::Empty
            | Self::WholeNumber
            | Self::Number
            | Self::CardNumber
            | Self::Code(_)
            | Self::Different
            | Self::Text => "text",
        }
    }
}

impl Profile {
    /// Of cleaned values, card numbers masked; `records` is how many records they are of.
    pub(super) fn of(values: &[String], records: usize) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let kind = kind(values);
        let valid = match kind {
            Kind::Email => percent(values, |value| Email::read(value).is_some()),
            Kind::Phone => percent(values, |value| Phone::read(value).is_some()),
            Kind::Moment => percent(values, is_moment),
            _ => 100,
        };
        let filled = (values.len() * 100).checked_div(records.max(values.len()));
        Self {
            kind,
            valid,
            filled: u8::try_from(filled.unwrap_or(100)).unwrap_or(100),
        }
    }
}

fn kind(values: &[String]) -> Kind {
    let most = |is: fn(&str) -> bool| percent(values, is) > 50;
    let all = |is: fn(&str) -> bool| values.iter().all(|value| is(value));
    if most(|value| value.contains('\u{2022}')) {
        Kind::CardNumber
    } else if most(|value| value.contains('@')) {
        Kind::Email
    } else if most(|value| !is_whole(value) && !is_number(value) && is_moment(value)) {
        Kind::Moment
    } else if most(|value| (7..16).contains(&digits(value)) && Phone::read(value).is_some()) {
        Kind::Phone
    } else if all(is_whole) {
        Kind::WholeNumber
    } else if most(is_number) {
        Kind::Number
    } else {
        words(values)
    }
}

fn words(values: &[String]) -> Kind {
    let different: std::collections::BTreeSet<&str> = values.iter().map(String::as_str).collect();
    let short = |value: &&str| value.chars().count() <= LONGEST_CODE;
    let again = values.len() >= different.len() * REPEATED && different.len() <= MOST_CODES;
    match u8::try_from(different.len()) {
        Ok(codes) if again && different.iter().all(short) => Kind::Code(codes),
        _ if different.len() == values.len() && values.len() > 1 => Kind::Different,
        _ => Kind::Text,
    }
}

fn digits(value: &str) -> usize {
    value.bytes().filter(u8::is_ascii_digit).count()
}

/// Digits alone.
pub(super) fn is_whole(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_number(value: &str) -> bool {
    let mark = |c: char| matches!(c, '.' | ',' | '-' | '$' | '(' | ')' | ' ' | '\'');
    let number = |c: char| c.is_ascii_digit() || mark(c);
    let decimals = value.rsplit(['.', ',']).next().map_or(0, digits);
    value.chars().all(number) && digits(value) > 0 && decimals <= 2 && digits(value) < 13
}

fn is_moment(value: &str) -> bool {
    Calendar::new(Zone::utc()).read(value).is_some()
}

fn percent(values: &[String], is: impl Fn(&str) -> bool) -> u8 {
    let count = values.iter().filter(|value| is(value)).count();
    u8::try_from((count * 100).checked_div(values.len()).unwrap_or(0)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Profile {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Profile::of(&values, values.len())
    }

    #[test]
    fn a_column_is_known_by_what_most_of_its_values_are() {
        assert_eq!(
            of(&["a@example.com", "b@example.com", "nobody"]).kind,
            Kind::Email
        );
        assert_eq!(of(&["303-555-0101", "(423) 555-0119"]).kind, Kind::Phone);
        assert_eq!(
            of(&["04/14/2027 13:09:22", "04/14/2027 13:09:41"]).kind,
            Kind::Moment
        );
        assert_eq!(of(&["128400", "31250"]).kind, Kind::WholeNumber);
        assert_eq!(of(&["$1,284.00", "312.50", "-7.25"]).kind, Kind::Number);
        assert_eq!(
            of(&["\u{2022}\u{2022}\u{2022}\u{2022}1881"; 3]).kind,
            Kind::CardNumber
        );
        assert_eq!(of(&["HENSLEY, DOROTHY", "OKAFOR, JAMES"]).kind, Kind::Different);
        assert_eq!(
            of(&["web", "web", "ivr", "web", "ivr", "web"]).kind,
            Kind::Code(2)
        );
        assert_eq!(of(&["again", "again"]).kind, Kind::Text);
        assert_eq!(of(&[]).kind, Kind::Empty);
    }

    #[test]
    fn what_is_wrong_or_missing_is_counted() {
        let phones = ["303-555-0101", "303-555-0102", "303-555-0103", "123"];
        assert_eq!(of(&phones).valid, 75);
        let values = vec!["a@example.com".to_owned(), "b@example.com".to_owned()];
        assert_eq!(Profile::of(&values, 8).filled, 25);
    }
}
