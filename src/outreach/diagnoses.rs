//! Whether an address is dead: mail servers say so, in the conversation or in a report, and are believed, unless one thing is
//! said of so many that it is rather our fault or one server's. Then a supervisor decides for all of them, and can take it back.

use super::accounts::User;
use super::suppressions::{BOUNCED, fold_all, reason, with_any};
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::diagnosis::{self, Diagnosis as Said, best_status};
use crate::domain::ids::{CaseId, DiagnosisId, SuppressionId};
use crate::domain::message::MessageState;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::diagnoses::{self, Diagnosis};
use crate::store::messages::Message;
use crate::store::suppressions::{self, Kind};
use std::collections::BTreeSet;

/// Messages changed in one transaction: short enough that no caller waits for it.
const BATCH: i64 = 50;
const HELD: &str = "One reason for too many at once, a supervisor decides: ";
const RESTORED: &str = "Not held against the address: ";

/// What a supervisor is asked, or was.
#[derive(Clone, Debug)]
pub struct Question {
    /// The cause.
    pub diagnosis: Diagnosis,
    /// E-mails that wait for the answer, in all outages.
    pub waiting: i64,
    /// E-mails whose addresses are held to be dead for it.
    pub dead: i64,
}

impl Office {
    /// What supervisors were asked and is not settled, the latest first.
    pub fn questions(&self) -> Result<Vec<Question>> {
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            let mut found = Vec::new();
            for diagnosis in diagnoses::held(conn)? {
                let waiting = diagnoses::count(conn, diagnosis.id, MessageState::Failed)?;
                let dead = diagnoses::count(conn, diagnosis.id, MessageState::Bounced)?;
                if diagnosis.believed.is_none() || waiting > 0 {
                    found.push(Question {
                        diagnosis,
                        waiting,
                        dead,
                    });
                }
            }
            Ok(found)
        })?)
    }

    /// Believes that all these addresses are dead, and those of which it will be said.
    ///
    /// # Errors
    /// Not a supervisor, or there is no such diagnosis.
    pub fn believe(&self, by: &User, id: DiagnosisId) -> Result<()> {
        self.decide_diagnosis(by, id, true)?;
        self.batches(id, &[MessageState::Failed], |conn, message, now| {
            let words = own(message);
            diagnoses::set(conn, message.id, (Some(id), true), words)?;
            bury(conn, message, id, now)
        })
    }

    /// Believes none of it, now and later: nobody is held to be gone, what was suppressed for it is lifted, the letters can go
    /// out again, and the cases stand as if it had never been said.
    ///
    /// # Errors
    /// Not a supervisor, no reason or one that must not be kept, or there is no such diagnosis.
    pub fn disbelieve(&self, by: &User, id: DiagnosisId, why: &str) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let why = reason(why)?;
        self.decide_diagnosis(by, id, false)?;
        let states = [MessageState::Failed, MessageState::Bounced];
        self.batches(id, &states, |conn, message, now| {
            restore(conn, message)?;
            suppressions::lift_of_diagnosis(conn, (id, &message.to_address), (by.id, why), now)?;
            Ok(())
        })
    }

    /// [`Self::disbelieve`], named by one of those who were suppressed for it.
    ///
    /// # Errors
    /// The same, and where that one was suppressed for something else.
    pub fn lift_all_alike(&self, by: &User, id: SuppressionId, why: &str) -> Result<()> {
        let found = self.db.read(|conn| suppressions::with_id(conn, id))?;
        let row = found.ok_or(Error::NotFound("suppression"))?;
        let alike = row.diagnosis_id.ok_or(Error::NotFound("diagnosis"))?;
        self.disbelieve(by, alike, why)
    }

    fn decide_diagnosis(&self, by: &User, id: DiagnosisId, believed: bool) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("decide_diagnosis", |conn| {
            match diagnoses::decide(conn, id, believed, (by.id, now))? {
                0 => Err(Error::NotFound("diagnosis")),
                _ => Ok(()),
            }
        })
    }

    /// Does something with all its messages in short batches, and folds the cases of whoever has their addresses.
    fn batches(
        &self,
        id: DiagnosisId,
        states: &[MessageState],
        each: impl Fn(&mut Conn, &Message, Timestamp) -> Result<()>,
    ) -> Result<()> {
        let now = self.now();
        loop {
            let left = self.db.write(|conn| -> Result<bool> {
                let some = diagnoses::messages(conn, id, states, BATCH)?;
                let contacts = some.iter().map(|one| (Kind::Email, one.to_address.clone()));
                let mut touched = with_any(conn, &contacts.collect::<Vec<_>>())?;
                touched.extend(some.iter().map(|message| message.case_id));
                for message in &some {
                    each(conn, message, now)?;
                }
                fold_all(conn, &touched, now)?;
                Ok(!some.is_empty())
            })?;
            if !left {
                return Ok(());
            }
        }
    }
}

/// Hears that the address of a message that came back is dead. Answers whether that is believed; else the message counts as one
/// that did not arrive, and waits for a supervisor, or not even that.
pub(super) fn hear(conn: &mut Conn, message: &Message, cause: &str, now: Timestamp) -> Result<bool> {
    let diagnosis = diagnoses::named(conn, cause)?;
    let words = own(message);
    diagnoses::set(conn, message.id, (Some(diagnosis.id), true), words)?;
    let (kept, words) = match diagnosis.believed {
        Some(false) => (None, format!("{RESTORED}{words}")),
        None if is_doubtful(conn, &diagnosis, message)? => {
            diagnoses::hold(conn, diagnosis.id, now)?;
            (Some(diagnosis.id), format!("{HELD}{words}"))
        }
        _ => {
            bury(conn, message, diagnosis.id, now)?;
            return Ok(true);
        }
    };
    diagnoses::set(conn, message.id, (kept, false), &words)?;
    Ok(false)
}

/// The same of an answer in the conversation with the server, as it was stored.
pub(super) fn hear_answer(conn: &mut Conn, message: &Message, now: Timestamp) -> Result<bool> {
    let words = message.reply.as_deref().unwrap_or_default();
    let status = best_status(None, words);
    let said = Said {
        status: status.as_deref(),
        words,
        transcript: "",
    };
    hear(conn, message, &said.cause(), now)
}

fn is_doubtful(conn: &mut Conn, diagnosis: &Diagnosis, message: &Message) -> Result<bool> {
    if diagnosis.held_at.is_some() {
        return Ok(true);
    }
    let same = diagnoses::said_of(conn, diagnosis.id, message.outage_id)?;
    if same < diagnosis::MANY {
        return Ok(false);
    }
    let enough = same.saturating_mul(diagnosis::ONE_IN);
    Ok(diagnoses::written(conn, message.outage_id, enough)? < enough)
}

/// Nobody writes to the address again, in any outage.
fn bury(conn: &mut Conn, message: &Message, id: DiagnosisId, now: Timestamp) -> Result<()> {
    if !suppressions::stands(conn, (Kind::Email, &message.to_address), BOUNCED)? {
        suppressions::add_bounced(conn, &message.to_address, (BOUNCED, id), now)?;
    }
    Ok(())
}

/// The letter can go out again.
fn restore(conn: &mut Conn, message: &Message) -> Result<()> {
    let words = format!("{RESTORED}{}", own(message));
    diagnoses::set(conn, message.id, (None, false), &words)?;
    Ok(())
}

/// Takes back that an address is dead: what came back from it can go out again.
pub(super) fn revive(conn: &mut Conn, address: &str, cases: &BTreeSet<CaseId>) -> Result<()> {
    let cases: Vec<CaseId> = cases.iter().copied().collect();
    for message in crate::store::messages::of_cases(conn, &cases)? {
        if message.state == MessageState::Bounced.as_str() && message.to_address == address {
            restore(conn, &message)?;
        }
    }
    Ok(())
}

/// The words without ours before them.
fn own(message: &Message) -> &str {
    let words = message.reply.as_deref().unwrap_or_default();
    let ours = [HELD, RESTORED];
    ours.iter()
        .find_map(|before| words.strip_prefix(before))
        .unwrap_or(words)
}
