//! Whether a write can succeed: known from the last one, and tried when that is too long ago or went wrong.

use super::transaction::Failure;
use super::{Conn, Db, Trouble, migrate};
use diesel::{QueryResult, RunQueryDsl, sql_query};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What was written successfully so shortly before needs no trial.
const SURE_FOR: Duration = Duration::from_secs(60);
/// Between two trials while something is wrong, however often somebody asks.
const BETWEEN: Duration = Duration::from_secs(2);

/// So long a trial waits for SQLite's one writer.
const TRIAL: Duration = Duration::from_millis(500);

/// What is known of a database's writes.
#[derive(Default)]
pub(super) struct Fate(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// When one last succeeded, if none has failed since.
    succeeded: Option<Instant>,
    /// What the last one failed with, and when.
    failed: Option<(Instant, Trouble)>,
}

impl Fate {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A write succeeded.
    pub fn succeeded(&self) {
        let mut known = self.known();
        known.succeeded = Some(Instant::now());
        // What is damaged stays damaged, though other pages can be written.
        if known
            .failed
            .is_some_and(|(_, trouble)| trouble != Trouble::Damaged)
        {
            known.failed = None;
        }
    }

    /// A write or a read failed.
    pub fn failed(&self, trouble: Trouble) {
        if !matches!(
            trouble,
            Trouble::Crowded | Trouble::Busy | Trouble::Character | Trouble::Fault
        ) {
            let mut known = self.known();
            known.succeeded = None;
            if known.failed.is_none_or(|(_, known)| known != Trouble::Damaged) {
                known.failed = Some((Instant::now(), trouble));
            }
        }
    }

    /// What is known without a trial; `None`: it has to be tried.
    fn verdict(&self) -> Option<Result<(), Trouble>> {
        let known = self.known();
        match (known.failed, known.succeeded) {
            (Some((_, Trouble::Damaged)), _) => Some(Err(Trouble::Damaged)),
            (Some((at, trouble)), _) if at.elapsed() < BETWEEN => Some(Err(trouble)),
            (None, Some(at)) if at.elapsed() < SURE_FOR => Some(Ok(())),
            _ => None,
        }
    }
}

/// Why this node is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// Something is wrong with the database.
    #[error("{}", .0.title())]
    Database(Trouble),
    /// Migrations of this program's are still to be applied, or a newer one has changed what this one relies on.
    #[error("The database's schema is not this program's")]
    Schema,
}

impl Db {
    /// Whether this node can do its work: the database answers, has a schema that this program can work with, and takes
    /// changes. Nothing is written as long as the last write is known to have succeeded.
    ///
    /// # Errors
    /// Why not, in words that tell nobody anything about the data.
    pub fn readiness(&self) -> Result<(), Unready> {
        let fits = self.read(migrate::fits);
        let fits = fits.map_err(|error| Unready::Database(error.trouble()))?;
        if !fits {
            return Err(Unready::Schema);
        }
        let verdict = self.fate.verdict().unwrap_or_else(|| {
            let tried = self.write_within(TRIAL, &mut try_to_write);
            tried.map_err(|error| error.trouble())
        });
        match verdict {
            Err(Trouble::Busy | Trouble::Crowded) => Ok(()), // others write: so it takes changes
            verdict => verdict.map_err(Unready::Database),
        }
    }
}

/// Changes the one row that is there for this.
fn try_to_write(conn: &mut Conn) -> QueryResult<()> {
    sql_query("UPDATE write_trials SET tried = 1 - tried")
        .execute(conn)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_that_failed_is_tried_again_soon_but_not_at_every_question() {
        let fate = Fate::default();
        assert_eq!(fate.verdict(), None, "nothing is known at the start");
        fate.succeeded();
        assert_eq!(fate.verdict(), Some(Ok(())));
        fate.failed(Trouble::Busy);
        assert_eq!(fate.verdict(), Some(Ok(())), "being busy says nothing");
        fate.failed(Trouble::DiskFull);
        assert_eq!(fate.verdict(), Some(Err(Trouble::DiskFull)));
        fate.succeeded();
        assert_eq!(fate.verdict(), Some(Ok(())));
    }

    #[test]
    fn what_is_damaged_stays_so_though_other_pages_can_be_written() {
        let fate = Fate::default();
        fate.failed(Trouble::Damaged);
        fate.succeeded();
        fate.failed(Trouble::Away);
        assert_eq!(fate.verdict(), Some(Err(Trouble::Damaged)));
    }
}
