//! When a citizen can ask to be called: places of a quarter of an hour on the next days, each for no more promises than
//! callers can keep.

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

/// A day on which somebody can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotDay {
    /// The citizen's day.
    pub day: Date,
    /// The times that may be promised, each for a quarter of an hour, in order.
    pub places: Vec<Timestamp>,
}

impl SlotDay {
    /// The end of its last place.
    fn until(&self) -> Option<Timestamp> {
        Some(self.places.last()?.plus_minutes(PLACE_MINUTES))
    }

    /// Leaves the places out that have as many promises as callers can keep.
    fn keep_free(&mut self, booked: &[Timestamp], callers: usize) {
        let mut taken: BTreeMap<Timestamp, usize> = self.places.iter().map(|place| (*place, 0)).collect();
        for due in booked {
            if let Some((place, count)) = taken.range_mut(..=*due).next_back()
                && due.seconds_since(*place) < PLACE_MINUTES * 60
            {
                *count += 1;
            }
        }
        let most = per_place(callers);
        self.places
            .retain(|place| taken.get(place).is_some_and(|count| *count < most));
    }
}

/// Promises that fit into one place: half of the callers, the others go on with the queue.
fn per_place(callers: usize) -> usize {
    callers.div_ceil(2).max(1)
}

/// The next days on which somebody who may be in these zones can be called, and when on them.
pub fn days(now: Timestamp, zones: &Zones, hours: &CallingHours) -> Vec<SlotDay> {
    let home = hours.home(zones);
    let today = home.local(now).date();
    let days = (0..SEARCH_DAYS).filter_map(|ahead| today.checked_add(ahead.days()).ok());
    let of_day = days.map(|day| of_day(day, now.plus_minutes(LEAD_MINUTES), (home, zones), hours));
    let with_calls = of_day.filter(|day| !day.places.is_empty());
    with_calls.take(DAYS).collect()
}

/// One day of theirs, whether or not somebody can be called on it.
pub fn on(day: Date, now: Timestamp, zones: &Zones, hours: &CallingHours) -> SlotDay {
    let earliest = now.plus_minutes(LEAD_MINUTES);
    of_day(day, earliest, (hours.home(zones), zones), hours)
}

/// From the first place of these days until the end of the last one.
pub fn span(days: &[SlotDay]) -> Option<(Timestamp, Timestamp)> {
    let from = days.first()?.places.first()?;
    Some((*from, days.last()?.until()?))
}

/// What is left of these days for one more promise, beside those that are booked.
pub fn free(mut days: Vec<SlotDay>, booked: &[Timestamp], callers: usize) -> Vec<SlotDay> {
    for day in &mut days {
        day.keep_free(booked, callers);
    }
    days.retain(|day| !day.places.is_empty());
    days
}

/// The two free times that are nearest to a wish, in order.
pub fn nearest(free: &[SlotDay], wish: Timestamp) -> Vec<Timestamp> {
    let mut places: Vec<Timestamp> = free.iter().flat_map(|day| day.places.iter().copied()).collect();
    places.sort_by_key(|place| place.seconds_since(wish).abs());
    places.truncate(2);
    places.sort();
    places
}

fn of_day(day: Date, earliest: Timestamp, (home, zones): (&Zone, &Zones), hours: &CallingHours) -> SlotDay {
    let minutes = DayPart::ALL.iter().flat_map(|part| part.minutes());
    let minutes = minutes.step_by(PLACE_MINUTES as usize);
    let places = minutes.filter_map(|minute| instant(home, day, minute));
    let places = places.filter(|place| *place >= earliest && hours.open_at(*place, zones));
    SlotDay {
        day,
        places: places.collect(),
    }
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
        let found = days(now, &denver(), &hours());
        let offered: Vec<(i8, usize)> = found
            .iter()
            .map(|day| (day.day.day(), day.places.len()))
            .collect();
        assert_eq!(
            offered,
            [(14, 21), (15, 52), (16, 52)],
            "quarters of an hour until nine"
        );
        assert_eq!(found[0].places[0], at("2026-04-14T21:45:00Z"));
        assert_eq!(
            span(&found).unwrap(),
            (at("2026-04-14T21:45:00Z"), at("2026-04-17T03:00:00Z"))
        );
    }

    #[test]
    fn late_in_the_evening_the_first_day_is_tomorrow() {
        let found = days(at("2026-04-15T02:45:00Z"), &denver(), &hours());
        assert_eq!((found[0].day.day(), found.len()), (15, 3));
    }

    #[test]
    fn a_day_is_looked_at_by_itself_also_when_nothing_is_left_of_it() {
        let now = at("2026-04-15T02:45:00Z"); // 8:45 p.m. in Denver
        let today = on("2026-04-14".parse().unwrap(), now, &denver(), &hours());
        assert!(today.places.is_empty());
        let later = on("2026-04-20".parse().unwrap(), now, &denver(), &hours());
        assert_eq!(later.places.len(), 52);
    }

    #[test]
    fn a_time_is_free_until_callers_could_not_keep_more() {
        let all = days(at("2026-04-14T21:10:00Z"), &denver(), &hours());
        let five = at("2026-04-14T23:00:00Z");
        let offers = |booked: &[Timestamp], callers| {
            let free = free(all.clone(), booked, callers);
            free.iter().any(|day| day.places.contains(&five))
        };
        let one = five.plus_minutes(1); // promised by a caller, at a time of their own
        assert!(offers(&[one], 3), "two of three callers can call at once");
        assert!(!offers(&[one, five], 3));
        assert!(offers(&[], 0), "somebody can always be promised to");
        assert!(!offers(&[five], 0));
    }

    #[test]
    fn the_two_nearest_free_times_are_known_on_either_side() {
        let all = days(at("2026-04-14T21:10:00Z"), &denver(), &hours());
        let five = at("2026-04-14T23:00:00Z");
        let left = free(all, &[five], 1);
        assert_eq!(
            nearest(&left, five),
            [five.plus_minutes(-15), five.plus_minutes(15)]
        );
        let early = at("2026-04-14T21:15:00Z");
        assert_eq!(
            nearest(&left, early),
            [early.plus_minutes(30), early.plus_minutes(45)]
        );
    }
}
