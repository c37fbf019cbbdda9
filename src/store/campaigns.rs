//! Mailings to many.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CampaignId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::campaigns;
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
    /// `running` or `paused`.
    pub state: String,
    pub created_at: Timestamp,
}

/// Begins a campaign.
pub fn add(
    conn: &mut Conn,
    outage: OutageId,
    (template_key, audience): (&str, &str),
    by: Option<UserId>,
    now: Timestamp,
) -> Result<CampaignId> {
    diesel::insert_into(campaigns::table)
        .values((
            campaigns::outage_id.eq(outage),
            campaigns::template_key.eq(template_key),
            campaigns::audience.eq(audience),
            campaigns::state.eq("running"),
            campaigns::created_by.eq(by),
            campaigns::created_at.eq(now),
        ))
        .returning(campaigns::id)
        .get_result(conn)
}

/// An outage's campaigns, the newest first.
pub fn all(conn: &mut Conn, outage: OutageId) -> Result<Vec<Campaign>> {
    campaigns::table
        .filter(campaigns::outage_id.eq(outage))
        .order(campaigns::id.desc())
        .select(Campaign::as_select())
        .load(conn)
}

/// Pauses or resumes all campaigns of an outage; answers how many changed.
pub fn set_state(conn: &mut Conn, outage: OutageId, state: &str) -> Result<usize> {
    let others = campaigns::table.filter(campaigns::outage_id.eq(outage).and(campaigns::state.ne(state)));
    diesel::update(others)
        .set(campaigns::state.eq(state))
        .execute(conn)
}
