//! Shifts and breaks: entered by the caller herself, or by a supervisor for somebody who goes.

use super::accounts::User;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::shift::{ASSUMED_SECONDS, Rest, Shift, Span};
use crate::domain::timestamp::Timestamp;
use crate::store::{claims, shifts};
use std::collections::HashMap;

/// A call that is finished first is no longer held so long after the break was begun, in minutes.
pub(super) const FINISHED_WITHIN: i64 = 15;
/// The longest break that can be entered, in minutes.
pub const LONGEST_BREAK: i64 = 120;
/// The longest shift that can be entered, in hours from now.
const LONGEST_SHIFT: i64 = 16;

impl Office {
    /// What is known of a caller's evening.
    pub fn shift(&self, caller: &User) -> Result<Shift> {
        let now = self.now();
        Ok(self.db.read(|conn| shifts::of_user(conn, caller.id, now))?)
    }

    /// When a caller's shift ends; none: it is not known.
    ///
    /// # Errors
    /// The time has passed, or is further ahead than a shift is long.
    pub fn set_shift_end(&self, caller: &User, ends_at: Option<Timestamp>) -> Result<()> {
        let now = self.now();
        if ends_at.is_some_and(|end| end <= now || end > now.plus_hours(LONGEST_SHIFT)) {
            return Err(Error::invalid("ends", "Choose a time within the next 16 hours."));
        }
        self.once("set_shift_end", |conn| {
            shifts::withdraw(conn, caller.id, Span::Shift, now)?;
            if let Some(end) = ends_at {
                shifts::add(conn, caller.id, Span::Shift, (now, end), now)?;
            }
            Ok(())
        })
    }

    /// A break of so many minutes from now on, or (none) the caller is back. A break holds no household: what she has in hand
    /// is given back, unless she is on the line and finishes this call first (`after_call`).
    ///
    /// # Errors
    /// It is longer than two hours, or no time at all.
    pub fn set_break(&self, caller: &User, minutes: Option<i64>, after_call: bool) -> Result<()> {
        let now = self.now();
        if minutes.is_some_and(|minutes| !(1..=LONGEST_BREAK).contains(&minutes)) {
            return Err(Error::invalid("minutes", "A break is between 1 and 120 minutes."));
        }
        self.once("set_break", |conn| {
            shifts::withdraw(conn, caller.id, Span::Break, now)?;
            if let Some(minutes) = minutes {
                let span = (now, now.plus_minutes(minutes));
                shifts::add(conn, caller.id, Span::Break, span, now)?;
                if !after_call {
                    claims::release_all_of(conn, caller.id, now)?;
                }
            }
            Ok(())
        })
    }
}

/// Somebody's shift is over now: what they promised is kept by others.
pub(super) fn end_now(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<()> {
    shifts::withdraw(conn, user, Span::Shift, now)?;
    shifts::add(conn, user, Span::Shift, (now, now), now)?;
    Ok(())
}

/// Why no call is offered to a caller now, by how long calls take in this outage.
pub(super) fn rest(
    conn: &mut Conn,
    outage: OutageId,
    caller: UserId,
    now: Timestamp,
) -> Result<Option<Rest>> {
    let shift = shifts::of_user(conn, caller, now)?;
    rest_in(conn, outage, &shift, now)
}

/// As [`rest`], of a caller whose evening is known.
pub(super) fn rest_in(
    conn: &mut Conn,
    outage: OutageId,
    shift: &Shift,
    now: Timestamp,
) -> Result<Option<Rest>> {
    if *shift == Shift::default() {
        return Ok(None);
    }
    let takes = shifts::handling_seconds(conn, outage)?.unwrap_or(ASSUMED_SECONDS);
    Ok(shift.rest(now, takes))
}

/// Those whose shift is over. What they promised anybody may keep.
pub(super) fn gone(evening: &HashMap<UserId, Shift>, now: Timestamp) -> Vec<UserId> {
    let over = evening.iter().filter(|(_, shift)| shift.is_over(now));
    over.map(|(user, _)| *user).collect()
}
