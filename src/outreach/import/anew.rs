//! Back from the check to the choice of columns: the file comes in once more, from the copy that is here, and what was read of
//! it is given up.

use super::{Import, ImportState};
use crate::domain::ids::{ImportId, UserId};
use crate::outreach::{Error, Office, Result};
use crate::store::imports::{self, NewImport};

impl Office {
    /// Gives up what was read of a checked file, and answers the import by which its columns are matched anew; they stand as
    /// they were matched.
    ///
    /// # Errors
    /// It does not wait for a yes, its rows were corrected from another import, or the file is not here any more.
    pub fn match_anew(&self, id: ImportId, by: Option<UserId>) -> Result<ImportId> {
        let import = self.import(id)?;
        let new = NewImport {
            outage_id: import.outage_id,
            kind: import.kind(),
            file_name: &import.file_name,
            file_hash: &import.file_hash,
            size_bytes: import.size_bytes,
            created_by: by,
            created_at: self.now(),
        };
        let anew = self.once("match_anew", |conn| {
            if !import.can_be_matched_anew() {
                return Err(Error::Conflict(
                    "The columns of this file cannot be changed any more.".into(),
                ));
            }
            drop(self.upload(&import)?);
            let anew = imports::add(conn, &new)?;
            if let Some(layout) = &import.layout {
                imports::set_layout(conn, anew, layout)?;
            }
            Ok::<_, Error>(anew)
        })?;
        if self.waits_for_file(anew)?
            && let Err(error) = std::fs::hard_link(self.upload_path(id), self.upload_path(anew))
        {
            self.discard_import(anew)?;
            return Err(error.into());
        }
        self.start_discarding(id)?;
        Ok(anew)
    }
}

impl Import {
    /// Whether its columns can be matched anew: it waits for a yes, and is a file of its own.
    pub fn can_be_matched_anew(&self) -> bool {
        self.state() == ImportState::Checked && self.corrects_import.is_none()
    }
}
