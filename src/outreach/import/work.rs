//! One import at work: its short transactions, its signs of life, and its way to let callers in between.

use super::copy::{self, COPIERS};
use super::hold::Hold;
use super::{ImportPhase, Progress};
use crate::db::{Conn, Copier, Scratch};
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Office, Result};
use crate::store::carry::{self, Load};
use crate::store::imports::Import;
use crate::store::scratch;
use crate::store::transactions::Scope;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A write transaction should hold SQLite's one writer about this long, with so many rows at most: while people wait
/// for their clicks, and while nobody does.
const SHORT: (Duration, i64) = (Duration::from_millis(40), 20_000);
const LONG: (Duration, i64) = (Duration::from_secs(1), 50_000);
/// While people wait, SQLite's log is brought into its file so often, between two transactions.
const BROUGHT_IN: Duration = Duration::from_secs(1);
/// Rows of the first transaction, and fewest of any.
const FIRST: i64 = 250;
const FEWEST: i64 = 50;

/// The longest time without a sign of life.
const SILENCE: Duration = Duration::from_millis(500);

/// What stays as it is during an import. Every thread that works on it may look.
pub(super) struct Terms {
    pub(super) office: Office,
    pub(super) import: Import,
    pub(super) book: Rulebook,
    pub(super) scope: Scope,
    /// From when on its new cases may be called.
    pub(super) opened_at: Timestamp,
    /// Whether no other import has brought the outage anything.
    pub(super) is_first: bool,
}

/// An import being staged, or being taken back.
pub(super) struct Work<'a> {
    terms: Arc<Terms>,
    pub(super) progress: Progress,
    /// Where its records wait until it is known whose they are.
    pub(super) scratch: Scratch,
    /// What brings rows to PostgreSQL, once there are some to bring.
    copiers: Vec<Copier>,
    watch: &'a mut dyn FnMut(&Progress),
    batch: i64,
    /// Nobody serves: it has more memory, and may hold SQLite's writer for longer.
    alone: bool,
    rested_at: Instant,
    brought_in_at: Instant,
    /// That it is ours.
    hold: Arc<Hold>,
}

impl Deref for Work<'_> {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        &self.terms
    }
}

impl<'a> Work<'a> {
    pub(super) fn new(
        office: &Office,
        import: Import,
        book: Rulebook,
        watch: &'a mut dyn FnMut(&Progress),
        (hold, without): (Arc<Hold>, ImportId),
    ) -> Result<Self> {
        let scope = Scope {
            outage: import.outage_id,
            without,
        };
        let alone = office.nobody_serves();
        if alone {
            office.db.take_room()?;
        } else {
            office.db.leave_log()?;
        }
        let path = office.scratch_path(import.id, "linking");
        let (scratch, recalled) = scratch::create(&path, &office.db, scope)?;
        let progress = Progress {
            phase: ImportPhase::Reading,
            bytes_read: 0,
            size_bytes: import.size_bytes.unsigned_abs(),
            rows_read: 0,
        };
        let terms = Terms {
            opened_at: office.now(),
            office: office.clone(),
            import,
            book,
            scope,
            is_first: !recalled,
        };
        Ok(Self {
            terms: Arc::new(terms),
            scratch,
            copiers: Vec::new(),
            progress,
            watch,
            batch: FIRST,
            alone,
            rested_at: Instant::now(),
            brought_in_at: Instant::now(),
            hold,
        })
    }

    /// For another thread.
    pub(super) fn terms(&self) -> Arc<Terms> {
        Arc::clone(&self.terms)
    }

    /// Goes on to the next phase.
    pub(super) fn enter(&mut self, phase: ImportPhase) -> Result<()> {
        tracing::debug!(import = self.id(), phase = phase.as_str(), "goes on");
        self.progress.phase = phase;
        self.write(|_| Ok(()))
    }

    /// One short transaction, which also notes the progress.
    ///
    /// # Errors
    /// Whatever `body` fails with; a conflict when the import is not wanted any more.
    pub(super) fn write<T>(&mut self, body: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        self.in_turn(body, |office, body| office.db.write(body))
    }

    /// Carries all rows of one kind over from the scratch database that lies there.
    ///
    /// # Errors
    /// As [`Work::write`].
    pub(super) fn carry(&mut self, scratch: &Path, load: &Load) -> Result<()> {
        let mut rows = Scratch::reader(scratch)?;
        let last = carry::last(&mut rows, load)?;
        if self.copiers.is_empty() {
            for _ in 0..COPIERS {
                self.copiers.extend(self.office.db.copier()?);
            }
        }
        if self.copiers.is_empty() {
            self.insert(scratch, load, last)?;
        } else {
            let (copiers, outage) = (std::mem::take(&mut self.copiers), self.import.outage_id);
            copy::copy(&copiers, (rows, load, last), outage, &mut || self.breathe())?;
            self.copiers = copiers;
        }
        tracing::debug!(
            import = self.id(),
            rows = last,
            table = load.table(),
            "carried over"
        );
        if let Some(copier) = self.copiers.first() {
            carry::count_up(copier, load);
            tracing::debug!(import = self.id(), table = load.table(), "counted");
        }
        Ok(())
    }

    /// Into SQLite, in transactions that are as short as the others.
    fn insert(&mut self, scratch: &Path, load: &Load, last: i64) -> Result<()> {
        let (outage, mut after) = (self.import.outage_id, 0);
        while after < last {
            let until = last.min(after + self.batch);
            self.in_turn(
                |conn| Ok(carry::insert(conn, load, outage, (after, until))?),
                |office, body| office.db.write_beside(scratch, body),
            )?;
            after = until;
        }
        Ok(())
    }

    /// A sign of life, if it is time for one.
    pub(super) fn breathe(&mut self) -> Result<()> {
        if self.is_silent() {
            self.write(|_| Ok(()))?;
        }
        Ok(())
    }

    fn in_turn<T>(
        &mut self,
        mut body: impl FnMut(&mut Conn) -> Result<T>,
        write: impl FnOnce(&Office, &mut dyn FnMut(&mut Conn) -> Result<T>) -> Result<T>,
    ) -> Result<T> {
        self.let_others_in()?;
        let mut began = Instant::now();
        let (progress, hold) = (self.progress, Arc::clone(&self.hold));
        let so_far = (count(progress.bytes_read), count(progress.rows_read));
        let terms = self.terms();
        let done = write(&terms.office, &mut |conn| {
            began = Instant::now(); // whom it waited for does not count
            hold.note_alive(conn)?;
            hold.note_progress(conn, so_far, progress.phase)?;
            body(conn)
        })?;
        self.adapt(began.elapsed())?;
        (self.watch)(&self.progress);
        Ok(done)
    }

    /// Tells whoever waits for it how far it is.
    pub(super) fn tell(&mut self) {
        (self.watch)(&self.progress);
    }

    /// Whether it is time for a sign of life.
    pub(super) fn is_silent(&self) -> bool {
        self.rested_at.elapsed() > SILENCE
    }

    /// Whoever waits for SQLite's writer must get it between two of our transactions.
    fn let_others_in(&mut self) -> Result<()> {
        const PAUSE: Duration = Duration::from_millis(2);
        if !self.alone && self.brought_in_at.elapsed() > BROUGHT_IN {
            self.office.db.bring_in()?;
            self.brought_in_at = Instant::now();
        }
        if let Some(rest) = PAUSE.checked_sub(self.rested_at.elapsed()) {
            std::thread::sleep(rest);
        }
        Ok(())
    }

    fn adapt(&mut self, took: Duration) -> Result<()> {
        if self.alone && !self.office.nobody_serves() {
            (self.alone, self.batch) = (false, FIRST);
            self.office.db.leave_log()?;
        }
        let (wanted, most) = if self.alone { LONG } else { SHORT };
        if took > wanted * 2 {
            self.batch = (self.batch / 2).max(FEWEST);
        } else if took < wanted {
            self.batch = (self.batch + self.batch / 2).min(most);
        }
        self.rested_at = Instant::now();
        Ok(())
    }
}

impl Terms {
    /// The import's number.
    pub(super) const fn id(&self) -> ImportId {
        self.import.id
    }

    /// Whether the import is being taken back.
    pub(super) const fn is_undoing(&self) -> bool {
        self.scope.without == self.import.id
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        if self.alone {
            let _ = self.office.db.give_room_back(); // it is larger than need be then, that is all
        }
    }
}

pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
