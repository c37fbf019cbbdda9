//! What was written, and what became of it.

use super::{Office, Result};
use crate::db::Conn;
use crate::domain::ids::{CampaignId, MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::store::answers::{self, Answer};
use crate::store::campaigns::{self, Campaign};
pub use crate::store::message_log::Filter;
use crate::store::message_log::{self, Logged};
pub use crate::store::messages::Message;
use crate::store::{board, templates};
use std::collections::BTreeMap;

/// One page of an outage's e-mails.
#[derive(Clone, Debug)]
pub struct MessageLog {
    /// How many are in each state; states without any are left out.
    pub counts: Vec<(MessageState, i64)>,
    /// Citizens who answered by link after they were written to.
    pub answered: i64,
    /// Those of this page, the latest first.
    pub messages: Vec<Logged>,
    /// All that the filter lets through.
    pub found: i64,
    /// What the citizens of this page answered by link.
    pub answers: Vec<Answer>,
    /// The texts to filter by.
    pub texts: Vec<String>,
    /// Mailings to many, the latest first.
    pub campaigns: Vec<Campaign>,
    /// How many messages of each are in each state.
    pub progress: Vec<(CampaignId, String, i64)>,
}

/// How many messages of an outage are in each state.
pub(super) fn by_state(conn: &mut Conn, outage: OutageId) -> Result<BTreeMap<&'static str, i64>> {
    let mut fates: BTreeMap<_, _> = MessageState::ALL
        .iter()
        .map(|state| (state.as_str(), 0))
        .collect();
    for fate in board::fates(conn, outage)? {
        if let Some(count) = fates.get_mut(fate.state.as_str()) {
            *count = fate.messages;
        }
    }
    Ok(fates)
}

impl Office {
    /// The e-mails of an outage that a filter lets through.
    pub fn message_log(
        &self,
        outage: OutageId,
        filter: &Filter,
        offset: i64,
        limit: i64,
    ) -> Result<MessageLog> {
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            let fates = board::fates(conn, outage)?;
            let count = |state: MessageState| {
                let fate = fates.iter().find(|fate| fate.state == state.as_str())?;
                Some((state, fate.messages))
            };
            let messages = message_log::page(conn, outage, filter, (offset.max(0), limit))?;
            let cases: Vec<_> = messages.iter().map(|logged| logged.case).collect();
            Ok(MessageLog {
                counts: MessageState::ALL.into_iter().filter_map(count).collect(),
                answered: message_log::answered(conn, outage)?,
                found: message_log::count(conn, outage, filter)?,
                answers: answers::standing_of(conn, &cases)?,
                messages,
                texts: message_log::texts(conn, outage)?,
                campaigns: campaigns::all(conn, outage)?,
                progress: campaigns::progress(conn, outage)?,
            })
        })?)
    }

    /// The next e-mails after an id that a filter lets through, in the order in which they were written.
    pub fn messages_after(
        &self,
        outage: OutageId,
        filter: &Filter,
        after: MessageId,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let next = |conn: &mut Conn| message_log::after(conn, outage, filter, after, limit);
        Ok(self.db.read(next)?)
    }

    /// The keys of the texts that can be sent to many.
    pub fn template_keys(&self) -> Result<Vec<String>> {
        Ok(self.db.read(templates::keys)?)
    }
}
