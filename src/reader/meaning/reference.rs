//! The id of the transaction: of several columns the one that is another for each attempt.

use super::draft::Draft;
use super::question::About;
use super::switch::stands;
use crate::broken::Variant;
use crate::domain::field::Field;
use crate::domain::header::header_words;

/// Fewer different values than this, of one, are no ids of attempts.
const DIFFERENT: f64 = 0.5;

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
    let named = |column: &usize| {
        draft
            .named(*column)
            .is_some_and(|(field, _)| field == Field::TransactionId)
    };
    let open = draft
        .open_columns()
        .into_iter()
        .filter(|column| is_free(column) && named(column));
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
    if enough && distinct(draft, best) < DIFFERENT {
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

/// Different values for each value; a column that is mostly empty tells little.
fn distinct(draft: &Draft<'_>, column: usize) -> f64 {
    draft.different(column) as f64 / draft.records.len().max(1) as f64
}

fn is_of_an_order(header: &str) -> bool {
    header_words(header)
        .iter()
        .any(|word| matches!(word.as_str(), "order" | "invoice" | "batch" | "session"))
}
