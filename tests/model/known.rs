//! What the model knows: what was said and recorded about each case, and what is promised by it.

use makegood::domain::ids::{AttemptId, ImportId};
use makegood::domain::reply::Reply;
use makegood::domain::timestamp::Timestamp;
use std::collections::BTreeMap;

/// An event and when: its word, and the time that was promised.
pub type Event = (Timestamp, &'static str, Option<Timestamp>);

/// What is known about one case: the calls that count, the payments that were found, what they said by link.
#[derive(Default)]
pub struct Known {
    pub calls: BTreeMap<AttemptId, Event>,
    pub paid: BTreeMap<ImportId, Timestamp>,
    pub answer: Option<Event>,
}

impl Known {
    /// Whether nothing has happened yet.
    pub fn is_fresh(&self) -> bool {
        self.calls.is_empty() && self.paid.is_empty() && self.answer.is_none()
    }

    /// Whether one of these outcomes was recorded.
    pub fn was(&self, outcomes: &[&str]) -> bool {
        self.calls
            .values()
            .any(|(_, outcome, _)| outcomes.contains(outcome))
    }

    /// When the first of the payments that count was found.
    pub fn paid(&self) -> Option<Timestamp> {
        self.paid.values().copied().min()
    }

    /// The promise that stands, by the words of product §5: made by *call back later* or asked for by link, ended by a
    /// call at its time (a quarter of an hour before at the earliest), by an outcome or an answer that settles the
    /// matter or hands it on, by payment, and when their number is `stopped`.
    pub fn promise(&self, stopped: Option<Timestamp>) -> Option<Timestamp> {
        let stopped = stopped.map(|at| (at, "stopped", None));
        let mut events: Vec<Event> = stopped.into_iter().chain(self.calls.values().copied()).collect();
        events.extend(self.answer);
        events.extend(self.paid().map(|at| (at, "paid", None)));
        events.sort_by_key(|(at, ..)| *at);
        events
            .into_iter()
            .fold(None, |promise, (at, what, due)| match what {
                "call_back" | "call_me" => due,
                "technical" | "wrong_person" => promise,
                "no_answer" | "busy" | "voicemail" => promise.filter(|due| at < due.plus_minutes(-15)),
                _ => None,
            })
    }
}

/// What somebody says by link, as an event.
pub fn said(reply: Reply, at: Timestamp, call_at: Option<Timestamp>) -> Event {
    (at, reply.as_str(), call_at)
}
