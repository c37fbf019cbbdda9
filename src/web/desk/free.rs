//! The free times of a day, as the callback panel offers them: by part of the day, on the citizen's clock.

use super::form::{FreeDay, FreePart, FreeTime};
use crate::domain::day_part::DayPart;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::domain::zone::{Zone, calendar};
use crate::outreach::free_times::FreeTimes;

/// The day. One of its times is chosen, and its part unfolded, where it was `pressed` and no chip means the same.
pub fn day(times: &FreeTimes, home: &Zone, pressed: &str, chip: bool) -> FreeDay {
    let date = times.day.day;
    let part_of = |at: Timestamp| DayPart::of(home.minute_of_day(at));
    let part = |part: &DayPart| {
        let places = times.day.places.iter().filter(|at| part_of(**at) == Some(*part));
        let shown_times: Vec<FreeTime> = places.map(|at| time(times, home, *at, pressed, chip)).collect();
        (!shown_times.is_empty()).then(|| FreePart {
            name: name(*part),
            free: shown_times.iter().filter(|time| !time.value.is_empty()).count(),
            open: shown_times.iter().any(|time| time.checked),
            times: shown_times,
        })
    };
    FreeDay {
        date: date.to_string(),
        name: Language::english().weekday(calendar(date)),
        parts: DayPart::ALL.iter().filter_map(part).collect(),
    }
}

fn time(times: &FreeTimes, home: &Zone, at: Timestamp, pressed: &str, chip: bool) -> FreeTime {
    let value = match times.free.contains(&at) {
        true => at.micros().to_string(),
        false => String::new(),
    };
    let local = home.local(at);
    FreeTime {
        label: local.strftime("%-I:%M").to_string(),
        time: local.strftime("%H:%M").to_string(),
        checked: !chip && !value.is_empty() && value == pressed,
        value,
    }
}

const fn name(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "Morning",
        DayPart::Afternoon => "Afternoon",
        DayPart::Evening => "Evening",
    }
}
