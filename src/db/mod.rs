//! The database: SQLite in one file or PostgreSQL, behind one connection type.
//!
//! [`Db::read`] and [`Db::write`] are the only ways in. A write is one transaction, begun so that it
//! cannot deadlock with another, and is done again as a whole when the database asks for that.

pub mod backup;
pub mod checkup;
mod columns;
mod conn;
mod copy;
mod encryption;
mod home;
mod log;
pub mod migrate;
mod pool;
mod postgres;
mod scratch;
mod trouble;

pub use conn::Conn;
pub use copy::Copier;
pub use home::home;
pub use migrate::{MigrationError, Planned};
pub use pool::{Db, OpenError};
pub use postgres::PgConn;
pub use scratch::Scratch;
pub use trouble::Trouble;

use crate::domain::timestamp::Timestamp;
use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::result::Error;
use diesel::{QueryResult, RunQueryDsl, sql_query};
use std::time::Instant;

/// Runs one body of Diesel code against whichever database it is: for what Diesel cannot build on
/// the enum itself (upserts, inserts of many rows).
macro_rules! both {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use both;

/// What a transaction's body may fail with.
pub trait Failure: From<Error> {
    /// Whether the database refused the transaction for others' sake (serialisation failure,
    /// deadlock), so that the whole of it may be run again.
    fn asks_for_another_try(&self) -> bool;
}

impl Failure for Error {
    fn asks_for_another_try(&self) -> bool {
        Trouble::of(self) == Trouble::Crowded
    }
}

/// Runs `body` in one transaction. SQLite's begins IMMEDIATE: a deferred one that reads before it
/// writes fails with SQLITE_BUSY however long it waits.
fn transaction<T, E: Failure>(
    conn: &mut Conn,
    body: &mut dyn FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        Conn::Sqlite(sqlite) => begin(sqlite)?,
        Conn::Postgres(postgres) => postgres::Transactions::begin_transaction(postgres)?,
    }
    match body(conn) {
        Ok(value) => {
            <Conn as Connection>::TransactionManager::commit_transaction(conn).map_err(doubted)?;
            Ok(value)
        }
        Err(error) => {
            // The body's error is the one to tell; a connection that cannot roll back is dropped by the pool.
            let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// What a COMMIT fails with. Whose answer was lost may have been done; a file that could not be synchronised may hold it
/// all the same after the next start.
fn doubted(error: Error) -> Error {
    match Trouble::of(&error) {
        Trouble::Away | Trouble::Unreadable | Trouble::Damaged => Trouble::Unknown.error(error.to_string()),
        _ => error,
    }
}

/// Begins as soon as no other process writes; asks every millisecond.
fn begin(sqlite: &mut diesel::SqliteConnection) -> QueryResult<()> {
    let asked = Instant::now();
    loop {
        match AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE") {
            Err(error) if Trouble::of(&error) == Trouble::Busy && asked.elapsed() < pool::SQLITE_PATIENCE => {
            }
            done => return done,
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    micros: i64,
}

/// The time by the database's own clock; SQLite has none but this machine's, to the millisecond.
pub fn time(conn: &mut Conn) -> QueryResult<Timestamp> {
    let query = match conn {
        Conn::Postgres(_) => {
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS micros"
        }
        Conn::Sqlite(_) => "SELECT CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER) AS micros",
    };
    let told: Told = sql_query(query).get_result(conn)?;
    Ok(Timestamp::from_micros(told.micros))
}
