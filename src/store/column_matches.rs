//! What supervisors said the columns of a file hold, remembered by the file's headers.

use super::Result;
use crate::db::{Conn, both};
use crate::domain::timestamp::Timestamp;
use crate::schema::column_matches;
use diesel::prelude::*;

/// The mapping (JSON) last used for files with these headers.
pub fn recall(conn: &mut Conn, signature: &str) -> Result<Option<String>> {
    column_matches::table
        .filter(column_matches::signature.eq(signature))
        .select(column_matches::mapping)
        .first(conn)
        .optional()
}

/// Remembers a mapping in place of an earlier one.
pub fn remember(conn: &mut Conn, signature: &str, mapping: &str, now: Timestamp) -> Result<usize> {
    let row = (
        column_matches::signature.eq(signature),
        column_matches::mapping.eq(mapping),
        column_matches::updated_at.eq(now),
    );
    both!(conn, |c| diesel::insert_into(column_matches::table)
        .values(row)
        .on_conflict(column_matches::signature)
        .do_update()
        .set((
            column_matches::mapping.eq(mapping),
            column_matches::updated_at.eq(now)
        ))
        .execute(c))
}

/// Forgets what was said of files with these headers; says whether there was anything.
pub fn forget(conn: &mut Conn, signature: &str) -> Result<bool> {
    diesel::delete(column_matches::table.filter(column_matches::signature.eq(signature)))
        .execute(conn)
        .map(|rows| rows > 0)
}
