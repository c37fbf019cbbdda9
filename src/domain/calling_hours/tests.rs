use super::*;
use jiff::civil::date;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(zone_name: &str, day: Date, hour: i8, minute: i8) -> Timestamp {
    zone(zone_name).at(day.at(hour, minute, 0, 0)).instant()
}

fn hours() -> CallingHours {
    CallingHours::new(Window::DEFAULT, zone("America/Denver"))
}

#[test]
fn calls_start_at_eight_and_end_before_nine_in_the_citizens_zone() {
    let new_york = zone("America/New_York").into();
    let day = date(2026, 4, 15);
    assert!(!hours().open_at(at("America/New_York", day, 7, 59), &new_york));
    assert!(hours().open_at(at("America/New_York", day, 8, 0), &new_york));
    assert!(hours().open_at(at("America/New_York", day, 20, 59), &new_york));
    assert!(!hours().open_at(at("America/New_York", day, 21, 0), &new_york));
}

#[test]
fn of_two_zones_the_stricter_rules_at_both_ends() {
    let idaho: Zones = "America/Boise,America/Los_Angeles".parse().unwrap();
    let day = date(2026, 4, 15);
    let late = at("America/Boise", day, 21, 0);
    assert!(!hours().open_at(late, &idaho));
    let next = hours().next_opening(late, &idaho);
    assert_eq!(next, at("America/Los_Angeles", date(2026, 4, 16), 8, 0));
    assert_eq!(
        hours().closing(next, &idaho),
        at("America/Boise", date(2026, 4, 16), 21, 0)
    );
}

#[test]
fn an_unknown_place_is_called_in_the_agencys_business_hours() {
    let day = date(2026, 4, 15);
    assert!(!hours().open_at(at("America/Denver", day, 8, 30), &Zones::unknown()));
    assert!(hours().open_at(at("America/Denver", day, 16, 59), &Zones::unknown()));
    assert!(!hours().open_at(at("America/Denver", day, 17, 0), &Zones::unknown()));
}

#[test]
fn always_is_always() {
    let always = CallingHours::new("00:00-24:00".parse().unwrap(), zone("America/Denver"));
    let night = at("America/Denver", date(2026, 4, 15), 3, 0);
    assert!(always.open_at(night, &Zones::unknown()));
    assert!(always.open_at(night, &zone("Pacific/Guam").into()));
}

#[test]
fn no_call_falls_on_a_federal_holiday() {
    let denver = zone("America/Denver").into();
    let july_2 = at("America/Denver", date(2026, 7, 2), 21, 30);
    let federal = "federal".parse().unwrap();
    let opening = hours().closed_on(federal).next_opening(july_2, &denver);
    assert_eq!(
        opening,
        at("America/Denver", date(2026, 7, 5), 8, 0),
        "July 3 is the day off in 2026"
    );
}

#[test]
fn an_outages_own_days_are_without_calls_where_it_is_already_or_still_that_day() {
    let friday = hours().closed_on("2026-04-17,sundays".parse().unwrap());
    let new_york: Zones = "America/New_York".parse().unwrap();
    let thursday_night = at("America/New_York", date(2026, 4, 16), 21, 0);
    let saturday = at("America/New_York", date(2026, 4, 18), 8, 0);
    assert_eq!(friday.next_opening(thursday_night, &new_york), saturday);
    let saturday_night = at("America/New_York", date(2026, 4, 18), 21, 0);
    let monday = at("America/New_York", date(2026, 4, 20), 8, 0);
    assert_eq!(friday.next_opening(saturday_night, &new_york), monday);
    assert!(friday.is_day_off(at("America/New_York", date(2026, 4, 17), 12, 0), &new_york));
    let far_apart: Zones = "Pacific/Guam,America/New_York".parse().unwrap();
    let friday_in_guam = at("Pacific/Guam", date(2026, 4, 17), 8, 30);
    assert!(
        friday.is_day_off(friday_in_guam, &far_apart),
        "still Thursday in New York"
    );
}

#[test]
fn work_rests_at_night() {
    let agency = hours().agency();
    let evening = at("America/Denver", date(2026, 4, 15), 20, 0);
    let done = |hours_of_work: i64| hours().worked(evening, hours_of_work * 3600, &agency);
    assert_eq!(done(1), Some(at("America/Denver", date(2026, 4, 15), 21, 0)));
    assert_eq!(done(3), Some(at("America/Denver", date(2026, 4, 16), 10, 0)));
    assert_eq!(done(15), Some(at("America/Denver", date(2026, 4, 17), 9, 0)));
    assert_eq!(done(100_000), None);
}

#[test]
fn work_around_the_clock_never_rests() {
    for zone in ["America/New_York", "America/Denver", "America/Phoenix"] {
        let always = CallingHours::new("00:00-24:00".parse().unwrap(), zone.parse().unwrap());
        let evening = at(zone, date(2026, 11, 26), 21, 40);
        let done = always.worked(evening, 9 * 3600, &always.agency());
        assert_eq!(done, Some(at(zone, date(2026, 11, 27), 6, 40)), "{zone}");
    }
}

/// What breaks it: hours that are counted in whole seconds from a moment between two.
#[test]
fn work_that_begins_between_two_seconds_rests_at_night_too() {
    let between = Timestamp::from_micros(at("America/Denver", date(2026, 4, 15), 20, 0).micros() + 500_000);
    let done = hours().worked(between, 3 * 3600, &hours().agency());
    let tomorrow = at("America/Denver", date(2026, 4, 16), 10, 0);
    assert!(
        done.is_some_and(|done| done.seconds_since(tomorrow).abs() <= 1),
        "{done:?}"
    );
}

#[test]
fn a_long_row_of_days_without_calls_ends() {
    let days: Vec<String> = (1..=30).map(|day| format!("2026-04-{day:02}")).collect();
    let april = hours().closed_on(days.join(",").parse().unwrap());
    let denver = zone("America/Denver").into();
    let opening = april.next_opening(at("America/Denver", date(2026, 4, 1), 9, 0), &denver);
    assert_eq!(opening, at("America/Denver", date(2026, 5, 1), 8, 0));
}

#[test]
fn a_window_is_read_as_it_is_written() {
    let window: Window = "08:30-20:00".parse().unwrap();
    assert_eq!(window.to_string(), "08:30-20:00");
    for wrong in ["", "8-21", "21:00-08:00", "08:00-24:01", "08:60-21:00", "08:00"] {
        assert!(wrong.parse::<Window>().is_err(), "{wrong}");
    }
}

/// When calls begin and end on that day, by the clock there.
fn day_of_calls(zone_name: &str, day: Date) -> (String, String) {
    let zones: Zones = zone_name.parse().unwrap();
    let night = at(zone_name, day, 3, 30);
    let opening = hours().next_opening(night, &zones);
    let closing = hours().closing(opening, &zones);
    let home = zone(zone_name);
    (home.clock(opening), home.clock(closing))
}

#[test]
fn both_changes_of_the_clocks_leave_the_day_of_calls_from_eight_to_nine() {
    for day in [date(2026, 3, 8), date(2026, 11, 1)] {
        for place in [
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
            "America/Anchorage",
        ] {
            let (opening, closing) = day_of_calls(place, day);
            assert_eq!(
                (&*opening, &*closing),
                ("8:00 a.m.", "9:00 p.m."),
                "{place} {day}"
            );
        }
    }
}

#[test]
fn arizona_puerto_rico_and_guam_open_at_the_same_instant_of_the_day_all_year() {
    let places = [
        ("America/Phoenix", "3:00 p.m."),
        ("America/Puerto_Rico", "12:00 p.m."),
        ("Pacific/Guam", "10:00 p.m."),
        ("Pacific/Honolulu", "6:00 p.m."),
    ];
    for (place, in_utc) in places {
        for day in [
            date(2026, 3, 7),
            date(2026, 3, 9),
            date(2026, 10, 31),
            date(2026, 11, 2),
        ] {
            let zones: Zones = place.parse().unwrap();
            let opening = hours().next_opening(at(place, day, 3, 30), &zones);
            assert_eq!(Zone::utc().clock(opening), in_utc, "{place} {day}");
        }
    }
}

#[test]
fn the_navajo_nation_is_an_hour_apart_from_the_rest_of_arizona_in_summer_and_the_stricter_rules() {
    let arizona: Zones = "America/Phoenix,America/Denver".parse().unwrap();
    let evening = |month, hour, minute| {
        let there = at("America/Phoenix", date(2026, month, 20), hour, minute);
        hours().open_at(there, &arizona)
    };
    assert!(
        evening(7, 19, 59) && !evening(7, 20, 0),
        "nine o'clock in Window Rock"
    );
    assert!(
        evening(1, 20, 59) && !evening(1, 21, 0),
        "the same clock in winter"
    );
}

#[test]
fn a_retry_over_the_night_of_the_change_is_not_an_hour_early() {
    let denver: Zones = "America/Denver".parse().unwrap();
    for (eve, morning) in [
        (date(2026, 3, 7), date(2026, 3, 8)),
        (date(2026, 10, 31), date(2026, 11, 1)),
    ] {
        let closed = at("America/Denver", eve, 21, 0);
        let opening = hours().next_opening(closed, &denver);
        assert_eq!(opening, at("America/Denver", morning, 8, 0));
    }
}
