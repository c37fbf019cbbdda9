//! What citizens say that the outage cost them.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, CostId, ImportId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, costs};
use crate::store::cases::Case;
use diesel::prelude::*;

/// One cost.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = costs)]
#[allow(missing_docs)]
pub struct Cost {
    pub id: CostId,
    pub case_id: CaseId,
    /// A word of `domain::cost::CostKind`.
    pub kind: String,
    pub amount_cents: i64,
    pub words: String,
    pub at: Timestamp,
    /// A word of `domain::cost::CostDecision`; none while it is open.
    pub decision: Option<String>,
    /// Why it was decided so.
    pub reason: String,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    /// Who took the decision before back.
    pub reopened_by: Option<UserId>,
    pub reopened_at: Option<Timestamp>,
}

/// A cost that is not noted yet; the fields are those of [`Cost`].
#[derive(Clone, Copy, Debug, Insertable)]
#[diesel(table_name = costs)]
#[allow(missing_docs)]
pub struct NewCost<'a> {
    pub case_id: CaseId,
    pub kind: &'a str,
    pub amount_cents: i64,
    pub words: &'a str,
    pub at: Timestamp,
}

/// Notes a cost.
pub fn add(conn: &mut Conn, new: &NewCost<'_>) -> Result<usize> {
    diesel::insert_into(costs::table).values(*new).execute(conn)
}

/// The costs of a case, oldest first.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<Cost>> {
    costs::table
        .filter(costs::case_id.eq(case))
        .order(costs::id)
        .select(Cost::as_select())
        .load(conn)
}

/// The cost with an id.
pub fn find(conn: &mut Conn, id: CostId) -> Result<Option<Cost>> {
    costs::table
        .find(id)
        .select(Cost::as_select())
        .first(conn)
        .optional()
}

/// Decides an open cost; answers how many it was.
pub fn decide(
    conn: &mut Conn,
    id: CostId,
    (decision, reason): (&str, &str),
    (by, now): (UserId, Timestamp),
) -> Result<usize> {
    diesel::update(costs::table.filter(costs::id.eq(id).and(costs::decision.is_null())))
        .set((
            costs::decision.eq(decision),
            costs::reason.eq(reason),
            costs::decided_by.eq(by),
            costs::decided_at.eq(now),
        ))
        .execute(conn)
}

/// Takes a decision back: the cost is open again. Who decided it stays.
pub fn reopen(conn: &mut Conn, id: CostId, (by, now): (UserId, Timestamp)) -> Result<usize> {
    diesel::update(costs::table.filter(costs::id.eq(id).and(costs::decision.is_not_null())))
        .set((
            costs::decision.eq(None::<String>),
            costs::reopened_by.eq(by),
            costs::reopened_at.eq(now),
        ))
        .execute(conn)
}

/// Which costs of an outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// All.
    All,
    /// Those that nobody has decided.
    Open,
    /// Those decided so.
    Decided(&'a str),
}

/// A page of the costs of an outage with their cases, the latest first; and how many there are.
pub fn page(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    standing: Standing<'_>,
    (offset, limit): (i64, i64),
) -> Result<(Vec<(Cost, Case)>, i64)> {
    let wanted = || {
        let all = costs::table
            .inner_join(cases::table)
            .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
            .into_boxed();
        match standing {
            Standing::All => all,
            Standing::Open => all.filter(costs::decision.is_null()),
            Standing::Decided(decision) => all.filter(costs::decision.eq(decision)),
        }
    };
    let total = wanted().count().get_result(conn)?;
    let rows = wanted()
        .order(costs::id.desc())
        .offset(offset)
        .limit(limit)
        .select((Cost::as_select(), Case::as_select()))
        .load(conn)?;
    Ok((rows, total))
}
