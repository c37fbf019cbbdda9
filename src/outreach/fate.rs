//! What people and delivery reports say of a message after it was sent.

use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::db::Conn;
use crate::domain::ids::{CaseId, HouseholdId, MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::messages::{self, Message};
use crate::store::{cases, queue};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a person decides about a message whose answer was never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It arrived, or it does not matter.
    CountAsSent,
    /// It goes out again, with the same Message-ID.
    SendAgain,
}

impl Office {
    /// A delivery report came back: the address is bad, so the person is called or gets a letter instead.
    ///
    /// # Errors
    /// There is no such message, or it was never sent.
    pub fn note_bounce(&self, id: MessageId, words: &str) -> Result<()> {
        let from = [MessageState::Sent, MessageState::Uncertain];
        self.set_fate(id, &from, |conn, _| messages::set_bounced(conn, id, words))
    }

    /// Settles an uncertain message.
    ///
    /// # Errors
    /// There is no such message, or it is not uncertain (any more).
    pub fn settle_uncertain(&self, id: MessageId, decision: Decision) -> Result<()> {
        self.set_fate(id, &[MessageState::Uncertain], |conn, now| match decision {
            Decision::CountAsSent => messages::set_sent(conn, id, now),
            Decision::SendAgain => messages::set_queued(conn, id, now),
        })
    }

    fn set_fate(
        &self,
        id: MessageId,
        from: &[MessageState],
        set: impl Fn(&mut Conn, Timestamp) -> crate::store::Result<usize>,
    ) -> Result<()> {
        let now = self.now();
        self.once("set_fate", |conn| {
            let message = messages::find(conn, id)?.ok_or(Error::NotFound("message"))?;
            if !from.iter().any(|state| state.as_str() == message.state) {
                return Err(Error::Conflict(format!(
                    "This message is {} now; nothing was changed.",
                    message.state
                )));
            }
            set(conn, now)?;
            refold(conn, &message, now)
        })
    }
}

/// Folds the case of a message whose fate has changed.
pub(super) fn refold(conn: &mut Conn, message: &Message, now: Timestamp) -> Result<()> {
    let book = Rulebook::open(conn, message.outage_id)?;
    let mut touched = BTreeSet::new();
    standing::refold(conn, &book, message.case_id, &mut touched)?;
    standing::refresh(conn, &book, &touched, now)
}

/// Folds the cases of messages that the mail server took, or did not. A message that went out moves only those
/// on that could only be written to, so the others are not looked at.
pub(super) fn fold_sent(conn: &mut Conn, messages: &[Message], now: Timestamp) -> Result<()> {
    let ids: Vec<CaseId> = messages.iter().map(|message| message.case_id).collect();
    let homes: BTreeSet<HouseholdId> = cases::stages(conn, &ids)?
        .into_iter()
        .filter_map(|(_, home, _)| home)
        .collect();
    queue::lock_all(conn, &homes.into_iter().collect::<Vec<_>>())?; // from here on they stay as they are
    let stages = cases::stages(conn, &ids)?
        .into_iter()
        .map(|(case, _, stage)| (case, stage));
    let stages: HashMap<CaseId, String> = stages.collect();
    let may_move = |message: &&Message| {
        let stage = stages
            .get(&message.case_id)
            .and_then(|stage| stage.parse::<Stage>().ok());
        message.state != MessageState::Sent.as_str() || stage.is_none_or(Stage::is_written)
    };
    let mut of_outages: BTreeMap<OutageId, Vec<CaseId>> = BTreeMap::new();
    for message in messages.iter().filter(may_move) {
        of_outages
            .entry(message.outage_id)
            .or_default()
            .push(message.case_id);
    }
    for (outage, cases) in of_outages {
        let book = Rulebook::open(conn, outage)?;
        standing::fold_written(conn, &book, &cases, now)?;
    }
    Ok(())
}
