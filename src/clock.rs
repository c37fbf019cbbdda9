//! The only source of time.

use crate::domain::timestamp::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Tells the time, in microseconds. Nodes that share a database agree because each keeps its
/// distance from the database's clock ([`Clock::agree_with`]); tests move it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds that this node's clock is behind the agreed one.
    behind: Arc<AtomicI64>,
    /// Microseconds by which a test or a rehearsal has moved it on top of that.
    moved: Arc<AtomicI64>,
}

impl Clock {
    /// The time now, as every node sees it.
    pub fn now(&self) -> Timestamp {
        let ahead = self
            .behind
            .load(Ordering::Relaxed)
            .saturating_add(self.moved.load(Ordering::Relaxed));
        Timestamp::from_micros(own_micros().saturating_add(ahead))
    }

    /// From here on this clock tells the time that the database told just now.
    pub fn agree_with(&self, told: Timestamp) {
        self.behind
            .store(told.micros().saturating_sub(own_micros()), Ordering::Relaxed);
    }

    /// Moves this clock; negative moves back. For tests and rehearsals.
    pub fn advance_seconds(&self, seconds: i64) {
        self.moved
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::Relaxed);
    }
}

/// This machine's clock may be off by so much, and be set by so much, before somebody is told: in seconds.
pub const TOLERANCE: i64 = 5;

/// Notices when this machine's clock is set, or the machine sleeps: then calls and callbacks stand at wrong times.
pub struct Watch {
    micros: i64,
    steady: Instant,
}

impl Watch {
    /// Begins to watch.
    pub fn begin() -> Self {
        Self {
            micros: own_micros(),
            steady: Instant::now(),
        }
    }

    /// By how many seconds the clock was set since the last look, if it was.
    pub fn jumped(&mut self) -> Option<i64> {
        let now = Self::begin();
        let passed = i64::try_from(now.steady.duration_since(self.steady).as_micros()).unwrap_or(i64::MAX);
        let jumped = (now.micros.saturating_sub(self.micros).saturating_sub(passed)) / 1_000_000;
        *self = now;
        (jumped.abs() >= TOLERANCE).then_some(jumped)
    }
}

impl Clock {
    /// How many seconds this machine's clock is behind the agreed one; negative: ahead.
    pub fn seconds_behind(&self) -> i64 {
        self.behind.load(Ordering::Relaxed) / 1_000_000
    }
}

#[allow(clippy::disallowed_methods)] // the one place that may ask the system
fn own_micros() -> i64 {
    chrono::Utc::now().timestamp_micros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_one_time() {
        let clock = Clock::default();
        let other = clock.clone();
        clock.advance_seconds(3600);
        assert!(other.now().seconds_since(Timestamp::from_micros(own_micros())) >= 3599);
    }

    #[test]
    fn a_clock_that_was_set_is_noticed_once() {
        let mut watch = Watch::begin();
        assert_eq!(watch.jumped(), None);
        watch.micros -= 86_400_000_000;
        assert!(
            watch
                .jumped()
                .is_some_and(|seconds| (86_390..86_410).contains(&seconds))
        );
        assert_eq!(watch.jumped(), None);
        watch.micros += 3_600_000_000;
        assert!(watch.jumped().is_some_and(|seconds| seconds < -3_590));
    }

    #[test]
    fn a_node_follows_the_database_clock() {
        let clock = Clock::default();
        clock.agree_with(Timestamp::from_micros(5_000_000));
        assert!(clock.now().seconds_since(Timestamp::from_micros(5_000_000)) < 2);
    }
}
