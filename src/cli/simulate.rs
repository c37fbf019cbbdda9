//! `makegood simulate`

use super::{Answer, Problem, Result};
use crate::simulation::{Mean, Plan, Policy, Share, simulate};
use clap::Args;
use serde_json::{Value, json};

#[derive(Args)]
pub(super) struct Simulate {
    /// How many citizens have to be reached
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    citizens: u32,
    /// How many callers work
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    callers: u32,
    /// makegood, fixed-order, cool-down, lead-recycle or oracle
    #[arg(long)]
    policy: Policy,
    /// The first seed; each further run has the next one
    #[arg(long)]
    seed: u64,
    /// How many runs
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    runs: u32,
}

impl Simulate {
    pub fn run(self) -> Result<Answer> {
        let plan = Plan {
            citizens: self.citizens as usize,
            callers: self.callers as usize,
            policy: self.policy,
            seed: self.seed,
            runs: self.runs,
        };
        let Some(outcome) = simulate(plan) else {
            return Err(Problem::Refused(
                "the time zones of this machine are incomplete".to_owned(),
            ));
        };
        let share = |percent: usize| outcome.shares.iter().find(|share| share.percent == percent);
        let of = |percent, what: fn(&Share) -> Option<Mean>| told(share(percent).and_then(what));
        let json = json!({
            "policy": self.policy,
            "runs": self.runs,
            "dials_to_80": of(80, |share| share.dials),
            "dials_to_95": of(95, |share| share.dials),
            "hours_to_80": of(80, |share| share.hours),
            "hours_to_95": of(95, |share| share.hours),
            "days_to_80": of(80, |share| share.days),
            "days_to_95": of(95, |share| share.days),
            "promises": outcome.promises,
            "promises_broken": outcome.promises_broken,
            "shares": outcome.shares.iter().map(row).collect::<Vec<Value>>(),
        });
        Ok(Answer::new(table(&outcome.shares, outcome.promises_broken), json))
    }
}

fn told(mean: Option<Mean>) -> Value {
    mean.map_or(
        Value::Null,
        |mean| json!({"mean": rounded(mean.mean), "ci95": rounded(mean.ci95)}),
    )
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn row(share: &Share) -> Value {
    json!({
        "percent": share.percent,
        "runs": share.runs,
        "dials": told(share.dials),
        "hours": told(share.hours),
        "days": told(share.days),
    })
}

fn table(shares: &[Share], broken: u32) -> String {
    let cell = |mean: Option<Mean>| {
        mean.map_or("never".to_owned(), |mean| {
            format!("{:.1} ± {:.1}", mean.mean, mean.ci95)
        })
    };
    let mut lines = vec![format!(
        "{:>9} {:>20} {:>20} {:>20}",
        "reached", "calls", "hours a caller", "days"
    )];
    lines.extend(shares.iter().map(|share| {
        let cells = [share.dials, share.hours, share.days].map(cell);
        let [dials, hours, days] = cells;
        format!("{:>7} % {dials:>20} {hours:>20} {days:>20}", share.percent)
    }));
    lines.push(format!("{broken} promises broken"));
    lines.join("\n")
}
