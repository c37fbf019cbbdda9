//! Calls that come with a later import: dealt to the same callers as those before, by the same rule.

use super::accounts::User;
use super::import::{ImportPhase, Strides};
use super::lists::{Split, dealt_alike, move_to_owner, with_owners};
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{HouseholdId, OutageId};
use crate::store::imports::Import;
use crate::store::{call_lists, imports, outages, users};
use std::sync::Arc;

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
    /// Deals the new households of an import as the outage's calls were dealt last, some hundreds at a time. Before the first
    /// deal, or when nobody of those callers is there any more, they stay in the pool. Of a deal that was interrupted the rest
    /// is dealt by the same rule.
    pub(super) fn deal_late_arrivals(&self, import: &Import, strides: &mut Strides<'_>) -> Result<()> {
        let (outage, now) = (import.outage_id, self.now());
        let moves = self.db.read(|conn| deal(conn, import))?;
        strides.run(Some(ImportPhase::Dealing), |conn, done, limit| {
            let rest = moves.get(done..).unwrap_or_default();
            let some = rest.get(..limit).unwrap_or(rest);
            for alike in some.chunk_by(|(_, one), (_, other)| one.id == other.id) {
                let ids: Vec<HouseholdId> = alike.iter().map(|(id, _)| *id).collect();
                if let Some((_, owner)) = alike.first() {
                    move_to_owner(conn, outage, (owner, &ids), now)?;
                }
            }
            Ok(some.len())
        })?;
        self.db
            .write(|conn| Ok(imports::set_dealt(conn, import.id).map(drop)?))
    }
}

/// Who gets which of an import's new households, caller by caller.
fn deal(conn: &mut Conn, import: &Import) -> Result<Vec<(HouseholdId, Arc<User>)>> {
    let rule = outages::dealt_by(conn, import.outage_id)?;
    let rule: Option<Split> = rule.and_then(|json| serde_json::from_str(&json).ok());
    let Some(rule) = rule else {
        return Ok(Vec::new());
    };
    let callers = still_here(conn, &rule)?;
    if callers.is_empty() {
        return Ok(Vec::new());
    }
    let new = call_lists::newcomers(conn, import.id)?;
    let dealt = dealt_alike(&rule, &new, &callers);
    let owned = with_owners(&dealt, &callers);
    let moves = owned.flat_map(|(ids, owner)| {
        let owner = Arc::new(owner.clone());
        ids.iter().map(move |id| (*id, Arc::clone(&owner)))
    });
    Ok(moves.collect())
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
