//! Trying e-mails again that did not arrive, before their time or after they were given up.

use super::fate::refold;
use super::message_log::Filter;
use super::{Error, Office, Result};
use crate::domain::ids::{MessageId, OutageId};
use crate::domain::message::MessageState;
use crate::store::{message_log, messages};

/// Messages changed in one transaction: short enough that no caller waits for it.
const BATCH: i64 = 200;

impl Office {
    /// Tries a message again now: one that waits for its next try, or one that failed. It keeps its Message-ID. Whoever
    /// has paid or must not be written to is left out when its turn comes.
    ///
    /// # Errors
    /// There is no such message in the outage, or it is in another state: a bounced one's address is dead.
    pub fn retry_message(&self, outage: OutageId, id: MessageId) -> Result<()> {
        let now = self.now();
        self.once("retry_message", |conn| {
            let message = messages::find(conn, id)?.filter(|message| message.outage_id == outage);
            let message = message.ok_or(Error::NotFound("message"))?;
            match message.state.parse() {
                Ok(MessageState::Queued) => {
                    message_log::hurry(conn, &[id], now)?;
                }
                Ok(MessageState::Failed) => {
                    message_log::retry(conn, &[id], now)?;
                    refold(conn, &message, now)?;
                }
                _ => {
                    let told = format!("This message is {} now; nothing was changed.", message.state);
                    return Err(Error::Conflict(told));
                }
            }
            Ok(())
        })
    }

    /// Tries all of an outage's messages again that wait or, with [`MessageState::Failed`], that failed, as far as the
    /// filter lets them through; in short batches. Answers how many.
    ///
    /// # Errors
    /// The state is one from which nothing can be tried again.
    pub fn retry_messages(&self, outage: OutageId, filter: &Filter) -> Result<usize> {
        let Some(state @ (MessageState::Queued | MessageState::Failed)) = filter.state else {
            let told = "Only e-mails that wait or that failed can be tried again.";
            return Err(Error::Conflict(told.to_owned()));
        };
        let now = self.now();
        let (mut all, mut last) = (0, 0);
        loop {
            let (some, next) = self.db.write(|conn| -> Result<_> {
                let batch = message_log::after(conn, outage, filter, last, BATCH)?;
                let ids: Vec<MessageId> = batch.iter().map(|message| message.id).collect();
                if state == MessageState::Queued {
                    // What was never tried is not late: a reminder waits for its call.
                    let tried = batch.iter().filter(|message| message.reply.is_some());
                    let tried: Vec<MessageId> = tried.map(|message| message.id).collect();
                    return Ok((message_log::hurry(conn, &tried, now)?, ids.last().copied()));
                }
                let some = message_log::retry(conn, &ids, now)?;
                for message in &batch {
                    refold(conn, message, now)?;
                }
                Ok((some, ids.last().copied()))
            })?;
            all += some;
            match next {
                Some(next) => last = next,
                None => return self.once("retry_messages", |_| Ok(all)),
            }
        }
    }
}
