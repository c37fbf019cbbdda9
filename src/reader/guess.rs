//! What the columns of a file without a header may hold, by their values alone. These are proposals: a person sees them
//! marked, beside the values, and says what holds before anything is read. Where two columns would do, neither is proposed.

use super::columns::{is_amount, is_moment, share};
use crate::domain::cell;
use crate::domain::contact::{Email, Phone};
use crate::domain::field::Field;
use crate::domain::moment::Calendar;
use crate::domain::place;
use crate::domain::zone::{Zone, Zones};
use std::collections::BTreeSet;

/// So large a share of the values has to be right for a field without which nothing can be imported, and for any other.
const MOST: f64 = 0.6;
const NEARLY_ALL: f64 = 0.9;
/// Fewer values say nothing about names, ids and deadlines.
const ENOUGH: usize = 4;
/// Most different days of a column of deadlines.
const DEADLINES: usize = 3;

/// Languages of callers and citizens, as exports write them.
const LANGUAGES: &str =
    "am ar de en es fa fr hi ht hy it ja km ko lo ne om pa pl ps pt ru so sw ta te th ti tl tr uk ur vi zh";
/// Ways to pay.
const CHANNELS: &str = "web online portal mobile app api ivr phone kiosk branch counter mail pos agent";

/// A field or none for each column; the values are cleaned.
pub(super) fn fields(columns: &[&[String]]) -> Vec<Option<Field>> {
    let mut found = Found {
        columns,
        fields: vec![None; columns.len()],
    };
    found.first(Field::Email, |values| share(values, is_email) > MOST);
    found.first(Field::Timestamp, |values| share(values, is_written_moment) > MOST);
    found.first(Field::Phone, |values| share(values, is_phone) > MOST);
    found.first(Field::Phone2, |values| share(values, is_phone) > MOST);
    found.only(Field::FilingDeadline, are_deadlines);
    found.only(Field::TimeZone, |values| share(values, is_zone) >= NEARLY_ALL);
    found.only(Field::State, |values| share(values, is_state) >= NEARLY_ALL);
    found.only(Field::Language, are_languages);
    found.only(Field::Channel, |values| share(values, is_channel) >= NEARLY_ALL);
    found.only(Field::Amount, |values| share(values, has_cents) >= NEARLY_ALL);
    found.only(Field::FullName, are_names);
    found.ids();
    found.fields
}

/// The columns while fields are given to them.
struct Found<'a> {
    columns: &'a [&'a [String]],
    fields: Vec<Option<Field>>,
}

impl Found<'_> {
    /// Columns of that kind that have no field.
    fn all(&self, is: impl Fn(&[String]) -> bool) -> Vec<usize> {
        let free = self.columns.iter().zip(&self.fields).enumerate();
        free.filter(|(_, (values, field))| field.is_none() && !values.is_empty() && is(values))
            .map(|(index, _)| index)
            .collect()
    }

    fn give(&mut self, field: Field, index: Option<usize>) {
        if self.fields.contains(&Some(field)) {
            return;
        }
        if let Some(place) = index.and_then(|index| self.fields.get_mut(index)) {
            *place = Some(field);
        }
    }

    fn first(&mut self, field: Field, is: impl Fn(&[String]) -> bool) {
        let index = self.all(is).first().copied();
        self.give(field, index);
    }

    fn only(&mut self, field: Field, is: impl Fn(&[String]) -> bool) {
        if let [index] = self.all(is)[..] {
            self.give(field, Some(index));
        }
    }

    /// A transaction's id is another in nearly every row; a citizen who tried again comes with the same account again. One
    /// column of ids of which no two are the same could be either.
    fn ids(&mut self) {
        let ids = self.all(are_ids);
        let values = |index: &usize| self.columns.get(*index).copied().unwrap_or_default();
        let (once, again): (Vec<usize>, Vec<usize>) = ids
            .iter()
            .partition(|index| distinct(values(index)) >= NEARLY_ALL);
        if let [account] = again[..] {
            self.give(Field::AccountId, Some(account));
            if let [transaction] = once[..] {
                self.give(Field::TransactionId, Some(transaction));
            }
        }
    }
}

fn is_email(value: &str) -> bool {
    Email::read(value).is_some()
}

fn is_written_moment(value: &str) -> bool {
    !cell::is_digits(value) && is_moment(value)
}

pub(super) fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let bare = digits == value.len() && !super::meaning::begins_with_a_date(value);
    (digits >= 10 && bare && Phone::read(value).is_some()) || super::meaning::is_written_phone(value)
}

/// Few days, each of which comes again.
fn are_deadlines(values: &[String]) -> bool {
    let calendar = Calendar::new(Zone::utc());
    let is_day =
        |value: &str| !cell::is_digits(value) && !is_moment(value) && calendar.read_date(value).is_some();
    values.len() >= ENOUGH && different(values) <= DEADLINES && share(values, is_day) >= NEARLY_ALL
}

fn is_zone(value: &str) -> bool {
    value.contains('/') && value.parse::<Zones>().is_ok_and(|zones| !zones.is_unknown())
}

/// The code of a state; `US` is the country.
fn is_state(value: &str) -> bool {
    let code = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    code && value != "US" && !place::by_state(value).is_unknown()
}

/// With English or Spanish among them: two letters alone may mean anything.
fn are_languages(values: &[String]) -> bool {
    let code = |value: &str| value.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let listed = |value: &str| LANGUAGES.split(' ').any(|listed| listed == code(value));
    let ours = |value: &String| matches!(code(value).as_str(), "en" | "es");
    share(values, listed) >= NEARLY_ALL && values.iter().any(ours)
}

fn is_channel(value: &str) -> bool {
    CHANNELS
        .split(' ')
        .any(|listed| value.eq_ignore_ascii_case(listed))
}

/// An amount that is no whole number: those could be cents, postal codes, or anything that is counted.
fn has_cents(value: &str) -> bool {
    let decimals = value
        .trim_end_matches([')', ' ', '$', '€'])
        .rsplit_once(['.', ',']);
    let two = |(_, cents): (&str, &str)| cents.len() == 2 && cell::is_digits(cents);
    decimals.is_some_and(two) && is_amount(value)
}

/// Two words or more, letters alone, and as a rule another in every row.
fn are_names(values: &[String]) -> bool {
    let word = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | ','))
    };
    let is_name = |value: &str| {
        let words = value.split_whitespace();
        (2..6).contains(&words.clone().count()) && words.clone().all(word)
    };
    values.len() >= ENOUGH && distinct(values) >= 0.5 && share(values, is_name) >= NEARLY_ALL
}

/// Digits, mostly of one shape (`T-1000001`), many different. Digits alone have to be many, and as many in each.
fn are_ids(values: &[String]) -> bool {
    let mark = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#');
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    let is_id =
        |value: &str| (4..=40).contains(&value.len()) && digits(value) >= 3 && value.chars().all(mark);
    let bare = share(values, cell::is_digits) > 0.5;
    let long = |value: &str| digits(value) >= 6;
    values.len() >= ENOUGH
        && distinct(values) >= 0.25
        && share(values, is_id) >= MOST
        && !values.iter().any(|value| has_cents(value))
        && match bare {
            true => usual_shape(values) >= NEARLY_ALL && share(values, long) >= NEARLY_ALL,
            false => usual_shape(values) >= MOST,
        }
}

/// How large a share of the values has the most usual shape: letters and digits in the same places.
fn usual_shape(values: &[String]) -> f64 {
    let shape = |value: &String| -> String {
        let place = |c: char| match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_alphabetic() => 'A',
            c => c,
        };
        value.chars().map(place).collect()
    };
    let mut shapes: Vec<String> = values.iter().map(shape).collect();
    shapes.sort_unstable();
    let most = shapes
        .chunk_by(|one, other| one == other)
        .map(<[String]>::len)
        .max();
    most.unwrap_or_default() as f64 / values.len().max(1) as f64
}

fn different(values: &[String]) -> usize {
    values.iter().collect::<BTreeSet<_>>().len()
}

/// How many different values there are for each value.
fn distinct(values: &[String]) -> f64 {
    different(values) as f64 / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(columns: &[&[&str]]) -> Vec<Option<Field>> {
        let owned: Vec<Vec<String>> = columns
            .iter()
            .map(|values| values.iter().map(|value| (*value).to_owned()).collect())
            .collect();
        let values: Vec<&[String]> = owned.iter().map(Vec::as_slice).collect();
        fields(&values)
    }

    #[test]
    fn the_columns_of_a_usual_export_are_known_without_their_names() {
        let columns: [&[&str]; 13] = [
            &["PAY-00001", "PAY-00002", "PAY-00003", "PAY-00004", "PAY-00005"],
            &[
                "2026-04-15",
                "2026-04-15",
                "2026-04-15",
                "2026-04-15",
                "2026-04-15",
            ],
            &[
                "2026-04-15 18:41",
                "2026-04-15 18:42",
                "2026-04-15 18:43",
                "2026-04-15 18:44",
                "2026-04-15 18:45",
            ],
            &["T-1000001", "T-1000001", "T-1000002", "t-1000003", "T-1000002"],
            &["Ann Ruiz", "Ann Ruiz", "Bo O’Neil", "Díaz, Cy", "Dee Van Horn"],
            &[
                "a@example.com",
                "b@example.com",
                "",
                "c@example.com",
                "d@example.com",
            ],
            &[
                "303-555-0101",
                "303-555-0102",
                "303-555-0103",
                "303-555-0104",
                "303-555-0105",
            ],
            &[
                "(719) 555-0101",
                "719-555-0102",
                "719-555-0103",
                "719-555-0104",
                "719-555-0105",
            ],
            &["250.00", "$1,250.00", "19.90", "8.00", "250.00"],
            &["web", "IVR", "web", "mobile", "web"],
            &["en", "es-MX", "vi", "en", "en"],
            &["CO", "CO", "UT", "WY", "CO"],
            &[
                "America/Denver",
                "America/Denver",
                "America/Boise",
                "America/Denver",
                "America/Denver",
            ],
        ];
        let fields = guessed(&columns);
        let expected = [
            Field::TransactionId,
            Field::FilingDeadline,
            Field::Timestamp,
            Field::AccountId,
            Field::FullName,
            Field::Email,
            Field::Phone,
            Field::Phone2,
            Field::Amount,
            Field::Channel,
            Field::Language,
            Field::State,
            Field::TimeZone,
        ];
        assert_eq!(fields, expected.map(Some));
    }

    #[test]
    fn accounts_are_known_though_some_were_written_carelessly() {
        let payments = [
            "P-001", "P-002", "P-003", "P-004", "P-005", "P-006", "P-007", "P-008", "P-009",
        ];
        let accounts = [
            "T-1000001",
            "t-1000001",
            "T-1000001",
            "123",
            "0000123",
            "T-1000002",
            "T-1000002",
            "T-1000004",
            "T-1000005",
        ];
        assert_eq!(
            guessed(&[&payments, &accounts]),
            [Some(Field::TransactionId), Some(Field::AccountId)]
        );
    }

    /// What breaks it: a guess where a person would have to ask.
    #[test]
    fn what_could_be_several_things_is_left_to_a_person() {
        let none = |columns: &[&[&str]]| assert!(guessed(columns).iter().all(Option::is_none), "{columns:?}");
        // Postal codes, and whole numbers that may be cents or anything that is counted.
        none(&[
            &["80202", "80203", "01970", "80204-1234", "80205"],
            &["128400", "31250", "990", "7", "52000"],
        ]);
        // Two amounts: which of them failed?
        none(&[
            &["250.00", "19.90", "8.00", "7.50"],
            &["2.50", "1.99", "0.80", "0.75"],
        ]);
        // Ids of which no two are the same are a payment's or a citizen's.
        none(&[&["A-10001", "A-10002", "A-10003", "A-10004"]]);
        none(&[
            &["A-10001", "A-10002", "A-10003", "A-10004"],
            &["T-90001", "T-90002", "T-90003", "T-90004"],
        ]);
        // Kinds of tax are words too; countries are no states.
        none(&[&[
            "Individual Income",
            "Sales And Use",
            "Individual Income",
            "Sales And Use",
            "Sales And Use",
        ]]);
        none(&[&["US", "US", "US", "US"]]);
        // Codes of what failed come again and again.
        none(&[&[
            "ERR-504", "ERR-504", "ERR-091", "ERR-504", "ERR-504", "ERR-504", "ERR-091", "ERR-504", "ERR-504",
        ]]);
    }
}
