//! Whom a mailing writes to. They are chosen in short batches; the first one stands in the transaction that begins the mailing,
//! so that none is there without its letters. How far it is stands in the mailing itself: what breaks off goes on where it was,
//! on whichever node.

use super::as_seen::as_seen;
use super::campaign::{Audience, BATCH, CampaignReport, Wave, hold};
use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CampaignId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::campaigns::{self, Campaign, NewCampaign};
use crate::store::cases::{self, Case};
use crate::store::messages::{self, NewMessage};
use crate::store::suppressions::{self, Kind};
use crate::store::templates;

/// The longest hold on calls, in hours: a week.
const LONGEST_HOLD: u16 = 168;
/// A mailing whose recipients are being chosen is left to whoever began it, unless nothing happened for so many seconds.
const LEFT_ALONE_SECONDS: i64 = 20;

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

    /// Queues a text to an audience in short batches; with `dry_run` only counts. Once the first batch is queued it has begun:
    /// if the others cannot be chosen now, they are chosen in the background.
    ///
    /// # Errors
    /// There is no such text, or the hold is longer than a week; it is not as many as were seen.
    pub fn send_wave(
        &self,
        outage: OutageId,
        wave: &Wave,
        by: Option<UserId>,
        dry_run: bool,
    ) -> Result<CampaignReport> {
        self.check_wave(wave)?;
        if dry_run {
            return self.count_wave(outage, wave);
        }
        let now = self.now();
        let counted = match wave.seen {
            Some(_) => self.count_wave(outage, wave)?.queued,
            None => 0,
        };
        let wave = Wave {
            at_most: wave.seen.or(wave.at_most), // whoever joins meanwhile is none of those who were seen
            ..wave.clone()
        };
        let (id, first) = self.once("send_wave", |conn| {
            as_seen(wave.seen, counted, "e-mails")?;
            begin(conn, outage, &wave, by, now)
        })?;
        self.choose_rest(id).or_else(|error| {
            tracing::warn!(campaign = id, %error, "the rest of a mailing is chosen in the background");
            Ok(CampaignReport {
                goes_on: true,
                ..first
            })
        })
    }

    fn choose_rest(&self, id: CampaignId) -> Result<CampaignReport> {
        while self.choose_some(id)? {}
        self.db
            .read(|conn| found(conn, id).map(|campaign| so_far(&campaign)))
    }

    /// A mailing whose recipients were being chosen when that broke off.
    pub fn broken_off_mailing(&self) -> Result<Option<CampaignId>> {
        let before = self.now().plus_seconds(-LEFT_ALONE_SECONDS);
        Ok(self.db.read(|conn| campaigns::broken_off(conn, before))?)
    }

    /// Chooses the next few whom a mailing writes to; says whether there are more.
    pub fn choose_some(&self, id: CampaignId) -> Result<bool> {
        let now = self.now();
        self.db.write(|conn| {
            let outage = found(conn, id)?.outage_id;
            campaigns::lock(conn, outage)?;
            let campaign = found(conn, id)?; // as others have left it meanwhile
            choose(conn, &campaign, now)
        })
    }

    /// Who would get it.
    fn count_wave(&self, outage: OutageId, wave: &Wave) -> Result<CampaignReport> {
        let (mut report, mut after, now) = (CampaignReport::default(), 0, self.now());
        loop {
            let batch = self.db.read(|conn| -> Result<_> {
                let published = Rulebook::open(conn, outage)?.outage.published_import_id;
                let batch = cases::page(conn, (outage, published), after, BATCH)?;
                for case in &batch {
                    write_to(conn, case, wave, &mut report, now)?;
                }
                Ok(batch)
            })?;
            match batch.last() {
                Some(last) => after = last.id,
                None => return Ok(report),
            }
        }
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
}

fn found(conn: &mut Conn, id: CampaignId) -> Result<Campaign> {
    campaigns::find(conn, id)?.ok_or(Error::NotFound("campaign"))
}

/// A mailing with its first batch.
fn begin(
    conn: &mut Conn,
    outage: OutageId,
    wave: &Wave,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(CampaignId, CampaignReport)> {
    campaigns::lock(conn, outage)?;
    let new = NewCampaign {
        outage_id: outage,
        template_key: wave.template.clone(),
        audience: wave.audience.to_string(),
        state: "running".to_owned(),
        created_by: by,
        created_at: now,
        calls_held_until: wave.hold_hours.map(|hours| now.plus_hours(i64::from(hours))),
        at_most: wave.at_most,
        chosen_up_to: Some(0),
    };
    let id = campaigns::add(conn, &new)?;
    let campaign = found(conn, id)?;
    choose(conn, &campaign, now)?;
    Ok((id, so_far(&found(conn, id)?)))
}

/// What came of a mailing until now.
fn so_far(campaign: &Campaign) -> CampaignReport {
    let kept = campaign.report.as_deref().unwrap_or_default();
    CampaignReport {
        campaign: Some(campaign.id),
        goes_on: campaign.chosen_up_to.is_some(),
        ..serde_json::from_str(kept).unwrap_or_default()
    }
}

/// What a mailing was begun with.
fn wave_of(campaign: &Campaign) -> Result<Wave> {
    Ok(Wave {
        template: campaign.template_key.clone(),
        audience: campaign.audience.parse().map_err(Error::internal)?,
        hold_hours: None, // its end stands in the campaign
        at_most: campaign.at_most,
        seen: None,
    })
}

/// Looks at the next cases of a mailing, and notes how far it is; says whether there are more.
fn choose(conn: &mut Conn, campaign: &Campaign, now: Timestamp) -> Result<bool> {
    let Some(after) = campaign.chosen_up_to else {
        return Ok(false);
    };
    let mut report = so_far(campaign);
    let mut last = None;
    if campaign.state != "stopped" {
        let (book, wave) = (Rulebook::open(conn, campaign.outage_id)?, wave_of(campaign)?);
        let key = (campaign.outage_id, book.outage.published_import_id);
        let batch = cases::page(conn, key, after, BATCH)?;
        for case in &batch {
            let queued = write_to(conn, case, &wave, &mut report, now)?;
            if queued && campaign.calls_held_until.is_some() {
                hold(conn, &book, case, now)?;
            }
        }
        last = batch.last().map(|case| case.id);
    }
    report.goes_on = false; // it is told by how far it is
    let json = serde_json::to_string(&report).map_err(Error::internal)?;
    campaigns::note_chosen(conn, campaign.id, (last, &json), now)?;
    Ok(last.is_some())
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
