//! Passing a household over: it comes back behind all others of its group, and a supervisor sees it in the end.

use super::accounts::User;
use super::lease::own;
use super::rulebook::Rulebook;
use super::{Office, Result, standing};
use crate::domain::ids::ClaimId;
use crate::store::{claims, households, queue};
use std::collections::BTreeSet;

impl Office {
    /// Gives a claim back and puts its household at the end of its group; answers how often it was skipped.
    /// Sent twice it counts once.
    pub fn skip(&self, caller: &User, id: ClaimId) -> Result<i32> {
        let now = self.now();
        self.db.write(|conn| {
            let claim = own(conn, id, caller)?;
            queue::lock(conn, claim.household_id)?;
            if claims::release(conn, id, now)? == 0 {
                let household = households::find(conn, claim.household_id)?;
                return Ok(household.map_or(0, |household| household.skips));
            }
            let skips = households::skip(conn, claim.household_id)?;
            let book = Rulebook::open(conn, claim.outage_id)?;
            standing::refresh(conn, &book, &BTreeSet::from([claim.household_id]), now)?;
            Ok(skips)
        })
    }
}
