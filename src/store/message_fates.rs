//! What became of leased messages, of many at once. A seam: SQLite runs one prepared statement row after row,
//! PostgreSQL takes all rows in one journey.

use super::Result;
use super::messages::Message;
use crate::db::{Conn, PgConn};
use crate::domain::ids::{CaseId, MessageId};
use crate::domain::message::MessageState;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, messages};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};
use std::collections::HashSet;

/// The states that sending can end in.
const FATES: [MessageState; 5] = [
    MessageState::Sent,
    MessageState::Uncertain,
    MessageState::Failed,
    MessageState::Withdrawn,
    MessageState::Suppressed,
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: MessageId,
}

/// What became of a leased message.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Outcome {
    pub id: MessageId,
    pub state: MessageState,
    /// When it is tried again; of one whose fate is known: since when its case is to be folded ([`unfolded`]).
    pub due_at: Option<Timestamp>,
    pub tries: i32,
    pub sent_at: Option<Timestamp>,
    pub reply: String,
}

impl Outcome {
    /// Whether the message's fate is known, so that its case has to be folded.
    pub fn needs_fold(&self) -> bool {
        FATES.contains(&self.state)
    }
}

/// Stores what became of leased messages and ends their leases; answers those whose lease was not lost.
pub fn finish(conn: &mut Conn, lease: &str, outcomes: &[Outcome]) -> Result<Vec<MessageId>> {
    match conn {
        Conn::Sqlite(sqlite) => {
            let mut held = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                let mine = messages::table.filter(messages::id.eq(outcome.id).and(messages::lease.eq(lease)));
                let changed = diesel::update(mine)
                    .set((
                        messages::state.eq(outcome.state.as_str()),
                        messages::due_at.eq(outcome.due_at),
                        messages::tries.eq(outcome.tries),
                        messages::sent_at.eq(outcome.sent_at),
                        messages::reply.eq(&outcome.reply),
                        messages::lease.eq(None::<String>),
                        messages::leased_until.eq(None::<Timestamp>),
                    ))
                    .execute(sqlite)?;
                if changed == 1 {
                    held.push(outcome.id);
                }
            }
            Ok(held)
        }
        Conn::Postgres(postgres) => finish_at_once(postgres, lease, outcomes),
    }
}

fn finish_at_once(postgres: &mut PgConn, lease: &str, outcomes: &[Outcome]) -> Result<Vec<MessageId>> {
    let all = || outcomes.iter();
    let rows: Vec<Row> = diesel::sql_query(
        "UPDATE messages SET state = told.state, due_at = told.due_at, tries = told.tries, sent_at = told.sent_at, \
         reply = told.reply, lease = NULL, leased_until = NULL \
         FROM unnest($1, $2, $3, $4, $5, $6) AS told (id, state, due_at, tries, sent_at, reply) \
         WHERE messages.id = told.id AND messages.lease = $7 RETURNING messages.id AS id",
    )
    .bind::<Array<BigInt>, _>(all().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(all().map(|one| one.state.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(all().map(|one| one.due_at).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(all().map(|one| one.tries).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(all().map(|one| one.sent_at).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(all().map(|one| one.reply.as_str()).collect::<Vec<_>>())
    .bind::<Text, _>(lease)
    .load(postgres)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Those of these cases that are moved on by an e-mail that goes out, as far as that can be told inside of a transaction:
/// on SQLite nobody else writes meanwhile. `None`: it takes a look under lock.
pub fn moved_on_by_mail(conn: &mut Conn, ids: &[CaseId]) -> Result<Option<HashSet<CaseId>>> {
    let Conn::Sqlite(sqlite) = conn else {
        return Ok(None);
    };
    let written = Stage::ALL.iter().filter(|stage| stage.is_written());
    let stages: Vec<&str> = written.map(|stage| stage.as_str()).collect();
    let waiting = cases::table
        .filter(cases::id.eq_any(ids).and(cases::stage.eq_any(stages)))
        .select(cases::id);
    Ok(Some(waiting.load(sqlite)?.into_iter().collect()))
}

/// Messages whose fate was stored before an instant while their cases were not folded yet: their worker died.
pub fn unfolded(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<Message>> {
    messages::table
        .filter(messages::state.eq_any(FATES.map(MessageState::as_str)))
        .filter(messages::due_at.le(before))
        .limit(limit)
        .select(Message::as_select())
        .load(conn)
}

/// The cases of these messages are folded.
pub fn set_folded(conn: &mut Conn, ids: &[MessageId]) -> Result<usize> {
    let settled = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq_any(FATES.map(MessageState::as_str)));
    diesel::update(settled)
        .set(messages::due_at.eq(None::<Timestamp>))
        .execute(conn)
}
