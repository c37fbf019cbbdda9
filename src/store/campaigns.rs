//! Mailings to many. A seam in one place: who chooses recipients at the same time ([`lock`]).

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CampaignId, CaseId, MessageId, OutageId, UserId};
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{campaigns, messages};
use diesel::dsl::count_star;
use diesel::prelude::*;

/// One campaign.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = campaigns)]
#[allow(missing_docs)]
pub struct Campaign {
    pub id: CampaignId,
    pub outage_id: OutageId,
    pub template_key: String,
    /// To whom, as entered.
    pub audience: String,
    /// `running`, `paused` or `stopped`.
    pub state: String,
    pub created_at: Timestamp,
    /// Until when nobody is called whom it has written to.
    pub calls_held_until: Option<Timestamp>,
    /// It writes to no more than so many.
    pub at_most: Option<i64>,
    /// The last case that was looked at; none: all were.
    pub chosen_up_to: Option<CaseId>,
    /// What came of it until then, as JSON.
    pub report: Option<String>,
}

/// A campaign that begins.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = campaigns)]
#[allow(missing_docs)]
pub struct NewCampaign {
    pub outage_id: OutageId,
    pub template_key: String,
    pub audience: String,
    pub state: String,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub calls_held_until: Option<Timestamp>,
    pub at_most: Option<i64>,
    pub chosen_up_to: Option<CaseId>,
}

/// Begins a campaign.
pub fn add(conn: &mut Conn, new: &NewCampaign) -> Result<CampaignId> {
    diesel::insert_into(campaigns::table)
        .values(new)
        .returning(campaigns::id)
        .get_result(conn)
}

/// Notes up to which case a campaign has chosen whom it writes to (none: all are chosen), and what came of it until now.
pub fn note_chosen(
    conn: &mut Conn,
    id: CampaignId,
    (up_to, report): (Option<CaseId>, &str),
    now: Timestamp,
) -> Result<usize> {
    diesel::update(campaigns::table.find(id))
        .set((
            campaigns::chosen_up_to.eq(up_to),
            campaigns::report.eq(report),
            campaigns::chosen_at.eq(now),
        ))
        .execute(conn)
}

/// A campaign that has still to choose whom it writes to, and has chosen nobody since then.
pub fn broken_off(conn: &mut Conn, since: Timestamp) -> Result<Option<CampaignId>> {
    campaigns::table
        .filter(campaigns::chosen_up_to.is_not_null())
        .filter(campaigns::chosen_at.lt(since))
        .order(campaigns::id)
        .select(campaigns::id)
        .first(conn)
        .optional()
}

/// With this begins the number of the lock at which campaigns of one outage wait for each other.
const LOCK: i64 = 0x6d61_696c_0000_0000;

/// Waits for an outage's turn to choose whom a campaign writes to and holds it until the transaction ends, so that two
/// that are sent at once do not write to the same people. SQLite has one writer anyway.
pub fn lock(conn: &mut Conn, outage: OutageId) -> Result<()> {
    if let Conn::Postgres(postgres) = conn {
        let lock = LOCK.wrapping_add(outage);
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({lock})")).execute(postgres)?;
    }
    Ok(())
}

/// The campaign with an id.
pub fn find(conn: &mut Conn, id: CampaignId) -> Result<Option<Campaign>> {
    campaigns::table
        .find(id)
        .select(Campaign::as_select())
        .first(conn)
        .optional()
}

/// An outage's campaigns, the newest first.
pub fn all(conn: &mut Conn, outage: OutageId) -> Result<Vec<Campaign>> {
    campaigns::table
        .filter(campaigns::outage_id.eq(outage))
        .order(campaigns::id.desc())
        .select(Campaign::as_select())
        .load(conn)
}

/// How many messages of each campaign of an outage are in each state.
pub fn progress(conn: &mut Conn, outage: OutageId) -> Result<Vec<(CampaignId, String, i64)>> {
    let sent = messages::table
        .filter(messages::outage_id.eq(outage))
        .group_by((messages::campaign_id, messages::state))
        .select((messages::campaign_id, messages::state, count_star()));
    let rows: Vec<(Option<CampaignId>, String, i64)> = sent.load(conn)?;
    let named = rows
        .into_iter()
        .filter_map(|(id, state, count)| Some((id?, state, count)));
    Ok(named.collect())
}

/// Those of these campaigns that hold calls, and until when.
pub fn holds(conn: &mut Conn, ids: &[CampaignId]) -> Result<Vec<(CampaignId, Timestamp)>> {
    campaigns::table
        .filter(campaigns::id.eq_any(ids))
        .filter(campaigns::calls_held_until.is_not_null())
        .select((campaigns::id, campaigns::calls_held_until.assume_not_null()))
        .load(conn)
}

/// Pauses or resumes all campaigns of an outage that are not stopped; answers how many changed.
pub fn set_state(conn: &mut Conn, outage: OutageId, state: &str) -> Result<usize> {
    let others = campaigns::table
        .filter(campaigns::outage_id.eq(outage))
        .filter(campaigns::state.ne_all([state, "stopped"]));
    diesel::update(others)
        .set(campaigns::state.eq(state))
        .execute(conn)
}

/// Pauses, resumes or stops one campaign; what is stopped stays so. Answers whether it changed.
pub fn set_state_of(conn: &mut Conn, id: CampaignId, state: &str) -> Result<usize> {
    let other = campaigns::table
        .find(id)
        .filter(campaigns::state.ne_all([state, "stopped"]));
    diesel::update(other)
        .set(campaigns::state.eq(state))
        .execute(conn)
}

/// Withdraws up to so many of a campaign's messages that are still queued; answers their cases.
pub fn withdraw(conn: &mut Conn, id: CampaignId, limit: i64) -> Result<Vec<CaseId>> {
    let queued = messages::table
        .filter(messages::campaign_id.eq(id))
        .filter(messages::state.eq(MessageState::Queued.as_str()))
        .limit(limit)
        .select((messages::id, messages::case_id));
    let found: Vec<(MessageId, CaseId)> = queued.load(conn)?;
    let (ids, cases): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    diesel::update(messages::table.filter(messages::id.eq_any(ids)))
        .filter(messages::state.eq(MessageState::Queued.as_str()))
        .set((
            messages::state.eq(MessageState::Withdrawn.as_str()),
            messages::due_at.eq(None::<Timestamp>),
        ))
        .execute(conn)?;
    Ok(cases)
}
