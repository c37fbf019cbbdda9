//! What the agency owes citizens for the outage.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CaseId, OutageId, RemedyId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, remedies, users};
use crate::store::cases::Case;
use diesel::prelude::*;

/// One remedy of a case.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = remedies)]
#[allow(missing_docs)]
pub struct Remedy {
    pub id: RemedyId,
    pub case_id: CaseId,
    /// A word of `domain::remedy::Remedy`.
    pub kind: String,
    pub user_id: UserId,
    pub at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

/// Notes a remedy and until when it is promised, by whom and in which call, unless it is noted already.
pub fn add(
    conn: &mut Conn,
    case: CaseId,
    kind: &str,
    (by, attempt): (UserId, Option<AttemptId>),
    (now, due_at): (Timestamp, Timestamp),
) -> Result<usize> {
    let row = (
        remedies::case_id.eq(case),
        remedies::kind.eq(kind),
        remedies::user_id.eq(by),
        remedies::attempt_id.eq(attempt),
        remedies::at.eq(now),
        remedies::due_at.eq(due_at),
    );
    crate::db::both!(conn, |c| diesel::insert_into(remedies::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))
}

/// It is not owed after all.
pub fn withdraw(conn: &mut Conn, case: CaseId, kind: &str, by: UserId, now: Timestamp) -> Result<usize> {
    let standing = remedies::table
        .filter(remedies::case_id.eq(case).and(remedies::kind.eq(kind)))
        .filter(remedies::withdrawn_at.is_null());
    diesel::update(standing)
        .set((remedies::withdrawn_at.eq(now), remedies::withdrawn_by.eq(by)))
        .execute(conn)
}

/// What was promised in a call is not owed after all, because its outcome does not count any more. What is done stays done.
pub fn withdraw_of_attempt(conn: &mut Conn, attempt: AttemptId, by: UserId, now: Timestamp) -> Result<usize> {
    let standing = remedies::table.filter(
        remedies::attempt_id
            .eq(attempt)
            .and(remedies::withdrawn_at.is_null())
            .and(remedies::kept_at.is_null()),
    );
    diesel::update(standing)
        .set((remedies::withdrawn_at.eq(now), remedies::withdrawn_by.eq(by)))
        .execute(conn)
}

/// Another attempt stands for this one with these cases: what was promised to them in it is promised in that one.
pub fn hand_over(conn: &mut Conn, (from, to): (AttemptId, AttemptId), cases: &[CaseId]) -> Result<usize> {
    let theirs = remedies::table.filter(remedies::attempt_id.eq(from).and(remedies::case_id.eq_any(cases)));
    diesel::update(theirs)
        .set(remedies::attempt_id.eq(to))
        .execute(conn)
}

/// The billing team has done it, or (none) it has not after all, as somebody says.
pub fn set_kept(conn: &mut Conn, id: RemedyId, at: Option<Timestamp>, by: UserId) -> Result<usize> {
    let standing = remedies::table.filter(remedies::id.eq(id).and(remedies::withdrawn_at.is_null()));
    diesel::update(standing)
        .set((remedies::kept_at.eq(at), remedies::kept_by.eq(by)))
        .execute(conn)
}

/// What is owed to a case.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<Remedy>> {
    remedies::table
        .filter(remedies::case_id.eq(case).and(remedies::withdrawn_at.is_null()))
        .order(remedies::id)
        .select(Remedy::as_select())
        .load(conn)
}

/// What is owed to each of these cases.
pub fn of_cases(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<Remedy>> {
    remedies::table
        .filter(
            remedies::case_id
                .eq_any(cases)
                .and(remedies::withdrawn_at.is_null()),
        )
        .order(remedies::id)
        .select(Remedy::as_select())
        .load(conn)
}

/// The next remedies of an outage after an id, each with its case and the address of who noted it.
pub fn page(
    conn: &mut Conn,
    outage: OutageId,
    after: RemedyId,
    limit: i64,
) -> Result<Vec<(Remedy, Case, String)>> {
    remedies::table
        .inner_join(cases::table)
        .inner_join(users::table)
        .filter(cases::outage_id.eq(outage).and(remedies::id.gt(after)))
        .filter(remedies::withdrawn_at.is_null())
        .order(remedies::id)
        .limit(limit)
        .select((Remedy::as_select(), Case::as_select(), users::email))
        .load(conn)
}
