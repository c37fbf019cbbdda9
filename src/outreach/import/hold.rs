//! Who works on an import: one process at a time, wherever it runs.
//!
//! Whoever takes an import up leaves a word in the database and gives a sign of life with each transaction. After a
//! minute without one another process may take it up; on the machine of the one that died at once, for there its word
//! stands in a lock that is free. Whose word stands in the database no more stops: its next transaction fails.

use super::discard::DEAD_AFTER_SECONDS;
use super::lock::Lock;
use super::{Import, ImportPhase, ImportState};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::{Error, Office, Result, token};
use crate::store::imports;

/// An import that is ours to work on, as long as it stands where it does.
pub(super) struct Hold {
    office: Office,
    id: ImportId,
    state: ImportState,
    word: String,
    /// Its name is the import's; free as soon as this process is gone, however it went.
    _lock: Lock,
}

impl Office {
    /// To begin with an import that stands in `state` then; waits for whoever is at it on this machine.
    pub(super) fn hold_import(&self, id: ImportId, state: ImportState) -> Result<Hold> {
        Ok(self.hold(id, state, self.lock_import(id)?))
    }

    /// Takes up what is left to be done with an import, unless somebody is at it. With `wait` those on this machine are
    /// waited for, who stop because it stands somewhere else now.
    pub(super) fn take_up(&self, import: &Import, wait: bool) -> Result<Option<Hold>> {
        let id = import.id;
        let lock = match wait {
            true => Some(self.lock_import(id)?),
            false => self.try_lock_import(id)?,
        };
        let Some(lock) = lock else { return Ok(None) };
        let dead = lock.last_word.clone();
        let (hold, now) = (self.hold(id, import.state(), lock), self.now());
        let silent_since = now.plus_seconds(-DEAD_AFTER_SECONDS);
        let ours = (hold.state, hold.word.as_str());
        if self
            .db
            .write(|conn| imports::take_up(conn, id, ours, (&dead, silent_since), now))?
        {
            return Ok(Some(hold));
        }
        self.remove_lock(id); // another machine is at it
        Ok(None)
    }

    fn hold(&self, id: ImportId, state: ImportState, mut lock: Lock) -> Hold {
        let word = token::fresh();
        lock.leave_word(&word);
        Hold {
            office: self.clone(),
            id,
            state,
            word,
            _lock: lock,
        }
    }
}

impl Hold {
    /// Begins with an import that nobody has.
    pub(super) fn begin(&self, conn: &mut Conn, now: Timestamp) -> Result<bool> {
        let ours = (self.state, self.word.as_str());
        Ok(imports::take_up(conn, self.id, ours, ("", now), now)?)
    }

    /// Whether an import is worked on under this word.
    pub(super) fn has(&self, import: &Import) -> bool {
        import.state() == self.state && import.worked_by.as_ref() == Some(&self.word)
    }

    /// A sign of life, first in each transaction.
    ///
    /// # Errors
    /// The import is not wanted there any more, or another process has taken it up.
    pub(super) fn note_alive(&self, conn: &mut Conn) -> Result<()> {
        let ours = (self.state, self.word.as_str());
        if imports::note_alive(conn, self.id, ours, self.office.now())? {
            return Ok(());
        }
        Err(Error::Conflict(match self.state {
            ImportState::Checking => "The import was given up.".into(),
            _ => "Something else is done with this import now.".into(),
        }))
    }

    /// How far it is: bytes of the file and rows.
    pub(super) fn note_progress(
        &self,
        conn: &mut Conn,
        so_far: (i64, i64),
        phase: ImportPhase,
    ) -> Result<()> {
        imports::note_progress(conn, self.id, so_far, phase.as_str())?;
        Ok(())
    }

    /// Nothing more is done under this word. When even that cannot be written (a full disk), it lapses.
    pub(super) fn give_up(&self) {
        let _ = self
            .office
            .db
            .write(|conn| imports::let_go(conn, self.id, &self.word));
    }

    /// It is done, and the import stands in `then`.
    pub(super) fn end(&self, conn: &mut Conn, then: ImportState) -> Result<()> {
        self.note_alive(conn)?;
        imports::let_go(conn, self.id, &self.word)?;
        imports::advance(conn, self.id, self.state, then)?;
        Ok(())
    }
}
