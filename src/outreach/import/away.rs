//! Work on an import while the database goes away and comes back. Nobody sits before it who would ask again, and the file is
//! still here.

use super::discard::{clear_marks, clear_rows};
use super::hold::Hold;
use super::read::Trouble;
use super::sealed::Upload;
use super::stage::stage_all;
use super::strides::Strides;
use super::work::Work;
use super::{Import, Progress, Report};
use crate::domain::ids::ImportId;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Office, Result};
use crate::reader::Layout;
use crate::store::import_rejects;
use std::sync::Arc;
use std::time::Duration;

/// Before it is tried again: the first time, and at the most.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(4);

/// What is done about a database that goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenAway {
    /// Somebody waits, and is told.
    GiveUp,
    /// It is waited for, and the work goes on.
    GoOn,
}

impl Office {
    /// Does a piece of work, again and again while the database is away. It must be one that may be done again when it is not
    /// known whether it was. In the log this is one line, and one when it goes on.
    pub(super) fn as_soon_as_it_is_back<T>(
        &self,
        id: ImportId,
        when_away: WhenAway,
        mut work: impl FnMut() -> Result<T>,
    ) -> Result<T> {
        let mut pause = FIRST;
        loop {
            match work() {
                Err(error) if error.passes() && when_away == WhenAway::GoOn => {
                    if pause == FIRST {
                        tracing::warn!(import = id, %error, "an import waits for the database and goes on by itself");
                    }
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST);
                }
                done => {
                    if pause > FIRST {
                        tracing::info!(import = id, "an import goes on");
                    }
                    return done;
                }
            }
        }
    }

    /// Reads a file that has begun to be read; from its start again when the database went away meanwhile and is back.
    pub(super) fn staged(
        &self,
        ((import, book), hold): (&(Import, Rulebook), &Arc<Hold>),
        (open, layout): (&dyn Fn() -> Result<Upload>, &Layout),
        report: &Report,
        (when_away, watch): (WhenAway, &mut dyn FnMut(&Progress)),
    ) -> std::result::Result<Report, Trouble> {
        loop {
            let mut told = report.clone();
            let held = (Arc::clone(hold), 0);
            let work = Work::new(self, import.clone(), book.clone(), &mut *watch, held);
            let staged = work
                .map_err(Trouble::Work)
                .and_then(|mut work| stage_all(&mut work, open, layout, &mut told));
            match staged {
                Err(Trouble::Work(error)) if error.passes() && when_away == WhenAway::GoOn => {
                    tracing::warn!(import = import.id, %error, "a file is read from its start again");
                    let clear = || self.clear_staged(import, hold);
                    self.as_soon_as_it_is_back(import.id, when_away, clear)?;
                }
                done => return done.map(|()| told),
            }
        }
    }

    /// Takes away what was staged of an import that is still ours.
    fn clear_staged(&self, import: &Import, hold: &Hold) -> Result<()> {
        let mut strides = Strides::new(self, hold, import, 0);
        clear_marks(import, &mut strides)?;
        clear_rows(import, &mut strides, None)?;
        self.db
            .write(|conn| Ok(import_rejects::forget(conn, import.id).map(drop)?))
    }
}
