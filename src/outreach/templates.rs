//! Texts of e-mails: written, checked, looked at with real cases, tried on oneself, and never lost.

use super::accounts::User;
use super::outbox::{Writing, facts, problems_of};
use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::domain::charged::Charged;
use crate::domain::ids::{CaseId, OutageId, UserId};
use crate::domain::mail_id;
use crate::domain::message::Delivery;
use crate::domain::role::Role;
use crate::mail::Mailer;
use crate::mail::build::{Content, Letter, Sender};
use crate::mail::dkim::Signer;
use crate::mail::facts::Facts;
use crate::mail::template::{Problem, Template as Text};
use crate::mail::words::Language;
use crate::store::cases::Case;
use crate::store::templates::{self, Template};
use crate::store::{answers, cases, users};
use std::collections::BTreeMap;

/// So many earlier versions are listed.
const VERSIONS: i64 = 50;
/// So many cases are offered to look through.
const CASES: i64 = 6;

/// One text in one language, and how it came to be.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The version that is used.
    pub latest: Template,
    /// All versions, the latest first, without their texts being shown.
    pub versions: Vec<Template>,
    /// Names of staff.
    pub staff: BTreeMap<UserId, String>,
    /// Real cases to look at it with.
    pub cases: Vec<Case>,
}

/// What came of saving.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is this version now.
    Version(i32),
    /// It cannot be used: where, and what would be right.
    Wrong(Vec<Problem>),
    /// Somebody saved this version meanwhile; nothing was overwritten.
    Stale(i32),
}

/// Whom a draft is looked at with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// An invented person whose money fared so.
    Invented(Charged),
    /// A real one, of the outage.
    Case(CaseId),
}

/// A draft, as it stands in the form.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The text's key.
    pub key: String,
    /// Its language.
    pub language: Language,
    /// The subject.
    pub subject: String,
    /// The body.
    pub body: String,
    /// HTML that is written by itself; empty: it is made from the body.
    pub html: String,
}

impl Draft {
    /// Read, and tried on everybody whom it may go to.
    fn parsed(&self) -> std::result::Result<Text, Vec<Problem>> {
        let text = Text::with_html(self.language, &self.subject, &self.body, &self.html)?;
        match text.problem_for_anybody() {
            Some(problem) => Err(vec![problem]),
            None => Ok(text),
        }
    }

    fn own_html(&self) -> Option<&str> {
        Some(self.html.as_str()).filter(|html| !html.trim().is_empty())
    }
}

impl Office {
    /// The latest version of every text, by key and language.
    pub fn texts(&self) -> Result<Vec<Template>> {
        Ok(self.db.read(templates::all_latest)?)
    }

    /// One text, its versions, and cases of an outage to look at it with.
    ///
    /// # Errors
    /// There is no such text.
    pub fn text(&self, outage: OutageId, key: &str, language: Language) -> Result<Edited> {
        self.db.read(|conn| {
            let code = language.code();
            let latest = templates::latest(conn, key, code)?.ok_or(Error::NotFound("e-mail text"))?;
            let published = super::rulebook::Rulebook::open(conn, outage)?
                .outage
                .published_import_id;
            let staff = users::all(conn)?.into_iter();
            Ok(Edited {
                latest,
                versions: templates::versions(conn, key, code, VERSIONS)?,
                staff: staff.map(|user| (user.id, user.name)).collect(),
                cases: cases::page(conn, (outage, published), 0, CASES)?,
            })
        })
    }

    /// Saves a draft as the next version after `base`, the one that was being edited.
    ///
    /// # Errors
    /// Not an administrator, or there is no such text.
    pub fn save_text(&self, by: &User, draft: &Draft, base: i32) -> Result<Saved> {
        by.must_be(Role::Admin)?;
        if let Err(problems) = draft.parsed() {
            return Ok(Saved::Wrong(problems));
        }
        let (now, code) = (self.now(), draft.language.code());
        let saved = self.once("save_text", |conn| {
            let latest = templates::latest(conn, &draft.key, code)?;
            let latest = latest.ok_or(Error::NotFound("e-mail text"))?;
            if latest.version != base {
                return Ok(Err(latest.version));
            }
            let html = latest.html.as_deref();
            if (latest.subject == draft.subject) && (latest.body == draft.body) && html == draft.own_html() {
                return Ok(Ok(base));
            }
            let (name, text) = (
                (draft.key.as_str(), code, base + 1),
                (&*draft.subject, &*draft.body, draft.own_html()),
            );
            templates::add(conn, name, text, Some(by.id), now).map_err(super::crowded)?;
            Ok(Ok(base + 1))
        })?;
        Ok(saved.map_or_else(Saved::Stale, Saved::Version))
    }

    /// Makes an earlier version the latest again, as a new one.
    ///
    /// # Errors
    /// Not an administrator, or there is no such version.
    pub fn restore_text(&self, by: &User, key: &str, language: Language, version: i32) -> Result<Saved> {
        let code = language.code();
        let (old, latest) = self.db.read(|conn| -> Result<_> {
            let old = templates::version(conn, key, code, version)?;
            Ok((old, templates::latest(conn, key, code)?))
        })?;
        let (Some(old), Some(latest)) = (old, latest) else {
            return Err(Error::NotFound("version of this text"));
        };
        let draft = Draft {
            key: key.to_owned(),
            language,
            subject: old.subject,
            body: old.body,
            html: old.html.unwrap_or_default(),
        };
        self.save_text(by, &draft, latest.version)
    }

    /// What a draft says to somebody. Nothing is saved.
    ///
    /// # Errors
    /// There is no such case there.
    pub fn preview(
        &self,
        outage: OutageId,
        draft: &Draft,
        reader: Reader,
    ) -> Result<std::result::Result<Content, Vec<Problem>>> {
        let text = match draft.parsed() {
            Ok(text) => text,
            Err(problems) => return Ok(Err(problems)),
        };
        let facts = match reader {
            Reader::Invented(charged) => Facts {
                charged,
                ..Facts::sample()
            },
            Reader::Case(id) => self.db.read(|conn| {
                let case = super::decide::visible(conn, id)?;
                if case.outage_id != outage {
                    return Err(Error::NotFound("case"));
                }
                let book = Rulebook::open(conn, outage)?;
                let answer = answers::standing(conn, id)?;
                let writing = Writing {
                    language: draft.language,
                    sender: self.sender_name(),
                    link: self.citizen_link(id, self.now()),
                    call_at: answer.and_then(|answer| answer.call_at),
                    now: self.now(),
                };
                Ok(facts(&book, &case, writing))
            })?,
        };
        let filled = text.fill(&facts);
        filled
            .map(Ok)
            .map_err(|error| Error::invalid("body", error.to_string()))
    }

    /// Sends a draft, filled for an invented person, to the one who wrote it. Answers the server's words.
    ///
    /// # Errors
    /// Not an administrator; the draft is wrong; the mail server did not take it.
    pub fn send_test(&self, to: &User, draft: &Draft) -> Result<String> {
        to.must_be(Role::Admin)?;
        let text = draft.parsed().map_err(problems_of)?;
        let unusable = |error: &dyn std::fmt::Display| Error::invalid("body", error.to_string());
        let mut content = text.fill(&Facts::sample()).map_err(|error| unusable(&error))?;
        content.subject = format!("[Test] {}", content.subject);
        let sender = Sender::parse(&self.config.mail_from)
            .map_err(|error| Error::invalid("MAKEGOOD_MAIL_FROM", error.to_string()))?;
        let key = rand::random::<[u8; 16]>();
        let letter = Letter {
            message_id: &mail_id::message_id(&key, 0, sender.domain()),
            from: &sender,
            return_path: None,
            reply_to: self.config.mail_reply_to.as_deref(),
            to_name: None,
            to_address: &to.email,
            date: self.now(),
            unsubscribe: None,
            content: &content,
        };
        let mut sealed = letter.seal().map_err(|error| unusable(&error))?;
        let signer = Signer::load(&self.config.dkim, sender.domain());
        let signer = signer.map_err(|error| Error::invalid("MAKEGOOD_DKIM", error.to_string()))?;
        sealed.bytes = signer.sign(sealed.bytes).map_err(Error::internal)?;
        let mailer = Mailer::open(
            self.config.smtp_url.as_ref(),
            &self.config.mail_dir(),
            self.config.known_as(),
        );
        let mailer = mailer.map_err(|error| Error::invalid("MAKEGOOD_SMTP_URL", error.to_string()))?;
        let delivery = mailer.deliver(&sealed, &mut || true);
        mailer.close();
        match delivery {
            Delivery::Sent { reply } => Ok(reply),
            other => Err(Error::Conflict(format!(
                "The test was not sent: {}",
                other.words()
            ))),
        }
    }
}
