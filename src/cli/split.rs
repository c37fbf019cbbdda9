//! `makegood split` and `makegood rebalance`

use super::{Answer, Problem, Result};
use crate::domain::hours;
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
    /// even, weight, time, language, priority or shared (no lists: each takes the next call)
    #[arg(long)]
    by: By,
    /// Who gets a list: addresses, each with =WEIGHT if the weights differ, by time with =HOURS left [default: every caller]
    #[arg(long, value_delimiter = ',', value_name = "EMAIL[=WEIGHT],…")]
    callers: Vec<String>,
    /// The same seed deals the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Deal what lies on these callers' lists again, too
    #[arg(long)]
    again: bool,
    /// With --again: who was tried already stays with the same caller
    #[arg(long)]
    keep_tried: bool,
    /// Whoever speaks a household's language goes first, whatever the rule
    #[arg(long)]
    speakers_first: bool,
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
    /// They have gone home: anybody keeps their callbacks as these fall due
    #[arg(long)]
    gone: bool,
    // The contract names this default: a command line is read by whoever types it.
    /// Who gets them [default: the pool]
    #[arg(long, value_delimiter = ',', value_name = "EMAIL,…")]
    to: Vec<String>,
    /// Tell only; move nothing
    #[arg(long)]
    dry_run: bool,
}

impl Split {
    /// Whether it changes nothing.
    pub const fn only_reads(&self) -> bool {
        self.dry_run
    }

    pub fn run(self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let callers = self.callers.iter().map(|word| weighted(office, self.by, word));
        let split = lists::Split {
            by: self.by,
            callers: callers.collect::<Result<_>>()?,
            seed: self.seed,
            again: self.again,
            keep_tried: self.keep_tried,
            speakers_first: self.speakers_first,
            seen: None,
        };
        told(&office.split(outage.id, &split, self.dry_run)?, self.dry_run)
    }
}

impl Rebalance {
    /// Whether it changes nothing.
    pub const fn only_reads(&self) -> bool {
        self.dry_run
    }

    pub fn run(self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let from = account(office, &self.from)?;
        let to = self.to.iter().map(|email| account(office, email));
        let to = to.collect::<Result<Vec<_>>>()?;
        let wish = lists::Rebalance {
            from,
            to,
            gone: self.gone,
            seen: None,
        };
        told(&office.rebalance(outage.id, &wish, self.dry_run)?, self.dry_run)
    }
}

fn weighted(office: &Office, by: By, word: &str) -> Result<(UserId, u32)> {
    let Some((email, weight)) = word.split_once('=') else {
        let share = if by == By::Time { lists::ASSUMED_TENTHS } else { 1 };
        return Ok((account(office, word)?, share));
    };
    if by == By::Time {
        return Ok((account(office, email)?, tenths(weight)?));
    }
    let weight = weight.trim().parse().map_err(|_| {
        Problem::Refused(format!(
            "{word:?}: the weight must be a whole number, as in ana@agency.example=3"
        ))
    })?;
    Ok((account(office, email)?, weight))
}

/// Hours as tenths: `5.3` is 53.
fn tenths(hours: &str) -> Result<u32> {
    hours::tenths(hours).ok_or_else(|| {
        Problem::Refused(format!(
            "{hours:?}: write the hours left as in ana@agency.example=5.5"
        ))
    })
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
            "{:<32} {:>7} calls, {:>7} citizens ({:+})",
            list.caller, list.households, list.citizens, list.added
        )
    }));
    lines.push(format!("{:<32} {:>7} calls", "the pool", report.pool));
    let json = serde_json::to_value(report).map_err(|error| Problem::Refused(error.to_string()))?;
    Ok(Answer::new(lines.join("\n"), json))
}
