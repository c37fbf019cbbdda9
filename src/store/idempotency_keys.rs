//! First answers to requests that may be repeated: a retry after a lost answer gets the same one.

use super::Result;
use crate::db::Conn;
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

/// Forgets answers older than `before`.
pub fn forget_before(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    diesel::delete(keys::table.filter(keys::created_at.lt(before))).execute(conn)
}
