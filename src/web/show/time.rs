//! Instants as people in the outage's time zone read them.

use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};

use crate::domain::timestamp::Timestamp;

fn zoned(at: Timestamp, zone: &TimeZone) -> Zoned {
    Instant::from_microsecond(at.micros())
        .unwrap_or(Instant::UNIX_EPOCH)
        .to_zoned(zone.clone())
}

fn half_day(time: &Zoned) -> &'static str {
    if time.hour() < 12 { "a.m." } else { "p.m." }
}

/// The time of day: `7:42 p.m.`
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let time = zoned(at, zone);
    format!("{} {}", time.strftime("%-I:%M"), half_day(&time))
}

/// The time of day with seconds: `7:42:05 p.m.`
pub fn clock_seconds(at: Timestamp, zone: &TimeZone) -> String {
    let time = zoned(at, zone);
    format!("{} {}", time.strftime("%-I:%M:%S"), half_day(&time))
}

/// The time, with as much of the date as `now` makes necessary: `7:42 p.m.` today,
/// `Thu 11:07 a.m.` within six days, else `Apr 14, 7:42 p.m.`, with the year if it is another.
pub fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (time, today) = (zoned(at, zone), zoned(now, zone));
    let days = (at.seconds_since(now)).abs() / 86_400;
    let clock = clock(at, zone);
    if time.date() == today.date() {
        clock
    } else if days < 6 {
        format!("{} {clock}", time.strftime("%a"))
    } else if time.year() == today.year() {
        format!("{}, {clock}", time.strftime("%b %-d"))
    } else {
        format!("{}, {clock}", time.strftime("%b %-d, %Y"))
    }
}

/// The day before a time of day: `Tue, Nov 24,`.
pub fn weekday(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).strftime("%a, %b %-d,").to_string()
}

/// The date alone: `April 14, 2027`.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).strftime("%B %-d, %Y").to_string()
}

/// As `<input type="datetime-local">` wants it: `2027-04-14T13:04`.
pub fn input(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// From one time to another on the same day or not: `1:04 to 1:26 p.m.`
pub fn window(start: Timestamp, end: Timestamp, zone: &TimeZone) -> String {
    let (from, to) = (zoned(start, zone), zoned(end, zone));
    if from.date() != to.date() {
        return format!(
            "{} {} to {} {}",
            from.strftime("%b %-d"),
            clock(start, zone),
            to.strftime("%b %-d"),
            clock(end, zone)
        );
    }
    if half_day(&from) == half_day(&to) {
        return format!("{} to {}", from.strftime("%-I:%M"), clock(end, zone));
    }
    format!("{} to {}", clock(start, zone), clock(end, zone))
}

/// A length of time: `22 minutes`, `2 h 5 min`, `3 days`. Shorter than a minute is `under a minute`.
pub fn span(seconds: i64) -> String {
    match seconds.max(0) / 60 {
        0 => "under a minute".to_owned(),
        1 => "1 minute".to_owned(),
        minutes @ ..60 => format!("{minutes} minutes"),
        minutes @ ..1440 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes @ ..1440 => format!("{} h {} min", minutes / 60, minutes % 60),
        minutes @ ..2880 => format!("1 day {} h", minutes / 60 % 24),
        minutes => format!("{} days", minutes / 1440),
    }
}

/// [`span`] for badges, where minutes are `min`.
pub fn short_span(seconds: i64) -> String {
    match seconds.max(0) / 60 {
        minutes @ ..60 => format!("{minutes} min"),
        _ => span(seconds),
    }
}

/// When a promise is due, seen from now, and how loud to say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// `22 min late`, `in 8 min`, `due now`.
    pub text: String,
    /// The badge's colour: `badge--bad` when late, `badge--warn` when near, else none.
    pub badge: &'static str,
}

/// How far a due time is away; under a quarter of an hour is near.
pub fn due(at: Timestamp, now: Timestamp) -> Due {
    let seconds = at.seconds_since(now);
    let (text, badge) = match seconds {
        ..=-60 => (format!("{} late", short_span(-seconds)), "badge--bad"),
        -59..60 => ("due now".to_owned(), "badge--warn"),
        60..900 => (format!("in {}", short_span(seconds)), "badge--warn"),
        _ => (format!("in {}", short_span(seconds)), ""),
    };
    Due { text, badge }
}

/// Minutes of the day as a clock: `480` is `8:00 a.m.`, `1440` is midnight.
pub fn minute_of_day(minute: i64) -> String {
    let minute = minute.rem_euclid(1440);
    let (hour, rest) = (minute / 60, minute % 60);
    let half = if hour < 12 { "a.m." } else { "p.m." };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{hour}:{rest:02} {half}")
}

/// Minutes of the day as `<input type="time">` wants them; the end of the day is `23:59`.
pub fn minute_input(minute: i64) -> String {
    let minute = minute.clamp(0, 1439);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denver() -> TimeZone {
        TimeZone::get("America/Denver").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<Instant>().unwrap().as_microsecond())
    }

    #[test]
    fn the_clock_is_the_zones() {
        assert_eq!(clock(at("2026-04-15T18:40:00Z"), &denver()), "12:40 p.m.");
        assert_eq!(
            clock_seconds(at("2026-04-15T06:00:09Z"), &denver()),
            "12:00:09 a.m."
        );
    }

    #[test]
    fn another_day_is_named_and_another_year_too() {
        let now = at("2026-04-15T18:40:00Z");
        assert_eq!(moment(now, now, &denver()), "12:40 p.m.");
        assert_eq!(
            moment(at("2026-04-16T17:07:00Z"), now, &denver()),
            "Thu 11:07 a.m."
        );
        assert_eq!(
            moment(at("2026-05-01T17:07:00Z"), now, &denver()),
            "May 1, 11:07 a.m."
        );
        assert_eq!(
            moment(at("2025-05-01T17:07:00Z"), now, &denver()),
            "May 1, 2025, 11:07 a.m."
        );
    }

    #[test]
    fn a_window_says_its_half_of_the_day_once() {
        let zone = denver();
        assert_eq!(
            window(at("2026-04-15T19:04:00Z"), at("2026-04-15T19:26:00Z"), &zone),
            "1:04 to 1:26 p.m."
        );
        assert_eq!(
            window(at("2026-04-15T17:50:00Z"), at("2026-04-15T18:10:00Z"), &zone),
            "11:50 a.m. to 12:10 p.m."
        );
        assert_eq!(
            window(at("2026-04-15T05:50:00Z"), at("2026-04-15T06:10:00Z"), &zone),
            "Apr 14 11:50 p.m. to Apr 15 12:10 a.m."
        );
    }

    #[test]
    fn late_is_loud_and_far_is_quiet() {
        let now = at("2026-04-15T18:40:00Z");
        assert_eq!(
            due(now.plus_minutes(-22), now),
            Due {
                text: "22 min late".into(),
                badge: "badge--bad"
            }
        );
        assert_eq!(
            due(now.plus_minutes(8), now),
            Due {
                text: "in 8 min".into(),
                badge: "badge--warn"
            }
        );
        assert_eq!(
            due(now.plus_minutes(33), now),
            Due {
                text: "in 33 min".into(),
                badge: ""
            }
        );
        assert_eq!(due(now.plus_seconds(5), now).text, "due now");
    }

    #[test]
    fn lengths_are_words() {
        assert_eq!(span(30), "under a minute");
        assert_eq!(span(22 * 60), "22 minutes");
        assert_eq!(span(125 * 60), "2 h 5 min");
        assert_eq!(span(3 * 86_400), "3 days");
    }

    #[test]
    fn calling_hours_read_as_clocks() {
        assert_eq!(minute_of_day(480), "8:00 a.m.");
        assert_eq!(minute_of_day(1260), "9:00 p.m.");
        assert_eq!(minute_of_day(1440), "12:00 a.m.");
        assert_eq!(minute_input(1440), "23:59");
    }
}
