//! Browsing the outbox.

use super::Result;
use super::messages::Message;
use crate::db::Conn;
use crate::domain::ids::{CampaignId, CaseId, MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{answers, cases, messages};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

/// A message with whom it is to.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Logged {
    pub message: Message,
    pub case: CaseId,
    pub given_name: String,
    pub family_name: String,
}

/// Which of an outage's messages: those for which everything holds that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In this state.
    pub state: Option<MessageState>,
    /// Of this text.
    pub template: Option<String>,
    /// Of this mailing to many.
    pub campaign: Option<CampaignId>,
    /// Written at or after this.
    pub since: Option<Timestamp>,
    /// Written before this.
    pub until: Option<Timestamp>,
    /// To this citizen.
    pub case: Option<CaseId>,
    /// With this in the address or the name.
    pub part: Option<String>,
}

/// A macro, since the type of a boxed query over a join of two databases has no name that a person would write.
macro_rules! chosen {
    ($outage:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut chosen = messages::table
            .inner_join(cases::table)
            .filter(messages::outage_id.eq($outage))
            .into_boxed();
        if let Some(state) = filter.state {
            chosen = chosen.filter(messages::state.eq(state.as_str()));
        }
        if let Some(template) = &filter.template {
            chosen = chosen.filter(messages::template_key.eq(template.clone()));
        }
        if let Some(campaign) = filter.campaign {
            chosen = chosen.filter(messages::campaign_id.eq(campaign));
        }
        if let Some(since) = filter.since {
            chosen = chosen.filter(messages::queued_at.ge(since));
        }
        if let Some(until) = filter.until {
            chosen = chosen.filter(messages::queued_at.lt(until));
        }
        if let Some(case) = filter.case {
            chosen = chosen.filter(messages::case_id.eq(case));
        }
        if let Some(part) = &filter.part {
            let plain: String = part.chars().filter(|letter| !"%_\\".contains(*letter)).collect();
            let words =
                "LOWER(messages.to_address || ' ' || cases.given_name || ' ' || cases.family_name) LIKE ";
            let holds = sql::<Bool>(words).bind::<Text, _>(format!("%{}%", plain.to_lowercase()));
            chosen = chosen.filter(holds);
        }
        chosen
    }};
}

/// One page of the messages, the latest first.
pub fn page(
    conn: &mut Conn,
    outage: OutageId,
    filter: &Filter,
    (offset, limit): (i64, i64),
) -> Result<Vec<Logged>> {
    chosen!(outage, filter)
        .order(messages::id.desc())
        .offset(offset)
        .limit(limit)
        .select((
            Message::as_select(),
            cases::id,
            cases::given_name,
            cases::family_name,
        ))
        .load(conn)
}

/// The next messages after an id, the oldest first: for exports and for changing many.
pub fn after(
    conn: &mut Conn,
    outage: OutageId,
    filter: &Filter,
    after: MessageId,
    limit: i64,
) -> Result<Vec<Message>> {
    chosen!(outage, filter)
        .filter(messages::id.gt(after))
        .order(messages::id)
        .limit(limit)
        .select(Message::as_select())
        .load(conn)
}

/// How many there are.
pub fn count(conn: &mut Conn, outage: OutageId, filter: &Filter) -> Result<i64> {
    chosen!(outage, filter).select(count_star()).first(conn)
}

/// To how many citizens who answered by link an outage's messages went.
pub fn answered(conn: &mut Conn, outage: OutageId) -> Result<i64> {
    let written = messages::table
        .filter(messages::outage_id.eq(outage))
        .filter(messages::sent_at.is_not_null())
        .select(messages::case_id);
    answers::table
        .filter(answers::superseded_at.is_null())
        .filter(answers::case_id.eq_any(written))
        .select(count_star())
        .first(conn)
}

/// The texts of which an outage has messages.
pub fn texts(conn: &mut Conn, outage: OutageId) -> Result<Vec<String>> {
    messages::table
        .filter(messages::outage_id.eq(outage))
        .select(messages::template_key)
        .distinct()
        .order(messages::template_key)
        .load(conn)
}

/// Makes those of these messages due now that wait for another try.
pub fn hurry(conn: &mut Conn, ids: &[MessageId], now: Timestamp) -> Result<usize> {
    let waiting = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq(MessageState::Queued.as_str()))
        .filter(messages::due_at.gt(now));
    diesel::update(waiting)
        .set(messages::due_at.eq(now))
        .execute(conn)
}

/// Queues those of these messages again that failed.
pub fn retry(conn: &mut Conn, ids: &[MessageId], now: Timestamp) -> Result<usize> {
    let failed = messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::state.eq(MessageState::Failed.as_str()));
    diesel::update(failed)
        .set((
            messages::state.eq(MessageState::Queued.as_str()),
            messages::due_at.eq(now),
            messages::text_at.eq(None::<Timestamp>),
        ))
        .execute(conn)
}
