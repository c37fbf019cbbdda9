//! Wrong sign-ins, counted for the throttle. In the database, so that every node counts the same.

use super::Result;
use crate::db::Conn;
use crate::domain::timestamp::Timestamp;
use crate::schema::sign_in_failures as failures;
use diesel::prelude::*;

/// Adds a failure of an account (hashed) from a source (hashed).
pub fn add(conn: &mut Conn, account_hash: &str, source_hash: &str, now: Timestamp) -> Result<usize> {
    diesel::insert_into(failures::table)
        .values((
            failures::account_hash.eq(account_hash),
            failures::source_hash.eq(source_hash),
            failures::at.eq(now),
        ))
        .execute(conn)
}

/// How many failures of this account since `since`, and when the last one was.
pub fn of_account(conn: &mut Conn, account_hash: &str, since: Timestamp) -> Result<(i64, Option<Timestamp>)> {
    failures::table
        .filter(
            failures::account_hash
                .eq(account_hash)
                .and(failures::at.ge(since)),
        )
        .select((diesel::dsl::count_star(), diesel::dsl::max(failures::at)))
        .first(conn)
}

/// How many failures from this source since `since`, and when the last one was.
pub fn from_source(conn: &mut Conn, source_hash: &str, since: Timestamp) -> Result<(i64, Option<Timestamp>)> {
    failures::table
        .filter(failures::source_hash.eq(source_hash).and(failures::at.ge(since)))
        .select((diesel::dsl::count_star(), diesel::dsl::max(failures::at)))
        .first(conn)
}

/// Forgets an account's failures after it signed in.
pub fn forget(conn: &mut Conn, account_hash: &str) -> Result<usize> {
    diesel::delete(failures::table.filter(failures::account_hash.eq(account_hash))).execute(conn)
}

/// Forgets what no longer counts.
pub fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    diesel::delete(failures::table.filter(failures::at.lt(before))).execute(conn)
}
