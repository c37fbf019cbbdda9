//! Writing to many at once: to everyone who is still open, or to some of them; nobody twice.

use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CampaignId, CaseId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::cases::{self, Case};
use crate::store::messages::{self, NewMessage};
use crate::store::suppressions::{self, Kind};
use crate::store::{campaigns, templates};
use serde::Serialize;
use std::str::FromStr;

/// Cases looked at in one transaction: short enough that no caller waits for it.
const BATCH: i64 = 200;

/// To whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Everyone who is still open.
    #[default]
    Everyone,
    /// Those at one stage.
    Stage(Stage),
    /// Those of one language.
    Language(String),
}

impl FromStr for Audience {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let word = text.trim();
        match word.split_once('=').unwrap_or(("stage", word)) {
            (_, "" | "everyone") => Ok(Self::Everyone),
            ("language", language) => Ok(Self::Language(language.to_lowercase())),
            ("stage", stage) => stage.parse().map(Self::Stage).map_err(|_| unknown(text)),
            _ => Err(unknown(text)),
        }
    }
}

fn unknown(text: &str) -> String {
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
    format!(
        "{text:?} is no filter; use everyone, language=es, or a stage: {}",
        stages.join(", ")
    )
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Stage(stage) => write!(f, "stage={stage}"),
            Self::Language(language) => write!(f, "language={language}"),
        }
    }
}

/// Who is written to and who is left out, in citizens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignReport {
    /// The campaign; none after a dry run.
    pub campaign: Option<CampaignId>,
    /// Get a message.
    pub queued: i64,
    /// Why the others get none.
    pub left_out: LeftOut,
}

/// Citizens who are not written to, by the first reason that applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Closed already.
    pub resolved: i64,
    /// Not of this audience.
    pub other_audience: i64,
    /// No address.
    pub no_email: i64,
    /// The address must not be written to.
    pub suppressed: i64,
    /// A supervisor has to decide first.
    pub needs_supervisor: i64,
    /// This text went to them before.
    pub already_written: i64,
}

impl Office {
    /// Queues a text to an audience in short batches; with `dry_run` only counts.
    ///
    /// # Errors
    /// There is no such text.
    pub fn send_campaign(
        &self,
        outage: OutageId,
        template: &str,
        audience: &Audience,
        by: Option<UserId>,
        dry_run: bool,
    ) -> Result<CampaignReport> {
        let now = self.now();
        let keys = self.db.read(templates::keys)?;
        if !keys.iter().any(|key| key == template) {
            let told = format!(
                "There is no text {template:?}. The texts are {}.",
                keys.join(", ")
            );
            return Err(Error::invalid("template", told));
        }
        let mut report = CampaignReport::default();
        if !dry_run {
            let words = (template, audience.to_string());
            let add = |conn: &mut Conn| campaigns::add(conn, outage, (words.0, &words.1), by, now);
            report.campaign = Some(self.db.write(add)?);
        }
        let mut after = 0;
        while let Some(last) = self.campaign_batch((outage, template), audience, after, &mut report, now)? {
            after = last;
        }
        Ok(report)
    }

    /// Looks at the next cases; answers the last one's id, or none at the end.
    fn campaign_batch(
        &self,
        (outage, template): (OutageId, &str),
        audience: &Audience,
        after: CaseId,
        report: &mut CampaignReport,
        now: Timestamp,
    ) -> Result<Option<CaseId>> {
        let start = report.clone();
        let step = |conn: &mut Conn| -> Result<(CampaignReport, Option<CaseId>)> {
            let mut counted = start.clone(); // the transaction may be run again
            let book = Rulebook::open(conn, outage)?;
            let batch = cases::page(conn, (outage, book.outage.published_import_id), after, BATCH)?;
            for case in &batch {
                write_to(conn, case, template, audience, &mut counted, now)?;
            }
            Ok((counted, batch.last().map(|case| case.id)))
        };
        let (counted, last) = if report.campaign.is_some() {
            self.db.write(step)?
        } else {
            self.db.read(|conn| step(conn))?
        };
        *report = counted;
        Ok(last)
    }

    /// Holds all campaigns of an outage, or lets them go on; answers how many changed.
    pub fn pause_campaigns(&self, outage: OutageId, pause: bool) -> Result<usize> {
        let state = if pause { "paused" } else { "running" };
        Ok(self.db.write(|conn| campaigns::set_state(conn, outage, state))?)
    }

    /// An outage's campaigns, the newest first.
    pub fn campaigns(&self, outage: OutageId) -> Result<Vec<campaigns::Campaign>> {
        Ok(self.db.read(|conn| campaigns::all(conn, outage))?)
    }
}

fn write_to(
    conn: &mut Conn,
    case: &Case,
    template: &str,
    audience: &Audience,
    report: &mut CampaignReport,
    now: Timestamp,
) -> Result<()> {
    let out = &mut report.left_out;
    let stage: Stage = case.stage.parse().unwrap_or(Stage::NeedsSupervisor);
    let counter = match (&case.email, stage) {
        (_, Stage::Closed) => &mut out.resolved,
        _ if !belongs(case, stage, audience) => &mut out.other_audience,
        (None, _) => &mut out.no_email,
        (Some(_), Stage::NeedsSupervisor) => &mut out.needs_supervisor,
        (Some(email), _) if suppressions::since(conn, Kind::Email, &[email])?.is_some() => {
            &mut out.suppressed
        }
        (Some(_), _) if messages::was_written(conn, case.id, template)? => &mut out.already_written,
        (Some(email), _) => {
            report.queued += 1;
            return queue(conn, case, template, email, report.campaign, now);
        }
    };
    *counter += 1;
    Ok(())
}

fn belongs(case: &Case, stage: Stage, audience: &Audience) -> bool {
    match audience {
        Audience::Everyone => true,
        Audience::Stage(wanted) => stage == *wanted,
        Audience::Language(wanted) => case.language.as_deref().unwrap_or("en") == wanted,
    }
}

fn queue(
    conn: &mut Conn,
    case: &Case,
    template_key: &str,
    to_address: &str,
    campaign: Option<CampaignId>,
    now: Timestamp,
) -> Result<()> {
    if campaign.is_some() {
        let language = case.language.as_deref().unwrap_or("en");
        let (outage, case) = (case.outage_id, case.id);
        let message = NewMessage {
            outage,
            case,
            template_key,
            language,
            to_address,
            attempt: None,
            campaign,
        };
        messages::add(conn, &message, now)?;
    }
    Ok(())
}
