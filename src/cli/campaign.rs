//! `makegood campaign …`

use super::{Answer, Problem, Result};
use crate::domain::ids::OutageId;
use crate::outreach::Office;
use crate::outreach::campaign::{Audience, CampaignReport};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(super) enum Campaign {
    /// Write to everyone who is still open, or to some of them; nobody twice
    Send(Send),
    /// Hold an outage's campaigns
    Pause(Named),
    /// Let them go on
    Resume(Named),
    /// Show an outage's campaigns and what became of its e-mails
    Status(Named),
}

#[derive(Args)]
pub(super) struct Send {
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// The text's key, such as apology
    #[arg(long)]
    template: String,
    /// everyone, language=es or stage=tried
    #[arg(long, value_name = "FILTER", default_value = "everyone")]
    only: Audience,
    /// Count only; write to nobody
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct Named {
    /// The outage's short name
    #[arg(long)]
    outage: String,
}

impl Campaign {
    pub fn run(self, office: &Office) -> Result<Answer> {
        match self {
            Self::Send(send) => send.run(office),
            Self::Pause(named) => hold(office, &named, true),
            Self::Resume(named) => hold(office, &named, false),
            Self::Status(named) => status(office, office.outage_named(&named.outage)?.id),
        }
    }
}

impl Send {
    fn run(&self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let report = office.send_campaign(outage.id, &self.template, &self.only, None, self.dry_run)?;
        let json = serde_json::to_value(&report).map_err(|error| Problem::Refused(error.to_string()))?;
        Ok(Answer::new(told(&report, self.dry_run), json))
    }
}

fn told(report: &CampaignReport, dry_run: bool) -> String {
    let CampaignReport { queued, left_out, .. } = report;
    let head = if dry_run {
        format!("Nothing was written; {queued} e-mails would be queued.")
    } else {
        format!("Queued {queued} e-mails.")
    };
    format!(
        "{head}\nLeft out: {} closed, {} of another audience, {} without address, {} not to be written to, \
         {} for a supervisor to decide, {} written to before",
        left_out.resolved,
        left_out.other_audience,
        left_out.no_email,
        left_out.suppressed,
        left_out.needs_supervisor,
        left_out.already_written,
    )
}

fn hold(office: &Office, named: &Named, pause: bool) -> Result<Answer> {
    let outage = office.outage_named(&named.outage)?;
    let changed = office.pause_campaigns(outage.id, pause)?;
    let word = if pause { "paused" } else { "running" };
    Ok(Answer::new(
        format!("{changed} campaigns are {word}."),
        json!({"campaigns": changed, "state": word}),
    ))
}

fn status(office: &Office, outage: OutageId) -> Result<Answer> {
    let log = office.message_log(outage, None, 0, 0)?;
    let campaigns: Vec<Value> = log
        .campaigns
        .iter()
        .map(|campaign| {
            json!({"id": campaign.id, "template": campaign.template_key, "audience": campaign.audience,
                   "state": campaign.state, "created_at": campaign.created_at})
        })
        .collect();
    let counts = log.counts.iter().map(|(state, count)| (state.as_str(), count));
    let mut lines: Vec<String> = log
        .campaigns
        .iter()
        .map(|campaign| {
            let (template, audience, state) = (&campaign.template_key, &campaign.audience, &campaign.state);
            format!("campaign {}: {template} to {audience}, {state}", campaign.id)
        })
        .collect();
    lines.extend(
        counts
            .clone()
            .map(|(state, count)| format!("{state:<12} {count}")),
    );
    let counts: serde_json::Map<String, Value> = counts
        .map(|(state, count)| (state.to_owned(), json!(count)))
        .collect();
    Ok(Answer::new(
        lines.join("\n"),
        json!({"campaigns": campaigns, "messages": counts}),
    ))
}
