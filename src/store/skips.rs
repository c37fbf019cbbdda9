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

/// When each of these households was skipped last, those that were at least so often since their last call.
pub fn last_of_many(
    conn: &mut Conn,
    homes: &[HouseholdId],
    many: i32,
) -> Result<Vec<(HouseholdId, Timestamp)>> {
    let rows = skips::table
        .inner_join(households::table)
        .filter(households::skips.ge(many))
        .group_by(skips::household_id)
        .select((skips::household_id, diesel::dsl::max(skips::at)));
    let found: Vec<(HouseholdId, Option<Timestamp>)> = among!(conn, rows, households::id, homes)?;
    Ok(found
        .into_iter()
        .filter_map(|(home, at)| Some((home, at?)))
        .collect())
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
