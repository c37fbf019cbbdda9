//! When to call again: in another part of the day, not too often in one day, inside calling hours.

use jiff::civil::Date;

use super::calling_hours::CallingHours;
use super::chance::Line;
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
    /// What kind of number they have.
    pub line: Line,
}

/// Parts of days that are searched for a next try; a day has at most three.
const SEARCH_PARTS: usize = 60;

/// All tries in halves.
pub fn halves(tries: &[Try]) -> u32 {
    tries.iter().map(|a_try| u32::from(a_try.halves)).sum()
}

/// Whether enough was tried: so many tries, over so many days, in so many parts of the day (as many
/// as the calling hours allow). Twice the tries are enough wherever they fell.
pub fn is_enough(limit: GiveUp, tries: &[Try], calendar: Calendar<'_>) -> bool {
    let (made, wanted) = (halves(tries), 2 * u32::from(limit.tries));
    made >= wanted && (made >= 2 * wanted || are_spread(limit, tries, calendar))
}

fn are_spread(limit: GiveUp, tries: &[Try], calendar: Calendar<'_>) -> bool {
    let Some(last) = tries.last() else { return false };
    let mut days: Vec<Date> = tries.iter().map(|a_try| calendar.day(a_try.at)).collect();
    days.sort_unstable();
    days.dedup();
    let possible = calendar.parts(last.at);
    let parts = possible
        .iter()
        .filter(|part| used(tries, calendar, **part) > 0)
        .count();
    days.len() >= usize::from(limit.days) && parts >= possible.len().min(usize::from(limit.day_parts))
}

/// A likelier hour is waited for, within so many hours of the first that is allowed.
const PATIENCE_HOURS: i64 = 24;

/// The moment for the next try after `last`, by the rule of its outcome: the first that is allowed, or, if
/// the rule wants another part of the day, within a day of it the hour at which they are likeliest to answer.
pub fn next_try(rule: &Retry, last: Timestamp, tries: &[Try], calendar: Calendar<'_>) -> Timestamp {
    let earliest = calendar.open_from(last.plus_minutes(i64::from(rule.after_minutes)));
    let mut best: Option<(f64, Timestamp)> = None;
    let mut at = earliest;
    for _ in 0..SEARCH_PARTS {
        if !is_day_full(rule, tries, calendar, at) && !is_wrong_part(rule, tries, calendar, at) {
            if !rule.other_day_part {
                return at;
            }
            let (chance, hour) = calendar.best_hour(at);
            if best.is_none_or(|(most, _)| chance > most) {
                best = Some((chance, hour));
            }
        }
        at = calendar.open_from(calendar.next_part(at));
        if best.is_some() && at > earliest.plus_hours(PATIENCE_HOURS) {
            break;
        }
    }
    best.map_or(earliest, |(_, at)| at)
}

/// Whether the day of `at` has seen as many tries of at least this rule's weight as it may.
fn is_day_full(rule: &Retry, tries: &[Try], calendar: Calendar<'_>, at: Timestamp) -> bool {
    let Some(most) = rule.per_day else { return false };
    let day = calendar.day(at);
    let that_day = |a_try: &&Try| a_try.halves >= rule.halves && calendar.day(a_try.at) == day;
    tries.iter().filter(that_day).count() >= usize::from(most)
}

/// Whether the rule wants another part of the day than that of `at`: not that of the last try, and one that
/// was not tried yet while there is any.
fn is_wrong_part(rule: &Retry, tries: &[Try], calendar: Calendar<'_>, at: Timestamp) -> bool {
    if !rule.other_day_part {
        return false;
    }
    let last = tries.last().and_then(|a_try| calendar.part(a_try.at));
    let mut others = calendar.parts(at);
    others.retain(|part| Some(*part) != last);
    if others.is_empty() {
        return false; // the hours allow no other part
    }
    let is_fresh = |part: &DayPart| used(tries, calendar, *part) == 0;
    if others.iter().any(is_fresh) {
        others.retain(is_fresh);
    }
    !calendar.part(at).is_some_and(|part| others.contains(&part))
}

/// Half tries in that part of the day.
fn used(tries: &[Try], calendar: Calendar<'_>, part: DayPart) -> u32 {
    let in_part = tries.iter().filter(|a_try| calendar.part(a_try.at) == Some(part));
    in_part.map(|a_try| u32::from(a_try.halves)).sum()
}

impl Calendar<'_> {
    /// `at`, or the next opening after it.
    pub fn open_from(self, at: Timestamp) -> Timestamp {
        self.hours.next_opening(at, self.zones)
    }

    fn day(self, at: Timestamp) -> Date {
        self.hours.home(self.zones).local(at).date()
    }

    fn part(self, at: Timestamp) -> Option<DayPart> {
        self.hours.day_part(at, self.zones)
    }

    fn parts(self, near: Timestamp) -> Vec<DayPart> {
        self.hours.day_parts(near, self.zones)
    }

    /// The likeliest hour from `at` to the end of that part of the day, with its chance.
    fn best_hour(self, at: Timestamp) -> (f64, Timestamp) {
        let home = self.hours.home(self.zones);
        let chance = |at: Timestamp| (self.line.index(home.local(at)), at);
        let part = self.part(at);
        let full_hour = at.plus_minutes(-i64::from(home.minute_of_day(at) % 60));
        let later = (1..).map(|hours| full_hour.plus_hours(hours));
        let rest = later.take_while(|at| self.part(*at) == part && self.hours.open_at(*at, self.zones));
        rest.map(chance)
            .fold(chance(at), |best, hour| if hour.0 > best.0 { hour } else { best })
    }

    fn next_part(self, at: Timestamp) -> Timestamp {
        self.hours.next_part_start(at, self.zones)
    }
}
