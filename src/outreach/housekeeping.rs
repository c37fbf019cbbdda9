//! What is thrown away after a while.

use super::{Office, Result};
use crate::store::{guesses, idempotency_keys, sign_in_failures};

/// A repeated request gets its first answer for so long.
const ANSWER_HOURS: i64 = 48;
/// Wrong sign-ins and guesses are kept for so long.
const FAILURE_HOURS: i64 = 24;

impl Office {
    /// Forgets answers and failures that no longer count.
    pub fn forget_old_answers(&self) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            idempotency_keys::forget_before(conn, now.plus_hours(-ANSWER_HOURS))?;
            sign_in_failures::forget_before(conn, now.plus_hours(-FAILURE_HOURS))?;
            guesses::forget_before(conn, now.plus_hours(-FAILURE_HOURS))?;
            Ok(())
        })
    }
}
