//! Time zones: what the clock says where a citizen is, and which instant a local time means.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use thiserror::Error;

use super::timestamp::Timestamp;

/// A name that is no IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no time zone; write it as America/Denver")]
pub struct UnknownZone(pub String);

/// One IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What a local date and time means in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// One instant, as on almost every day.
    Once(Timestamp),
    /// The clocks jump over it; the instant is the same distance after the jump.
    Skipped(Timestamp),
    /// It occurs twice, when clocks go back.
    Twice {
        /// The first of the two.
        first: Timestamp,
        /// The second, an hour later.
        second: Timestamp,
    },
}

impl Local {
    /// The instant to use when nobody can be asked: a skipped time after the jump, the first of two.
    pub const fn instant(self) -> Timestamp {
        match self {
            Self::Once(at) | Self::Skipped(at) | Self::Twice { first: at, .. } => at,
        }
    }
}

impl Zone {
    /// Coordinated Universal Time.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Whether people live by it: a place, not a name of a clock (`UTC`, `CET`).
    pub fn is_a_place(&self) -> bool {
        self.name().contains('/') && !self.name().starts_with("Etc/")
    }

    /// What the wall clock shows at an instant.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.0.to_datetime(instant(at))
    }

    /// Minutes since local midnight, as the clock shows.
    pub fn minute_of_day(&self, at: Timestamp) -> u16 {
        let time = self.local(at);
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    }

    /// Which instant a wall clock time means here.
    pub fn at(&self, local: DateTime) -> Local {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let offset = ambiguous.offset();
        let compatible = ambiguous.compatible().map(micros).unwrap_or_default();
        match offset {
            AmbiguousOffset::Unambiguous { .. } => Local::Once(compatible),
            AmbiguousOffset::Gap { .. } => Local::Skipped(compatible),
            AmbiguousOffset::Fold { .. } => {
                let second = ambiguous.later().map(micros).unwrap_or(compatible);
                Local::Twice {
                    first: compatible,
                    second,
                }
            }
        }
    }

    /// The time of day in words: `7:44 p.m.`
    pub fn clock(&self, at: Timestamp) -> String {
        let time = self.local(at);
        clock_words(time.hour(), time.minute())
    }
}

/// A time of day in words: `7:44 p.m.`
pub fn clock_words(hour: i8, minute: i8) -> String {
    let half = if hour < 12 { "a.m." } else { "p.m." };
    let twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{twelve}:{minute:02} {half}")
}

/// The same calendar day in the type of the other library.
pub fn calendar(date: Date) -> NaiveDate {
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    NaiveDate::from_ymd_opt(i32::from(date.year()), month.into(), day.into()).unwrap_or_default()
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        TimeZone::get(name)
            .map(Self)
            .map_err(|_| UnknownZone(name.to_owned()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a citizen may be: every zone that their address and number leave possible. Calls obey all
/// of them (the stricter rule wins); days and parts of the day follow the first. None: unknown.
///
/// Stored as text: names joined by commas, the empty text for unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones(Vec<Zone>);

impl Zones {
    /// Nothing is known: the agency's business hours apply.
    pub const fn unknown() -> Self {
        Self(Vec::new())
    }

    /// The zones, the likeliest first.
    pub fn all(&self) -> &[Zone] {
        &self.0
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these are known, and all among those.
    pub fn is_within(&self, others: &Self) -> bool {
        !self.is_unknown() && self.0.iter().all(|zone| others.0.contains(zone))
    }

    /// These zones and those: the stricter of two sources.
    pub fn and(mut self, others: Self) -> Self {
        for zone in others.0 {
            if !self.0.contains(&zone) {
                self.0.push(zone);
            }
        }
        self
    }
}

impl From<Zone> for Zones {
    fn from(zone: Zone) -> Self {
        Self(vec![zone])
    }
}

impl FromStr for Zones {
    type Err = UnknownZone;

    fn from_str(names: &str) -> Result<Self, Self::Err> {
        let named = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        named.map(str::parse).collect::<Result<Vec<Zone>, _>>().map(Self)
    }
}

impl fmt::Display for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(Zone::name).collect();
        f.write_str(&names.join(","))
    }
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or(if at.micros() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

fn micros(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn the_clock_is_shown_as_people_say_it() {
        let denver = zone("America/Denver");
        let evening = denver.at(date(2026, 4, 15).at(19, 44, 0, 0)).instant();
        assert_eq!(denver.clock(evening), "7:44 p.m.");
        assert_eq!(zone("America/New_York").clock(evening), "9:44 p.m.");
        let noon = denver.at(date(2026, 4, 15).at(12, 5, 0, 0)).instant();
        assert_eq!(denver.clock(noon), "12:05 p.m.");
    }

    #[test]
    fn a_skipped_time_is_told_and_lands_after_the_jump() {
        let denver = zone("America/Denver");
        let Local::Skipped(at) = denver.at(date(2026, 3, 8).at(2, 30, 0, 0)) else {
            panic!("not skipped")
        };
        assert_eq!(denver.clock(at), "3:30 a.m.");
        assert!(matches!(
            zone("America/Phoenix").at(date(2026, 3, 8).at(2, 30, 0, 0)),
            Local::Once(_)
        ));
    }

    #[test]
    fn of_a_doubled_time_the_first_is_meant() {
        let local = zone("America/New_York").at(date(2026, 11, 1).at(1, 30, 0, 0));
        let Local::Twice { first, second } = local else {
            panic!("not doubled")
        };
        assert_eq!(second.seconds_since(first), 3600);
        assert_eq!(local.instant(), first);
    }

    #[test]
    fn zones_are_kept_as_text() {
        let zones: Zones = "America/Boise,America/Los_Angeles".parse().unwrap();
        assert_eq!(zones.to_string(), "America/Boise,America/Los_Angeles");
        assert_eq!("".parse::<Zones>().unwrap(), Zones::unknown());
        assert_eq!("Mars/Base".parse::<Zones>(), Err(UnknownZone("Mars/Base".into())));
    }
}
