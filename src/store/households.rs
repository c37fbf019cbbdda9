//! The cases of one outage that share a phone: the unit of the queue.

use super::Result;
use super::fixed::fixed;
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::switchboard::SWITCHBOARD;
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempts, households, outage_zones};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

/// One household.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = households)]
#[allow(missing_docs)]
pub struct Household {
    pub id: HouseholdId,
    pub outage_id: OutageId,
    pub import_id: ImportId,
    /// E.164.
    pub phone: String,
    /// `domain::zone::Zones` as text; empty: unknown.
    pub time_zone: String,
    /// What its people want to be spoken to in; none: English or unknown.
    pub language: Option<String>,
    /// None: the pool.
    pub list_id: Option<CallListId>,
    /// A word of `domain::stage::Stage`, or `needs_supervisor` after too many skips.
    pub stage: String,
    pub due_at: Option<Timestamp>,
    pub score: i64,
    pub skips: i32,
    /// In halves.
    pub tries: i32,
    /// Its open cases.
    pub citizens: i32,
    pub last_called_at: Option<Timestamp>,
    /// Who promised the callback it waits for; none: anyone.
    pub callback_owner_id: Option<UserId>,
}

/// What a household waits for.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = households, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct Entry {
    pub time_zone: String,
    pub language: Option<String>,
    pub stage: String,
    pub due_at: Option<Timestamp>,
    pub score: i64,
    pub tries: i32,
    pub citizens: i32,
    pub callback_owner_id: Option<UserId>,
    /// See `store::lanes`.
    pub waits_until: Option<Timestamp>,
}

/// Numbers with many citizens. The number stands in the statement as it is: with a bound one no planner knows
/// that the index of them will do, and every look would read all households.
pub fn is_switchboard() -> SqlLiteral<Bool> {
    sql(&format!("households.citizens >= {SWITCHBOARD}"))
}

/// The household with an id.
pub fn find(conn: &mut Conn, id: HouseholdId) -> Result<Option<Household>> {
    households::table
        .find(id)
        .select(Household::as_select())
        .first(conn)
        .optional()
}

/// The households with these ids.
pub fn with_ids(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Vec<Household>> {
    let rows = households::table
        .order(households::id)
        .select(Household::as_select());
    among!(conn, rows, households::id, ids)
}

/// The next households of an outage after one, by their number.
pub fn after(conn: &mut Conn, outage: OutageId, after: HouseholdId, limit: i64) -> Result<Vec<HouseholdId>> {
    households::table
        .filter(households::outage_id.eq(outage).and(households::id.gt(after)))
        .order(households::id)
        .limit(limit)
        .select(households::id)
        .load(conn)
}

/// How many households an outage has, and how many of them up to one.
pub fn count_up_to(conn: &mut Conn, outage: OutageId, last: HouseholdId) -> Result<(i64, i64)> {
    let all = || households::table.filter(households::outage_id.eq(outage)).count();
    Ok((
        all().get_result(conn)?,
        all().filter(households::id.le(last)).get_result(conn)?,
    ))
}

/// The households of these numbers, as far as there are any.
pub fn of_phones(conn: &mut Conn, outage: OutageId, phones: &[&str]) -> Result<Vec<(String, HouseholdId)>> {
    let rows = households::table
        .filter(households::outage_id.eq(outage))
        .select((households::phone, households::id));
    among!(conn, rows, households::phone, phones)
}

/// Adds an empty household for a number; what it waits for is stored after its cases are known.
pub fn add(conn: &mut Conn, outage: OutageId, import: ImportId, phone: &str) -> Result<HouseholdId> {
    diesel::insert_into(households::table)
        .values((
            households::outage_id.eq(outage),
            households::import_id.eq(import),
            households::phone.eq(phone),
            households::time_zone.eq(""),
            households::stage.eq("closed"),
            households::score.eq(0),
            households::skips.eq(0),
            households::tries.eq(0),
            households::citizens.eq(0),
        ))
        .returning(households::id)
        .get_result(conn)
}

/// Notes a call.
pub fn set_called(conn: &mut Conn, id: HouseholdId, at: Timestamp) -> Result<usize> {
    fixed("UPDATE households SET last_called_at = ?, skips = 0 WHERE id = ?")
        .bind::<BigInt, _>(at)
        .bind::<BigInt, _>(id)
        .execute(conn)
}

/// Notes when the last call was that still counts: none if none does.
pub fn count_calls_again(conn: &mut Conn, id: HouseholdId) -> Result<usize> {
    let counts = attempts::table.filter(
        attempts::household_id
            .eq(id)
            .and(attempts::superseded_at.is_null()),
    );
    let last: Option<Timestamp> = counts.select(diesel::dsl::max(attempts::at)).get_result(conn)?;
    diesel::update(households::table.find(id))
        .set(households::last_called_at.eq(last))
        .execute(conn)
}

/// Counts a skip: the household goes behind all that were skipped less often. Answers how many it has.
pub fn skip(conn: &mut Conn, id: HouseholdId) -> Result<i32> {
    diesel::update(households::table.find(id))
        .set(households::skips.eq(households::skips + 1))
        .returning(households::skips)
        .get_result(conn)
}

/// Starts counting skips anew, after a supervisor looked.
pub fn forget_skips(conn: &mut Conn, id: HouseholdId) -> Result<usize> {
    diesel::update(households::table.find(id))
        .set(households::skips.eq(0))
        .execute(conn)
}

/// Puts a household on a list, or into the pool with `None`.
pub fn set_list(conn: &mut Conn, ids: &[HouseholdId], list: Option<CallListId>) -> Result<usize> {
    diesel::update(households::table.filter(households::id.eq_any(ids)))
        .set(households::list_id.eq(list))
        .execute(conn)
}

/// Puts those of some households that are on no list on one.
pub fn set_first_list(conn: &mut Conn, ids: &[HouseholdId], list: CallListId) -> Result<usize> {
    let on_none = households::table.filter(households::id.eq_any(ids).and(households::list_id.is_null()));
    diesel::update(on_none)
        .set(households::list_id.eq(list))
        .execute(conn)
}

/// The zones that the households of an outage are in, as texts of `domain::zone::Zones`.
pub fn zones(conn: &mut Conn, outage: OutageId) -> Result<Vec<String>> {
    outage_zones::table
        .filter(outage_zones::outage_id.eq(outage))
        .select(outage_zones::time_zone)
        .load(conn)
}

/// Notes that a household of the outage is in these zones.
pub fn add_zones(conn: &mut Conn, outage: OutageId, zones: &str) -> Result<usize> {
    let row = (
        outage_zones::outage_id.eq(outage),
        outage_zones::time_zone.eq(zones),
    );
    crate::db::both!(conn, |c| diesel::insert_into(outage_zones::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))
}
