//! The rows of a file beside the outage, drawn as SVG: failures above, below them what succeeded, each on its own scale.

use jiff::tz::TimeZone;

use super::check::number;
use crate::domain::timeline::{Stretch, Timeline};
use crate::domain::timestamp::Timestamp;
use crate::domain::window::Window;
use crate::outreach::import::Report;
use crate::outreach::outages::Outage;
use crate::web::show::axis::{self, Mark};
use crate::web::show::count::{count, counted};
use crate::web::show::time::{clock, weekday, window as from_to};
use crate::web::show::zone;

/// The picture is 880 × 228 units: where its axes stand.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 872.0;
const FAILED: (f64, f64) = (22.0, 128.0);
const SUCCEEDED: (f64, f64) = (154.0, 202.0);
/// A bar with anything in it is so high at least.
const LEAST: f64 = 1.0;
/// Stretches that are shown beside the first and the last with anything in it.
const MARGIN: i64 = 1;
/// Rows of the table at most.
const ROWS: i64 = 16;

/// The picture.
#[derive(Clone, Debug, Default)]
pub struct RowsChart {
    /// How long a stretch is: `5 minutes`.
    pub stretch: String,
    /// How many failed in the outage, and when it was.
    pub inside: String,
    /// How many failed outside it.
    pub outside: String,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// Where the outage begins, and how wide it is.
    pub band: (String, String),
    /// The bars.
    pub bars: Vec<Bar>,
    /// Marks on the scale of what failed, and of what succeeded.
    pub levels: Vec<Mark>,
    /// Marks of time.
    pub hours: Vec<Mark>,
    /// Rows succeeded: their scale is drawn.
    pub any_succeeded: bool,
    /// The same numbers for reading.
    pub rows: Vec<TimeRow>,
    /// Their sums.
    pub sums: [String; 3],
    /// Rows that are not drawn.
    pub farther: Option<String>,
    /// Failures just before or after the outage, which may belong to it.
    pub close: Vec<String>,
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its colour.
    pub class: &'static str,
    /// Its left edge.
    pub x: String,
    /// Its upper edge.
    pub y: String,
    /// How high it is.
    pub height: String,
    /// How wide it is.
    pub width: String,
}

/// A few stretches in numbers.
#[derive(Clone, Debug)]
pub struct TimeRow {
    /// From when to when.
    pub time: String,
    /// Failed in the outage, failed outside it, succeeded.
    pub counts: [String; 3],
}

/// What is drawn.
struct Drawing<'a> {
    timeline: &'a Timeline,
    window: Window,
    zone: TimeZone,
    /// The first and the last instant.
    from: Timestamp,
    until: Timestamp,
}

/// The rows of a report beside the outage; nothing where no row has a time.
pub(super) fn of(report: &Report, outage: &Outage) -> Option<RowsChart> {
    let timeline = report.timeline.as_ref()?;
    let window = Window {
        start: outage.starts_at,
        end: outage.ends_at,
    };
    let (first, last) = (timeline.stretches.first()?.at, timeline.stretches.last()?.at);
    let margin = timeline.minutes * MARGIN;
    let drawing = Drawing {
        timeline,
        window,
        zone: zone(outage),
        from: first.min(window.start).plus_minutes(-margin),
        until: last
            .plus_minutes(timeline.minutes)
            .max(window.end)
            .plus_minutes(margin),
    };
    Some(drawing.chart())
}

impl Drawing<'_> {
    fn chart(&self) -> RowsChart {
        let (start, end) = (self.x(self.window.start), self.x(self.window.end));
        let top = self.top(|one| one.inside + one.outside);
        let top_paid = self.top(|one| one.succeeded);
        let sums = [
            self.sum(|one| one.inside),
            self.sum(|one| one.outside),
            self.sum(|one| one.succeeded),
        ];
        let succeeded = sums.last().is_some_and(|rows| *rows > 0);
        let mut scales = levels(top, FAILED);
        if succeeded {
            scales.extend(levels(top_paid, SUCCEEDED));
        }
        RowsChart {
            stretch: counted(self.timeline.minutes, "minute", "minutes"),
            inside: format!(
                "{} failed in the outage, {}",
                count(self.sum(|one| one.inside)),
                self.when()
            ),
            outside: self.outside(),
            description: self.description(),
            band: (unit(start), unit((end - start).max(LEAST))),
            bars: self.bars(top, top_paid),
            levels: scales,
            hours: self.hours(),
            any_succeeded: succeeded,
            rows: self.rows(),
            sums: sums.map(count),
            farther: self.farther(),
            close: self.close(),
        }
    }

    fn when(&self) -> String {
        from_to(self.window.start, self.window.end, &self.zone)
    }

    fn sum(&self, of: impl Fn(&Stretch) -> u64) -> i64 {
        number(self.timeline.stretches.iter().map(of).sum())
    }

    /// The top of a scale.
    fn top(&self, of: impl Fn(&Stretch) -> u64) -> i64 {
        let highest = self.timeline.stretches.iter().map(of).max().unwrap_or_default();
        let highest = number(highest).max(1);
        let step = axis::level_step(highest);
        highest.div_euclid(step) * step + if highest % step == 0 { 0 } else { step }
    }

    #[expect(clippy::cast_precision_loss, reason = "a picture 800 units wide")]
    fn x(&self, at: Timestamp) -> f64 {
        let part = at.seconds_since(self.from) as f64 / self.until.seconds_since(self.from).max(1) as f64;
        LEFT + (RIGHT - LEFT) * part
    }

    /// Failures in the outage stand under those outside it, where its window cuts a stretch.
    fn bars(&self, top: i64, top_paid: i64) -> Vec<Bar> {
        let mut bars = Vec::new();
        for one in &self.timeline.stretches {
            let until = self.x(one.at.plus_minutes(self.timeline.minutes));
            let place = (self.x(one.at) + 1.0, until - 1.0);
            let foot = bar(&mut bars, ("tk--f", one.inside), place, (FAILED.1, FAILED, top));
            bar(&mut bars, ("tk--o", one.outside), place, (foot, FAILED, top));
            bar(
                &mut bars,
                ("tk--p", one.succeeded),
                place,
                (SUCCEEDED.1, SUCCEEDED, top_paid),
            );
        }
        bars
    }

    fn hours(&self) -> Vec<Mark> {
        let seconds = self.until.seconds_since(self.from);
        let marks = axis::hours(self.from, seconds, &self.zone).into_iter();
        marks
            .map(|(at, label)| (self.x(at), label))
            .filter(|(x, _)| *x < RIGHT - 24.0) // a label at the very end would be cut off
            .map(|(x, label)| Mark { at: unit(x), label })
            .collect()
    }

    fn outside(&self) -> String {
        let Timeline { before, after, .. } = self.timeline;
        match before + after {
            0 => "None failed outside it.".to_owned(),
            all => format!(
                "{} failed outside it: {} before, {} after.",
                count(number(all)),
                count(number(*before)),
                count(number(*after))
            ),
        }
    }

    fn description(&self) -> String {
        let most = self
            .timeline
            .stretches
            .iter()
            .max_by_key(|one| one.inside + one.outside);
        let most = most.map(|one| {
            let failed = count(number(one.inside + one.outside));
            format!(
                " Most failed from {}: {failed}.",
                self.span(one.at, self.timeline.minutes)
            )
        });
        format!(
            "{} failed in the outage, {}. {}{} {} succeeded.",
            count(self.sum(|one| one.inside)),
            self.when(),
            self.outside(),
            most.unwrap_or_default(),
            count(self.sum(|one| one.succeeded))
        )
    }

    /// From when to when, with the day where it is another than the outage's.
    fn span(&self, at: Timestamp, minutes: i64) -> String {
        let (day, of_outage) = (weekday(at, &self.zone), weekday(self.window.start, &self.zone));
        let times = from_to(at, at.plus_minutes(minutes), &self.zone);
        match day == of_outage {
            true => times,
            false => format!("{day} {times}"),
        }
    }

    /// Several stretches a row, so that there are not too many rows; those with nothing in them are left out.
    fn rows(&self) -> Vec<TimeRow> {
        let minutes = self.timeline.minutes;
        let stretches = self.until.seconds_since(self.from) / 60 / minutes;
        let together = [1, 2, 3, 6, 12].into_iter().find(|some| stretches / some <= ROWS);
        let length = minutes * together.unwrap_or(24);
        let start = |at: Timestamp| {
            let micros = length * 60_000_000;
            Timestamp::from_micros(at.micros().div_euclid(micros) * micros)
        };
        let mut rows: Vec<(Timestamp, [u64; 3])> = Vec::new();
        for one in &self.timeline.stretches {
            if rows.last().is_none_or(|(at, _)| *at != start(one.at)) {
                rows.push((start(one.at), [0; 3]));
            }
            if let Some((_, [inside, outside, succeeded])) = rows.last_mut() {
                *inside += one.inside;
                *outside += one.outside;
                *succeeded += one.succeeded;
            }
        }
        rows.into_iter()
            .map(|(at, counts)| TimeRow {
                time: self.span(at, length),
                counts: counts.map(|rows| count(number(rows))),
            })
            .collect()
    }

    fn farther(&self) -> Option<String> {
        let farther = number(self.timeline.farther);
        (farther > 0).then(|| {
            let rows = counted(farther, "row is", "rows are");
            format!("{rows} too far from the outage to be drawn.")
        })
    }

    fn close(&self) -> Vec<String> {
        let (before, after) = self.timeline.close(&self.window);
        let (start, end) = (self.window.start, self.window.end);
        let told = |failed: u64, at: Timestamp, side: &str| {
            let failed = count(number(failed));
            let until = at.plus_minutes(5);
            format!(
                "{failed} failed from {}, just {side}",
                from_to(at, until, &self.zone)
            )
        };
        let before = before.map(|failed| {
            let began = format!("before the outage began at {}", clock(start, &self.zone));
            told(failed, start.plus_minutes(-5), &began)
        });
        let after = after.map(|failed| {
            let ended = format!("after the outage ended at {}", clock(end, &self.zone));
            told(failed, end, &ended)
        });
        before.into_iter().chain(after).collect()
    }
}

/// Adds a bar of so many rows on its foot, if there are any; answers where it ends.
#[expect(clippy::cast_precision_loss, reason = "a picture 100 units high")]
fn bar(
    bars: &mut Vec<Bar>,
    (class, rows): (&'static str, u64),
    (left, right): (f64, f64),
    (foot, (upper, lower), top): (f64, (f64, f64), i64),
) -> f64 {
    if rows == 0 {
        return foot;
    }
    let height = ((lower - upper) * rows as f64 / top as f64).max(LEAST);
    bars.push(Bar {
        class,
        x: unit(left),
        y: unit(foot - height),
        height: unit(height),
        width: unit((right - left).max(LEAST)),
    });
    foot - height
}

/// Nothing, half and all of a scale.
#[expect(clippy::cast_precision_loss, reason = "a picture 100 units high")]
fn levels(top: i64, (upper, lower): (f64, f64)) -> Vec<Mark> {
    let halves: &[i64] = if top % 2 == 0 { &[0, 1, 2] } else { &[0, 2] };
    let mark = |half: &i64| Mark {
        at: unit(lower - (lower - upper) * *half as f64 / 2.0),
        label: count(top * half / 2),
    };
    halves.iter().map(mark).collect()
}

fn unit(value: f64) -> String {
    format!("{value:.1}")
}
