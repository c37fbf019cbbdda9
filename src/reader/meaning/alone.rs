//! Rows of which nothing in use says whose they are, while another column stands beside them: nobody is left out in silence.

use super::draft::Draft;
use super::names::{IDENTITY, Names};
use super::phone::{count_upwards, is_one, is_written_phone};
use super::question::{About, Question};
use super::switch::stands;
use super::{agreement, answer, nobody, unused, words};
use crate::broken::Variant;
use crate::domain::contact::Email;
use crate::domain::field::Field;
use crate::domain::reading::Row;
use crate::domain::transaction::Rejection;

/// A file of so many records is short.
const SHORT: usize = 20;

/// Asks about the column that alone may say whose some rows are; whether there is one.
pub(super) fn ask_who_alone_says(draft: &mut Draft<'_>) -> bool {
    if !stands(Variant::JoinsNotAsked) {
        return false;
    }
    let rows = nobodys_rows(draft);
    if rows.is_empty() {
        return false;
    }
    let mut open = draft.open_columns();
    open.retain(|column| {
        says_whose(draft, *column, &rows)
            && !is_of_several(draft, *column)
            && !agreement::is_contradicted(draft, *column)
    });
    open.sort_by_cached_key(|column| {
        let agrees = agreement::agrees(draft, *column);
        (
            words::is_reference(draft.header(*column)),
            !agrees,
            nobody::is_shared(draft, *column),
        )
    });
    let found = open
        .into_iter()
        .find_map(|column| Some((column, could_hold(draft, column)?)));
    let Some((column, field)) = found else {
        return false;
    };
    let shown = draft.shown(column);
    let noun = nobody::said(field);
    let yes = match field {
        Field::AccountId => format!("{shown} tells them apart"),
        _ => format!("{shown} is the citizen's {noun}"),
    };
    let yes = answer::holds(draft, column, field, yes);
    let no = answer::is_not_read(draft, column, format!("{shown} says nothing about people"));
    let why = format!("In some rows nothing but {shown:?} says whose they are.");
    let question = Question::new(About::Identity, draft.header(column), why, (vec![yes, no], 0));
    draft.questions.push(question);
    true
}

/// By what people would be known in a column that nobody uses.
fn could_hold(draft: &Draft<'_>, column: usize) -> Option<Field> {
    let named = draft.named(column).map(|(field, _)| field);
    let is_email = || draft.share(column, |value| Email::read(value).is_some()) > 0.5;
    let is_phone = || draft.share(column, is_written_phone) > 0.5 || is_one(draft, column, Field::Phone);
    match () {
        () if !unused::is_free(draft, column) && !is_any_id(draft, column) => None,
        () if is_email() => Some(Field::Email),
        () if is_phone() => Some(Field::Phone),
        () if unused::are_ids(draft, column) && named != Some(Field::Phone) => {
            (!draft.holds(Field::AccountId)).then_some(Field::AccountId)
        }
        () => None,
    }
}

/// Whether it stands over people of different names.
fn is_of_several(draft: &Draft<'_>, column: usize) -> bool {
    !Names::of(draft).is_empty() && nobody::is_shared(draft, column)
}

/// Whether a short file has it for the id of the payment because it is called a reference: people have references, too.
fn is_any_id(draft: &Draft<'_>, column: usize) -> bool {
    let is_id = draft.field(column) == Some(Field::TransactionId);
    is_id && draft.records.len() <= SHORT && words::is_any_reference(draft.header(column))
}

/// Rows that count for nobody because no column in use says whose they are.
fn nobodys_rows(draft: &Draft<'_>) -> Vec<usize> {
    let used = (0..draft.columns.len()).filter(|column| {
        draft
            .field(*column)
            .is_some_and(|field| IDENTITY.contains(&field))
    });
    let used: Vec<usize> = used.collect();
    let is_empty = |row: usize| {
        let mut cells = used.iter().filter_map(|column| draft.cells(*column).get(row));
        cells.all(String::is_empty)
    };
    let is_nobodys = |at: usize, row: &Row| match row {
        Row::Rejected(rejection) => *rejection == Rejection::NoIdentity,
        _ => is_empty(at),
    };
    let rows = draft.rows(&draft.fields(), draft.terms.clone());
    let all = rows.iter().enumerate();
    all.filter(|(at, row)| is_nobodys(*at, row))
        .map(|(at, _)| at)
        .collect()
}

/// Whether a column is filled in all of these rows, with several values of which some stand in several rows, as a person's do; in a
/// short file nobody may stand there twice.
fn says_whose(draft: &Draft<'_>, column: usize, rows: &[usize]) -> bool {
    let cells = draft.cells(column);
    let is_filled = |row: &usize| cells.get(*row).is_some_and(|cell| !cell.is_empty());
    let different = draft.different(column);
    let repeats = || different < draft.values(column).count();
    let is_short = || draft.records.len() <= SHORT && !count_upwards(draft, column);
    different > 1 && rows.iter().any(is_filled) && (repeats() || is_short())
}
