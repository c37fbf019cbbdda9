//! Who sends which message. A seam: several workers share one outbox on PostgreSQL, where a due row
//! that another worker is leasing is skipped.

use super::Result;
use super::fixed::fixed;
use super::messages::Message;
use super::suppressions::Kind;
use crate::db::{Conn, both};
use crate::domain::callback;
use crate::domain::ids::MessageId;
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempts, callbacks, campaigns, cases, messages, suppressions};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: MessageId,
}

/// Leases up to `limit` due messages to the worker with this `lease` word, the longest due first.
pub fn take(
    conn: &mut Conn,
    lease: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Message>> {
    let ids = due(conn, now, limit)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // What a server may have had keeps its date: whoever gets it twice gets the same.
    let dated = format!(
        "CASE WHEN text_at IS NULL OR dated_at IS NULL THEN {} ELSE dated_at END",
        now.micros()
    );
    // That they are queued was seen under lock; to be asked again, PostgreSQL may read all that are.
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .set((
            messages::state.eq(MessageState::Sending.as_str()),
            messages::lease.eq(lease),
            messages::leased_until.eq(until),
            messages::text_at.eq(None::<Timestamp>),
            messages::dated_at.eq(sql::<Nullable<BigInt>>(&dated)),
        ))
        .returning(messages::all_columns)
        .get_results(conn)
}

fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<MessageId>> {
    let lock = match conn {
        Conn::Postgres(postgres) => {
            // In the order of its index. Before the table was analysed, PostgreSQL would sort all that is due for a few.
            postgres.batch_execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")?;
            "FOR UPDATE OF m SKIP LOCKED"
        }
        Conn::Sqlite(_) => "",
    };
    let query = format!(
        "SELECT m.id AS id FROM messages m \
         WHERE m.state = 'queued' AND m.due_at <= {} \
           AND (m.campaign_id IS NULL OR m.campaign_id NOT IN (SELECT id FROM campaigns WHERE state <> 'running')) \
         ORDER BY m.due_at, m.id LIMIT {limit} {lock}",
        now.micros()
    );
    let rows: Vec<Row> = diesel::sql_query(query).load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Notes of some messages that their text is about to go and lengthens their leases; answers those that are
/// still this worker's.
pub fn note_texts(
    conn: &mut Conn,
    ids: &[MessageId],
    lease: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<MessageId>> {
    match conn {
        Conn::Sqlite(sqlite) => {
            let noted = (messages::text_at.eq(now), messages::leased_until.eq(until));
            let mut held = Vec::with_capacity(ids.len());
            for id in ids {
                let mine = messages::table.filter(messages::id.eq(*id).and(messages::lease.eq(lease)));
                if diesel::update(mine).set(noted).execute(sqlite)? == 1 {
                    held.push(*id);
                }
            }
            Ok(held)
        }
        Conn::Postgres(postgres) => {
            let rows: Vec<Row> = fixed(
                "UPDATE messages SET text_at = ?, leased_until = ? WHERE id = ANY(?) AND lease = ? RETURNING id",
            )
            .bind::<BigInt, _>(now.micros())
            .bind::<BigInt, _>(until.micros())
            .bind::<Array<BigInt>, _>(ids.to_vec())
            .bind::<Text, _>(lease.to_owned())
            .load(postgres)?;
            Ok(rows.into_iter().map(|row| row.id).collect())
        }
    }
}

/// What may speak against a message that waits.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Doubt {
    pub id: MessageId,
    pub queued_at: Timestamp,
    /// Whether its address must not be written to.
    pub suppressed: bool,
    /// Whether the call that it reminds of is still to come; true of what is no reminder.
    pub promised: bool,
    /// When the outcome that asked for it was taken back.
    pub superseded_at: Option<Timestamp>,
    /// Of its campaign: `running`, `paused` or `stopped`.
    pub campaign: Option<String>,
    /// Of its case.
    pub stage: String,
    pub resolved_at: Option<Timestamp>,
}

/// What may speak against each of these messages.
pub fn doubts(conn: &mut Conn, ids: &[MessageId], now: Timestamp) -> Result<Vec<Doubt>> {
    let suppressed = suppressions::table
        .filter(suppressions::kind.eq(Kind::Email.as_str()))
        .filter(suppressions::value.eq(messages::to_address))
        .filter(suppressions::lifted_at.is_null());
    let ahead = callbacks::table
        .filter(callbacks::household_id.nullable().eq(cases::household_id))
        .filter(callbacks::due_at.gt(now))
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        );
    let all = messages::table
        .inner_join(cases::table)
        .left_join(attempts::table)
        .left_join(campaigns::table)
        .filter(messages::id.eq_any(ids))
        .select((
            messages::id,
            messages::queued_at,
            diesel::dsl::exists(suppressed),
            messages::template_key
                .ne(callback::REMINDER)
                .or(messages::campaign_id.is_not_null())
                .or(diesel::dsl::exists(ahead)),
            attempts::superseded_at.nullable(),
            campaigns::state.nullable(),
            cases::stage,
            cases::resolved_at,
        ));
    both!(conn, |c| all.load(c))
}

/// Lengthens all leases of a worker.
pub fn renew(conn: &mut Conn, lease: &str, until: Timestamp) -> Result<usize> {
    let held = messages::table
        .filter(messages::state.eq(MessageState::Sending.as_str()))
        .filter(messages::due_at.is_not_null().and(messages::lease.eq(lease)));
    diesel::update(held)
        .set(messages::leased_until.eq(until))
        .execute(conn)
}

/// Hands back what a worker has leased and not begun to send; for a graceful stop.
pub fn hand_back(conn: &mut Conn, lease: &str) -> Result<usize> {
    let held = messages::table.filter(messages::lease.eq(lease).and(messages::text_at.is_null()));
    diesel::update(held)
        .set((
            messages::state.eq(MessageState::Queued.as_str()),
            messages::lease.eq(None::<String>),
            messages::leased_until.eq(None::<Timestamp>),
        ))
        .execute(conn)
}

/// Messages whose worker died: where the text had not begun to go they are queued again, where it may
/// have gone they are uncertain, for a person to decide. Answers how many of each.
pub fn recover(conn: &mut Conn, now: Timestamp) -> Result<(usize, usize)> {
    let lapsed = || {
        messages::table
            .filter(messages::state.eq(MessageState::Sending.as_str()))
            .filter(messages::due_at.is_not_null().and(messages::leased_until.le(now)))
    };
    let none = (
        messages::lease.eq(None::<String>),
        messages::leased_until.eq(None::<Timestamp>),
    );
    let queued = diesel::update(lapsed().filter(messages::text_at.is_null()))
        .set((messages::state.eq(MessageState::Queued.as_str()), none))
        .execute(conn)?;
    let none = (
        messages::lease.eq(None::<String>),
        messages::leased_until.eq(None::<Timestamp>),
    );
    let uncertain = diesel::update(lapsed().filter(messages::text_at.is_not_null()))
        .set((
            messages::state.eq(MessageState::Uncertain.as_str()),
            messages::due_at.eq(now),
            messages::reply.eq("The sender stopped while the message was on its way."),
            none,
        ))
        .execute(conn)?;
    Ok((queued, uncertain))
}

/// When the next queued message is due; none if nothing waits to be sent.
pub fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>> {
    let paused: Vec<Option<i64>> = campaigns::table
        .filter(campaigns::state.eq("paused"))
        .select(campaigns::id.nullable())
        .load(conn)?;
    messages::table
        .filter(messages::state.eq(MessageState::Queued.as_str()))
        .filter(
            messages::campaign_id
                .is_null()
                .or(messages::campaign_id.ne_all(paused)),
        )
        .select(diesel::dsl::min(messages::due_at))
        .first(conn)
}
