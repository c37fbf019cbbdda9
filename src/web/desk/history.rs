//! What happened so far at the number in hand: calls, e-mails, the failed payments; and the e-mail that can be sent again.

use super::call::{HistoryLine, Resend};
use super::in_hand::whose;
use super::payments::plain;
use super::people::People;
use super::there::There;
use super::{compose, words};
use crate::domain::timestamp::Timestamp;
use crate::outreach::desk::{Desk, Earlier, InHand};
use crate::outreach::resend;
use crate::store::cases::Case;
use crate::store::messages::Message;
use crate::web::show;

/// So many lines of history stand on the desk; the case's page has all.
const HISTORY: usize = 6;

/// What happened at this number, the latest first.
pub fn history(desk: &Desk, call: &InHand, people: &People<'_>, there: &There) -> Vec<HistoryLine> {
    let mut lines: Vec<(Timestamp, &'static str, String)> = Vec::new();
    for earlier in &call.attempts {
        let Earlier { attempt, by, .. } = earlier;
        let colour = desk
            .book
            .outcomes
            .get(&attempt.outcome)
            .map_or("new", words::colour);
        let rang = if attempt.inbound { "They called us: " } else { "" };
        let late = if attempt.late { " (late)" } else { "" };
        let note = if attempt.note.is_empty() {
            String::new()
        } else {
            format!(" “{}”", attempt.note)
        };
        let label = compose::label(&desk.book, attempt);
        let whose = whose(earlier, people);
        lines.push((
            attempt.at,
            colour,
            format!("{rang}{label}{late}{whose}. {by}.{note}"),
        ));
    }
    lines.extend(call.messages.iter().map(|message| email(message, people)));
    let first = call.people.iter().map(|case| case.first_failed_at).min();
    lines.extend(first.map(|at| (at, "new", failed(call))));
    lines.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let line = |(at, state, text)| HistoryLine {
        time: there.moment(at),
        state,
        text,
    };
    lines.into_iter().take(HISTORY).map(line).collect()
}

fn email(message: &Message, people: &People<'_>) -> (Timestamp, &'static str, String) {
    let at = message.sent_at.unwrap_or(message.queued_at);
    let reader = people
        .here
        .iter()
        .find(|case| people.are_several() && case.id == message.case_id);
    let whose = reader
        .map(|case| format!(" to {}", people.name(case)))
        .unwrap_or_default();
    let what = plain(&message.template_key).to_lowercase();
    (at, "self", format!("E-mail “{what}”{whose}: {}.", message.state))
}

fn failed(call: &InHand) -> String {
    let payments = show::count::counted(call.payments.len() as i64, "failed payment", "failed payments");
    let people = show::count::counted(call.people.len() as i64, "person", "people");
    format!("{payments}, {people}, one phone.")
}

/// The e-mail that whoever is on the line can have once more.
pub fn resend(call: &InHand, case: &Case) -> Option<Resend> {
    let last = resend::lost(case, &call.messages)?;
    let what = plain(&last.template_key).to_lowercase();
    let is_sent = resend::is_on_its_way(last, &call.messages);
    Some(Resend {
        case: case.id,
        words: match is_sent {
            true => format!("E-mail “{what}” is on its way again."),
            false => format!("Send e-mail “{what}” again"),
        },
        is_sent,
    })
}
