//! Writing to many at once: to everyone who is still open, or to some of them; nobody twice.

use super::decide::lock;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::db::Conn;
use crate::domain::ids::{CampaignId, CaseId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::cases::{self, Case};
use crate::store::messages::{self, NewMessage};
use crate::store::suppressions::{self, Kind};
use crate::store::{campaigns, templates};
use serde::Serialize;
use std::collections::BTreeSet;
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

/// A mailing to many, before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wave {
    /// The text's key.
    pub template: String,
    /// To whom.
    pub audience: Audience,
    /// Mail first, then call: nobody it writes to is called for so many hours, unless they ask for it or the
    /// e-mail comes back.
    pub hold_hours: Option<u16>,
    /// No more than so many citizens; the next wave takes the next ones.
    pub at_most: Option<i64>,
}

/// The longest hold on calls, in hours: a week.
const LONGEST_HOLD: u16 = 168;

/// Who is written to and who is left out, in citizens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignReport {
    /// The campaign; none after a dry run.
    pub campaign: Option<CampaignId>,
    /// Get a message.
    pub queued: i64,
    /// Of those, how many have no first name to be greeted by.
    pub unnamed: i64,
    /// Of those, how many speak a language that there are no texts in; they get English.
    pub other_language: i64,
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
    /// Left for the next wave.
    pub later: i64,
}

impl Office {
    /// [`Self::send_wave`] to the whole audience, without a hold on calls.
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
        let wave = Wave {
            template: template.to_owned(),
            audience: audience.clone(),
            ..Wave::default()
        };
        self.send_wave(outage, &wave, by, dry_run)
    }

    /// Queues a text to an audience in short batches; with `dry_run` only counts.
    ///
    /// # Errors
    /// There is no such text, or the hold is longer than a week.
    pub fn send_wave(
        &self,
        outage: OutageId,
        wave: &Wave,
        by: Option<UserId>,
        dry_run: bool,
    ) -> Result<CampaignReport> {
        let now = self.now();
        self.check_wave(wave)?;
        let mut report = CampaignReport::default();
        if !dry_run {
            let (template, audience) = (wave.template.as_str(), wave.audience.to_string());
            let held = wave.hold_hours.map(|hours| now.plus_hours(i64::from(hours)));
            let add = |conn: &mut Conn| campaigns::add(conn, outage, (template, &audience), held, by, now);
            report.campaign = Some(self.db.write(add)?);
        }
        let mut after = 0;
        while let Some(last) = self.campaign_batch(outage, wave, after, &mut report, now)? {
            after = last;
        }
        Ok(report)
    }

    fn check_wave(&self, wave: &Wave) -> Result<()> {
        let keys = self.db.read(templates::keys)?;
        if !keys.contains(&wave.template) {
            let (template, keys) = (&wave.template, keys.join(", "));
            let told = format!("There is no text {template:?}. The texts are {keys}.");
            return Err(Error::invalid("template", told));
        }
        if wave.hold_hours.is_some_and(|hours| hours > LONGEST_HOLD) {
            let told = format!("Calls can be held for up to {LONGEST_HOLD} hours.");
            return Err(Error::invalid("hold", told));
        }
        Ok(())
    }

    /// Looks at the next cases; answers the last one's id, or none at the end.
    fn campaign_batch(
        &self,
        outage: OutageId,
        wave: &Wave,
        after: CaseId,
        report: &mut CampaignReport,
        now: Timestamp,
    ) -> Result<Option<CaseId>> {
        let start = report.clone();
        let step = |conn: &mut Conn| -> Result<(CampaignReport, Option<CaseId>)> {
            let mut counted = start.clone(); // the transaction may be run again
            if counted.campaign.is_some() {
                campaigns::lock(conn, outage)?;
            }
            let book = Rulebook::open(conn, outage)?;
            let batch = cases::page(conn, (outage, book.outage.published_import_id), after, BATCH)?;
            for case in &batch {
                let queued = write_to(conn, case, wave, &mut counted, now)?;
                if queued && wave.hold_hours.is_some() && counted.campaign.is_some() {
                    hold(conn, &book, case, now)?;
                }
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

    /// Holds one campaign, or lets it go on.
    ///
    /// # Errors
    /// There is no such campaign in the outage, or it was stopped.
    pub fn pause_campaign(&self, outage: OutageId, id: CampaignId, pause: bool) -> Result<()> {
        let state = if pause { "paused" } else { "running" };
        self.db.write(|conn| {
            let campaign = of_outage(conn, outage, id)?;
            if campaign.state == "stopped" {
                return Err(Error::Conflict(
                    "This campaign was stopped. Begin a new one.".into(),
                ));
            }
            campaigns::set_state_of(conn, id, state)?;
            Ok(())
        })
    }

    /// Stops a campaign for good: what it has not sent yet is withdrawn, in short batches, and calls that waited
    /// for it wait no more. Answers how many were withdrawn.
    ///
    /// # Errors
    /// There is no such campaign in the outage.
    pub fn stop_campaign(&self, outage: OutageId, id: CampaignId) -> Result<usize> {
        let now = self.now();
        self.db.write(|conn| -> Result<_> {
            of_outage(conn, outage, id)?;
            Ok(campaigns::set_state_of(conn, id, "stopped")?)
        })?;
        let mut all = 0;
        loop {
            let withdrawn = self.db.write(|conn| -> Result<_> {
                let book = Rulebook::open(conn, outage)?;
                let about = campaigns::withdraw(conn, id, BATCH)?;
                for case in cases::with_ids(conn, &about)? {
                    hold(conn, &book, &case, now)?;
                }
                Ok(about.len())
            })?;
            if withdrawn == 0 {
                return Ok(all);
            }
            all += withdrawn;
        }
    }

    /// An outage's campaigns, the newest first.
    pub fn campaigns(&self, outage: OutageId) -> Result<Vec<campaigns::Campaign>> {
        Ok(self.db.read(|conn| campaigns::all(conn, outage))?)
    }
}

/// The campaign, if it is one of this outage.
fn of_outage(conn: &mut Conn, outage: OutageId, id: CampaignId) -> Result<campaigns::Campaign> {
    let found = campaigns::find(conn, id)?.filter(|campaign| campaign.outage_id == outage);
    found.ok_or(Error::NotFound("campaign"))
}

/// Folds a case again whose calls wait for an e-mail now, or no more.
fn hold(conn: &mut Conn, book: &Rulebook, case: &Case, now: Timestamp) -> Result<()> {
    lock(conn, case)?;
    let mut touched = BTreeSet::new();
    standing::refold(conn, book, case.id, &mut touched)?;
    standing::refresh(conn, book, &touched, now)
}

/// Queues a message to a case, or counts why not; answers whether.
fn write_to(
    conn: &mut Conn,
    case: &Case,
    wave: &Wave,
    report: &mut CampaignReport,
    now: Timestamp,
) -> Result<bool> {
    let out = &mut report.left_out;
    let stage: Stage = case.stage.parse().unwrap_or(Stage::NeedsSupervisor);
    let counter = match (&case.email, stage) {
        (_, Stage::Closed) => &mut out.resolved,
        _ if !belongs(case, stage, &wave.audience) => &mut out.other_audience,
        (None, _) => &mut out.no_email,
        (Some(_), Stage::NeedsSupervisor) => &mut out.needs_supervisor,
        (Some(email), _) if suppressions::since(conn, Kind::Email, &[email])?.is_some() => {
            &mut out.suppressed
        }
        (Some(_), _) if messages::was_written(conn, case.id, &wave.template)? => &mut out.already_written,
        (Some(_), _) if wave.at_most.is_some_and(|most| report.queued >= most) => &mut out.later,
        (Some(email), _) => {
            report.queued += 1;
            report.unnamed += i64::from(case.given_name.is_empty());
            report.other_language += i64::from(!is_written_in(case.language.as_deref()));
            queue(conn, case, &wave.template, email, report.campaign, now)?;
            return Ok(true);
        }
    };
    *counter += 1;
    Ok(false)
}

/// Whether there are texts in a language; English goes to those of whom none is known.
fn is_written_in(code: Option<&str>) -> bool {
    code.is_none_or(|code| Language::of(code).code() == code)
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
