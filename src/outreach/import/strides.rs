//! What is done for an import in many short transactions, each of which says how far it is.

use super::hold::Hold;
use super::{Import, ImportPhase};
use crate::db::Conn;
use crate::outreach::{Office, Result};
use std::time::{Duration, Instant};

/// A transaction should hold SQLite's one writer about this long, with so many rows at most: while people wait for their
/// clicks, and while nobody does.
const SHORT: (Duration, usize) = (Duration::from_millis(30), 1_000);
const LONG: (Duration, usize) = (Duration::from_millis(500), 2_000);
/// Rows of the first transaction, and fewest of any.
const FIRST: usize = 100;
const FEWEST: usize = 20;
/// Between two of them, for whoever else wants to write.
const PAUSE: Duration = Duration::from_millis(2);

/// One piece of work after another.
pub(in crate::outreach) struct Strides<'a> {
    office: &'a Office,
    hold: &'a Hold,
    /// Steps that are done, and all that there are; the bytes of the file stand for all of them.
    done: i64,
    whole: i64,
    size_bytes: i64,
    /// Of the file; they stay what they are.
    rows_read: i64,
    at_once: usize,
}

impl<'a> Strides<'a> {
    /// So many steps altogether.
    pub(super) fn new(office: &'a Office, hold: &'a Hold, import: &Import, whole: i64) -> Self {
        Self {
            office,
            hold,
            done: 0,
            whole,
            size_bytes: import.size_bytes,
            rows_read: import.rows_read,
            at_once: FIRST,
        }
    }

    /// Runs `body` until it does nothing more: it is told how many steps of this piece are done and how many to do at once,
    /// and answers how many it did. It is run again when the database asks for that, so it must have no other effect.
    /// Without a phase nothing is told of it.
    pub(in crate::outreach) fn run(
        &mut self,
        phase: Option<ImportPhase>,
        mut body: impl FnMut(&mut Conn, usize, usize) -> Result<usize>,
    ) -> Result<()> {
        let mut here = 0;
        loop {
            let (so_far, at_once, hold) = ((self.bytes(), self.rows_read), self.at_once, self.hold);
            let mut began = Instant::now();
            let did = self.office.db.write(|conn| {
                began = Instant::now(); // whom it waited for does not count
                hold.note_alive(conn)?;
                if let Some(phase) = phase {
                    hold.note_progress(conn, so_far, phase)?;
                }
                body(conn, here, at_once)
            })?;
            if did == 0 {
                return Ok(());
            }
            here += did;
            self.done += i64::try_from(did).unwrap_or_default();
            self.adapt(began.elapsed());
            std::thread::sleep(PAUSE);
        }
    }

    /// The share that is done, as bytes of the file.
    fn bytes(&self) -> i64 {
        let share = i128::from(self.size_bytes) * i128::from(self.done) / i128::from(self.whole.max(1));
        i64::try_from(share)
            .unwrap_or(self.size_bytes)
            .min(self.size_bytes)
    }

    fn adapt(&mut self, took: Duration) {
        let (wanted, most) = match self.office.nobody_serves() {
            true => LONG,
            false => SHORT,
        };
        if took > wanted * 2 {
            self.at_once = (self.at_once / 2).max(FEWEST);
        } else if took < wanted {
            self.at_once += self.at_once / 2;
        }
        self.at_once = self.at_once.min(most);
    }
}
