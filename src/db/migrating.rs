//! Bringing a database's schema up to date, and saying how it stands.

use super::database::unopened;
use super::migrate::Step;
use super::pool::Used;
use super::{Conn, Db, OpenError, Planned, migrate};
use crate::config::DatabaseUrl;
use std::time::Duration;

/// How long a migration waits for others who hold what it needs: a dump, or somebody who left a transaction open.
const PATIENCE: Duration = Duration::from_secs(300);

impl Db {
    /// Applies the migrations that are still to be applied, one node at a time; answers how many. Where others are in the
    /// way it waits for a few minutes.
    ///
    /// # Errors
    /// A step failed or waited in vain, or the schema is that of a newer program.
    pub fn migrate(&self) -> Result<usize, OpenError> {
        self.migrate_within(PATIENCE)
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
        match (&self.url, &mut **self.one()?) {
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

    fn one(&self) -> Result<Used, OpenError> {
        self.reader().map_err(|error| unopened(&self.url, &error))
    }

    /// Whether the schema is one that this program can work with; only reads.
    ///
    /// # Errors
    /// It is older, or a newer program has changed what this one relies on.
    pub fn check_schema(&self) -> Result<(), OpenError> {
        Ok(migrate::check(&mut *self.one()?)?)
    }
}
