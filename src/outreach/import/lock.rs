//! A file of this machine that one process at a time has locked: it tells at once when whoever worked on an import here
//! died.
//!
//! The lock ends with its process, however that ends, and the word under which it worked stays in the file. Who finds
//! the lock free, and the same word in the database, knows that nobody will go on under it.

use crate::domain::ids::ImportId;
use crate::outreach::{Office, Result};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

/// The lock, ours until it is dropped.
pub(super) struct Lock {
    file: File,
    /// The word of whoever had it last and did not end.
    pub(super) last_word: String,
}

impl Lock {
    /// Leaves the word under which we work. Where it cannot be written (a full disk), others wait until we were silent for
    /// long enough.
    pub(super) fn leave_word(&mut self, word: &str) {
        let _ = self
            .file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(word.as_bytes()));
    }
}

impl Office {
    /// Waits until nobody on this machine works on an import.
    pub(super) fn lock_import(&self, id: ImportId) -> Result<Lock> {
        loop {
            let file = self.lock_file(id)?;
            file.lock()?;
            if is_there(&file)? {
                return read(file);
            }
        }
    }

    /// That lock, if nobody has it.
    pub(super) fn try_lock_import(&self, id: ImportId) -> Result<Option<Lock>> {
        let file = self.lock_file(id)?;
        match file.try_lock().is_ok() && is_there(&file)? {
            true => read(file).map(Some),
            false => Ok(None),
        }
    }

    /// Whether this machine has a lock file of the import.
    pub(super) fn has_lock_file(&self, id: ImportId) -> bool {
        self.lock_path(id).exists()
    }

    /// Removes the lock file; who waits for it makes a new one.
    pub(super) fn remove_lock(&self, id: ImportId) {
        let _ = std::fs::remove_file(self.lock_path(id));
    }

    fn lock_file(&self, id: ImportId) -> Result<File> {
        std::fs::create_dir_all(self.config.uploads_dir())?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        Ok(options.mode(0o600).open(self.lock_path(id))?)
    }

    fn lock_path(&self, id: ImportId) -> PathBuf {
        self.config.uploads_dir().join(format!("{id}.lock"))
    }
}

/// Whether a file that was opened still has a name: a lock on one that was removed meanwhile keeps nobody out.
fn is_there(file: &File) -> std::io::Result<bool> {
    Ok(file.metadata()?.nlink() > 0)
}

fn read(mut file: File) -> Result<Lock> {
    let mut word = Vec::new();
    file.read_to_end(&mut word)?;
    Ok(Lock {
        file,
        last_word: String::from_utf8(word).unwrap_or_default(),
    })
}
