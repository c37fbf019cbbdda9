//! Tries to reach a household: never edited, only superseded.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CaseId, ClaimId, HouseholdId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempt_cases, attempts};
use crate::store::claims::Claim;
use diesel::prelude::*;

/// So many of the attempts that were recorded last are looked at for the newest of them.
const LAST: i64 = 100;

/// One attempt.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attempts)]
#[allow(missing_docs)]
pub struct Attempt {
    pub id: AttemptId,
    pub outage_id: OutageId,
    pub household_id: HouseholdId,
    pub claim_id: Option<ClaimId>,
    /// Who called.
    pub user_id: UserId,
    /// The number that was called, or that rang in.
    pub phone: String,
    /// Key of the outcome.
    pub outcome: String,
    pub note: String,
    pub language: Option<String>,
    pub callback_at: Option<Timestamp>,
    /// Who promised; none: anyone.
    pub callback_owner_id: Option<UserId>,
    /// How far *do not call* goes, a word of `domain::outcome::Scope`.
    pub scope: Option<String>,
    pub at: Timestamp,
    /// Recorded after the lease had lapsed and a colleague had taken the household.
    pub late: bool,
    /// The citizen rang us.
    pub inbound: bool,
    pub superseded_at: Option<Timestamp>,
    /// The attempt that took its place; none if it was undone.
    pub superseded_by: Option<AttemptId>,
    /// Who says so, if that is not what was recorded in the call: this took another attempt's place.
    pub changed_by: Option<UserId>,
    /// When they said it.
    pub changed_at: Option<Timestamp>,
    /// Who took it back or put another in its place.
    pub taken_back_by: Option<UserId>,
}

/// What a new attempt is made of; the fields are those of [`Attempt`].
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct NewAttempt {
    pub outage_id: OutageId,
    pub household_id: HouseholdId,
    pub claim_id: Option<ClaimId>,
    pub user_id: UserId,
    pub phone: String,
    pub outcome: String,
    pub note: String,
    pub language: Option<String>,
    pub callback_at: Option<Timestamp>,
    pub callback_owner_id: Option<UserId>,
    pub scope: Option<String>,
    pub at: Timestamp,
    pub late: bool,
    pub inbound: bool,
    pub changed_by: Option<UserId>,
    pub changed_at: Option<Timestamp>,
}

/// Adds an attempt about these cases.
pub fn add(conn: &mut Conn, attempt: &NewAttempt, cases: &[CaseId]) -> Result<AttemptId> {
    let id = diesel::insert_into(attempts::table)
        .values(attempt.clone())
        .returning(attempts::id)
        .get_result(conn)?;
    for case in cases {
        let row = (attempt_cases::attempt_id.eq(id), attempt_cases::case_id.eq(case));
        diesel::insert_into(attempt_cases::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(id)
}

/// The attempt with an id.
pub fn find(conn: &mut Conn, id: AttemptId) -> Result<Option<Attempt>> {
    attempts::table
        .find(id)
        .select(Attempt::as_select())
        .first(conn)
        .optional()
}

/// The cases that an attempt is about.
pub fn cases_of(conn: &mut Conn, id: AttemptId) -> Result<Vec<CaseId>> {
    attempt_cases::table
        .filter(attempt_cases::attempt_id.eq(id))
        .order(attempt_cases::case_id)
        .select(attempt_cases::case_id)
        .load(conn)
}

/// The cases that these attempts are about, one row each.
pub fn about(conn: &mut Conn, ids: &[AttemptId]) -> Result<Vec<(AttemptId, CaseId)>> {
    let rows = attempt_cases::table.select((attempt_cases::attempt_id, attempt_cases::case_id));
    among!(conn, rows, attempt_cases::attempt_id, ids)
}

/// All attempts about these cases in the order of time, the superseded ones too.
pub fn of_cases(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<(CaseId, Attempt)>> {
    let rows = attempts::table
        .inner_join(attempt_cases::table)
        .order((attempts::at, attempts::id))
        .select((attempt_cases::case_id, Attempt::as_select()));
    among!(conn, rows, attempt_cases::case_id, cases)
}

/// A call to a household about one of its cases.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Ring {
    pub household_id: HouseholdId,
    pub case_id: CaseId,
    pub at: Timestamp,
    /// Key of the outcome.
    pub outcome: String,
}

/// The calls to and from these households after a moment, by case; not those superseded.
pub fn rings(conn: &mut Conn, homes: &[HouseholdId], after: Timestamp) -> Result<Vec<Ring>> {
    let rows = attempts::table
        .inner_join(attempt_cases::table)
        .filter(attempts::at.gt(after).and(attempts::superseded_at.is_null()))
        .select((
            attempts::household_id,
            attempt_cases::case_id,
            attempts::at,
            attempts::outcome,
        ));
    among!(conn, rows, attempts::household_id, homes)
}

/// The cases that a claim has already recorded an outcome for; looked for among the attempts of its household.
pub fn cases_done_by_claim(conn: &mut Conn, claim: &Claim) -> Result<Vec<CaseId>> {
    attempts::table
        .inner_join(attempt_cases::table)
        .filter(attempts::household_id.eq(claim.household_id))
        .filter(
            attempts::claim_id
                .eq(claim.id)
                .and(attempts::superseded_at.is_null()),
        )
        .select(attempt_cases::case_id)
        .load(conn)
}

/// Marks an attempt as no longer valid, with who says so; answers 0 if it was superseded before.
pub fn supersede(
    conn: &mut Conn,
    id: AttemptId,
    (by, editor): (Option<AttemptId>, UserId),
    now: Timestamp,
) -> Result<usize> {
    let standing = attempts::table.filter(attempts::id.eq(id).and(attempts::superseded_at.is_null()));
    diesel::update(standing)
        .set((
            attempts::superseded_at.eq(now),
            attempts::superseded_by.eq(by),
            attempts::taken_back_by.eq(editor),
        ))
        .execute(conn)
}

/// A caller's latest attempts, newest first, without those superseded.
pub fn recent(conn: &mut Conn, outage: OutageId, user: UserId, limit: i64) -> Result<Vec<Attempt>> {
    attempts::table
        .filter(attempts::outage_id.eq(outage).and(attempts::user_id.eq(user)))
        .filter(attempts::superseded_at.is_null())
        .order((attempts::at.desc(), attempts::id.desc()))
        .limit(limit)
        .select(Attempt::as_select())
        .load(conn)
}

/// The newest instant at which a call was recorded.
pub fn newest(conn: &mut Conn) -> Result<Option<Timestamp>> {
    let last = attempts::table
        .order(attempts::id.desc())
        .limit(LAST)
        .select(attempts::at)
        .load::<Timestamp>(conn)?;
    Ok(last.into_iter().max())
}
