//! Correcting when an outage was. Imports sort their rows by it, so it can be corrected as long as none of them counts: what counts is
//! taken back first, and comes in again by the right window. A file that only waits for a yes is read again.

use super::accounts::User;
use super::outages::{Outage, OutageChanges, Problems, in_order, instant};
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::OutageId;
use crate::domain::import::ImportState;
use crate::domain::moment::Calendar;
use crate::domain::timestamp::Timestamp;
use crate::store::{imports, outages, staging};

/// States of imports of which something may count.
const COUNTING: [ImportState; 3] = [
    ImportState::Checking,
    ImportState::Published,
    ImportState::Undoing,
];

/// When an outage was, as somebody entered it: local in its zone. What was not changed stays to the second.
#[derive(Clone, Copy, Debug, Default)]
pub struct WindowTexts<'a> {
    /// When it began; none: as before.
    pub start: Option<&'a str>,
    /// When it was over, not included; none: as before.
    pub end: Option<&'a str>,
}

impl WindowTexts<'_> {
    /// The window that was entered.
    ///
    /// # Errors
    /// What cannot be read, by its field.
    pub fn read(&self, before: &Outage) -> std::result::Result<(Timestamp, Timestamp), Problems> {
        let calendar = Calendar::new(before.zone());
        let read = |field, text: Option<&str>, before| match text {
            Some(text) => instant(&calendar, field, text),
            None => Ok(before),
        };
        let start = read("start", self.start, before.starts_at);
        let end = read("end", self.end, before.ends_at);
        match (start, end) {
            (Ok(start), Ok(end)) => Ok((start, end)),
            (start, end) => Err(super::outages::problems([start.err(), end.err()])),
        }
    }
}

impl OutageChanges {
    /// Whether the outage would have been at another time.
    pub fn moves(&self, before: &Outage) -> bool {
        (self.starts_at, self.ends_at) != (before.starts_at, before.ends_at)
    }

    pub(super) fn is_in_order(&self) -> Result<()> {
        in_order(self.starts_at, self.ends_at)
    }
}

impl Office {
    /// Why the window of an outage stays as it is; none: it can be corrected.
    pub fn window_stays(&self, outage: OutageId) -> Result<Option<String>> {
        Ok(self
            .db
            .read(|conn| imports::in_states(conn, Some(outage), &COUNTING))?
            .first()
            .map(|_| STAYS.to_owned()))
    }

    /// Whether these changes give the outage another window, and nothing stands in the way.
    pub(super) fn may_move(&self, id: OutageId, to: &OutageChanges) -> Result<bool> {
        let before = self.db.read(|conn| outages::find(conn, id))?;
        let before = before.ok_or(Error::NotFound("outage"))?;
        Ok(to.moves(&before) && to.problems(&before).is_empty() && self.window_stays(id)?.is_none())
    }

    /// Lets a file that waits for a yes be read again, for its rows were sorted by the old window.
    pub(super) fn read_waiting_again(&self, outage: OutageId, by: Option<&User>) -> Result<()> {
        let waiting = self
            .db
            .read(|conn| imports::in_states(conn, Some(outage), &[ImportState::Checked]))?;
        for import in waiting {
            match self.match_anew(import.id, by.map(|by| by.id)) {
                // Its file is not here any more, or somebody was quicker: what was read of it is given up with the window.
                Err(Error::Conflict(_) | Error::NotFound(_)) => {}
                done => drop(done?),
            }
        }
        Ok(())
    }
}

/// Said where rows were sorted by the window.
const STAYS: &str = "Failed payments that count were sorted by this window. Take the imports of this outage back, correct the window, \
                     and upload the files again.";

/// Makes sure that nothing was sorted by the window that is about to be another.
pub(super) fn make_way(conn: &mut Conn, outage: OutageId) -> Result<()> {
    staging::lock(conn, outage)?;
    if !imports::in_states(conn, Some(outage), &COUNTING)?.is_empty() {
        return Err(Error::invalid("start", STAYS));
    }
    for waiting in imports::in_states(conn, Some(outage), &[ImportState::Checked])? {
        imports::advance(conn, waiting.id, ImportState::Checked, ImportState::Discarded)?;
        imports::set_problem(
            conn,
            waiting.id,
            "The window of the outage was corrected after this file was checked.",
        )?;
    }
    Ok(())
}
