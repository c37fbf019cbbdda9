//! Holds on all e-mail: who or what laid them, and who released them.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, MessageId, UserId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{mail_holds, messages};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// One hold.
#[derive(Clone, Debug, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct MailHold {
    pub id: i64,
    /// Why, as a sentence.
    pub because: String,
    pub held_at: Timestamp,
    pub held_by: Option<UserId>,
    pub released_at: Option<Timestamp>,
    /// None: from the command line.
    pub released_by: Option<UserId>,
    /// Messages that were withdrawn instead of sent when it was released.
    pub withdrawn: Option<i64>,
}

/// The hold that stands, if any.
pub fn standing(conn: &mut Conn) -> Result<Option<MailHold>> {
    mail_holds::table
        .filter(mail_holds::released_at.is_null())
        .select(MailHold::as_select())
        .first(conn)
        .optional()
}

/// All of them, the latest first.
pub fn all(conn: &mut Conn, limit: i64) -> Result<Vec<MailHold>> {
    mail_holds::table
        .order(mail_holds::id.desc())
        .limit(limit)
        .select(MailHold::as_select())
        .load(conn)
}

/// Holds all e-mail. A unique violation means that it is held already.
pub fn add(conn: &mut Conn, because: &str, by: Option<UserId>, now: Timestamp) -> Result<usize> {
    diesel::insert_into(mail_holds::table)
        .values((
            mail_holds::because.eq(because),
            mail_holds::held_by.eq(by),
            mail_holds::held_at.eq(now),
        ))
        .execute(conn)
}

/// Ends the hold that stands; 0 if none does.
pub fn release(conn: &mut Conn, by: Option<UserId>, now: Timestamp) -> Result<usize> {
    diesel::update(mail_holds::table.filter(mail_holds::released_at.is_null()))
        .set((mail_holds::released_at.eq(now), mail_holds::released_by.eq(by)))
        .execute(conn)
}

/// Adds to the messages that were withdrawn under a hold.
pub fn note_withdrawn(conn: &mut Conn, id: i64, more: i64) -> Result<usize> {
    let before: Option<i64> = mail_holds::table
        .find(id)
        .select(mail_holds::withdrawn)
        .first(conn)?;
    diesel::update(mail_holds::table.find(id))
        .set(mail_holds::withdrawn.eq(before.unwrap_or_default() + more))
        .execute(conn)
}

/// How many messages of a text wait in an outage.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[allow(missing_docs)]
pub struct Waiting {
    #[diesel(sql_type = Text)]
    pub outage: String,
    #[diesel(sql_type = Text)]
    pub template_key: String,
    #[diesel(sql_type = BigInt)]
    pub messages: i64,
}

/// What waits to be sent, by outage and text.
pub fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>> {
    diesel::sql_query(
        "SELECT outages.name AS outage, template_key, COUNT(*) AS messages FROM messages \
         JOIN outages ON outages.id = messages.outage_id WHERE messages.state IN ('queued', 'sending') AND messages.due_at IS NOT NULL \
         GROUP BY outages.name, template_key ORDER BY outages.name, template_key",
    )
    .load(conn)
}

/// Some of the messages that were queued before an instant and wait to be sent, with their cases.
pub fn queued_before(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<(MessageId, CaseId)>> {
    messages::table
        .filter(messages::state.eq(MessageState::Queued.as_str()))
        .filter(messages::queued_at.le(before))
        .order(messages::id)
        .limit(limit)
        .select((messages::id, messages::case_id))
        .load(conn)
}

/// Withdraws these messages, those of them that still wait; answers how many.
pub fn withdraw(conn: &mut Conn, ids: &[MessageId], words: &str) -> Result<usize> {
    let queued = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq(MessageState::Queued.as_str()));
    diesel::update(queued)
        .set((
            messages::state.eq(MessageState::Withdrawn.as_str()),
            messages::due_at.eq(None::<Timestamp>),
            messages::reply.eq(words),
        ))
        .execute(conn)
}
