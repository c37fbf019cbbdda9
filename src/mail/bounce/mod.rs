//! What a message in the bounce mailbox says: who was not reached, and whether the address is dead.
//!
//! Reports by RFC 3464 are read by their fields; the untidy rest by the sentences that mail servers
//! have written for decades. Automatic replies, receipts, letters, complaints and good news are never bounces. Which message of
//! ours came back is told by the return path (`domain::mail_id`), not here; what the server's words mean, by `domain::diagnosis`.

mod opened;
mod report;
mod sentences;
mod untidy;

use mail_parser::MessageParser;
use serde::Serialize;

use crate::domain::diagnosis::{Diagnosis, Fault};
use opened::{Opened, with_lf};

/// What a message says about a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Somebody was not reached, or not yet.
    Bounce(Bounce),
    /// An out-of-office answer or the like (RFC 3834).
    AutomaticReply,
    /// It arrived (RFC 3464), or was seen on a screen or deleted (RFC 8098).
    Arrived,
    /// What a person wrote.
    Letter,
    /// Somebody pressed *spam* (ARF, RFC 5965).
    Complaint,
    /// Anything else.
    Other,
}

/// A delivery that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Those not reached, as the report names them; may be empty when it is unreadable.
    pub recipients: Vec<String>,
    /// All addresses by which the report may mean somebody, in small letters: before and after forwarding.
    pub about: Vec<String>,
    /// Who is at fault.
    pub fault: Fault,
    /// Enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The server's own words, on one line of at most [`LONGEST_WORDS`] characters.
    pub words: String,
    /// What they come down to: the same for all who are refused for the same reason.
    pub cause: String,
    /// Message-ID of what came back, without angle brackets.
    pub message_id: Option<String>,
    /// The server is still trying: it says so early, and will say more.
    pub delayed: bool,
}

/// Longest words of a server that are kept, in characters.
pub const LONGEST_WORDS: usize = 400;

impl Bounce {
    /// Whether the address is dead: do not write to it again.
    pub fn is_hard(&self) -> bool {
        self.fault == Fault::Address && !self.delayed
    }

    /// Whether the report speaks of this address, under whatever name the message went on.
    pub fn is_about(&self, address: &str) -> bool {
        self.about.iter().any(|known| known.eq_ignore_ascii_case(address))
    }

    /// With what the server said, and what that means.
    fn of(recipients: Vec<String>, about: &[String], diagnosis: Diagnosis<'_>) -> Self {
        let one_line = diagnosis.words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            recipients,
            about: about.iter().map(|address| address.to_lowercase()).collect(),
            fault: diagnosis.fault(),
            status: diagnosis.status.map(str::to_owned),
            words: one_line.chars().take(LONGEST_WORDS).collect(),
            cause: diagnosis.cause(),
            message_id: None,
            delayed: false,
        }
    }
}

impl Reading {
    /// The bounce, if it is one.
    pub fn bounce(&self) -> Option<&Bounce> {
        match self {
            Self::Bounce(bounce) => Some(bounce),
            _ => None,
        }
    }
}

/// What `makegood mail classify` prints for one file; all but the first two are null for no bounce.
#[derive(Debug, Serialize)]
pub struct Classified {
    file: String,
    bounce: bool,
    recipient: Option<String>,
    recipients: Option<Vec<String>>,
    hard: Option<bool>,
    status: Option<String>,
    message_id: Option<String>,
}

impl Classified {
    /// Reads the file's content.
    pub fn read(file: &str, raw: &[u8]) -> Self {
        let reading = read(raw);
        let bounce = reading.bounce();
        Self {
            file: file.to_owned(),
            bounce: bounce.is_some(),
            recipient: bounce.and_then(|bounce| bounce.recipients.first().cloned()),
            recipients: bounce.map(|bounce| bounce.recipients.clone()),
            hard: bounce.map(Bounce::is_hard),
            status: bounce.and_then(|bounce| bounce.status.clone()),
            message_id: bounce.and_then(|bounce| bounce.message_id.clone()),
        }
    }
}

/// To whom a message was addressed or delivered: one of these is our return path, which
/// `mail_id::bounced_message` reads even when the report cannot be read.
pub fn addressed_to(raw: &[u8]) -> Vec<String> {
    let raw = with_lf(raw);
    let Some(message) = MessageParser::default().parse(&raw) else {
        return Vec::new();
    };
    let names = ["to", "delivered-to", "x-original-to", "envelope-to"];
    let headers = message
        .headers_raw()
        .filter(|(name, _)| names.contains(&name.to_ascii_lowercase().as_str()));
    headers.flat_map(|(_, value)| untidy::addresses(value)).collect()
}

/// Whatever looks like an address anywhere in a message: the one that a complaint is about stands in what it returns.
pub fn named_in(raw: &[u8]) -> Vec<String> {
    untidy::addresses(&String::from_utf8_lossy(raw))
}

/// Reads one message as it lies in a mailbox, with any line ends. Never fails: what cannot be read is
/// [`Reading::Other`].
pub fn read(raw: &[u8]) -> Reading {
    let raw = with_lf(raw);
    let Some(message) = MessageParser::default().parse(&raw) else {
        return Reading::Other;
    };
    let mail = Opened::new(&message, &raw);
    if mail.is_complaint() {
        return Reading::Complaint;
    }
    if mail.is_receipt() {
        return Reading::Arrived;
    }
    let recipients = report::recipients(&mail.report);
    if !recipients.is_empty() {
        return mail.reported(&recipients);
    }
    if mail.is_automatic_reply() {
        return Reading::AutomaticReply;
    }
    match mail.looks_like_a_bounce() {
        true => untidy::read(&mail).map_or(Reading::Other, Reading::Bounce),
        false if mail.is_a_letter() => Reading::Letter,
        false => Reading::Other,
    }
}

#[cfg(test)]
mod tests;
