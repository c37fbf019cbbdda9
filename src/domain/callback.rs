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

/// An overdue personal promise falls to the team after so many minutes.
pub const PERSONAL_MINUTES: i64 = 15;

/// A call so many minutes before its promised time keeps the promise.
const EARLY_MINUTES: i64 = 15;

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
        Language::English.weekday(calendar(day)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calling_hours::Window;
    use crate::domain::story::{denver, on};
    use jiff::civil::date;

    fn hours() -> CallingHours {
        CallingHours::new(Window::DEFAULT, denver())
    }

    fn asked(day: i8, clock: &str) -> Result<(), String> {
        let told = check(on(day, clock), on(1, "19:44"), &denver().into(), &hours());
        told.map_err(|problem| problem.to_string().replace('\u{a0}', " "))
    }

    #[test]
    fn a_time_ahead_inside_calling_hours_can_be_promised() {
        assert_eq!(asked(1, "20:59"), Ok(()));
        assert_eq!(asked(2, "8:00"), Ok(()));
    }

    #[test]
    fn what_cannot_be_promised_is_told_in_the_citizens_time() {
        assert_eq!(
            asked(1, "18:00").unwrap_err(),
            "6:00 p.m. has passed; it is 7:44 p.m. there now"
        );
        assert_eq!(
            asked(2, "7:30").unwrap_err(),
            "Thursday, April 16, at 7:30 a.m. is outside calling hours there (8:00 a.m. to 9:00 p.m.); \
             the next time is Thursday, April 16, at 8:00 a.m."
        );
        let far = check(
            on(1, "12:00").plus_hours(24 * 100),
            on(1, "12:00"),
            &denver().into(),
            &hours(),
        );
        assert!(matches!(far, Err(BadCallback::TooFar { .. })));
    }

    #[test]
    fn the_hours_told_to_an_unknown_place_are_business_hours() {
        let problem = check(on(2, "18:00"), on(1, "12:00"), &Zones::unknown(), &hours()).unwrap_err();
        assert!(
            problem.to_string().contains("9:00 a.m. to 5:00 p.m."),
            "{problem}"
        );
    }

    #[test]
    fn the_quick_picks_are_times_of_the_citizens_clock() {
        let new_york: Zones = "America/New_York".parse().unwrap();
        let clock = |(pick, at): (QuickPick, Timestamp)| (pick.as_str(), hours().home(&new_york).clock(at));
        let picks: Vec<_> = quick_picks(on(1, "14:00"), &new_york, &hours())
            .into_iter()
            .map(clock)
            .collect();
        let times = [
            ("1h", "5:00 p.m."),
            ("t9", "9:00 a.m."),
            ("t12", "12:30 p.m."),
            ("t17", "5:30 p.m."),
        ];
        assert_eq!(picks, times.map(|(pick, time)| (pick, time.to_owned())));
    }

    #[test]
    fn an_hour_from_now_is_not_offered_when_calling_ends_before() {
        let picks = quick_picks(on(1, "20:30"), &denver().into(), &hours());
        assert_eq!(picks.first().unwrap().0, QuickPick::TomorrowMorning);
    }

    #[test]
    fn a_time_the_clocks_skip_is_told_and_of_a_doubled_one_the_first_is_meant() {
        let always = CallingHours::new(Window::ALWAYS, denver());
        let zones = denver().into();
        let spring = denver().at(date(2026, 3, 7).at(12, 0, 0, 0)).instant();
        let skipped = at_local(date(2026, 3, 8).at(2, 30, 0, 0), spring, &zones, &always).unwrap_err();
        assert_eq!(
            skipped.to_string().replace('\u{a0}', " "),
            "2:30 a.m. does not exist there: the clocks go forward; the next time is Sunday, March 8, at 3:30 a.m."
        );
        let autumn = denver().at(date(2026, 10, 31).at(12, 0, 0, 0)).instant();
        let first = at_local(date(2026, 11, 1).at(1, 30, 0, 0), autumn, &zones, &always).unwrap();
        assert_eq!(first.seconds_since(autumn), (13 * 60 + 30) * 60);
    }

    #[test]
    fn a_personal_promise_falls_to_the_team_after_a_quarter_of_an_hour() {
        let promise = Promise {
            due_at: on(1, "18:00"),
            owner: Some(7),
            made_at: on(1, "16:00"),
        };
        assert_eq!(promise.owner_at(on(1, "18:14")), Some(7));
        assert_eq!(promise.owner_at(on(1, "18:15")), None);
    }

    #[test]
    fn a_promise_is_kept_late_or_broken() {
        let due = on(1, "18:00");
        assert_eq!(standing(due, None, on(1, "18:10")), Kept::Open);
        assert_eq!(standing(due, Some(on(1, "18:15")), on(2, "9:00")), Kept::OnTime);
        assert_eq!(standing(due, Some(on(1, "18:16")), on(2, "9:00")), Kept::Late);
        assert_eq!(standing(due, None, on(1, "18:16")), Kept::Broken);
        assert!(keeps(due, on(1, "17:45")) && !keeps(due, on(1, "17:44")));
    }
}
