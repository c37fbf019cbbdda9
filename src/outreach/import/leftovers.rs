//! Files that processes which died have left in the uploads' folder of this machine.
//!
//! Every file there is named after its import: the sealed upload `9`, its scratch databases `9.linking`
//! and `9.ordered`, its lock `9.lock`. One that is still arriving has no import yet.

use super::{Import, ImportState};
use crate::domain::ids::ImportId;
use crate::outreach::{Office, Result};
use crate::store::imports;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// No upload takes so long to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

impl Office {
    /// Removes what nobody needs any more: files of imports that are done with, locks that nobody holds,
    /// uploads that never arrived. What somebody works on, or may still confirm, stays.
    pub(super) fn tidy_uploads(&self) -> Result<()> {
        let Ok(folder) = std::fs::read_dir(self.config.uploads_dir()) else {
            return Ok(()); // nothing was ever uploaded here
        };
        let mut imports = BTreeSet::new();
        for entry in folder {
            let path = entry?.path();
            match import_of(&path) {
                Some(id) => drop(imports.insert(id)),
                None if never_arrived(&path) => drop(std::fs::remove_file(&path)),
                None => {}
            }
        }
        for id in imports {
            let import = self.db.read(|conn| imports::find(conn, id))?;
            self.tidy_files(id, import.as_ref())?;
        }
        Ok(())
    }

    fn tidy_files(&self, id: ImportId, import: Option<&Import>) -> Result<()> {
        let state = import.map(Import::state);
        if state == Some(ImportState::Checking) {
            return Ok(()); // whoever finds it dead clears it away
        }
        let Some(_lock) = self.try_lock_import(id)? else {
            return Ok(()); // somebody is at it
        };
        match state {
            Some(ImportState::Received | ImportState::Checked) => self.remove_lock(id),
            _ => self.remove_upload(id),
        }
        Ok(())
    }
}

fn import_of(path: &Path) -> Option<ImportId> {
    let name = path.file_name()?.to_str()?;
    name.split('.').next()?.parse().ok()
}

fn never_arrived(path: &Path) -> bool {
    let written = path.metadata().and_then(|about| about.modified());
    written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ARRIVES_WITHIN))
}
