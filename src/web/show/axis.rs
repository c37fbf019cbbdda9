//! Where marks stand on the axes of a picture.

use jiff::tz::TimeZone;

use super::time::{clock, moment};
use crate::domain::timestamp::Timestamp;

/// Steps between marks on a time axis, in minutes.
const STEPS: [i64; 11] = [10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// The place.
    pub at: String,
    /// The label.
    pub label: String,
}

/// The distance between marks on a count axis: 1, 2 or 5 times a power of ten, four or five of them.
pub fn level_step(highest: i64) -> i64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if highest <= factor * power * 5 {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// Round local times in the so many seconds after an instant, no more than nine, each with its label.
pub fn hours(from: Timestamp, seconds: i64, zone: &TimeZone) -> Vec<(Timestamp, String)> {
    let step = STEPS
        .into_iter()
        .find(|minutes| seconds / 60 / minutes <= 8)
        .unwrap_or(10_080)
        * 60;
    let start = from.micros().div_euclid(1_000_000);
    let shift = jiff::Timestamp::from_second(start)
        .map(|at| i64::from(zone.to_offset(at).seconds()))
        .unwrap_or_default();
    let first = (start + shift).div_euclid(step) * step + step - shift;
    (0..)
        .map(|index| first + index * step)
        .take_while(|second| *second <= start + seconds)
        .map(|second| Timestamp::from_micros(second * 1_000_000))
        .map(|at| (at, mark_label(at, step, zone)))
        .collect()
}

fn mark_label(at: Timestamp, step: i64, zone: &TimeZone) -> String {
    if step < 86_400 {
        return clock(at, zone).replace(":00", "");
    }
    moment(at, at.plus_hours(24 * 30), zone)
        .split(',')
        .next()
        .unwrap_or_default()
        .to_owned()
}
