//! Reading timestamps as exports write them: ISO 8601, US dates, spreadsheet serial numbers, epoch
//! seconds and any other form with exactly one reading. A time without zone is local time of the agency.

use chrono::NaiveDate;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::cell;
use super::moment_text::{self, Clock, Place};
use super::timestamp::Timestamp;
use super::zone::Zone;

/// How times without zone and serial numbers are meant in one file.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    /// Serial day 0: 1899-12-30, or 1904-01-01 in workbooks made on old Macs.
    epoch: Date,
}

const EPOCH_1900: Date = Date::constant(1899, 12, 30);
const EPOCH_1904: Date = Date::constant(1904, 1, 1);
const MILLIS_PER_DAY: f64 = 86_400_000.0;
/// Serial numbers from 1954 to 2119; anything else is no date.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

impl Calendar {
    /// Times without zone are local in `zone`.
    pub const fn new(zone: Zone) -> Self {
        Self {
            zone,
            epoch: EPOCH_1900,
        }
    }

    /// The same with serial numbers counted from 1904.
    #[must_use]
    pub fn since_1904(self) -> Self {
        Self {
            epoch: EPOCH_1904,
            ..self
        }
    }

    /// Reads an instant, to the millisecond. A local time that occurs twice when clocks go back is the
    /// earlier one, a skipped one is read with the offset before the change. `None` when the cell is
    /// missing or has no or more than one reading.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let value = cell::value(text)?;
        let text = value.trim_start_matches('\'');
        if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return self.number(text);
        }
        let read = moment_text::read(text)?;
        let clock = read.clock?;
        self.instant(read.date.to_datetime(time(&clock)?), clock.place)
    }

    /// Reads a day, such as a filing deadline; a time of day behind it is dropped.
    pub fn read_date(&self, text: &str) -> Option<NaiveDate> {
        let value = cell::value(text)?;
        let date = match value.parse::<f64>() {
            Ok(serial) if SERIALS.contains(&serial) => self
                .epoch
                .checked_add(jiff::Span::new().days(serial as i64))
                .ok()?,
            Ok(number) => compact_date(&value).filter(|_| number >= 19_000_101.0)?,
            Err(_) => moment_text::read(&value)?.date,
        };
        NaiveDate::from_ymd_opt(
            i32::from(date.year()),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
    }

    fn instant(&self, local: DateTime, place: Place) -> Option<Timestamp> {
        let micros = match place {
            Place::Local => self.zone.at(local).instant().micros(),
            Place::East(seconds) => Offset::from_seconds(seconds)
                .ok()?
                .to_timestamp(local)
                .ok()?
                .as_microsecond(),
        };
        Some(Timestamp::from_micros(micros - micros.rem_euclid(1000)))
    }

    /// A serial day number, epoch seconds, milliseconds or microseconds, or digits such as `20260415184105`.
    fn number(&self, text: &str) -> Option<Timestamp> {
        match (text.len(), cell::is_digits(text)) {
            (10, true) => text
                .parse()
                .ok()
                .map(|seconds: i64| Timestamp::from_micros(seconds * 1_000_000)),
            (13, true) => text
                .parse()
                .ok()
                .map(|millis: i64| Timestamp::from_micros(millis * 1_000)),
            (16, true) => text
                .parse()
                .ok()
                .map(|micros: i64| Timestamp::from_micros(micros / 1_000 * 1_000)),
            (14 | 17, true) => self.compact(text),
            _ => self.serial(text.parse().ok()?),
        }
    }

    fn serial(&self, days: f64) -> Option<Timestamp> {
        if !SERIALS.contains(&days) {
            return None;
        }
        let millis = (days * MILLIS_PER_DAY).round() as i64;
        let local = self
            .epoch
            .to_datetime(Time::midnight())
            .checked_add(jiff::Span::new().milliseconds(millis))
            .ok()?;
        self.instant(local, Place::Local)
    }

    fn compact(&self, digits: &str) -> Option<Timestamp> {
        let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i8>().ok();
        let millis = match digits.get(14..17) {
            Some(millis) => millis.parse::<i32>().ok()?,
            None => 0,
        };
        let time = Time::new(part(8..10)?, part(10..12)?, part(12..14)?, millis * 1_000_000).ok()?;
        self.instant(compact_date(digits)?.to_datetime(time), Place::Local)
    }
}

/// The day of eight or more digits, `20260415…`.
fn compact_date(digits: &str) -> Option<Date> {
    let month = digits.get(4..6)?.parse().ok()?;
    Date::new(
        digits.get(..4)?.parse().ok()?,
        month,
        digits.get(6..8)?.parse().ok()?,
    )
    .ok()
}

fn time(clock: &Clock) -> Option<Time> {
    Time::new(clock.hour, clock.minute, clock.second, clock.nanosecond).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denver() -> Calendar {
        Calendar::new("America/Denver".parse().unwrap())
    }

    fn read(text: &str) -> Option<i64> {
        denver().read(text).map(|at| at.micros() / 1000)
    }

    /// 2026-04-15T18:41:05.120-06:00.
    const AT: i64 = 1_776_300_065_120;

    #[test]
    fn one_instant_in_every_usual_form() {
        for text in [
            "2026-04-15T18:41:05.120-06:00",
            "2026-04-16T00:41:05.120Z",
            "2026-04-16t00:41:05.1209z",
            "2026-04-15 18:41:05.120",
            "2026-04-15 18:41:05,120 -0600",
            "2026-04-15T18:41:05.120-06:00[America/Denver]",
            "2026/04/15 18:41:05.120 MDT",
            "20260415T184105.120-0600",
            "20260415184105120",
            "4/15/2026 6:41:05.120 PM",
            "04/15/2026, 18:41:05.120",
            "15/04/2026 18:41:05.120",
            "15.04.2026 18:41:05.120",
            "15-APR-26 06.41.05.120000 PM",
            "Apr 15, 2026 6:41:05.120 p.m.",
            "15 April 2026 at 18:41:05.120",
            "Wed, 15 Apr 2026 18:41:05.120 -0600",
            "1776300065120",
            "1776300065120000",
            "\u{ff12}026-04-15T18:41:05.120\u{2212}06:00",
        ] {
            assert_eq!(read(text), Some(AT), "{text}");
        }
    }

    #[test]
    fn forms_without_seconds_or_fractions() {
        let whole = Some(AT - 120);
        for text in [
            "Wed Apr 15 18:41:05 MDT 2026",
            "Wed Apr 15 18:41:05 2026",
            "1776300065",
            "20260415184105",
            "4/15/26 6:41:05 PM",
        ] {
            assert_eq!(read(text), whole, "{text}");
        }
        assert_eq!(read("04/15/2026 18:41"), Some(AT - 5_120));
    }

    #[test]
    fn spreadsheet_serials_are_local_and_rounded_to_the_millisecond() {
        assert_eq!(read("46127.7916666667"), read("2026-04-15T19:00:00"));
        assert_eq!(read("46127"), read("2026-04-15T00:00"));
        let since_1904 = denver().since_1904();
        assert_eq!(since_1904.read("44665.5"), denver().read("2026-04-15 12:00"));
    }

    #[test]
    fn local_times_around_a_change_of_clocks() {
        // Back at 2026-11-01 02:00: 01:30 occurs twice, the earlier one is meant (-06:00).
        assert_eq!(read("2026-11-01 01:30"), read("2026-11-01T01:30:00-06:00"));
        // Forward at 2026-03-08 02:00: 02:30 does not exist and is read with the offset before (-07:00).
        assert_eq!(read("2026-03-08 02:30"), read("2026-03-08T02:30:00-07:00"));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "not-a-date",
            "2026-13-45T99:00:00",
            "0000-00-00 00:00:00",
            "18:4",
            "2026-04-15",
            "2026-04-15T18:5",
            "pending",
            "12345",
            "04-05-2026 10:00",
            "4/31/2026 10:00",
            "4/15/2026 13:00 PM",
            "2026-04-15T18:41:05+99:00",
            "2026-04-15T18:41:05 tomorrow",
            "not\0date",
            "-46127.5",
            "1.2.3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_alone() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 15);
        for text in [
            "2026-04-15",
            "4/15/2026",
            "46127",
            "20260415",
            "April 15, 2026",
            "2026-04-15T00:00:00",
        ] {
            assert_eq!(denver().read_date(text), day, "{text}");
        }
        assert_eq!(denver().read_date("soon"), None);
    }
}
