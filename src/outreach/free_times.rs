//! The times at which one more call can be promised: to a citizen on their page, or by a caller at the desk.

use super::rulebook::Rulebook;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::role::Role;
use crate::domain::slot::{self, SlotDay};
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::store::{callbacks, users};
use jiff::civil::Date;

/// What can be promised on a day, and on the next days with calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeTimes {
    /// The day asked about, with all its times.
    pub day: SlotDay,
    /// Those of them that are free.
    pub free: Vec<Timestamp>,
    /// The next days with calls, with their free times.
    pub coming: Vec<SlotDay>,
}

impl FreeTimes {
    /// The quarter of an hour of that day which holds a time, if no more calls can be promised in it.
    pub fn full(&self, at: Timestamp) -> Option<Timestamp> {
        let holds = |place: &Timestamp| (0..slot::PLACE_MINUTES * 60).contains(&at.seconds_since(*place));
        let place = self.day.places.iter().copied().find(holds)?;
        (!self.free.contains(&place)).then_some(place)
    }
}

impl Office {
    /// What can be promised on a day to somebody who may be in these zones.
    pub fn free_times(&self, book: &Rulebook, zones: &Zones, day: Date) -> Result<FreeTimes> {
        let now = self.now();
        let day = slot::on(day, now, zones, &book.hours);
        self.db.read(|conn| {
            let free = still_free(conn, book, vec![day.clone()], None)?;
            let next = slot::days(now, zones, &book.hours);
            Ok(FreeTimes {
                free: free.into_iter().flat_map(|day| day.places).collect(),
                coming: still_free(conn, book, next, None)?,
                day: day.clone(),
            })
        })
    }
}

/// What is left of these days for one more promise; a booking of their `own` is not in their way.
pub(super) fn still_free(
    conn: &mut Conn,
    book: &Rulebook,
    days: Vec<SlotDay>,
    own: Option<Timestamp>,
) -> Result<Vec<SlotDay>> {
    let Some(span) = slot::span(&days) else {
        return Ok(days);
    };
    let mut booked = callbacks::booked(conn, book.outage.id, span)?;
    if let Some(own) = booked.iter().position(|due| Some(*due) == own) {
        booked.swap_remove(own);
    }
    Ok(slot::free(days, &booked, callers(conn)?))
}

/// Accounts that call.
fn callers(conn: &mut Conn) -> Result<usize> {
    let all = users::all(conn)?;
    let calling = |user: &&users::User| user.disabled_at.is_none() && user.role == Role::Caller.as_str();
    Ok(all.iter().filter(calling).count())
}
