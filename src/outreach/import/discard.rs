//! Giving an import up, and clearing away what processes that died have left.

use super::hold::Hold;
use super::strides::Strides;
use super::{Import, ImportPhase, ImportState};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::outreach::{Error, Office, Result};
use crate::store::{imports, payments, staging, transactions};

/// An import without a sign of life for so long is dead, wherever it was worked on.
pub(super) const DEAD_AFTER_SECONDS: i64 = 60;

/// What whoever sent a file is told when nobody goes on reading it.
const STOPPED: &str = "Reading was interrupted: the program stopped. Upload the file again.";
const SILENT: &str = "Reading was interrupted: the server that read it gave no sign of life for a minute. Upload the file again.";

impl Office {
    /// Gives up an import that does not count yet, also while it is read.
    ///
    /// # Errors
    /// It counts already.
    pub fn discard_import(&self, id: ImportId) -> Result<()> {
        let given_up = self.give_import_up(id)?;
        self.settle(&given_up, false)?; // whoever reads it clears it away
        self.remove_upload(id);
        Ok(())
    }

    /// The same; what a large one leaves is cleared away in the background.
    ///
    /// # Errors
    /// As [`Office::discard_import`].
    pub fn start_discarding(&self, id: ImportId) -> Result<()> {
        self.give_import_up(id)?;
        self.settle_soon(id)
    }

    fn give_import_up(&self, id: ImportId) -> Result<Import> {
        let import = self.import(id)?;
        let given_up = self.once("give_import_up", |conn| {
            for from in [ImportState::Received, ImportState::Checking, ImportState::Checked] {
                if imports::advance(conn, id, from, ImportState::Discarded)? {
                    imports::forget_progress(conn, id)?; // it would read as the reason
                    return Ok::<_, Error>(true);
                }
            }
            Ok(false)
        })?;
        let counted = [ImportState::Published, ImportState::Undoing, ImportState::Undone];
        if !given_up && counted.contains(&import.state()) {
            return Err(Error::Conflict(
                "This import counts already. Take it back instead.".into(),
            ));
        }
        self.import(id)
    }

    /// Clears away what imports that were given up, taken back or interrupted have left; answers how
    /// many. Safe at any time, on any node, and when nothing is to do quick.
    pub fn tidy_imports(&self) -> Result<usize> {
        let tidied = self.tidy(None)?;
        self.tidy_uploads()?;
        Ok(tidied)
    }

    pub(super) fn tidy(&self, outage: Option<OutageId>) -> Result<usize> {
        use ImportState::{Checking, Discarded, Published, Refused, Undoing, Undone};
        let states = [Checking, Discarded, Published, Refused, Undoing, Undone];
        let found = self.db.read(|conn| imports::in_states(conn, outage, &states))?;
        let mut tidied = 0;
        for import in found {
            let did = match import.state() {
                Checking => self.clear_away(&import)?,
                _ => self.settle(&import, false)?,
            };
            tidied += usize::from(did);
        }
        Ok(tidied)
    }

    /// Gives up an import that nobody works on any more.
    fn bury(&self, import: &Import) -> Result<bool> {
        let Some(why) = self.why_dead(import)? else {
            return Ok(false);
        };
        self.remove_upload(import.id);
        self.db.write(|conn| {
            let buried = imports::advance(conn, import.id, ImportState::Checking, ImportState::Discarded)?;
            imports::set_problem(conn, import.id, why)?;
            imports::set_free(conn, import.id)?;
            Ok(buried)
        })
    }

    /// Why nobody works on an import any more: whoever did died on this machine, or was silent too long.
    fn why_dead(&self, import: &Import) -> Result<Option<&'static str>> {
        if self.has_lock_file(import.id) {
            let Some(lock) = self.try_lock_import(import.id)? else {
                return Ok(None);
            };
            if import.worked_by.as_ref() == Some(&lock.last_word) {
                return Ok(Some(STOPPED));
            }
        }
        let silent = import
            .worked_at
            .is_none_or(|at| self.now().seconds_since(at) > DEAD_AFTER_SECONDS);
        Ok(silent.then_some(SILENT))
    }

    /// Of an import whose reader died.
    fn clear_away(&self, import: &Import) -> Result<bool> {
        let buried = self.bury(import)?;
        if buried {
            self.sweep(&self.import(import.id)?, false)?;
        }
        Ok(buried)
    }

    /// Deletes all rows of an import that does not count; says whether there were any.
    pub(super) fn sweep(&self, import: &Import, wait: bool) -> Result<bool> {
        if !self.db.read(|conn| has_rows(conn, import.id))? {
            return Ok(false);
        }
        let Some(hold) = self.take_up(import, wait)? else {
            return Ok(false); // somebody is at it
        };
        let mut strides = Strides::new(self, &hold, import, 0);
        clear_marks(import, &mut strides)?;
        clear_rows(import, &mut strides, None)?;
        self.let_go(import, &hold)?;
        Ok(true)
    }

    pub(super) fn let_go(&self, import: &Import, hold: &Hold) -> Result<()> {
        self.db.write(|conn| hold.end(conn, import.state()))?;
        self.remove_upload(import.id);
        Ok(())
    }
}

/// Forgets what an import would have changed.
pub(super) fn clear_marks(import: &Import, strides: &mut Strides<'_>) -> Result<()> {
    let (id, outage) = (import.id, import.outage_id);
    strides.run(None, |conn, _, limit| {
        Ok(transactions::forget_moves(conn, outage, rows(limit))?)
    })?;
    strides.run(None, |conn, _, limit| {
        Ok(payments::forget_next(conn, outage, rows(limit))?)
    })?;
    strides.run(None, |conn, _, limit| {
        Ok(staging::delete_marks(conn, id, rows(limit))?)
    })
}

/// Deletes the rows of an import.
pub(super) fn clear_rows(
    import: &Import,
    strides: &mut Strides<'_>,
    phase: Option<ImportPhase>,
) -> Result<()> {
    let id = import.id;
    strides.run(phase, |conn, _, limit| {
        Ok(staging::delete_some(conn, id, rows(limit))?)
    })?;
    strides.run(phase, |conn, _, limit| {
        Ok(transactions::delete_some(conn, id, rows(limit))?)
    })?;
    strides.run(phase, |conn, _, limit| {
        Ok(payments::delete_some(conn, id, rows(limit))?)
    })
}

pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn has_rows(conn: &mut Conn, import: ImportId) -> Result<bool> {
    Ok(staging::has_rows(conn, import)?
        || transactions::has_rows(conn, import)?
        || payments::has_rows(conn, import)?)
}
