//! The numbers of the board.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, claims, sessions, transactions};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// How many citizens stand somewhere.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct StateCount {
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub resolution: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub citizens: i64,
}

/// The visible citizens of an outage by stage and resolution.
pub fn states(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<Vec<StateCount>> {
    let query = format!(
        "SELECT stage, resolution, COUNT(*) AS citizens FROM cases \
         WHERE outage_id = {outage} AND import_id <= {published} AND transactions > 0 GROUP BY stage, resolution"
    );
    diesel::sql_query(query).load(conn)
}

/// So many citizens at an instant.
#[derive(Clone, Copy, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct CountAt {
    #[diesel(sql_type = BigInt)]
    pub at: Timestamp,
    #[diesel(sql_type = BigInt)]
    pub citizens: i64,
}

/// When citizens came in: with which published import, how many.
pub fn arrivals(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<Vec<CountAt>> {
    let query = format!(
        "SELECT COALESCE(imports.published_at, imports.created_at) AS at, COUNT(*) AS citizens \
         FROM cases JOIN imports ON imports.id = cases.import_id \
         WHERE cases.outage_id = {outage} AND cases.import_id <= {published} AND cases.transactions > 0 \
         GROUP BY COALESCE(imports.published_at, imports.created_at) ORDER BY 1"
    );
    diesel::sql_query(query).load(conn)
}

/// When citizens were closed: how many in each step of so many seconds, by the step's end.
pub fn closings(
    conn: &mut Conn,
    outage: OutageId,
    published: ImportId,
    step_seconds: i64,
) -> Result<Vec<CountAt>> {
    let step = step_seconds.max(1).saturating_mul(1_000_000);
    let query = format!(
        "SELECT (resolved_at / {step} + 1) * {step} AS at, COUNT(*) AS citizens FROM cases \
         WHERE outage_id = {outage} AND import_id <= {published} AND transactions > 0 \
         AND stage = 'closed' AND resolved_at IS NOT NULL GROUP BY resolved_at / {step} ORDER BY 1"
    );
    diesel::sql_query(query).load(conn)
}

/// What a caller did.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Work {
    #[diesel(sql_type = BigInt)]
    pub user_id: UserId,
    /// Calls recorded, those about our own technical problems not counted.
    #[diesel(sql_type = BigInt)]
    pub calls: i64,
    /// Citizens whose case these calls closed.
    #[diesel(sql_type = BigInt)]
    pub closed: i64,
}

/// What each caller recorded since an instant.
pub fn work_since(conn: &mut Conn, outage: OutageId, since: Timestamp) -> Result<Vec<Work>> {
    let since = since.micros();
    let query = format!(
        "SELECT a.user_id AS user_id, COUNT(DISTINCT a.id) AS calls, \
         COUNT(DISTINCT CASE WHEN c.stage = 'closed' AND c.resolved_at = a.at THEN c.id END) AS closed \
         FROM attempts a JOIN attempt_cases ac ON ac.attempt_id = a.id JOIN cases c ON c.id = ac.case_id \
         WHERE a.outage_id = {outage} AND a.at >= {since} AND a.superseded_at IS NULL \
         AND a.outcome <> 'technical' GROUP BY a.user_id"
    );
    diesel::sql_query(query).load(conn)
}

/// Visible citizens closed since an instant, by whatever closed them.
pub fn closed_since(conn: &mut Conn, outage: OutageId, published: ImportId, since: Timestamp) -> Result<i64> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(cases::transactions.gt(0))
        .filter(cases::stage.eq("closed").and(cases::resolved_at.ge(since)))
        .count()
        .get_result(conn)
}

/// Visible citizens without a phone: with an e-mail address, and without.
pub fn without_phone(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<(i64, i64)> {
    let nobody_calls = || {
        cases::table
            .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
            .filter(cases::transactions.gt(0).and(cases::phone.is_null()))
    };
    let email = nobody_calls()
        .filter(cases::email.is_not_null())
        .count()
        .get_result(conn)?;
    let neither = nobody_calls()
        .filter(cases::email.is_null())
        .count()
        .get_result(conn)?;
    Ok((email, neither))
}

/// Failed payments that count.
pub fn failed_payments(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<i64> {
    transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::import_id.le(published)),
        )
        .filter(transactions::bin.eq("accepted"))
        .count()
        .get_result(conn)
}

/// Who is on a call, and since when.
pub fn on_call(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<Vec<(UserId, Timestamp)>> {
    claims::table
        .filter(claims::outage_id.eq(outage).and(claims::released_at.is_null()))
        .filter(claims::expires_at.gt(now))
        .select((claims::user_id, claims::created_at))
        .load(conn)
}

/// Who was at a page since an instant.
pub fn signed_in(conn: &mut Conn, since: Timestamp) -> Result<Vec<UserId>> {
    sessions::table
        .filter(sessions::ended_at.is_null().and(sessions::last_seen_at.ge(since)))
        .select(sessions::user_id)
        .distinct()
        .load(conn)
}

/// How many messages of an outage are in a state.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Fate {
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = BigInt)]
    pub messages: i64,
}

/// The fates of an outage's messages.
pub fn fates(conn: &mut Conn, outage: OutageId) -> Result<Vec<Fate>> {
    let query =
        format!("SELECT state, COUNT(*) AS messages FROM messages WHERE outage_id = {outage} GROUP BY state");
    diesel::sql_query(query).load(conn)
}
