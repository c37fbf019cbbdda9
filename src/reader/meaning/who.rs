//! Who the records are about: columns that stand for nobody, the account by its format, and a column that would tell people
//! apart otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
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

    /// Where a file has no names, another column by which people are known tells them apart.
    fn or_other_people(draft: &Draft<'_>, column: usize) -> Self {
        let names = Self::of(draft);
        let is_name = matches!(
            draft.field(column),
            Some(Field::FullName | Field::GivenName | Field::FamilyName)
        );
        match (names.is_empty() || is_name)
            .then(|| others(draft, column))
            .flatten()
        {
            Some(other) => Self(
                draft
                    .cells(other)
                    .iter()
                    .map(|cell| (cell.clone(), cell.clone()))
                    .collect(),
            ),
            None => names,
        }
    }
}

/// The other column that tells most people apart, of those that are, or are called, an identity.
fn others(draft: &Draft<'_>, column: usize) -> Option<usize> {
    let is_identity = |other: &usize| {
        let named = draft.named(*other).map(|(field, _)| field);
        let fields = [draft.field(*other), named];
        fields
            .into_iter()
            .flatten()
            .any(|field| IDENTITY.contains(&field))
    };
    let all = (0..draft.columns.len()).filter(|other| *other != column);
    all.filter(is_identity)
        .filter(|other| !super::phone::count_upwards(draft, *other))
        .max_by_key(|other| (draft.different(*other), std::cmp::Reverse(*other)))
}

/// Whether one value, or a very few, stand over people of different names: the agency's own address, a constant account.
/// Without names, over people who differ in every other way.
pub(super) fn stands_for_nobody(draft: &Draft<'_>, column: usize) -> bool {
    if !stands(Variant::ConstantIdentity) {
        return false;
    }
    let names = Names::or_other_people(draft, column);
    let different = draft.different(column);
    let rows = draft
        .cells(column)
        .iter()
        .zip(&names.0)
        .filter(|(value, _)| !value.is_empty());
    if names.is_empty() {
        return false;
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
    let names = Names::or_other_people(draft, column);
    let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (value, (name, family)) in draft.cells(column).iter().zip(&names.0) {
        if !value.is_empty() && !name.is_empty() {
            people.entry(value).or_default().insert(family);
        }
    }
    let shared = people.values().filter(|families| families.len() > 1).count();
    stands(Variant::ConstantIdentity) && shared * 2 > people.len()
}

/// Takes identity, and names, from columns that stand for nobody, and gives it to another that is called so.
pub(super) fn leave_out_nobody(draft: &mut Draft<'_>) {
    let names = [Field::FullName, Field::GivenName, Field::FamilyName];
    for field in IDENTITY.into_iter().chain(names) {
        while let Some(column) = draft.column_of(field).filter(|column| !draft.is_chosen(*column)) {
            let is_nobody = stands_for_nobody(draft, column)
                || (IDENTITY.contains(&field) && is_shared(draft, column))
                || (IDENTITY.contains(&field) && is_of_others(draft, column));
            if !is_nobody {
                break;
            }
            draft.give(column, None, true);
            let why = format!(
                "Its values stand over different people, so it is nobody's {}.",
                said(field)
            );
            draft.settle(About::Identity, column, why);
            let Some(next) = next_named(draft, field, column) else {
                break;
            };
            draft.give(next, Some(field), true);
        }
    }
}

/// Whether a header speaks of somebody else than the citizen; a merchant's reference may be the account.
fn is_of_others(draft: &Draft<'_>, column: usize) -> bool {
    let header = draft.header(column);
    let foreign = match draft.field(column) {
        Some(Field::Email | Field::Phone | Field::Phone2) => words::is_foreign(header),
        _ => words::is_of_others(header),
    };
    stands(Variant::ConstantIdentity) && foreign
}

/// Another column that is called so, behind the one that was left out.
fn next_named(draft: &Draft<'_>, field: Field, last: usize) -> Option<usize> {
    let is_called = |column: &usize| draft.named(*column).is_some_and(|(named, _)| named == field);
    let free = |column: &usize| draft.field(*column).is_none() && *column != last;
    let left = |column: &usize| {
        let shown = draft.shown(*column);
        !draft.settled.iter().any(|settled| settled.column == shown)
    };
    let open = draft.open_columns().into_iter();
    open.filter(is_called)
        .filter(free)
        .find(|column| left(column) && draft.values(*column).next().is_some())
}

fn said(field: Field) -> &'static str {
    match field {
        Field::AccountId => "account",
        Field::Email => "e-mail address",
        Field::FullName | Field::GivenName | Field::FamilyName => "name",
        _ => "phone number",
    }
}

/// Gives the account to the column that is written in its format, whatever its header says.
pub(super) fn account_by_format(draft: &mut Draft<'_>) {
    if draft.is_said(Field::AccountId) || !stands(Variant::AccountByName) {
        return;
    }
    let fits = |draft: &Draft<'_>, column: usize| {
        draft.share(column, |value| draft.around.accounts.is_in_full(value)) > 0.5
    };
    let unsaid = draft.unsaid_columns().into_iter();
    let found: Vec<usize> = unsaid
        .filter(|column| draft.values(*column).next().is_some() && fits(draft, *column))
        .filter(|column| !stands_for_nobody(draft, *column) && !is_of_others(draft, *column))
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

/// Asks about an account that is called so and is not written as one, if it tells one person's payments apart: it may count rows.
pub(super) fn ask_whether_account(draft: &mut Draft<'_>) {
    let Some(column) = draft
        .column_of(Field::AccountId)
        .filter(|column| !draft.is_chosen(*column) && stands(Variant::JoinsNotAsked))
    else {
        return;
    };
    let in_full = draft.share(column, |value| draft.around.accounts.is_in_full(value)) > 0.5;
    if in_full || !parts_one_person(draft, column) {
        return;
    }
    let header = draft.header(column).to_owned();
    let now = draft.as_it_stands();
    let then = draft.trial(&draft.fields_with(column, None), draft.terms.clone());
    let choice = |answer: String, flag: String, trial: &super::draft::Trial| Choice {
        answer,
        flag,
        consequence: format!("{} people in the outage", trial.people()),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    };
    let no = choice(
        format!("{} says nothing about people", draft.shown(column)),
        flag("--ignore", &header),
        &then,
    );
    let yes = choice(
        format!("{} is the account", draft.shown(column)),
        flag("--map", &format!("account_id={header}")),
        &now,
    );
    let why = format!(
        "{:?} is called an account, but differs from row to row, also for one person: {:?}.",
        draft.shown(column),
        draft.values(column).next().unwrap_or_default()
    );
    let question = Question::new(About::Identity, &header, why, (vec![no, yes], 0));
    draft.questions.push(question);
}

/// Whether most people with several rows, of one name and one address or number, have another account in each of them. One
/// account may be written in several ways.
fn parts_one_person(draft: &Draft<'_>, column: usize) -> bool {
    let names = Names::of(draft);
    let contact = draft
        .column_of(Field::Email)
        .or_else(|| draft.column_of(Field::Phone));
    let Some(contact) = contact else { return false };
    let account = |value: &str| {
        let read = draft.around.accounts.read(value);
        read.map_or_else(
            || value.to_owned(),
            crate::domain::account::AccountId::into_string,
        )
    };
    let mut accounts: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let rows = draft.cells(column).iter().zip(draft.cells(contact)).zip(&names.0);
    for ((value, contact), (name, _)) in rows {
        if !value.is_empty() && !contact.is_empty() {
            accounts.entry((contact, name)).or_default().push(account(value));
        }
    }
    let several: Vec<_> = accounts.values().filter(|accounts| accounts.len() > 1).collect();
    let each_another =
        |accounts: &Vec<String>| accounts.iter().collect::<BTreeSet<_>>().len() == accounts.len();
    let parted = several.iter().filter(|accounts| each_another(accounts)).count();
    parted > 0 && parted * 2 >= several.len()
}

/// Asks about a column that nobody uses if it tells people of one address or number apart by their names.
pub(super) fn ask_who_is_who(draft: &mut Draft<'_>) {
    if draft.holds(Field::AccountId) || !stands(Variant::JoinsNotAsked) {
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
