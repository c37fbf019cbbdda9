//! What is exported, page by page in the order of the ids: a million rows never stand in memory.

use super::Result;
use super::attempts::Attempt;
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CaseId, OutageId};
use crate::schema::{attempt_cases, attempts, users};
use diesel::prelude::*;

/// The next attempts after an id, each with the address of who called.
pub fn attempts(
    conn: &mut Conn,
    outage: OutageId,
    after: AttemptId,
    limit: i64,
) -> Result<Vec<(Attempt, String)>> {
    attempts::table
        .inner_join(users::table.on(users::id.eq(attempts::user_id)))
        .filter(attempts::outage_id.eq(outage).and(attempts::id.gt(after)))
        .order(attempts::id)
        .limit(limit)
        .select((Attempt::as_select(), users::email))
        .load(conn)
}

/// Which cases each of these attempts was about.
pub fn cases_of(conn: &mut Conn, ids: &[AttemptId]) -> Result<Vec<(AttemptId, CaseId)>> {
    attempt_cases::table
        .filter(attempt_cases::attempt_id.eq_any(ids))
        .order((attempt_cases::attempt_id, attempt_cases::case_id))
        .select((attempt_cases::attempt_id, attempt_cases::case_id))
        .load(conn)
}
