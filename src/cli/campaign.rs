//! `makegood campaign …`

use super::{Answer, Problem, Result};
use crate::domain::ids::{CampaignId, OutageId};
use crate::outreach::Office;
use crate::outreach::campaign::{Audience, CampaignReport, Wave};
use crate::outreach::message_log::Filter;
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
    /// Stop one campaign for good; what it has not sent is withdrawn
    Stop(Stop),
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
    // The contract names these defaults: everyone, no hold, no limit.
    /// everyone, language=es or stage=tried
    #[arg(long, value_name = "FILTER", default_value = "everyone")]
    only: Audience,
    /// Mail first, then call: hold the calls to these people for so many hours
    #[arg(long, value_name = "HOURS")]
    hold_calls: Option<u16>,
    /// Write to no more than so many; the next wave takes the next ones
    #[arg(long, value_name = "N")]
    at_most: Option<i64>,
    /// Count only; write to nobody
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct Stop {
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// The campaign's number, as `campaign status` shows it
    #[arg(long, value_name = "ID")]
    campaign: CampaignId,
}

#[derive(Args)]
pub(super) struct Named {
    /// The outage's short name
    #[arg(long)]
    outage: String,
}

impl Campaign {
    /// Whether it changes nothing.
    pub const fn only_reads(&self) -> bool {
        match self {
            Self::Send(send) => send.dry_run,
            Self::Status(_) => true,
            Self::Pause(_) | Self::Resume(_) | Self::Stop(_) => false,
        }
    }

    pub fn run(self, office: &Office) -> Result<Answer> {
        match self {
            Self::Send(send) => send.run(office),
            Self::Pause(named) => hold(office, &named, true),
            Self::Resume(named) => hold(office, &named, false),
            Self::Stop(stop) => stop.run(office),
            Self::Status(named) => status(office, office.outage_named(&named.outage)?.id),
        }
    }
}

impl Send {
    fn run(&self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let wave = Wave {
            template: self.template.clone(),
            audience: self.only.clone(),
            hold_hours: self.hold_calls,
            at_most: self.at_most,
            seen: None,
        };
        let report = office.send_wave(outage.id, &wave, None, self.dry_run)?;
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
    let head = format!(
        "{head} {} of them have no first name, {} another language and get English.",
        report.unnamed, report.other_language
    );
    let rest = match report.goes_on {
        true => "\nNot all were looked at yet: the rest is chosen by a server that runs on this database.",
        false => "",
    };
    format!(
        "{head}\nLeft out: {} closed, {} of another audience, {} without address, {} not to be written to, \
         {} for a supervisor to decide, {} written to before, {} for the next wave{rest}",
        left_out.resolved,
        left_out.other_audience,
        left_out.no_email,
        left_out.suppressed,
        left_out.needs_supervisor,
        left_out.already_written,
        left_out.later,
    )
}

impl Stop {
    fn run(&self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let withdrawn = office.stop_campaign(outage.id, self.campaign)?;
        Ok(Answer::new(
            format!("Stopped. {withdrawn} e-mails that were not sent yet are withdrawn."),
            json!({"campaign": self.campaign, "state": "stopped", "withdrawn": withdrawn}),
        ))
    }
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

/// How many messages of a campaign are in each state.
fn of_campaign(progress: &[(CampaignId, String, i64)], id: CampaignId) -> Value {
    let own = progress.iter().filter(|(campaign, ..)| *campaign == id);
    Value::Object(
        own.map(|(_, state, count)| (state.clone(), json!(count)))
            .collect(),
    )
}

fn status(office: &Office, outage: OutageId) -> Result<Answer> {
    let log = office.message_log(outage, &Filter::default(), 0, 0)?;
    let campaigns: Vec<Value> = log
        .campaigns
        .iter()
        .map(|campaign| {
            json!({"id": campaign.id, "template": campaign.template_key, "audience": campaign.audience,
                   "state": campaign.state, "created_at": campaign.created_at,
                   "calls_held_until": campaign.calls_held_until, "messages": of_campaign(&log.progress, campaign.id)})
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
