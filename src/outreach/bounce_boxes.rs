//! Reading the places where delivery reports arrive. One that cannot be read is told to supervisors and tried again; it
//! stops neither the others nor the sending of e-mail.

use super::bounces::Taken;
use super::{Office, Result};
use crate::config::{BounceBox, ImapUrl};
use crate::mail::imap::{Imap, Limits};
use crate::mail::maildir::Maildir;
use crate::store::{bounce_boxes, is_taken};
use serde::Serialize;
use std::path::Path;

/// Reports read of one place before the next one has its turn.
const AT_ONCE: usize = 200;

/// What was found in the bounce mailboxes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Messages read.
    pub read: usize,
    /// Addresses that are dead.
    pub hard: usize,
    /// Addresses that are said to be dead, as too many others for the same reason: a supervisor decides.
    pub doubted: usize,
    /// Messages that did not arrive this time.
    pub soft: usize,
    /// Messages of which nobody can say whether they arrived: they stand as *uncertain*.
    pub unreadable: usize,
    /// People who called an e-mail spam.
    pub complaints: usize,
    /// Everything else.
    pub ignored: usize,
    /// Places that could not be read, and why.
    pub troubles: Vec<String>,
}

impl Found {
    /// What was found after this; the last troubles are those that stand.
    pub fn add(&mut self, next: Self) {
        self.read += next.read;
        self.hard += next.hard;
        self.doubted += next.doubted;
        self.soft += next.soft;
        self.unreadable += next.unreadable;
        self.complaints += next.complaints;
        self.ignored += next.ignored;
        self.troubles = next.troubles;
    }

    fn count(&mut self, taken: Taken) {
        self.read += 1;
        *match taken {
            Taken::Hard(_) => &mut self.hard,
            Taken::Doubted(_) => &mut self.doubted,
            Taken::Soft(_) => &mut self.soft,
            Taken::Unreadable(_) => &mut self.unreadable,
            Taken::Complaint(_) => &mut self.complaints,
            Taken::TooEarly | Taken::Delayed | Taken::NotOurs | Taken::NoBounce => &mut self.ignored,
        } += 1;
    }
}

impl Office {
    /// Reads what is new in every bounce mailbox; nothing without one. What was read is kept there as read. A second
    /// node that reads the same finds nothing new in it.
    ///
    /// # Errors
    /// The database failed; what was not dealt with stays new. A place that cannot be read is no error but one of the
    /// troubles.
    pub fn take_bounces(&self) -> Result<Found> {
        let mut found = Found::default();
        for place in &self.config.bounces {
            let read = match place {
                BounceBox::Maildir(folder) => self.read_maildir(folder, &mut found),
                BounceBox::Imap(url) => self.read_imap(url, &mut found),
                BounceBox::Webhook => continue,
            };
            let trouble = read?.err();
            self.note_look(&place.to_string(), trouble.as_deref())?;
            found
                .troubles
                .extend(trouble.map(|trouble| format!("{place}: {trouble}")));
        }
        Ok(found)
    }

    /// The places of this node's settings that could not be read the last time anybody tried.
    pub fn bounce_troubles(&self) -> Result<Vec<bounce_boxes::BounceBox>> {
        let ours: Vec<String> = self.config.bounces.iter().map(ToString::to_string).collect();
        let all = self.db.read(bounce_boxes::all)?;
        let troubled = all
            .into_iter()
            .filter(|known| known.trouble.is_some() && ours.contains(&known.place));
        Ok(troubled.collect())
    }

    /// The inner error is a trouble of the place.
    fn read_maildir(&self, folder: &Path, found: &mut Found) -> Result<std::result::Result<(), String>> {
        let mailbox = Maildir::at(folder);
        let names = match mailbox.unread(AT_ONCE) {
            Ok(names) => names,
            Err(error) => return Ok(Err(error.to_string())),
        };
        for name in names {
            let raw = match mailbox.content(&name) {
                Ok(Some(raw)) => raw,
                Ok(None) => continue,
                Err(error) => return Ok(Err(error.to_string())),
            };
            let taken = self.take_bounce(&raw)?;
            if taken == Taken::TooEarly {
                continue;
            }
            if let Err(error) = mailbox.mark_read(&name) {
                return Ok(Err(error.to_string()));
            }
            found.count(taken);
        }
        Ok(Ok(()))
    }

    fn read_imap(&self, url: &ImapUrl, found: &mut Found) -> Result<std::result::Result<(), String>> {
        let opened =
            Imap::open(url, Limits::USUAL).and_then(|mut mailbox| Ok((mailbox.unread(AT_ONCE)?, mailbox)));
        let (numbers, mut mailbox) = match opened {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(error.to_string())),
        };
        for number in numbers {
            let raw = match mailbox.content(number) {
                Ok(Some(raw)) => raw,
                Ok(None) => continue,
                Err(error) => return Ok(Err(error.to_string())),
            };
            let taken = self.take_bounce(&raw)?;
            if taken == Taken::TooEarly {
                continue;
            }
            if let Err(error) = mailbox.mark_read(number) {
                return Ok(Err(error.to_string()));
            }
            found.count(taken);
        }
        mailbox.close();
        Ok(Ok(()))
    }

    fn note_look(&self, place: &str, trouble: Option<&str>) -> Result<()> {
        let now = self.now();
        match self
            .db
            .write(|conn| bounce_boxes::note(conn, place, trouble, now))
        {
            Err(error) if is_taken(&error) => {} // another node looked at this very moment
            noted => {
                noted?;
            }
        }
        if let Some(trouble) = trouble {
            tracing::warn!(%place, %trouble, "a bounce mailbox cannot be read; trying again in a minute");
        }
        Ok(())
    }
}
