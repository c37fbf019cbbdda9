//! SQLite's log, brought into its file again and again, so that no click has to.

use crate::outreach::Office;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two times: a few hundred clicks.
const LOOK: Duration = Duration::from_secs(1);

/// The thread that does it.
pub struct LogKeeper {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl LogKeeper {
    /// Starts it; none where the database is PostgreSQL, which sees to its own.
    ///
    /// # Errors
    /// The database says no, or no thread can be started.
    pub fn start(office: &Office) -> Result<Option<Self>, crate::outreach::Error> {
        if office.db.file().is_none() {
            return Ok(None);
        }
        office.db.leave_log()?;
        let (db, (stop, stopped)) = (office.db.clone(), mpsc::channel());
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            while matches!(stopped.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
                if let Err(error) = db.bring_in() {
                    tracing::warn!(%error, "the log could not be brought into the database; trying again");
                }
            }
        })?;
        Ok(Some(Self { stop, thread }))
    }

    /// Ends it.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that brings the log into the database ended in a panic");
        }
    }
}
