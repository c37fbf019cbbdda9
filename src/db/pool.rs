//! Connections kept ready, and the two ways to use one.

use super::backup::BackupError;
use super::migrate::Step;
use super::{Conn, Copier, Failure, MigrationError, Planned, Trouble, migrate, transaction};
use crate::config::DatabaseUrl;
use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{self, ManageConnection, R2D2Connection};
use diesel::result::Error;
use diesel::sql_types::Text;
use diesel::{ConnectionError, RunQueryDsl, SqliteConnection};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a request waits for SQLite's one writer before it is told that the database is busy.
pub(super) const SQLITE_PATIENCE: Duration = Duration::from_secs(5);
/// How long SQLite's statements wait for other processes, in milliseconds. The longer SQLite has waited, the more
/// seldom it looks again, so whoever wants to write asks anew every millisecond ([`super::begin`]): between two
/// transactions of an import the file is free for a moment only.
const WAITS: u32 = 5000;
const WRITER_WAITS: u32 = 1;
/// How long it waits for a connection to PostgreSQL: with the database gone everybody is told within two seconds.
const POSTGRES_PATIENCE: Duration = Duration::from_millis(1500);
/// Connections to PostgreSQL of one node, and SQLite's readers.
const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// A transaction that the database refuses for others' sake is tried so often.
const TRIES: u32 = 5;

/// How long a migration waits for others who hold what it needs: a dump, or somebody who left a transaction open.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(300);

/// Memory for pages, in KiB, and how many pages are written before they are brought into SQLite's file: of a reader,
/// of the writer as a rule, and of the writer for a large piece of work while nobody else is there.
///
/// SQLite is built so that all connections of the process draw on one pool of pages that is as large as all of these
/// together, scratch databases too: whoever reads much takes what the others leave.
const READERS_ROOM: &str = "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 1000;";
const USUAL_ROOM: &str = "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 1000;";
const LARGE_ROOM: &str = "PRAGMA cache_size = -48000; PRAGMA wal_autocheckpoint = 20000;";

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(super) readers: r2d2::Pool<Opener>,
    /// SQLite has one writer at a time: one connection makes that a fair queue. PostgreSQL: the same pool.
    writers: r2d2::Pool<Opener>,
    pub(super) url: DatabaseUrl,
}

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No connection: the file cannot be made, or the server does not answer.
    #[error("cannot open the database {url}: {reason}")]
    Connect {
        /// Without the password.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrationError),
}

/// Makes connections for the pool.
#[derive(Clone)]
pub(super) struct Opener {
    url: DatabaseUrl,
    /// How long a statement waits for another process that has SQLite's file locked, in milliseconds.
    waits: u32,
    /// How much memory it has for pages of SQLite's file.
    room: &'static str,
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        connect(&self.url, self.waits, self.room).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        match conn {
            Conn::Postgres(postgres) => postgres.ping().map_err(diesel::r2d2::Error::QueryError),
            Conn::Sqlite(_) => Ok(()), // a file does not hang up
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

fn connect(url: &DatabaseUrl, waits: u32, room: &str) -> Result<Conn, ConnectionError> {
    match url {
        DatabaseUrl::Postgres(url) => Ok(Conn::Postgres(super::postgres::PgConn::establish(url)?)),
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            // FULL: what was answered with success survives a power cut, which NORMAL does not promise.
            conn.batch_execute(&format!(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA busy_timeout = {waits}; \
                 PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE;",
            ))
            .and_then(|()| conn.batch_execute(room))
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Sqlite(conn))
        }
    }
}

impl Db {
    /// Opens the database; the schema is left as it is.
    pub fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let told = |reason: String| OpenError::Connect {
            url: url.to_string(),
            reason,
        };
        drop(connect(url, WAITS, READERS_ROOM).map_err(|error| told(error.to_string()))?); // the driver's own words, which a pool loses
        let patience = match url {
            DatabaseUrl::Sqlite(_) => SQLITE_PATIENCE,
            DatabaseUrl::Postgres(_) => POSTGRES_PATIENCE,
        };
        let pool = |size, waits, room| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(patience)
                .build(Opener {
                    url: url.clone(),
                    waits,
                    room,
                })
                .map_err(|error| told(error.to_string()))
        };
        let writers = match url {
            DatabaseUrl::Sqlite(_) => pool(1, WRITER_WAITS, USUAL_ROOM)?,
            DatabaseUrl::Postgres(_) => pool(POSTGRES_CONNECTIONS, WAITS, USUAL_ROOM)?,
        };
        let readers = match url {
            DatabaseUrl::Sqlite(_) => pool(READERS, WAITS, READERS_ROOM)?,
            DatabaseUrl::Postgres(_) => writers.clone(),
        };
        Ok(Self {
            readers,
            writers,
            url: url.clone(),
        })
    }

    /// Applies the migrations that are still to be applied, one node at a time; answers how many. Where others are in the
    /// way it waits for a few minutes.
    ///
    /// # Errors
    /// A step failed or waited in vain, or the schema is that of a newer program.
    pub fn migrate(&self) -> Result<usize, OpenError> {
        self.migrate_within(MIGRATION_PATIENCE)
    }

    /// The same, waiting for so long.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub fn migrate_within(&self, patience: Duration) -> Result<usize, OpenError> {
        match &self.url {
            DatabaseUrl::Postgres(url) => Ok(migrate::on_postgres(url, &Step::own(), patience)?),
            DatabaseUrl::Sqlite(_) => Ok(migrate::on_sqlite(&mut *self.one()?)?),
        }
    }

    /// What [`Db::migrate`] would do.
    ///
    /// # Errors
    /// The database does not answer, or its schema is that of a newer program.
    pub fn plan(&self) -> Result<Vec<Planned>, OpenError> {
        match (&self.url, &mut *self.one()?) {
            (DatabaseUrl::Postgres(url), _) => Ok(migrate::plan_on_postgres(url, &Step::own())?),
            (_, Conn::Sqlite(sqlite)) => Ok(migrate::plan_on_sqlite(sqlite)?),
            (DatabaseUrl::Sqlite(_), Conn::Postgres(_)) => Ok(Vec::new()),
        }
    }

    /// What would be done to make a file of SQLite's that is not there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn plan_of_a_new_file() -> Result<Vec<Planned>, OpenError> {
        Ok(migrate::plan_of_nothing()?)
    }

    fn one(&self) -> Result<r2d2::PooledConnection<Opener>, OpenError> {
        self.readers.get().map_err(|error| OpenError::Connect {
            url: self.url.to_string(),
            reason: error.to_string(),
        })
    }

    /// Whether the schema is one that this program can work with; only reads.
    ///
    /// # Errors
    /// It is older, or a newer program has changed what this one relies on.
    pub fn check_schema(&self) -> Result<(), OpenError> {
        Ok(migrate::check(&mut *self.one()?)?)
    }

    /// The same, without what is in the way.
    pub fn is_migrated(&self) -> bool {
        self.readers
            .get()
            .is_ok_and(|mut conn| migrate::fits(&mut conn).is_ok_and(|fits| fits))
    }

    /// Reads. On SQLite many read at once, also while somebody writes.
    pub fn read<T, E: Failure>(&self, body: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        body(&mut *checked_out(&self.readers)?)
    }

    /// Runs `body` in one transaction; all of it is durable when this answers `Ok`, none of it otherwise.
    /// `body` is run again from its start when the database asks for that, so it must have no other effect.
    pub fn write<T, E: Failure>(&self, mut body: impl FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        insist(&mut *checked_out(&self.writers)?, &mut body)
    }

    /// Gives SQLite's writer more room, for a large piece of work while nobody else is there.
    pub fn take_room(&self) -> Result<(), Error> {
        self.set_room(LARGE_ROOM)
    }

    /// Gives it the usual room again.
    pub fn give_room_back(&self) -> Result<(), Error> {
        self.set_room(USUAL_ROOM)
    }

    pub(super) fn set_room(&self, room: &str) -> Result<(), Error> {
        match &mut *checked_out(&self.writers)? {
            Conn::Sqlite(sqlite) => sqlite.batch_execute(room),
            Conn::Postgres(_) => Ok(()),
        }
    }

    /// Where it lies.
    pub fn home(&self) -> Result<String, Error> {
        super::home(&mut *checked_out(&self.readers)?, &self.url)
    }

    /// Copies the whole database to a file, as it is at one instant, while others write; `None` where the database is
    /// PostgreSQL, whose own tools do that.
    pub fn copy_to(&self, target: &std::path::Path) -> Option<Result<(), BackupError>> {
        let copied = |sqlite: &mut SqliteConnection| super::backup::copy_to(sqlite, target);
        match checked_out(&self.readers) {
            Err(error) => Some(Err(BackupError::Database(error.to_string()))),
            Ok(mut conn) => match &mut *conn {
                Conn::Sqlite(sqlite) => Some(copied(sqlite)),
                Conn::Postgres(_) => None,
            },
        }
    }

    /// The file, where the database is SQLite.
    pub const fn file(&self) -> Option<&PathBuf> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => Some(path),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// A connection that copies rows, where the database is PostgreSQL.
    pub fn copier(&self) -> Result<Option<Copier>, Error> {
        match &self.url {
            DatabaseUrl::Postgres(url) => Copier::open(url).map(Some),
            DatabaseUrl::Sqlite(_) => Ok(None),
        }
    }

    /// As [`Db::write`]; where the database is SQLite, the tables of the scratch database at `scratch` can be read in the same
    /// statements, as those of a schema of that name.
    pub fn write_beside<T, E: Failure>(
        &self,
        scratch: &Path,
        mut body: impl FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = checked_out(&self.writers)?;
        let Conn::Sqlite(sqlite) = &mut *conn else {
            return insist(&mut conn, &mut body);
        };
        diesel::sql_query("ATTACH ? AS scratch")
            .bind::<Text, _>(super::scratch::read_only(scratch))
            .execute(sqlite)?;
        let done = insist(&mut conn, &mut body);
        if let Conn::Sqlite(sqlite) = &mut *conn {
            sqlite.batch_execute("DETACH scratch")?;
        }
        done
    }
}

/// One transaction, run again as a whole when the database asks for that.
fn insist<T, E: Failure>(conn: &mut Conn, body: &mut dyn FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    for _ in 1..TRIES {
        match transaction(conn, body) {
            Err(error) if error.asks_for_another_try() => {}
            done => return done,
        }
    }
    transaction(conn, body)
}

pub(super) fn checked_out(pool: &r2d2::Pool<Opener>) -> Result<r2d2::PooledConnection<Opener>, Error> {
    pool.get().map_err(|error| {
        let all_in_use = pool.state().connections == pool.max_size();
        let trouble = if all_in_use { Trouble::Busy } else { Trouble::Away };
        trouble.error(error.to_string())
    })
}
