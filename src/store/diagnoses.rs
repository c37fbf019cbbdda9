//! What mail servers say of addresses that are dead: one row a cause, whether a supervisor believes it, and the messages that
//! it was said of.

use super::Result;
use super::messages::Message;
use crate::db::Conn;
use crate::domain::ids::{DiagnosisId, MessageId, OutageId, UserId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{diagnoses, messages};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// One cause.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = diagnoses)]
#[allow(missing_docs)]
pub struct Diagnosis {
    pub id: DiagnosisId,
    /// The server's words without names and numbers.
    pub cause: String,
    /// Since when nobody is suppressed for it, because it was said of too many at once.
    pub held_at: Option<Timestamp>,
    /// What a supervisor decided.
    pub believed: Option<bool>,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
}

/// The row of a cause, new if nobody said so before. A unique violation means that another node heard it at this very moment.
pub fn named(conn: &mut Conn, cause: &str) -> Result<Diagnosis> {
    let known = diagnoses::table.filter(diagnoses::cause.eq(cause));
    let known = known.select(Diagnosis::as_select()).first(conn).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let id: DiagnosisId = diesel::insert_into(diagnoses::table)
        .values(diagnoses::cause.eq(cause))
        .returning(diagnoses::id)
        .get_result(conn)?;
    diagnoses::table
        .find(id)
        .select(Diagnosis::as_select())
        .first(conn)
}

/// The diagnosis with an id.
pub fn find(conn: &mut Conn, id: DiagnosisId) -> Result<Option<Diagnosis>> {
    diagnoses::table
        .find(id)
        .select(Diagnosis::as_select())
        .first(conn)
        .optional()
}

/// Those with these ids.
pub fn with_ids(conn: &mut Conn, ids: &[DiagnosisId]) -> Result<Vec<Diagnosis>> {
    diagnoses::table
        .filter(diagnoses::id.eq_any(ids))
        .select(Diagnosis::as_select())
        .load(conn)
}

/// Those that a supervisor was asked about, decided or not, the latest first.
pub fn held(conn: &mut Conn) -> Result<Vec<Diagnosis>> {
    diagnoses::table
        .filter(diagnoses::held_at.is_not_null())
        .order(diagnoses::held_at.desc())
        .select(Diagnosis::as_select())
        .load(conn)
}

/// How many wait for a supervisor.
pub fn undecided(conn: &mut Conn) -> Result<i64> {
    diagnoses::table
        .filter(
            diagnoses::held_at
                .is_not_null()
                .and(diagnoses::believed.is_null()),
        )
        .count()
        .get_result(conn)
}

/// From now on nobody is suppressed for it, until somebody decides.
pub fn hold(conn: &mut Conn, id: DiagnosisId, now: Timestamp) -> Result<usize> {
    let free = diagnoses::table.filter(diagnoses::id.eq(id).and(diagnoses::held_at.is_null()));
    diesel::update(free).set(diagnoses::held_at.eq(now)).execute(conn)
}

/// A supervisor believes it, or does not.
pub fn decide(
    conn: &mut Conn,
    id: DiagnosisId,
    believed: bool,
    (by, now): (UserId, Timestamp),
) -> Result<usize> {
    diesel::update(diagnoses::table.find(id))
        .set((
            diagnoses::believed.eq(believed),
            diagnoses::decided_by.eq(by),
            diagnoses::decided_at.eq(now),
        ))
        .execute(conn)
}

/// Of how many messages of an outage it was said.
pub fn said_of(conn: &mut Conn, id: DiagnosisId, outage: OutageId) -> Result<i64> {
    messages::table
        .filter(messages::diagnosis_id.eq(id).and(messages::outage_id.eq(outage)))
        .count()
        .get_result(conn)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    messages: i64,
}

/// How many messages of an outage have left, but no more than `most`: nobody counts a million for one report.
pub fn written(conn: &mut Conn, outage: OutageId, most: i64) -> Result<i64> {
    let query = format!(
        "SELECT COUNT(*) AS messages FROM (SELECT id FROM messages WHERE outage_id = {outage} \
         AND state IN ('sent', 'uncertain', 'bounced', 'failed') LIMIT {most}) AS left_here"
    );
    let found: Count = diesel::sql_query(query).get_result(conn)?;
    Ok(found.messages)
}

/// How many messages it was said of, in this state.
pub fn count(conn: &mut Conn, id: DiagnosisId, state: MessageState) -> Result<i64> {
    messages::table
        .filter(
            messages::diagnosis_id
                .eq(id)
                .and(messages::state.eq(state.as_str())),
        )
        .count()
        .get_result(conn)
}

/// The next messages that it was said of, in one of these states.
pub fn messages(
    conn: &mut Conn,
    id: DiagnosisId,
    states: &[MessageState],
    limit: i64,
) -> Result<Vec<Message>> {
    let states = states.iter().map(|state| state.as_str());
    messages::table
        .filter(messages::diagnosis_id.eq(id))
        .filter(messages::state.eq_any(states))
        .order(messages::id)
        .limit(limit)
        .select(Message::as_select())
        .load(conn)
}

/// Notes what was said of a message, and whether its address is held to be dead for it.
pub fn set(
    conn: &mut Conn,
    message: MessageId,
    (diagnosis, dead): (Option<DiagnosisId>, bool),
    words: &str,
) -> Result<usize> {
    let state = match dead {
        true => MessageState::Bounced,
        false => MessageState::Failed,
    };
    diesel::update(messages::table.find(message))
        .set((
            messages::state.eq(state.as_str()),
            messages::diagnosis_id.eq(diagnosis),
            messages::reply.eq(words),
        ))
        .execute(conn)
}
