//! What was written, and what became of it.

use super::{Office, Result};
use crate::domain::ids::{CampaignId, OutageId};
use crate::domain::message::MessageState;
use crate::store::campaigns::{self, Campaign};
use crate::store::message_log::{self, Logged};
use crate::store::{board, templates};

/// One page of an outage's e-mails.
#[derive(Clone, Debug)]
pub struct MessageLog {
    /// How many are in each state; states without any are left out.
    pub counts: Vec<(MessageState, i64)>,
    /// Those of this page, the latest first.
    pub messages: Vec<Logged>,
    /// Mailings to many, the latest first.
    pub campaigns: Vec<Campaign>,
    /// How many messages of each are in each state.
    pub progress: Vec<(CampaignId, String, i64)>,
}

impl Office {
    /// The e-mails of an outage, all or those in one state.
    pub fn message_log(
        &self,
        outage: OutageId,
        state: Option<MessageState>,
        offset: i64,
        limit: i64,
    ) -> Result<MessageLog> {
        let word = state.map(MessageState::as_str);
        Ok(self.db.read(|conn| -> crate::store::Result<_> {
            let fates = board::fates(conn, outage)?;
            let count = |state: MessageState| {
                let fate = fates.iter().find(|fate| fate.state == state.as_str())?;
                Some((state, fate.messages))
            };
            Ok(MessageLog {
                counts: MessageState::ALL.into_iter().filter_map(count).collect(),
                messages: message_log::page(conn, outage, word, (offset.max(0), limit))?,
                campaigns: campaigns::all(conn, outage)?,
                progress: campaigns::progress(conn, outage)?,
            })
        })?)
    }

    /// The keys of the texts that can be sent to many.
    pub fn template_keys(&self) -> Result<Vec<String>> {
        Ok(self.db.read(templates::keys)?)
    }
}
