//! One message for one person, sealed into the bytes that go out.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, message::header::ContentTransferEncoding};

use super::clean::one_line;
use crate::domain::timestamp::Timestamp;

const LONGEST_NAME: usize = 70;
const LONGEST_SUBJECT: usize = 150;

/// The agency's own address, from `MAKEGOOD_MAIL_FROM`.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

/// Why a message cannot be built. Quotes no address.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The sender's setting is no address.
    #[error("MAKEGOOD_MAIL_FROM is no e-mail address; write it as `Name <name@domain>`")]
    Sender,
    /// The recipient's address cannot be written to.
    #[error("the recipient's address is not one that a mail server accepts")]
    Recipient,
    /// The return path or the reply address is no address.
    #[error("the return path or reply address is no e-mail address")]
    ReturnPath,
    /// The one-click address is not https.
    #[error("the unsubscribe link is no https address")]
    Unsubscribe,
    /// Something else that lettre refuses.
    #[error("the message cannot be put together: {0}")]
    Format(#[from] lettre::error::Error),
}

impl Sender {
    /// Reads `Name <address>` or a bare address.
    pub fn parse(text: &str) -> Result<Self, BuildError> {
        let mailbox: Mailbox = text.trim().parse().map_err(|_| BuildError::Sender)?;
        let name = mailbox
            .name
            .map(|name| one_line(&name, LONGEST_NAME))
            .filter(|name| !name.is_empty());
        let email = plain_address(mailbox.email.as_ref()).ok_or(BuildError::Sender)?;
        Ok(Self(Mailbox::new(name, email)))
    }

    /// The part after the `@`: the home of Message-IDs and return paths.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }

    /// The bare address.
    pub fn address(&self) -> &str {
        self.0.email.as_ref()
    }
}

/// What a message says, filled in for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// One message before it is sealed.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// From [`crate::domain::mail_id::message_id`], without angle brackets; the same on every try.
    pub message_id: &'a str,
    /// The agency.
    pub from: &'a Sender,
    /// Envelope sender, from [`crate::domain::mail_id::return_path`]; the agency's address if `None`.
    pub return_path: Option<&'a str>,
    /// Where answers go, if not to the agency's address.
    pub reply_to: Option<&'a str>,
    /// How the recipient is called; best only the given name. Cleaned here.
    pub to_name: Option<&'a str>,
    /// The one recipient.
    pub to_address: &'a str,
    /// When it goes out: the same on every try after which a server may have it.
    pub date: Timestamp,
    /// One-click address (RFC 8058); only for campaigns, not for answers to what a citizen asked for.
    pub unsubscribe: Option<&'a str>,
    /// The words.
    pub content: &'a Content,
}

/// A message ready to go: envelope and bytes. Seven-bit clean, so any server takes it.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Without angle brackets.
    pub message_id: String,
    /// For MAIL FROM.
    pub return_path: Address,
    /// For RCPT TO.
    pub to: Address,
    /// Header and body, lines end in CRLF, without the final dot.
    pub bytes: Vec<u8>,
}

impl Letter<'_> {
    /// Puts the message together. Only our own headers, whatever the texts hold.
    pub fn seal(&self) -> Result<Sealed, BuildError> {
        let to = plain_address(self.to_address).ok_or(BuildError::Recipient)?;
        let return_path = match self.return_path {
            Some(path) => plain_address(path).ok_or(BuildError::ReturnPath)?,
            None => self.from.0.email.clone(),
        };
        let message = self.message(&to)?;
        let mut bytes = message.formatted();
        while bytes.ends_with(b"\r\n") {
            bytes.truncate(bytes.len() - 2); // The sender adds one line end before the dot.
        }
        Ok(Sealed {
            message_id: self.message_id.to_owned(),
            return_path,
            to,
            bytes,
        })
    }

    fn message(&self, to: &Address) -> Result<Message, BuildError> {
        let name = self
            .to_name
            .map(|name| one_line(name, LONGEST_NAME))
            .filter(|name| name.chars().any(char::is_alphanumeric)); // `.` alone is no name that readers understand
        let id = one_line(self.message_id, 200);
        let mut builder = Message::builder()
            .from(self.from.0.clone())
            .to(Mailbox::new(name, to.clone()))
            .subject(one_line(&self.content.subject, LONGEST_SUBJECT))
            .date(system_time(self.date))
            .message_id(Some(format!("<{id}>")))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(address) = self.reply_to {
            let address = plain_address(address).ok_or(BuildError::ReturnPath)?;
            builder = builder.reply_to(Mailbox::new(None, address));
        }
        if let Some(link) = self.unsubscribe {
            let link = one_click(link).ok_or(BuildError::Unsubscribe)?;
            builder = builder
                .raw_header(header("List-Unsubscribe", link))
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click".to_owned(),
                ));
        }
        Ok(builder.multipart(self.parts())?)
    }

    /// The boundary holds `=_`, which quoted-printable text cannot, and no chance, so that a message
    /// is the same bytes on every try.
    fn parts(&self) -> MultiPart {
        let boundary: String = self
            .message_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(40)
            .collect();
        MultiPart::alternative()
            .boundary(format!("=_{boundary}"))
            .singlepart(part(ContentType::TEXT_PLAIN, &self.content.text))
            .singlepart(part(ContentType::TEXT_HTML, &self.content.html))
    }
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let encoded = Body::new_with_encoding(lines.clone(), ContentTransferEncoding::QuotedPrintable);
    let body = encoded.unwrap_or_else(|_| Body::new(lines));
    SinglePart::builder().header(kind).body(body)
}

/// An address in ASCII, its domain by IDNA; `None` if lettre or the mail world would not take it.
fn plain_address(text: &str) -> Option<Address> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    let address = Address::new(local, domain).ok()?;
    let text: &str = address.as_ref();
    let fits = text.bytes().all(|byte| byte.is_ascii_graphic()) && text.len() <= 254;
    fits.then_some(address)
}

fn system_time(at: Timestamp) -> SystemTime {
    let micros = u64::try_from(at.micros()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_micros(micros)
}

/// A header of ours whose value has passed [`one_line`] or is a constant; folded nowhere.
fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// Only an https address without blanks or brackets may stand in List-Unsubscribe.
fn one_click(link: &str) -> Option<String> {
    let plain = link
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b','));
    (plain && link.len() <= 500 && link.starts_with("https://")).then(|| format!("<{link}>"))
}

#[cfg(test)]
mod tests;
