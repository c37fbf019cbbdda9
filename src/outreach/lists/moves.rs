//! Moving what was planned, and taking the step back.

use super::plan::Plan;
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, ListMoveId, OutageId};
use crate::domain::split::Deal;
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::User;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, crowded};
use crate::store::list_moves::{self, ListMove};
use crate::store::{call_lists, households, outages};
use serde::{Deserialize, Serialize};

/// So many rows are moved by one statement.
const CHUNK: usize = 500;
/// A step can be taken back for so long.
pub const UNDO_MINUTES: i64 = 10;

/// What a step changes beside the lists.
#[derive(Serialize, Deserialize)]
struct Before {
    dealt_by: Option<String>,
    pool_open: bool,
}

impl ListMove {
    /// Whether it can still be taken back.
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.undone_at.is_none() && self.calls > 0 && now <= self.at.plus_minutes(UNDO_MINUTES)
    }
}

impl Office {
    /// The latest step by which calls went from list to list, if it can still be taken back.
    pub fn latest_list_move(&self, outage: OutageId) -> Result<Option<ListMove>> {
        let now = self.now();
        let latest = self.db.read(|conn| list_moves::latest(conn, outage))?;
        Ok(latest.filter(|step| step.can_be_undone(now)))
    }

    /// Takes the latest step back within ten minutes; answers how many calls went back. Who was called
    /// since, or is in somebody's hands, stays where they are.
    ///
    /// # Errors
    /// It is not the latest step, is too old, or was taken back before.
    pub fn undo_list_move(&self, outage: OutageId, step: ListMoveId) -> Result<usize> {
        let now = self.now();
        self.once("undo_list_move", |conn| {
            let latest = list_moves::latest(conn, outage)?.filter(|latest| latest.id == step);
            let latest = latest.filter(|latest| latest.can_be_undone(now)).ok_or_else(|| {
                Error::Conflict("These calls cannot be moved back any more: ten minutes have passed, or they were moved again.".into())
            })?;
            let back = list_moves::put_back(conn, &latest, now)?;
            let before: Before = serde_json::from_str(&latest.before).map_err(Error::internal)?;
            outages::set_dealt_by(conn, outage, before.dealt_by.as_deref())?;
            outages::set_pool_open(conn, outage, before.pool_open)?;
            Ok(back)
        })
    }
}

/// Moves what was planned, noting where it came from.
pub(super) fn apply(conn: &mut Conn, book: &Rulebook, plan: &Plan, now: Timestamp) -> Result<()> {
    let outage = book.outage.id;
    let before = Before {
        dealt_by: outages::dealt_by(conn, outage)?,
        pool_open: book.outage.pool_open,
    };
    let before = serde_json::to_string(&before).map_err(Error::internal)?;
    list_moves::forget_before(conn, outage, now.plus_minutes(-UNDO_MINUTES))?;
    let step = list_moves::add(conn, outage, &before, now)?;
    for (ids, owner) in with_owners(&plan.dealt, &plan.callers) {
        let target = own_list(conn, outage, owner, now)?;
        put(conn, step, ids, Some(target))?;
    }
    put(conn, step, &plan.dealt.pool, None)
}

fn put(conn: &mut Conn, step: ListMoveId, ids: &[HouseholdId], list: Option<CallListId>) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        list_moves::put(conn, step, chunk, list)?;
    }
    Ok(())
}

/// Puts households that came late on their new owner's list, those that are on none yet. It is no step to take back: nobody
/// decided it.
pub(in crate::outreach) fn move_to_owner(
    conn: &mut Conn,
    outage: OutageId,
    (owner, ids): (&User, &[HouseholdId]),
    now: Timestamp,
) -> Result<()> {
    let target = own_list(conn, outage, owner, now)?;
    households::set_first_list(conn, ids, target)?;
    Ok(())
}

/// Whose the households of a deal will be.
pub(in crate::outreach) fn with_owners<'a>(
    dealt: &'a Deal,
    callers: &'a [(User, u32)],
) -> impl Iterator<Item = (&'a [HouseholdId], &'a User)> {
    dealt.lists.iter().filter_map(|list| {
        let (owner, _) = callers.iter().find(|(user, _)| user.id == list.user)?;
        (!list.households.is_empty()).then_some((list.households.as_slice(), owner))
    })
}

/// A caller's own list, made at the first deal. Two callers of one name get lists that can be told apart.
fn own_list(conn: &mut Conn, outage: OutageId, owner: &User, now: Timestamp) -> Result<CallListId> {
    if let Some(list) = call_lists::of_owner(conn, outage, owner.id)? {
        return Ok(list);
    }
    let taken = call_lists::all(conn, outage)?
        .iter()
        .any(|list| list.name == owner.name);
    let name = if taken {
        format!("{} ({})", owner.name, owner.email)
    } else {
        owner.name.clone()
    };
    call_lists::add(conn, outage, &name, (Some(owner.id), None), now).map_err(crowded)
}
