//! What is thrown away after a while.

use super::{Office, Result};
use crate::store::{self, budgets, idempotency_keys, note_drafts};

/// A repeated request gets its first answer for so long.
const ANSWER_HOURS: i64 = 48;

/// What the version before has counted, and what was typed about a call that nobody recorded, is over after so long.
const COUNTED_HOURS: i64 = 24;

impl Office {
    /// Forgets answers, budgets and sessions that no longer count.
    pub fn forget_old_answers(&self) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| -> store::Result<()> {
            idempotency_keys::forget_before(conn, now.plus_hours(-ANSWER_HOURS))?;
            note_drafts::forget_before(conn, now.plus_hours(-COUNTED_HOURS))?;
            budgets::forget_whole(conn, now)?;
            budgets::forget_lists(conn, now.plus_hours(-COUNTED_HOURS))?;
            Self::forget_dead_sessions(conn, now)
        })?;
        Ok(())
    }
}
