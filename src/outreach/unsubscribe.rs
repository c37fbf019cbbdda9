//! One click on *unsubscribe* in a mail program (RFC 8058): the address is not written to again, in any outage.

use super::fate::refold;
use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::MessageId;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::store::messages::{self, Message};
use crate::store::outages::{self, Outage};
use crate::store::suppressions::{self, Kind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What the key signs here, and nowhere else.
const PURPOSE: &str = "unsubscribe";
/// Bytes of the signature that stand in the link: 128 bits cannot be guessed.
const SIGNATURE: usize = 16;
/// Why the address is suppressed.
const REASON: &str = "unsubscribed";

/// To whom a link to unsubscribe belongs.
#[derive(Clone, Debug)]
pub struct Subscribed {
    /// The outage of the message.
    pub outage: Outage,
    /// Its language.
    pub language: Language,
}

impl Office {
    /// The one-click address of a message to many; none without https, which RFC 8058 asks for. It has no end:
    /// people unsubscribe from old messages too.
    pub fn unsubscribe_link(&self, message: MessageId) -> Option<String> {
        if !self.config.is_https() {
            return None;
        }
        let mut bytes = message.to_be_bytes().to_vec();
        let signature = self.config.secret_keys.sign(PURPOSE, &bytes);
        bytes.extend(signature.iter().take(SIGNATURE));
        Some(format!("{}/u/{}", self.base_url(), URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What a link belongs to; none for one that nobody made.
    pub fn subscribed(&self, link: &str) -> Result<Option<Subscribed>> {
        self.db.read(|conn| match self.named_by(conn, link)? {
            Some(message) => subscribed(conn, &message),
            None => Ok(None),
        })
    }

    /// Writes to the message's address no more. Once more changes nothing. None for a link that nobody made.
    pub fn unsubscribe(&self, link: &str) -> Result<Option<Subscribed>> {
        let now = self.now();
        self.db.write(|conn| {
            let Some(message) = self.named_by(conn, link)? else {
                return Ok(None);
            };
            write_no_more(conn, &message, REASON, now)?;
            subscribed(conn, &message)
        })
    }

    fn named_by(&self, conn: &mut Conn, link: &str) -> Result<Option<Message>> {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(link) else {
            return Ok(None);
        };
        let Some((content, signature)) = bytes.split_at_checked(size_of::<MessageId>()) else {
            return Ok(None);
        };
        let keys = &self.config.secret_keys;
        let signed = signature.len() == SIGNATURE && keys.verify_start(PURPOSE, content, signature);
        match content.try_into() {
            Ok(id) if signed => Ok(messages::find(conn, MessageId::from_be_bytes(id))?),
            _ => Ok(None),
        }
    }
}

/// Writes to a message's address no more; answers whether that is new.
pub(super) fn write_no_more(conn: &mut Conn, message: &Message, why: &str, now: Timestamp) -> Result<bool> {
    let address = message.to_address.as_str();
    if suppressions::since(conn, Kind::Email, &[address])?.is_some() {
        return Ok(false);
    }
    suppressions::add(conn, (Kind::Email, address), why, (None, None), now)?;
    refold(conn, message, now)?;
    Ok(true)
}

fn subscribed(conn: &mut Conn, message: &Message) -> Result<Option<Subscribed>> {
    let outage = outages::find(conn, message.outage_id)?;
    let language = Language::of(&message.language);
    Ok(outage.map(|outage| Subscribed { outage, language }))
}
