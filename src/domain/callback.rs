//! Promises to call: the quick picks, what may be promised, and what became of it.

use jiff::ToSpan;
use thiserror::Error;

use super::calling_hours::CallingHours;
use super::ids::UserId;
use super::progress::Promise;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;
use super::zone::Zones;

/// An overdue personal promise falls to the team after so many minutes.
pub const PERSONAL_MINUTES: i64 = 15;

/// A call so many minutes before its promised time keeps the promise.
const EARLY_MINUTES: i64 = 15;

/// A callback time that cannot be promised; the words go to the caller.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadCallback {
    /// It has passed.
    #[error("{asked} there is in the past; it is {now} now")]
    Past {
        /// The time asked for, on the citizen's clock.
        asked: String,
        /// Now, on the citizen's clock.
        now: String,
    },
    /// Calling is not allowed then.
    #[error("{asked} there is outside calling hours ({hours}); the next time is {next}")]
    OutsideHours {
        /// The time asked for, on the citizen's clock.
        asked: String,
        /// The hours.
        hours: String,
        /// The next moment that is allowed.
        next: String,
    },
}

/// Whether that time can be promised.
pub fn check(at: Timestamp, now: Timestamp, zones: &Zones, hours: &CallingHours) -> Result<(), BadCallback> {
    let home = hours.home(zones);
    if at < now {
        return Err(BadCallback::Past {
            asked: home.clock(at),
            now: home.clock(now),
        });
    }
    if !hours.open_at(at, zones) {
        return Err(BadCallback::OutsideHours {
            asked: home.clock(at),
            hours: hours.window().to_string(),
            next: home.clock(hours.next_opening(at, zones)),
        });
    }
    Ok(())
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

/// Whether a call at `called_at` keeps a promise for `due_at`: at its time, or up to a quarter of an hour
/// before. An earlier call does not, unless its outcome settles the matter.
pub const fn keeps(due_at: Timestamp, called_at: Timestamp) -> bool {
    called_at.micros() >= due_at.plus_minutes(-EARLY_MINUTES).micros()
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
