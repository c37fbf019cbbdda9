//! How a claim is read, extended and given back.

use super::accounts::User;
use super::shifts::FINISHED_WITHIN;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::ClaimId;
use crate::domain::timestamp::Timestamp;
use crate::store;
use crate::store::claims::{self, Claim};
use crate::store::queue;

/// How long a household is held; extended while the page is open.
pub const LEASE_MINUTES: i64 = 10;

/// When a claim that is made or extended now lapses.
pub(super) const fn lease_end(now: Timestamp) -> Timestamp {
    now.plus_minutes(LEASE_MINUTES)
}

/// The caller's own claim; somebody else's is as if it were not there.
pub(super) fn own(conn: &mut Conn, id: ClaimId, caller: &User) -> Result<Claim> {
    let claim = claims::find(conn, id)?.filter(|claim| claim.user_id == caller.id);
    claim.ok_or(Error::NotFound("claim"))
}

impl Office {
    /// Lengthens a live claim; answers when it lapses now.
    ///
    /// # Errors
    /// It has lapsed or was given back, or the caller has long been on a break: what is typed can still be recorded.
    pub fn extend_claim(&self, caller: &User, id: ClaimId) -> Result<Timestamp> {
        let now = self.now();
        let until = lease_end(now);
        self.once("extend_claim", |conn| {
            own(conn, id, caller)?;
            let shift = store::shifts::of_user(conn, caller.id, now)?;
            let since = shift.on_break_since(now);
            let is_away = since.is_some_and(|since| since.plus_minutes(FINISHED_WITHIN) < now);
            let extended = match is_away {
                true => 0,
                false => claims::extend(conn, id, now, until)?,
            };
            match extended {
                0 => Err(Error::Conflict(
                    "This call is no longer held for you. What you record is still kept.".into(),
                )),
                _ => Ok(until),
            }
        })
    }

    /// Takes a claim again that has lapsed and that nobody took meanwhile; answers when it lapses now.
    ///
    /// # Errors
    /// Somebody has had the household since, or it was given back.
    pub fn take_again(&self, caller: &User, id: ClaimId) -> Result<Timestamp> {
        let until = lease_end(self.now());
        self.once("take_again", |conn| {
            let claim = own(conn, id, caller)?;
            queue::lock(conn, claim.household_id)?;
            match claims::renew(conn, id, until)? {
                0 => Err(Error::Conflict(
                    "This call is not yours any more. Go on with the next one; what you record here is kept."
                        .into(),
                )),
                _ => Ok(until),
            }
        })
    }

    /// Gives a claim back, so that the household can be called by others.
    pub fn release_claim(&self, caller: &User, id: ClaimId) -> Result<()> {
        let now = self.now();
        self.once("release_claim", |conn| {
            own(conn, id, caller)?;
            claims::release(conn, id, now)?;
            Ok(())
        })
    }

    /// The caller's live claim in an outage, if there is one.
    pub fn live_claim(&self, caller: &User, outage: i64) -> Result<Option<Claim>> {
        let now = self.now();
        let found = self.db.read(|conn| claims::of_caller(conn, outage, caller.id))?;
        Ok(found.filter(|claim| claim.is_live(now)))
    }
}
