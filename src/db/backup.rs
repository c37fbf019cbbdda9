//! Copies of SQLite's file, made while others write, and put into place again.

use super::{Conn, MigrationError, migrate};
use diesel::connection::{Connection, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A copy could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Reading or writing a file.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The database's own words.
    #[error("the database says: {0}")]
    Database(String),
    /// The file is something else, or damaged.
    #[error("{0} is not a backup that can be used: {1}")]
    Unusable(PathBuf, String),
    /// Its schema cannot be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrationError),
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

fn told(error: impl std::fmt::Display) -> BackupError {
    BackupError::Database(error.to_string())
}

/// Copies the database behind `conn` to `target`, as it is at one instant. The target is whole or absent, also after a
/// power cut, and only this account can read it.
pub(super) fn copy_to(conn: &mut SqliteConnection, target: &Path) -> Result<(), BackupError> {
    let part = beside(target, "part");
    let _ = std::fs::remove_file(&part); // of a copy that broke off
    empty(&part)?; // SQLite fills an empty file, whose rights stay
    let copied = sql_query("VACUUM INTO ?")
        .bind::<Text, _>(part.to_string_lossy().into_owned())
        .execute(conn)
        .map_err(told);
    if let Err(error) = copied {
        let _ = std::fs::remove_file(&part);
        return Err(error);
    }
    settle(&part, target)
}

/// Copies a backup beside the database's file, checks it and brings its schema up to date. What is returned can be
/// changed before [`Restored::put_in_place`].
pub fn prepare(backup: &Path, database: &Path) -> Result<Restored, BackupError> {
    let part = beside(database, "restoring");
    forget(&part);
    empty(&part)?;
    std::fs::copy(backup, &part).map_err(file(backup))?;
    std::fs::set_permissions(&part, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(file(&part))?;
    let unusable = |why: String| {
        forget(&part);
        BackupError::Unusable(backup.to_owned(), why)
    };
    let mut conn =
        SqliteConnection::establish(&part.to_string_lossy()).map_err(|error| unusable(error.to_string()))?;
    check(&mut conn).map_err(unusable)?;
    let mut conn = Conn::Sqlite(conn);
    if let Err(error) = migrate::on_sqlite(&mut conn) {
        forget(&part);
        return Err(error.into());
    }
    Ok(Restored {
        conn,
        part,
        database: database.to_owned(),
    })
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    words: String,
}

/// Whether the file is one of ours and whole.
fn check(conn: &mut SqliteConnection) -> Result<(), String> {
    let ask = |conn: &mut SqliteConnection, query: &str| -> Result<Vec<Found>, String> {
        sql_query(query).load(conn).map_err(|error| error.to_string())
    };
    let ours = "SELECT name AS words FROM sqlite_master WHERE name IN ('__diesel_schema_migrations', 'cases', 'messages')";
    if ask(conn, ours)?.len() != 3 {
        return Err("it holds no data of Makegood's".to_owned());
    }
    let whole = ask(
        conn,
        "SELECT integrity_check AS words FROM pragma_integrity_check",
    )?;
    match whole.first() {
        Some(found) if found.words == "ok" => Ok(()),
        _ => Err("it is damaged".to_owned()),
    }
}

/// A backup that is ready to take the database's place.
pub struct Restored {
    conn: Conn,
    part: PathBuf,
    database: PathBuf,
}

impl Restored {
    /// What it holds.
    pub const fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Takes the database's place. What was there is kept beside it; answers where.
    pub fn put_in_place(mut self, kept_as: &str) -> Result<Option<PathBuf>, BackupError> {
        if let Conn::Sqlite(sqlite) = &mut self.conn {
            sqlite
                .batch_execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
                .map_err(told)?;
        }
        drop(self.conn);
        let mut kept = None;
        if self.database.exists() {
            let aside = beside(&self.database, kept_as);
            for end in ["", "-wal", "-shm"] {
                let (from, to) = (with_end(&self.database, end), with_end(&aside, end));
                if from.exists() {
                    std::fs::rename(&from, &to).map_err(file(&from))?;
                }
            }
            kept = Some(aside);
        }
        settle(&self.part, &self.database)?;
        Ok(kept)
    }
}

fn empty(path: &Path) -> Result<(), BackupError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map(drop).map_err(file(path))
}

/// Synchronises a file, gives it its name, and synchronises that.
fn settle(part: &Path, target: &Path) -> Result<(), BackupError> {
    File::open(part)
        .and_then(|file| file.sync_all())
        .map_err(file(part))?;
    std::fs::rename(part, target).map_err(file(target))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(file(folder))
}

fn forget(part: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(with_end(part, end)); // there is none, as a rule
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    with_end(path, &format!(".{end}"))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
