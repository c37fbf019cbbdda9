//! Bringing the schema up to date without being the next outage: short locks or none.

use super::{Conn, both};
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Nodes that start together wait for each other at this PostgreSQL advisory lock.
const ADVISORY_LOCK: i64 = 0x6d61_6b65_676f_6f64;

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A statement failed; what went before it stands.
    #[error("the database's schema could not be brought up to date: {0}")]
    Failed(String),
    /// The database was migrated by a newer program.
    #[error("the database was migrated by a newer makegood ({0}); start that one, or restore a backup")]
    Newer(String),
}

fn told(error: impl std::fmt::Display) -> MigrationError {
    MigrationError::Failed(error.to_string())
}

pub(super) fn run(conn: &mut Conn) -> Result<usize, MigrationError> {
    refuse_a_newer_schema(conn)?;
    match conn {
        Conn::Sqlite(sqlite) => Ok(sqlite.run_pending_migrations(SQLITE).map_err(told)?.len()),
        Conn::Postgres(postgres) => {
            let lock = format!("SELECT pg_advisory_lock({ADVISORY_LOCK}); SET lock_timeout = '1s'");
            postgres.batch_execute(&lock).map_err(told)?;
            let done = postgres
                .run_pending_migrations(POSTGRES)
                .map(|run| run.len())
                .map_err(told);
            let unlock = format!("RESET lock_timeout; SELECT pg_advisory_unlock({ADVISORY_LOCK})");
            postgres.batch_execute(&unlock).map_err(told)?;
            done
        }
    }
}

/// A schema from the future is left alone: an old program would damage what it does not know.
fn refuse_a_newer_schema(conn: &mut Conn) -> Result<(), MigrationError> {
    let known = |source: EmbeddedMigrations| -> Result<Vec<String>, MigrationError> {
        let migrations = diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&source);
        Ok(migrations
            .map_err(told)?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect())
    };
    let known = known(SQLITE)?;
    let applied = both!(conn, |c| c.applied_migrations()).map_err(told)?;
    match applied
        .iter()
        .map(ToString::to_string)
        .find(|version| !known.contains(version))
    {
        Some(version) => Err(MigrationError::Newer(version)),
        None => Ok(()),
    }
}

pub(super) fn is_current(conn: &mut Conn) -> bool {
    let pending = match conn {
        Conn::Sqlite(sqlite) => sqlite.has_pending_migration(SQLITE),
        Conn::Postgres(postgres) => postgres.has_pending_migration(POSTGRES),
    };
    matches!(pending, Ok(false)) && refuse_a_newer_schema(conn).is_ok()
}
