//! Writing to many at once: to everyone who is still open, or to some of them; nobody twice.

use super::decide::lock;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::db::Conn;
use crate::domain::ids::{CampaignId, OutageId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::campaigns;
use crate::store::cases::{self, Case};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Cases looked at in one transaction: short enough that no caller waits for it.
pub(super) const BATCH: i64 = 200;

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
    /// E-mails that the button said would be sent; none: nobody saw a page.
    pub seen: Option<i64>,
}

/// Who is written to and who is left out, in citizens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Not all were looked at yet: the rest is chosen in the background.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_on: bool,
}

/// Citizens who are not written to, by the first reason that applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
        self.once("pause_campaign", |conn| {
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
            campaigns::lock(conn, outage)?; // whom it chooses now is chosen, and withdrawn
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
                return self.once("stop_campaign", |_| Ok(all));
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
pub(super) fn hold(conn: &mut Conn, book: &Rulebook, case: &Case, now: Timestamp) -> Result<()> {
    lock(conn, case)?;
    let mut touched = BTreeSet::new();
    standing::refold(conn, book, case.id, &mut touched)?;
    standing::refresh(conn, book, &touched, now)
}
