//! When to call again: in another part of the day, not too often in one day, inside calling hours.

use jiff::civil::Date;

use super::calling_hours::CallingHours;
use super::day_part::DayPart;
use super::outcome::{GiveUp, Retry};
use super::timestamp::Timestamp;
use super::zone::Zones;

/// A try that counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// When.
    pub at: Timestamp,
    /// Its weight in halves; 2 is a whole try.
    pub halves: u8,
}

/// The calendar a citizen lives by: calling hours in their zones.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// The outage's calling hours.
    pub hours: &'a CallingHours,
    /// The citizen's zones.
    pub zones: &'a Zones,
}

/// Days that are searched for a next try.
const SEARCH_STEPS: usize = 200;

/// All tries in halves.
pub fn halves(tries: &[Try]) -> u32 {
    tries.iter().map(|a_try| u32::from(a_try.halves)).sum()
}

/// Whether enough was tried: so many tries, over so many days, in so many parts of the day (as many
/// as the calling hours allow).
pub fn is_enough(limit: GiveUp, tries: &[Try], calendar: Calendar<'_>) -> bool {
    let mut days: Vec<Date> = tries.iter().map(|a_try| calendar.day(a_try.at)).collect();
    days.sort_unstable();
    days.dedup();
    let parts = calendar
        .parts()
        .filter(|part| used(tries, calendar, *part) > 0)
        .count();
    let wanted = usize::from(limit.day_parts).min(calendar.parts().count());
    halves(tries) >= 2 * u32::from(limit.tries) && days.len() >= usize::from(limit.days) && parts >= wanted
}

/// The earliest moment for the next try after `last`, by the rule of its outcome.
pub fn next_try(rule: &Retry, last: Timestamp, tries: &[Try], calendar: Calendar<'_>) -> Timestamp {
    let earliest = last.plus_minutes(i64::from(rule.after_minutes));
    let mut at = calendar.open_from(earliest);
    for _ in 0..SEARCH_STEPS {
        let full = rule
            .per_day
            .is_some_and(|most| calls_that_day(rule, tries, calendar, at) >= usize::from(most));
        let wrong_part = rule.other_day_part && !is_other_part(tries, calendar, at);
        if !full && !wrong_part {
            return at;
        }
        at = calendar.open_from(calendar.next_part(at));
    }
    calendar.open_from(earliest)
}

/// Tries of at least this rule's weight on the day of `at`.
fn calls_that_day(rule: &Retry, tries: &[Try], calendar: Calendar<'_>, at: Timestamp) -> usize {
    let day = calendar.day(at);
    tries
        .iter()
        .filter(|a_try| a_try.halves >= rule.halves && calendar.day(a_try.at) == day)
        .count()
}

/// Whether `at` lies in one of the parts tried least so far, other than that of the last try.
fn is_other_part(tries: &[Try], calendar: Calendar<'_>, at: Timestamp) -> bool {
    let last = tries.last().and_then(|a_try| calendar.part(a_try.at));
    let others: Vec<DayPart> = calendar.parts().filter(|part| Some(*part) != last).collect();
    let Some(least) = others.iter().map(|part| used(tries, calendar, *part)).min() else {
        return true; // the hours allow no other part
    };
    calendar
        .part(at)
        .is_some_and(|part| others.contains(&part) && used(tries, calendar, part) == least)
}

fn used(tries: &[Try], calendar: Calendar<'_>, part: DayPart) -> u32 {
    tries
        .iter()
        .filter(|a_try| calendar.part(a_try.at) == Some(part))
        .map(|a_try| u32::from(a_try.halves))
        .sum()
}

impl Calendar<'_> {
    fn day(self, at: Timestamp) -> Date {
        self.hours.home(self.zones).local(at).date()
    }

    fn part(self, at: Timestamp) -> Option<DayPart> {
        self.hours.day_part(at, self.zones)
    }

    fn parts(self) -> impl Iterator<Item = DayPart> {
        self.hours.day_parts(self.zones)
    }

    /// `at`, or the next opening after it.
    pub fn open_from(self, at: Timestamp) -> Timestamp {
        self.hours.next_opening(at, self.zones)
    }

    /// The start of the next part of the day (or of the night) after `at`.
    fn next_part(self, at: Timestamp) -> Timestamp {
        self.hours.next_part_start(at, self.zones)
    }
}
