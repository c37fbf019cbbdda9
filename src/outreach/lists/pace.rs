//! How many calls an hour each caller makes: for dealing by time, never a ranking.

use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::outreach::Result;
use crate::store::board::{self, Work};

/// Calls an hour of somebody of whom nothing is known, nor of anybody else.
const ASSUMED: i64 = 10;
/// With fewer calls in the last hour a person's own pace says nothing.
const ENOUGH: i64 = 5;

/// What callers did in the last hour.
pub(super) struct Pace(Vec<Work>);

impl Pace {
    pub fn measured(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<Self> {
        let work = board::work_since(conn, outage, now.plus_hours(-1))?;
        Ok(Self(work.into_iter().filter(|one| one.calls >= ENOUGH).collect()))
    }

    /// Calls an hour: a person's own, else their colleagues' mean, else what is assumed.
    pub fn of(&self, user: UserId) -> i64 {
        let own = self.0.iter().find(|one| one.user_id == user).map(|one| one.calls);
        own.unwrap_or_else(|| self.mean())
    }

    fn mean(&self) -> i64 {
        let calls: i64 = self.0.iter().map(|one| one.calls).sum();
        match i64::try_from(self.0.len()) {
            Ok(0) | Err(_) => ASSUMED,
            Ok(callers) => (calls / callers).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_just_begun_is_counted_like_the_others() {
        let work = |user_id, calls| Work {
            user_id,
            calls,
            closed: 0,
        };
        let pace = Pace(vec![work(1, 12), work(2, 6)]);
        assert_eq!((pace.of(1), pace.of(2), pace.of(3)), (12, 6, 9));
        assert_eq!(Pace(Vec::new()).of(1), ASSUMED);
    }
}
