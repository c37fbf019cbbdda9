//! When a citizen may be called: a window of their own clock, every day but those without calls.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use thiserror::Error;

use super::day_part::DayPart;
use super::holiday::Holidays;
use super::timestamp::Timestamp;
use super::zone::{Zone, Zones, clock_words};

#[cfg(test)]
mod tests;

/// Minutes in a day.
const DAY: u16 = 24 * 60;
/// A closed span longer than this does not occur (see `domain::holiday`).
const SEARCH_DAYS: i64 = 150;
/// After so many openings of one zone at which another is closed they are taken to share no open minute.
const SEARCH_OPENINGS: usize = 24;

/// A text that is no window such as `08:00-21:00`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} are no calling hours; write them as 08:00-21:00, or 00:00-24:00 for always")]
pub struct BadWindow(pub String);

/// From this minute of the day until that one, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: u16,
    until: u16,
}

impl Window {
    /// 8:00 to 21:00: 47 CFR 64.1200(c)(1) and 12 CFR 1006.6(b).
    pub const DEFAULT: Self = Self {
        from: 8 * 60,
        until: 21 * 60,
    };
    /// 9:00 to 17:00, for people of whom nothing says where they are.
    pub const BUSINESS: Self = Self {
        from: 9 * 60,
        until: 17 * 60,
    };
    /// All day and all night.
    pub const ALWAYS: Self = Self { from: 0, until: DAY };

    /// From minutes of the day; none if empty, reversed or past midnight.
    pub const fn new(from: u16, until: u16) -> Option<Self> {
        if from < until && until <= DAY {
            Some(Self { from, until })
        } else {
            None
        }
    }

    /// The first open minute of the day.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The first minute that is closed again; 1440 is midnight.
    pub const fn until(self) -> u16 {
        self.until
    }

    /// In words: `8:00 a.m. to 9:00 p.m.`
    pub fn words(self) -> String {
        let clock = |minute: u16| {
            let [hour, minute] =
                [minute / 60 % 24, minute % 60].map(|part| i8::try_from(part).unwrap_or_default());
            clock_words(hour, minute)
        };
        if self == Self::ALWAYS {
            return "at any time".to_owned();
        }
        format!("{} to {}", clock(self.from), clock(self.until))
    }

    /// Whether a minute of the day is open.
    pub const fn holds(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }
}

impl FromStr for Window {
    type Err = BadWindow;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minutes = |clock: &str| {
            let (hour, minute) = clock.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
            (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let parsed = text
            .split_once('-')
            .and_then(|(from, until)| Self::new(minutes(from)?, minutes(until)?));
        parsed.ok_or_else(|| BadWindow(text.to_owned()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            until / 60,
            until % 60
        )
    }
}

/// The calling hours of an outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallingHours {
    window: Window,
    agency: Zone,
    holidays: Holidays,
}

impl CallingHours {
    /// That window every day, in the citizen's zone; `agency` is used where no zone is known.
    pub const fn new(window: Window, agency: Zone) -> Self {
        Self {
            window,
            agency,
            holidays: Holidays::NONE,
        }
    }

    /// The same, but closed on these days. Without this every day is a day of calls.
    pub fn closed_on(mut self, holidays: Holidays) -> Self {
        self.holidays = holidays;
        self
    }

    /// Whether nobody is called on the day that it then is somewhere where they may be.
    pub fn is_day_off(&self, at: Timestamp, zones: &Zones) -> bool {
        self.places(zones)
            .any(|zone| self.holidays.include(zone.local(at).date()))
    }

    /// The window for people whose zone is known.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The zone whose clock gives the citizen's day: their likeliest, else the agency's.
    pub fn home<'a>(&'a self, zones: &'a Zones) -> &'a Zone {
        zones.all().first().unwrap_or(&self.agency)
    }

    /// Whether somebody who may be in any of these zones can be called now.
    pub fn open_at(&self, at: Timestamp, zones: &Zones) -> bool {
        self.next_opening(at, zones) == at
    }

    /// The first moment from `at` on that is open in every zone; `at` itself if it is. Zones so far
    /// apart that they share no open minute follow the likeliest.
    pub fn next_opening(&self, at: Timestamp, zones: &Zones) -> Timestamp {
        if self.window == Window::ALWAYS && self.holidays.is_none() {
            return at;
        }
        let mut opening = at;
        for _ in 0..SEARCH_OPENINGS {
            let latest = self
                .places(zones)
                .map(|zone| self.opening_in(zone, zones, opening))
                .max();
            match latest {
                Some(later) if later > opening => opening = later,
                _ => return opening,
            }
        }
        self.opening_in(self.home(zones), zones, at)
    }

    /// Until when the present opening lasts ("OK to call until 9:00"); `at` itself if closed.
    pub fn closing(&self, at: Timestamp, zones: &Zones) -> Timestamp {
        if !self.open_at(at, zones) {
            return at;
        }
        let until = self.window_of(zones).until();
        self.places(zones)
            .map(|zone| instant_of(zone, zone.local(at).date(), until, at))
            .min()
            .unwrap_or(at)
    }

    /// When work of so many seconds is done that begins at `from` and rests outside these hours; none if that is
    /// further ahead than anybody plans.
    pub fn worked(&self, from: Timestamp, seconds: i64, zones: &Zones) -> Option<Timestamp> {
        let (mut at, mut left) = (self.next_opening(from, zones), seconds);
        for _ in 0..SEARCH_DAYS {
            let end = self.closing(at, zones);
            let open = end.seconds_since(at);
            if left <= open {
                return Some(at.plus_seconds(left));
            }
            left -= open;
            at = self.next_opening(end, zones);
        }
        None
    }

    /// The agency's own place.
    pub fn agency(&self) -> Zones {
        self.agency.clone().into()
    }

    /// The part of the citizen's day that holds an instant.
    pub fn day_part(&self, at: Timestamp, zones: &Zones) -> Option<DayPart> {
        DayPart::of(self.home(zones).minute_of_day(at))
    }

    /// The parts of the day in which a call can be made, seen on the next day with calls from `near` on.
    pub fn day_parts(&self, near: Timestamp, zones: &Zones) -> Vec<DayPart> {
        let home = self.home(zones);
        let day = home.local(self.next_opening(near, zones)).date();
        let is_open = |part: &DayPart| {
            let [start, end] =
                [part.minutes().start, part.minutes().end].map(|minute| instant_of(home, day, minute, near));
            self.next_opening(start, zones) < end
        };
        DayPart::ALL.iter().copied().filter(is_open).collect()
    }

    /// The start of the next part of the citizen's day after `at`; after the evening, of the next day.
    pub fn next_part_start(&self, at: Timestamp, zones: &Zones) -> Timestamp {
        let home = self.home(zones);
        let (today, minute) = (home.local(at).date(), home.minute_of_day(at));
        let starts = DayPart::ALL.iter().map(|part| part.minutes().start);
        let (day, start) = match starts.clone().find(|start| *start > minute) {
            Some(start) => (today, start),
            None => (
                today.checked_add(1.day()).unwrap_or(today),
                DayPart::Morning.minutes().start,
            ),
        };
        instant_of(home, day, start, at)
    }

    fn places<'a>(&'a self, zones: &'a Zones) -> impl Iterator<Item = &'a Zone> {
        zones
            .all()
            .iter()
            .chain(zones.is_unknown().then_some(&self.agency))
    }

    /// The window that holds for people in these zones: business hours if none is known.
    pub fn window_of(&self, zones: &Zones) -> Window {
        if zones.is_unknown() && self.window != Window::ALWAYS {
            let from = self.window.from.max(Window::BUSINESS.from);
            let until = self.window.until.min(Window::BUSINESS.until);
            return Window::new(from, until).unwrap_or(Window::BUSINESS);
        }
        self.window
    }

    fn opening_in(&self, zone: &Zone, zones: &Zones, at: Timestamp) -> Timestamp {
        let window = self.window_of(zones);
        let today = zone.local(at).date();
        let minute = zone.minute_of_day(at);
        if self.is_working_day(today) && window.holds(minute) {
            return at;
        }
        let first = if minute < window.from { 0 } else { 1 };
        (first..=SEARCH_DAYS)
            .filter_map(|days| today.checked_add(days.days()).ok())
            .find(|day| self.is_working_day(*day))
            .map_or(at, |day| instant_of(zone, day, window.from, at))
    }

    fn is_working_day(&self, day: Date) -> bool {
        !self.holidays.include(day)
    }
}

/// The instant of a minute of a local day, never before `not_before` (a doubled minute's second time).
fn instant_of(zone: &Zone, day: Date, minute: u16, not_before: Timestamp) -> Timestamp {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let local: DateTime = midnight
        .checked_add(i64::from(minute).minutes())
        .unwrap_or(midnight);
    match zone.at(local) {
        super::zone::Local::Twice { first, second } if first < not_before => second,
        local => local.instant(),
    }
}
