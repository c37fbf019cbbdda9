//! Reading in the background, for the browser and the API. Progress and cancelling go through the
//! database, so that any node can show and do it.

use super::{Hints, ImportState, Status};
use crate::domain::ids::ImportId;
use crate::outreach::{Error, Office, Result};
use crate::store::imports;

/// What follows when a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// A person looks at the report and confirms.
    Check,
    /// It counts at once.
    Publish,
}

impl Office {
    /// Reads a received file on a thread of its own; [`Office::import`] tells how far it is.
    ///
    /// # Errors
    /// The import is past that step, or the file is not on this node.
    pub fn start_import(&self, id: ImportId, hints: Hints, then: Then) -> Result<()> {
        let import = self.import(id)?;
        if import.state() != ImportState::Received {
            return Err(Error::Conflict("This file was read already, or given up.".into()));
        }
        self.upload(&import)?;
        let office = self.unhurried();
        std::thread::Builder::new()
            .name(format!("import-{id}"))
            .spawn(move || {
                if let Err(error) = office.read_upload(id, &hints, then) {
                    tracing::warn!(import = id, %error, "import ended");
                    office.say_why(id, &error);
                }
            })?;
        Ok(())
    }

    /// Of a file that could not even be begun with, as when the disk is full: whoever waits for it is told. When not even
    /// that can be written it stays as it was, and can be begun with again.
    fn say_why(&self, id: ImportId, error: &Error) {
        let _ = self.db.write(|conn| {
            if imports::advance(conn, id, ImportState::Received, ImportState::Discarded)? {
                imports::set_problem(conn, id, &error.to_string())?;
            }
            Ok::<_, Error>(())
        });
    }

    fn read_upload(&self, id: ImportId, hints: &Hints, then: Then) -> Result<()> {
        let import = self.import(id)?;
        let open = || self.upload(&import);
        let report = self.stage(id, &open, hints, &mut |_| {})?;
        if then == Then::Publish && report.status != Status::Refused {
            self.publish_import(id)?;
        }
        Ok(())
    }
}
