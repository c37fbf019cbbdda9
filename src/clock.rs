//! The only source of time.

use crate::domain::timestamp::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
    fn a_node_follows_the_database_clock() {
        let clock = Clock::default();
        clock.agree_with(Timestamp::from_micros(5_000_000));
        assert!(clock.now().seconds_since(Timestamp::from_micros(5_000_000)) < 2);
    }
}
