//! The zone that a clock shows, as exports name it: `America/Denver`, `UTC+08:00`, `PST`, `Mountain Standard Time`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::timestamp::Timestamp;
use super::zone::{UnknownZone, Zone};

/// The zone of a clock: an offset that never changes, or a place with its changes of clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockZone {
    /// So many seconds east of UTC.
    East(i32),
    /// As the clocks there go.
    Place(Zone),
}

/// Abbreviations with one meaning, in hours east of UTC. What stands for several zones (`IST`, `BST`) is none of them.
const SHORT: [(&str, i32); 32] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("zulu", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("akst", -9),
    ("akdt", -8),
    ("hst", -10),
    ("hdt", -9),
    ("wet", 0),
    ("west", 1),
    ("cet", 1),
    ("cest", 2),
    ("mez", 1),
    ("mesz", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("sgt", 8),
    ("hkt", 8),
    ("jst", 9),
    ("aest", 10),
    ("aedt", 11),
    ("nzst", 12),
    ("nzdt", 13),
];

/// Names in words, as operating systems and people write them in front of `time`, and the place they mean.
const WORDS: [(&str, &str); 18] = [
    ("eastern", "America/New_York"),
    ("us eastern", "America/Indianapolis"),
    ("central", "America/Chicago"),
    ("mountain", "America/Denver"),
    ("us mountain", "America/Phoenix"),
    ("arizona", "America/Phoenix"),
    ("pacific", "America/Los_Angeles"),
    ("alaska", "America/Anchorage"),
    ("alaskan", "America/Anchorage"),
    ("hawaii", "Pacific/Honolulu"),
    ("hawaiian", "Pacific/Honolulu"),
    ("atlantic", "America/Halifax"),
    ("greenwich mean", "UTC"),
    ("coordinated universal", "UTC"),
    ("universal", "UTC"),
    ("central european", "Europe/Berlin"),
    ("w. europe", "Europe/Berlin"),
    ("western european", "Europe/Lisbon"),
];

/// Letters that stand for a place alone: the clocks there, winter and summer.
const LETTERS: [(&str, &str); 4] = [
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
];

const LONGEST_OFFSET_HOURS: i32 = 18;

impl ClockZone {
    /// Coordinated Universal Time.
    pub const fn utc() -> Self {
        Self::East(0)
    }

    /// Reads a cleaned name; `None` when it names no zone or may mean several.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        if let Some(hours) = listed(&SHORT, &lower) {
            return Some(Self::East(hours * 3600));
        }
        if let Some(place) = listed(&LETTERS, &lower) {
            return place.parse().ok().map(Self::Place);
        }
        let behind = ["utc", "gmt"].iter().find_map(|name| lower.strip_prefix(name));
        if let Some(offset) = behind
            .and_then(|rest| offset(rest.trim()))
            .or_else(|| offset(&lower))
        {
            return Some(Self::East(offset));
        }
        let named = text.contains('/').then(|| text.parse().ok().map(Self::Place));
        named.flatten().or_else(|| in_words(&lower))
    }

    /// Which instant this clock means; of a time that occurs twice the earlier, a skipped one by the offset before.
    pub fn at(&self, local: DateTime) -> Option<Timestamp> {
        match self {
            Self::Place(zone) => Some(zone.at(local).instant()),
            Self::East(seconds) => {
                let at = Offset::from_seconds(*seconds).ok()?.to_timestamp(local).ok()?;
                Some(Timestamp::from_micros(at.as_microsecond()))
            }
        }
    }

    /// What this clock shows at an instant.
    pub fn local(&self, at: Timestamp) -> DateTime {
        match self {
            Self::Place(zone) => zone.local(at),
            Self::East(seconds) => Zone::utc().local(at.plus_seconds(i64::from(*seconds))),
        }
    }
}

/// An offset alone: `+08:00`, `-0730`, `+5`, `-07:00:00`; in seconds east of UTC.
pub(super) fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (
            -1,
            text.strip_prefix('-').or_else(|| text.strip_prefix('\u{2212}'))?,
        ),
    };
    let mut parts = digits.split(':');
    let first = parts.next()?;
    let number = |text: &str| match text.len() {
        1 | 2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse::<i32>().ok(),
        _ => None,
    };
    let (hours, minutes) = match (first.len(), parts.next()) {
        (4, None) => (number(first.get(..2)?)?, number(first.get(2..)?)?),
        (_, minutes) => (number(first)?, minutes.map_or(Some(0), number)?),
    };
    let seconds = parts.next().map_or(Some(0), number)?;
    let sound = hours <= LONGEST_OFFSET_HOURS && minutes < 60 && seconds < 60 && parts.next().is_none();
    sound.then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

fn listed<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, meant)| *meant)
}

/// `Mountain Standard Time`, `Eastern Time (US & Canada)`, `(UTC-07:00) Mountain Time`. A name with *daylight* or *summer* is
/// the summer's offset; *standard* is what a machine there says all year.
fn in_words(lower: &str) -> Option<ClockZone> {
    let lower = match lower.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest,
        None => lower,
    };
    let name = lower.split('(').next()?.trim();
    let name = name.strip_suffix("time")?.trim_end();
    let (name, summer) = match name.rsplit_once(' ') {
        Some((name, "standard")) => (name, false),
        Some((name, "daylight" | "summer")) => (name, true),
        _ => (name, false),
    };
    let place: Zone = listed(&WORDS, name)?.parse().ok()?;
    if !summer {
        return Some(ClockZone::Place(place));
    }
    let july = jiff::civil::date(2026, 7, 1).at(12, 0, 0, 0);
    let at = place.at(july).instant();
    let seconds = Timestamp::seconds_since(Zone::utc().at(july).instant(), at);
    i32::try_from(seconds).ok().map(ClockZone::East)
}

/// As [`ClockZone::read`] reads it: `UTC`, `UTC-07:00`, `America/Denver`.
impl fmt::Display for ClockZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(zone) => write!(f, "{zone}"),
            Self::East(0) => f.write_str("UTC"),
            Self::East(seconds) => {
                let (sign, all) = (if *seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
                write!(f, "UTC{sign}{:02}:{:02}", all / 3600, all / 60 % 60)?;
                match all % 60 {
                    0 => Ok(()),
                    rest => write!(f, ":{rest:02}"),
                }
            }
        }
    }
}

impl FromStr for ClockZone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        Self::read(text).ok_or_else(|| UnknownZone(text.to_owned()))
    }
}

impl From<Zone> for ClockZone {
    fn from(zone: Zone) -> Self {
        match zone == Zone::utc() {
            true => Self::utc(),
            false => Self::Place(zone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        ClockZone::read(text).map(|zone| zone.to_string())
    }

    #[test]
    fn zones_are_known_by_every_name_with_one_meaning() {
        for (text, zone) in [
            ("UTC", "UTC"),
            ("gmt", "UTC"),
            ("Z", "UTC"),
            ("PST", "UTC-08:00"),
            ("CET", "UTC+01:00"),
            ("UTC+08:00", "UTC+08:00"),
            ("GMT-7", "UTC-07:00"),
            ("+0530", "UTC+05:30"),
            ("America/Denver", "America/Denver"),
            ("AMERICA/DENVER", "America/Denver"),
            ("Mountain Standard Time", "America/Denver"),
            ("Mountain Daylight Time", "UTC-06:00"),
            ("Eastern Time (US & Canada)", "America/New_York"),
            ("(UTC-07:00) Mountain Time (US & Canada)", "America/Denver"),
            ("US Mountain Standard Time", "America/Phoenix"),
            ("PT", "America/Los_Angeles"),
        ] {
            assert_eq!(read(text).as_deref(), Some(zone), "{text}");
        }
    }

    #[test]
    fn what_may_mean_several_zones_is_none() {
        for text in [
            "",
            "IST",
            "BST",
            "Mars/Base",
            "time",
            "CO",
            "+99:00",
            "UTC+1:75",
            "summer time",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_is_written_as_it_is_read() {
        for text in ["UTC", "UTC-07:00", "UTC+05:30", "America/Denver"] {
            assert_eq!(text.parse::<ClockZone>().unwrap().to_string(), text);
        }
    }
}
