//! Who the records are about: the account by its format, and whether what is called an account is one.

use std::collections::{BTreeMap, BTreeSet};

use super::answer;
use super::draft::Draft;
use super::names::Names;
use super::nobody::{is_of_others, is_shared, stands_for_nobody};
use super::question::{About, Question};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
use crate::domain::account::AccountId;
use crate::domain::field::Field;

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

/// Which of two columns in the format of accounts tells people apart.
fn ask(draft: &mut Draft<'_>, rival: usize, best: usize) {
    let choice = |column: usize| {
        let answer = format!("{} is the account", draft.shown(column));
        answer::holds(draft, column, Field::AccountId, answer)
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
    let shown = draft.shown(column);
    let no = answer::is_not_read(draft, column, format!("{shown} says nothing about people"));
    let yes = answer::holds(draft, column, Field::AccountId, format!("{shown} is the account"));
    let why = format!(
        "{shown:?} is called an account, but differs from row to row, also for one person: {:?}.",
        draft.values(column).next().unwrap_or_default()
    );
    let question = Question::new(About::Identity, draft.header(column), why, (vec![no, yes], 0));
    draft.questions.push(question);
}

/// Accounts in the rows of each person; one account may be written in several ways.
fn accounts_of_people(draft: &Draft<'_>, column: usize) -> BTreeMap<(String, String), Vec<String>> {
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
    accounts
}

/// Whether an account stands over one person each, and each person of one name and one address or number has one account. Where
/// nothing else tells people apart nobody can say.
pub(super) fn is_one_for_each(draft: &Draft<'_>, column: usize) -> bool {
    let of_people = accounts_of_people(draft, column);
    let different: Vec<BTreeSet<&String>> = of_people.values().map(|all| all.iter().collect()).collect();
    let all: BTreeSet<&&String> = different.iter().flatten().collect();
    let is_one = |accounts: &BTreeSet<&String>| accounts.len() == 1;
    !different.is_empty() && different.iter().all(is_one) && all.len() == different.len()
}

/// Whether most people with several rows, of one name and one address or number, have another account in each of them.
fn parts_one_person(draft: &Draft<'_>, column: usize) -> bool {
    let accounts = accounts_of_people(draft, column);
    let several: Vec<_> = accounts.values().filter(|accounts| accounts.len() > 1).collect();
    let each_another =
        |accounts: &Vec<String>| accounts.iter().collect::<BTreeSet<_>>().len() == accounts.len();
    let parted = several.iter().filter(|accounts| each_another(accounts)).count();
    parted > 0 && parted * 2 >= several.len()
}

/// Whom each row is about by name and address, or number where no address is used; none: it has neither.
pub(super) fn people(draft: &Draft<'_>) -> Vec<Option<(String, String)>> {
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
