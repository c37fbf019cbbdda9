//! Who the records are about: columns that stand for nobody, the account by its format, and a column that would tell people
//! apart otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::{Guard, stands};
use super::words;
use crate::domain::field::Field;
use crate::domain::identity::Traits;
use crate::domain::person_name;

/// Fields by which people are known or reached.
const IDENTITY: [Field; 4] = [Field::AccountId, Field::Email, Field::Phone, Field::Phone2];
/// Most different values of a column that may stand for nobody, and how many times as many people there are then at least.
const FEW: usize = 3;
const TIMES: usize = 3;

/// The names in the records: folded as a whole, and the family's.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(draft: &Draft<'_>) -> Self {
        let cell = |field, row: usize| {
            let column = draft.column_of(field)?;
            draft.cells(column).get(row).map(String::as_str)
        };
        let name = |row| {
            let full = cell(Field::FullName, row).filter(|_| !draft.holds(Field::FamilyName));
            let (given, family) = match full {
                Some(full) => person_name::parts(full),
                None => (
                    cell(Field::GivenName, row).unwrap_or_default(),
                    cell(Field::FamilyName, row).unwrap_or_default(),
                ),
            };
            let last = match family.is_empty() {
                true => given.rsplit(' ').next().unwrap_or_default(),
                false => family,
            };
            (person_name::folded(given, family), person_name::folded(last, ""))
        };
        Self((0..draft.records.len()).map(name).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|(name, _)| name.is_empty())
    }
}

/// Whether one value, or a very few, stand over people of different names: the agency's own address, a constant account.
/// Without names, over people who differ in every other way.
pub(super) fn stands_for_nobody(draft: &Draft<'_>, column: usize) -> bool {
    if !stands(Guard::Shared) {
        return false;
    }
    let names = Names::of(draft);
    let different = draft.different(column);
    let rows = draft
        .cells(column)
        .iter()
        .zip(&names.0)
        .filter(|(value, _)| !value.is_empty());
    if names.is_empty() {
        return different == 1 && other_people(draft, column) >= TIMES;
    }
    let (mut people, mut families) = (BTreeSet::new(), BTreeSet::new());
    for (_, (name, family)) in rows.filter(|(_, (name, _))| !name.is_empty()) {
        people.insert(name);
        families.insert(family);
    }
    match different {
        1 => families.len() > 1,
        2..=FEW => families.len() > different && people.len() >= different * TIMES,
        _ => false,
    }
}

/// Whether most of a column's values stand over several names, as a clerk's address does: people rarely share theirs.
pub(super) fn is_shared(draft: &Draft<'_>, column: usize) -> bool {
    let names = Names::of(draft);
    let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (value, (name, family)) in draft.cells(column).iter().zip(&names.0) {
        if !value.is_empty() && !name.is_empty() {
            people.entry(value).or_default().insert(family);
        }
    }
    let shared = people.values().filter(|families| families.len() > 1).count();
    stands(Guard::Shared) && shared * 2 > people.len()
}

/// How many people the other identities tell apart.
fn other_people(draft: &Draft<'_>, column: usize) -> usize {
    let others = IDENTITY.into_iter().filter_map(|field| draft.column_of(field));
    others
        .filter(|other| *other != column)
        .map(|other| draft.different(other))
        .max()
        .unwrap_or(0)
}

/// Takes identity from columns that stand for nobody.
pub(super) fn leave_out_nobody(draft: &mut Draft<'_>) {
    for field in IDENTITY {
        let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) else {
            continue;
        };
        if stands_for_nobody(draft, column) {
            draft.give(column, None, true);
            let why = format!(
                "One value stands over people of different names, so it is nobody's {}.",
                said(field)
            );
            draft.settle(About::Identity, column, why);
        }
    }
}

fn said(field: Field) -> &'static str {
    match field {
        Field::AccountId => "account",
        Field::Email => "e-mail address",
        _ => "phone number",
    }
}

/// Gives the account to the column that is written in its format, whatever its header says.
pub(super) fn account_by_format(draft: &mut Draft<'_>) {
    if draft.is_said(Field::AccountId) || !stands(Guard::AccountFormat) {
        return;
    }
    let fits = |draft: &Draft<'_>, column: usize| {
        draft.share(column, |value| draft.around.accounts.is_in_full(value)) > 0.5
    };
    let unsaid = draft.unsaid_columns().into_iter();
    let found: Vec<usize> = unsaid
        .filter(|column| draft.values(*column).next().is_some() && fits(draft, *column))
        .filter(|column| !stands_for_nobody(draft, *column))
        .collect();
    let current = draft.column_of(Field::AccountId);
    let Some(best) = found.iter().copied().min_by_key(|column| {
        (
            Some(*column) != current,
            words::is_foreign(draft.header(*column)),
            *column,
        )
    }) else {
        return;
    };
    if current != Some(best) {
        draft.give(best, Some(Field::AccountId), true);
        let why = "Its values are written as the outage's account ids are.".to_owned();
        draft.settle(About::Identity, best, why);
    }
    let rivals: Vec<usize> = found.into_iter().filter(|column| *column != best).collect();
    for rival in rivals {
        if !words::is_foreign(draft.header(rival)) && draft.cells(rival) != draft.cells(best) {
            ask(draft, rival, best);
            return;
        }
    }
}

/// Which of two columns in the format of accounts tells people apart.
fn ask(draft: &mut Draft<'_>, rival: usize, best: usize) {
    let choice = |column: usize| {
        let trial = draft.trial(
            &draft.fields_with(column, Some(Field::AccountId)),
            draft.terms.clone(),
        );
        Choice {
            answer: format!("{} is the account", draft.shown(column)),
            flag: flag("--map", &format!("account_id={}", draft.header(column))),
            consequence: format!("{} people in the outage", trial.people()),
            rows_in_outage: Some(trial.inside()),
            people: Some(trial.people()),
        }
    };
    let choices = vec![choice(best), choice(rival)];
    let why = format!(
        "Two columns are written as account ids are, {:?} and {:?}, and they differ: {:?} and {:?}.",
        draft.shown(best),
        draft.shown(rival),
        draft.values(best).next().unwrap_or_default(),
        draft.values(rival).next().unwrap_or_default(),
    );
    let question = Question::new(About::Identity, draft.header(best), why, (choices, 0));
    draft.questions.push(question);
}

/// Asks about a column that nobody uses if it tells people of one address or number apart by their names.
pub(super) fn ask_who_is_who(draft: &mut Draft<'_>) {
    if draft.holds(Field::AccountId) || !stands(Guard::Partition) {
        return;
    }
    let names = Names::of(draft);
    let mixed = mixed_rows(draft, &names);
    if mixed.is_empty() {
        return;
    }
    let open: Vec<usize> = draft
        .open_columns()
        .into_iter()
        .filter(|column| draft.field(*column).is_none())
        .collect();
    let parting = open.into_iter().find(|column| {
        !words::is_foreign(draft.header(*column))
            && !words::is_reference(draft.header(*column))
            && are_ids(draft, *column)
            && parts(draft.cells(*column), &mixed, &names)
    });
    let Some(column) = parting else { return };
    let header = draft.header(column).to_owned();
    let now = draft.as_it_stands();
    let then = draft.trial(
        &draft.fields_with(column, Some(Field::AccountId)),
        draft.terms.clone(),
    );
    let choice = |answer: String, flag: String, trial: &super::draft::Trial| Choice {
        answer,
        flag,
        consequence: format!("{} people in the outage", trial.people()),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    };
    let yes = choice(
        format!("{header} tells them apart"),
        flag("--map", &format!("account_id={header}")),
        &then,
    );
    let no = choice(
        format!("{header} says nothing about people"),
        flag("--ignore", &header),
        &now,
    );
    let why =
        format!("People of different names share an address or a number; {header:?} differs between them.");
    draft
        .questions
        .push(Question::new(About::Identity, &header, why, (vec![yes, no], 0)));
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
fn are_ids(draft: &Draft<'_>, column: usize) -> bool {
    let mark = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#');
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    let is_id = |value: &str| {
        (3..=40).contains(&value.len())
            && digits(value) >= 3
            && value.chars().all(mark)
            && !super::phone::begins_with_a_date(value)
    };
    draft.share(column, is_id) > 0.9
        && draft.share(column, |value| {
            draft.around.accounts.is_any() || draft.around.accounts.read(value).is_some()
        }) > 0.5
}
