//! What it took to reach each share of the reachable citizens, and the mean over runs.

use super::team::{Played, Reached};
use crate::domain::timestamp::Timestamp;
use std::collections::BTreeSet;

/// Shares that are looked at: every 5 %.
const STEPS: usize = 20;

/// What one share of the reachable citizens took.
#[derive(Clone, Debug)]
pub struct Share {
    /// In percent.
    pub percent: usize,
    /// In how many runs the policy got there; the means are over these.
    pub runs: usize,
    /// Calls; none if the policy never got there.
    pub dials: Option<Mean>,
    /// Hours of work of each caller: reading, dialling, talking, writing up. Waiting is not in it.
    pub hours: Option<Mean>,
    /// Days on the calendar since calling began.
    pub days: Option<Mean>,
}

/// A mean over runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Half the width of its 95 % confidence interval.
    pub ci95: f64,
}

/// One run: dials, hours and days at each step.
pub(super) struct Curve(Vec<Option<[f64; 3]>>);

impl Curve {
    pub(super) fn of(
        played: &Played,
        reachable: &BTreeSet<(usize, usize)>,
        callers: usize,
        start: Timestamp,
    ) -> Self {
        let reached: Vec<&Reached> = played
            .reached
            .iter()
            .filter(|one| reachable.contains(&one.citizen))
            .collect();
        let at = |step: usize| {
            let wanted = (reachable.len() * step).div_ceil(STEPS);
            let last = reached.get(wanted.checked_sub(1)?)?;
            Some([
                f64::from(last.dials),
                last.worked as f64 / 3600.0 / callers as f64,
                last.at.seconds_since(start) as f64 / 86_400.0,
            ])
        };
        Self((1..=STEPS).map(at).collect())
    }
}

/// The means of all runs.
pub(super) fn shares<'a>(runs: impl Iterator<Item = &'a Curve>) -> Vec<Share> {
    let runs: Vec<&Curve> = runs.collect();
    let share = |step: usize| {
        let all: Vec<[f64; 3]> = runs
            .iter()
            .filter_map(|run| run.0.get(step).copied().flatten())
            .collect();
        let mean = |what: fn(&[f64; 3]) -> f64| {
            let values: Vec<f64> = all.iter().map(what).collect();
            (!values.is_empty()).then(|| Mean::of(&values))
        };
        Share {
            percent: (step + 1) * 100 / STEPS,
            runs: all.len(),
            dials: mean(|[dials, ..]| *dials),
            hours: mean(|[_, hours, _]| *hours),
            days: mean(|[.., days]| *days),
        }
    };
    (0..STEPS).map(share).collect()
}

impl Mean {
    /// Of these values; one alone has no interval, it is 0 wide.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let error = if values.len() < 2 {
            0.0
        } else {
            (squares / (n - 1.0) / n).sqrt()
        };
        Self {
            mean,
            ci95: student(values.len()) * error,
        }
    }
}

/// The 97.5 % quantile of Student's t for so many values.
fn student(values: usize) -> f64 {
    const T: [f64; 29] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
        2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048,
        2.045,
    ];
    let freedom = values.saturating_sub(1).max(1);
    // Beyond the table the expansion of Cornish and Fisher is exact to three digits.
    let expanded = || 1.959_964 + 2.372_3 / freedom as f64 + 2.822_5 / (freedom as f64).powi(2);
    T.get(freedom - 1).copied().unwrap_or_else(expanded)
}
