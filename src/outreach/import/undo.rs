//! Taking an import back: a file of failed payments until the first attempt at the people it touched, a
//! reconciliation at any time. What it brought stops counting in one instant; cases it changed fall back
//! right after, in short transactions.

use super::work::Work;
use super::{Import, ImportKind, ImportState, stage};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, standing};
use crate::store::{decisions, imports, outages, payments, staging, transactions};

impl Office {
    /// Takes the latest import of an outage back.
    ///
    /// # Errors
    /// It does not count, a later one does, or somebody it touched was called or written to since.
    pub fn undo_import(&self, id: ImportId) -> Result<()> {
        let now = self.now();
        let import = self.db.write(|conn| take_back(conn, id, now))?;
        self.finish_undoing(&import)?;
        Ok(())
    }

    /// Lets the cases of an import that was taken back fall back, and deletes its rows; says whether
    /// there was anything to do.
    pub(super) fn finish_undoing(&self, import: &Import) -> Result<bool> {
        let id = import.id;
        if !self.db.read(|conn| super::discard::has_rows(conn, id))? {
            return Ok(false);
        }
        let Some(lock) = self.try_lock_import(id)? else {
            return Ok(false); // somebody is at it
        };
        let _until_the_end = lock.try_clone()?; // of the same lock: else housekeeping would begin anew in the middle
        match import.kind() {
            ImportKind::Failed => self.fall_back(import, lock)?,
            ImportKind::Successes => self.reopen(import, lock)?,
        }
        self.sweep(import)?;
        self.remove_upload(id);
        Ok(true)
    }

    /// The outage as if the import had never been, for the cases that are there without it.
    fn fall_back(&self, import: &Import, lock: std::fs::File) -> Result<()> {
        let (id, outage, now) = (import.id, import.outage_id, self.now());
        self.clear_marks(import)?;
        let book = self.db.read(|conn| Rulebook::open(conn, outage))?;
        let mut nobody = |_: &super::Progress| {};
        let mut work = Work::new(self, import.clone(), book, &mut nobody, (lock, id))?;
        note_homes_left(&mut work)?;
        stage::find_citizens(&mut work)?;
        drop(work);
        self.db.write(|conn| {
            transactions::apply_moves(conn, outage)?;
            payments::apply_next(conn, outage, now)?;
            Ok::<_, Error>(staging::apply_pressing(conn, id)?)
        })?;
        self.catch_up(import)
    }

    /// Folds the cases of a reconciliation that does not count any more, and deletes its payments.
    fn reopen(&self, import: &Import, _lock: std::fs::File) -> Result<()> {
        const AT_ONCE: i64 = 100;
        let now = self.now();
        loop {
            let some = self.db.write(|conn| {
                let some = payments::some_of_import(conn, import.id, AT_ONCE)?;
                let (ids, keys): (Vec<i64>, Vec<Option<String>>) = some.into_iter().unzip();
                let keys: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
                let known = staging::with_keys(conn, import.outage_id, &keys)?;
                let cases: Vec<i64> = known.into_iter().map(|known| known.id).collect();
                let book = Rulebook::open(conn, import.outage_id)?;
                standing::fold_again(conn, &book, &cases, now)?;
                Ok::<_, Error>(payments::delete(conn, &ids)?)
            })?;
            if some == 0 {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(2)); // others write too
        }
    }
}

/// Households that stay and lose a citizen are looked at again.
fn note_homes_left(work: &mut Work<'_>) -> Result<()> {
    const PAGE: i64 = 250;
    let (id, mut after) = (work.id(), 0);
    loop {
        let page = work
            .office
            .db
            .read(|conn| staging::homes_elsewhere(conn, id, after, PAGE))?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let homes: Vec<i64> = page.into_iter().map(|(_, home)| home).collect();
        work.write(|conn| Ok(staging::note_households(conn, id, &homes)?))?;
    }
}

fn take_back(conn: &mut Conn, id: ImportId, now: Timestamp) -> Result<Import> {
    let import = imports::find(conn, id)?.ok_or(Error::NotFound("import"))?;
    let outage = import.outage_id;
    staging::lock(conn, outage)?;
    let found = outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
    if import.state() != ImportState::Published {
        return Err(Error::Conflict(
            "This import does not count, so there is nothing to take back.".into(),
        ));
    }
    let later = match import.kind() {
        ImportKind::Failed => found.published_import_id != id,
        ImportKind::Successes => imports::is_followed(conn, &import)?,
    };
    if later {
        return Err(Error::Conflict(
            "A later import builds on this one. Take that one back first.".into(),
        ));
    }
    if !imports::in_states(conn, Some(outage), &[ImportState::Checking])?.is_empty() {
        return Err(Error::Conflict(
            "Another file is being read. Try again when it is done.".into(),
        ));
    }
    if import.kind() == ImportKind::Failed {
        must_be_untouched(conn, &import)?;
    }
    for checked in imports::in_states(conn, Some(outage), &[ImportState::Checked])? {
        imports::advance(conn, checked.id, ImportState::Checked, ImportState::Discarded)?;
        imports::set_problem(
            conn,
            checked.id,
            "An earlier import was taken back after this one was checked.",
        )?;
    }
    imports::advance(conn, id, ImportState::Published, ImportState::Undone)?;
    imports::set_undone(conn, id, now)?;
    if import.kind() == ImportKind::Failed {
        staging::release_claims(conn, id, now)?;
        let before = imports::published_before(conn, outage, id)?.unwrap_or(0);
        outages::publish(conn, outage, before)?;
    }
    Ok(imports::find(conn, id)?.unwrap_or(import))
}

/// Nobody whom an import touched was called or written to since.
fn must_be_untouched(conn: &mut Conn, import: &Import) -> Result<()> {
    let since = import.published_at.unwrap_or(import.created_at);
    if staging::was_called(conn, import.outage_id, import.id, since)? {
        return Err(Error::Conflict(
            "People of this import were called already, so it stays.".into(),
        ));
    }
    if staging::was_written_to(conn, import.id)? {
        return Err(Error::Conflict(
            "E-mails to people of this import are on their way, so it stays.".into(),
        ));
    }
    if decisions::touch_import(conn, import.id)? {
        return Err(Error::Conflict(
            "A supervisor decided about people of this import, so it stays.".into(),
        ));
    }
    Ok(())
}
