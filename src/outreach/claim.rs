//! The next household for a caller: never one that another caller has.

use super::accounts::User;
use super::lease::lease_end;
use super::rulebook::Rulebook;
use super::waiting::{self, Waiting};
use super::{Error, Office, Result, crowded, shifts, standing};
use crate::db::Conn;
use crate::domain::callback;
use crate::domain::ids::{CallListId, HouseholdId, OutageId, UserId};
use crate::domain::shift::{Rest, Shift};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::claims::{self, Claim};
use crate::store::households::Household;
use crate::store::lanes::WAKE;
use crate::store::outages::{self, Outage};
use crate::store::queue::{self, Asking, Group};
use crate::store::{self, call_lists, households, staged_folds, staging};
use std::collections::HashMap;

/// So many households are looked at when others are claiming too (PostgreSQL skips the rows they lock).
const LOOK_AHEAD: i64 = 32;

/// What came of asking for the next household.
#[derive(Debug)]
pub enum Claimed {
    /// A new claim.
    New(Claim),
    /// The caller has this one already and must finish it first.
    Same(Claim),
    /// Nobody can be called now; this is why.
    Nobody(Waiting),
    /// The caller's shift is over or nearly so, or she is on a break or nearly so.
    Resting(Rest),
    /// A supervisor has stopped all calls.
    Stopped {
        /// Since when.
        since: Timestamp,
    },
}

impl Office {
    /// Claims the next household for a caller, in the order of product §4, or says why there is none.
    pub fn claim_next(&self, caller: &User, outage: OutageId) -> Result<Claimed> {
        let now = self.now();
        let claimed: Result<Option<Claimed>> = self.db.write(|conn| {
            let outage = find(conn, outage)?;
            let staff = Staff::look(conn, outage.id, now)?;
            if let Some(claim) = staff.claim_of(caller.id) {
                if claim.is_live(now) {
                    return Ok(Some(Claimed::Same(claim.clone())));
                }
                claims::release(conn, claim.id, now)?;
            }
            if let Some(since) = outage.calls_stopped_at {
                return Ok(Some(Claimed::Stopped { since }));
            }
            if let Some(rest) = staff.rest_of(conn, outage.id, caller.id, now)? {
                return Ok(Some(Claimed::Resting(rest)));
            }
            let mut asking = asking_with(conn, &outage, caller, &staff, now)?;
            Ok(take_first(conn, &outage, &mut asking)?.map(Claimed::New))
        });
        match claimed? {
            Some(claimed) => Ok(claimed),
            None => self.why_nobody(caller, outage, now).map(Claimed::Nobody),
        }
    }

    /// Counts all who wait. It reads them all, so nobody's outcome waits for it.
    fn why_nobody(&self, caller: &User, outage: OutageId, now: Timestamp) -> Result<Waiting> {
        self.db.read(|conn| {
            let outage = find(conn, outage)?;
            let asking = asking(conn, &outage, caller, now)?;
            waiting::count(conn, &outage, &asking)
        })
    }

    /// Claims this household for a caller: one who rang in, or whose outcome was undone. What the
    /// caller had in hand is given back.
    ///
    /// # Errors
    /// A colleague has it.
    pub fn claim_household(&self, caller: &User, household: HouseholdId) -> Result<Claim> {
        let now = self.now();
        self.db.write(|conn| claim_this(conn, caller, household, now))
    }
}

/// See [`Office::claim_household`].
pub(super) fn claim_this(
    conn: &mut Conn,
    caller: &User,
    household: HouseholdId,
    now: Timestamp,
) -> Result<Claim> {
    let found = queue::lock(conn, household)?.ok_or(Error::NotFound("household"))?;
    let mine = claims::of_caller(conn, found.outage_id, caller.id)?;
    if let Some(mine) = &mine
        && mine.household_id == household
        && mine.is_live(now)
    {
        return Ok(mine.clone());
    }
    // Before anything is given back: an undo goes on without this household.
    if claims::on_household(conn, household)?.is_some_and(|claim| claim.is_live(now)) {
        return Err(Error::Conflict(
            "A colleague is on the phone with this household right now.".into(),
        ));
    }
    if let Some(mine) = mine {
        claims::release(conn, mine.id, now)?;
    }
    claims::release_lapsed(conn, household, now)?;
    claims::add(conn, (found.outage_id, household, caller.id), now, lease_end(now)).map_err(crowded)
}

fn find(conn: &mut Conn, outage: OutageId) -> Result<Outage> {
    outages::find(conn, outage)?.ok_or(Error::NotFound("outage"))
}

/// All who work on an outage: what they have in hand, and until when they are there.
struct Staff {
    claims: Vec<Claim>,
    evening: HashMap<UserId, Shift>,
}

impl Staff {
    fn look(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<Self> {
        Ok(Self {
            claims: claims::not_given_back(conn, outage)?,
            evening: store::shifts::all(conn, now)?,
        })
    }

    /// What a caller has not given back, live or lapsed.
    fn claim_of(&self, caller: UserId) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.user_id == caller)
    }

    /// Why no call is offered to a caller now.
    fn rest_of(
        &self,
        conn: &mut Conn,
        outage: OutageId,
        caller: UserId,
        now: Timestamp,
    ) -> Result<Option<Rest>> {
        match self.evening.get(&caller) {
            Some(shift) => shifts::rest_in(conn, outage, shift, now),
            None => Ok(None),
        }
    }
}

/// Who asks, which lists they work and where it is not too early or too late to call.
pub(super) fn asking(conn: &mut Conn, outage: &Outage, caller: &User, now: Timestamp) -> Result<Asking> {
    let staff = Staff::look(conn, outage.id, now)?;
    asking_with(conn, outage, caller, &staff, now)
}

fn asking_with(
    conn: &mut Conn,
    outage: &Outage,
    caller: &User,
    staff: &Staff,
    now: Timestamp,
) -> Result<Asking> {
    let hours = outage.hours();
    let zones = households::zones(conn, outage.id)?;
    let mut spoken: Vec<String> = caller.spoken().map(str::to_owned).collect();
    spoken.push("en".to_owned());
    let held: Vec<&Claim> = staff.claims.iter().filter(|claim| claim.is_live(now)).collect();
    Ok(Asking {
        outage: outage.id,
        published: outage.published_import_id,
        now,
        caller: caller.id,
        lists: worked_lists(conn, outage.id, caller, &spoken)?,
        open_zones: zones
            .into_iter()
            .filter(|text| hours.open_at(now, &Rulebook::zones(text)))
            .collect(),
        hours,
        weights: outage.weights(),
        callbacks_until: callbacks_until(conn, outage.id, held.len() + 1, now)?, // and the one who asks
        spoken,
        specialist: caller.specialist,
        gone: shifts::gone(&staff.evening, now),
        held: held.into_iter().map(|claim| claim.household_id).collect(),
    })
}

/// Callbacks are offered when they are due; a little before, if there are too many for those at work.
fn callbacks_until(conn: &mut Conn, outage: OutageId, callers: usize, now: Timestamp) -> Result<Timestamp> {
    let soon = queue::promised(conn, outage, now, callback::soon(now))?;
    let soon = usize::try_from(soon).unwrap_or_default();
    Ok(callback::offered_until(now, soon, callers))
}

/// Their own lists, and those that belong to everybody who speaks the language.
fn worked_lists(
    conn: &mut Conn,
    outage: OutageId,
    caller: &User,
    spoken: &[String],
) -> Result<Vec<CallListId>> {
    let lists = call_lists::all(conn, outage)?;
    let works = |list: &call_lists::CallList| match list.owner_id {
        Some(owner) => owner == caller.id,
        None if list.paper_for.is_some() => false,
        None => list
            .language
            .as_ref()
            .is_none_or(|language| spoken.contains(language)),
    };
    Ok(lists
        .iter()
        .filter(|list| works(list))
        .map(|list| list.id)
        .collect())
}

/// The groups that are open to this caller, in the order in which they are served.
fn groups(outage: &Outage, asking: &Asking) -> Vec<Group> {
    let mut groups = vec![Group::Callbacks];
    if asking.specialist {
        groups.push(Group::Help);
    }
    groups.push(Group::MyLists);
    if outage.pool_open {
        groups.extend([Group::Pool, Group::PoolOfOtherLanguages]);
    }
    groups.push(Group::Switchboards);
    groups
}

fn take_first(conn: &mut Conn, outage: &Outage, asking: &mut Asking) -> Result<Option<Claim>> {
    for group in groups(outage, asking) {
        let mut look_ahead = LOOK_AHEAD;
        loop {
            let candidates = queue::candidates(conn, asking, group, look_ahead)?;
            if candidates.waking >= WAKE {
                queue::wake(conn, asking, group)?;
            }
            let seen_all = candidates.ids.len() < usize::try_from(look_ahead).unwrap_or(usize::MAX);
            match queue::lock_first(conn, &candidates.ids)? {
                Some(household) => {
                    asking.held.insert(household.id); // if not taken: a colleague was faster, or it is done
                    if let Some(claim) = take(conn, asking, household)? {
                        return Ok(Some(claim));
                    }
                }
                None if seen_all => break,
                None => look_ahead *= 4, // more callers at once than households were looked at
            }
        }
    }
    Ok(None)
}

/// Claims a locked household after one more look: between finding and locking it, a colleague may
/// have claimed it, or it may have been closed, or an import came to count whose news is not folded in yet.
fn take(conn: &mut Conn, asking: &Asking, locked: Household) -> Result<Option<Claim>> {
    let (now, household) = (asking.now, locked.id);
    let mut found = Some(locked);
    let mut unfolded = staged_folds::of_household(conn, household)?;
    for (case, import) in staging::changed_of_household(conn, household)? {
        staging::apply_changes(conn, import, &[case])?;
        staging::forget_changes(conn, &[case])?;
        unfolded.push(case);
    }
    if !unfolded.is_empty() {
        let book = Rulebook::open(conn, asking.outage)?;
        standing::fold_again(conn, &book, &unfolded, now)?; // an import came to count a moment ago
        staged_folds::forget(conn, &unfolded)?;
        found = households::find(conn, household)?;
    }
    let due = found.is_some_and(|found| {
        let promised = found.stage == Stage::Callback.as_str();
        let until = if promised { asking.callbacks_until } else { now };
        found.stage != Stage::Closed.as_str() && found.due_at.is_some_and(|due| due <= until)
    });
    let on_it = claims::on_household(conn, household)?;
    if !due || on_it.as_ref().is_some_and(|claim| claim.is_live(now)) {
        return Ok(None);
    }
    if on_it.is_some() {
        claims::release_lapsed(conn, household, now)?;
    }
    claims::add(
        conn,
        (asking.outage, household, asking.caller),
        now,
        lease_end(now),
    )
    .map(Some)
    .map_err(crowded)
}
