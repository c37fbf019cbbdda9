//! What stands around every page: the outages to choose from, and the callbacks that are due.

use super::accounts::User;
use super::{Error, Office, Result};
use crate::domain::ids::OutageId;
use crate::domain::outcome::Outcomes;
use crate::domain::role::Role;
use crate::store::outages::{self, Outage};
use crate::store::{call_lists, callbacks, mail_holds, outcomes};

/// What stands around a page about one outage.
#[derive(Clone, Debug)]
pub struct Around {
    /// All outages, the newest first.
    pub outages: Vec<Outage>,
    /// Callbacks due now: a caller's own; for a supervisor everybody's.
    pub due_callbacks: i64,
    /// All e-mail is held; told to supervisors only, who can release it.
    pub mail_held: bool,
}

impl Office {
    /// Reads it for somebody.
    pub fn around(&self, viewer: &User, outage: OutageId) -> Result<Around> {
        let now = self.now();
        let owner = (viewer.role() == Role::Caller).then_some(viewer.id);
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            Ok(Around {
                outages: outages::all(conn)?,
                due_callbacks: callbacks::counts(conn, outage, owner, now)?.1,
                mail_held: owner.is_none() && mail_holds::standing(conn)?.is_some(),
            })
        })?)
    }

    /// The outage that somebody who just came works on: the newest in which calls wait on their lists; else the newest with
    /// people; else the newest.
    pub fn outage_of(&self, user: &User) -> Result<Option<Outage>> {
        let (outages, theirs) = self.db.read(|conn| -> crate::store::Result<_> {
            Ok((
                outages::all(conn)?,
                call_lists::outages_with_calls(conn, user.id)?,
            ))
        })?;
        let of = |has: &dyn Fn(&Outage) -> bool| outages.iter().find(|outage| has(outage)).cloned();
        Ok(of(&|outage| theirs.contains(&outage.id))
            .or_else(|| of(&|outage| outage.published_import_id > 0))
            .or_else(|| of(&|_| true)))
    }

    /// The newest outage.
    pub fn newest_outage(&self) -> Result<Option<Outage>> {
        Ok(self.db.read(outages::all)?.into_iter().next())
    }

    /// What can happen in a call.
    pub fn outcomes(&self) -> Result<Outcomes> {
        Ok(self.db.read(outcomes::all)?)
    }

    /// The outage with this name in its address.
    pub fn outage_named(&self, slug: &str) -> Result<Outage> {
        self.db
            .read(|conn| outages::with_slug(conn, slug))?
            .ok_or(Error::NotFound("outage"))
    }
}
