//! Bearer tokens of the API. Only their hashes are kept.

use super::Result;
use super::users::User;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::{api_tokens, users};
use diesel::prelude::*;

/// Adds a token.
pub fn add(conn: &mut Conn, user: UserId, label: &str, hash: &str, now: Timestamp) -> Result<i64> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::user_id.eq(user),
            api_tokens::label.eq(label),
            api_tokens::token_hash.eq(hash),
            api_tokens::created_at.eq(now),
        ))
        .returning(api_tokens::id)
        .get_result(conn)
}

/// Whose token this is, if it is not revoked and the account is not switched off.
pub fn owner(conn: &mut Conn, hash: &str) -> Result<Option<User>> {
    api_tokens::table
        .inner_join(users::table)
        .filter(
            api_tokens::token_hash
                .eq(hash)
                .and(api_tokens::revoked_at.is_null()),
        )
        .filter(users::disabled_at.is_null())
        .select(User::as_select())
        .first(conn)
        .optional()
}
