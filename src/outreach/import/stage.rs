//! Staging: a whole file into the database, in short batches that nobody sees.

use super::away::WhenAway;
use super::columns::{self, Look};
use super::hold::Hold;
use super::read::{self, Trouble};
use super::sealed::Upload;
use super::work::Work;
use super::{
    Hints, Import, ImportKind, ImportPhase, ImportState, OutageCount, Progress, Question, Report, Status,
    Times, gather, link, paid, settle,
};
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId};
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::Layout;
use crate::store::{import_rejects, imports, staging, transactions};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So often a file is read again because of what stands further down in it.
const ROUNDS: usize = 3;

/// How often an import looks whether the one before it is done.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Of a file that is past being read.
pub(super) fn read_already() -> Error {
    Error::Conflict("This file was read already, or given up.".into())
}

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
            Look::Asked(layout) => return Ok(asked(report, *layout)),
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
            Err(Trouble::Asked(questions)) => {
                let mut layout = *layout;
                layout.questions = questions;
                let ask = || self.ask(&hold, &layout, Report::empty(id, &report.file));
                self.as_soon_as_it_is_back(id, when_away, ask)
            }
            Err(trouble) => {
                hold.give_up();
                drop(hold);
                self.end_badly(&begun.0, report, trouble)
            }
        }
    }

    /// The same; what further rows make necessary to ask is taken as it is proposed, if the hints say so.
    pub(super) fn stage_accepting(
        &self,
        id: ImportId,
        open: &dyn Fn() -> Result<Upload>,
        (hints, when_away): (&Hints, WhenAway),
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Report> {
        let (mut hints, mut guesses) = (hints.clone(), Vec::new());
        for _ in 0..ROUNDS {
            let mut report = self.stage(id, open, (&hints, when_away), watch)?;
            if report.status != Status::NeedsAnswers || !hints.accept_guesses {
                return self.with_guesses(report, guesses);
            }
            let flags: Vec<String> = report
                .questions
                .iter()
                .map(|question| question.flag.clone())
                .collect();
            hints.taken.extend(flags);
            guesses.append(&mut report.questions);
        }
        self.stage(id, open, (&hints, when_away), watch)
    }

    /// The report with what was taken as it was proposed while the file was read.
    fn with_guesses(&self, mut report: Report, mut guesses: Vec<Question>) -> Result<Report> {
        if !guesses.is_empty() {
            guesses.append(&mut report.guesses);
            report.guesses = guesses;
            let json = serde_json::to_string(&report).map_err(Error::internal)?;
            self.db
                .write(|conn| imports::set_report(conn, report.import, &json))?;
        }
        Ok(report)
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
        let stands = imports::find(conn, import.id)?.ok_or(Error::NotFound("import"))?;
        if hold.has(&stands) {
            return Ok(Begun::Started(Box::new((stands, book)))); // the answer to it was lost
        }
        if stands.state() != ImportState::Received {
            return Err(read_already()); // by another thread, while this one waited for its lock
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
            return Err(read_already());
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
            Trouble::Asked(_) => Err(Error::internal("what is asked is no end")),
        }
    }

    /// What stands further down has to be asked about: the file waits for its answers as if it had just been received.
    fn ask(&self, hold: &Hold, layout: &Layout, report: Report) -> Result<Report> {
        self.keep_layout(report.import, layout)?;
        self.db.write(|conn| {
            import_rejects::forget(conn, report.import)?;
            imports::forget_progress(conn, report.import)?;
            hold.end(conn, ImportState::Received)
        })?;
        Ok(asked(report, layout.clone()))
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

/// The report of a file that waits for answers.
fn asked(mut report: Report, layout: Layout) -> Report {
    report.describe(&layout);
    report.status = Status::NeedsAnswers;
    report.questions = layout.questions;
    report
}

/// The whole of it, once.
pub(super) fn stage_all(
    work: &mut Work<'_>,
    open: &dyn Fn() -> Result<Upload>,
    layout: &Layout,
    report: &mut Report,
) -> std::result::Result<(), Trouble> {
    let kind = work.import.kind();
    let reading = columns::reading(&work.book, layout, kind);
    let heard = read::read(work, open()?, layout, &reading, report)?;
    report.times = heard.span.map(|span| times(&work.book, span));
    report.timeline = (kind == ImportKind::Failed).then(|| heard.tally.told());
    work.progress.bytes_read = work.progress.size_bytes;
    if kind == ImportKind::Successes {
        paid::match_own(work)?;
        work.enter(ImportPhase::Counting)?;
        return Ok(paid::count(work, heard.paid, report)?);
    }
    find_citizens(work)?;
    if heard.payments > 0 {
        paid::match_own(work)?;
    }
    work.enter(ImportPhase::Counting)?;
    if heard.payments > 0 {
        paid::count(work, heard.paid, report)?;
    }
    let (outage, import) = (work.import.outage_id, work.id());
    work.office.db.read(|conn| -> Result<()> {
        report.moved = transactions::count_moving(conn, outage)?.unsigned_abs();
        report.outage = staging::count(conn, outage, import)?.into();
        Ok(())
    })?;
    Ok(())
}

/// The first and the last time beside the window, on the clocks of the outage.
fn times(book: &Rulebook, (first, last): (Timestamp, Timestamp)) -> Times {
    let zone = book.outage.zone();
    let at = |at: Timestamp| zone.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    Times {
        first: at(first),
        last: at(last),
        window_start: at(book.outage.starts_at),
        window_end: at(book.outage.ends_at),
        zone: zone.to_string(),
    }
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
        self.known.clone_from(&layout.known);
        self.settled.clone_from(&layout.settled);
        self.guesses.clone_from(&layout.guesses);
        self.columns = layout
            .columns
            .iter()
            .filter_map(|column| Some((column.field?.to_string(), column.header.clone())))
            .collect();
    }
}
