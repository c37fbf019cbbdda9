//! Signed-in browsers. Only the hash of a session's key is kept: who reads the database cannot sign in with it.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::sessions;
use diesel::prelude::*;

/// One session.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
#[allow(missing_docs)]
pub struct Session {
    pub id: i64,
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

/// Begins a session.
pub fn add(conn: &mut Conn, key_hash: &str, user: UserId, now: Timestamp) -> Result<usize> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::key_hash.eq(key_hash),
            sessions::user_id.eq(user),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
        ))
        .execute(conn)
}

/// The session with this key that has not ended.
pub fn find(conn: &mut Conn, key_hash: &str) -> Result<Option<Session>> {
    sessions::table
        .filter(sessions::key_hash.eq(key_hash).and(sessions::ended_at.is_null()))
        .select(Session::as_select())
        .first(conn)
        .optional()
}

/// Notes that the session was used.
pub fn touch(conn: &mut Conn, id: i64, now: Timestamp) -> Result<usize> {
    diesel::update(sessions::table.find(id))
        .set(sessions::last_seen_at.eq(now))
        .execute(conn)
}

/// Ends the session with this key.
pub fn end(conn: &mut Conn, key_hash: &str, now: Timestamp) -> Result<usize> {
    let live = sessions::table.filter(sessions::key_hash.eq(key_hash).and(sessions::ended_at.is_null()));
    diesel::update(live).set(sessions::ended_at.eq(now)).execute(conn)
}

/// Ends all of a person's sessions: at a new password, or when the account is switched off.
pub fn end_all(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<usize> {
    let live = sessions::table.filter(sessions::user_id.eq(user).and(sessions::ended_at.is_null()));
    diesel::update(live).set(sessions::ended_at.eq(now)).execute(conn)
}

/// Forgets the sessions that ended, began before `begun` or were last used before `used`.
pub fn forget_dead(conn: &mut Conn, begun: Timestamp, used: Timestamp) -> Result<usize> {
    let over = sessions::ended_at
        .is_not_null()
        .or(sessions::created_at.lt(begun));
    let dead = sessions::table.filter(over.or(sessions::last_seen_at.lt(used)));
    diesel::delete(dead).execute(conn)
}
