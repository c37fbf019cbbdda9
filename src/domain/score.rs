//! Which household comes first within its group: a plain sum, each part with its reason in words.

use serde::{Deserialize, Serialize};

use super::charged::Charged;
use super::timestamp::Timestamp;

/// How much each reason weighs; settings. The unit is the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// For a deadline that is today or past; each later day halves it.
    pub deadline: i64,
    /// For each doubling of the amount above one dollar.
    pub amount_doubling: i64,
    /// Money taken twice.
    pub charged_twice: i64,
    /// Money taken but not recorded.
    pub charged: i64,
    /// For each failed attempt of the citizen after the first, up to five.
    pub failed_attempt: i64,
    /// For each hour since the payment failed, up to three days.
    pub waiting_hour: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            deadline: 400,
            amount_doubling: 10,
            charged_twice: 300,
            charged: 200,
            failed_attempt: 15,
            waiting_hour: 2,
        }
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
}

/// One reason and its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Points.
    pub points: i64,
    /// In words, without names: `Due date tomorrow`.
    pub reason: String,
}

/// The parts of a score that are not zero, the weightiest first.
pub fn parts(pressing: &Pressing, weights: &Weights, now: Timestamp) -> Vec<Part> {
    let mut parts = vec![
        deadline(pressing, weights),
        charged(pressing, weights),
        amount(pressing, weights),
        failed(pressing, weights),
        waiting(pressing, weights, now),
    ];
    parts.retain(|part| part.points != 0);
    parts.sort_by_key(|part| std::cmp::Reverse(part.points));
    parts
}

/// The score: the sum of its parts; more comes first.
pub fn score(pressing: &Pressing, weights: &Weights, now: Timestamp) -> i64 {
    parts(pressing, weights, now).iter().map(|part| part.points).sum()
}

fn deadline(pressing: &Pressing, weights: &Weights) -> Part {
    let Some(days) = pressing.days_to_deadline else {
        return Part {
            points: 0,
            reason: String::new(),
        };
    };
    let halvings = u32::try_from(days.clamp(0, 30)).unwrap_or(0);
    let reason = match days {
        ..0 => "Due date has passed".to_owned(),
        0 => "Due date today".to_owned(),
        1 => "Due date tomorrow".to_owned(),
        days => format!("Due date in {days} days"),
    };
    Part {
        points: weights.deadline >> halvings,
        reason,
    }
}

fn charged(pressing: &Pressing, weights: &Weights) -> Part {
    let (points, reason) = match pressing.charged {
        Charged::ChargedTwice => (weights.charged_twice, "Charged twice"),
        Charged::Charged => (weights.charged, "Charged, but not recorded"),
        Charged::NotCharged | Charged::Unknown => (0, ""),
    };
    Part {
        points,
        reason: reason.to_owned(),
    }
}

fn amount(pressing: &Pressing, weights: &Weights) -> Part {
    let dollars = pressing.amount_cents.unwrap_or(0).max(0) / 100;
    let doublings = i64::from(dollars.checked_ilog2().unwrap_or(0));
    Part {
        points: weights.amount_doubling * doublings,
        reason: "Amount".to_owned(),
    }
}

fn failed(pressing: &Pressing, weights: &Weights) -> Part {
    let more = pressing.failed_attempts.saturating_sub(1).min(5);
    let reason = format!("Payment failed {} times", pressing.failed_attempts);
    Part {
        points: weights.failed_attempt * i64::from(more),
        reason,
    }
}

fn waiting(pressing: &Pressing, weights: &Weights, now: Timestamp) -> Part {
    let hours = (now.seconds_since(pressing.failed_at) / 3600).clamp(0, 72);
    Part {
        points: weights.waiting_hour * hours,
        reason: format!("Waiting for {hours} hours"),
    }
}
