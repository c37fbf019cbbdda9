//! How likely somebody picks up at an hour of their day: published shapes by kind of number, and what
//! tries in vain tell. Only ratios count here, so that they add up as points of the score.
//!
//! Landlines and mobiles: answered first dials of a telephone survey by day and part of the day
//! (PMC5875189, table 3). Business numbers: 11 million calls by the called person's local hour
//! (PhoneBurner, "Sales Stats #2"). Tries in vain: persons differ as Beta(1.64, 3.84), which fits the
//! share reached after three calls that Boudreaux and others measured (J Emerg Med 2000;18:409-415).

use jiff::civil::{DateTime, Weekday};

use super::calling_hours::CallingHours;
use super::timestamp::Timestamp;
use super::zone::Zones;

#[cfg(test)]
mod tests;

/// What kind of number is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// A person's; whether a landline or a mobile cannot be told from a North American number.
    #[default]
    Personal,
    /// A person's landline.
    Landline,
    /// A person's mobile.
    Mobile,
    /// A business's.
    Business,
}

/// Of a hundred personal numbers so many are landlines (an assumption).
pub const LANDLINES_PERCENT: u8 = 25;

/// The persons' chance to answer a call: Beta(ALPHA, BETA).
pub const ALPHA: f64 = 1.64;
/// See [`ALPHA`].
pub const BETA: f64 = 3.84;

impl Line {
    /// The kind of number that somebody gives who pays this tax. Taxes on selling, employing and
    /// incorporating are paid from an office.
    pub fn of_tax(tax_type: Option<&str>) -> Self {
        const BUSINESS: [&str; 7] = [
            "sales",
            "withholding",
            "corporat",
            "business",
            "payroll",
            "franchise",
            "fuel",
        ];
        let name = tax_type.unwrap_or_default().to_lowercase();
        if BUSINESS.iter().any(|word| name.contains(word)) {
            Self::Business
        } else {
            Self::Personal
        }
    }

    /// The chance to answer at that time of the called person's clock, as a ratio to the mean from 8:00
    /// to 21:00 of all days.
    pub fn index(self, local: DateTime) -> f64 {
        match self {
            Self::Landline => survey(&LANDLINE, local) / 15.70,
            Self::Mobile => survey(&MOBILE, local) / 22.43,
            Self::Business => business(local.hour()) / 13.63,
            Self::Personal => {
                let landlines = f64::from(LANDLINES_PERCENT) / 100.0;
                let index = |line: Self| line.index(local);
                landlines * index(Self::Landline) + (1.0 - landlines) * index(Self::Mobile)
            }
        }
    }
}

/// How much likelier a call is answered now than at a mean hour, in doublings.
pub fn doublings_at(line: Line, at: Timestamp, zones: &Zones, hours: &CallingHours) -> f64 {
    line.index(hours.home(zones).local(at)).log2()
}

/// Each further person of a household can be spoken to in the same call with this chance (an assumption).
pub const MATE_IS_IN: f64 = 0.5;

/// How many more people a call reaches, in doublings, if so many share the number.
pub fn doublings_together(people: usize) -> f64 {
    (1.0 + MATE_IS_IN * people.saturating_sub(1) as f64).log2()
}

/// How much less likely, in doublings, a call is answered after so many tries in vain: the mean of
/// Beta(1.64, 3.84 + tries) to that of Beta(1.64, 3.84).
pub fn doublings_after(half_tries: u32) -> f64 {
    let tries = f64::from(half_tries) / 2.0;
    ((ALPHA + BETA) / (ALPHA + BETA + tries)).log2()
}

/// Answered by a person, in percent: morning, afternoon, evening, night.
type ByPart = [f64; 4];

/// Monday to Thursday, Friday, Saturday, Sunday.
const LANDLINE: [ByPart; 4] = [
    [13.8, 14.9, 17.1, 18.7],
    [14.2, 14.7, 17.2, 16.9],
    [13.6, 15.7, 15.8, 17.9],
    [17.4, 16.3, 17.9, 18.8],
];
/// The table has no Sunday morning; it is taken to be like the afternoon.
const MOBILE: [ByPart; 4] = [
    [20.6, 22.7, 23.5, 22.2],
    [20.3, 23.3, 23.2, 23.0],
    [22.8, 23.3, 24.2, 22.8],
    [23.0, 23.0, 24.4, 21.9],
];

fn survey(table: &[ByPart; 4], local: DateTime) -> f64 {
    let [weekdays, friday, saturday, sunday] = table;
    let [morning, afternoon, evening, night] = match local.weekday() {
        Weekday::Friday => friday,
        Weekday::Saturday => saturday,
        Weekday::Sunday => sunday,
        _ => weekdays,
    };
    *match local.hour() {
        ..12 => morning,
        12..17 => afternoon,
        17..19 => evening,
        _ => night,
    }
}

const fn business(hour: i8) -> f64 {
    match hour {
        ..7 => 2.31,
        7 => 3.73,
        8 => 11.84,
        9 => 14.09,
        10 => 15.53,
        11 => 14.95,
        12 => 13.53,
        13 => 14.41,
        14 => 15.01,
        15 => 14.44,
        16 => 14.07,
        17 => 12.58,
        18 => 12.39,
        19 => 12.59,
        20 => 11.81,
        _ => 12.09,
    }
}
