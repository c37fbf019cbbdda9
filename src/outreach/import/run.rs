//! Reading in the background, for the browser and the API. Progress and cancelling go through the
//! database, so that any node can show and do it.

use super::away::WhenAway;
use super::stage::read_already;
use super::{Hints, ImportState};
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
            return Err(read_already());
        }
        self.upload(&import)?;
        let office = self.unhurried();
        std::thread::Builder::new()
            .name(format!("import-{id}"))
            .spawn(move || {
                let read = || office.read_upload(id, &hints, then);
                if let Err(error) = office.as_soon_as_it_is_back(id, WhenAway::GoOn, read) {
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

    /// Reads a file from where it stands.
    fn read_upload(&self, id: ImportId, hints: &Hints, then: Then) -> Result<()> {
        let import = self.import(id)?;
        if import.state() == ImportState::Received {
            let open = || self.upload(&import);
            self.stage_accepting(id, &open, (hints, WhenAway::GoOn), &mut |_| {})?;
        }
        let counts_soon = matches!(
            self.import(id)?.state(),
            ImportState::Checked | ImportState::Published
        );
        if then == Then::Publish && counts_soon {
            self.publish_import(id)?;
        }
        Ok(())
    }
}
