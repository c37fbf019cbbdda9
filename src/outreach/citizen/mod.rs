//! The citizen's page: who a link lets in, what they see, and what their answer changes.

pub mod agency;
pub mod answer;
pub mod check;
pub mod cost;
pub mod details;
mod link;
mod silence;

use super::free_times::still_free;
use super::rulebook::Rulebook;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::CaseId;
use crate::domain::slot::{self, SlotDay};
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::answers::{self, Answer};
use crate::store::cases::{self, Case};
use crate::store::outages::Outage;
use link::Link;

/// What a link opens.
#[derive(Clone, Debug)]
pub enum Opened<T> {
    /// The page of its case.
    Welcome(T),
    /// Nothing any more; who to ask instead, and in which language.
    Expired(Box<Outage>, Language),
    /// Nothing any more: whoever reads that e-mail has said that it is not for them.
    NotTheirs(Box<Outage>, Language),
    /// Nothing: nobody has made this link, or its case is gone.
    Unknown,
}

/// What a citizen sees.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The outage and its rules.
    pub book: Rulebook,
    /// Their case.
    pub case: Case,
    /// Their answer that counts.
    pub answer: Option<Answer>,
    /// The times that are free for a call.
    pub slots: Vec<SlotDay>,
    /// Until when the link opens this page.
    pub until: Timestamp,
    /// When this was read.
    pub now: Timestamp,
}

impl Office {
    /// The address of a case's page, for an e-mail queued at `sent_at`: its date and nothing else makes the
    /// link, so each try of a message carries the same one.
    pub fn citizen_link(&self, case: CaseId, sent_at: Timestamp) -> String {
        let link = Link::of(case, sent_at).sealed(&self.config.secret_keys);
        format!("{}/c/{link}", self.base_url())
    }

    /// What a link opens. Changes nothing: mail scanners open every link.
    pub fn visit(&self, link: &str) -> Result<Opened<Visit>> {
        let now = self.now();
        self.db.read(|conn| {
            let (case, link) = match self.admit(conn, link, now)? {
                Opened::Welcome(admitted) => admitted,
                shut => return Ok(shut.elsewhere()),
            };
            let book = Rulebook::open(conn, case.outage_id)?;
            let answer = answers::standing(conn, case.id)?;
            Ok(Opened::Welcome(Visit {
                slots: free_slots(conn, &book, (&case, answer.as_ref()), now)?,
                answer,
                book,
                case,
                until: link.until,
                now,
            }))
        })
    }

    /// The case that a link is for, and the link.
    fn admit(&self, conn: &mut Conn, link: &str, now: Timestamp) -> Result<Opened<(Case, Link)>> {
        let Some(link) = Link::read(link, &self.config.secret_keys) else {
            return Ok(Opened::Unknown);
        };
        let Some(case) = cases::find(conn, link.case)? else {
            return Ok(Opened::Unknown);
        };
        let outage = Rulebook::open(conn, case.outage_id)?.outage;
        if case.import_id > outage.published_import_id {
            return Ok(Opened::Unknown);
        }
        let language = Language::of(case.language.as_deref().unwrap_or_default());
        if link.until <= now {
            return Ok(Opened::Expired(Box::new(outage), language));
        }
        // The right person's later e-mail, to another address, has a link of its own.
        if answers::disowned_since(conn, case.id, link.sent_at())? {
            return Ok(Opened::NotTheirs(Box::new(outage), language));
        }
        Ok(Opened::Welcome((case, link)))
    }
}

impl<T> Opened<T> {
    /// The same for somebody who wanted something else of it; whoever is let in is not meant.
    fn elsewhere<U>(self) -> Opened<U> {
        match self {
            Self::Expired(outage, language) => Opened::Expired(outage, language),
            Self::NotTheirs(outage, language) => Opened::NotTheirs(outage, language),
            Self::Welcome(_) | Self::Unknown => Opened::Unknown,
        }
    }
}

/// The times at which one more call can be promised; a citizen's own booking is not in their way.
fn free_slots(
    conn: &mut Conn,
    book: &Rulebook,
    (case, answer): (&Case, Option<&Answer>),
    now: Timestamp,
) -> Result<Vec<SlotDay>> {
    let days = slot::days(now, &Rulebook::zones(&case.time_zone), &book.hours);
    let own = answer.and_then(|answer| answer.call_at);
    still_free(conn, book, days, own)
}
