//! How fast the relay may be asked to take messages: a rate, a number of connections, and rests.
//!
//! The relay's own words move it. An answer that means *too fast* halves the pace; every acceptance
//! gives a little back. When the relay cannot be reached the whole outbox rests, so that no message
//! pays for it. Pure: the caller says what time it is.

use crate::domain::message::{Delivery, Phase};
use crate::domain::timestamp::Timestamp;

const SHORTEST_REST: i64 = 5;
const LONGEST_REST: i64 = 300;
/// Messages in flight together fail together: they halve the pace once.
const SECONDS_BETWEEN_HALVINGS: i64 = 5;
const SLOWEST: f64 = 0.2;
/// Share of the full pace that one acceptance gives back.
const RECOVERY: f64 = 0.02;
/// It gives back no more than this part of the pace that was too fast; more is tried after a while. Otherwise a relay
/// that allows five connections would be asked for a sixth every fifty messages.
const KNOWN_GOOD: f64 = 0.75;
const SECONDS_TO_TRY_MORE: i64 = 600;
const BURST_SECONDS: f64 = 0.2;

/// The pace towards one relay.
#[derive(Clone, Debug)]
pub struct Pace {
    full_rate: f64,
    full_connections: f64,
    /// Part of the full pace in use, above 0 up to 1.
    share: f64,
    /// What acceptances may bring it back to.
    ceiling: f64,
    tokens: f64,
    counted_at: Timestamp,
    halved_at: Option<Timestamp>,
    rest_until: Option<Timestamp>,
    rest_seconds: i64,
}

/// Whether the next message may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now; its token is taken.
    Go,
    /// Not before then.
    WaitUntil(Timestamp),
    /// When one of those in flight has ended.
    Full,
}

impl Pace {
    /// At full pace: `MAKEGOOD_MAIL_RATE` a second over `MAKEGOOD_MAIL_CONNECTIONS`.
    pub fn new(per_second: u32, connections: usize, now: Timestamp) -> Self {
        Self {
            full_rate: f64::from(per_second.max(1)),
            full_connections: connections.clamp(1, 1_000) as f64,
            share: 1.0,
            ceiling: 1.0,
            tokens: 1.0,
            counted_at: now,
            halved_at: None,
            rest_until: None,
            rest_seconds: 0,
        }
    }

    /// Messages a second at present.
    pub fn rate(&self) -> f64 {
        (self.full_rate * self.share).max(SLOWEST.min(self.full_rate))
    }

    /// Messages that may be in flight together at present; at least one.
    pub fn connections(&self) -> usize {
        (self.full_connections * self.share).ceil() as usize
    }

    /// When the relay's rest ends, if it rests; for the page.
    pub fn resting_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.rest_until.filter(|until| *until > now)
    }

    /// Asks for one message's turn. `in_flight` are those begun and not ended.
    pub fn turn(&mut self, in_flight: usize, now: Timestamp) -> Turn {
        if let Some(until) = self.resting_until(now) {
            return Turn::WaitUntil(until);
        }
        if in_flight >= self.connections() {
            return Turn::Full;
        }
        self.fill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Turn::Go;
        }
        let micros = (1.0 - self.tokens) / self.rate() * 1e6;
        Turn::WaitUntil(Timestamp::from_micros(
            now.micros().saturating_add(micros.ceil() as i64),
        ))
    }

    /// Time that stands still or jumps back fills nothing.
    fn fill(&mut self, now: Timestamp) {
        let passed = (now.micros() - self.counted_at.micros()).max(0) as f64 / 1e6;
        let most = (self.rate() * BURST_SECONDS).max(1.0);
        self.tokens = (self.tokens + passed * self.rate()).min(most);
        self.counted_at = now;
    }

    /// Takes note of what became of a message.
    pub fn learn(&mut self, delivery: &Delivery, now: Timestamp) {
        if matches!(delivery, Delivery::Sent { .. }) {
            if self
                .halved_at
                .is_some_and(|at| now.seconds_since(at) >= SECONDS_TO_TRY_MORE)
            {
                self.ceiling = 1.0;
            }
            self.share = (self.share + RECOVERY).min(self.ceiling.max(self.share));
            self.rest_seconds = 0;
            return;
        }
        if means_too_fast(delivery) {
            self.halve(now);
        }
        if delivery.is_relay_trouble() {
            self.rest(now);
        }
    }

    fn halve(&mut self, now: Timestamp) {
        let just_halved = self
            .halved_at
            .is_some_and(|at| now.seconds_since(at) < SECONDS_BETWEEN_HALVINGS);
        if !just_halved {
            self.ceiling = self.share * KNOWN_GOOD;
            self.share = (self.share / 2.0).max(1.0 / self.full_connections.max(self.full_rate / SLOWEST));
            self.halved_at = Some(now);
        }
    }

    fn rest(&mut self, now: Timestamp) {
        if self.resting_until(now).is_none() {
            self.rest_seconds = (self.rest_seconds * 2).clamp(SHORTEST_REST, LONGEST_REST);
            self.rest_until = Some(now.plus_seconds(self.rest_seconds));
        }
    }
}

/// A 4xx that is about load, or a conversation that broke off. One person's full mailbox (4.2.x) and greylisting are not: greylisting
/// wants the same message later, not fewer messages.
fn means_too_fast(delivery: &Delivery) -> bool {
    match delivery {
        Delivery::Deferred { code: 421, .. } => true,
        Delivery::Deferred {
            phase: Phase::Recipient,
            reply,
            ..
        } => {
            let reply = reply.to_ascii_lowercase();
            let greylisted = ["greylist", "graylist", "grey-list"]
                .iter()
                .any(|word| reply.contains(word));
            !greylisted && !reply.starts_with("4.2.")
        }
        Delivery::Deferred { .. } | Delivery::Unreachable { .. } | Delivery::Uncertain { .. } => true,
        Delivery::Sent { .. } | Delivery::Refused { .. } | Delivery::Withheld => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_776_300_000_000_000);

    fn after_millis(millis: i64) -> Timestamp {
        Timestamp::from_micros(START.micros() + millis * 1000)
    }

    fn deferred(phase: Phase, code: u16, reply: &str) -> Delivery {
        Delivery::Deferred {
            phase,
            code,
            reply: reply.to_owned(),
        }
    }

    fn sent() -> Delivery {
        Delivery::Sent { reply: String::new() }
    }

    /// Messages begun in so many milliseconds when each ends at once.
    fn begun(pace: &mut Pace, from: i64, millis: i64) -> usize {
        (from..from + millis)
            .filter(|at| pace.turn(0, after_millis(*at)) == Turn::Go)
            .count()
    }

    #[test]
    fn the_rate_holds_over_any_stretch() {
        let mut pace = Pace::new(50, 8, START);
        let first = begun(&mut pace, 0, 1_000);
        assert!((45..=61).contains(&first), "{first}");
        let next = begun(&mut pace, 1_000, 10_000);
        assert!((495..=501).contains(&next), "{next}");
        assert!(
            begun(&mut pace, 3_600_000, 1) <= 10,
            "an idle hour saves up no flood"
        );
    }

    #[test]
    fn a_turn_that_must_wait_says_until_when() {
        let mut pace = Pace::new(1, 8, START);
        assert_eq!(pace.turn(0, START), Turn::Go);
        let Turn::WaitUntil(then) = pace.turn(0, START) else {
            panic!()
        };
        assert_eq!(then, START.plus_seconds(1));
        assert_eq!(pace.turn(0, then), Turn::Go);
    }

    #[test]
    fn no_more_are_in_flight_than_connections() {
        let mut pace = Pace::new(50, 8, START);
        assert_eq!(pace.turn(8, START), Turn::Full);
        assert_eq!(pace.turn(7, START), Turn::Go);
    }

    #[test]
    fn too_fast_halves_once_for_messages_in_flight_together_and_acceptances_give_it_back() {
        let mut pace = Pace::new(40, 8, START);
        for _ in 0..8 {
            pace.learn(&deferred(Phase::Sender, 450, "4.7.0 slow down"), START);
        }
        assert_eq!((pace.rate(), pace.connections()), (20.0, 4));
        pace.learn(&deferred(Phase::Dot, 451, "4.3.0 busy"), START.plus_seconds(5));
        assert_eq!((pace.rate(), pace.connections()), (10.0, 2));
        (0..50).for_each(|_| pace.learn(&sent(), START.plus_seconds(10)));
        assert_eq!(
            (pace.rate(), pace.connections()),
            (15.0, 3),
            "three quarters of what was too fast"
        );
        (0..50).for_each(|_| pace.learn(&sent(), START.plus_seconds(5 + SECONDS_TO_TRY_MORE)));
        assert_eq!((pace.rate(), pace.connections()), (40.0, 8));
    }

    #[test]
    fn a_relay_that_allows_five_connections_is_soon_left_in_peace_with_a_sixth() {
        let (mut pace, mut refusals) = (Pace::new(200, 8, START), 0);
        for second in 0..300 {
            let now = START.plus_seconds(second * 6);
            if pace.connections() > 5 && pace.resting_until(now).is_none() {
                refusals += 1;
                pace.learn(
                    &deferred(Phase::Connection, 421, "4.7.0 too many connections"),
                    now,
                );
            } else {
                (0..20).for_each(|_| pace.learn(&sent(), now));
            }
        }
        assert!((2..=9).contains(&refusals), "{refusals} in half an hour");
        assert!(pace.connections() >= 4, "{pace:?}");
    }

    #[test]
    fn it_never_stops_altogether() {
        let mut pace = Pace::new(50, 8, START);
        for n in 0..100 {
            pace.learn(
                &deferred(Phase::Sender, 450, "4.7.0 slow down"),
                START.plus_seconds(n * 10),
            );
        }
        assert!(pace.rate() >= SLOWEST && pace.connections() == 1, "{pace:?}");
    }

    #[test]
    fn greylisting_and_a_full_mailbox_slow_nobody_else() {
        let mut pace = Pace::new(50, 8, START);
        pace.learn(
            &deferred(
                Phase::Recipient,
                450,
                "4.7.1 Greylisted, try again in 300 seconds",
            ),
            START,
        );
        pace.learn(&deferred(Phase::Recipient, 452, "4.2.2 mailbox full"), START);
        pace.learn(
            &Delivery::Refused {
                phase: Phase::Recipient,
                code: 550,
                reply: String::new(),
            },
            START,
        );
        assert_eq!((pace.rate(), pace.turn(0, START)), (50.0, Turn::Go));
    }

    #[test]
    fn a_relay_that_is_away_gives_everybody_a_rest_that_grows_to_five_minutes() {
        let mut pace = Pace::new(50, 8, START);
        let away = Delivery::Unreachable {
            phase: Phase::Connection,
            reason: String::new(),
        };
        let (mut now, mut rests) = (START, Vec::new());
        for _ in 0..9 {
            pace.learn(&away, now);
            pace.learn(&away, now);
            let Turn::WaitUntil(then) = pace.turn(0, now) else {
                panic!()
            };
            rests.push(then.seconds_since(now));
            now = then;
        }
        assert_eq!(rests, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        pace.learn(&sent(), now);
        pace.learn(&away, now);
        assert_eq!(pace.resting_until(now), Some(now.plus_seconds(5)));
    }

    #[test]
    fn a_421_rests_and_halves() {
        let mut pace = Pace::new(50, 8, START);
        pace.learn(
            &deferred(Phase::Connection, 421, "4.7.0 too many connections"),
            START,
        );
        assert_eq!(
            (pace.rate(), pace.turn(0, START)),
            (25.0, Turn::WaitUntil(START.plus_seconds(5)))
        );
    }
}
