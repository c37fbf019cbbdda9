//! Promises to call: the quick picks, what may be promised, and what became of it.

use jiff::ToSpan;
use jiff::civil::DateTime;
use thiserror::Error;

use super::calling_hours::CallingHours;
use super::ids::UserId;
use super::progress::Promise;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;
use super::words::Language;
use super::zone::{Local, Zone, Zones, calendar, clock_words};

#[cfg(test)]
mod tests;

/// An overdue personal promise falls to the team after so many minutes.
pub const PERSONAL_MINUTES: i64 = 15;

/// A call so many minutes before its promised time keeps the promise.
const EARLY_MINUTES: i64 = 15;

/// The text that reminds a citizen of a promised call, and how long before the call it goes out.
pub const REMINDER: &str = "callback_reminder";
const REMINDER_MINUTES: i64 = 120;

/// Nobody promises further ahead than so many days.
const FURTHEST_DAYS: i64 = 90;

/// A callback time that cannot be promised, in words for the caller; all times are the citizen's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadCallback {
    /// It has passed.
    #[error("{asked} has passed; it is {now} there now")]
    Past {
        /// The time asked for.
        asked: String,
        /// Now.
        now: String,
    },
    /// Calling is not allowed then.
    #[error("{asked} is outside calling hours there ({hours}); the next time is {next}")]
    OutsideHours {
        /// The time asked for.
        asked: String,
        /// The hours.
        hours: String,
        /// The next moment that is allowed.
        next: String,
    },
    /// Nobody is called on that day.
    #[error("{asked} is on a day without calls; the next time is {next}")]
    DayOff {
        /// The time asked for.
        asked: String,
        /// The next moment that is allowed.
        next: String,
    },
    /// It does not exist on that day.
    #[error("{asked} does not exist there: the clocks go forward; the next time is {next}")]
    Skipped {
        /// The time asked for.
        asked: String,
        /// The instant it would have been, as the clock then shows.
        next: String,
    },
    /// Further ahead than anybody should promise.
    #[error("{asked} is more than 90 days ahead")]
    TooFar {
        /// The time asked for.
        asked: String,
    },
}

/// Whether that time can be promised.
///
/// # Errors
/// It is past, outside calling hours or too far ahead.
pub fn check(at: Timestamp, now: Timestamp, zones: &Zones, hours: &CallingHours) -> Result<(), BadCallback> {
    let home = hours.home(zones);
    let asked = || told(at, now, home);
    if at < now {
        return Err(BadCallback::Past {
            asked: asked(),
            now: home.clock(now),
        });
    }
    if at > now.plus_hours(24 * FURTHEST_DAYS) {
        return Err(BadCallback::TooFar { asked: asked() });
    }
    if !hours.open_at(at, zones) {
        let next = told(hours.next_opening(at, zones), now, home);
        if hours.is_day_off(at, zones) {
            return Err(BadCallback::DayOff { asked: asked(), next });
        }
        return Err(BadCallback::OutsideHours {
            asked: asked(),
            hours: hours.window_of(zones).words(),
            next,
        });
    }
    Ok(())
}

/// The instant of a date and time on the citizen's clock, if it can be promised. Of a time that occurs
/// twice the first is meant.
///
/// # Errors
/// As [`check`]; or the clocks skip that time.
pub fn at_local(
    local: DateTime,
    now: Timestamp,
    zones: &Zones,
    hours: &CallingHours,
) -> Result<Timestamp, BadCallback> {
    let home = hours.home(zones);
    match home.at(local) {
        Local::Skipped(at) => {
            let asked = clock_words(local.hour(), local.minute());
            Err(BadCallback::Skipped {
                asked,
                next: told(at, now, home),
            })
        }
        Local::Once(at) | Local::Twice { first: at, .. } => check(at, now, zones, hours).map(|()| at),
    }
}

/// `5:30 p.m.`, on another day `Thursday, April 16, at 9:00 a.m.`
fn told(at: Timestamp, now: Timestamp, home: &Zone) -> String {
    let day = home.local(at).date();
    if day == home.local(now).date() {
        return home.clock(at);
    }
    format!(
        "{}, at {}",
        Language::english().weekday(calendar(day)),
        home.clock(at)
    )
}

text_enum! {
    /// A time that one key promises.
    pub enum QuickPick {
        /// In one hour.
        InOneHour = "1h",
        /// Tomorrow at 9:00.
        TomorrowMorning = "t9",
        /// Tomorrow at 12:30.
        TomorrowNoon = "t12",
        /// Tomorrow at 17:30.
        TomorrowEvening = "t17",
    }
}

impl QuickPick {
    /// The instant it means, on the citizen's clock.
    pub fn at(self, now: Timestamp, zones: &Zones, hours: &CallingHours) -> Timestamp {
        let (hour, minute) = match self {
            Self::InOneHour => return now.plus_hours(1),
            Self::TomorrowMorning => (9, 0),
            Self::TomorrowNoon => (12, 30),
            Self::TomorrowEvening => (17, 30),
        };
        let home = hours.home(zones);
        let today = home.local(now).date();
        let tomorrow = today.checked_add(1.day()).unwrap_or(today);
        home.at(tomorrow.at(hour, minute, 0, 0)).instant()
    }
}

/// The quick picks that may be promised now, with their instants.
pub fn quick_picks(now: Timestamp, zones: &Zones, hours: &CallingHours) -> Vec<(QuickPick, Timestamp)> {
    let all = QuickPick::ALL
        .iter()
        .map(|pick| (*pick, pick.at(now, zones, hours)));
    all.filter(|(_, at)| check(*at, now, zones, hours).is_ok())
        .collect()
}

text_enum! {
    /// What became of a promise.
    pub enum Kept {
        /// Not due yet, or due only just now.
        Open = "open",
        /// Called within 15 minutes of the time.
        OnTime = "kept",
        /// Called, but later than that.
        Late = "late",
        /// Overdue, and nobody has called.
        Broken = "broken",
    }
}

/// When the reminder of a call goes out: at once, if the call is sooner than that.
pub fn reminded_at(due_at: Timestamp, now: Timestamp) -> Timestamp {
    due_at.plus_minutes(-REMINDER_MINUTES).max(now)
}

/// Whether a call at `called_at` keeps a promise for `due_at`: at its time, or up to a quarter of an hour
/// before. An earlier call does not, unless its outcome settles the matter.
pub const fn keeps(due_at: Timestamp, called_at: Timestamp) -> bool {
    called_at.micros() >= due_at.plus_minutes(-EARLY_MINUTES).micros()
}

/// So many promised calls a caller can be sure to keep within a quarter of an hour.
const KEPT_IN_A_QUARTER: usize = 2;

/// The end of the quarter of an hour that begins now.
pub const fn soon(now: Timestamp) -> Timestamp {
    now.plus_minutes(EARLY_MINUTES)
}

/// Up to which promised time calls are offered now: those that are due; and if more are promised for the next
/// quarter of an hour than so many callers can keep in time, the first of these too.
pub const fn offered_until(now: Timestamp, promised_soon: usize, callers: usize) -> Timestamp {
    if promised_soon > callers.saturating_mul(KEPT_IN_A_QUARTER) {
        soon(now)
    } else {
        now
    }
}

impl Promise {
    /// Who keeps it now: its owner, or after 15 minutes overdue anyone.
    pub const fn owner_at(&self, now: Timestamp) -> Option<UserId> {
        if now.micros() >= self.due_at.plus_minutes(PERSONAL_MINUTES).micros() {
            None
        } else {
            self.owner
        }
    }
}

/// How a promise stands, given when it was kept.
pub fn standing(due_at: Timestamp, kept_at: Option<Timestamp>, now: Timestamp) -> Kept {
    let grace = due_at.plus_minutes(PERSONAL_MINUTES);
    match kept_at {
        Some(kept) if kept <= grace => Kept::OnTime,
        Some(_) => Kept::Late,
        None if now <= grace => Kept::Open,
        None => Kept::Broken,
    }
}
