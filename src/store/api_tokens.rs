//! Bearer tokens of the API. Only their hashes are kept.

use super::Result;
use super::users::User;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::{api_tokens, users};
use diesel::prelude::*;

/// One token, whatever became of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
#[allow(missing_docs)]
pub struct ApiToken {
    pub id: i64,
    pub user_id: UserId,
    /// What it is for.
    pub label: String,
    /// Its last letters, by which its owner knows it; none of an old one.
    pub ending: Option<String>,
    pub created_at: Timestamp,
    /// None: made before tokens had ends.
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What a new token is made of; the fields are those of [`ApiToken`].
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewApiToken<'a> {
    pub user_id: UserId,
    pub label: &'a str,
    pub hash: &'a str,
    pub ending: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Adds a token.
pub fn add(conn: &mut Conn, token: &NewApiToken<'_>) -> Result<i64> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::user_id.eq(token.user_id),
            api_tokens::label.eq(token.label),
            api_tokens::token_hash.eq(token.hash),
            api_tokens::ending.eq(token.ending),
            api_tokens::created_at.eq(token.created_at),
            api_tokens::expires_at.eq(token.expires_at),
        ))
        .returning(api_tokens::id)
        .get_result(conn)
}

/// The token with this hash and whose it is.
pub fn with_hash(conn: &mut Conn, hash: &str) -> Result<Option<(ApiToken, User)>> {
    api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::token_hash.eq(hash))
        .select((ApiToken::as_select(), User::as_select()))
        .first(conn)
        .optional()
}

/// The token with an id and whose it is.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<(ApiToken, User)>> {
    api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::id.eq(id))
        .select((ApiToken::as_select(), User::as_select()))
        .first(conn)
        .optional()
}

/// All tokens, of one person or of everybody, with whose they are; the newest first.
pub fn all(conn: &mut Conn, of: Option<UserId>) -> Result<Vec<(ApiToken, User)>> {
    let mut tokens = api_tokens::table.inner_join(users::table).into_boxed();
    if let Some(user) = of {
        tokens = tokens.filter(api_tokens::user_id.eq(user));
    }
    tokens
        .order(api_tokens::id.desc())
        .select((ApiToken::as_select(), User::as_select()))
        .load(conn)
}

/// Notes that a token was used, unless that was noted after `noted`.
pub fn touch(conn: &mut Conn, id: i64, noted: Timestamp, now: Timestamp) -> Result<usize> {
    let long_ago = api_tokens::last_used_at
        .is_null()
        .or(api_tokens::last_used_at.le(noted));
    diesel::update(api_tokens::table.find(id).filter(long_ago))
        .set(api_tokens::last_used_at.eq(now))
        .execute(conn)
}

/// Ends a token for good; answers 0 if it was ended before.
pub fn revoke(conn: &mut Conn, id: i64, by: Option<UserId>, now: Timestamp) -> Result<usize> {
    let standing = api_tokens::table.filter(api_tokens::id.eq(id).and(api_tokens::revoked_at.is_null()));
    diesel::update(standing)
        .set((api_tokens::revoked_at.eq(now), api_tokens::revoked_by.eq(by)))
        .execute(conn)
}

/// Ends all of a person's tokens for good.
pub fn revoke_all(conn: &mut Conn, user: UserId, by: Option<UserId>, now: Timestamp) -> Result<usize> {
    let standing =
        api_tokens::table.filter(api_tokens::user_id.eq(user).and(api_tokens::revoked_at.is_null()));
    diesel::update(standing)
        .set((api_tokens::revoked_at.eq(now), api_tokens::revoked_by.eq(by)))
        .execute(conn)
}
