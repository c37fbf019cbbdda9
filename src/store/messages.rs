//! The outbox: a message is written in the transaction that caused it, and has a visible fate.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CampaignId, CaseId, DiagnosisId, MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempts, messages};
use diesel::prelude::*;

/// One message.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages)]
#[allow(missing_docs)]
pub struct Message {
    pub id: MessageId,
    pub outage_id: OutageId,
    pub case_id: CaseId,
    pub template_key: String,
    pub language: String,
    pub to_address: String,
    /// A word of `domain::message::MessageState`.
    pub state: String,
    pub tries: i32,
    pub queued_at: Timestamp,
    /// When it is sent; once its fate is known: since when its case is to be folded.
    pub due_at: Option<Timestamp>,
    pub leased_until: Option<Timestamp>,
    /// Who holds the lease: a random word of one worker.
    pub lease: Option<String>,
    /// When the recipient was accepted and the text was about to go: from here on, silence is *uncertain*.
    pub text_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    /// The server's last words, or why nothing was sent.
    pub reply: Option<String>,
    pub attempt_id: Option<AttemptId>,
    pub campaign_id: Option<CampaignId>,
    /// Withdrawn because a payment was found; it is queued again when that is taken back.
    pub withdrawn_as_paid: bool,
    /// Why its address is held to be dead, or would be.
    pub diagnosis_id: Option<DiagnosisId>,
    /// When the try began after which a server may have it, or the last one: its date.
    pub dated_at: Option<Timestamp>,
}

/// What a message to one person is made of.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewMessage<'a> {
    pub outage: OutageId,
    pub case: CaseId,
    pub template_key: &'a str,
    pub language: &'a str,
    pub to_address: &'a str,
    pub attempt: Option<AttemptId>,
    pub campaign: Option<CampaignId>,
}

/// Queues a message, due at once. A unique violation means that this campaign has written to the case before.
pub fn add(conn: &mut Conn, message: &NewMessage<'_>, now: Timestamp) -> Result<MessageId> {
    add_for(conn, message, now, now)
}

/// As [`add`], due at an instant.
pub fn add_for(
    conn: &mut Conn,
    message: &NewMessage<'_>,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<MessageId> {
    diesel::insert_into(messages::table)
        .values((
            messages::outage_id.eq(message.outage),
            messages::case_id.eq(message.case),
            messages::template_key.eq(message.template_key),
            messages::language.eq(message.language),
            messages::to_address.eq(message.to_address),
            messages::state.eq(MessageState::Queued.as_str()),
            messages::tries.eq(0),
            messages::queued_at.eq(now),
            messages::due_at.eq(due_at),
            messages::attempt_id.eq(message.attempt),
            messages::campaign_id.eq(message.campaign),
        ))
        .returning(messages::id)
        .get_result(conn)
}

/// The message with an id.
pub fn find(conn: &mut Conn, id: MessageId) -> Result<Option<Message>> {
    messages::table
        .find(id)
        .select(Message::as_select())
        .first(conn)
        .optional()
}

/// A case's messages in the order of time.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<Message>> {
    messages::table
        .filter(messages::case_id.eq(case))
        .order(messages::id)
        .select(Message::as_select())
        .load(conn)
}

/// The messages to these cases, oldest first.
pub fn of_cases(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<Message>> {
    messages::table
        .filter(messages::case_id.eq_any(cases))
        .order(messages::id)
        .select(Message::as_select())
        .load(conn)
}

/// The addresses of a case's messages that were queued from one instant until another, not included.
pub fn addresses(
    conn: &mut Conn,
    case: CaseId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<String>> {
    messages::table
        .filter(messages::case_id.eq(case))
        .filter(messages::queued_at.ge(from).and(messages::queued_at.lt(until)))
        .select(messages::to_address)
        .distinct()
        .load(conn)
}

/// Withdraws messages to these cases that are still queued; because the citizens `have_paid`, if so.
pub fn withdraw_of_cases(conn: &mut Conn, cases: &[CaseId], have_paid: bool) -> Result<usize> {
    if cases.is_empty() {
        return Ok(0);
    }
    let queued: Vec<MessageId> = messages::table
        .filter(
            messages::case_id
                .eq_any(cases)
                .and(messages::state.eq(MessageState::Queued.as_str())),
        )
        .select(messages::id)
        .load(conn)?;
    if queued.is_empty() {
        return Ok(0);
    }
    let still_queued = messages::state.eq(MessageState::Queued.as_str());
    diesel::update(messages::table.filter(messages::id.eq_any(queued).and(still_queued)))
        .set((withdrawn(), messages::withdrawn_as_paid.eq(have_paid)))
        .execute(conn)
}

/// Queues messages to these cases again that were withdrawn because the citizen had paid: that was taken back.
/// What an attempt had asked for that does not count any more stays withdrawn.
pub fn queue_again(conn: &mut Conn, cases: &[CaseId]) -> Result<usize> {
    if cases.is_empty() {
        return Ok(0);
    }
    // Joined, not looked up in a subquery: PostgreSQL would read all attempts for it.
    let ids: Vec<MessageId> = messages::table
        .left_join(attempts::table)
        .filter(
            messages::case_id
                .eq_any(cases)
                .and(messages::withdrawn_as_paid.eq(true)),
        )
        .filter(messages::state.eq(MessageState::Withdrawn.as_str()))
        .filter(attempts::superseded_at.is_null())
        .select(messages::id)
        .load(conn)?;
    if ids.is_empty() {
        return Ok(0);
    }
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .set((
            messages::state.eq(MessageState::Queued.as_str()),
            messages::due_at.eq(messages::queued_at.nullable()),
            messages::withdrawn_as_paid.eq(false),
        ))
        .execute(conn)
}

/// Another attempt stands for this one with these cases: the messages to them are what it caused.
pub fn hand_over(conn: &mut Conn, (from, to): (AttemptId, AttemptId), cases: &[CaseId]) -> Result<usize> {
    let theirs = messages::table.filter(messages::attempt_id.eq(from).and(messages::case_id.eq_any(cases)));
    diesel::update(theirs)
        .set(messages::attempt_id.eq(to))
        .execute(conn)
}

/// Withdraws the messages that an attempt caused and that are still queued.
pub fn withdraw_of_attempt(conn: &mut Conn, attempt: AttemptId) -> Result<usize> {
    let queued = messages::table.filter(
        messages::attempt_id
            .eq(attempt)
            .and(messages::state.eq(MessageState::Queued.as_str())),
    );
    diesel::update(queued).set(withdrawn()).execute(conn)
}

/// Withdraws what is still queued for a case since an instant and comes neither from a call nor from a campaign.
pub fn withdraw_unprompted(conn: &mut Conn, case: CaseId, since: Timestamp) -> Result<usize> {
    let queued = messages::table
        .filter(messages::case_id.eq(case).and(messages::queued_at.ge(since)))
        .filter(
            messages::attempt_id
                .is_null()
                .and(messages::campaign_id.is_null()),
        )
        .filter(messages::state.eq(MessageState::Queued.as_str()));
    diesel::update(queued).set(withdrawn()).execute(conn)
}

/// Withdraws a text to a case that is still queued and that neither a call nor a campaign asked for.
pub fn withdraw_text(conn: &mut Conn, case: CaseId, template_key: &str) -> Result<usize> {
    let queued = messages::table
        .filter(
            messages::case_id
                .eq(case)
                .and(messages::template_key.eq(template_key)),
        )
        .filter(
            messages::attempt_id
                .is_null()
                .and(messages::campaign_id.is_null()),
        )
        .filter(messages::state.eq(MessageState::Queued.as_str()));
    diesel::update(queued).set(withdrawn()).execute(conn)
}

type Withdrawn = (
    diesel::dsl::Eq<messages::state, &'static str>,
    diesel::dsl::Eq<messages::due_at, Option<Timestamp>>,
);

fn withdrawn() -> Withdrawn {
    (
        messages::state.eq(MessageState::Withdrawn.as_str()),
        messages::due_at.eq(None),
    )
}

/// Whether a message that an attempt caused has gone out, or may have.
pub fn was_sent_for_attempt(conn: &mut Conn, attempt: AttemptId) -> Result<bool> {
    let gone = [
        MessageState::Sending,
        MessageState::Sent,
        MessageState::Uncertain,
        MessageState::Bounced,
    ];
    let sent = messages::table
        .filter(messages::attempt_id.eq(attempt))
        .filter(messages::state.eq_any(gone.map(MessageState::as_str)));
    diesel::select(diesel::dsl::exists(sent)).get_result(conn)
}

/// Whether a text went to a case before, or is on its way.
pub fn was_written(conn: &mut Conn, case: CaseId, template_key: &str) -> Result<bool> {
    let lost = [
        MessageState::Withdrawn,
        MessageState::Failed,
        MessageState::Suppressed,
    ];
    let written = messages::table
        .filter(
            messages::case_id
                .eq(case)
                .and(messages::template_key.eq(template_key)),
        )
        .filter(messages::state.ne_all(lost.map(MessageState::as_str)));
    diesel::select(diesel::dsl::exists(written)).get_result(conn)
}

/// Whether a text went to an address of a case before, or is on its way.
pub fn was_written_at(conn: &mut Conn, case: CaseId, template_key: &str, to: &str) -> Result<bool> {
    let written = messages::table
        .filter(
            messages::case_id
                .eq(case)
                .and(messages::template_key.eq(template_key)),
        )
        .filter(messages::to_address.eq(to));
    diesel::select(diesel::dsl::exists(written)).get_result(conn)
}

/// Where a report may say more: the server took the message, or may have.
fn was_sent() -> WasSent {
    messages::state.eq_any([MessageState::Sent.as_str(), MessageState::Uncertain.as_str()])
}

type WasSent = diesel::dsl::EqAny<messages::state, [&'static str; 2]>;

/// A delivery report came back; 0 if one did before. The time of sending goes: who was not reached was not written to.
pub fn set_bounced(conn: &mut Conn, id: MessageId, words: &str) -> Result<usize> {
    diesel::update(messages::table.find(id).filter(was_sent()))
        .set((
            messages::state.eq(MessageState::Bounced.as_str()),
            messages::sent_at.eq(None::<Timestamp>),
            messages::due_at.eq(None::<Timestamp>),
            messages::reply.eq(words),
        ))
        .execute(conn)
}

/// It did not arrive, though the address may be right; 0 if that was known.
pub fn set_failed(conn: &mut Conn, id: MessageId, words: &str) -> Result<usize> {
    diesel::update(messages::table.find(id).filter(was_sent()))
        .set((
            messages::state.eq(MessageState::Failed.as_str()),
            messages::sent_at.eq(None::<Timestamp>),
            messages::due_at.eq(None::<Timestamp>),
            messages::reply.eq(words),
        ))
        .execute(conn)
}

/// Nobody can say whether it arrived: a person decides. Until then the citizen does not count as written to.
pub fn set_uncertain(conn: &mut Conn, id: MessageId, words: &str) -> Result<usize> {
    diesel::update(messages::table.find(id))
        .set((
            messages::state.eq(MessageState::Uncertain.as_str()),
            messages::sent_at.eq(None::<Timestamp>),
            messages::reply.eq(words),
        ))
        .execute(conn)
}

/// A person counts the message as sent.
pub fn set_sent(conn: &mut Conn, id: MessageId, now: Timestamp) -> Result<usize> {
    diesel::update(messages::table.find(id))
        .set((
            messages::state.eq(MessageState::Sent.as_str()),
            messages::sent_at.eq(now),
        ))
        .execute(conn)
}

/// A person sends the message again, with the date that it had: it may have arrived.
pub fn set_queued(conn: &mut Conn, id: MessageId, now: Timestamp) -> Result<usize> {
    diesel::update(messages::table.find(id))
        .set((
            messages::state.eq(MessageState::Queued.as_str()),
            messages::due_at.eq(now),
        ))
        .execute(conn)
}

/// An outage's messages in one state, the oldest first.
pub fn in_state(conn: &mut Conn, outage: OutageId, state: MessageState, limit: i64) -> Result<Vec<Message>> {
    messages::table
        .filter(
            messages::outage_id
                .eq(outage)
                .and(messages::state.eq(state.as_str())),
        )
        .order(messages::id)
        .limit(limit)
        .select(Message::as_select())
        .load(conn)
}
