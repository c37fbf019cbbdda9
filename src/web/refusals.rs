//! Answers that say "not now": of a crowd, or of a stranger who makes one, there are many. They are counted, and the log has one
//! line about them a minute.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two lines.
const QUIET: Duration = Duration::from_secs(60);

/// Refusals since the last line.
pub(super) struct Refusals(Mutex<(Option<Instant>, u64)>);

impl Refusals {
    /// None yet.
    pub(super) const fn none() -> Self {
        Self(Mutex::new((None, 0)))
    }

    /// One more; answers how many there were since the last line, if it is time for another.
    pub(super) fn count(&self, now: Instant) -> Option<u64> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (told, since) = &mut *kept;
        *since += 1;
        if told.is_some_and(|told| now.duration_since(told) < QUIET) {
            return None;
        }
        *told = Some(now);
        Some(std::mem::take(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_that_is_refused_costs_the_log_one_line_a_minute() {
        let (refusals, begun) = (Refusals::none(), Instant::now());
        let after = |seconds| refusals.count(begun + Duration::from_secs(seconds));
        assert_eq!(after(0), Some(1));
        for _ in 0..10_000 {
            assert_eq!(after(59), None);
        }
        assert_eq!(after(60), Some(10_001));
        assert_eq!(after(61), None);
    }
}
