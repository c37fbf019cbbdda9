//! Why households were passed over.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{HouseholdId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{households, skips, users};
use diesel::prelude::*;

/// One skip.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Skip {
    /// A word of `domain::skip_reason::SkipReason`.
    pub reason: String,
    pub at: Timestamp,
    /// The name of who skipped.
    pub caller: String,
}

/// Notes a skip.
pub fn add(
    conn: &mut Conn,
    household: HouseholdId,
    by: UserId,
    reason: &str,
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(skips::table)
        .values((
            skips::household_id.eq(household),
            skips::user_id.eq(by),
            skips::reason.eq(reason),
            skips::at.eq(now),
        ))
        .execute(conn)
}

/// When a household was skipped last, if it was at least so often since its last call.
pub fn last_of_many(conn: &mut Conn, household: HouseholdId, many: i32) -> Result<Option<Timestamp>> {
    let often = households::table.filter(households::id.eq(household).and(households::skips.ge(many)));
    if often.count().get_result::<i64>(conn)? == 0 {
        return Ok(None);
    }
    skips::table
        .filter(skips::household_id.eq(household))
        .select(diesel::dsl::max(skips::at))
        .first(conn)
}

/// The latest skips of a household, newest first.
pub fn of_household(conn: &mut Conn, household: HouseholdId, limit: i64) -> Result<Vec<Skip>> {
    skips::table
        .inner_join(users::table)
        .filter(skips::household_id.eq(household))
        .order(skips::id.desc())
        .limit(limit)
        .select((skips::reason, skips::at, users::name))
        .load(conn)
}
