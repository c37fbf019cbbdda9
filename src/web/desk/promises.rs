//! What was promised to the people of a call, by whom and for when: also what they asked for themselves, by link.

use super::in_hand::whose;
use super::people::People;
use super::there::There;
use crate::domain::reply::Reply;
use crate::outreach::desk::{Desk, Earlier, InHand};
use crate::store::answers::Answer;
use crate::web::show;

/// The latest first, one line each.
pub fn promises(desk: &Desk, call: &InHand, people: &People<'_>, there: &There) -> Vec<String> {
    let in_list = people.are_a_switchboard(); // the answers of an office's clients stand in their list
    let concerns = |id: i64| people.speaking.map_or(!in_list, |case| case.id == id);
    let by_link = call
        .answers
        .iter()
        .filter(|answer| concerns(answer.case_id))
        .filter_map(|answer| asked_by_link(answer, people, there));
    // Only the latest call's word holds: one after it has kept or replaced it.
    let in_call = call
        .attempts
        .first()
        .and_then(|earlier| promised(desk, earlier, people, there));
    by_link.chain(in_call).collect()
}

fn promised(desk: &Desk, earlier: &Earlier, people: &People<'_>, there: &There) -> Option<String> {
    let Earlier { attempt, by, .. } = earlier;
    let at = attempt.callback_at?;
    let outcome = desk.book.outcomes.get(&attempt.outcome)?;
    let what = match outcome.rule {
        crate::domain::outcome::Rule::Callback => "promised a call at",
        _ => "noted as a good time",
    };
    Some(format!(
        "{by} {what} {}{}, said at {}.",
        there.moment(at),
        whose(earlier, people),
        there.moment(attempt.at).trim_end_matches('.')
    ))
}

fn asked_by_link(answer: &Answer, people: &People<'_>, there: &There) -> Option<String> {
    let case = people.here.iter().find(|case| case.id == answer.case_id)?;
    let reply: Reply = answer.choice.parse().ok()?;
    let who = people.name(case);
    let when = answer
        .call_at
        .map(|at| format!(" at {}", there.moment(at)))
        .unwrap_or_default();
    let number = answer
        .phone
        .as_deref()
        .map(|phone| format!(", on {}", show::person::phone(phone)))
        .unwrap_or_default();
    let language = show::person::language(&answer.language);
    Some(format!(
        "{who} answered by link at {}: “{}”{when}{number}, in {language}.",
        there.moment(answer.at),
        reply.words()
    ))
}
