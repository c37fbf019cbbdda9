//! One import at work: its short transactions, its signs of life, and its way to let callers in between.

use super::{ImportPhase, Progress};
use crate::db::{Conn, Scratch};
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::store::imports::Import;
use crate::store::transactions::Scope;
use crate::store::{imports, scratch};
use std::time::{Duration, Instant};

/// A write transaction should hold SQLite's one writer about this long: while people wait for their clicks, and
/// while nobody does.
const SHORT: Duration = Duration::from_millis(25);
const LONG: Duration = Duration::from_secs(1);
/// Fewest rows of one transaction, and most.
const ROWS: (usize, usize) = (50, 10_000);

/// The longest time without a sign of life.
const SILENCE: Duration = Duration::from_millis(500);

/// An import being staged, or being taken back.
pub(super) struct Work<'a> {
    pub(super) office: &'a Office,
    pub(super) import: Import,
    pub(super) book: Rulebook,
    pub(super) scope: Scope,
    /// From when on its new cases may be called.
    pub(super) opened_at: Timestamp,
    pub(super) progress: Progress,
    /// Where its records wait until it is known whose they are.
    pub(super) scratch: Scratch,
    /// Whether no other import has brought the outage anything.
    pub(super) is_first: bool,
    watch: &'a mut dyn FnMut(&Progress),
    batch: usize,
    rested_at: Instant,
    /// Held as long as this process lives: its name is the import's.
    _lock: std::fs::File,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        office: &'a Office,
        import: Import,
        book: Rulebook,
        watch: &'a mut dyn FnMut(&Progress),
        (lock, without): (std::fs::File, ImportId),
    ) -> Result<Self> {
        let scope = Scope {
            outage: import.outage_id,
            without,
        };
        if office.nobody_serves() {
            office.db.take_room()?;
        }
        let mut scratch = scratch::create(&office.scratch_path(import.id, "linking"))?;
        let recalled = office
            .db
            .read(|conn| scratch::recall(scratch.conn(), conn, scope))?;
        let progress = Progress {
            phase: ImportPhase::Reading,
            bytes_read: 0,
            size_bytes: import.size_bytes.unsigned_abs(),
            rows_read: 0,
        };
        Ok(Self {
            scope,
            scratch,
            is_first: !recalled,
            opened_at: office.now(),
            office,
            import,
            book,
            progress,
            watch,
            batch: 250,
            rested_at: Instant::now(),
            _lock: lock,
        })
    }

    /// The import's number.
    pub(super) const fn id(&self) -> ImportId {
        self.import.id
    }

    /// How many rows the next transaction should write, so that it stays short on this machine.
    pub(super) const fn batch(&self) -> usize {
        self.batch
    }

    /// Goes on to the next phase.
    pub(super) fn enter(&mut self, phase: ImportPhase) -> Result<()> {
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

    /// As [`Work::write`]; on SQLite it can read a scratch database, to which nobody writes meanwhile.
    ///
    /// # Errors
    /// As [`Work::write`].
    pub(super) fn write_beside<T>(
        &mut self,
        scratch: &Scratch,
        body: impl FnMut(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        self.in_turn(body, |office, body| office.db.write_beside(scratch, body))
    }

    fn in_turn<T>(
        &mut self,
        mut body: impl FnMut(&mut Conn) -> Result<T>,
        write: impl FnOnce(&Office, &mut dyn FnMut(&mut Conn) -> Result<T>) -> Result<T>,
    ) -> Result<T> {
        self.let_others_in();
        let began = Instant::now();
        let (id, now, progress) = (self.import.id, self.office.now(), self.progress);
        let so_far = (count(progress.bytes_read), count(progress.rows_read));
        let undoing = self.is_undoing();
        let done = write(self.office, &mut |conn| {
            let wanted = imports::note_progress(conn, id, so_far, progress.phase.as_str(), now)?;
            if wanted || undoing {
                body(conn)
            } else {
                Err(Error::Conflict("The import was given up.".into()))
            }
        })?;
        self.adapt(began.elapsed());
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

    /// Whether the import is being taken back.
    pub(super) const fn is_undoing(&self) -> bool {
        self.scope.without == self.import.id
    }

    /// Whoever waits for SQLite's writer must get it between two of our transactions.
    fn let_others_in(&self) {
        const PAUSE: Duration = Duration::from_millis(2);
        if let Some(rest) = PAUSE.checked_sub(self.rested_at.elapsed()) {
            std::thread::sleep(rest);
        }
    }

    fn adapt(&mut self, took: Duration) {
        let wanted = if self.office.nobody_serves() { LONG } else { SHORT };
        if took > wanted * 2 {
            self.batch = (self.batch / 2).max(ROWS.0);
        } else if took < wanted {
            self.batch = (self.batch + self.batch / 2).min(ROWS.1);
        }
        self.rested_at = Instant::now();
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        let _ = self.office.db.give_room_back(); // it is larger than need be then, that is all
    }
}

pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
