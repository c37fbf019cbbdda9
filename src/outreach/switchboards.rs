//! Tax preparers and switchboards: numbers with many citizens behind them, for callers who choose them.

use super::accounts::User;
use super::claim::claim_this;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, shifts};
use crate::domain::ids::HouseholdId;
use crate::domain::switchboard::is_switchboard;
use crate::store::cases::Case;
use crate::store::claims::Claim;
use crate::store::households::Household;
use crate::store::{call_lists, claims, desk, households, outages};

/// A number with many citizens.
#[derive(Clone, Debug)]
pub struct Switchboard {
    /// The number.
    pub household: Household,
    /// Its citizens.
    pub people: Vec<Case>,
    /// Why it cannot be called now; none: it can.
    pub not_now: Option<NotNow>,
}

/// Why a switchboard cannot be called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// A colleague has it.
    Held,
    /// It is too early or too late there, or the next try is later.
    Later,
}

impl Office {
    /// A page of the switchboards that wait for a call, and how many there are.
    pub fn switchboards(&self, slug: &str, page: (i64, i64)) -> Result<(Rulebook, Vec<Switchboard>, i64)> {
        let now = self.now();
        self.db.read(|conn| {
            let outage = outages::with_slug(conn, slug)?.ok_or(Error::NotFound("outage"))?;
            let book = Rulebook::of(conn, outage)?;
            let key = (book.outage.id, book.outage.published_import_id);
            let (found, total) = call_lists::switchboards(conn, key, page)?;
            let mut all = Vec::with_capacity(found.len());
            for household in found {
                let zones = Rulebook::zones(&household.time_zone);
                let held = claims::on_household(conn, household.id)?.is_some_and(|claim| claim.is_live(now));
                let callable =
                    household.due_at.is_some_and(|due| due <= now) && book.hours.open_at(now, &zones);
                all.push(Switchboard {
                    people: desk::people(conn, &[household.id], key.1)?,
                    not_now: match (held, callable) {
                        (true, _) => Some(NotNow::Held),
                        (false, false) => Some(NotNow::Later),
                        (false, true) => None,
                    },
                    household,
                });
            }
            Ok((book, all, total))
        })
    }

    /// Takes a switchboard in hand that a caller chose. What she had in hand is given back.
    ///
    /// # Errors
    /// It is none, a colleague has it, calls are stopped, or it cannot be called now.
    pub fn claim_switchboard(&self, caller: &User, id: HouseholdId) -> Result<Claim> {
        let now = self.now();
        self.db.write(|conn| {
            let household = households::find(conn, id)?.ok_or(Error::NotFound("household"))?;
            let book = Rulebook::open(conn, household.outage_id)?;
            let zones = Rulebook::zones(&household.time_zone);
            let due = household.due_at.is_some_and(|due| due <= now);
            if !is_switchboard(household.citizens) || !due || !book.hours.open_at(now, &zones) {
                return Err(Error::Conflict("This number cannot be called now.".into()));
            }
            if book.outage.calls_stopped_at.is_some() {
                return Err(Error::Conflict("A supervisor has stopped all calls.".into()));
            }
            if shifts::rest(conn, household.outage_id, caller.id, now)?.is_some() {
                return Err(Error::Conflict(
                    "Your shift or a break comes first. Change it on your desk.".into(),
                ));
            }
            claim_this(conn, caller, id, now)
        })
    }
}
