//! What we keep is for this account's eyes only, in whatever folder it lies.

use super::{Config, DatabaseUrl};
use rustix::fs::Mode;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Rights of others, on a file or a folder.
const OTHERS: u32 = 0o077;
/// Set on folders that many accounts share, such as `/tmp`.
const SHARED: u32 = 0o1000;
/// What lies beside a database file.
const ENDS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// From here on whatever this process makes can be read by its own account only: the database's files, exports,
/// rejected rows, e-mails.
pub fn keep_to_ourselves() {
    rustix::process::umask(Mode::from_raw_mode(OTHERS));
}

/// Makes a folder that only this account can read.
pub(crate) fn private_dir(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

impl Config {
    /// The files and folders we keep that other accounts of this machine may read or change: made by an older version,
    /// or in a folder that was there before.
    fn open_to_others(&self) -> Vec<PathBuf> {
        self.kept().into_iter().filter(|path| is_open(path)).collect()
    }

    /// Takes from other accounts what they may read or change of ours, as far as it belongs to this account.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn close_to_others(&self) -> io::Result<()> {
        for path in self.open_to_others() {
            let Ok(found) = std::fs::metadata(&path) else {
                continue; // gone meanwhile, as SQLite's log is when the last of us leaves
            };
            if found.uid() == rustix::process::geteuid().as_raw() {
                let mode = found.mode() & 0o777 & !OTHERS;
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
            }
        }
        Ok(())
    }

    /// All that we keep, but for what lies in a folder of its own. The data folder only where it holds nothing else: an
    /// agency that put it into `/var/lib` itself keeps that folder's rights.
    fn kept(&self) -> Vec<PathBuf> {
        let mut kept = vec![
            self.uploads_dir(),
            self.mail_dir(),
            self.serving_path(),
            self.instance_path(),
            self.data_dir.join("secret.key"),
        ];
        if let DatabaseUrl::Sqlite(file) = &self.database {
            kept.extend(ENDS.map(|end| {
                let mut name = file.as_os_str().to_owned();
                name.push(end);
                PathBuf::from(name)
            }));
        }
        kept.retain(|path| path.exists());
        if holds_only(&self.data_dir, &kept) {
            kept.push(self.data_dir.clone());
        }
        kept
    }
}

fn is_open(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_symlink() && found.mode() & OTHERS != 0)
}

/// Whether there is nothing in a folder but these. Hidden files are somebody's on their way.
fn holds_only(folder: &Path, kept: &[PathBuf]) -> bool {
    let shared = std::fs::metadata(folder).is_ok_and(|found| found.mode() & SHARED != 0);
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return false;
    };
    !shared
        && entries.all(|entry| {
            entry.is_ok_and(|entry| {
                kept.contains(&entry.path()) || entry.file_name().as_encoded_bytes().starts_with(b".")
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    fn config(folder: &Path) -> Config {
        Config::load(&Flags {
            data_dir: Some(folder.display().to_string()),
            secret_key: Some("a key for tests and for nothing else".to_owned()),
            ..Flags::default()
        })
        .unwrap()
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o777
    }

    fn loose(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_an_older_version_left_open_is_found_and_closed() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let file = folder.path().join("makegood.db");
        std::fs::write(&file, b"").unwrap();
        std::fs::create_dir(config.uploads_dir()).unwrap();
        loose(&file, 0o644);
        loose(&config.uploads_dir(), 0o755);
        loose(folder.path(), 0o755);
        assert_eq!(config.open_to_others().len(), 3);
        config.close_to_others().unwrap();
        assert_eq!(config.open_to_others(), Vec::<PathBuf>::new());
        assert_eq!((mode(&file), mode(folder.path())), (0o600, 0o700));
    }

    #[test]
    fn a_folder_that_holds_other_things_keeps_its_rights() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        std::fs::write(folder.path().join("somebody.else"), b"").unwrap();
        let file = folder.path().join("makegood.db");
        std::fs::write(&file, b"").unwrap();
        loose(&file, 0o644);
        loose(folder.path(), 0o755);
        config.close_to_others().unwrap();
        assert_eq!((mode(&file), mode(folder.path())), (0o600, 0o755));
    }
}
