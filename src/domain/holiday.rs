//! Days on which nobody is called: a setting of an outage. Federal holidays are those of 5 U.S.C. 6103, both the
//! day itself and the day on which it is observed: one on a Saturday also on the Friday before, one on a Sunday
//! also on the Monday after.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use thiserror::Error;

/// So many single dates can be entered. A closed span that is longer than they make with weekends and federal
/// holidays around them does not occur.
const MOST_DATES: usize = 60;

/// A text that names no days without calls.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadHolidays {
    /// A word that is neither of ours nor a date.
    #[error("{0:?} is no day without calls; write federal, saturdays, sundays or a date such as 2027-04-16")]
    Word(String),
    /// More dates than make sense.
    #[error("more than 60 dates without calls")]
    TooMany,
}

/// Days on which nobody is called; by default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// The federal holidays of the United States.
    pub federal: bool,
    /// Every Saturday.
    pub saturdays: bool,
    /// Every Sunday.
    pub sundays: bool,
    /// Single dates, on the citizen's calendar.
    pub dates: BTreeSet<Date>,
}

impl Holidays {
    /// Every day is a day of calls.
    pub const NONE: Self = Self {
        federal: false,
        saturdays: false,
        sundays: false,
        dates: BTreeSet::new(),
    };

    /// Whether nobody is called on that day.
    pub fn include(&self, day: Date) -> bool {
        let weekend = match day.weekday() {
            Weekday::Saturday => self.saturdays,
            Weekday::Sunday => self.sundays,
            _ => false,
        };
        weekend || (self.federal && is_us_federal(day)) || self.dates.contains(&day)
    }

    /// Whether there is no such day.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// The single dates as they are written: `2027-04-16, 2027-04-23`.
    pub fn written_dates(&self) -> String {
        let dates: Vec<String> = self.dates.iter().map(Date::to_string).collect();
        dates.join(", ")
    }
}

impl FromStr for Holidays {
    type Err = BadHolidays;

    /// Words and dates between commas or blanks; nothing, or `none`, is no such day.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut holidays = Self::NONE;
        let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        for word in words.filter(|word| !word.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "none" => {}
                "federal" => holidays.federal = true,
                "saturdays" => holidays.saturdays = true,
                "sundays" => holidays.sundays = true,
                date => {
                    let date = date.parse().map_err(|_| BadHolidays::Word(word.to_owned()))?;
                    holidays.dates.insert(date);
                }
            }
        }
        match holidays.dates.len() {
            ..=MOST_DATES => Ok(holidays),
            _ => Err(BadHolidays::TooMany),
        }
    }
}

impl fmt::Display for Holidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            (self.federal, "federal"),
            (self.saturdays, "saturdays"),
            (self.sundays, "sundays"),
        ];
        let words = words
            .into_iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| word.to_owned());
        let all: Vec<String> = words.chain(self.dates.iter().map(Date::to_string)).collect();
        f.write_str(&all.join(","))
    }
}

/// Whether a date is a federal holiday, or the day off for one.
fn is_us_federal(day: Date) -> bool {
    is_nth_weekday_holiday(day) || is_fixed(day) || is_day_off_for_fixed(day)
}

fn is_day_off_for_fixed(day: Date) -> bool {
    match day.weekday() {
        Weekday::Friday => day.checked_add(1.day()).is_ok_and(is_fixed),
        Weekday::Monday => day.checked_sub(1.day()).is_ok_and(is_fixed),
        _ => false,
    }
}

/// New Year, Juneteenth, Independence Day, Veterans Day, Christmas.
fn is_fixed(day: Date) -> bool {
    matches!(
        (day.month(), day.day()),
        (1, 1) | (6, 19) | (7, 4) | (11, 11) | (12, 25)
    )
}

/// King, Washington, Memorial, Labor, Columbus, Thanksgiving.
fn is_nth_weekday_holiday(day: Date) -> bool {
    let week = (day.day() - 1) / 7 + 1;
    match (day.month(), day.weekday()) {
        (1 | 2, Weekday::Monday) => week == 3,
        (5, Weekday::Monday) => day.day() > 24,
        (9, Weekday::Monday) => week == 1,
        (10, Weekday::Monday) => week == 2,
        (11, Weekday::Thursday) => week == 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_federal_holidays_of_2026_and_2027_are_known() {
        let first = date(2026, 1, 1);
        let days: Vec<String> = (0..730)
            .map(|n| first.checked_add(n.days()).unwrap())
            .filter(|day| is_us_federal(*day))
            .map(|day| day.to_string())
            .collect();
        let published = "2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 \
             2026-10-12 2026-11-11 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-06-19 \
             2027-07-04 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-25 2027-12-31";
        assert_eq!(days, published.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn days_without_calls_are_read_as_they_are_written() {
        let holidays: Holidays = "Federal, sundays;2027-04-16\n2027-04-15".parse().unwrap();
        assert_eq!(holidays.to_string(), "federal,sundays,2027-04-15,2027-04-16");
        assert_eq!(holidays.to_string().parse(), Ok(holidays));
        for nothing in ["", " , ", "none"] {
            assert!(nothing.parse::<Holidays>().unwrap().is_none(), "{nothing:?}");
        }
        for wrong in ["mondays", "2027-02-30", "04/16/2027"] {
            assert_eq!(
                wrong.parse::<Holidays>(),
                Err(BadHolidays::Word(wrong.to_owned()))
            );
        }
        let many: Vec<String> = (0..61)
            .map(|n| date(2027, 1, 1).checked_add(n.days()).unwrap().to_string())
            .collect();
        assert_eq!(many.join(",").parse::<Holidays>(), Err(BadHolidays::TooMany));
    }

    #[test]
    fn a_day_is_without_calls_only_if_the_setting_says_so() {
        let (thanksgiving, sunday, plain) = (date(2026, 11, 26), date(2026, 11, 29), date(2026, 11, 30));
        let closed = |text: &str, day| text.parse::<Holidays>().unwrap().include(day);
        assert!(!closed("", thanksgiving) && closed("federal", thanksgiving));
        assert!(!closed("federal", sunday) && closed("sundays", sunday) && !closed("saturdays", sunday));
        assert!(!closed("federal,sundays", plain) && closed("2026-11-30", plain));
    }
}
