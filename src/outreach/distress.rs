//! A caller who needs a supervisor at her desk now: she raises it, a supervisor says that he comes.

use super::accounts::User;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, distress_calls, users};
use serde::Serialize;

pub use crate::store::distress_calls::DistressCall;

/// So long a caller sees that somebody comes.
const SHOWN_MINUTES: i64 = 15;

/// What came of a caller's cry for a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Distress {
    /// Supervisors see it; nobody has answered yet.
    Raised {
        /// Since when.
        at: Timestamp,
    },
    /// Somebody comes.
    Answered {
        /// Who.
        by: String,
        /// Since when.
        at: Timestamp,
    },
}

impl Office {
    /// A caller needs a supervisor now. Raised twice it is raised once.
    pub fn raise_distress(&self, caller: &User, outage: OutageId) -> Result<()> {
        let now = self.now();
        match self
            .db
            .write(|conn| distress_calls::add(conn, outage, caller.id, now))
        {
            Err(error) if store::is_taken(&error) => Ok(()),
            raised => Ok(raised.map(drop)?),
        }
    }

    /// How a caller's last cry for a supervisor stands.
    pub fn distress_of(&self, caller: &User, outage: OutageId) -> Result<Option<Distress>> {
        let now = self.now();
        self.db.read(|conn| of_caller(conn, outage, caller.id, now))
    }

    /// A supervisor comes.
    ///
    /// # Errors
    /// Not a supervisor.
    pub fn answer_distress(&self, by: &User, outage: OutageId, caller: UserId) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.db
            .write(|conn| distress_calls::answer(conn, (outage, caller), by.id, now))?;
        Ok(())
    }

    /// The caller needs nobody any more.
    pub fn withdraw_distress(&self, caller: &User, outage: OutageId) -> Result<()> {
        let now = self.now();
        self.db
            .write(|conn| distress_calls::answer(conn, (outage, caller.id), caller.id, now))?;
        Ok(())
    }
}

/// How a caller's last cry for a supervisor stands; none: there was none lately, or it was taken back.
pub(super) fn of_caller(
    conn: &mut Conn,
    outage: OutageId,
    caller: UserId,
    now: Timestamp,
) -> Result<Option<Distress>> {
    let since = now.plus_hours(-12);
    let Some(last) = distress_calls::latest(conn, outage, caller, since)? else {
        return Ok(None);
    };
    let Some((at, by)) = last.answered_at.zip(last.answered_by) else {
        return Ok(Some(Distress::Raised { at: last.at }));
    };
    if by == caller || at < now.plus_minutes(-SHOWN_MINUTES) {
        return Ok(None);
    }
    let all = users::all(conn)?;
    let by = all.into_iter().find(|user| user.id == by);
    Ok(by.map(|by| Distress::Answered { by: by.name, at }))
}
