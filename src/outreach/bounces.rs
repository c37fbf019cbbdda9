//! What comes back: delivery reports from the bounce mailbox, tied to their message by its return path.
//!
//! A dead address is not written to again, by any outage, and its case is called instead. A report whose
//! return path has no tag of ours is somebody else's or forged, and changes nothing.

use super::fate::refold;
use super::{Error, Office, Result};
use crate::domain::ids::MessageId;
use crate::domain::mail_id;
use crate::domain::message::MessageState;
use crate::mail::bounce::{self, Bounce, Reading};
use crate::store::messages;
use crate::store::suppressions::{self, Kind};

/// Longest words of a report that are kept, in characters.
const LONGEST_WORDS: usize = 200;

/// What came of one message in the bounce mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The address is dead: the citizen is called, or gets a letter.
    Hard(MessageId),
    /// It did not arrive, but may another time.
    Soft(MessageId),
    /// Our own server has not yet told us that it took the message: the report waits.
    TooEarly,
    /// The mail server is still trying: nothing to do.
    Delayed,
    /// A bounce of nothing that we sent, or one that says nothing new.
    NotOurs,
    /// It came back to a message's own return path and says nothing that can be read: a person decides.
    Unreadable(MessageId),
    /// Not a bounce: an automatic answer, a complaint, a letter.
    NoBounce,
}

impl Office {
    /// Takes one message of the bounce mailbox in. The same one again changes nothing.
    ///
    /// # Errors
    /// The database failed.
    pub fn take_bounce(&self, raw: &[u8]) -> Result<Taken> {
        let ours = self.bounced_message(raw);
        match (bounce::read(raw), ours) {
            (Reading::Bounce(bounce), _) if bounce.delayed => Ok(Taken::Delayed),
            (Reading::Bounce(bounce), Some(id)) => self.note_report(id, &bounce),
            (Reading::Bounce(_), None) => Ok(Taken::NotOurs),
            (Reading::Other, Some(id)) => self.note_unreadable(id),
            (Reading::AutomaticReply | Reading::Complaint | Reading::Other, _) => Ok(Taken::NoBounce),
        }
    }

    /// The message that this one came back for: by the address it was sent to, which only we can make.
    fn bounced_message(&self, raw: &[u8]) -> Option<MessageId> {
        let keys = self.config.secret_keys.bytes();
        let to = bounce::addressed_to(raw);
        to.iter()
            .find_map(|address| mail_id::bounced_message(&keys, address))
    }

    /// Only delivery reports are sent to a return path, so the message may not have arrived.
    fn note_unreadable(&self, id: MessageId) -> Result<Taken> {
        const WORDS: &str = "Something came back that cannot be read";
        let now = self.now();
        self.db.write(|conn| {
            let Some(message) = messages::find(conn, id)? else {
                return Ok(Taken::NotOurs);
            };
            if !matches!(message.state.parse(), Ok(MessageState::Sent)) {
                return Ok(Taken::NotOurs);
            }
            messages::set_uncertain(conn, id, WORDS)?;
            refold(conn, &message, now)?;
            Ok::<_, Error>(Taken::Unreadable(id))
        })
    }

    fn note_report(&self, id: MessageId, bounce: &Bounce) -> Result<Taken> {
        let now = self.now();
        let words = words(bounce);
        self.db.write(|conn| {
            let Some(message) = messages::find(conn, id)? else {
                return Ok(Taken::NotOurs);
            };
            match message.state.parse() {
                Ok(MessageState::Sent | MessageState::Uncertain) => {}
                Ok(MessageState::Sending) => return Ok(Taken::TooEarly),
                _ => return Ok(Taken::NotOurs),
            }
            let first = match bounce.hard {
                true => messages::set_bounced(conn, id, &words)?,
                false => messages::set_failed(conn, id, &words)?,
            };
            if first == 0 {
                return Ok(Taken::NotOurs); // another node read the same report just now
            }
            let address = (Kind::Email, message.to_address.as_str());
            if bounce.hard && suppressions::since(conn, address.0, &[address.1])?.is_none() {
                suppressions::add(conn, address, BOUNCED, (None, None), now)?;
            }
            refold(conn, &message, now)?;
            Ok::<_, Error>(if bounce.hard {
                Taken::Hard(id)
            } else {
                Taken::Soft(id)
            })
        })
    }
}

/// Why an address is suppressed.
const BOUNCED: &str = "bounced";

fn words(bounce: &Bounce) -> String {
    let status = bounce.status.as_deref().unwrap_or("no status");
    let meaning = if bounce.hard {
        "the address does not exist"
    } else {
        "not delivered this time"
    };
    let words = format!("Came back: {status}, {meaning}");
    words.chars().take(LONGEST_WORDS).collect()
}
