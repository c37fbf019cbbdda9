//! Giving an import up, and clearing away what processes that died have left.

use super::{Import, ImportState};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::outreach::{Error, Office, Result};
use crate::store::{imports, payments, staging, transactions};
use std::time::Duration;

/// An import without a sign of life for so long is dead, wherever it was read.
const DEAD_AFTER_SECONDS: i64 = 60;
/// Rows deleted in one transaction.
const AT_ONCE: i64 = 250;
/// Between two of them, for whoever else wants to write.
const PAUSE: Duration = Duration::from_millis(2);

impl Office {
    /// Gives up an import that does not count yet, also while it is read.
    ///
    /// # Errors
    /// It counts already.
    pub fn discard_import(&self, id: ImportId) -> Result<()> {
        let import = self.import(id)?;
        let given_up = self.db.write(|conn| {
            for from in [ImportState::Received, ImportState::Checking, ImportState::Checked] {
                if imports::advance(conn, id, from, ImportState::Discarded)? {
                    return Ok::<_, Error>(true);
                }
            }
            Ok(false)
        })?;
        if !given_up && matches!(import.state(), ImportState::Published | ImportState::Undone) {
            return Err(Error::Conflict(
                "This import counts already. Take it back instead.".into(),
            ));
        }
        if import.state() != ImportState::Checking {
            self.sweep(&import)?; // whoever reads it clears it away
        }
        self.remove_upload(id);
        Ok(())
    }

    /// Clears away what imports that were given up, taken back or interrupted have left; answers how
    /// many. Safe at any time, on any node, and when nothing is to do quick.
    pub fn tidy_imports(&self) -> Result<usize> {
        let tidied = self.tidy(None)?;
        self.tidy_uploads()?;
        Ok(tidied)
    }

    pub(super) fn tidy(&self, outage: Option<OutageId>) -> Result<usize> {
        use ImportState::{Checking, Discarded, Published, Refused, Undone};
        let states = [Checking, Discarded, Published, Refused, Undone];
        let found = self.db.read(|conn| imports::in_states(conn, outage, &states))?;
        let mut tidied = 0;
        for import in found {
            let did = match import.state() {
                Checking => self.clear_away(&import)?,
                Published => self.finish_publishing(&import)?,
                Undone => self.finish_undoing(&import)?,
                _ => self.sweep(&import)?,
            };
            tidied += usize::from(did);
        }
        Ok(tidied)
    }

    /// Gives up an import that nobody works on any more.
    fn bury(&self, import: &Import) -> Result<bool> {
        if !self.is_dead(import)? {
            return Ok(false);
        }
        const WHY: &str = "Reading was interrupted: the program stopped. Upload the file again.";
        self.remove_upload(import.id);
        self.db.write(|conn| {
            let buried = imports::advance(conn, import.id, ImportState::Checking, ImportState::Discarded)?;
            imports::set_problem(conn, import.id, WHY)?;
            Ok(buried)
        })
    }

    /// Whether nobody works on an import: its lock on this machine is free, or it was silent too long.
    pub(super) fn is_dead(&self, import: &Import) -> Result<bool> {
        if self.has_lock_file(import.id) {
            return Ok(self.try_lock_import(import.id)?.is_some());
        }
        let silent = import
            .worked_at
            .is_none_or(|at| self.now().seconds_since(at) > DEAD_AFTER_SECONDS);
        Ok(silent)
    }

    /// Of an import whose reader died.
    fn clear_away(&self, import: &Import) -> Result<bool> {
        let buried = self.bury(import)?;
        if buried {
            self.sweep(import)?;
        }
        Ok(buried)
    }

    fn finish_publishing(&self, import: &Import) -> Result<bool> {
        let noted = self.db.read(|conn| staging::has_marks(conn, import.id))?;
        if noted {
            self.catch_up(import)?;
        }
        if import.deal_due {
            self.deal_late_arrivals(import)?;
        }
        Ok(noted || import.deal_due)
    }

    /// Deletes all rows of an import that does not count, in short transactions; says whether there were any.
    pub(super) fn sweep(&self, import: &Import) -> Result<bool> {
        let id = import.id;
        if !self.db.read(|conn| has_rows(conn, id))? {
            return Ok(false);
        }
        self.clear_marks(import)?;
        self.in_batches(|conn| Ok(staging::delete_some(conn, id, AT_ONCE)?))?;
        self.in_batches(|conn| Ok(transactions::delete_some(conn, id, AT_ONCE)?))?;
        self.in_batches(|conn| Ok(payments::delete_some(conn, id, AT_ONCE)?))?;
        Ok(true)
    }

    /// Forgets what an import would have changed.
    pub(super) fn clear_marks(&self, import: &Import) -> Result<()> {
        let (id, outage) = (import.id, import.outage_id);
        self.in_batches(|conn| Ok(transactions::forget_moves(conn, outage, AT_ONCE)?))?;
        self.in_batches(|conn| Ok(payments::forget_next(conn, outage, AT_ONCE)?))?;
        self.in_batches(|conn| Ok(staging::delete_marks(conn, id, AT_ONCE)?))
    }

    fn in_batches(&self, mut body: impl FnMut(&mut Conn) -> Result<usize>) -> Result<()> {
        while self.db.write(&mut body)? > 0 {
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }
}

pub(super) fn has_rows(conn: &mut Conn, import: ImportId) -> Result<bool> {
    Ok(staging::has_rows(conn, import)?
        || transactions::has_rows(conn, import)?
        || payments::has_rows(conn, import)?)
}
