//! The database: SQLite in one file or PostgreSQL, behind one connection type.
//!
//! [`Db::read`] and [`Db::write`] are the only ways in. A write is one transaction, begun so that it
//! cannot deadlock with another, and is done again as a whole when the database asks for that.

pub mod backup;
pub mod checkup;
mod columns;
mod conn;
mod copy;
mod database;
mod encryption;
mod home;
mod log;
pub mod migrate;
mod migrating;
mod patience;
mod pool;
mod postgres;
mod readiness;
mod scratch;
mod transaction;
mod trouble;

pub use conn::Conn;
pub use copy::Copier;
pub use database::{Db, OpenError};
pub use home::home;
pub use migrate::{MigrationError, Planned};
pub use patience::Patience;
pub use postgres::PgConn;
pub use readiness::Unready;
pub use scratch::Scratch;
pub use transaction::Failure;
pub use trouble::Trouble;

use crate::domain::timestamp::Timestamp;
use diesel::{QueryResult, RunQueryDsl, sql_query};

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
