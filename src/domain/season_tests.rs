//! Both changes of the clocks in 2026, and places that do not take part.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::callback::{QuickPick, quick_picks};
use super::calling_hours::{CallingHours, Window};
use super::timestamp::Timestamp;
use super::zone::{Local, Zone, Zones};

const PLACES: [&str; 8] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Indiana/Indianapolis",
    "America/Puerto_Rico",
    "America/St_Johns",
    "Pacific/Guam",
];

fn days() -> impl Iterator<Item = Date> {
    let changes = [date(2026, 3, 8), date(2026, 11, 1)];
    changes
        .into_iter()
        .flat_map(|day| (-2..3).map(move |n| day.checked_add(n.days()).unwrap()))
}

fn at(zone: &Zone, day: Date, hour: i8, minute: i8) -> Timestamp {
    zone.at(day.at(hour, minute, 0, 0)).instant()
}

#[test]
fn calls_start_at_eight_and_end_at_nine_by_the_citizens_clock_through_both_changes() {
    let hours = CallingHours::new(Window::DEFAULT, "America/Denver".parse().unwrap());
    for place in PLACES {
        let zone: Zone = place.parse().unwrap();
        let zones = Zones::from(zone.clone());
        for day in days() {
            let opening = hours.next_opening(at(&zone, day, 0, 0), &zones);
            assert_eq!(opening, at(&zone, day, 8, 0), "{place} {day}");
            assert_eq!(
                hours.closing(opening, &zones),
                at(&zone, day, 21, 0),
                "{place} {day}"
            );
            for quarter in 0..100 {
                let moment = at(&zone, day, 0, 0).plus_minutes(15 * quarter);
                let open = Window::DEFAULT.holds(zone.minute_of_day(moment));
                assert_eq!(
                    hours.open_at(moment, &zones),
                    open,
                    "{place} {}",
                    zone.local(moment)
                );
            }
        }
    }
}

#[test]
fn a_promise_for_tomorrow_is_kept_by_the_clock_and_not_by_the_hour_count() {
    let hours = CallingHours::new(Window::DEFAULT, "America/Denver".parse().unwrap());
    for place in PLACES {
        let zone: Zone = place.parse().unwrap();
        for day in days() {
            let picks = quick_picks(at(&zone, day, 19, 44), &zone.clone().into(), &hours);
            let (_, morning) = picks
                .iter()
                .find(|(pick, _)| *pick == QuickPick::TomorrowMorning)
                .unwrap();
            let local = zone.local(*morning);
            assert_eq!(
                (local.date(), local.hour(), local.minute()),
                (day.checked_add(1.day()).unwrap(), 9, 0)
            );
        }
    }
}

#[test]
fn the_clocks_change_where_they_do_and_nowhere_else() {
    for place in PLACES {
        let zone: Zone = place.parse().unwrap();
        let keeps_one_time = ["Phoenix", "Puerto_Rico", "Guam"]
            .iter()
            .any(|name| place.ends_with(name));
        let skipped = matches!(zone.at(date(2026, 3, 8).at(2, 30, 0, 0)), Local::Skipped(_));
        let doubled = matches!(zone.at(date(2026, 11, 1).at(1, 30, 0, 0)), Local::Twice { .. });
        assert_eq!((skipped, doubled), (!keeps_one_time, !keeps_one_time), "{place}");
    }
}
