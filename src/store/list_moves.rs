//! Calls that went from list to list in one step: where each came from, for as long as it can be taken back.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, ListMoveId, OutageId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{list_moves, moved_households};
use diesel::prelude::*;

/// One step.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = list_moves)]
#[allow(missing_docs)]
pub struct ListMove {
    pub id: ListMoveId,
    pub outage_id: OutageId,
    pub at: Timestamp,
    /// What the outage said before: JSON.
    pub before: String,
    /// Households that went elsewhere.
    pub calls: i64,
    pub undone_at: Option<Timestamp>,
}

/// Begins a step that has moved nothing yet.
pub fn add(conn: &mut Conn, outage: OutageId, before: &str, now: Timestamp) -> Result<ListMoveId> {
    diesel::insert_into(list_moves::table)
        .values((
            list_moves::outage_id.eq(outage),
            list_moves::at.eq(now),
            list_moves::before.eq(before),
            list_moves::calls.eq(0),
        ))
        .returning(list_moves::id)
        .get_result(conn)
}

/// The latest step of an outage, taken back or not.
pub fn latest(conn: &mut Conn, outage: OutageId) -> Result<Option<ListMove>> {
    list_moves::table
        .filter(list_moves::outage_id.eq(outage))
        .order(list_moves::id.desc())
        .select(ListMove::as_select())
        .first(conn)
        .optional()
}

/// Puts households on a list (none: into the pool), noting where each came from.
pub fn put(conn: &mut Conn, step: ListMoveId, ids: &[HouseholdId], to: Option<CallListId>) -> Result<usize> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let ids = ids.join(",");
    let to = to.map_or_else(|| "CAST(NULL AS BIGINT)".to_owned(), |list| list.to_string());
    let elsewhere = format!("id IN ({ids}) AND list_id IS DISTINCT FROM {to}");
    let noted = format!(
        "INSERT INTO moved_households (move_id, household_id, from_list, to_list) \
         SELECT {step}, id, list_id, {to} FROM households WHERE {elsewhere}"
    );
    diesel::sql_query(noted).execute(conn)?;
    let moved = format!("UPDATE households SET list_id = {to} WHERE {elsewhere}");
    let moved = diesel::sql_query(moved).execute(conn)?;
    diesel::update(list_moves::table.find(step))
        .set(list_moves::calls.eq(list_moves::calls + i64::try_from(moved).unwrap_or(i64::MAX)))
        .execute(conn)?;
    Ok(moved)
}

/// Puts back what a step moved, where it still lies as the step left it: what was called since, or is in
/// somebody's hands, stays. Answers how many went back.
pub fn put_back(conn: &mut Conn, step: &ListMove, now: Timestamp) -> Result<usize> {
    let (id, at, now_micros) = (step.id, step.at.micros(), now.micros());
    let back = format!(
        "UPDATE households SET list_id = m.from_list FROM moved_households m \
         WHERE m.move_id = {id} AND m.household_id = households.id \
         AND households.list_id IS NOT DISTINCT FROM m.to_list \
         AND COALESCE(households.last_called_at, 0) < {at} \
         AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.household_id = households.id \
                         AND c.released_at IS NULL AND c.expires_at > {now_micros})"
    );
    let back = diesel::sql_query(back).execute(conn)?;
    diesel::update(list_moves::table.find(id))
        .set(list_moves::undone_at.eq(now))
        .execute(conn)?;
    Ok(back)
}

/// Forgets where the calls of earlier steps came from: they cannot be taken back any more.
pub fn forget_before(conn: &mut Conn, outage: OutageId, since: Timestamp) -> Result<usize> {
    let old = list_moves::table
        .filter(list_moves::outage_id.eq(outage).and(list_moves::at.lt(since)))
        .select(list_moves::id);
    diesel::delete(moved_households::table.filter(moved_households::move_id.eq_any(old))).execute(conn)
}
