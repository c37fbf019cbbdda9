//! Which household comes first within its group: a plain sum, each part with its reason in words.

use serde::{Deserialize, Serialize};

use super::calling_hours::CallingHours;
use super::chance::{self, Line};
use super::charged::Charged;
use super::timestamp::Timestamp;
use super::zone::Zones;

pub mod order;
#[cfg(test)]
mod tests;

/// How much each reason weighs; settings. The unit is the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// For a deadline that is today or past; each day until then halves it.
    pub deadline: i64,
    /// For each doubling of the amount above one dollar.
    pub amount_doubling: i64,
    /// Money taken twice.
    pub charged_twice: i64,
    /// Money taken but not recorded.
    pub charged: i64,
    /// Nobody knows whether money was taken.
    pub charge_unknown: i64,
    /// For each failed attempt of the citizen after the first, up to five.
    pub failed_attempt: i64,
    /// For each hour since the payment failed, up to three days.
    pub waiting_hour: i64,
    /// For having no address to write to.
    pub no_email: i64,
    /// For each doubling of the chance that somebody answers.
    pub chance_doubling: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            deadline: 400,
            amount_doubling: 10,
            charged_twice: 300,
            charged: 200,
            charge_unknown: 40,
            failed_attempt: 15,
            waiting_hour: 2,
            no_email: 0,
            chance_doubling: 1000,
        }
    }
}

impl Weights {
    /// Each weight by its name in settings.
    pub const fn all(&self) -> [(&'static str, i64); 9] {
        [
            ("deadline", self.deadline),
            ("amount_doubling", self.amount_doubling),
            ("charged_twice", self.charged_twice),
            ("charged", self.charged),
            ("charge_unknown", self.charge_unknown),
            ("failed_attempt", self.failed_attempt),
            ("waiting_hour", self.waiting_hour),
            ("no_email", self.no_email),
            ("chance_doubling", self.chance_doubling),
        ]
    }
}

/// What the score looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressing {
    /// Days from today to the deadline, on the citizen's calendar.
    pub days_to_deadline: Option<i64>,
    /// The amount that failed, in cents.
    pub amount_cents: Option<i64>,
    /// The worst charge state.
    pub charged: Charged,
    /// Transactions that failed.
    pub failed_attempts: u32,
    /// When the payment failed first.
    pub failed_at: Timestamp,
    /// Calls in vain so far, in halves.
    pub half_tries: u32,
    /// They can be written to.
    pub has_email: bool,
}

/// One reason and its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Points.
    pub points: i64,
    /// In words, without names or amounts: `Due date tomorrow`.
    pub reason: String,
}

/// The score: more comes first. Scores are stored and compared, so all households of an outage need the
/// same `as_of`; what changes with the hours changes alike for all and must not be mixed.
pub fn score(pressing: &Pressing, weights: &Weights, as_of: Timestamp) -> i64 {
    parts(pressing, weights, as_of)
        .iter()
        .map(|part| part.points)
        .sum()
}

/// The parts of a score that are not zero, the weightiest first, worded as of that instant.
pub fn parts(pressing: &Pressing, weights: &Weights, as_of: Timestamp) -> Vec<Part> {
    let all = [
        deadline(pressing, weights),
        charged(pressing, weights),
        amount(pressing, weights),
        failed(pressing, weights),
        waiting(pressing, weights, as_of),
        no_email(pressing, weights),
        tried(pressing, weights),
    ];
    let mut parts: Vec<Part> = all
        .into_iter()
        .flatten()
        .filter(|part| part.points != 0)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.points));
    parts
}

/// Why this household now, in one line: what it waits for, then the weightiest reason if it is a strong
/// one. `First call. Due date tomorrow`
pub fn why_now(step: &str, parts: &[Part]) -> String {
    match parts.first().filter(|part| part.points >= STRONG) {
        Some(part) => format!("{step}. {}", part.reason),
        None => step.to_owned(),
    }
}

/// A reason with so many points is worth telling.
const STRONG: i64 = 60;

/// What this hour of the citizen's day adds to a stored score: it changes with the clock, alike for all
/// numbers of a kind in one place, so it is added when a household is chosen.
pub fn hour(line: Line, zones: &Zones, hours: &CallingHours, weights: &Weights, now: Timestamp) -> Part {
    let points = points(weights, chance::doublings_at(line, now, zones, hours));
    let reason = match points {
        ..0 => "Others are likelier to answer at this hour",
        _ => "A good hour to reach them",
    };
    Part {
        points,
        reason: reason.to_owned(),
    }
}

/// What the number of people adds who share a phone and wait: one call may reach several of them.
pub fn together(people: usize, weights: &Weights) -> Part {
    let points = points(weights, chance::doublings_together(people));
    let reason = format!("{people} people at this number");
    Part { points, reason }
}

fn points(weights: &Weights, doublings: f64) -> i64 {
    (weights.chance_doubling as f64 * doublings).round() as i64
}

fn deadline(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    let days = pressing.days_to_deadline?;
    let halvings = u32::try_from(days.clamp(0, 30)).unwrap_or(0);
    let reason = match days {
        ..0 => "Due date has passed".to_owned(),
        0 => "Due date today".to_owned(),
        1 => "Due date tomorrow".to_owned(),
        days => format!("Due date in {days} days"),
    };
    Some(Part {
        points: weights.deadline >> halvings,
        reason,
    })
}

fn charged(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    let (points, reason) = match pressing.charged {
        Charged::ChargedTwice => (weights.charged_twice, "Charged twice"),
        Charged::Charged => (weights.charged, "Charged, but not recorded"),
        Charged::Unknown => (weights.charge_unknown, "May have been charged"),
        Charged::NotCharged => return None,
    };
    Some(Part {
        points,
        reason: reason.to_owned(),
    })
}

fn amount(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    let dollars = pressing.amount_cents? / 100;
    let doublings = i64::from(dollars.checked_ilog2()?);
    Some(Part {
        points: weights.amount_doubling * doublings,
        reason: "Large amount".to_owned(),
    })
}

fn failed(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    let more = pressing.failed_attempts.saturating_sub(1).min(5);
    let reason = format!("Tried to pay {} times", pressing.failed_attempts);
    Some(Part {
        points: weights.failed_attempt * i64::from(more),
        reason,
    })
}

fn waiting(pressing: &Pressing, weights: &Weights, as_of: Timestamp) -> Option<Part> {
    let hours = (as_of.seconds_since(pressing.failed_at) / 3600).clamp(0, 72);
    let reason = match hours {
        1 => "Waiting for an hour".to_owned(),
        hours => format!("Waiting for {hours} hours"),
    };
    Some(Part {
        points: weights.waiting_hour * hours,
        reason,
    })
}

fn no_email(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    (!pressing.has_email).then(|| Part {
        points: weights.no_email,
        reason: "No e-mail on file".to_owned(),
    })
}

fn tried(pressing: &Pressing, weights: &Weights) -> Option<Part> {
    let reason = match pressing.half_tries / 2 {
        0 => "Was busy".to_owned(),
        1 => "Called once in vain".to_owned(),
        tries => format!("Called {tries} times in vain"),
    };
    Some(Part {
        points: points(weights, chance::doublings_after(pressing.half_tries)),
        reason,
    })
}
