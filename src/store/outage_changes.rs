//! What was changed in the settings of outages, by whom and when. Rows are added, never changed.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{outage_changes, users};
use diesel::prelude::*;

/// One setting that was changed.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct OutageChange {
    /// Name of the column of `outages`.
    pub field: String,
    pub old_value: String,
    pub new_value: String,
    pub at: Timestamp,
    /// Who did it; none: the command line.
    pub by: Option<String>,
}

/// Keeps what became of a setting: its column, what it was, what it is.
pub fn add(
    conn: &mut Conn,
    (outage, by): (OutageId, Option<UserId>),
    (field, old, new): (&str, &str, &str),
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(outage_changes::table)
        .values((
            outage_changes::outage_id.eq(outage),
            outage_changes::field.eq(field),
            outage_changes::old_value.eq(old),
            outage_changes::new_value.eq(new),
            outage_changes::user_id.eq(by),
            outage_changes::at.eq(now),
        ))
        .execute(conn)
}

/// The latest changes of an outage, the newest first.
pub fn of_outage(conn: &mut Conn, outage: OutageId, limit: i64) -> Result<Vec<OutageChange>> {
    outage_changes::table
        .left_join(users::table)
        .filter(outage_changes::outage_id.eq(outage))
        .order(outage_changes::id.desc())
        .limit(limit)
        .select((
            outage_changes::field,
            outage_changes::old_value,
            outage_changes::new_value,
            outage_changes::at,
            users::name.nullable(),
        ))
        .load(conn)
}
