//! Named sets of households with an owner.

use super::Result;
use super::households::{self as households_store, Household};
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::switchboard::SWITCHBOARD;
use crate::domain::timestamp::Timestamp;
use crate::schema::{call_lists, cases, claims, households};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// One list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = call_lists)]
#[allow(missing_docs)]
pub struct CallList {
    pub id: CallListId,
    pub outage_id: OutageId,
    pub name: String,
    /// None: everyone who speaks its language.
    pub owner_id: Option<UserId>,
    pub language: Option<String>,
    pub created_at: Timestamp,
    /// Whose calls are on paper; such a list is served to nobody at a desk.
    pub paper_for: Option<UserId>,
}

/// The outages in which somebody has a list.
pub fn outages_of(conn: &mut Conn, owner: UserId) -> Result<Vec<OutageId>> {
    call_lists::table
        .filter(call_lists::owner_id.eq(owner))
        .select(call_lists::outage_id)
        .distinct()
        .order(call_lists::outage_id)
        .load(conn)
}

/// The outages in which calls wait on somebody's lists.
pub fn outages_with_calls(conn: &mut Conn, owner: UserId) -> Result<Vec<OutageId>> {
    households::table
        .inner_join(call_lists::table.on(call_lists::id.nullable().eq(households::list_id)))
        .filter(call_lists::owner_id.eq(owner))
        .filter(households::stage.ne(Stage::Closed.as_str()))
        .select(call_lists::outage_id)
        .distinct()
        .load(conn)
}

/// How many open households are on a list.
pub fn left(conn: &mut Conn, id: CallListId) -> Result<i64> {
    households::table
        .filter(households::list_id.eq(id))
        .filter(households::stage.ne(Stage::Closed.as_str()))
        .count()
        .get_result(conn)
}

/// Adds a list; a unique violation means that the outage has one of this name.
pub fn add(
    conn: &mut Conn,
    outage: OutageId,
    name: &str,
    (owner, language): (Option<UserId>, Option<&str>),
    now: Timestamp,
) -> Result<CallListId> {
    diesel::insert_into(call_lists::table)
        .values((
            call_lists::outage_id.eq(outage),
            call_lists::name.eq(name),
            call_lists::owner_id.eq(owner),
            call_lists::language.eq(language),
            call_lists::created_at.eq(now),
        ))
        .returning(call_lists::id)
        .get_result(conn)
}

/// Adds a list of calls that somebody makes from paper.
pub fn add_paper(
    conn: &mut Conn,
    outage: OutageId,
    name: &str,
    caller: UserId,
    now: Timestamp,
) -> Result<CallListId> {
    diesel::insert_into(call_lists::table)
        .values((
            call_lists::outage_id.eq(outage),
            call_lists::name.eq(name),
            call_lists::paper_for.eq(caller),
            call_lists::created_at.eq(now),
        ))
        .returning(call_lists::id)
        .get_result(conn)
}

/// The list with an id.
pub fn find(conn: &mut Conn, id: CallListId) -> Result<Option<CallList>> {
    call_lists::table
        .find(id)
        .select(CallList::as_select())
        .first(conn)
        .optional()
}

/// The households of a list, in the order in which they are called.
pub fn households(conn: &mut Conn, id: CallListId, limit: i64) -> Result<Vec<Household>> {
    households::table
        .filter(households::list_id.eq(id))
        .order((households::skips, households::score.desc(), households::id))
        .limit(limit)
        .select(Household::as_select())
        .load(conn)
}

/// Removes a list that nothing lies on any more.
pub fn remove(conn: &mut Conn, id: CallListId) -> Result<usize> {
    diesel::delete(call_lists::table.find(id)).execute(conn)
}

/// All lists of an outage by name.
pub fn all(conn: &mut Conn, outage: OutageId) -> Result<Vec<CallList>> {
    call_lists::table
        .filter(call_lists::outage_id.eq(outage))
        .order((call_lists::name, call_lists::id))
        .select(CallList::as_select())
        .load(conn)
}

/// A person's own list, if there is one.
pub fn of_owner(conn: &mut Conn, outage: OutageId, owner: UserId) -> Result<Option<CallListId>> {
    call_lists::table
        .filter(
            call_lists::outage_id
                .eq(outage)
                .and(call_lists::owner_id.eq(owner)),
        )
        .order(call_lists::id)
        .select(call_lists::id)
        .first(conn)
        .optional()
}

/// A household that can be dealt: what a split looks at.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Dealable {
    pub id: HouseholdId,
    /// Open cases.
    pub citizens: i32,
    pub score: i64,
    pub language: Option<String>,
    /// The list it is on; none: the pool.
    pub list_id: Option<CallListId>,
    /// In halves.
    pub tries: i32,
}

/// The switchboards of an outage that wait for a call, most pressing first; and how many there are.
pub fn switchboards(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    (offset, limit): (i64, i64),
) -> Result<(Vec<Household>, i64)> {
    let calls = Stage::ALL
        .iter()
        .filter(|stage| stage.is_call())
        .map(|stage| stage.as_str());
    let calls: Vec<&str> = calls.collect();
    let waiting = || {
        households::table
            .filter(
                households::outage_id
                    .eq(outage)
                    .and(households::import_id.le(published)),
            )
            .filter(households::stage.eq_any(calls.clone()))
            .filter(households_store::is_switchboard())
    };
    let total = waiting().count().get_result(conn)?;
    let page = waiting()
        .order((households::due_at, households::score.desc(), households::id))
        .offset(offset)
        .limit(limit)
        .select(Household::as_select())
        .load(conn)?;
    Ok((page, total))
}

/// The households waiting for a call on these lists (or in the pool, with none), without the callback
/// promised by a person and without what a caller has in hand.
pub fn dealable(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    lists: Option<&[CallListId]>,
    now: Timestamp,
) -> Result<Vec<Dealable>> {
    let calls = [
        Stage::New,
        Stage::Tried,
        Stage::AwaitingPayment,
        Stage::Callback,
        Stage::NeedsHelp,
    ];
    let held = claims::table
        .filter(
            claims::household_id
                .eq(households::id)
                .and(claims::released_at.is_null()),
        )
        .filter(claims::expires_at.gt(now));
    let waiting = households::table
        .filter(
            households::outage_id
                .eq(outage)
                .and(households::import_id.le(published)),
        )
        .filter(households::stage.eq_any(calls.map(Stage::as_str)))
        .filter(households::callback_owner_id.is_null())
        .filter(households::citizens.lt(SWITCHBOARD))
        .filter(not(exists(held)))
        .into_boxed();
    let waiting = match lists {
        Some(lists) => waiting.filter(households::list_id.eq_any(lists.to_vec())),
        None => waiting.filter(households::list_id.is_null()),
    };
    waiting
        .order(households::id)
        .select((
            households::id,
            households::citizens,
            households::score,
            households::language,
            households::list_id,
            households::tries,
        ))
        .load(conn)
}

/// The households of an outage in which an open case is due on that day or before (`2026-04-15`).
pub fn due_by(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    day: &str,
) -> Result<Vec<HouseholdId>> {
    let due: Vec<Option<HouseholdId>> = cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(cases::stage.ne(Stage::Closed.as_str()))
        .filter(
            cases::filing_deadline
                .le(day)
                .and(cases::household_id.is_not_null()),
        )
        .select(cases::household_id)
        .distinct()
        .load(conn)?;
    Ok(due.into_iter().flatten().collect())
}

/// The households that came with an import, wait for a call and are on no list.
pub fn newcomers(conn: &mut Conn, import: ImportId) -> Result<Vec<Dealable>> {
    households::table
        .filter(
            households::import_id
                .eq(import)
                .and(households::list_id.is_null())
                .and(households::stage.eq(Stage::New.as_str()))
                .and(households::citizens.lt(SWITCHBOARD)),
        )
        .order(households::id)
        .select((
            households::id,
            households::citizens,
            households::score,
            households::language,
            households::list_id,
            households::tries,
        ))
        .load(conn)
}

/// How many households and open cases of a list are at a stage.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct StageCount {
    #[diesel(sql_type = Nullable<BigInt>)]
    pub list_id: Option<CallListId>,
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = BigInt)]
    pub households: i64,
    #[diesel(sql_type = BigInt)]
    pub citizens: i64,
}

/// The households of an outage by list (none: the pool) and stage.
pub fn stage_counts(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<Vec<StageCount>> {
    let query = format!(
        "SELECT list_id, stage, COUNT(*) AS households, CAST(COALESCE(SUM(citizens), 0) AS BIGINT) AS citizens \
         FROM households WHERE outage_id = {outage} AND import_id <= {published} GROUP BY list_id, stage"
    );
    diesel::sql_query(query).load(conn)
}
