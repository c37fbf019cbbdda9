//! A column that nobody uses and that may say who is who: it is asked about if it would part or join people otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::names::Names;
use super::phone::begins_with_a_date;
use super::question::{About, Question};
use super::switch::stands;
use super::who::people;
use super::{agreement, answer, words};
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::identity::Traits;

/// Why a column that nobody uses may say who is who.
enum Hint {
    /// It differs between people of other names who share an address or a number.
    TellsNames,
    /// It is one for each person, and would part or join people otherwise.
    Regroups,
}

/// Asks about a column that nobody uses if it would part or join people otherwise than the columns that are used.
pub(super) fn ask_about_unused(draft: &mut Draft<'_>) {
    if draft.holds(Field::AccountId) || !stands(Variant::JoinsNotAsked) {
        return;
    }
    let Some((column, hint)) = found(draft) else {
        return;
    };
    let shown = draft.shown(column);
    let yes = answer::holds(
        draft,
        column,
        Field::AccountId,
        format!("{shown} tells them apart"),
    );
    let no = answer::is_not_read(draft, column, format!("{shown} says nothing about people"));
    let why = match hint {
        Hint::TellsNames => {
            format!("People of different names share an address or a number; {shown:?} differs between them.")
        }
        Hint::Regroups => format!(
            "{shown:?} is one for each person, and would tell them apart otherwise than their addresses and numbers do."
        ),
    };
    let question = Question::new(About::Identity, draft.header(column), why, (vec![yes, no], 0));
    draft.questions.push(question);
}

/// The first column of its kind, references last.
fn found(draft: &Draft<'_>) -> Option<(usize, Hint)> {
    let now = draft.as_it_stands().groups();
    let names = Names::of(draft);
    let (mixed, people) = (mixed_rows(draft, &names), people(draft));
    let hint = |column: usize| {
        let cells = draft.cells(column);
        let numbers = numbers_people(cells, &people) || agreement::agrees(draft, column);
        let divides = || divides_people(cells, &people);
        let with = || {
            let fields = draft.fields_with(column, Some(Field::AccountId));
            draft.trial(&fields, draft.terms.clone())
        };
        let header = draft.header(column);
        match () {
            () if !is_free(draft, column) || !are_ids(draft, column) => None,
            () if !(numbers || may_be_of_people(header) || words::is_any_reference(header) && divides()) => {
                None
            }
            () if !mixed.is_empty() && parts(cells, &mixed, &names) => Some(Hint::TellsNames),
            () if (numbers || divides()) && with().groups() != now => Some(Hint::Regroups),
            () => None,
        }
    };
    let mut open = draft.open_columns();
    open.sort_by_key(|column| words::is_reference(draft.header(*column)));
    open.into_iter().find_map(|column| Some((column, hint(column)?)))
}

/// Whether nobody uses a column that could be the citizen's; *Client Code* is free, though it is called a code.
pub(super) fn is_free(draft: &Draft<'_>, column: usize) -> bool {
    let header = draft.header(column);
    let is_code_of_person = words::is_of_person(header) && draft.field(column) == Some(Field::ErrorCode);
    (draft.field(column).is_none() || is_code_of_person) && !words::is_foreign(header)
}

/// Whether its header lets a column number people.
fn may_be_of_people(header: &str) -> bool {
    words::is_of_person(header) || !words::is_reference(header)
}

/// Whether most people with several rows have one value in all of them, and most values stand for one person: at least two such
/// people.
fn numbers_people(cells: &[String], people: &[Option<(String, String)>]) -> bool {
    let mut of_person: BTreeMap<&(String, String), Vec<&str>> = BTreeMap::new();
    let mut of_value: BTreeMap<&str, BTreeSet<&(String, String)>> = BTreeMap::new();
    for (value, person) in cells.iter().zip(people) {
        if let Some(person) = person.as_ref().filter(|_| !value.is_empty()) {
            of_person.entry(person).or_default().push(value);
            of_value.entry(value).or_default().insert(person);
        }
    }
    let several: Vec<_> = of_person.values().filter(|values| values.len() > 1).collect();
    let is_one = |values: &&&Vec<&str>| values.iter().all(|value| Some(value) == values.first());
    let ones = several.iter().filter(is_one).count();
    let shared = of_value.values().filter(|people| people.len() > 1).count();
    ones > 1 && ones * 5 >= several.len() * 4 && shared * 5 <= of_value.len()
}

/// Whether each value stands for one person, and two at least in several rows: it may be that of each in a family of one address.
fn divides_people(cells: &[String], people: &[Option<(String, String)>]) -> bool {
    let mut rows: BTreeMap<&str, Vec<&(String, String)>> = BTreeMap::new();
    for (value, person) in cells.iter().zip(people) {
        if let Some(person) = person.as_ref().filter(|_| !value.is_empty()) {
            rows.entry(value).or_default().push(person);
        }
    }
    let is_one = |people: &Vec<&(String, String)>| people.iter().all(|person| Some(person) == people.first());
    rows.values().all(is_one) && rows.values().filter(|people| people.len() > 1).count() > 1
}

/// Rows of citizens who have several names, by citizen.
fn mixed_rows(draft: &Draft<'_>, names: &Names) -> Vec<Vec<usize>> {
    let mut rows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in draft
        .rows(&draft.fields(), draft.terms.clone())
        .iter()
        .enumerate()
    {
        if let Some(found) = row.transaction() {
            let key = Traits::of(found).own_key().into_string();
            rows.entry(key).or_default().push(at);
        }
    }
    let mixed = |rows: &Vec<usize>| {
        let all: BTreeSet<&str> = rows
            .iter()
            .filter_map(|row| names.0.get(*row))
            .map(|(name, _)| name.as_str())
            .collect();
        all.len() > 1
    };
    rows.into_values().filter(mixed).collect()
}

/// Whether no value stands over two names of the same citizen.
fn parts(cells: &[String], mixed: &[Vec<usize>], names: &Names) -> bool {
    mixed.iter().all(|rows| {
        let mut of_value: BTreeMap<&str, &str> = BTreeMap::new();
        rows.iter().all(|row| {
            let (value, name) = (cells.get(*row), names.0.get(*row).map(|(name, _)| name.as_str()));
            let (Some(value), Some(name)) = (value.filter(|value| !value.is_empty()), name) else {
                return false;
            };
            *of_value.entry(value).or_insert(name) == name
        })
    })
}

/// Whether the values could be ids of people: a few letters and digits, no dates, no amounts.
pub(super) fn are_ids(draft: &Draft<'_>, column: usize) -> bool {
    let mark = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#');
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    let is_id = |value: &str| {
        (3..=40).contains(&value.len())
            && digits(value) >= 3
            && value.chars().all(mark)
            && !is_written_amount(value)
            && !begins_with_a_date(value)
    };
    draft.share(column, is_id) > 0.9
        && draft.share(column, |value| {
            draft.around.accounts.is_any() || draft.around.accounts.read(value).is_some()
        }) > 0.5
}

/// Whether a value is written as amounts are: digits, and two more behind a point.
fn is_written_amount(value: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    value
        .rsplit_once('.')
        .is_some_and(|(whole, cents)| cents.len() == 2 && digits(cents) && digits(whole))
}
