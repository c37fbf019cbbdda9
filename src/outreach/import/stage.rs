//! Staging: a whole file into the database, in short batches that nobody sees.

use super::away::WhenAway;
use super::columns::{self, Look};
use super::hold::Hold;
use super::read::{self, Trouble};
use super::sealed::Upload;
use super::work::Work;
use super::{
    Hints, Import, ImportKind, ImportPhase, ImportState, OutageCount, Progress, Report, Status, gather, link,
    paid, settle,
};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::Layout;
use crate::store::{imports, staging, transactions};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often an import looks whether the one before it is done.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What came of asking to begin.
enum Begun {
    /// It is ours now.
    Started(Box<(Import, Rulebook)>),
    /// Another import of the outage is at work.
    Wait,
    /// What another import left behind has to be cleared away first.
    Again,
}

impl Office {
    /// Reads a received file, finds its citizens and reports; nothing of it is visible. A file that
    /// cannot be read is an answer too: its report is `refused`.
    ///
    /// With [`WhenAway::GoOn`] it is read again from its start when the database went away and is back.
    ///
    /// # Errors
    /// The import is not to be read (any more), or writing failed: then it is given up and leaves nothing.
    pub(super) fn stage(
        &self,
        id: ImportId,
        open: &dyn Fn() -> Result<Upload>,
        (hints, when_away): (&Hints, WhenAway),
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Report> {
        let began = Instant::now();
        let import = self.import(id)?;
        let mut report = Report::empty(id, &import.file_name);
        let layout = match self.layout_of(&import, &mut open()?, hints)? {
            Look::Clear(layout) => layout,
            Look::Refused(reason) => return self.refuse(&import, ImportState::Received, report, reason),
        };
        report.describe(&layout);
        let hold = Arc::new(self.hold_import(id, ImportState::Checking)?);
        let begin = || self.begin(&import, &hold);
        let begun = self.as_soon_as_it_is_back(id, when_away, begin)?;
        match self.staged((&begun, &hold), (open, &layout), &report, (when_away, watch)) {
            Ok(mut report) => {
                report.seconds = began.elapsed().as_secs_f64();
                let finish = || self.finish(&begun.0, &hold, &report);
                self.as_soon_as_it_is_back(id, when_away, finish)?;
                Ok(report)
            }
            Err(trouble) => {
                hold.give_up();
                drop(hold);
                self.end_badly(&begun.0, report, trouble)
            }
        }
    }

    /// Waits for its turn: an outage has one import at work.
    fn begin(&self, import: &Import, hold: &Hold) -> Result<(Import, Rulebook)> {
        loop {
            self.tidy(Some(import.outage_id))?;
            match self.db.write(|conn| self.try_to_begin(conn, import, hold))? {
                Begun::Started(begun) => return Ok(*begun),
                Begun::Wait => std::thread::sleep(LOOK_AGAIN),
                Begun::Again => {}
            }
        }
    }

    fn try_to_begin(&self, conn: &mut Conn, import: &Import, hold: &Hold) -> Result<Begun> {
        let (outage, now) = (import.outage_id, self.now());
        staging::lock(conn, outage)?;
        let book = Rulebook::open(conn, outage)?;
        if let Some(begun) = imports::find(conn, import.id)?.filter(|import| hold.has(import)) {
            return Ok(Begun::Started(Box::new((begun, book)))); // the answer to it was lost
        }
        if import.kind() == ImportKind::Failed && import.id <= book.outage.published_import_id {
            return Err(Error::Conflict(OUTDATED.into()));
        }
        let staged = imports::in_states(conn, Some(outage), &[ImportState::Checking, ImportState::Checked])?;
        let is_at_work = staged.iter().any(|other| other.state() == ImportState::Checking);
        if is_at_work || settle::is_unsettled(conn, outage)? {
            imports::note_waiting(conn, import.id, ImportPhase::Waiting.as_str(), now)?;
            return Ok(Begun::Wait);
        }
        for other in &staged {
            imports::advance(conn, other.id, ImportState::Checked, ImportState::Discarded)?;
            imports::set_problem(
                conn,
                other.id,
                "Another file was read after this one was checked.",
            )?;
        }
        if !staged.is_empty() {
            return Ok(Begun::Again);
        }
        if !imports::advance(conn, import.id, ImportState::Received, ImportState::Checking)? {
            return Err(Error::Conflict("This file was read already, or given up.".into()));
        }
        hold.begin(conn, now)?;
        hold.note_progress(conn, (0, 0), ImportPhase::Reading)?;
        imports::set_ordered_by(conn, import.id, &book.order())?;
        let import = imports::find(conn, import.id)?.ok_or(Error::NotFound("import"))?;
        Ok(Begun::Started(Box::new((import, book))))
    }

    fn finish(&self, import: &Import, hold: &Hold, report: &Report) -> Result<()> {
        let json = serde_json::to_string(report).map_err(Error::internal)?;
        self.db.write(|conn| {
            let standing = imports::find(conn, import.id)?;
            if standing.is_some_and(|import| import.state() == ImportState::Checked) {
                return Ok(()); // the answer to it was lost
            }
            imports::set_report(conn, import.id, &json)?;
            hold.end(conn, ImportState::Checked)
        })
    }

    fn end_badly(&self, import: &Import, report: Report, trouble: Trouble) -> Result<Report> {
        match trouble {
            Trouble::File(crate::reader::Error::Io(error)) => self.give_up(import, error.into()),
            Trouble::File(refused) => {
                let empty = Report::empty(import.id, &report.file);
                self.refuse(import, ImportState::Checking, empty, refused.to_string())
            }
            Trouble::Work(error) => self.give_up(import, error),
        }
    }

    fn give_up(&self, import: &Import, error: Error) -> Result<Report> {
        let why = error.to_string();
        // When even this fails (a full disk), the next start clears it away.
        let _ = self.db.write(|conn| {
            if imports::advance(conn, import.id, ImportState::Checking, ImportState::Discarded)? {
                imports::set_problem(conn, import.id, &why)?;
            }
            Ok::<_, Error>(())
        });
        let _ = self.tidy(Some(import.outage_id));
        self.remove_upload(import.id);
        Err(error)
    }

    fn refuse(
        &self,
        import: &Import,
        from: ImportState,
        mut report: Report,
        reason: String,
    ) -> Result<Report> {
        report.status = Status::Refused;
        report.outage = self.db.read(|conn| outage_count(conn, import.outage_id))?;
        report.reason = Some(reason.clone());
        let json = serde_json::to_string(&report).map_err(Error::internal)?;
        self.db.write(|conn| {
            imports::set_report(conn, import.id, &json)?;
            imports::set_problem(conn, import.id, &reason)?;
            imports::advance(conn, import.id, from, ImportState::Refused)
        })?;
        self.tidy(Some(import.outage_id))?;
        self.remove_upload(import.id);
        Ok(report)
    }
}

/// Said when the numbers of imports would no longer say what is visible.
pub(super) const OUTDATED: &str =
    "Another file was imported since this one was uploaded. Upload this one again.";

/// The whole of it, once.
pub(super) fn stage_all(
    work: &mut Work<'_>,
    open: &dyn Fn() -> Result<Upload>,
    layout: &Layout,
    report: &mut Report,
) -> std::result::Result<(), Trouble> {
    let reading = columns::reading(&work.book, layout);
    read::read(work, open()?, layout, &reading, report)?;
    work.progress.bytes_read = work.progress.size_bytes;
    if work.import.kind() == ImportKind::Successes {
        paid::match_own(work)?;
        work.enter(ImportPhase::Counting)?;
        return Ok(paid::count(work, report)?);
    }
    find_citizens(work)?;
    work.enter(ImportPhase::Counting)?;
    let (outage, import) = (work.import.outage_id, work.id());
    work.office.db.read(|conn| -> Result<()> {
        report.moved = transactions::count_moving(conn, outage)?.unsigned_abs();
        report.outage = staging::count(conn, outage, import)?.into();
        Ok(())
    })?;
    Ok(())
}

/// Whose the records are, what becomes of their cases, and who of them has paid.
pub(super) fn find_citizens(work: &mut Work<'_>) -> Result<()> {
    work.enter(ImportPhase::Linking)?;
    link::link(work)?;
    work.enter(ImportPhase::Gathering)?;
    gather::gather(work)?;
    paid::match_again(work)
}

/// How many people an outage has now.
pub(super) fn outage_count(conn: &mut Conn, outage: OutageId) -> Result<OutageCount> {
    let found = crate::store::outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))?;
    Ok(staging::count_published(conn, outage, found.published_import_id)?.into())
}

impl From<staging::Count> for OutageCount {
    fn from(count: staging::Count) -> Self {
        Self {
            citizens: count.citizens,
            households: count.households,
            citizens_with_phone: count.with_phone,
            citizens_email_only: count.email_only,
            citizens_unreachable: count.citizens - count.with_phone - count.email_only,
        }
    }
}

impl Report {
    fn describe(&mut self, layout: &Layout) {
        self.read_as = layout.describe();
        self.certainty = Some(layout.certainty());
        self.doubts = layout.doubts.iter().map(ToString::to_string).collect();
        self.columns = layout
            .columns
            .iter()
            .filter_map(|column| Some((column.field?.to_string(), column.header.clone())))
            .collect();
    }
}
