//! What comes back: delivery reports from the bounce mailbox, tied to their message by its return path.
//!
//! A dead address is not written to again, by any outage, and its case is called instead. A report whose
//! return path has no tag of ours is somebody else's or forged, and changes nothing. One that speaks of another address than
//! the one written to, a member of a shared mailbox or a place that it is passed on to, says nothing of ours: a person decides.

use super::diagnoses::hear;
use super::fate::refold;
use super::unsubscribe::write_no_more;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::diagnosis::Fault;
use crate::domain::ids::MessageId;
use crate::domain::mail_id;
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::mail::bounce::{self, Bounce, Reading};
use crate::store::messages::{self, Message};

/// What came of one message in the bounce mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The address is dead: the citizen is called, or gets a letter.
    Hard(MessageId),
    /// The address is said to be dead, but so are too many for the same reason: a supervisor decides, or did not believe it.
    Doubted(MessageId),
    /// It did not arrive, but may another time.
    Soft(MessageId),
    /// Our own server has not yet told us that it took the message: the report waits.
    TooEarly,
    /// The mail server is still trying: nothing to do.
    Delayed,
    /// A bounce of nothing that we sent, or one that says nothing new.
    NotOurs,
    /// It came back to a message's own return path and says nothing that can be read, or speaks of another address: a person
    /// decides.
    Unreadable(MessageId),
    /// Somebody pressed *spam*: they are not written to again, and called instead.
    Complaint(MessageId),
    /// Not a bounce: good news, a receipt, an automatic answer, a letter, a complaint about nothing that we sent.
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
            (Reading::Complaint, ours) => {
                self.note_complaint(ours.or_else(|| self.message_in(&bounce::named_in(raw))))
            }
            _ => Ok(Taken::NoBounce),
        }
    }

    /// The message that this one came back for: by the address it was sent to, which only we can make.
    fn bounced_message(&self, raw: &[u8]) -> Option<MessageId> {
        self.message_in(&bounce::addressed_to(raw))
    }

    fn message_in(&self, addresses: &[String]) -> Option<MessageId> {
        let keys = self.config.secret_keys.bytes();
        addresses
            .iter()
            .find_map(|address| mail_id::bounced_message(&keys, address))
    }

    /// Whoever calls our e-mail spam is not written to again, in any outage; the same complaint again changes nothing.
    fn note_complaint(&self, id: Option<MessageId>) -> Result<Taken> {
        let Some(id) = id else {
            return Ok(Taken::NoBounce);
        };
        let now = self.now();
        self.db.write(|conn| {
            let Some(message) = messages::find(conn, id)? else {
                return Ok(Taken::NotOurs);
            };
            Ok(match write_no_more(conn, &message, COMPLAINED, now)? {
                true => Taken::Complaint(id),
                false => Taken::NotOurs,
            })
        })
    }

    /// Only delivery reports are sent to a return path, so the message may not have arrived.
    fn note_unreadable(&self, id: MessageId) -> Result<Taken> {
        let now = self.now();
        self.db.write(|conn| match reported(conn, id)? {
            Reported::Of(message) => in_doubt(conn, &message, "Something came back that cannot be read", now),
            Reported::TooEarly | Reported::NotOurs => Ok(Taken::NotOurs),
        })
    }

    fn note_report(&self, id: MessageId, bounce: &Bounce) -> Result<Taken> {
        let now = self.now();
        self.db.write(|conn| {
            let message = match reported(conn, id)? {
                Reported::Of(message) => message,
                Reported::TooEarly => return Ok(Taken::TooEarly),
                Reported::NotOurs => return Ok(Taken::NotOurs),
            };
            if !bounce.is_about(&message.to_address) {
                return in_doubt(conn, &message, &of_another(bounce), now);
            }
            let words = words(bounce);
            let first = match bounce.is_hard() {
                true => messages::set_bounced(conn, id, &words)?,
                false => messages::set_failed(conn, id, &words)?,
            };
            if first == 0 {
                return Ok(Taken::NotOurs); // another node read the same report just now
            }
            let message = Message {
                reply: Some(words),
                ..*message
            };
            let dead = bounce.is_hard() && hear(conn, &message, &bounce.cause, now)?;
            refold(conn, &message, now)?;
            Ok::<_, Error>(match (dead, bounce.is_hard()) {
                (true, _) => Taken::Hard(id),
                (false, true) => Taken::Doubted(id),
                (false, false) => Taken::Soft(id),
            })
        })
    }
}

/// The message that something came back for.
enum Reported {
    /// It went out, or may have.
    Of(Box<Message>),
    /// It is on its way.
    TooEarly,
    /// There is none, or its fate is known.
    NotOurs,
}

fn reported(conn: &mut Conn, id: MessageId) -> Result<Reported> {
    let Some(message) = messages::find(conn, id)? else {
        return Ok(Reported::NotOurs);
    };
    Ok(match message.state.parse() {
        Ok(MessageState::Sent | MessageState::Uncertain) => Reported::Of(Box::new(message)),
        Ok(MessageState::Sending) => Reported::TooEarly,
        _ => Reported::NotOurs,
    })
}

/// Nobody can say whether the message arrived. What is in doubt already stays as it is.
fn in_doubt(conn: &mut Conn, message: &Message, words: &str, now: Timestamp) -> Result<Taken> {
    if message.state != MessageState::Sent.as_str() {
        return Ok(Taken::NotOurs);
    }
    messages::set_uncertain(conn, message.id, words)?;
    refold(conn, message, now)?;
    Ok(Taken::Unreadable(message.id))
}

/// Why an address is suppressed.
const COMPLAINED: &str = "complained";

/// What it means, and in the server's own words why.
fn words(bounce: &Bounce) -> String {
    let meaning = match bounce.fault {
        Fault::Address => "the address does not exist",
        Fault::Ours => "our server or our address was not let in",
        Fault::Passing => "not delivered this time",
    };
    format!("Came back, {meaning}: {}", own_words(bounce))
}

fn of_another(bounce: &Bounce) -> String {
    let named = bounce.recipients.first().map_or("nobody", String::as_str);
    format!(
        "A report about another address came back, {named}: {}",
        own_words(bounce)
    )
}

fn own_words(bounce: &Bounce) -> String {
    let status = bounce.status.as_deref().unwrap_or("no status");
    match bounce.words.contains(status) || bounce.status.is_none() && !bounce.words.is_empty() {
        true => bounce.words.clone(),
        false => format!("{status} {}", bounce.words).trim_end().to_owned(),
    }
}
