//! For whom an outcome is recorded where several people share a number (`domain::about`): what is said of the number counts
//! for all of them, what is said of a person for those who are named.

use super::{Error, Result};
use crate::domain::about::About;
use crate::domain::ids::CaseId;
use crate::domain::outcome::{Outcome, Rule};
use crate::domain::stage::Stage;
use crate::store::cases::Case;

/// Nobody says that they will pay whose money was taken.
///
/// # Errors
/// Money of one of them was taken.
pub(super) fn nobody_pays_again(outcome: &Outcome, about: &[Case]) -> Result<()> {
    if matches!(outcome.rule, Rule::Wait { .. }) && about.iter().any(|case| case.charged().was_taken()) {
        let told = "Whose money was taken must not pay again. Choose another outcome for them.";
        return Err(Error::invalid("outcome", told));
    }
    Ok(())
}

/// Those of `waiting` whom the outcome is about, and those who still wait for one afterwards. Whoever is closed or with a
/// supervisor is only meant where all are, or where they are named.
///
/// # Errors
/// Several could be meant and nobody is named; somebody is named who does not wait; several are named where only one can be.
pub(super) fn for_whom(
    outcome: &Outcome,
    waiting: Vec<Case>,
    named: Option<&[CaseId]>,
) -> Result<(Vec<Case>, Vec<CaseId>)> {
    let asked_about = waiting.iter().filter(|case| is_asked_about(case)).count();
    let about = outcome.rule.about();
    let Some(named) = named else {
        return match about {
            About::Person { .. } if asked_about > 1 => Err(Error::ForWhom),
            _ => Ok((first_asked_about(waiting), Vec::new())),
        };
    };
    let waits = |id: &CaseId| waiting.iter().any(|case| case.id == *id);
    if named.is_empty() || !named.iter().all(waits) {
        let told = "Choose at least one person of this household.";
        return Err(Error::invalid("cases", told));
    }
    let (meant, others): (Vec<Case>, Vec<Case>) =
        waiting.into_iter().partition(|case| named.contains(&case.id));
    if meant.len() > 1 && about == (About::Person { several: false }) {
        let told = format!(
            "\u{201c}{}\u{201d} is said of one person. Choose one.",
            outcome.label
        );
        return Err(Error::invalid("cases", told));
    }
    let rest = others
        .iter()
        .filter(|case| is_asked_about(case))
        .map(|case| case.id);
    Ok((meant, rest.collect()))
}

/// Whom of several who were named this still concerns, and those who are left out: whose case was closed meanwhile, by a
/// payment or an answer by link, needs no outcome. A wish not to be called counts all the same, and so does what is said of
/// closed cases alone.
pub(super) fn still_open(
    outcome: &Outcome,
    waiting: &[Case],
    named: &[CaseId],
) -> (Vec<CaseId>, Vec<CaseId>) {
    let closed = |id: &CaseId| waiting.iter().any(|case| case.id == *id && !is_open(case));
    let (left_out, meant): (Vec<CaseId>, Vec<CaseId>) = named.iter().partition(|id| closed(id));
    match meant.is_empty() || matches!(outcome.rule, Rule::Suppress { .. }) {
        true => (named.to_vec(), Vec::new()),
        false => (meant, left_out),
    }
}

fn is_open(case: &Case) -> bool {
    case.stage != Stage::Closed.as_str()
}

fn is_asked_about(case: &Case) -> bool {
    case.stage.parse().is_ok_and(Stage::is_asked_about)
}

/// Those of whom a call has to say something: who is done needs no outcome, and who is with a supervisor does not come back
/// by what is said of the number. If there is nobody, all who are open; else all.
fn first_asked_about(people: Vec<Case>) -> Vec<Case> {
    let (meant, others): (Vec<Case>, Vec<Case>) = people.into_iter().partition(is_asked_about);
    if !meant.is_empty() {
        return meant;
    }
    let (open, closed): (Vec<Case>, Vec<Case>) = others.into_iter().partition(is_open);
    if open.is_empty() { closed } else { open }
}
