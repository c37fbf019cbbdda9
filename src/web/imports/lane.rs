//! The rows of a file beside the outage on one line of time.

use jiff::tz::TimeZone;

use crate::domain::timestamp::Timestamp;
use crate::domain::window::Window;
use crate::outreach::import::Outcome;
use crate::web::show::time::{clock, weekday};

/// Width of the line, and of a mark on it, in units of the drawing; and the room at either end.
const WIDTH: f64 = 440.0;
const MARK: f64 = 2.0;
const ROOM: f64 = 8.0;

/// One line of time: marks for failed and paid rows, and the outage as a band.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// What it shows, in words.
    pub words: String,
    /// Where the band begins, and how wide it is.
    pub band: (String, String),
    /// Where each mark stands, and its class.
    pub marks: Vec<(String, &'static str)>,
}

/// The common scale of several lines.
pub(super) struct Scale {
    from: f64,
    micros: f64,
    window: Window,
}

impl Scale {
    /// From the first to the last row of all, the outage included; nothing without rows.
    pub(super) fn of<'a>(outcomes: impl Iterator<Item = &'a Outcome>, window: Window) -> Option<Self> {
        let spans: Vec<_> = outcomes.filter_map(Outcome::span).collect();
        let first = spans.iter().map(|(first, _)| *first).min()?.min(window.start);
        let last = spans.iter().map(|(_, last)| *last).max()?.max(window.end);
        let from = first.micros() as f64;
        Some(Self {
            from,
            micros: (last.micros() as f64 - from).max(1.0),
            window,
        })
    }

    fn at(&self, at: Timestamp) -> f64 {
        let part = (at.micros() as f64 - self.from) / self.micros;
        ROOM + part * (WIDTH - 2.0 * ROOM)
    }

    /// The line of one reading.
    pub(super) fn lane(&self, outcome: &Outcome) -> Lane {
        let (start, end) = (self.at(self.window.start), self.at(self.window.end));
        let place = |times: &[Timestamp], class: &'static str| {
            let mut places: Vec<String> = times
                .iter()
                .map(|at| format!("{:.0}", (self.at(*at) / MARK).round() * MARK))
                .collect();
            places.sort();
            places.dedup();
            places.into_iter().map(|place| (place, class)).collect::<Vec<_>>()
        };
        let mut marks = place(&outcome.failed_at, "tk--f");
        marks.extend(place(&outcome.paid_at, "tk--p"));
        Lane {
            words: format!(
                "{} of {} payments are in the outage.",
                outcome.inside + outcome.paid_inside,
                outcome.rows()
            ),
            band: (format!("{start:.1}"), format!("{:.1}", (end - start).max(MARK))),
            marks,
        }
    }
}

/// From when to when rows go: `Tue 6:45 p.m. to Wed 1:58 a.m.`
pub(super) fn span(outcome: &Outcome, zone: &TimeZone) -> String {
    let at = |at| format!("{} {}", weekday(at, zone), clock(at, zone));
    match outcome.span() {
        Some((first, last)) if first == last => at(first),
        Some((first, last)) => format!("{} to {}", at(first), at(last)),
        None => "No row can be read so".to_owned(),
    }
}
