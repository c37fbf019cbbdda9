//! When a message is tried again, and what a try leaves behind.

use super::{Delivery, MessageState};
use crate::domain::timestamp::Timestamp;

/// When to try again. The default is Postfix's: five minutes at first, at most about 67 minutes apart,
/// for five days (RFC 5321 section 4.5.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Seconds to the second try, at the least.
    pub first: i64,
    /// Seconds between two tries, at the most.
    pub longest: i64,
    /// Seconds after queuing when a message is given up.
    pub give_up: i64,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            first: 300,
            longest: 4_000,
            give_up: 5 * 86_400,
        }
    }
}

impl Schedule {
    /// When a message that was tried `tries` times (at least once) is due again; `None`: given up.
    /// `jitter` from 0 to 1 spreads messages that failed together over a sixth of the wait.
    pub fn next_try(
        &self,
        tries: u32,
        first_queued: Timestamp,
        now: Timestamp,
        jitter: f64,
    ) -> Option<Timestamp> {
        let doublings = tries.saturating_sub(1).min(20);
        let grown = self.first.saturating_mul(1_i64 << doublings);
        let least = grown.min(self.longest / 6 * 5);
        // The product is far below 2^52, so nothing is lost.
        let spread = (least as f64 / 5.0 * jitter.clamp(0.0, 1.0)) as i64;
        let due = now.plus_seconds(least.saturating_add(spread));
        (due.seconds_since(first_queued) <= self.give_up).then_some(due)
    }

    /// What to store after a try. `tries` counts this one.
    pub fn after(
        &self,
        delivery: &Delivery,
        tries: u32,
        first_queued: Timestamp,
        now: Timestamp,
        jitter: f64,
    ) -> Fate {
        let state = match delivery {
            Delivery::Sent { .. } => MessageState::Sent,
            _ if delivery.names_a_dead_address() => MessageState::Bounced,
            Delivery::Refused { .. } => MessageState::Failed,
            Delivery::Uncertain { .. } => MessageState::Uncertain,
            Delivery::Withheld => MessageState::Withdrawn,
            Delivery::Deferred { .. } | Delivery::Unreachable { .. } => {
                return self.try_again(delivery, tries, first_queued, now, jitter);
            }
        };
        Fate {
            state,
            due_at: None,
            tries,
        }
    }

    /// What the relay turned away before it heard of the message is due at once, after those that wait already: the
    /// relay's own rest is wait enough.
    fn try_again(
        &self,
        delivery: &Delivery,
        tries: u32,
        first_queued: Timestamp,
        now: Timestamp,
        jitter: f64,
    ) -> Fate {
        let counted = if delivery.is_relay_trouble() {
            tries.saturating_sub(1)
        } else {
            tries
        };
        match self.next_try(counted.max(1), first_queued, now, jitter) {
            Some(due) => Fate {
                state: MessageState::Queued,
                due_at: Some(if delivery.came_to_no_message() { now } else { due }),
                tries: counted,
            },
            None => Fate {
                state: MessageState::Failed,
                due_at: None,
                tries,
            },
        }
    }
}

/// What a try leaves behind in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The message's new state.
    pub state: MessageState,
    /// When it is tried again; only if `state` is queued.
    pub due_at: Option<Timestamp>,
    /// Tries that count against it.
    pub tries: u32,
}

#[cfg(test)]
mod tests {
    use super::super::Phase;
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_776_300_000_000_000);

    fn deferred() -> Delivery {
        Delivery::Deferred {
            phase: Phase::Recipient,
            code: 450,
            reply: "greylisted".to_owned(),
        }
    }

    #[test]
    fn the_wait_doubles_from_five_minutes_to_67_minutes_and_ends_after_five_days() {
        let schedule = Schedule::default();
        let waits: Vec<i64> = (1..=6)
            .map(|n| {
                schedule
                    .next_try(n, START, START, 0.0)
                    .unwrap()
                    .seconds_since(START)
            })
            .collect();
        assert_eq!(waits, [300, 600, 1200, 2400, 3330, 3330]);
        let longest = schedule
            .next_try(9, START, START, 1.0)
            .unwrap()
            .seconds_since(START);
        assert!((3_990..=4_000).contains(&longest), "{longest}");
        assert_eq!(schedule.next_try(3, START, START.plus_hours(120), 0.0), None);
    }

    #[test]
    fn jitter_never_shortens_the_first_wait() {
        for jitter in [-1.0, 0.0, 0.3, 1.0, 7.0, f64::NAN] {
            let wait = Schedule::default()
                .next_try(1, START, START, jitter)
                .unwrap()
                .seconds_since(START);
            assert!((300..=360).contains(&wait), "{jitter}: {wait}");
        }
    }

    #[test]
    fn a_message_deferred_for_five_days_ends_as_failed() {
        let schedule = Schedule::default();
        let (mut now, mut tries) = (START, 0);
        let end = loop {
            tries += 1;
            let fate = schedule.after(&deferred(), tries, START, now, 0.5);
            let Some(due) = fate.due_at else { break fate };
            assert_eq!(fate.state, MessageState::Queued);
            now = due;
        };
        assert_eq!(end.state, MessageState::Failed);
        assert!((100..=140).contains(&tries), "{tries} tries");
        assert!(now.seconds_since(START) > 4 * 86_400);
    }

    #[test]
    fn a_relay_that_is_away_does_not_use_up_a_messages_tries() {
        let away = Delivery::Unreachable {
            phase: Phase::Connection,
            reason: "refused".to_owned(),
        };
        let fate = Schedule::default().after(&away, 3, START, START, 0.0);
        assert_eq!((fate.state, fate.tries), (MessageState::Queued, 2));
        assert_eq!(fate.due_at, Some(START), "nor its time");
        let closing = |phase| Delivery::Deferred {
            phase,
            code: 421,
            reply: String::new(),
        };
        let due = |phase| {
            Schedule::default()
                .after(&closing(phase), 1, START, START, 0.0)
                .due_at
        };
        assert_eq!(due(Phase::Sender), Some(START));
        assert_eq!(due(Phase::Recipient), Some(START.plus_seconds(300)));
        let cut = Delivery::Unreachable {
            phase: Phase::Text,
            reason: "cut".to_owned(),
        };
        assert_eq!(Schedule::default().after(&cut, 3, START, START, 0.0).tries, 3);
    }

    #[test]
    fn what_has_one_fate_is_never_tried_again() {
        let ends = [
            (Delivery::Sent { reply: String::new() }, MessageState::Sent),
            (
                Delivery::Refused {
                    phase: Phase::Recipient,
                    code: 550,
                    reply: String::new(),
                },
                MessageState::Failed,
            ),
            (
                Delivery::Refused {
                    phase: Phase::Recipient,
                    code: 550,
                    reply: "5.1.1 <ana@citizen.example>: User unknown".to_owned(),
                },
                MessageState::Bounced,
            ),
            (
                Delivery::Refused {
                    phase: Phase::Dot,
                    code: 550,
                    reply: "5.1.1 User unknown".to_owned(),
                },
                MessageState::Failed,
            ),
            (
                Delivery::Uncertain {
                    reason: String::new(),
                },
                MessageState::Uncertain,
            ),
            (Delivery::Withheld, MessageState::Withdrawn),
        ];
        for (delivery, state) in ends {
            let fate = Schedule::default().after(&delivery, 1, START, START, 0.0);
            assert_eq!((fate.state, fate.due_at), (state, None));
        }
    }
}
