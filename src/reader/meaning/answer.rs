//! Answers about columns, each with what follows from it in rows and people.

use super::draft::{Draft, Trial};
use super::question::{Choice, flag};
use crate::domain::field::Field;

/// That a column holds a field.
pub(super) fn holds(draft: &Draft<'_>, column: usize, field: Field, answer: String) -> Choice {
    let trial = draft.trial(&draft.fields_with(column, Some(field)), draft.terms.clone());
    counted(answer, map(draft, column, field), &trial)
}

/// That a column is not read.
pub(super) fn is_not_read(draft: &Draft<'_>, column: usize, answer: String) -> Choice {
    let trial = draft.trial(&draft.fields_with(column, None), draft.terms.clone());
    counted(answer, ignore(draft, column), &trial)
}

/// An answer, with the people that it makes.
pub(super) fn counted(answer: String, flag: String, trial: &Trial) -> Choice {
    Choice {
        answer,
        flag,
        consequence: format!("{} people in the outage", trial.people()),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    }
}

/// In the words of the command line: this column holds a field.
pub(super) fn map(draft: &Draft<'_>, column: usize, field: Field) -> String {
    flag("--map", &format!("{field}={}", draft.header(column)))
}

/// The same: this column is not read.
pub(super) fn ignore(draft: &Draft<'_>, column: usize) -> String {
    flag("--ignore", draft.header(column))
}
