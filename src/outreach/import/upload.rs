//! A file on its way in: through the card-number guard and sealed to a folder of ours, never as it came.

use super::sealed::{Seal, Upload};
use super::{Import, ImportKind, ImportState};
use crate::domain::ids::{ImportId, OutageId, UserId};
use crate::outreach::{Error, Office, Result};
use crate::reader::Guard;
use crate::store::imports::{self, NewImport};
use crate::store::outages;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Longest file name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// What came of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Received {
    /// The file is here; next come its columns.
    New(ImportId),
    /// This very file counts already, as this import. Nothing was kept.
    Already(ImportId),
}

/// A file's fingerprint and size.
pub(super) struct Fingerprint {
    pub(super) hash: String,
    pub(super) size: u64,
}

impl Office {
    /// Takes a file in. Its card numbers are masked before the first byte is on the disk.
    ///
    /// # Errors
    /// The file is larger than the limit, the disk is full, there is no such outage.
    pub fn receive(
        &self,
        outage: OutageId,
        kind: ImportKind,
        file_name: &str,
        by: Option<UserId>,
        bytes: impl Read,
    ) -> Result<Received> {
        self.db
            .read(|conn| outages::find(conn, outage))?
            .ok_or(Error::NotFound("outage"))?;
        let folder = self.config.uploads_dir();
        std::fs::create_dir_all(&folder)?;
        let arriving = folder.join(format!("arriving-{}", crate::outreach::token::fresh()));
        let received = self.take_in(&arriving, bytes).and_then(|print| {
            let received = self.register(outage, kind, file_name, by, &print)?;
            if let Received::New(id) = received
                && self.waits_for_file(id)?
            {
                std::fs::rename(&arriving, self.upload_path(id))?;
            }
            Ok(received)
        });
        let _ = std::fs::remove_file(&arriving); // it may not be there
        received
    }

    /// Whether the file of an import has still to come: one that is sent again is here, or was read already.
    pub(super) fn waits_for_file(&self, id: ImportId) -> Result<bool> {
        let received = self.import(id)?.state() == ImportState::Received;
        Ok(received && !self.upload_path(id).exists())
    }

    fn take_in(&self, path: &Path, mut bytes: impl Read) -> Result<Fingerprint> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let mut guard = Guard::new(Seal::of_process()?.writer(file)?);
        let limit = self.config.upload_limit;
        let print = fingerprint(&mut bytes, limit, &mut |chunk| guard.write_all(chunk))?;
        guard.finish()?.0.finish()?.sync_all()?;
        Ok(print)
    }

    /// Notes that a file is here, unless this very file counts already.
    pub(super) fn register(
        &self,
        outage: OutageId,
        kind: ImportKind,
        file_name: &str,
        by: Option<UserId>,
        print: &Fingerprint,
    ) -> Result<Received> {
        let now = self.now();
        let new = NewImport {
            outage_id: outage,
            kind,
            file_name: &shown_name(file_name),
            file_hash: &print.hash,
            size_bytes: super::work::count(print.size),
            created_by: by,
            created_at: now,
        };
        self.once_about("receive", &print.hash, |conn| match imports::published_with_hash(
            conn,
            outage,
            kind,
            &print.hash,
        )? {
            Some(already) => Ok(Received::Already(already)),
            None => Ok(Received::New(imports::add(conn, &new)?)),
        })
    }

    /// Where an upload lies until it counts or is given up.
    pub(super) fn upload_path(&self, id: ImportId) -> PathBuf {
        self.config.uploads_dir().join(id.to_string())
    }

    /// Opens an upload. One that another process has sealed is gone.
    pub(super) fn upload(&self, import: &Import) -> Result<Upload> {
        let opened =
            File::open(self.upload_path(import.id)).and_then(|file| Seal::of_process()?.reader(file));
        opened
            .map(|sealed| Upload::Sealed(Box::new(sealed)))
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => {
                    Error::Conflict("The file is not here any more. Upload it again.".into())
                }
                _ => error.into(),
            })
    }

    /// Removes an upload that is not needed any more.
    pub(super) fn remove_upload(&self, id: ImportId) {
        let _ = std::fs::remove_file(self.upload_path(id)); // a file of the command line was never copied
        for name in ["linking", "ordered", "people"] {
            let _ = std::fs::remove_file(self.scratch_path(id, name)); // there is one when a process died
        }
        self.remove_lock(id);
    }

    /// Where an import's records wait until it is known whose they are.
    pub(super) fn scratch_path(&self, id: ImportId, name: &str) -> PathBuf {
        self.config.uploads_dir().join(format!("{id}.{name}"))
    }

    /// Whether no server is at work on this machine's data, so that nobody waits for a click meanwhile.
    pub(super) fn nobody_serves(&self) -> bool {
        match File::open(self.config.serving_path()) {
            Ok(file) => file.try_lock().is_ok(),
            Err(_) => true, // nobody ever served
        }
    }
}

/// SHA-256 and size of the bytes, each of which is also handed on.
pub(super) fn fingerprint(
    bytes: &mut impl Read,
    limit: u64,
    hand_on: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<Fingerprint> {
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = bytes.read(&mut buffer)?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        size += chunk.len() as u64;
        if size > limit {
            return Err(Error::invalid("file", too_large(limit)));
        }
        hash.update(chunk);
        hand_on(chunk)?;
    }
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Fingerprint { hash, size })
}

/// Said of a file that is too large, in words for the person who sent it.
pub fn too_large(limit: u64) -> String {
    format!(
        "The file is larger than {} MB, the largest that is taken. Split it, or export fewer columns.",
        limit / 1_000_000
    )
}

/// The last part of a path, without control characters and card numbers.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let cleaned = crate::domain::cell::clean(last);
    let (masked, _) = crate::domain::card_number::mask(&cleaned);
    masked.chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_nothing_it_should_not() {
        assert_eq!(
            shown_name("C:\\exports\\4111111111111111.csv"),
            "\u{2022}\u{2022}\u{2022}\u{2022}1111.csv"
        );
        assert_eq!(shown_name("../../failed\u{0}.csv"), "failed.csv");
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let mut nothing = |_: &[u8]| Ok(());
        assert!(fingerprint(&mut &[0_u8; 11][..], 10, &mut nothing).is_err());
        assert_eq!(
            fingerprint(&mut &[0_u8; 10][..], 10, &mut nothing).unwrap().size,
            10
        );
    }
}
