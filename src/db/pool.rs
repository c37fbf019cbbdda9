//! Connections kept ready.

use super::patience::Patience;
use super::postgres::{Address, PgConn};
use super::{Conn, Trouble};
use crate::config::DatabaseUrl;
use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{self, ManageConnection};
use diesel::result::Error;
use diesel::{ConnectionError, QueryResult, SqliteConnection};
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long SQLite's statements wait for other processes, in milliseconds. The longer SQLite has waited, the more
/// seldom it looks again, so whoever wants to write asks anew every millisecond ([`super::transaction::begin`]): between
/// two transactions of an import the file is free for a moment only.
const WAITS: u32 = 2500;
const WRITER_WAITS: u32 = 1;
/// How long a reader of SQLite's is waited for; it and [`WAITS`] are five seconds in all.
const READER_PATIENCE: Duration = Duration::from_millis(2500);
/// How long SQLite's one writer is waited for in all: for its connection, and for other processes.
pub(super) const SQLITE_PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection to PostgreSQL is waited for: with the database gone everybody is told within two seconds.
const POSTGRES_PATIENCE: Duration = Duration::from_millis(1000);
/// Connections to PostgreSQL of one node, and SQLite's readers.
const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// Why no connection could be opened is told so long to those who get none.
const REMEMBERED: Duration = Duration::from_secs(2);

/// Memory for pages, in KiB, and how many pages are written before they are brought into SQLite's file: of a reader,
/// of the writer as a rule, and of the writer for a large piece of work while nobody else is there.
///
/// SQLite is built so that all connections of the process draw on one pool of pages that is as large as all of these
/// together, scratch databases too: whoever reads much takes what the others leave.
const READERS_ROOM: &str = "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 1000;";
pub(super) const USUAL_ROOM: &str = "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 1000;";
pub(super) const LARGE_ROOM: &str = "PRAGMA cache_size = -48000; PRAGMA wal_autocheckpoint = 20000;";

/// Connections that are used by one after the other.
#[derive(Clone)]
pub(super) struct Pool {
    inner: r2d2::Pool<Opener>,
    opener: Opener,
}

/// One of them, in use.
pub(super) type Used = r2d2::PooledConnection<Opener>;

/// A connection in a pool.
pub(super) struct Kept {
    conn: Conn,
    spoilt: bool,
}

impl Kept {
    /// Nobody else is to use it.
    pub const fn spoil(&mut self) {
        self.spoilt = true;
    }
}

impl Deref for Kept {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Kept {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// Where connections lead.
#[derive(Clone)]
enum Target {
    Postgres(Address),
    Sqlite(PathBuf),
}

/// Makes connections for a pool.
#[derive(Clone)]
pub(super) struct Opener {
    target: Target,
    /// How long a statement waits for another process that has SQLite's file locked, in milliseconds.
    waits: u32,
    /// How much memory it has for pages of SQLite's file.
    room: &'static str,
    known: Arc<Mutex<Known>>,
}

/// What the connections of a pool have learned.
#[derive(Default)]
struct Known {
    /// Connections that have heard nothing since then are not asked any more: one of them has fallen silent, or was
    /// connected with a server that takes no changes.
    condemned: Option<Instant>,
    /// When the server was last seen to have ended one: it seldom ends one alone.
    ended: Option<Instant>,
    /// Why the last one could not be opened, and when.
    refused: Option<(Instant, Trouble, String)>,
}

impl Opener {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn condemn(&self, unheard_since: Instant) {
        let mut known = self.known();
        known.condemned = known.condemned.max(Some(unheard_since));
    }

    /// Remembers what a connection that is lost tells of the others.
    fn learn_from(&self, postgres: &PgConn) {
        if let Some(asked) = postgres.silent_since() {
            self.condemn(asked);
        } else if postgres.only_reads() {
            self.condemn(Instant::now());
        } else if postgres.has_ended() {
            self.known().ended = Some(Instant::now());
        }
    }

    fn open(&self) -> QueryResult<Conn> {
        match &self.target {
            Target::Postgres(address) => PgConn::open(address).map(Conn::Postgres),
            Target::Sqlite(path) => sqlite(path, self.waits, self.room).map(Conn::Sqlite),
        }
    }
}

impl ManageConnection for Opener {
    type Connection = Kept;
    type Error = Error;

    fn connect(&self) -> QueryResult<Kept> {
        let opened = self.open();
        self.known().refused = opened
            .as_ref()
            .err()
            .map(|error| (Instant::now(), Trouble::of(error), error.to_string()));
        opened.map(|conn| Kept { conn, spoilt: false })
    }

    fn is_valid(&self, kept: &mut Kept) -> QueryResult<()> {
        let Conn::Postgres(postgres) = &mut kept.conn else {
            return Ok(()); // a file does not hang up
        };
        let (condemned, ended) = {
            let known = self.known();
            (known.condemned, known.ended)
        };
        if condemned.is_some_and(|at| postgres.heard() < at) {
            return Err(Trouble::Away.error("the connection is as old as one that has died"));
        }
        let answers = postgres.answers(ended);
        self.learn_from(postgres);
        answers
    }

    fn has_broken(&self, kept: &mut Kept) -> bool {
        let spoilt = match &mut kept.conn {
            Conn::Sqlite(_) => kept.spoilt,
            Conn::Postgres(postgres) => {
                self.learn_from(postgres);
                kept.spoilt || postgres.is_spoilt()
            }
        };
        spoilt || std::thread::panicking()
    }
}

fn sqlite(path: &std::path::Path, waits: u32, room: &str) -> QueryResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| match error {
        ConnectionError::CouldntSetupConfiguration(error) => error,
        error => Trouble::Unreadable.error(error.to_string()),
    })?;
    // FULL: what was answered with success survives a power cut, which NORMAL does not promise.
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA busy_timeout = {waits}; \
         PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE;",
    ))?;
    conn.batch_execute(room)?;
    Ok(conn)
}

/// The pools of a database: of those who read and of those who write. SQLite has one writer at a time: one connection
/// makes that a fair queue. On PostgreSQL they are the same.
///
/// # Errors
/// No connection can be opened; in the driver's own words, which a pool loses.
pub(super) fn pools(url: &DatabaseUrl) -> QueryResult<(Pool, Pool)> {
    match url {
        DatabaseUrl::Postgres(text) => {
            let target = Target::Postgres(Address::read(text)?);
            let pool = pool(
                target,
                (POSTGRES_CONNECTIONS, POSTGRES_PATIENCE),
                (WAITS, USUAL_ROOM),
            )?;
            Ok((pool.clone(), pool))
        }
        DatabaseUrl::Sqlite(path) => {
            let target = Target::Sqlite(path.clone());
            let readers = pool(target.clone(), (READERS, READER_PATIENCE), (WAITS, READERS_ROOM))?;
            let writers = pool(target, (1, SQLITE_PATIENCE), (WRITER_WAITS, USUAL_ROOM))?;
            Ok((readers, writers))
        }
    }
}

fn pool(
    target: Target,
    (size, patience): (u32, Duration),
    (waits, room): (u32, &'static str),
) -> QueryResult<Pool> {
    let opener = Opener {
        target,
        waits,
        room,
        known: Arc::default(),
    };
    drop(opener.open()?);
    let inner = r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .connection_timeout(patience)
        .error_handler(Box::new(r2d2::NopErrorHandler)) // whoever waits is told, and tells the log
        .build_unchecked(opener.clone());
    Ok(Pool { inner, opener })
}

impl Pool {
    /// A connection that answers.
    ///
    /// # Errors
    /// There is none in time; says why.
    pub fn get(&self, patience: Patience) -> QueryResult<Used> {
        self.get_within(self.inner.connection_timeout(), patience)
    }

    /// The same, for whoever waits so long.
    pub fn get_within(&self, wait: Duration, patience: Patience) -> QueryResult<Used> {
        let mut used = self.checked_out(wait)?;
        let Conn::Postgres(postgres) = &mut used.conn else {
            return Ok(used);
        };
        if postgres.take(patience).is_ok() {
            return Ok(used);
        }
        drop(used); // it died a moment ago: another one
        used = self.checked_out(wait)?;
        if let Conn::Postgres(postgres) = &mut used.conn {
            postgres.take(patience)?;
        }
        Ok(used)
    }

    fn checked_out(&self, wait: Duration) -> QueryResult<Used> {
        let asked = Instant::now();
        self.inner.get_timeout(wait).map_err(|_| self.why_none(asked))
    }

    /// Why there was no connection for somebody who asked then.
    fn why_none(&self, asked: Instant) -> Error {
        if let Some((at, trouble, words)) = &self.opener.known().refused
            && *at + REMEMBERED >= asked
        {
            return trouble.error(words.clone());
        }
        if self.inner.state().connections == self.inner.max_size() {
            Trouble::Busy.error("all connections are in use")
        } else {
            Trouble::Away.error("no connection was made in time")
        }
    }
}
