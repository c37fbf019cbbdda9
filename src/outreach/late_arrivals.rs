//! Calls that come with a later import: dealt to the same callers as those before, by the same rule.

use super::accounts::User;
use super::lists::{Split, dealt_alike, move_to_owners};
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::OutageId;
use crate::store::imports::Import;
use crate::store::{call_lists, imports, outages, users};

/// Keeps a rule that calls were dealt by, with those who got lists.
pub(super) fn remember(
    conn: &mut Conn,
    outage: OutageId,
    split: &Split,
    callers: &[(User, u32)],
) -> Result<()> {
    let rule = Split {
        callers: callers.iter().map(|(user, weight)| (user.id, *weight)).collect(),
        ..split.clone()
    };
    let json = serde_json::to_string(&rule).map_err(Error::internal)?;
    outages::set_dealt_by(conn, outage, Some(&json))?;
    Ok(())
}

impl Office {
    /// Deals the new households of an import as the outage's calls were dealt last. Before the first
    /// deal, or when nobody of those callers is there any more, they stay in the pool.
    pub(super) fn deal_late_arrivals(&self, import: &Import) -> Result<()> {
        let now = self.now();
        self.db.write(|conn| {
            if !imports::set_dealt(conn, import.id)? {
                return Ok(()); // another process was quicker
            }
            let rule = outages::dealt_by(conn, import.outage_id)?;
            let rule: Option<Split> = rule.and_then(|json| serde_json::from_str(&json).ok());
            let Some(rule) = rule else { return Ok(()) };
            let callers = still_here(conn, &rule)?;
            if callers.is_empty() {
                return Ok(());
            }
            let new = call_lists::newcomers(conn, import.id)?;
            let dealt = dealt_alike(&rule, &new, &callers);
            move_to_owners(conn, import.outage_id, &callers, &dealt, now)
        })
    }
}

/// The callers of a deal whose accounts are still on.
fn still_here(conn: &mut Conn, rule: &Split) -> Result<Vec<(User, u32)>> {
    let all = users::all(conn)?;
    let here = |(id, weight): &(i64, u32)| {
        let user = all
            .iter()
            .find(|user| user.id == *id && user.disabled_at.is_none());
        user.map(|user| (user.clone(), *weight))
    };
    Ok(rule.callers.iter().filter_map(here).collect())
}
