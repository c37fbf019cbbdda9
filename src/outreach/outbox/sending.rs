//! One connection's work: a message at a time, when the pace allows it.

use super::journal::{Journal, Look};
use super::letters::Ready;
use super::{Outbox, held};
use crate::domain::message::{Delivery, Fate, MessageState, Schedule};
use crate::domain::timestamp::Timestamp;
use crate::mail::pace::Turn;
use crate::outreach::Error;
use crate::store::message_fates::Outcome;
use crate::store::messages::Message;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a sending thread sleeps before it asks for its turn again, at the most.
const NAP: Duration = Duration::from_millis(200);
/// From so many messages a second and connection on, the look at the next message, or at the next two, is asked for
/// while one is on its way. Below it, nothing is gained that would be worth one more message that a crash leaves uncertain.
const LOOKS_AHEAD: f64 = 20.0;
const LOOKS_FURTHER: f64 = 100.0;

/// Messages that wait for a connection.
#[derive(Default)]
pub(super) struct Queue {
    inside: Mutex<Waiting>,
    /// Rings when there are more.
    more: Condvar,
    /// Rings when there are few.
    few: Condvar,
}

#[derive(Default)]
struct Waiting {
    letters: VecDeque<Ready>,
    closed: bool,
    /// So many are few.
    few: usize,
}

impl Queue {
    pub(super) fn add(&self, ready: Vec<Ready>) {
        held(&self.inside).letters.extend(ready);
        self.more.notify_all();
    }

    /// Nothing more will be added.
    pub(super) fn close(&self) {
        held(&self.inside).closed = true;
        self.more.notify_all();
    }

    fn may_have_more(&self) -> bool {
        let inside = held(&self.inside);
        !inside.closed || !inside.letters.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        held(&self.inside).letters.len()
    }

    /// Waits a while until no more than so many are left; answers whether that is so.
    pub(super) fn runs_low(&self, few: usize) -> bool {
        let mut inside = held(&self.inside);
        inside.few = few;
        let waited = self
            .few
            .wait_timeout_while(inside, NAP / 4, |waiting| waiting.letters.len() > few);
        waited.unwrap_or_else(PoisonError::into_inner).0.letters.len() <= few
    }

    /// Waits until one is there; false once it is closed and empty.
    fn has_one(&self) -> bool {
        let waited = self.more.wait_while(held(&self.inside), |waiting| {
            waiting.letters.is_empty() && !waiting.closed
        });
        !waited.unwrap_or_else(PoisonError::into_inner).letters.is_empty()
    }

    /// The next one, if one is there.
    fn take(&self) -> Option<Ready> {
        let waiting = &mut held(&self.inside);
        let taken = waiting.letters.pop_front();
        if waiting.letters.len() <= waiting.few {
            self.few.notify_all();
        }
        taken
    }
}

/// A message whose look was asked for before its turn came.
struct Ahead {
    ready: Ready,
    look: Look,
}

impl Outbox {
    /// Sends until nothing is left or the mail server wants to be left alone.
    pub(super) fn send_from(&self, queue: &Queue, journal: &Journal<'_>) {
        let mut ahead: VecDeque<Ahead> = VecDeque::new();
        while (!ahead.is_empty() || queue.has_one()) && self.begins(!ahead.is_empty(), queue) {
            let next = match ahead.pop_front() {
                Some(ahead) => Some((ahead.ready, Some(ahead.look))),
                None => queue.take().map(|ready| (ready, None)),
            };
            if let Some((ready, look)) = next {
                while ahead.len() < self.looks_ahead()
                    && let Some(ready) = queue.take()
                {
                    let look = journal.ask(ready.message.id);
                    ahead.push_back(Ahead { ready, look });
                }
                self.send_carefully(ready, look, journal);
            }
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
        for ahead in ahead {
            // It was not begun, so it is as it was before it was leased.
            let message = ahead.ready.message;
            let outcome = Outcome {
                due_at: message.due_at,
                reply: message.reply.clone().unwrap_or_default(),
                ..outcome(&message, MessageState::Queued)
            };
            journal.note(message, outcome);
        }
    }

    /// So many messages are looked at while one is on its way.
    fn looks_ahead(&self) -> usize {
        let pace = held(&self.pace);
        match pace.rate() / pace.connections() as f64 {
            each if each >= LOOKS_FURTHER => 2,
            each if each >= LOOKS_AHEAD => 1,
            _ => 0,
        }
    }

    /// Waits for the turn of one message and counts it as begun; false when no other may be begun.
    fn begins(&self, has_one: bool, queue: &Queue) -> bool {
        while self.goes_on() && (has_one || queue.may_have_more()) {
            let now = self.office.now();
            match self.turn(now) {
                Turn::Go => return true,
                Turn::WaitUntil(time) => {
                    let micros = u64::try_from(time.micros() - now.micros()).unwrap_or_default();
                    std::thread::sleep(Duration::from_micros(micros).min(NAP));
                }
                Turn::Full => std::thread::sleep(NAP / 20),
            }
        }
        false
    }

    /// Asked and counted under one lock: two who saw the same free connection would be one too many for the relay.
    fn turn(&self, now: Timestamp) -> Turn {
        let mut pace = held(&self.pace);
        let turn = pace.turn(self.in_flight.load(Ordering::Relaxed), now);
        if turn == Turn::Go {
            self.in_flight.fetch_add(1, Ordering::Relaxed);
        }
        turn
    }

    /// Sends one message; one that makes our own code panic is failed, not tried for ever.
    fn send_carefully(&self, ready: Ready, look: Option<Look>, journal: &Journal<'_>) {
        let message = ready.message.clone();
        let sent = catch_unwind(AssertUnwindSafe(|| self.send_one(ready, look, journal)));
        if sent.is_err() {
            let words = "This message broke the sender. Its text or its address needs a look.";
            self.fail(journal, message, words);
        }
    }

    fn send_one(&self, ready: Ready, look: Option<Look>, journal: &Journal<'_>) {
        let Ready { message, letter } = ready;
        let sealed = match letter.and_then(|draft| self.seal(&message, &draft)) {
            Ok(sealed) => sealed,
            Err(error) => return self.fail(journal, message, &why(error)),
        };
        let delivery = self.mailer.deliver(&sealed, &mut || {
            // Between the recipient's acceptance and the first byte of text.
            match &look {
                Some(asked_before) => journal.answer(asked_before),
                None => journal.answer(&journal.ask(message.id)),
            }
        });
        let now = self.office.now();
        held(&self.pace).learn(&delivery, now);
        held(&self.standing).learn(&delivery);
        count(&delivery);
        if delivery == Delivery::Withheld {
            return self.withheld(journal, message);
        }
        let tries = u32::try_from(message.tries).unwrap_or_default() + 1;
        let fate = Schedule::default().after(&delivery, tries, message.queued_at, now, rand::random::<f64>());
        let outcome = self.outcome_of(&message, &fate, delivery.words());
        journal.note(message, outcome);
    }

    fn outcome_of(&self, message: &Message, fate: &Fate, reply: String) -> Outcome {
        let now = self.office.now();
        Outcome {
            due_at: fate.due_at.or(Some(now)),
            tries: i32::try_from(fate.tries).unwrap_or(i32::MAX),
            sent_at: (fate.state == MessageState::Sent).then_some(now),
            reply,
            ..outcome(message, fate.state)
        }
    }

    /// The last look said no: for a reason that lasts, or because it could not look. Then the message waits.
    fn withheld(&self, journal: &Journal<'_>, message: Message) {
        let now = self.office.now();
        let looked = self
            .office
            .db
            .read(|conn| super::wanted::reasons_against(conn, &[message.id], now));
        match looked.ok().and_then(|mut against| against.remove(&message.id)) {
            Some((state, words)) => self.end(journal, message, state, words),
            None => {
                let outcome = Outcome {
                    due_at: Some(self.office.now().plus_minutes(1)),
                    reply: "Not sent yet: the database was busy.".to_owned(),
                    ..outcome(&message, MessageState::Queued)
                };
                journal.note(message, outcome);
            }
        }
    }

    /// Ends a message that nothing was sent of.
    pub(super) fn end(&self, journal: &Journal<'_>, message: Message, state: MessageState, words: &str) {
        let outcome = Outcome {
            due_at: Some(self.office.now()),
            reply: words.to_owned(),
            ..outcome(&message, state)
        };
        journal.note(message, outcome);
    }

    fn fail(&self, journal: &Journal<'_>, message: Message, words: &str) {
        let tries = message.tries.saturating_add(1);
        let message = Message { tries, ..message };
        self.end(journal, message, MessageState::Failed, words);
    }
}

/// The message as it is, in that state.
fn outcome(message: &Message, state: MessageState) -> Outcome {
    Outcome {
        id: message.id,
        case_id: message.case_id,
        state,
        due_at: None,
        tries: message.tries,
        sent_at: None,
        reply: String::new(),
    }
}

fn why(error: Error) -> String {
    match error {
        Error::Invalid { message, .. } => message,
        other => other.to_string(),
    }
}

fn count(delivery: &Delivery) {
    let outcome = match delivery {
        Delivery::Sent { .. } => "sent",
        Delivery::Deferred { .. } => "deferred",
        Delivery::Refused { .. } => "refused",
        Delivery::Unreachable { .. } => "unreachable",
        Delivery::Uncertain { .. } => "uncertain",
        Delivery::Withheld => "withheld",
    };
    crate::figures::delivered(outcome);
}
