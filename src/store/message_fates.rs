//! What became of leased messages, of many at once. A seam: SQLite runs one prepared statement row after row,
//! PostgreSQL takes all rows in one journey.

use super::Result;
use super::fixed::fixed;
use super::messages::Message;
use crate::db::{Conn, PgConn};
use crate::domain::ids::{CaseId, HouseholdId, MessageId};
use crate::domain::message::MessageState;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, messages};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use std::collections::HashSet;

/// The states that sending can end in.
const FATES: [MessageState; 6] = [
    MessageState::Sent,
    MessageState::Uncertain,
    MessageState::Bounced,
    MessageState::Failed,
    MessageState::Withdrawn,
    MessageState::Suppressed,
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: MessageId,
    #[diesel(sql_type = Bool)]
    waits: bool,
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    id: HouseholdId,
}

/// What became of a leased message.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Outcome {
    pub id: MessageId,
    pub case_id: CaseId,
    pub state: MessageState,
    /// When it is tried again; of one whose fate is known: since when its case is to be folded ([`unfolded`]).
    pub due_at: Option<Timestamp>,
    pub tries: i32,
    pub sent_at: Option<Timestamp>,
    pub reply: String,
}

impl Outcome {
    fn is_sent(&self) -> bool {
        self.state == MessageState::Sent
    }

    fn is_known(&self) -> bool {
        FATES.contains(&self.state)
    }
}

/// Stores what became of leased messages and ends their leases; answers those whose cases have still to be folded. Spared
/// is the fold of cases that a sent e-mail moves nowhere: most can be called too.
pub fn finish(conn: &mut Conn, lease: &str, outcomes: &[Outcome]) -> Result<HashSet<MessageId>> {
    let sent = outcomes.iter().filter(|one| one.is_sent());
    let sent: Vec<CaseId> = sent.map(|one| one.case_id).collect();
    let waiting: HashSet<MessageId> = match conn {
        Conn::Sqlite(sqlite) => {
            let moved_on = moved_on(sqlite, &sent)?;
            finish_each(sqlite, lease, outcomes, &moved_on)?
        }
        Conn::Postgres(postgres) => {
            let homes = hold_still(postgres, &sent)?;
            finish_at_once(postgres, lease, outcomes, &homes)?
        }
    };
    let known = outcomes.iter().filter(|one| one.is_known()).map(|one| one.id);
    Ok(known.filter(|id| waiting.contains(id)).collect())
}

/// The stages out of which a sent e-mail moves a case on.
fn written() -> Vec<&'static str> {
    let written = Stage::ALL.iter().filter(|stage| stage.is_written());
    written.map(|stage| stage.as_str()).collect()
}

/// Those of these cases that a sent e-mail moves on: nobody else writes meanwhile.
fn moved_on(sqlite: &mut SqliteConnection, ids: &[CaseId]) -> Result<HashSet<CaseId>> {
    let waiting = cases::table
        .filter(cases::id.eq_any(ids).and(cases::stage.eq_any(written())))
        .select(cases::id);
    Ok(waiting.load(sqlite)?.into_iter().collect())
}

fn finish_each(
    sqlite: &mut SqliteConnection,
    lease: &str,
    outcomes: &[Outcome],
    moved_on: &HashSet<CaseId>,
) -> Result<HashSet<MessageId>> {
    let mut waiting = HashSet::new();
    for outcome in outcomes {
        let waits = !outcome.is_sent() || moved_on.contains(&outcome.case_id);
        let mine = messages::table.filter(messages::id.eq(outcome.id).and(messages::lease.eq(lease)));
        let changed = diesel::update(mine)
            .set((
                messages::state.eq(outcome.state.as_str()),
                messages::due_at.eq(outcome.due_at.filter(|_| waits)),
                messages::tries.eq(outcome.tries),
                messages::sent_at.eq(outcome.sent_at),
                messages::reply.eq(&outcome.reply),
                messages::lease.eq(None::<String>),
                messages::leased_until.eq(None::<Timestamp>),
            ))
            .execute(sqlite)?;
        if waits && changed == 1 {
            waiting.insert(outcome.id);
        }
    }
    Ok(waiting)
}

/// Sees to it that the cases of these that are at a household stay where they stand until the transaction ends, and
/// answers which households these are. Nobody is waited for: where somebody else is at work it takes a look afterwards.
fn hold_still(postgres: &mut PgConn, ids: &[CaseId]) -> Result<Vec<HouseholdId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let held = fixed(
        "SELECT id FROM households WHERE id IN (SELECT household_id FROM cases WHERE id = ANY(?)) \
         FOR NO KEY UPDATE SKIP LOCKED",
    );
    let rows: Vec<Held> = held.bind::<Array<BigInt>, _>(ids.to_vec()).load(postgres)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn finish_at_once(
    postgres: &mut PgConn,
    lease: &str,
    outcomes: &[Outcome],
    held: &[HouseholdId],
) -> Result<HashSet<MessageId>> {
    let all = || outcomes.iter();
    let rows: Vec<Row> = fixed(
        "UPDATE messages SET state = told.state, tries = told.tries, sent_at = told.sent_at, reply = told.reply, \
         lease = NULL, leased_until = NULL, due_at = CASE WHEN told.state = 'sent' AND cases.stage <> ALL(?) \
         AND cases.household_id = ANY(?) THEN NULL ELSE told.due_at END \
         FROM unnest(?, ?, ?, ?, ?, ?) AS told (id, state, due_at, tries, sent_at, reply), cases \
         WHERE messages.id = told.id AND messages.lease = ? AND cases.id = messages.case_id \
         RETURNING messages.id AS id, messages.due_at IS NOT NULL AS waits",
    )
    .bind::<Array<Text>, _>(written())
    .bind::<Array<BigInt>, _>(held.to_vec())
    .bind::<Array<BigInt>, _>(all().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(all().map(|one| one.state.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(all().map(|one| one.due_at).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(all().map(|one| one.tries).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(all().map(|one| one.sent_at).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(all().map(|one| one.reply.clone()).collect::<Vec<_>>())
    .bind::<Text, _>(lease.to_owned())
    .load(postgres)?;
    Ok(rows
        .into_iter()
        .filter(|row| row.waits)
        .map(|row| row.id)
        .collect())
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
