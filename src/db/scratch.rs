//! A database for one piece of work, thrown away with it: SQLite in a file of its own, whichever the real one is.
//! Nothing in it has to survive, so nothing is synchronised and nothing can be rolled back.

use super::Conn;
use diesel::connection::{Connection, SimpleConnection};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use diesel::{ConnectionError, QueryResult, RunQueryDsl, SqliteConnection};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Memory for pages, in KiB, of connections that only read.
const READERS_CACHE: u32 = 2_000;
/// Rows that are sorted in memory at once, in KiB.
const SORTED: u32 = 4_000;

/// The file goes when this does; of a process that died it stays, until the next one takes its name.
pub struct Scratch {
    path: PathBuf,
    conn: Conn,
    cache: u32,
}

impl Scratch {
    /// An empty one at `path`, in place of any that is there, with these tables and so many KiB of memory for pages.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, tables: &str, cache: u32) -> QueryResult<Self> {
        let _ = std::fs::remove_file(path); // there is none, as a rule
        let mut options = OpenOptions::new();
        options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        let mut conn = open(path, cache)?;
        conn.batch_execute(tables)?;
        Ok(Self {
            path: path.to_owned(),
            conn: Conn::Sqlite(conn),
            cache,
        })
    }

    /// The connection that writes.
    pub const fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Another connection to the one at `path`, for another thread. It reads when nobody writes.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn reader(path: &Path) -> QueryResult<Conn> {
        open(path, READERS_CACHE).map(Conn::Sqlite)
    }

    /// Runs statements on it that can also read another SQLite database, as a schema called `other`.
    ///
    /// # Errors
    /// The other one cannot be opened, or what `body` fails with.
    pub fn beside<T>(
        &mut self,
        other: &Path,
        body: impl FnOnce(&mut Conn) -> QueryResult<T>,
    ) -> QueryResult<T> {
        diesel::sql_query("ATTACH ? AS other")
            .bind::<Text, _>(read_only(other))
            .execute(self.sqlite()?)?;
        let done = body(&mut self.conn);
        self.sqlite()?.batch_execute("DETACH other")?;
        done
    }

    /// Puts many rows in order, for an index or a table. What is sorted in memory at once is as large as the memory for
    /// pages, several times; on the disk it takes hardly longer.
    ///
    /// # Errors
    /// What the database says.
    pub fn sort(&mut self, statements: &str) -> QueryResult<()> {
        let cache = self.cache;
        self.sqlite()?.batch_execute(&format!(
            "PRAGMA cache_size = -{SORTED}; {statements}; PRAGMA cache_size = -{cache}"
        ))
    }

    fn sqlite(&mut self) -> QueryResult<&mut SqliteConnection> {
        match &mut self.conn {
            Conn::Sqlite(sqlite) => Ok(sqlite),
            Conn::Postgres(_) => Err(failed("a scratch database is SQLite")),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A database as SQLite wants it said that it will only be read: else a transaction beside it would lock it too, and
/// wait for its readers.
pub(super) fn read_only(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25");
    format!("file:{}?mode=ro", path.replace('?', "%3f").replace('#', "%23"))
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path); // whoever tidies up may have been first
    }
}

fn open(path: &Path, cache: u32) -> QueryResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| match error {
        ConnectionError::CouldntSetupConfiguration(error) => error,
        other => failed(other),
    })?;
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
         PRAGMA cache_size = -{cache}; PRAGMA temp_store = FILE; PRAGMA threads = 2;"
    ))?;
    Ok(conn)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(error.to_string()))
}
