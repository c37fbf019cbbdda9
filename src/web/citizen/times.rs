//! The free times for a call, as the page offers them: day by day, by the citizen's clock.

use super::page::{Day, PartOfDay, TimeChoice};
use crate::domain::day_part::DayPart;
use crate::domain::slot::{SlotDay, nearest};
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::{Zone, calendar};
use crate::mail::clean::capital;

/// How times are said to a citizen.
#[derive(Clone, Copy)]
pub(super) struct Clock<'a> {
    pub(super) home: &'a Zone,
    pub(super) language: Language,
    pub(super) now: Timestamp,
}

impl Clock<'_> {
    /// `5:30 p.m.`
    fn time(self, at: Timestamp) -> String {
        let local = self.home.local(at);
        self.language.time(local.hour(), local.minute())
    }

    /// `1:09 p.m.`, `la 1:09 p. m.`
    pub(super) fn clock(self, at: Timestamp) -> String {
        let local = self.home.local(at);
        self.language.clock(local.hour(), local.minute())
    }

    fn day(self, day: jiff::civil::Date) -> String {
        let date = calendar(day);
        match day == self.home.local(self.now).date() {
            true => self.language.today(date),
            false => capital(&self.language.weekday(date)),
        }
    }

    /// The free times by day; the day of what is chosen is open, else that of the nearest free time, else the first.
    pub(super) fn days(self, free: &[SlotDay], chosen: Option<Timestamp>) -> Vec<Day> {
        let wanted = chosen.and_then(|wish| nearest(free, wish).first().copied());
        let holds = |day: &SlotDay| wanted.is_some_and(|at| day.places.contains(&at));
        let open = free.iter().position(holds).unwrap_or(0);
        let days = free.iter().enumerate();
        days.map(|(at, day)| self.one_day(day, at == open, chosen))
            .collect()
    }

    fn one_day(self, day: &SlotDay, open: bool, chosen: Option<Timestamp>) -> Day {
        let part = |part: &DayPart| {
            let minutes = part.minutes();
            let places = day.places.iter();
            let places = places.filter(|at| minutes.contains(&self.home.minute_of_day(**at)));
            let times: Vec<TimeChoice> = places.map(|at| self.choice(*at, chosen)).collect();
            (!times.is_empty()).then(|| PartOfDay {
                name: self.part(*part),
                times,
            })
        };
        Day {
            name: self.day(day.day),
            free: day.places.len(),
            open,
            parts: DayPart::ALL.iter().filter_map(part).collect(),
        }
    }

    fn choice(self, at: Timestamp, chosen: Option<Timestamp>) -> TimeChoice {
        TimeChoice {
            value: at.micros().to_string(),
            time: self.time(at),
            chosen: chosen == Some(at),
        }
    }

    fn part(self, part: DayPart) -> &'static str {
        let t = self.language.citizen();
        let words = match part {
            DayPart::Morning => t.morning,
            DayPart::Afternoon => t.afternoon,
            DayPart::Evening => t.evening,
        };
        words.text()
    }

    /// The free times that are nearest to one that is not: `Thursday, April 15, 5:15 p.m.`
    pub(super) fn nearest(self, free: &[SlotDay], wish: Timestamp) -> Vec<String> {
        let day = |at: Timestamp| self.day(self.home.local(at).date());
        let told = |at: Timestamp| self.language.day_and_time(&day(at), &self.time(at));
        nearest(free, wish).into_iter().map(told).collect()
    }
}
