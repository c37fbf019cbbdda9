//! Holding all e-mail, and releasing it: by a person, who is told first what would be sent.

use super::accounts::User;
use super::suppressions::fold_all;
use super::{Error, Office, Result, crowded};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::store::mail_holds::{self, MailHold, Waiting};
use crate::store::users;
use std::collections::BTreeSet;

/// Messages withdrawn in one transaction: short enough that no caller waits for it.
const BATCH: i64 = 200;
/// Earlier holds that are shown.
const SHOWN: i64 = 20;
const WITHDRAWN: &str = "Withdrawn when e-mail was released after a restore: it may have been sent before.";

/// What stands in the way of all e-mail, and what would go out without it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The hold.
    pub hold: MailHold,
    /// The messages that wait, by outage and text.
    pub waiting: Vec<Waiting>,
}

impl Held {
    /// All messages that wait.
    pub fn messages(&self) -> i64 {
        self.waiting.iter().map(|waiting| waiting.messages).sum()
    }
}

/// What becomes of the messages that were queued before the hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// They are sent.
    Send,
    /// They are withdrawn: another instance has sent them. Whoever got nothing may be written to again.
    Withdraw,
}

/// One hold and who did what.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The hold.
    pub hold: MailHold,
    /// Who released it; none: it stands.
    pub released_by: Option<String>,
}

impl Office {
    /// The hold that stands, if any, with what waits.
    pub fn mail_hold(&self) -> Result<Option<Held>> {
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            let Some(hold) = mail_holds::standing(conn)? else {
                return Ok(None);
            };
            Ok(Some(Held {
                hold,
                waiting: mail_holds::waiting(conn)?,
            }))
        })?)
    }

    /// The latest holds, with who released them.
    pub fn mail_holds(&self) -> Result<Vec<Trace>> {
        let (holds, staff) = self.db.read(|conn| -> crate::store::Result<_> {
            Ok((mail_holds::all(conn, SHOWN)?, users::all(conn)?))
        })?;
        let name = |id: UserId| {
            staff
                .iter()
                .find(|user| user.id == id)
                .map(|user| user.name.clone())
        };
        let traced = holds.into_iter().map(|hold| Trace {
            released_by: hold.released_at.map(|_| {
                let named = hold.released_by.and_then(name);
                named.unwrap_or_else(|| "the command line".to_owned())
            }),
            hold,
        });
        Ok(traced.collect())
    }

    /// Holds all e-mail of all outages, at once on every node: what a server is being handed at this moment still goes.
    ///
    /// # Errors
    /// Not a supervisor, or it is held already.
    pub fn hold_mail(&self, by: Option<&User>, why: &str) -> Result<()> {
        let by = supervisor(by)?;
        let now = self.now();
        let why = match super::note::allowed(why)? {
            "" => "Held by a person.",
            why => why,
        };
        self.once("hold_mail", |conn| {
            if mail_holds::standing(conn)?.is_some() {
                return Err(Error::Conflict("E-mail is held already.".into()));
            }
            mail_holds::add(conn, why, by, now).map_err(crowded)?;
            Ok(())
        })
    }

    /// Lets e-mail go out again. With [`Release::Withdraw`] everything that was queued before the hold is withdrawn
    /// first, in short batches; answers how many.
    ///
    /// # Errors
    /// Not a supervisor, or nothing is held.
    pub fn release_mail(&self, by: Option<&User>, how: Release) -> Result<i64> {
        let by = supervisor(by)?;
        let held = self.db.read(mail_holds::standing)?;
        let withdrawn = match (how, &held) {
            (Release::Withdraw, Some(held)) => self.withdraw_queued(held)?,
            _ => 0,
        };
        let now = self.now();
        let withdrawn = self.once("release_mail", |conn| match mail_holds::release(conn, by, now)? {
            0 if held.is_none() => Err(Error::Conflict("E-mail is not held; nothing was changed.".into())),
            0 => Err(Error::Conflict("Somebody else released it just now.".into())),
            _ => Ok(withdrawn),
        })?;
        tracing::warn!(user = by, withdrawn, "e-mail was released");
        Ok(withdrawn)
    }

    fn withdraw_queued(&self, held: &MailHold) -> Result<i64> {
        let now = self.now();
        let mut all = 0;
        loop {
            let some = self.db.write(|conn| -> Result<i64> {
                let queued = mail_holds::queued_before(conn, held.held_at, BATCH)?;
                let (ids, about): (Vec<_>, BTreeSet<_>) = queued.into_iter().unzip();
                let some = mail_holds::withdraw(conn, &ids, WITHDRAWN)?;
                fold_all(conn, &about, now)?; // calls that waited for these e-mails wait no more
                let some = i64::try_from(some).unwrap_or(i64::MAX);
                mail_holds::note_withdrawn(conn, held.id, some)?;
                Ok(some)
            })?;
            if some == 0 {
                return Ok(all);
            }
            all += some;
        }
    }
}

/// Who it is, for the record; none is the command line, whose user may do anything.
fn supervisor(by: Option<&User>) -> Result<Option<UserId>> {
    by.map(|user| user.must_be(Role::Supervisor).map(|()| user.id))
        .transpose()
}
