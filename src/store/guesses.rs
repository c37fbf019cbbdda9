//! Tries at something that only the right person knows, counted against guessing. In the database, so that
//! every node counts the same.

use super::Result;
use crate::db::Conn;
use crate::domain::timestamp::Timestamp;
use crate::schema::guesses;
use diesel::prelude::*;

/// Counts a try at a subject (hashed).
pub fn add(conn: &mut Conn, subject: &str, now: Timestamp) -> Result<usize> {
    diesel::insert_into(guesses::table)
        .values((guesses::subject.eq(subject), guesses::at.eq(now)))
        .execute(conn)
}

/// How many tries there were since an instant.
pub fn since(conn: &mut Conn, subject: &str, since: Timestamp) -> Result<i64> {
    guesses::table
        .filter(guesses::subject.eq(subject).and(guesses::at.ge(since)))
        .count()
        .get_result(conn)
}

/// Forgets the tries at a subject: the right person came.
pub fn forget(conn: &mut Conn, subject: &str) -> Result<usize> {
    diesel::delete(guesses::table.filter(guesses::subject.eq(subject))).execute(conn)
}

/// Forgets what no longer counts.
pub fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    diesel::delete(guesses::table.filter(guesses::at.lt(before))).execute(conn)
}
