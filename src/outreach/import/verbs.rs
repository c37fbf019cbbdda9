//! Looking at imports.

use super::{
    Import, ImportPhase, ImportState, Layout, OutageCount, Progress, Question, Reject, Report, columns,
};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::domain::timestamp::Timestamp;
use crate::outreach::{Error, Office, Result};
use crate::store::{import_rejects, imports, staging};

/// A file that waits for another says so many times in so many seconds.
const SIGN_OF_LIFE_SECONDS: i64 = 10;

impl Office {
    /// One import.
    ///
    /// # Errors
    /// There is no such import.
    pub fn import(&self, id: ImportId) -> Result<Import> {
        self.db
            .read(|conn| imports::find(conn, id))?
            .ok_or(Error::NotFound("import"))
    }

    /// The imports of an outage, the latest first.
    pub fn imports(&self, outage: OutageId) -> Result<Vec<Import>> {
        Ok(self.db.read(|conn| imports::of_outage(conn, outage))?)
    }

    /// Whether cases that were there before still have to follow an import that counts, or its new calls wait to be dealt.
    pub fn is_followed_up(&self, import: &Import) -> Result<bool> {
        if import.state() != ImportState::Published {
            return Ok(false);
        }
        let waits = |conn: &mut Conn| staging::has_marks(conn, import.id);
        Ok(import.deal_due || self.db.read(waits)?)
    }

    /// What the outage held before an import, as the one before it tells.
    pub fn held_before(&self, import: &Import) -> Result<OutageCount> {
        self.db.read(|conn| {
            let before = imports::published_before(conn, import.outage_id, import.id)?;
            let before = before.map(|id| imports::find(conn, id)).transpose()?.flatten();
            Ok(before
                .and_then(|before| before.told())
                .map_or_else(Default::default, |told| told.outage))
        })
    }

    /// The rejected records after a line.
    pub fn import_rejects(&self, id: ImportId, after_line: i64, limit: i64) -> Result<Vec<Reject>> {
        Ok(self
            .db
            .read(|conn| import_rejects::page(conn, id, after_line, limit))?)
    }
}

impl Import {
    /// What a person has to answer before it is read.
    pub fn questions(&self) -> Vec<Question> {
        let is_open = self.state() == ImportState::Received;
        let layout = columns::kept(self).filter(|_| is_open);
        layout.map(|layout| layout.questions).unwrap_or_default()
    }

    /// How it is read, or was, as far as that was found out or said.
    pub fn read_by(&self) -> Option<Layout> {
        columns::kept(self)
    }

    /// Its report, once the file is read.
    pub fn told(&self) -> Option<Report> {
        serde_json::from_str(self.report.as_deref()?).ok()
    }

    /// How far it is. Any node can show it.
    pub fn progress(&self) -> Progress {
        let phase = self.problem.as_deref().and_then(|word| word.parse().ok());
        Progress {
            phase: phase.unwrap_or(match self.state() {
                ImportState::Published => ImportPhase::Changing,
                _ => ImportPhase::Reading,
            }),
            bytes_read: self.bytes_read.unsigned_abs(),
            size_bytes: self.size_bytes.unsigned_abs(),
            rows_read: self.rows_read.unsigned_abs(),
        }
    }

    /// What is being done with it, if anything is.
    pub fn doing(&self, now: Timestamp) -> Option<ImportPhase> {
        let phase = self.problem.as_deref().and_then(|word| word.parse().ok());
        match self.state() {
            ImportState::Checking | ImportState::Undoing => Some(self.progress().phase),
            ImportState::Published => phase,
            ImportState::Received => {
                let waits = |at: Timestamp| now.seconds_since(at) < SIGN_OF_LIFE_SECONDS;
                phase.filter(|_| self.worked_at.is_some_and(waits))
            }
            _ => None,
        }
    }
}
