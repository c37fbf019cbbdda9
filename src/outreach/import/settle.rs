//! What is left to do once it is decided what becomes of an import: cases follow it or fall back, its new calls are dealt, its
//! rows go. Of a large one that takes a while, so it is done in the background; what a process that died has left is
//! finished by whoever finds it.

use super::away::WhenAway;
use super::discard::has_rows;
use super::strides::Strides;
use super::{Import, ImportState};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::outreach::{Office, Result};
use crate::store::{imports, staging};
use std::sync::mpsc;
use std::time::Duration;

/// Whoever asked waits so long for the end, so that of a small file all is done when the next page opens.
const SOON: Duration = Duration::from_secs(1);

impl Office {
    /// Does what is left to do; says whether that was anything. Whoever is at it already is left alone, or with `wait`
    /// waited for, if that is on this machine.
    pub(super) fn settle(&self, import: &Import, wait: bool) -> Result<bool> {
        match import.state() {
            ImportState::Published => self.finish_publishing(import, wait),
            ImportState::Undoing | ImportState::Undone => self.finish_undoing(import, wait),
            ImportState::Discarded | ImportState::Refused => self.sweep(import, wait),
            ImportState::Received | ImportState::Checking | ImportState::Checked => Ok(false),
        }
    }

    /// The same on a thread of its own. What was decided holds already, so that nobody is told when it fails, as when the
    /// disk is full: housekeeping tries again.
    pub(super) fn settle_soon(&self, id: ImportId) -> Result<()> {
        let (done, ended) = mpsc::channel::<()>();
        let office = self.unhurried();
        std::thread::Builder::new()
            .name(format!("import-{id}"))
            .spawn(move || {
                let settle = || office.settle(&office.import(id)?, true);
                let settled = office.as_soon_as_it_is_back(id, WhenAway::GoOn, settle);
                if let Err(error) = settled {
                    tracing::warn!(import = id, %error, "an import is not settled; trying again in a minute");
                }
                drop(done);
            })?;
        let _ = ended.recv_timeout(SOON);
        Ok(())
    }

    fn finish_publishing(&self, import: &Import, wait: bool) -> Result<bool> {
        let marks = self.db.read(|conn| staging::count_marks(conn, import.id))?;
        if marks == 0 && !import.deal_due {
            return Ok(false);
        }
        let Some(hold) = self.take_up(import, wait)? else {
            return Ok(false);
        };
        let mut strides = Strides::new(self, &hold, import, marks);
        self.catch_up(import, &mut strides)?;
        if import.deal_due {
            self.deal_late_arrivals(import, &mut strides)?;
        }
        self.db
            .write(|conn| imports::forget_progress(conn, import.id).map(drop))?;
        self.let_go(import, &hold)?;
        Ok(true)
    }
}

/// Whether an import of the outage that is decided about still has something in the way of another: rows that will go, or
/// cases that have to follow it.
pub(super) fn is_unsettled(conn: &mut Conn, outage: OutageId) -> Result<bool> {
    use ImportState::{Discarded, Published, Refused, Undoing, Undone};
    for import in imports::in_states(
        conn,
        Some(outage),
        &[Discarded, Published, Refused, Undoing, Undone],
    )? {
        let unsettled = match import.state() {
            Undoing => true,
            Published => staging::has_marks(conn, import.id)?,
            _ => has_rows(conn, import.id)?,
        };
        if unsettled {
            return Ok(true);
        }
    }
    Ok(false)
}
