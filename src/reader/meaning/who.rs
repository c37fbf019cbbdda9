//! Who the records are about: the account by its format, and what is asked because it would part or join people otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Trial};
use super::names::Names;
use super::nobody::{is_of_others, is_shared, stands_for_nobody};
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
use crate::domain::account::AccountId;
use crate::domain::field::Field;
use crate::domain::identity::Traits;
use crate::domain::reading::Row;
use crate::domain::transaction::Rejection;

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
        .filter(|column| !stands_for_nobody(draft, *column) && !is_shared(draft, *column))
        .filter(|column| !is_of_others(draft, *column))
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

/// An answer, with the people that it makes.
fn counted(answer: String, flag: String, trial: &Trial) -> Choice {
    Choice {
        answer,
        flag,
        consequence: format!("{} people in the outage", trial.people()),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    }
}

/// Which of two columns in the format of accounts tells people apart.
fn ask(draft: &mut Draft<'_>, rival: usize, best: usize) {
    let choice = |column: usize| {
        let trial = draft.trial(
            &draft.fields_with(column, Some(Field::AccountId)),
            draft.terms.clone(),
        );
        counted(
            format!("{} is the account", draft.shown(column)),
            flag("--map", &format!("account_id={}", draft.header(column))),
            &trial,
        )
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
    let no = counted(
        format!("{} says nothing about people", draft.shown(column)),
        flag("--ignore", &header),
        &then,
    );
    let yes = counted(
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
    let account = |value: &String| {
        let read = draft.around.accounts.read(value);
        read.map_or_else(|| value.clone(), AccountId::into_string)
    };
    let mut accounts: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (value, person) in draft.cells(column).iter().zip(people(draft)) {
        if let Some(person) = person.filter(|_| !value.is_empty()) {
            accounts.entry(person).or_default().push(account(value));
        }
    }
    let several: Vec<_> = accounts.values().filter(|accounts| accounts.len() > 1).collect();
    let each_another =
        |accounts: &Vec<String>| accounts.iter().collect::<BTreeSet<_>>().len() == accounts.len();
    let parted = several.iter().filter(|accounts| each_another(accounts)).count();
    parted > 0 && parted * 2 >= several.len()
}

/// Whom each row is about by name and address, or number where no address is used; none: it has neither.
fn people(draft: &Draft<'_>) -> Vec<Option<(String, String)>> {
    let contact = draft
        .column_of(Field::Email)
        .or_else(|| draft.column_of(Field::Phone));
    let names = Names::of(draft);
    let of_row = |(row, (name, _)): (usize, &(String, String))| {
        let contact = contact.and_then(|column| draft.cells(column).get(row));
        match contact {
            Some(contact) if contact.is_empty() => None,
            None if name.is_empty() => None,
            contact => Some((name.clone(), contact.cloned().unwrap_or_default())),
        }
    };
    names.0.iter().enumerate().map(of_row).collect()
}

/// Why a column that nobody uses may say who is who.
enum Hint {
    /// It differs between people of other names who share an address or a number.
    TellsNames,
    /// In some rows nothing else says whose they are.
    AloneSays,
    /// It is one for each person, and would part or join people otherwise.
    Regroups,
}

/// Asks about a column that nobody uses if it would part or join people otherwise than the columns that are used.
pub(super) fn ask_who_is_who(draft: &mut Draft<'_>) {
    if draft.holds(Field::AccountId) || !stands(Variant::JoinsNotAsked) {
        return;
    }
    let now = draft.as_it_stands();
    let names = Names::of(draft);
    let (mixed, nobodys, people) = (mixed_rows(draft, &names), nobodys_rows(draft), people(draft));
    let hint = |column: usize| {
        let numbers = numbers_people(draft.cells(column), &people);
        let with = || {
            draft.trial(
                &draft.fields_with(column, Some(Field::AccountId)),
                draft.terms.clone(),
            )
        };
        match () {
            _ if !may_be_of_people(draft, column, numbers) || !are_ids(draft, column) => None,
            _ if !mixed.is_empty() && parts(draft.cells(column), &mixed, &names) => Some(Hint::TellsNames),
            _ if says_whose(draft, column, &nobodys) => Some(Hint::AloneSays),
            _ if numbers && with().groups() != now.groups() => Some(Hint::Regroups),
            _ => None,
        }
    };
    let open = draft.open_columns().into_iter();
    let Some((column, hint)) = open
        .map(|column| (column, hint(column)))
        .find_map(|(column, hint)| Some((column, hint?)))
    else {
        return;
    };
    let header = draft.header(column).to_owned();
    let then = draft.trial(
        &draft.fields_with(column, Some(Field::AccountId)),
        draft.terms.clone(),
    );
    let yes = counted(
        format!("{header} tells them apart"),
        flag("--map", &format!("account_id={header}")),
        &then,
    );
    let no = counted(
        format!("{header} says nothing about people"),
        flag("--ignore", &header),
        &now,
    );
    let why = match hint {
        Hint::TellsNames => format!(
            "People of different names share an address or a number; {header:?} differs between them."
        ),
        Hint::AloneSays => format!("In some rows nothing but {header:?} says whose they are."),
        Hint::Regroups => format!(
            "{header:?} is one for each person, and would tell them apart otherwise than their addresses and numbers do."
        ),
    };
    draft
        .questions
        .push(Question::new(About::Identity, &header, why, (vec![yes, no], 0)));
}

/// Whether nobody uses a column and its header lets it number people; *Client Code* does, though it is called a code.
fn may_be_of_people(draft: &Draft<'_>, column: usize, numbers: bool) -> bool {
    let header = draft.header(column);
    let of_person = words::is_of_person(header);
    let free = draft.field(column).is_none() || of_person && draft.field(column) == Some(Field::ErrorCode);
    free && !words::is_foreign(header) && (of_person || !words::is_reference(header) || numbers)
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

/// Rows that would be rejected because they say nothing of anybody.
fn nobodys_rows(draft: &Draft<'_>) -> Vec<usize> {
    let rows = draft.rows(&draft.fields(), draft.terms.clone());
    let is_nobodys = |row: &Row| row.rejection() == Some(&Rejection::NoIdentity);
    let all = rows.iter().enumerate();
    all.filter(|(_, row)| is_nobodys(row)).map(|(at, _)| at).collect()
}

/// Whether a column is filled in all of these rows, and some of its values stand in several rows, as a person's do.
fn says_whose(draft: &Draft<'_>, column: usize, rows: &[usize]) -> bool {
    let cells = draft.cells(column);
    let is_filled = |row: &usize| cells.get(*row).is_some_and(|cell| !cell.is_empty());
    !rows.is_empty() && rows.iter().all(is_filled) && draft.different(column) < draft.values(column).count()
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
