//! The payments of one file beside the outage, in short stretches of time, counted while the file is read.

use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;
use super::window::{Side, Window};

/// Lengths of a stretch, in minutes: the first of which the outage has no more than [`MOST`].
const LENGTHS: [i64; 8] = [5, 10, 15, 30, 60, 120, 360, 1_440];
/// Stretches of the outage at most, and shown before and after it.
const MOST: i64 = 72;
const BESIDE: i64 = 24;
/// What lies so close to the outage may belong to it, in minutes.
const CLOSE: i64 = 5;
/// Fewer close failures than this say nothing.
const FEW: u64 = 5;

/// Payments by time, while they are counted: a few numbers, however many payments come.
#[derive(Clone, Debug)]
pub struct Tally {
    window: Window,
    from: Timestamp,
    seconds: i64,
    stretches: Vec<Counts>,
    told: Timeline,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    inside: u64,
    outside: u64,
    succeeded: u64,
}

/// Payments by time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// How long a stretch is.
    pub minutes: i64,
    /// The stretches with any payment in them, in order.
    pub stretches: Vec<Stretch>,
    /// Failures in the five minutes before the outage, and at its end and in the five minutes after it.
    pub just_before: u64,
    /// The same after it.
    pub just_after: u64,
    /// Failures before the outage, wherever.
    pub before: u64,
    /// Failures at its end or after it, wherever.
    pub after: u64,
    /// Payments too far from the outage to be in any stretch.
    pub farther: u64,
}

/// One stretch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first instant.
    pub at: Timestamp,
    /// Failures in the outage.
    pub inside: u64,
    /// Failures outside it.
    pub outside: u64,
    /// Payments that succeeded.
    pub succeeded: u64,
}

impl Tally {
    /// Nothing yet, beside this outage.
    pub fn of(window: Window) -> Self {
        let length = window.end.seconds_since(window.start) / 60;
        let minutes = LENGTHS.into_iter().find(|minutes| length <= minutes * MOST);
        let minutes = minutes.unwrap_or(length / MOST + 1);
        let step = minutes * 60_000_000;
        let first = window.start.micros().div_euclid(step) - BESIDE;
        let last = window.end.micros().saturating_sub(1).div_euclid(step) + BESIDE;
        let stretches = usize::try_from(last - first + 1).unwrap_or_default();
        Self {
            window,
            from: Timestamp::from_micros(first * step),
            seconds: minutes * 60,
            stretches: vec![Counts::default(); stretches],
            told: Timeline {
                minutes,
                ..Timeline::default()
            },
        }
    }

    /// A payment failed.
    pub fn failed(&mut self, at: Timestamp) {
        let side = self.window.side(at);
        let told = &mut self.told;
        let close = |from: Timestamp, until: Timestamp| u64::from(until.seconds_since(from) < CLOSE * 60);
        match side {
            Side::Before => {
                told.before += 1;
                told.just_before += close(at, self.window.start);
            }
            Side::After => {
                told.after += 1;
                told.just_after += close(self.window.end, at);
            }
            Side::Inside => {}
        }
        match self.stretch(at) {
            Some(stretch) if side == Side::Inside => stretch.inside += 1,
            Some(stretch) => stretch.outside += 1,
            None => self.told.farther += 1,
        }
    }

    /// A payment succeeded.
    pub fn succeeded(&mut self, at: Timestamp) {
        match self.stretch(at) {
            Some(stretch) => stretch.succeeded += 1,
            None => self.told.farther += 1,
        }
    }

    fn stretch(&mut self, at: Timestamp) -> Option<&mut Counts> {
        let micros = at.micros().saturating_sub(self.from.micros());
        let place = usize::try_from(micros.div_euclid(self.seconds * 1_000_000)).ok()?;
        self.stretches.get_mut(place)
    }

    /// What was counted.
    pub fn told(self) -> Timeline {
        let starts = (0..).map(|place| self.from.plus_seconds(place * self.seconds));
        let filled = starts.zip(&self.stretches).filter(|(_, counts)| {
            let Counts {
                inside,
                outside,
                succeeded,
            } = counts;
            inside + outside + succeeded > 0
        });
        let stretches = filled.map(|(at, counts)| Stretch {
            at,
            inside: counts.inside,
            outside: counts.outside,
            succeeded: counts.succeeded,
        });
        Timeline {
            stretches: stretches.collect(),
            ..self.told
        }
    }
}

impl Timeline {
    /// Failures so close before the outage, and so close after it, that its window may be too short: a good part of what lies
    /// on that side, or half as many as in five minutes of an outage of this length. Nothing where there are few.
    pub fn close(&self, window: &Window) -> (Option<u64>, Option<u64>) {
        let minutes = (window.end.seconds_since(window.start) / 60).max(CLOSE);
        let inside: u64 = self.stretches.iter().map(|stretch| stretch.inside).sum();
        let pace = inside.saturating_mul(CLOSE.unsigned_abs()) / minutes.unsigned_abs();
        let many = |close: u64, all: u64| {
            let many = close >= FEW && (close * 4 >= all || close * 2 >= pace);
            many.then_some(close)
        };
        (
            many(self.just_before, self.before),
            many(self.just_after, self.after),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25T01:40:00Z, twenty minutes.
    fn window() -> Window {
        let start = Timestamp::from_micros(1_795_570_800_000_000);
        Window {
            start,
            end: start.plus_minutes(20),
        }
    }

    #[test]
    fn payments_are_counted_in_stretches_of_five_minutes_beside_the_outage() {
        let (window, mut tally) = (window(), Tally::of(window()));
        for minutes in [-200, -1, 0, 4, 19, 20, 24, 25] {
            tally.failed(window.start.plus_minutes(minutes));
        }
        tally.succeeded(window.start.plus_minutes(21));
        tally.succeeded(window.start.plus_hours(400));
        let told = tally.told();
        assert_eq!((told.minutes, told.farther), (5, 2));
        assert_eq!((told.just_before, told.just_after), (1, 2));
        assert_eq!((told.before, told.after), (2, 3));
        let rows = told.stretches.iter().map(|one| {
            let minutes = one.at.seconds_since(window.start) / 60;
            (minutes, one.inside, one.outside, one.succeeded)
        });
        let expected = [
            (-5, 0, 1, 0),
            (0, 2, 0, 0),
            (15, 1, 0, 0),
            (20, 0, 2, 1),
            (25, 0, 1, 0),
        ];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
    }

    /// What breaks it: memory that grows with the length of an outage; a stretch that is cut off at its end.
    #[test]
    fn a_long_outage_has_longer_stretches_and_no_more_of_them() {
        for minutes in [1, 20, 361, 3_000, 200_000, 6_000_000] {
            let window = Window {
                end: window().start.plus_minutes(minutes),
                ..window()
            };
            let mut tally = Tally::of(window);
            assert!(
                tally.stretches.len() <= 122,
                "{minutes}: {}",
                tally.stretches.len()
            );
            tally.failed(window.start);
            tally.failed(window.end.plus_minutes(-1));
            tally.failed(window.end.plus_minutes(1));
            assert_eq!(tally.told().farther, 0, "{minutes}");
        }
    }

    #[test]
    fn many_failures_close_to_the_end_are_told_and_a_usual_few_are_not() {
        let count = |inside: i64, close: i64, later: i64| {
            let (window, mut tally) = (window(), Tally::of(window()));
            (0..inside).for_each(|_| tally.failed(window.start));
            (0..close).for_each(|_| tally.failed(window.end));
            (0..later).for_each(|_| tally.failed(window.end.plus_minutes(30)));
            tally.told().close(&window)
        };
        assert_eq!(count(4_000, 29, 72), (None, Some(29)));
        assert_eq!(count(4_000, 29, 700), (None, None));
        assert_eq!(count(4_000, 600, 9_000), (None, Some(600)), "it went on");
        assert_eq!(count(4_000, 4, 0), (None, None), "too few");
    }
}
