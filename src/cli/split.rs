//! `makegood split` and `makegood rebalance`

use super::{Answer, Problem, Result};
use crate::domain::ids::UserId;
use crate::domain::split::By;
use crate::outreach::Office;
use crate::outreach::lists::{self, SplitReport};
use clap::Args;

#[derive(Args)]
pub(super) struct Split {
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// even, weight, language or priority
    #[arg(long)]
    by: By,
    /// Who gets a list: addresses, each with =WEIGHT if the weights differ [default: every caller]
    #[arg(long, value_delimiter = ',', value_name = "EMAIL[=WEIGHT],…")]
    callers: Vec<String>,
    /// The same seed deals the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tell only; move nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct Rebalance {
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// Whose calls are moved
    #[arg(long, value_name = "EMAIL")]
    from: String,
    /// Who gets them [default: the pool]
    #[arg(long, value_delimiter = ',', value_name = "EMAIL,…")]
    to: Vec<String>,
    /// Tell only; move nothing
    #[arg(long)]
    dry_run: bool,
}

impl Split {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let callers = self.callers.iter().map(|word| weighted(office, word));
        let split = lists::Split {
            by: self.by,
            callers: callers.collect::<Result<_>>()?,
            seed: self.seed,
        };
        told(&office.split(outage.id, &split, self.dry_run)?, self.dry_run)
    }
}

impl Rebalance {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let from = account(office, &self.from)?;
        let to = self.to.iter().map(|email| account(office, email));
        let to = to.collect::<Result<Vec<_>>>()?;
        told(
            &office.rebalance(outage.id, from, &to, self.dry_run)?,
            self.dry_run,
        )
    }
}

fn weighted(office: &Office, word: &str) -> Result<(UserId, u32)> {
    let (email, weight) = word.split_once('=').unwrap_or((word, "1"));
    let weight = weight.trim().parse().map_err(|_| {
        Problem::Refused(format!(
            "{word:?}: the weight must be a whole number, as in ana@agency.example=3"
        ))
    })?;
    Ok((account(office, email)?, weight))
}

fn account(office: &Office, email: &str) -> Result<UserId> {
    office
        .account(email)
        .map(|user| user.id)
        .map_err(|_| Problem::Refused(format!("there is no account {:?}", email.trim())))
}

fn told(report: &SplitReport, dry_run: bool) -> Result<Answer> {
    let mut lines: Vec<String> = Vec::new();
    if dry_run {
        lines.push("Nothing was moved; it would be:".to_owned());
    }
    lines.extend(report.lists.iter().map(|list| {
        format!(
            "{:<32} {:>7} calls, {:>7} citizens ({} new)",
            list.caller, list.households, list.citizens, list.added
        )
    }));
    lines.push(format!("{:<32} {:>7} calls", "the pool", report.pool));
    let json = serde_json::to_value(report).map_err(|error| Problem::Refused(error.to_string()))?;
    Ok(Answer::new(lines.join("\n"), json))
}
