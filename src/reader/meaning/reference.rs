//! The id of the transaction: of several columns the one that is another for each attempt.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::question::About;
use super::switch::stands;
use super::{status, words};
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::header::{Recognition, header_words};
use crate::domain::money::{Cents, Unit};
use crate::reader::columns;

/// Fewer different values than this, of one, are no ids of attempts.
const DIFFERENT: f64 = 0.5;
/// So many of a column's values, of one, have to look like ids if nothing but a word above them speaks of payments.
const NEARLY_ALL: f64 = 0.9;
/// The longest day that is written in digits and signs.
const LONGEST_DAY: usize = 10;

/// Moves the id to a column that tells attempts apart better; an id that nearly all records share is none.
pub(super) fn choose(draft: &mut Draft<'_>) {
    let Some(current) = draft
        .column_of(Field::TransactionId)
        .filter(|column| !draft.is_chosen(*column))
    else {
        return;
    };
    if !stands(Variant::AnyId) {
        return;
    }
    let is_free = |column: &usize| *column == current || draft.field(*column).is_none();
    let open = draft.open_columns().into_iter();
    let open = open.filter(|column| is_free(column) && may_number(draft, *column));
    let best = open.max_by(|one, other| {
        let distinct = distinct(draft, *one).total_cmp(&distinct(draft, *other));
        let shared = is_of_an_order(draft.header(*other)).cmp(&is_of_an_order(draft.header(*one)));
        distinct
            .then(shared)
            .then((*one == current).cmp(&(*other == current)))
            .then(other.cmp(one))
    });
    let best = best.unwrap_or(current);
    let enough = draft.values(best).count() >= 3;
    if status::tells_ends(draft, best) {
        draft.give(current, None, true);
        let why = "Its values say what became of payments, so it is no id of them.".to_owned();
        draft.settle(About::Column, best, why);
    } else if words::is_of_person(draft.header(best)) || numbers_something_else(draft, best) {
        draft.give(current, None, true);
        let why = "Rows that differ share its values, so it is no id of the transaction.".to_owned();
        draft.settle(About::Column, best, why);
    } else if enough && distinct(draft, best) < DIFFERENT {
        draft.give(current, None, true);
        draft.settle(
            About::Column,
            best,
            "Too many rows share one value for an id of the transaction.".to_owned(),
        );
    } else if best != current {
        draft.give(best, Some(Field::TransactionId), true);
        draft.settle(About::Column, best, "It is another for each attempt.".to_owned());
    }
}

/// Whether a column could be the id: it is called so, or numbers payments and is another in each row. In a file of few rows the words
/// of a status are that too, and a till's number is in each file: both would leave out what is not the same.
fn may_number(draft: &Draft<'_>, column: usize) -> bool {
    let header = draft.header(column);
    let named = draft.named(column).map(|(field, _)| field);
    let is_another = || draft.different(column) == draft.records.len();
    let are_ids = || draft.share(column, looks_like_id) > NEARLY_ALL;
    named == Some(Field::TransactionId) && !words::is_of_person(header)
        || named.is_none()
            && words::numbers_payments(header)
            && !words::is_foreign(header)
            && is_another()
            && are_ids()
}

/// Whether a value is one word with a digit in it, and neither money nor a time nor an address.
fn looks_like_id(value: &str) -> bool {
    let is_word = value.bytes().any(|byte| byte.is_ascii_digit()) && !value.contains([' ', '@']);
    let is_money = || value.contains(['.', ',']) && Cents::read(value, Unit::Whole).is_some();
    // A reference may begin with a day: `20261124-0001`.
    let is_time = || {
        value.contains([':', '/']) && columns::is_moment(value)
            || value.len() <= LONGEST_DAY && value.contains(['-', '.', '/']) && columns::is_day(value)
    };
    is_word && !is_money() && !is_time()
}

/// Whether a column whose header does not surely mean the transaction has one value in several rows that are not the same: it
/// numbers orders, or people.
fn numbers_something_else(draft: &Draft<'_>, column: usize) -> bool {
    let header = draft.header(column);
    let surely = draft
        .named(column)
        .is_none_or(|(_, recognition)| recognition == Recognition::Usual);
    if surely && !is_of_an_order(header) {
        return false;
    }
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let is_same = |one: usize, other: usize| {
        (0..draft.columns.len()).all(|at| draft.cells(at).get(one) == draft.cells(at).get(other))
    };
    let (mut shared, mut differ) = (0, 0);
    for (row, value) in draft.cells(column).iter().enumerate() {
        if let Some(before) = first.get(value.as_str()).filter(|_| !value.is_empty()) {
            shared += 1;
            differ += usize::from(!is_same(*before, row));
        } else {
            first.insert(value, row);
        }
    }
    differ * 2 > shared
}

/// Different values for each value; a column that is mostly empty tells little.
fn distinct(draft: &Draft<'_>, column: usize) -> f64 {
    draft.different(column) as f64 / draft.records.len().max(1) as f64
}

fn is_of_an_order(header: &str) -> bool {
    header_words(header)
        .iter()
        .any(|word| matches!(word.as_str(), "order" | "invoice" | "batch" | "session"))
}
