//! Passing a household over: it comes back behind all others of its group, and a supervisor sees it in the end.

use super::accounts::User;
use super::lease::own;
use super::rulebook::Rulebook;
use super::{Office, Result, standing};
use crate::domain::ids::ClaimId;
use crate::domain::skip_reason::SkipReason;
use crate::store::{cases, claims, households, queue, skips};
use std::collections::BTreeSet;

impl Office {
    /// Gives a claim back and puts its household at the end of its group; answers how often it was skipped.
    /// Sent twice it counts once. The reason is for the supervisor who sees it after five skips.
    pub fn skip(&self, caller: &User, id: ClaimId, reason: SkipReason) -> Result<i32> {
        let now = self.now();
        self.once("skip", |conn| {
            let claim = own(conn, id, caller)?;
            let household = queue::lock(conn, claim.household_id)?;
            if claims::release(conn, id, now)? == 0 {
                return Ok(household.map_or(0, |household| household.skips));
            }
            skips::add(conn, claim.household_id, caller.id, reason.as_str(), now)?;
            let skipped = households::skip(conn, claim.household_id)?;
            let book = Rulebook::open(conn, claim.outage_id)?;
            let mut touched = BTreeSet::from([claim.household_id]);
            for case in cases::of_household(conn, claim.household_id, book.outage.published_import_id)? {
                standing::refold(conn, &book, case.id, &mut touched)?;
            }
            standing::refresh(conn, &book, &touched, now)?;
            Ok(skipped)
        })
    }
}
