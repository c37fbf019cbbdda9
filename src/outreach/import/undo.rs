//! Taking an import back: a file of failed payments until the first attempt at the people it touched, a
//! reconciliation at any time. What it brought stops counting in one instant; cases it changed fall back
//! right after, in short transactions.

use super::discard::{clear_marks, clear_rows, has_rows, rows};
use super::hold::Hold;
use super::strides::Strides;
use super::work::Work;
use super::{Import, ImportKind, ImportPhase, ImportState, Progress, mended, stage};
use crate::db::Conn;
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, standing};
use crate::store::{decisions, imports, outages, payments, staging, transactions};
use std::sync::Arc;

impl Office {
    /// Takes the latest import of an outage back, and waits until nothing of it is left.
    ///
    /// # Errors
    /// It does not count, a later one does, or somebody it touched was called or written to since.
    pub fn undo_import(&self, id: ImportId) -> Result<()> {
        let import = self.take_back(id)?;
        self.settle(&import, true)?;
        Ok(())
    }

    /// Takes the latest import of an outage back: it does not count from now on. What else there is to do is done in the
    /// background; [`Office::import`] tells how far it is.
    ///
    /// # Errors
    /// As [`Office::undo_import`].
    pub fn start_undoing(&self, id: ImportId) -> Result<()> {
        self.take_back(id)?;
        self.settle_soon(id)
    }

    fn take_back(&self, id: ImportId) -> Result<Import> {
        let now = self.now();
        self.once("take_back", |conn| take_back(conn, id, now))?;
        self.import(id)
    }

    /// Lets the cases of an import that was taken back fall back, and deletes its rows; says whether
    /// there was anything to do.
    pub(super) fn finish_undoing(&self, import: &Import, wait: bool) -> Result<bool> {
        let id = import.id;
        if import.state() == ImportState::Undone && !self.db.read(|conn| has_rows(conn, id))? {
            return Ok(false);
        }
        let Some(hold) = self.take_up(import, wait)? else {
            return Ok(false); // somebody is at it
        };
        let (hold, import) = (Arc::new(hold), &self.import(id)?);
        if import.kind() == ImportKind::Failed && !fell_back(import) {
            self.fall_back(import, &hold)?;
        }
        let whole = self
            .db
            .read(|conn| Ok::<_, Error>(staging::count_marks(conn, id)? + staging::count_rows(conn, id)?))?;
        let mut strides = Strides::new(self, &hold, import, whole);
        self.catch_up(import, &mut strides)?;
        self.reopen(import, &mut strides)?;
        clear_rows(import, &mut strides, Some(ImportPhase::Clearing))?;
        self.db.write(|conn| {
            imports::forget_progress(conn, id)?;
            hold.end(conn, ImportState::Undone)
        })?;
        self.remove_upload(id);
        Ok(true)
    }

    /// Finds out how the outage is as if the import had never been, for the cases that are there without it, and changes
    /// those that cannot wait.
    fn fall_back(&self, import: &Import, hold: &Arc<Hold>) -> Result<()> {
        let (id, outage, now) = (import.id, import.outage_id, self.now());
        clear_marks(import, &mut Strides::new(self, hold, import, 0))?;
        let book = self.db.read(|conn| Rulebook::open(conn, outage))?;
        let mut nobody = |_: &Progress| {};
        let mut work = Work::new(self, import.clone(), book, &mut nobody, (Arc::clone(hold), id))?;
        note_homes_left(&mut work)?;
        stage::find_citizens(&mut work)?;
        drop(work);
        self.db.write(|conn| {
            hold.note_alive(conn)?;
            transactions::apply_moves(conn, outage)?;
            payments::apply_next(conn, outage, now)?;
            staging::apply_pressing(conn, id)?;
            hold.note_progress(conn, (0, 0), ImportPhase::Changing)
        })
    }

    /// Folds the cases that payments of an import that does not count any more had closed, and deletes its payments.
    fn reopen(&self, import: &Import, strides: &mut Strides<'_>) -> Result<()> {
        let now = self.now();
        strides.run(Some(ImportPhase::Changing), |conn, _, limit| {
            let some = payments::some_of_import(conn, import.id, rows(limit))?;
            let (ids, keys): (Vec<i64>, Vec<Option<String>>) = some.into_iter().unzip();
            let keys: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
            let known = staging::with_keys(conn, import.outage_id, &keys)?;
            let others = known.into_iter().filter(|known| known.import_id != import.id); // its own cases go
            let cases: Vec<i64> = others.map(|known| known.id).collect();
            let book = Rulebook::open(conn, import.outage_id)?;
            standing::fold_again(conn, &book, &cases, now)?;
            Ok(payments::delete(conn, &ids)?)
        })
    }
}

/// Whether a process that died has found out already what falls back. Records that went back to other citizens then are
/// there now, so that it could not be found out again.
fn fell_back(import: &Import) -> bool {
    use ImportPhase::{Changing, Clearing};
    import.state() == ImportState::Undoing && matches!(import.progress().phase, Changing | Clearing)
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

fn take_back(conn: &mut Conn, id: ImportId, now: Timestamp) -> Result<()> {
    let import = imports::find(conn, id)?.ok_or(Error::NotFound("import"))?;
    let outage = import.outage_id;
    staging::lock(conn, outage)?;
    let found = outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
    if import.state() != ImportState::Published {
        return Err(Error::Conflict(
            "This import does not count, so there is nothing to take back.".into(),
        ));
    }
    if !imports::in_states(conn, Some(outage), &[ImportState::Undoing])?.is_empty() {
        return Err(Error::Conflict(
            "Another import is being taken back. Try again when that is done.".into(),
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
    imports::advance(conn, id, ImportState::Published, ImportState::Undoing)?;
    imports::set_undone(conn, id, ImportPhase::Linking.as_str(), now)?;
    mended::recount_corrected(conn, &import)?;
    if import.kind() == ImportKind::Failed {
        staging::release_claims(conn, id, now)?;
        let before = imports::published_before(conn, outage, id)?.unwrap_or(0);
        outages::publish(conn, outage, before)?;
    }
    Ok(())
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
