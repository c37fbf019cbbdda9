//! Bringing the schema up to date without being the next outage: short locks or none.
//!
//! A migration whose version ends in `a` only adds: a table, an index, a column that may be absent. A program that does
//! not know it works beside it, so that nodes can be brought up to date one after the other.

mod plan;
mod runner;
mod statement;
mod step;
mod waiting;

pub use plan::Planned;
pub use statement::Lock;
pub use step::{Alone, Step};

use super::{Conn, both};
use diesel::connection::Connection;
use diesel::migration::MigrationSource;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::time::Duration;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Nodes that start together take turns: who has this PostgreSQL advisory lock migrates.
const ADVISORY_LOCK: i64 = 0x6d61_6b65_676f_6f64;
/// The end of a version that only adds.
const ADDS: char = 'a';

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A statement failed; what went before it stands.
    #[error("the database's schema could not be brought up to date: {0}")]
    Failed(String),
    /// Others held what a step needs for longer than it was to wait; what went before it stands.
    #[error(
        "the schema's next step, {what}, waited {seconds} s in vain for {for_whom}. Let them finish or end them, then run \
         `makegood migrate` again; `--wait SECONDS` waits longer"
    )]
    Waited {
        /// The step, or what it waited for.
        what: String,
        /// For how long.
        seconds: u64,
        /// Sessions, in words.
        for_whom: String,
    },
    /// The database was migrated by a newer program.
    #[error("the database was migrated by a newer makegood ({0}); start that one, or restore a backup")]
    Newer(String),
    /// Somebody else is to bring it up to date.
    #[error("the database's schema is older than this program ({0} is not applied); run `makegood migrate`")]
    Older(String),
}

/// How a schema and this program stand to each other.
enum Standing {
    /// The program can work with it.
    Fits,
    /// This migration of the program's is still to be applied.
    Older(String),
    /// This one, which the program does not know, changed what it relies on.
    Newer(String),
}

fn told(error: impl std::fmt::Display) -> MigrationError {
    MigrationError::Failed(error.to_string())
}

/// Brings SQLite's schema up to date: nobody else writes meanwhile, and a step that is not finished is none.
pub(super) fn on_sqlite(conn: &mut Conn) -> Result<usize, MigrationError> {
    match standing(conn).map_err(told)? {
        Standing::Fits => return Ok(0),
        Standing::Newer(version) => return Err(MigrationError::Newer(version)),
        Standing::Older(_) => {}
    }
    match conn {
        Conn::Sqlite(sqlite) => Ok(sqlite.run_pending_migrations(SQLITE).map_err(told)?.len()),
        Conn::Postgres(_) => Ok(0),
    }
}

/// Runs what is pending of these steps on PostgreSQL, and waits for so long where others are in the way. Answers how many
/// that were.
///
/// # Errors
/// A step failed or waited in vain, or the database has steps that are not among these.
pub fn on_postgres(url: &str, steps: &[Step], patience: Duration) -> Result<usize, MigrationError> {
    runner::run(url, steps, patience)
}

/// What that would do.
///
/// # Errors
/// The database does not answer, or has steps that are not among these.
pub fn plan_on_postgres(url: &str, steps: &[Step]) -> Result<Vec<Planned>, MigrationError> {
    plan::plan(url, steps)
}

/// The same on SQLite, which is locked as a whole for a moment.
pub(super) fn plan_on_sqlite(conn: &mut SqliteConnection) -> Result<Vec<Planned>, MigrationError> {
    let pending = conn.pending_migrations(SQLITE).map_err(told)?;
    let planned = pending.iter().map(|migration| Planned {
        version: migration.name().version().to_string(),
        name: migration.name().to_string(),
        in_transaction: migration.metadata().run_in_transaction(),
        locks: vec![Lock::whole_file()],
        half_done: None,
    });
    Ok(planned.collect())
}

/// What would be done to a database of SQLite's that is not there yet.
pub(super) fn plan_of_nothing() -> Result<Vec<Planned>, MigrationError> {
    let mut nothing = SqliteConnection::establish(":memory:").map_err(told)?;
    plan_on_sqlite(&mut nothing)
}

/// Whether this program can work with the schema as it is. Only reads.
pub(super) fn fits(conn: &mut Conn) -> QueryResult<bool> {
    Ok(matches!(standing(conn)?, Standing::Fits))
}

/// As [`fits`], with what is in the way.
pub(super) fn check(conn: &mut Conn) -> Result<(), MigrationError> {
    match standing(conn).map_err(told)? {
        Standing::Fits => Ok(()),
        Standing::Older(version) => Err(MigrationError::Older(version)),
        Standing::Newer(version) => Err(MigrationError::Newer(version)),
    }
}

fn standing(conn: &mut Conn) -> QueryResult<Standing> {
    let known = known()?;
    let applied = applied(conn)?;
    // A schema from the future is left alone: an old program would damage what it does not know.
    let newer = applied
        .iter()
        .find(|version| !known.contains(version) && !version.ends_with(ADDS));
    let older = known.iter().find(|version| !applied.contains(version));
    Ok(match (newer, older) {
        (Some(version), _) => Standing::Newer(version.clone()),
        (None, Some(version)) => Standing::Older(version.clone()),
        (None, None) => Standing::Fits,
    })
}

/// The versions that this program was built with; those of both databases are the same.
fn known() -> QueryResult<Vec<String>> {
    let migrations = MigrationSource::<Sqlite>::migrations(&SQLITE);
    let migrations = migrations.map_err(diesel::result::Error::QueryBuilderError)?;
    Ok(migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    tables: i64,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// What has been applied. Diesel's own question makes the table where it is absent, which a role that may not change the
/// schema cannot do, and a question must not.
fn applied(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let there = match conn {
        Conn::Postgres(_) => {
            "SELECT CAST(COUNT(*) AS BIGINT) AS tables FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
        Conn::Sqlite(_) => {
            "SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
    };
    let there: Counted = sql_query(there).get_result(conn)?;
    if there.tables == 0 {
        return Ok(Vec::new());
    }
    let versions = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let applied: Vec<Applied> = both!(conn, |c| sql_query(versions).load(c))?;
    Ok(applied.into_iter().map(|one| one.version).collect())
}
