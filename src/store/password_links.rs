//! Links by which somebody sets their own password. Only the hash of a link's key is kept.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::password_links;
use diesel::prelude::*;

/// Adds a link.
pub fn add(
    conn: &mut Conn,
    (user, by): (UserId, Option<UserId>),
    key_hash: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<usize> {
    diesel::insert_into(password_links::table)
        .values((
            password_links::user_id.eq(user),
            password_links::created_by.eq(by),
            password_links::key_hash.eq(key_hash),
            password_links::created_at.eq(now),
            password_links::expires_at.eq(expires_at),
        ))
        .execute(conn)
}

/// Whose password the link with this key sets, if it is good: not used, not ended, not expired.
pub fn good(conn: &mut Conn, key_hash: &str, now: Timestamp) -> Result<Option<UserId>> {
    password_links::table
        .filter(password_links::key_hash.eq(key_hash))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .filter(password_links::expires_at.gt(now))
        .select(password_links::user_id)
        .first(conn)
        .optional()
}

/// Uses a link up; answers 0 if somebody did before.
pub fn use_up(conn: &mut Conn, key_hash: &str, now: Timestamp) -> Result<usize> {
    let good = password_links::table
        .filter(password_links::key_hash.eq(key_hash))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .filter(password_links::expires_at.gt(now));
    diesel::update(good)
        .set(password_links::used_at.eq(now))
        .execute(conn)
}

/// Ends all of a person's links.
pub fn end_all(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<usize> {
    let standing = password_links::table
        .filter(password_links::user_id.eq(user))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null());
    diesel::update(standing)
        .set(password_links::ended_at.eq(now))
        .execute(conn)
}

/// Until when somebody who has not set a password yet may do so, by person: those whose link is good.
pub fn invited(conn: &mut Conn, now: Timestamp) -> Result<Vec<(UserId, Timestamp)>> {
    password_links::table
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .filter(password_links::expires_at.gt(now))
        .select((password_links::user_id, password_links::expires_at))
        .load(conn)
}
