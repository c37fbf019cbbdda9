//! What the caller's desk reads: the people behind a number, what happened so far, who is next.

use super::Result;
use super::attempts::Attempt;
use super::cases::Case;
use super::households::Household;
use super::messages::Message;
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CallListId, CaseId, ClaimId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempt_cases, attempts, cases, claims, households, messages, transactions, users};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

diesel::define_sql_function! {
    /// The first of the two that is there.
    fn coalesce(one: Nullable<BigInt>, other: BigInt) -> BigInt;
}

/// One failed payment, as the desk shows it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
#[allow(missing_docs)]
pub struct FailedPayment {
    /// Belongs to the case with this key.
    pub identity_key: Option<String>,
    pub occurred_at: Timestamp,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub channel: Option<String>,
    pub error_code: Option<String>,
    /// A word of `domain::charged::Charged`.
    pub charged: String,
}

/// The visible failed payments of these cases' keys, oldest first. A click repeated is one more row.
pub fn failed_payments(
    conn: &mut Conn,
    outage: OutageId,
    published: ImportId,
    identity_keys: &[&str],
) -> Result<Vec<FailedPayment>> {
    transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::import_id.le(published)),
        )
        .filter(
            transactions::identity_key
                .eq_any(identity_keys)
                .and(transactions::bin.eq("accepted")),
        )
        .order((transactions::occurred_at, transactions::id))
        .limit(200)
        .select(FailedPayment::as_select())
        .load(conn)
}

/// The visible cases of several households.
pub fn people(conn: &mut Conn, ids: &[HouseholdId], published: ImportId) -> Result<Vec<Case>> {
    cases::table
        .filter(
            cases::household_id
                .eq_any(ids)
                .and(cases::import_id.le(published)),
        )
        .order((cases::last_failed_at.desc(), cases::id))
        .select(Case::as_select())
        .load(conn)
}

/// The households with these ids.
pub fn households(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Vec<Household>> {
    households::table
        .filter(households::id.eq_any(ids))
        .select(Household::as_select())
        .load(conn)
}

/// The attempts that count about any of these cases, with the name of whose word each is, the latest first: who called, or
/// who changed it since.
pub fn attempts(conn: &mut Conn, ids: &[CaseId]) -> Result<Vec<(Attempt, String)>> {
    let about = attempt_cases::table
        .filter(attempt_cases::case_id.eq_any(ids))
        .select(attempt_cases::attempt_id);
    let whose = coalesce(attempts::changed_by, attempts::user_id);
    attempts::table
        .inner_join(users::table.on(users::id.eq(whose)))
        .filter(attempts::id.eq_any(about).and(attempts::superseded_at.is_null()))
        .order((attempts::at.desc(), attempts::id.desc()))
        .limit(50)
        .select((Attempt::as_select(), users::name))
        .load(conn)
}

/// The messages to any of these cases, the latest first.
pub fn messages(conn: &mut Conn, ids: &[CaseId]) -> Result<Vec<Message>> {
    messages::table
        .filter(messages::case_id.eq_any(ids))
        .order(messages::id.desc())
        .limit(50)
        .select(Message::as_select())
        .load(conn)
}

/// Whom these attempts were about: the attempt and the case.
pub fn people_of(conn: &mut Conn, ids: &[AttemptId]) -> Result<Vec<(AttemptId, Case)>> {
    attempt_cases::table
        .inner_join(cases::table)
        .filter(attempt_cases::attempt_id.eq_any(ids))
        .order((attempt_cases::attempt_id, attempt_cases::case_id))
        .select((attempt_cases::attempt_id, Case::as_select()))
        .load(conn)
}

/// How many visible households of a list (or of the pool) are closed, and how many there are.
pub fn progress(
    conn: &mut Conn,
    outage: OutageId,
    published: ImportId,
    list: Option<CallListId>,
) -> Result<(i64, i64)> {
    let mut all = 0;
    let mut closed = 0;
    let rows = households::table
        .filter(
            households::outage_id
                .eq(outage)
                .and(households::import_id.le(published)),
        )
        .group_by(households::stage)
        .select((households::stage, diesel::dsl::count_star()));
    let rows: Vec<(String, i64)> = match list {
        Some(list) => rows.filter(households::list_id.eq(list)).load(conn)?,
        None => rows.filter(households::list_id.is_null()).load(conn)?,
    };
    for (stage, households) in rows {
        all += households;
        if stage == Stage::Closed.as_str() {
            closed += households;
        }
    }
    Ok((closed, all))
}

/// How many outcomes a caller has recorded since then, without those taken back.
pub fn recorded_since(conn: &mut Conn, outage: OutageId, caller: UserId, since: Timestamp) -> Result<i64> {
    attempts::table
        .filter(attempts::outage_id.eq(outage).and(attempts::user_id.eq(caller)))
        .filter(attempts::at.ge(since).and(attempts::superseded_at.is_null()))
        .count()
        .get_result(conn)
}

/// Who claimed the household after this claim, the latest; with the time.
pub fn taken_over_by(
    conn: &mut Conn,
    household: HouseholdId,
    after: ClaimId,
) -> Result<Option<(String, Timestamp)>> {
    claims::table
        .inner_join(users::table)
        .filter(claims::household_id.eq(household).and(claims::id.gt(after)))
        .order(claims::id.desc())
        .select((users::name, claims::created_at))
        .first(conn)
        .optional()
}
