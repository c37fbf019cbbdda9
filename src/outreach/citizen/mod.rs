//! The citizen's page: who a link lets in, what they see, and what their answer changes.

pub mod answer;
pub mod check;
pub mod details;
mod link;

use super::rulebook::Rulebook;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::CaseId;
use crate::domain::role::Role;
use crate::domain::slot::{Slot, slots};
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::answers::{self, Answer};
use crate::store::cases::{self, Case};
use crate::store::outages::Outage;
use crate::store::{callbacks, users};
use link::Link;

/// What a link opens.
#[derive(Clone, Debug)]
pub enum Opened<T> {
    /// The page of its case.
    Welcome(T),
    /// Nothing any more; who to ask instead, and in which language.
    Expired(Box<Outage>, Language),
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
    /// When they can be called.
    pub slots: Vec<Slot>,
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
            let (case, until) = match self.admit(conn, link, now)? {
                Opened::Welcome(admitted) => admitted,
                Opened::Expired(outage, language) => return Ok(Opened::Expired(outage, language)),
                Opened::Unknown => return Ok(Opened::Unknown),
            };
            let book = Rulebook::open(conn, case.outage_id)?;
            Ok(Opened::Welcome(Visit {
                answer: answers::standing(conn, case.id)?,
                slots: free_slots(conn, &book, &case, now)?,
                book,
                case,
                until,
                now,
            }))
        })
    }

    /// The case that a link is for, and until when.
    fn admit(&self, conn: &mut Conn, link: &str, now: Timestamp) -> Result<Opened<(Case, Timestamp)>> {
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
        if link.until <= now {
            let language = Language::of(case.language.as_deref().unwrap_or_default());
            return Ok(Opened::Expired(Box::new(outage), language));
        }
        Ok(Opened::Welcome((case, link.until)))
    }
}

/// The slots in which one more call can be promised.
fn free_slots(conn: &mut Conn, book: &Rulebook, case: &Case, now: Timestamp) -> Result<Vec<Slot>> {
    let mut free = slots(now, &Rulebook::zones(&case.time_zone), &book.hours);
    let ends = free.first().map(Slot::from).zip(free.last().map(Slot::until));
    let Some(ends) = ends else { return Ok(free) };
    let booked = callbacks::booked(conn, book.outage.id, ends)?;
    let callers = callers(conn)?;
    free.retain(|slot| slot.freest(&booked, callers).is_some());
    Ok(free)
}

/// Accounts that call.
fn callers(conn: &mut Conn) -> Result<usize> {
    let all = users::all(conn)?;
    let calling = |user: &&users::User| user.disabled_at.is_none() && user.role == Role::Caller.as_str();
    Ok(all.iter().filter(calling).count())
}
