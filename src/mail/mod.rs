//! E-mail: texts into messages, messages to the mail server, and what its answers mean.
//!
//! Nothing here knows the database. The outbox leases a row, commits, and then asks this module:
//! [`template`] fills the text, [`build`] seals it into bytes, [`Mailer::deliver`] hands it over and
//! says what became of it. All calls block: make them from a blocking thread.

mod armour;
pub mod bounce;
pub mod build;
pub mod clean;
pub mod dkim;
pub mod facts;
pub mod files;
mod grammar;
pub mod imap;
mod layout;
pub mod maildir;
mod markdown;
pub mod memory;
mod own_html;
pub mod pace;
mod session;
#[cfg(test)]
mod sink;
pub mod smtp;
pub mod smtp_url;
pub mod template;
mod template_check;
pub mod texts;
mod tls;
mod trouble;
pub use crate::domain::words;

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::domain::message::Delivery;
use build::Sealed;
use files::Files;
use memory::Memory;
use smtp::Smtp;
use smtp_url::SmtpUrl;

/// Where messages go. Cheap to share by reference between the outbox's threads.
pub enum Mailer {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into `.eml` files, when no server is set.
    Files(Files),
    /// Into memory, for tests.
    Memory(Memory),
}

/// Why mail cannot be set up as configured. Names no secret.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// `MAKEGOOD_SMTP_URL` cannot be read.
    #[error(transparent)]
    Url(#[from] smtp_url::SmtpUrlError),
    /// The machine's certificate store cannot be used.
    #[error("cannot load this machine's certificates, which are needed to check the mail server's: {0}")]
    Certificates(String),
    /// The folder for `.eml` files cannot be made.
    #[error("cannot make the folder for e-mail files: {0}")]
    Folder(std::io::Error),
}

impl Mailer {
    /// The mail server of `smtp_url`, or files in `folder` without one. Others know this machine by a name, if it has none itself.
    /// Does not connect yet.
    pub fn open(
        smtp_url: Option<&SecretString>,
        folder: &Path,
        known_as: Option<String>,
    ) -> Result<Self, MailerError> {
        let Some(url) = smtp_url else {
            return Ok(Self::Files(Files::open(folder).map_err(MailerError::Folder)?));
        };
        let url = SmtpUrl {
            known_as,
            ..SmtpUrl::parse(url.expose_secret())?
        };
        Ok(Self::Smtp(Box::new(Smtp::new(url)?)))
    }

    /// Hands over one message and says what became of it. `last_look` is asked once, when the server
    /// has accepted the recipient and before a byte of the text goes out: it may record that the text
    /// is about to go, and says whether the message is still wanted. Never panics, never waits for ever.
    pub fn deliver(&self, sealed: &Sealed, last_look: &mut dyn FnMut() -> bool) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.deliver(sealed, last_look),
            Self::Files(files) => files.deliver(sealed, last_look),
            Self::Memory(memory) => memory.deliver(sealed, last_look),
        }
    }

    /// Says goodbye to the mail server on all idle connections; for a graceful stop.
    pub fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close();
        }
    }

    /// Where messages go, in words for a page: `mail.example:587` or the folder. No secrets.
    pub fn place(&self) -> String {
        match self {
            Self::Smtp(smtp) => smtp.place(),
            Self::Files(files) => files.folder().display().to_string(),
            Self::Memory(_) => "memory".to_owned(),
        }
    }

    /// Whether messages really leave this machine's files.
    pub const fn is_smtp(&self) -> bool {
        matches!(self, Self::Smtp(_))
    }
}
