//! A mailbox on a mail server, read over IMAP (RFC 3501): what nobody has read, in the order of arrival; what was read
//! is marked so, never deleted.
//!
//! Six commands are all that is needed. They block, as everything in this module does, and no answer is larger in
//! memory than the largest message that is read.

mod pace;
#[cfg(test)]
mod tests;
mod wire;

pub use pace::Limits;

use crate::config::{ImapEncryption, ImapUrl};
use secrecy::ExposeSecret;
use wire::{Answer, Wire};

/// Why a mailbox cannot be read, in words for a supervisor. Holds no password.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// Nobody answers, or the connection broke off.
    #[error("the mail server does not answer: {0}")]
    Away(#[from] std::io::Error),
    /// What it answers cannot be understood.
    #[error("the mail server answers something else than IMAP")]
    Strange,
    /// The password would cross the network for all to read.
    #[error("the mail server offers no encryption (STARTTLS), and no password is sent without; use imaps://")]
    Unencrypted,
    /// The machine's certificates cannot be used.
    #[error("the mail server's certificate cannot be checked: {0}")]
    Certificates(String),
    /// The name or the password is wrong.
    #[error("the mail server does not accept the user name or the password")]
    Login,
    /// There is no such mailbox.
    #[error("there is no mailbox {0} that this user may open")]
    Folder(String),
    /// A command was refused.
    #[error("the mail server refused {0}")]
    Refused(&'static str),
}

type Result<T> = std::result::Result<T, ImapError>;

/// The largest part of a message that is read, in bytes.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// An open mailbox.
pub struct Imap {
    wire: Wire,
    limits: Limits,
}

impl Imap {
    /// Connects, encrypts, signs in and opens the mailbox; each phase is over within its limit.
    pub fn open(url: &ImapUrl, limits: Limits) -> Result<Self> {
        let mut wire = Wire::connect(url, &limits)?;
        let greeting = wire.greeting()?;
        if url.encryption == ImapEncryption::StartTls {
            wire.begin("STARTTLS", limits.door);
            if !wire.ask("STARTTLS")?.is_ok() {
                return Err(ImapError::Unencrypted);
            }
            wire = wire.encrypted(url)?;
        }
        if !greeting {
            wire.begin("LOGIN", limits.login);
            let login = [url.user.as_bytes(), url.password.expose_secret().as_bytes()];
            if !wire.ask_with("LOGIN", &login)?.is_ok() {
                return Err(ImapError::Login);
            }
        }
        wire.begin("SELECT", limits.select);
        let folder = url.folder.replace('\\', "\\\\").replace('"', "\\\"");
        if !wire.ask(&format!("SELECT \"{folder}\""))?.is_ok() {
            return Err(ImapError::Folder(url.folder.clone()));
        }
        Ok(Self { wire, limits })
    }

    /// The numbers of up to `limit` messages that nobody has read, the oldest first. They stay the same.
    pub fn unread(&mut self, limit: usize) -> Result<Vec<u32>> {
        self.wire.begin("SEARCH", self.limits.search);
        let answer = self.wire.ask("UID SEARCH UNSEEN UNDELETED")?;
        if !answer.is_ok() {
            return Err(ImapError::Refused("to say what is new"));
        }
        let mut found: Vec<u32> = answer.numbers("SEARCH").collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        Ok(found)
    }

    /// A message's content, its first megabytes at the most. `None`: it is gone, or the server cannot read it itself.
    pub fn content(&mut self, number: u32) -> Result<Option<Vec<u8>>> {
        self.wire.begin("FETCH", self.limits.fetch);
        let mut answer: Answer = self
            .wire
            .ask(&format!("UID FETCH {number} (BODY.PEEK[]<0.{LARGEST}>)"))?;
        Ok(answer.take_content().filter(|_| answer.is_ok()))
    }

    /// Marks a message as read. It stays where it is, for a person.
    pub fn mark_read(&mut self, number: u32) -> Result<()> {
        self.wire.begin("STORE", self.limits.store);
        let answer = self
            .wire
            .ask(&format!("UID STORE {number} +FLAGS.SILENT (\\Seen)"))?;
        match answer.is_ok() {
            true => Ok(()),
            false => Err(ImapError::Refused("to mark a message as read")),
        }
    }

    /// Says goodbye; nobody minds if it is not heard.
    pub fn close(mut self) {
        self.wire.begin("LOGOUT", self.limits.logout);
        let _ = self.wire.ask("LOGOUT");
    }
}
