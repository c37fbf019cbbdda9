//! The one connection type over both databases.
#![allow(missing_docs)] // the derive writes undocumented items beside the enum
#![allow(clippy::large_enum_variant)] // connections live in the pool, never on a stack for long

use super::postgres::PgConn;
use diesel::SqliteConnection;

/// A connection to either database. Diesel runs most queries on it as they are; what differs is in
/// the seams of `store`, which match on it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(PgConn),
    Sqlite(SqliteConnection),
}
