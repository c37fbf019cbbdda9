//! When a citizen can ask to be called: parts of the next days, cut into places of a quarter of an hour, so
//! that no more is promised than callers can keep.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::calling_hours::CallingHours;
use super::day_part::DayPart;
use super::timestamp::Timestamp;
use super::zone::{Local, Zone, Zones};

/// One promised call stands for so many minutes: within them it counts as on time (`domain::callback`).
pub const PLACE_MINUTES: i64 = 15;
/// Nobody is promised a call sooner than this.
const LEAD_MINUTES: i64 = 30;
/// So many days with calls are offered.
const DAYS: usize = 3;
/// Within so many days from today they are looked for.
const SEARCH_DAYS: i64 = 21;

/// A part of a day in which somebody can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The citizen's day.
    pub day: Date,
    /// Which part of it.
    pub part: DayPart,
    /// The quarters of an hour that may be promised, in order; never empty.
    places: Vec<Timestamp>,
}

impl Slot {
    /// Its first place; it names the slot in a form.
    pub fn from(&self) -> Timestamp {
        self.places.first().copied().unwrap_or_default()
    }

    /// The end of its last place.
    pub fn until(&self) -> Timestamp {
        let last = self.places.last().copied().unwrap_or_default();
        last.plus_minutes(PLACE_MINUTES)
    }

    /// The place with the fewest promises, the earliest of those; none if each has as many as callers can keep.
    pub fn freest(&self, booked: &[Timestamp], callers: usize) -> Option<Timestamp> {
        let mut taken: BTreeMap<Timestamp, usize> = self.places.iter().map(|place| (*place, 0)).collect();
        for due in booked {
            if let Some((place, count)) = taken.range_mut(..=*due).next_back()
                && due.seconds_since(*place) < PLACE_MINUTES * 60
            {
                *count += 1;
            }
        }
        let free = taken.into_iter().filter(|(_, count)| *count < per_place(callers));
        free.min_by_key(|(place, count)| (*count, *place))
            .map(|(place, _)| place)
    }
}

/// Promises that fit into one place: half of the callers, the others go on with the queue.
fn per_place(callers: usize) -> usize {
    callers.div_ceil(2).max(1)
}

/// The slots of the next days on which somebody who may be in these zones can be called.
pub fn slots(now: Timestamp, zones: &Zones, hours: &CallingHours) -> Vec<Slot> {
    let home = hours.home(zones);
    let today = home.local(now).date();
    let days = (0..SEARCH_DAYS).filter_map(|ahead| today.checked_add(ahead.days()).ok());
    let of_day = days.map(|day| of_day(day, now.plus_minutes(LEAD_MINUTES), (home, zones), hours));
    let with_calls = of_day.filter(|slots| !slots.is_empty());
    with_calls.take(DAYS).flatten().collect()
}

fn of_day(day: Date, earliest: Timestamp, (home, zones): (&Zone, &Zones), hours: &CallingHours) -> Vec<Slot> {
    let slot = |part: &DayPart| {
        let minutes = part.minutes().step_by(PLACE_MINUTES as usize);
        let places = minutes.filter_map(|minute| instant(home, day, minute));
        let places: Vec<Timestamp> = places
            .filter(|place| *place >= earliest && hours.open_at(*place, zones))
            .collect();
        (!places.is_empty()).then_some(Slot {
            day,
            part: *part,
            places,
        })
    };
    DayPart::ALL.iter().filter_map(slot).collect()
}

/// A minute of the citizen's day; none if the clocks skip it.
fn instant(home: &Zone, day: Date, minute: u16) -> Option<Timestamp> {
    let local = day.to_datetime(jiff::civil::Time::midnight());
    match home.at(local.checked_add(i64::from(minute).minutes()).ok()?) {
        Local::Skipped(_) => None,
        there => Some(there.instant()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calling_hours::Window;

    fn hours() -> CallingHours {
        CallingHours::new(Window::DEFAULT, "America/New_York".parse().unwrap())
    }

    fn denver() -> Zones {
        Zones::from("America/Denver".parse::<Zone>().unwrap())
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn three_days_are_offered_by_the_citizens_clock_and_nothing_that_has_passed() {
        let now = at("2026-04-14T21:10:00Z"); // 3:10 p.m. in Denver
        let found = slots(now, &denver(), &hours());
        let days: Vec<(i8, DayPart)> = found.iter().map(|slot| (slot.day.day(), slot.part)).collect();
        let mut expected = vec![(14, DayPart::Afternoon), (14, DayPart::Evening)];
        for day in [15, 16] {
            expected.extend(DayPart::ALL.iter().map(|part| (day, *part)));
        }
        assert_eq!(days, expected);
        assert_eq!(found[0].from(), at("2026-04-14T21:45:00Z"));
        assert_eq!(found[0].until(), at("2026-04-14T23:00:00Z"));
    }

    #[test]
    fn late_in_the_evening_the_first_day_is_tomorrow() {
        let found = slots(at("2026-04-15T02:45:00Z"), &denver(), &hours());
        assert_eq!((found[0].day.day(), found.len()), (15, 9));
    }

    #[test]
    fn promises_are_spread_and_end_when_callers_could_not_keep_more() {
        let slot = &slots(at("2026-04-14T21:10:00Z"), &denver(), &hours())[1]; // four hours, sixteen places
        let mut booked = Vec::new();
        while let Some(place) = slot.freest(&booked, 3) {
            booked.push(place.plus_minutes(1));
        }
        assert_eq!(booked.len(), 32, "two of three callers' quarters of an hour");
        assert_ne!(booked[0], booked[1]);
        assert!(slot.freest(&booked[1..], 3).is_some());
        assert!(
            slot.freest(&[], 0).is_some(),
            "somebody can always be promised to"
        );
    }
}
