//! Keeping a copy of everything, and starting again from one. A restored database sends no e-mail until somebody
//! releases it.

use super::{Error, Office, Result, restored};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::db::Trouble;
use crate::db::backup::{BackupError, prepare};
use crate::store::instances;
use serde::Serialize;
use std::path::{Path, PathBuf};

const POSTGRES: &str = "The database is PostgreSQL, whose own tools keep and restore it: `pg_dump --format=custom` and \
    `pg_restore`, or your provider's snapshots. A restored one sends no e-mail until `makegood mail release`.";
const RESTORED: &str =
    "This database was restored from a backup. What is queued here may have been sent already.";

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// Outages.
    pub outages: i64,
    /// Citizens.
    pub cases: i64,
    /// Calls that were recorded.
    pub attempts: i64,
    /// E-mails, whatever became of them.
    pub messages: i64,
    /// E-mails that wait to be sent.
    pub messages_waiting: i64,
}

/// A backup took the database's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// What it holds.
    pub contents: Contents,
    /// Where the database is that was there before.
    pub kept: Option<PathBuf>,
}

impl From<BackupError> for Error {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::File(_, told) if told.kind() == std::io::ErrorKind::StorageFull => {
                Self::Database(Trouble::DiskFull)
            }
            told => Self::Conflict(format!("{told}.")),
        }
    }
}

impl Office {
    /// Copies everything in the database to a file, as it is at one instant, while people work.
    ///
    /// # Errors
    /// The database is PostgreSQL; the file is there already or cannot be written.
    pub fn back_up(&self, target: &Path) -> Result<Contents> {
        if target.exists() {
            let told = format!("{} is there already. Choose another name.", target.display());
            return Err(Error::Conflict(told));
        }
        let contents = self.db.read(contents)?;
        let copied = self.db.copy_to(target);
        copied.ok_or_else(|| Error::Conflict(POSTGRES.to_owned()))??;
        self.advance()?; // so that a restored copy is known as one, also where somebody puts the file into place by hand
        Ok(contents)
    }
}

/// Puts a backup in the place of the settings' database, and holds all e-mail.
///
/// # Errors
/// The database is PostgreSQL; a server is at work here; the file is no backup, damaged, or of a newer program.
pub fn restore(config: &Config, backup: &Path) -> Result<Restored> {
    let DatabaseUrl::Sqlite(database) = &config.database else {
        return Err(Error::Conflict(POSTGRES.to_owned()));
    };
    config.make_data_dir()?;
    let _alone = alone(config)?;
    let now = Clock::default().now();
    let mut ready = prepare(backup, database)?;
    restored::hold(ready.conn(), RESTORED, now)?;
    instances::advance(ready.conn())?;
    let contents = contents(ready.conn())?;
    let kept = ready.put_in_place(&format!("before-{}", now.micros() / 1_000_000))?;
    Ok(Restored { contents, kept })
}

/// A lock that no server on this folder has.
fn alone(config: &Config) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(config.serving_path())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Conflict(
            "A server is at work on this data folder. Stop it first.".into(),
        )),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn contents(conn: &mut crate::db::Conn) -> crate::store::Result<Contents> {
    let [outages, cases, attempts, messages, messages_waiting] = instances::sizes(conn)?;
    Ok(Contents {
        outages,
        cases,
        attempts,
        messages,
        messages_waiting,
    })
}
