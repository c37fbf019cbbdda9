//! How often something may be tried: so many times at once, then once more every so many seconds.
//!
//! What was spent is one instant: when all of it is back. Each try moves it on by one step; a try that would move it further
//! ahead of now than all tries at once is refused. Nobody is shut out for longer than a step.

use super::timestamp::Timestamp;

/// How much may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    at_once: i64,
    step_seconds: i64,
}

impl Budget {
    /// So many tries at once, then one more every so many seconds; at least one of each.
    pub const fn new(at_once: i64, step_seconds: i64) -> Self {
        assert!(at_once > 0 && step_seconds > 0, "a budget of nothing");
        Self {
            at_once,
            step_seconds,
        }
    }

    /// Seconds until one more may be tried; 0: now.
    pub fn wait(&self, spent_until: Option<Timestamp>, now: Timestamp) -> i64 {
        let over = spent_until.map_or(0, |until| until.micros() - self.latest(now).micros());
        (over.max(0) + 999_999) / 1_000_000
    }

    /// When all is back, after one more try.
    pub fn after_one(&self, spent_until: Option<Timestamp>, now: Timestamp) -> Timestamp {
        spent_until
            .map_or(now, |until| until.max(now))
            .plus_seconds(self.step_seconds)
    }

    /// The latest instant up to which may have been spent for one more try now.
    pub const fn latest(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds((self.at_once - 1) * self.step_seconds)
    }

    /// How many more can be tried at once.
    pub fn left(&self, spent_until: Option<Timestamp>, now: Timestamp) -> i64 {
        let ahead = spent_until.map_or(0, |until| (until.micros() - now.micros()).max(0));
        let step = self.step_seconds * 1_000_000;
        (self.at_once - (ahead + step - 1) / step).max(0)
    }

    /// Seconds by which a try moves the instant on.
    pub const fn step_seconds(&self) -> i64 {
        self.step_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUESSES: Budget = Budget::new(20, 30);

    #[test]
    fn twenty_at_once_and_then_one_every_half_minute() {
        let now = Timestamp::from_micros(1_776_186_540_000_000);
        let mut spent = None;
        for left in (0..20).rev() {
            assert_eq!(GUESSES.wait(spent, now), 0);
            spent = Some(GUESSES.after_one(spent, now));
            assert_eq!(GUESSES.left(spent, now), left);
        }
        assert_eq!(GUESSES.wait(spent, now), 30);
        assert_eq!(GUESSES.wait(spent, now.plus_seconds(29)), 1);
        let later = now.plus_seconds(30);
        assert_eq!(GUESSES.wait(spent, later), 0);
        let spent = Some(GUESSES.after_one(spent, later));
        assert_eq!(GUESSES.wait(spent, later), 30);
        assert_eq!(GUESSES.left(spent, later.plus_hours(1)), 20);
    }
}
