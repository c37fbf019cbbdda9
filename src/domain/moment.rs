//! Reading timestamps as exports write them: ISO 8601, US dates, spreadsheet serial numbers, epoch
//! seconds and any other form with exactly one reading. A time without zone is local time of the agency.

use chrono::NaiveDate;
use jiff::civil::{Date, DateTime, Time};

use super::cell;
use super::clock_zone::ClockZone;
use super::moment_text::{self, Clock};
pub use super::moment_text::{Order, Reads};
use super::timestamp::Timestamp;
use super::zone::Zone;

/// How times without zone and serial numbers are meant in one file.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: ClockZone,
    /// Which of day and month stands first where both could; none: with slashes the month, with dots the day.
    order: Option<Order>,
    /// Serial day 0: 1899-12-30, or 1904-01-01 in workbooks made on old Macs.
    epoch: Date,
}

/// What a cell says of when something was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An instant, and whether the cell itself says in which zone.
    At(Timestamp, Said),
    /// A day without a time of day.
    Day(Date),
}

/// Who says which zone a time is meant in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The cell, or the one beside it.
    Here,
    /// Nobody here: the column's zone was taken.
    Elsewhere,
}

const EPOCH_1900: Date = Date::constant(1899, 12, 30);
const EPOCH_1904: Date = Date::constant(1904, 1, 1);
const MILLIS_PER_DAY: f64 = 86_400_000.0;
/// Serial numbers from 1954 to 2119; anything else is no date.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

impl Calendar {
    /// Times without zone are local in `zone`.
    pub const fn new(zone: Zone) -> Self {
        Self::of_clock(ClockZone::Place(zone))
    }

    /// Times without zone are what that clock shows.
    pub const fn of_clock(zone: ClockZone) -> Self {
        Self {
            zone,
            order: None,
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

    /// The same with this order of day and month.
    #[must_use]
    pub fn ordered(self, order: Option<Order>) -> Self {
        Self { order, ..self }
    }

    /// The same for another clock.
    #[must_use]
    pub fn on(&self, zone: ClockZone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// The clock of times that carry no zone.
    pub const fn zone(&self) -> &ClockZone {
        &self.zone
    }

    /// Reads an instant, to the millisecond. A local time that occurs twice when clocks go back is the
    /// earlier one, a skipped one is read with the offset before the change. `None` when the cell is
    /// missing or has no or more than one reading.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        match self.moment(text, None)? {
            Moment::At(at, _) => Some(at),
            Moment::Day(_) => None,
        }
    }

    /// Reads an instant or a day; `beside` is the zone that stands beside it, which counts where the cell names none.
    pub fn moment(&self, text: &str, beside: Option<&ClockZone>) -> Option<Moment> {
        let value = cell::value(text)?;
        let text = unwrapped(value.trim_start_matches('\''));
        if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && let Some(found) = self.number(text, beside)
        {
            return Some(found);
        }
        let read = moment_text::read(text, self.order)?;
        match read.clock {
            Some(clock) => self.joined(read.date, &clock, beside),
            None => Some(Moment::Day(read.date)),
        }
    }

    /// Reads a day and a time of day that stand in two cells.
    pub fn join(&self, day: &str, clock: &str, beside: Option<&ClockZone>) -> Option<Moment> {
        let Some(clock) = cell::value(clock) else {
            return self.moment(day, beside);
        };
        let date = self.day(day)?;
        if let Ok(share) = clock.parse::<f64>()
            && (0.0..1.0).contains(&share)
            && clock.contains('.')
        {
            return self.part_of_day(date, share, beside);
        }
        self.joined(date, &moment_text::read_clock(&clock)?, beside)
    }

    /// Reads a day, such as a filing deadline; a time of day behind it is dropped.
    pub fn read_date(&self, text: &str) -> Option<NaiveDate> {
        let date = self.day(text)?;
        NaiveDate::from_ymd_opt(
            i32::from(date.year()),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
    }

    /// How the day and the month of a cell could stand; nothing where they are no two numbers.
    pub fn reads(text: &str) -> Option<Reads> {
        let value = cell::value(text)?;
        moment_text::read(&value, Some(Order::DayFirst))?.reads
    }

    /// Whether the cell is a time of day and nothing else.
    pub fn is_clock(text: &str) -> bool {
        text.contains(':') && moment_text::read_clock(text).is_some()
    }

    fn day(&self, text: &str) -> Option<Date> {
        let value = cell::value(text)?;
        match value.parse::<f64>() {
            Ok(serial) if SERIALS.contains(&serial) => {
                self.epoch.checked_add(jiff::Span::new().days(serial as i64)).ok()
            }
            Ok(number) => compact_date(&value).filter(|_| number >= 19_000_101.0),
            Err(_) => Some(moment_text::read(&value, self.order)?.date),
        }
    }

    fn joined(&self, date: Date, clock: &Clock, beside: Option<&ClockZone>) -> Option<Moment> {
        self.instant(date.to_datetime(time(clock)?), clock.zone.as_ref().or(beside))
    }

    /// The instant of a local time, in the zone that is said or in the column's.
    fn instant(&self, local: DateTime, said: Option<&ClockZone>) -> Option<Moment> {
        let micros = said.unwrap_or(&self.zone).at(local)?.micros();
        let at = Timestamp::from_micros(micros - micros.rem_euclid(1000));
        let said = if said.is_some() {
            Said::Here
        } else {
            Said::Elsewhere
        };
        Some(Moment::At(at, said))
    }

    /// A serial day number, epoch seconds, milliseconds or microseconds, or digits such as `20260415184105`.
    fn number(&self, text: &str, beside: Option<&ClockZone>) -> Option<Moment> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let scaled = |scale: i64| {
            let number: i64 = whole.parse().ok()?;
            let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
            let part = if scale == 1_000_000 {
                millis.parse::<i64>().ok()? * 1000
            } else {
                0
            };
            let micros = number.checked_mul(scale)?.checked_add(part)?;
            let at = Timestamp::from_micros(micros - micros.rem_euclid(1000));
            Some(Moment::At(at, Said::Here))
        };
        let sound = cell::is_digits(whole) && (fraction.is_empty() || cell::is_digits(fraction));
        match whole.len() {
            10 if sound => scaled(1_000_000),
            13 if sound => scaled(1_000),
            16 if cell::is_digits(text) => scaled(1),
            14 | 17 if cell::is_digits(text) => self.compact(text, beside),
            _ => self.serial(text.parse().ok()?, beside),
        }
    }

    fn serial(&self, days: f64, beside: Option<&ClockZone>) -> Option<Moment> {
        if !SERIALS.contains(&days) {
            return None;
        }
        let date = self.epoch.checked_add(jiff::Span::new().days(days as i64)).ok()?;
        self.part_of_day(date, days.fract(), beside)
    }

    fn part_of_day(&self, date: Date, share: f64, beside: Option<&ClockZone>) -> Option<Moment> {
        let millis = (share * MILLIS_PER_DAY).round() as i64;
        let local = date
            .to_datetime(Time::midnight())
            .checked_add(jiff::Span::new().milliseconds(millis))
            .ok()?;
        self.instant(local, beside)
    }

    fn compact(&self, digits: &str, beside: Option<&ClockZone>) -> Option<Moment> {
        let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i8>().ok();
        let millis = match digits.get(14..17) {
            Some(millis) => millis.parse::<i32>().ok()?,
            None => 0,
        };
        let time = Time::new(part(8..10)?, part(10..12)?, part(12..14)?, millis * 1_000_000).ok()?;
        self.instant(compact_date(digits)?.to_datetime(time), beside)
    }
}

/// Without what programs put around a time: `ISODate("…")`, `/Date(1795570930000)/`.
fn unwrapped(text: &str) -> &str {
    let inner = |before: &str, behind: &str| text.strip_prefix(before)?.strip_suffix(behind);
    inner("ISODate(\"", "\")")
        .or_else(|| inner("/Date(", ")/"))
        .or_else(|| inner("Date(", ")"))
        .unwrap_or(text)
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
