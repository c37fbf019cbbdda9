//! The written forms of a date and a time of day, read by one cursor from left to right.

use std::borrow::Cow;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::clock_zone::{self, ClockZone};
use super::month_name::month;
use serde::{Deserialize, Serialize};

/// A date, and a time of day where there is one.
pub(super) struct Written {
    pub date: Date,
    /// How its day and month could stand, where both are numbers and the year is not first.
    pub reads: Option<Reads>,
    pub clock: Option<Clock>,
}

/// A time of day and where it is meant; nowhere: in the zone of its column.
#[derive(Clone)]
pub(super) struct Clock {
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub nanosecond: i32,
    pub zone: Option<ClockZone>,
}

/// Which of day and month is written first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// `24/11/2026`.
    DayFirst,
    /// `11/24/2026`.
    MonthFirst,
}

/// What a numeric date could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// In this order only.
    Only(Order),
    /// In both, as two different days.
    Either,
    /// In both, as the same day.
    Same,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// What may stand between a date and a time, in the order in which it is looked for.
const GAPS: [&str; 11] = [
    ",", "\u{2014}", "\u{2013}", "a las ", "at ", "um ", "a ", "/", "-", ":", "t",
];

/// Reads the whole text; `None` when anything in it is not understood or ambiguous. `order` decides where day and month
/// could be either.
pub(super) fn read(text: &str, order: Option<Order>) -> Option<Written> {
    let (text, bracket) = match (text.ends_with(']'), text.rfind('[')) {
        (true, Some(at)) => (text.get(..at)?, text.get(at + 1..text.len() - 1)),
        _ => (text, None),
    };
    let lower = folded(text);
    let mut cursor = Cursor { rest: &lower, order };
    cursor.weekday();
    let mut date = cursor.date()?;
    cursor.gap();
    if cursor.rest.is_empty() {
        return Some(Written {
            date: date.complete()?,
            reads: date.reads,
            clock: None,
        });
    }
    let mut clock = cursor.clock()?;
    if date.year.is_none() {
        let (rest, year) = cursor.rest.trim_end().rsplit_once(' ')?;
        date.year = Some(year.parse().ok().filter(|_| year.len() == 4)?);
        cursor.rest = rest;
    }
    clock.zone = cursor.zone(bracket)?;
    Some(Written {
        date: date.complete()?,
        reads: date.reads,
        clock: Some(clock),
    })
}

/// A time of day alone.
pub(super) fn read_clock(text: &str) -> Option<Clock> {
    let lower = folded(text);
    let mut cursor = Cursor {
        rest: &lower,
        order: None,
    };
    let mut clock = cursor.clock()?;
    clock.zone = cursor.zone(None)?;
    Some(clock)
}

/// Small letters without accents.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    let plain: String = plain.flat_map(char::to_lowercase).collect();
    Cow::Owned(plain.replace('\u{2212}', "-"))
}

/// A date whose year may stand at the end of the text (`Wed Apr 15 18:41:05 MDT 2026`).
struct Parts {
    year: Option<i16>,
    month: i16,
    day: i16,
    reads: Option<Reads>,
}

impl Parts {
    const fn of(year: Option<i16>, month: i16, day: i16) -> Self {
        Self {
            year,
            month,
            day,
            reads: None,
        }
    }

    fn complete(&self) -> Option<Date> {
        let year = self.year?;
        let year = if (0..100).contains(&year) {
            year + 2000
        } else {
            year
        };
        if !(1000..=9998).contains(&year) {
            return None;
        }
        Date::new(year, i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?).ok()
    }
}

struct Cursor<'a> {
    rest: &'a str,
    order: Option<Order>,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, wanted: &str) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take_any(&mut self, wanted: &[char]) -> Option<char> {
        let first = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = self.rest.get(first.len_utf8()..)?;
        Some(first)
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn digits(&mut self) -> &'a str {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits
    }

    /// A number of so many digits; the digits are used up either way.
    fn number<T: std::str::FromStr>(&mut self, shortest: usize, longest: usize) -> Option<T> {
        let digits = self.digits();
        (shortest..=longest)
            .contains(&digits.len())
            .then(|| digits.parse().ok())
            .flatten()
    }

    fn word(&mut self) -> &'a str {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn ahead(&self) -> Self {
        Self {
            rest: self.rest,
            order: self.order,
        }
    }

    fn weekday(&mut self) {
        let mut ahead = self.ahead();
        if DAYS.contains(&ahead.word().get(..3).unwrap_or_default()) {
            let _ = ahead.take(",") || ahead.take(".");
            ahead.blanks();
            self.rest = ahead.rest;
        }
    }

    fn date(&mut self) -> Option<Parts> {
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.month_first();
        }
        let first = self.digits();
        if first.len() == 8 {
            return compact(first);
        }
        let separator = self.take_any(&['-', '/', '.', ' ']).unwrap_or(' ');
        self.blanks();
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.day_first(first);
        }
        let second = self.digits();
        if first.len() == 4 && second.len() == 3 {
            return day_of_year(first, second);
        }
        if separator == ' ' || !self.take(separator.encode_utf8(&mut [0; 4])) {
            return None;
        }
        let third = self.digits();
        numeric([first, second, third], separator, self.order)
    }

    /// `Apr 15, 2026` or `Apr 15` with the year behind the time.
    fn month_first(&mut self) -> Option<Parts> {
        let month = month(self.word())?;
        let _ = self.take(".");
        self.blanks();
        let day = self.number(1, 2)?;
        let comma = self.take(",");
        let mut ahead = self.ahead();
        ahead.blanks();
        let year = ahead.number(4, 4).filter(|_| !ahead.rest.starts_with(':'));
        if year.is_some() {
            self.rest = ahead.rest;
        }
        (year.is_some() || !comma).then_some(Parts::of(year, month, day))
    }

    /// `15-Apr-2026`, `15 April 2026`, `15-APR-26`, `15APR2026`, `15 de abril de 2026`.
    fn day_first(&mut self, day: &str) -> Option<Parts> {
        let _ = self.take("de ");
        let month = month(self.word())?;
        let _ = self.take(".") || self.take(",");
        let _ = self.take_any(&['-', '/', ' ']);
        self.blanks();
        let _ = self.take("de ") || self.take("del ");
        let year = self.digits();
        let day = day.parse().ok().filter(|_| day.len() <= 2)?;
        matches!(year.len(), 2 | 4).then_some(())?;
        Some(Parts::of(Some(year.parse().ok()?), month, day))
    }

    /// What may stand between a date and a time.
    fn gap(&mut self) {
        self.blanks();
        let _ = self.take(",");
        self.blanks();
        let between = GAPS.iter().find_map(|gap| self.rest.strip_prefix(gap));
        if let Some(rest) = between.map(|rest| rest.trim_start_matches(' '))
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            self.rest = rest;
        }
    }

    fn clock(&mut self) -> Option<Clock> {
        let first = self.digits();
        let (hour, minute, second) = match first.len() {
            4 | 6 => {
                let part = |range: std::ops::Range<usize>| {
                    first.get(range).map_or(Some(0), |text| text.parse().ok())
                };
                (part(0..2)?, part(2..4)?, part(4..6)?)
            }
            1 | 2 => {
                let colon = self.take_any(&[':', '.', 'h'])?;
                let minute = self.number(2, 2)?;
                let seconds = self.take(if colon == '.' { "." } else { ":" });
                (
                    first.parse().ok()?,
                    minute,
                    if seconds { self.number(2, 2)? } else { 0 },
                )
            }
            _ => return None,
        };
        let nanosecond = self.fraction()?;
        let hour = self.half_day(hour)?;
        Some(Clock {
            hour,
            minute,
            second,
            nanosecond,
            zone: None,
        })
    }

    fn fraction(&mut self) -> Option<i32> {
        let mut ahead = self.ahead();
        if ahead.take_any(&['.', ',']).is_none() || !ahead.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(0);
        }
        let digits = ahead.digits();
        self.rest = ahead.rest;
        let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
        nine.parse().ok()
    }

    /// AM and PM, where they stand.
    fn half_day(&mut self, hour: i8) -> Option<i8> {
        let mut ahead = self.ahead();
        ahead.blanks();
        let afternoon = match ahead.word() {
            "am" => false,
            "pm" => true,
            half @ ("a" | "p") if [".m.", ".m", ". m."].iter().any(|rest| ahead.take(rest)) => half == "p",
            _ => return Some(hour),
        };
        self.rest = ahead.rest;
        (1..=12)
            .contains(&hour)
            .then_some(hour % 12 + if afternoon { 12 } else { 0 })
    }

    /// The zone in which the rest says that the time is meant: nothing where it says none, `None` for nonsense. What stands in
    /// brackets (`[America/Denver]`) counts where nothing stands before it; a remark in parentheses never does.
    fn zone(&mut self, bracket: Option<&str>) -> Option<Option<ClockZone>> {
        let text = self.rest.trim();
        let text = text
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once('('))
            .map_or(text, |(before, _)| before.trim_end());
        let zone = match (text, bracket) {
            ("" | "uhr" | "h" | "hrs", None) => return Some(None),
            ("", Some(zone)) => ClockZone::read(zone),
            (text, _) => clock_zone::offset(text)
                .map(ClockZone::East)
                .or_else(|| ClockZone::read(text)),
        };
        zone.map(Some)
    }
}

fn compact(digits: &str) -> Option<Parts> {
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse().ok();
    Some(Parts::of(Some(number(0..4)?), number(4..6)?, number(6..8)?))
}

/// `2026-328`: the year and its day.
fn day_of_year(year: &str, day: &str) -> Option<Parts> {
    let first = Date::new(year.parse().ok()?, 1, 1).ok()?;
    let days = day
        .parse::<i64>()
        .ok()?
        .checked_sub(1)
        .filter(|days| *days >= 0)?;
    let date = first.checked_add(jiff::Span::new().days(days)).ok()?;
    (date.year() == first.year())
        .then(|| Parts::of(Some(date.year()), date.month().into(), date.day().into()))
}

/// Year first; else as far as the numbers allow only one order, that one; else the column's; else month first with slashes,
/// as in the US, and day first with dots; with hyphens nothing.
fn numeric([first, second, third]: [&str; 3], separator: char, order: Option<Order>) -> Option<Parts> {
    let number = |text: &str| text.parse::<i16>().ok();
    let (one, two, three) = (number(first)?, number(second)?, number(third)?);
    if first.len() == 4 {
        let short = second.len() <= 2 && third.len() <= 2;
        return short.then_some(Parts::of(Some(one), two, three));
    }
    if first.len() > 2 || second.len() > 2 || !matches!(third.len(), 2 | 4) {
        return None;
    }
    let reads = match (one <= 12, two <= 12) {
        (true, true) if one == two => Reads::Same,
        (true, true) => Reads::Either,
        (false, _) => Reads::Only(Order::DayFirst),
        (true, false) => Reads::Only(Order::MonthFirst),
    };
    let by_habit = match separator {
        '.' => Some(Order::DayFirst),
        '/' => Some(Order::MonthFirst),
        _ => None,
    };
    let order = match reads {
        Reads::Only(order) => order,
        Reads::Same => Order::DayFirst,
        Reads::Either => order.or(by_habit)?,
    };
    let (month, day) = match order {
        Order::DayFirst => (two, one),
        Order::MonthFirst => (one, two),
    };
    Some(Parts {
        reads: Some(reads),
        ..Parts::of(Some(three), month, day)
    })
}
