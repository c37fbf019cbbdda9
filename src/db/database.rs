//! The two ways to use the database.

use super::backup::BackupError;
use super::patience::Patience;
use super::pool::{LARGE_ROOM, Pool, SQLITE_PATIENCE, USUAL_ROOM, Used, pools};
use super::readiness::Fate;
use super::transaction::{Failed, Failure, insist};
use super::{Conn, Copier, MigrationError, Trouble};
use crate::config::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Pool,
    writers: Pool,
    pub(super) url: DatabaseUrl,
    patience: Patience,
    pub(super) fate: Arc<Fate>,
}

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No connection: the file cannot be made, or the server does not answer.
    #[error("cannot open the database {url}: {reason}")]
    Connect {
        /// Without the password.
        url: String,
        /// Whether waiting may help.
        trouble: Trouble,
        /// What the driver said.
        reason: String,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrationError),
}

impl Db {
    /// Opens the database; the schema is left as it is.
    ///
    /// # Errors
    /// It does not answer, or refuses.
    pub fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let (readers, writers) = pools(url).map_err(|error| unopened(url, &error))?;
        Ok(Self {
            readers,
            writers,
            url: url.clone(),
            patience: Patience::Brisk,
            fate: Arc::default(),
        })
    }

    /// The same database for whoever is as patient as this.
    #[must_use]
    pub fn with(&self, patience: Patience) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// Reads. On SQLite many read at once, also while somebody writes. A body whose connection turns out to be dead at its
    /// first question is run again on another.
    pub fn read<T, E: Failure>(&self, mut body: impl FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let done = self.reader().map_err(E::from).and_then(|mut conn| {
            let first = body(&mut conn);
            if first.is_ok() || !died_unheard(&conn) {
                return first;
            }
            drop(conn);
            body(&mut *self.reader()?)
        });
        done.inspect_err(|error: &E| {
            if matches!(error.trouble(), Trouble::Damaged | Trouble::Unreadable) {
                self.fate.failed(error.trouble());
            }
        })
    }

    /// Runs `body` in one transaction; all of it is durable when this answers `Ok`, none of it otherwise, unless it
    /// answers that this is unknown ([`Trouble::Unknown`]).
    /// `body` is run again from its start when the database asks for that, or when the connection died before the
    /// transaction's end, so it must have no other effect.
    pub fn write<T, E: Failure>(&self, mut body: impl FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.write_within(SQLITE_PATIENCE, &mut body)
    }

    /// The same for whoever waits so long for SQLite's one writer.
    pub(super) fn write_within<T, E: Failure>(
        &self,
        wait: Duration,
        body: &mut dyn FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.remembered(self.written(Instant::now() + wait, body))
    }

    fn written<T, E: Failure>(
        &self,
        until: Instant,
        body: &mut dyn FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.writer(until)?;
        let failed = match insist(&mut conn, until, body) {
            Ok(value) => return Ok(value),
            Err(failed) => failed,
        };
        if !may_work_on_another(&conn, &failed) {
            return Err(noted(&mut conn, failed));
        }
        drop(conn);
        let mut conn = self.writer(until)?;
        insist(&mut conn, until, body).map_err(|failed| noted(&mut conn, failed))
    }

    /// What became of a write is remembered, for whoever asks whether one can succeed.
    fn remembered<T, E: Failure>(&self, done: Result<T, E>) -> Result<T, E> {
        match &done {
            Ok(_) => self.fate.succeeded(),
            Err(error) => self.fate.failed(error.trouble()),
        }
        done
    }

    pub(super) fn reader(&self) -> QueryResult<Used> {
        self.readers.get(self.patience)
    }

    fn writer(&self, until: Instant) -> QueryResult<Used> {
        match &self.url {
            DatabaseUrl::Postgres(_) => self.writers.get(self.patience),
            DatabaseUrl::Sqlite(_) => {
                let wait = until.saturating_duration_since(Instant::now());
                self.writers.get_within(wait, self.patience)
            }
        }
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
        match &mut **self.writers.get(self.patience)? {
            Conn::Sqlite(sqlite) => sqlite.batch_execute(room),
            Conn::Postgres(_) => Ok(()),
        }
    }

    /// Where it lies.
    pub fn home(&self) -> Result<String, Error> {
        super::home(&mut *self.reader()?, &self.url)
    }

    /// Copies the whole database to a file, as it is at one instant, while others write; `None` where the database is
    /// PostgreSQL, whose own tools do that.
    pub fn copy_to(&self, target: &Path) -> Option<Result<(), BackupError>> {
        let copied = |sqlite: &mut SqliteConnection| super::backup::copy_to(sqlite, target);
        match self.reader() {
            Err(error) => Some(Err(BackupError::Database(error.to_string()))),
            Ok(mut conn) => match &mut **conn {
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
        if matches!(self.url, DatabaseUrl::Postgres(_)) {
            return self.write(body);
        }
        let until = Instant::now() + SQLITE_PATIENCE;
        let mut conn = self.writer(until)?;
        if let Conn::Sqlite(sqlite) = &mut **conn {
            diesel::sql_query("ATTACH ? AS scratch")
                .bind::<Text, _>(super::scratch::read_only(scratch))
                .execute(sqlite)?;
        }
        let done = insist(&mut conn, until, &mut body).map_err(|failed| noted(&mut conn, failed));
        if let Conn::Sqlite(sqlite) = &mut **conn {
            sqlite.batch_execute("DETACH scratch")?;
        }
        self.remembered(done)
    }
}

/// Why it could not be opened, without its password.
pub(super) fn unopened(url: &DatabaseUrl, error: &Error) -> OpenError {
    OpenError::Connect {
        url: url.to_string(),
        trouble: Trouble::of(error),
        reason: error.to_string(),
    }
}

/// Whether a transaction of which surely nothing is left may be run on another connection: its own was ended, or led to a
/// server that takes no changes. Who has waited for a silent one has waited long enough.
fn may_work_on_another<E>(conn: &Conn, failed: &Failed<E>) -> bool {
    match (conn, failed) {
        (Conn::Postgres(postgres), Failed::Undone(_)) => postgres.has_ended() || postgres.only_reads(),
        _ => false,
    }
}

/// Whether the server had ended a connection before anything was asked on it.
fn died_unheard(conn: &Conn) -> bool {
    matches!(conn, Conn::Postgres(postgres) if postgres.has_ended() && !postgres.has_answered())
}

/// What a transaction failed with. A connection to a file that has failed is opened anew for the next.
fn noted<E: Failure>(conn: &mut Used, failed: Failed<E>) -> E {
    let error = failed.into_inner();
    if matches!(
        error.trouble(),
        Trouble::ReadOnly | Trouble::Unreadable | Trouble::Damaged
    ) {
        conn.spoil();
    }
    error
}
