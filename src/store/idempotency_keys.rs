//! First answers to requests that may be repeated: a retry after a lost answer gets the same one.

use super::Result;
use crate::db::{Conn, both};
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::idempotency_keys as keys;
use diesel::prelude::*;

/// The first answer under a key.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = keys)]
#[allow(missing_docs)]
pub struct Answer {
    /// Hash of the request; another one under the same key is a mistake of the client.
    pub request_hash: String,
    /// As JSON.
    pub response: String,
}

/// The first answer under a person's key.
pub fn find(conn: &mut Conn, user: UserId, key: &str) -> Result<Option<Answer>> {
    keys::table
        .filter(keys::user_id.eq(user).and(keys::key.eq(key)))
        .select(Answer::as_select())
        .first(conn)
        .optional()
}

/// Keeps the first answer. A unique violation means that the same request is being answered right now.
pub fn add(
    conn: &mut Conn,
    user: UserId,
    key: &str,
    (hash, response): (&str, &str),
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(keys::table)
        .values((
            keys::user_id.eq(user),
            keys::key.eq(key),
            keys::request_hash.eq(hash),
            keys::status.eq(201),
            keys::response.eq(response),
            keys::created_at.eq(now),
        ))
        .execute(conn)
}

/// Takes a person's key for a request that is done in this transaction; the first answer if it was taken before. Whoever asks
/// at the same time waits here until the other is done.
pub fn take(
    conn: &mut Conn,
    user: UserId,
    (key, hash): (&str, &str),
    now: Timestamp,
) -> Result<Option<Answer>> {
    let row = (
        keys::user_id.eq(user),
        keys::key.eq(key),
        keys::request_hash.eq(hash),
        keys::status.eq(200),
        keys::response.eq(""),
        keys::created_at.eq(now),
    );
    let insert = diesel::insert_into(keys::table).values(row);
    let taken = both!(conn, |c| insert.on_conflict_do_nothing().execute(c))?;
    if taken == 1 {
        return Ok(None);
    }
    let first = find(conn, user, key)?;
    first.map(Some).ok_or(super::Error::NotFound)
}

/// Keeps the answer to a request whose key was taken in this transaction.
pub fn answer(conn: &mut Conn, user: UserId, key: &str, response: &str) -> Result<usize> {
    let own = keys::table.filter(keys::user_id.eq(user).and(keys::key.eq(key)));
    diesel::update(own).set(keys::response.eq(response)).execute(conn)
}

/// Forgets answers older than `before`.
pub fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    diesel::delete(keys::table.filter(keys::created_at.lt(before))).execute(conn)
}
