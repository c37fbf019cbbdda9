//! The written forms of a date and a time of day, read by one cursor from left to right.

use jiff::civil::Date;

/// A date, and a time of day where there is one.
pub(super) struct Written {
    pub date: Date,
    pub clock: Option<Clock>,
}

/// A time of day and where it is meant.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub nanosecond: i32,
    pub place: Place,
}

/// Where a time of day is meant.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In the agency's zone.
    Local,
    /// So many seconds east of UTC.
    East(i32),
}

/// First letters of the months in English and Spanish.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb"],
    &["mar"],
    &["apr", "abr"],
    &["may"],
    &["jun"],
    &["jul"],
    &["aug", "ago"],
    &["sep"],
    &["oct"],
    &["nov"],
    &["dec", "dic"],
];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Zone names with one meaning in the United States, in hours east of UTC.
const ZONES: [(&str, i32); 15] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
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
];
const LONGEST_OFFSET_HOURS: i32 = 18;

/// Reads the whole text; `None` when anything in it is not understood or ambiguous.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = match (text.ends_with(']'), text.rfind('[')) {
        (true, Some(bracket)) => text.get(..bracket)?,
        _ => text,
    };
    let lower = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.to_lowercase().replace('\u{2212}', "-")
    };
    let mut cursor = Cursor { rest: &lower };
    cursor.weekday();
    let mut date = cursor.date()?;
    cursor.gap();
    if cursor.rest.is_empty() {
        return Some(Written {
            date: date.complete()?,
            clock: None,
        });
    }
    let mut clock = cursor.clock()?;
    clock.place = cursor.place()?;
    if date.year.is_none() {
        cursor.blanks();
        date.year = Some(cursor.number(4, 4)?);
    }
    cursor.rest.is_empty().then_some(())?;
    Some(Written {
        date: date.complete()?,
        clock: Some(clock),
    })
}

/// A date whose year may stand at the end of the text (`Wed Apr 15 18:41:05 MDT 2026`).
struct Parts {
    year: Option<i16>,
    month: i16,
    day: i16,
}

impl Parts {
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

    fn weekday(&mut self) {
        let mut ahead = Cursor { rest: self.rest };
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
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.day_first(first);
        }
        let second = self.digits();
        if separator == ' ' || !self.take(separator.encode_utf8(&mut [0; 4])) {
            return None;
        }
        let third = self.digits();
        numeric(first, second, third, separator)
    }

    /// `Apr 15, 2026` or `Apr 15` with the year behind the time.
    fn month_first(&mut self) -> Option<Parts> {
        let month = month(self.word())?;
        let _ = self.take(".");
        self.blanks();
        let day = self.number(1, 2)?;
        let comma = self.take(",");
        let mut ahead = Cursor { rest: self.rest };
        ahead.blanks();
        let year = ahead.number(4, 4).filter(|_| !ahead.rest.starts_with(':'));
        if year.is_some() {
            self.rest = ahead.rest;
        }
        (year.is_some() || !comma).then_some(Parts { year, month, day })
    }

    /// `15-Apr-2026`, `15 April 2026`, `15-APR-26`.
    fn day_first(&mut self, day: &str) -> Option<Parts> {
        let month = month(self.word())?;
        let _ = self.take(".") || self.take(",");
        self.take_any(&['-', '/', ' '])?;
        self.blanks();
        let year = self.digits();
        let day = day.parse().ok().filter(|_| day.len() <= 2)?;
        matches!(year.len(), 2 | 4).then_some(())?;
        Some(Parts {
            year: Some(year.parse().ok()?),
            month,
            day,
        })
    }

    /// What may stand between a date and a time.
    fn gap(&mut self) {
        let _ = self.take(",");
        self.blanks();
        let _ = self.take("t") || self.take("at ");
        self.blanks();
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
            place: Place::Local,
        })
    }

    fn fraction(&mut self) -> Option<i32> {
        let mut ahead = Cursor { rest: self.rest };
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
        let mut ahead = Cursor { rest: self.rest };
        ahead.blanks();
        let afternoon = match ahead.word() {
            "am" => false,
            "pm" => true,
            half @ ("a" | "p") if ahead.take(".m.") || ahead.take(".m") => half == "p",
            _ => return Some(hour),
        };
        self.rest = ahead.rest;
        (1..=12)
            .contains(&hour)
            .then_some(hour % 12 + if afternoon { 12 } else { 0 })
    }

    fn place(&mut self) -> Option<Place> {
        self.blanks();
        let word = self.word();
        if !word.is_empty() {
            let hours = ZONES.iter().find(|(name, _)| *name == word)?.1;
            let offset = if matches!(word, "utc" | "gmt") {
                self.offset()?
            } else {
                None
            };
            return Some(Place::East(offset.unwrap_or(hours * 3600)));
        }
        Some(self.offset()?.map_or(Place::Local, Place::East))
    }

    /// `+hh`, `+hhmm`, `+hh:mm`, `-hh:mm:ss`: an offset in seconds, nothing where there is none, `None` for nonsense.
    fn offset(&mut self) -> Option<Option<i32>> {
        let Some(sign) = self.take_any(&['+', '-']) else {
            return Some(None);
        };
        let first = self.digits();
        let (hours, minutes): (i32, i32) = match first.len() {
            4 => (first.get(..2)?.parse().ok()?, first.get(2..)?.parse().ok()?),
            1 | 2 => (
                first.parse().ok()?,
                if self.take(":") { self.number(2, 2)? } else { 0 },
            ),
            _ => return None,
        };
        let seconds = if self.take(":") { self.number(2, 2)? } else { 0 };
        let offset = hours * 3600 + minutes * 60 + seconds;
        let sound = hours <= LONGEST_OFFSET_HOURS && minutes < 60 && seconds < 60;
        sound.then_some(Some(if sign == '-' { -offset } else { offset }))
    }
}

fn compact(digits: &str) -> Option<Parts> {
    let year = digits.get(..4)?.parse().ok()?;
    Some(Parts {
        year: Some(year),
        month: digits.get(4..6)?.parse().ok()?,
        day: digits.get(6..8)?.parse().ok()?,
    })
}

fn month(word: &str) -> Option<i16> {
    let short = word.get(..3)?;
    let at = MONTHS.iter().position(|names| names.contains(&short))?;
    i16::try_from(at + 1).ok()
}

/// Year first; or month first, as in the US, with slashes; day first with dots; with hyphens whichever
/// is the only reading.
fn numeric(first: &str, second: &str, third: &str, separator: char) -> Option<Parts> {
    let number = |text: &str| text.parse::<i16>().ok();
    let (one, two, three) = (number(first)?, number(second)?, number(third)?);
    if first.len() == 4 {
        let short = second.len() <= 2 && third.len() <= 2;
        return short.then_some(Parts {
            year: Some(one),
            month: two,
            day: three,
        });
    }
    if first.len() > 2 || second.len() > 2 || !matches!(third.len(), 2 | 4) {
        return None;
    }
    let day_first = match separator {
        '.' => two <= 12,
        '/' => one > 12,
        _ if one > 12 || two > 12 || one == two => one > 12,
        _ => return None,
    };
    let (month, day) = if day_first { (two, one) } else { (one, two) };
    Some(Parts {
        year: Some(three),
        month,
        day,
    })
}
