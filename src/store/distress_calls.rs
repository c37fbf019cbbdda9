//! Callers who need a supervisor at their desk now.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{distress_calls, users};
use diesel::prelude::*;

/// A caller who needs a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, serde::Serialize)]
#[allow(missing_docs)]
pub struct DistressCall {
    pub id: i64,
    pub user_id: UserId,
    /// Who needs one.
    pub caller: String,
    pub at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub answered_by: Option<UserId>,
}

/// Those of an outage.
macro_rules! of_outage {
    ($outage:expr) => {
        distress_calls::table
            .inner_join(users::table.on(users::id.eq(distress_calls::user_id)))
            .filter(distress_calls::outage_id.eq($outage))
            .order(distress_calls::id)
            .select((
                distress_calls::id,
                distress_calls::user_id,
                users::name,
                distress_calls::at,
                distress_calls::answered_at,
                distress_calls::answered_by,
            ))
    };
}

/// Those whom nobody has answered yet, the longest waiting first.
pub fn open(conn: &mut Conn, outage: OutageId) -> Result<Vec<DistressCall>> {
    of_outage!(outage)
        .filter(distress_calls::answered_at.is_null())
        .load(conn)
}

/// Those of all outages whom nobody has answered yet, each with the outage's id, the longest waiting first.
pub fn open_anywhere(conn: &mut Conn) -> Result<Vec<(OutageId, UserId, String, Timestamp)>> {
    distress_calls::table
        .inner_join(users::table.on(users::id.eq(distress_calls::user_id)))
        .filter(distress_calls::answered_at.is_null())
        .order(distress_calls::id)
        .select((
            distress_calls::outage_id,
            distress_calls::user_id,
            users::name,
            distress_calls::at,
        ))
        .load(conn)
}

/// A caller's latest since a moment.
pub fn latest(
    conn: &mut Conn,
    outage: OutageId,
    user: UserId,
    since: Timestamp,
) -> Result<Option<DistressCall>> {
    let mine: Vec<DistressCall> = of_outage!(outage)
        .filter(distress_calls::user_id.eq(user).and(distress_calls::at.ge(since)))
        .load(conn)?;
    Ok(mine.into_iter().next_back())
}

/// A caller needs a supervisor. A unique violation means that one was called already.
pub fn add(conn: &mut Conn, outage: OutageId, user: UserId, now: Timestamp) -> Result<usize> {
    diesel::insert_into(distress_calls::table)
        .values((
            distress_calls::outage_id.eq(outage),
            distress_calls::user_id.eq(user),
            distress_calls::at.eq(now),
        ))
        .execute(conn)
}

/// Somebody comes, or the caller needs nobody any more; answers 0 if it was answered before.
pub fn answer(
    conn: &mut Conn,
    (outage, user): (OutageId, UserId),
    by: UserId,
    now: Timestamp,
) -> Result<usize> {
    let open = distress_calls::table
        .filter(
            distress_calls::outage_id
                .eq(outage)
                .and(distress_calls::user_id.eq(user)),
        )
        .filter(distress_calls::answered_at.is_null());
    diesel::update(open)
        .set((
            distress_calls::answered_at.eq(now),
            distress_calls::answered_by.eq(by),
        ))
        .execute(conn)
}
