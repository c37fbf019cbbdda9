//! The burn-down: open citizens over time, drawn as SVG on the server from what really happened.

use jiff::tz::TimeZone;

use crate::domain::timestamp::Timestamp;
use crate::web::show::axis::{self, Mark};
use crate::web::show::count::count;
use crate::web::show::time::{clock, moment};

const LEFT: f64 = 52.0;
const RIGHT: f64 = 846.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 266.0;

/// How many citizens were open at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// When.
    pub at: Timestamp,
    /// How many.
    pub count: i64,
}

/// A drawn burn-down: coordinates are those of an 860 × 300 picture.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chart {
    /// What it shows, in a sentence with its numbers.
    pub description: String,
    /// The line.
    pub line: String,
    /// The area under it.
    pub area: String,
    /// Marks on the count axis.
    pub levels: Vec<Mark>,
    /// Marks on the time axis.
    pub hours: Vec<Mark>,
    /// Where the line ends now.
    pub now: Mark,
    /// The height of its end.
    pub now_y: String,
    /// On which side of the end its words stand.
    pub anchor: &'static str,
    /// The same numbers for reading.
    pub rows: Vec<(String, String)>,
}

struct Scale {
    from: Timestamp,
    seconds: i64,
    top: i64,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "a picture 800 units wide")]
    fn x(&self, at: Timestamp) -> f64 {
        LEFT + (RIGHT - LEFT) * at.seconds_since(self.from) as f64 / self.seconds as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "a picture 250 units high")]
    fn y(&self, count: i64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * count as f64 / self.top as f64
    }
}

/// Draws the history, oldest first, the last point being now. Nothing can be drawn of one point.
pub fn draw(history: &[Open], zone: &TimeZone) -> Option<Chart> {
    let (first, now) = (history.first()?, history.last()?);
    if history.len() < 2 || now.at <= first.at {
        return None;
    }
    let highest = history.iter().map(|point| point.count).max()?.max(1);
    let step = axis::level_step(highest);
    let scale = Scale {
        from: first.at,
        seconds: now.at.seconds_since(first.at).max(1800),
        top: highest.div_euclid(step) * step + if highest % step == 0 { 0 } else { step },
    };
    let line = path(history, &scale);
    let (left, right) = (coordinate(scale.x(first.at)), coordinate(scale.x(now.at)));
    Some(Chart {
        description: describe(*first, *now, zone),
        area: format!("{line}L{right} {BOTTOM}L{left} {BOTTOM}Z"),
        line,
        levels: levels(&scale, step),
        hours: hours(&scale, zone),
        now: Mark {
            at: right,
            label: format!("Now {}, {} open", clock(now.at, zone), count(now.count)),
        },
        now_y: coordinate(scale.y(now.count)),
        anchor: if scale.x(now.at) > 260.0 { "end" } else { "start" },
        rows: rows(history, *now, zone),
    })
}

fn coordinate(value: f64) -> String {
    format!("{value:.1}")
}

fn path(history: &[Open], scale: &Scale) -> String {
    let mut line = String::new();
    for point in history {
        let command = if line.is_empty() { 'M' } else { 'L' };
        let (x, y) = (coordinate(scale.x(point.at)), coordinate(scale.y(point.count)));
        line.push_str(&format!("{command}{x} {y}"));
    }
    line
}

fn levels(scale: &Scale, step: i64) -> Vec<Mark> {
    (0..=scale.top / step)
        .map(|index| index * step)
        .map(|level| Mark {
            at: coordinate(scale.y(level)),
            label: count(level),
        })
        .collect()
}

fn hours(scale: &Scale, zone: &TimeZone) -> Vec<Mark> {
    axis::hours(scale.from, scale.seconds, zone)
        .into_iter()
        .map(|(at, label)| (scale.x(at), label))
        .filter(|(x, _)| (LEFT..RIGHT - 24.0).contains(x)) // a label at the very end would be cut off
        .map(|(x, label)| Mark {
            at: coordinate(x),
            label,
        })
        .collect()
}

fn describe(first: Open, now: Open, zone: &TimeZone) -> String {
    format!(
        "Open citizens went from {} at {} to {} at {}",
        count(first.count),
        moment(first.at, now.at, zone),
        count(now.count),
        clock(now.at, zone)
    )
}

/// At most a dozen of the points, evenly chosen, the first and the last among them.
fn rows(history: &[Open], now: Open, zone: &TimeZone) -> Vec<(String, String)> {
    let every = history.len().div_ceil(11).max(1);
    let last = history.len() - 1;
    history
        .iter()
        .enumerate()
        .filter(|(index, _)| index % every == 0 || *index == last)
        .map(|(index, point)| {
            let time = moment(point.at, now.at, zone);
            let time = if index == last {
                format!("{time} (now)")
            } else {
                time
            };
            (time, count(point.count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denver() -> TimeZone {
        TimeZone::get("America/Denver").unwrap()
    }

    fn evening(counts: &[i64]) -> Vec<Open> {
        let start: jiff::Timestamp = "2026-04-15T22:30:00Z".parse().unwrap();
        let start = Timestamp::from_micros(start.as_microsecond());
        let at = |index| start.plus_minutes(30 * i64::try_from(index).unwrap());
        counts
            .iter()
            .enumerate()
            .map(|(i, count)| Open {
                at: at(i),
                count: *count,
            })
            .collect()
    }

    #[test]
    fn one_point_is_no_history() {
        assert!(draw(&[], &denver()).is_none());
        assert!(draw(&evening(&[861]), &denver()).is_none());
    }

    #[test]
    fn the_line_runs_from_the_first_point_to_now() {
        let chart = draw(&evening(&[861, 700, 548, 425, 360]), &denver()).unwrap();
        assert!(chart.line.starts_with("M52.0 "));
        assert!(chart.line.contains("L846.0 "));
        assert_eq!(chart.now.label, "Now 6:30 p.m., 360 open");
        let levels: Vec<_> = chart.levels.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(levels, ["0", "200", "400", "600", "800", "1,000"]);
        let hours: Vec<_> = chart.hours.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(
            hours,
            [
                "4:45 p.m.",
                "5 p.m.",
                "5:15 p.m.",
                "5:30 p.m.",
                "5:45 p.m.",
                "6 p.m.",
                "6:15 p.m."
            ]
        );
        assert_eq!(
            chart.description,
            "Open citizens went from 861 at 4:30 p.m. to 360 at 6:30 p.m."
        );
    }

    #[test]
    fn a_long_history_is_read_in_a_dozen_rows() {
        let counts: Vec<i64> = (0..200).rev().collect();
        let chart = draw(&evening(&counts), &denver()).unwrap();
        assert!(chart.rows.len() <= 12);
        assert!(chart.rows.last().unwrap().0.ends_with("(now)"));
        assert!(chart.hours.len() <= 9);
    }

    #[test]
    fn an_outage_with_everyone_done_draws_its_floor() {
        let chart = draw(&evening(&[3, 0]), &denver()).unwrap();
        assert_eq!(chart.now_y, "266.0");
    }
}
