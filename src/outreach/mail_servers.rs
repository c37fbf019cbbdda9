//! A mail server that turns everything away is told to whoever can put it right; no message pays for it, and all go on when it
//! is mended.

use super::{Office, Result};
use crate::db::Conn;
use crate::domain::message::Delivery;
use crate::mail::smtp_url::SmtpUrl;
use crate::store::mail_servers::{self, MailServer};
use crate::store::{diagnoses, is_taken};
use secrecy::ExposeSecret;
use serde::Serialize;

/// What the conversations of one process say of its mail server.
#[derive(Default)]
pub(super) struct Standing {
    /// What the last one said; none: nothing yet.
    heard: Option<Option<String>>,
    /// What was noted last.
    noted: Option<Option<String>>,
}

impl Standing {
    /// What became of a message, whoever it was to.
    pub(super) fn learn(&mut self, delivery: &Delivery) {
        match delivery {
            Delivery::Sent { .. } => self.heard = Some(None),
            trouble if trouble.is_relay_trouble() => self.heard = Some(Some(trouble.words())),
            _ => {}
        }
    }

    /// What is to be noted, if that is news.
    pub(super) fn news(&mut self) -> Option<Option<String>> {
        let news = self.heard.clone().filter(|_| self.heard != self.noted);
        self.noted.clone_from(&self.heard);
        news
    }
}

/// What of e-mail waits for a person, whatever the outage.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MailNeeds {
    /// What stands in the way at the mail server.
    pub trouble: Option<String>,
    /// Reasons for which too many e-mails came back to be believed.
    pub questions: i64,
}

impl Office {
    pub(super) fn mail_needs(&self, conn: &mut Conn) -> Result<MailNeeds> {
        Ok(MailNeeds {
            trouble: self.troubled(conn)?.map(|server| server.trouble),
            questions: diagnoses::undecided(conn)?,
        })
    }

    /// What stands in the way at the mail server of this node's settings, the last time that anybody tried.
    pub fn mail_trouble(&self) -> Result<Option<MailServer>> {
        self.db.read(|conn| self.troubled(conn))
    }

    fn troubled(&self, conn: &mut Conn) -> Result<Option<MailServer>> {
        let url = self.config.smtp_url.as_ref();
        match url.and_then(|url| SmtpUrl::parse(url.expose_secret()).ok()) {
            Some(url) => Ok(mail_servers::troubled(conn, &url.place())?),
            None => Ok(None),
        }
    }

    /// Notes what stands in the way there, or that nothing does.
    pub(super) fn note_mail_server(&self, place: &str, trouble: Option<&str>) -> Result<()> {
        let now = self.now();
        match self
            .db
            .write(|conn| mail_servers::note(conn, place, trouble, now))
        {
            Err(error) if is_taken(&error) => {} // another node noted it at this very moment
            noted => {
                noted?;
            }
        }
        match trouble {
            Some(trouble) => tracing::warn!(%place, %trouble, "e-mail waits; it is tried again by itself"),
            None => tracing::info!(%place, "e-mail goes out"),
        }
        Ok(())
    }
}
