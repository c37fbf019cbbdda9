//! What becomes of messages, written down for all connections of a process together.
//!
//! Two things about a message must be on the disk: that its text is about to go, before it goes; and then what
//! became of it. One thread writes both for everybody. What gathers while it writes one transaction is the next
//! one, so many messages share a commit and none waits for a timer.

use super::wanted::reasons_against;
use super::{Error, LEASE_SECONDS, Office, held};
use crate::domain::ids::MessageId;
use crate::domain::timestamp::Timestamp;
use crate::store::message_fates::{self as fates, Outcome};
use crate::store::message_lease as lease;
use crate::store::messages::Message;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the journal waits before it tries again to write what the database did not take.
const PAUSE: Duration = Duration::from_millis(500);
/// An outcome that cannot be stored is given up after so long; its lease says what is known.
const PATIENCE: Duration = Duration::from_secs(20);
/// An answer older than this is asked for again before the text goes, in seconds.
const FRESH: i64 = 2;

pub(super) struct Journal<'a> {
    office: &'a Office,
    /// Names this worker in the leases.
    word: &'a str,
    desk: Mutex<Desk>,
    bell: Condvar,
}

/// What waits to be written.
#[derive(Default)]
struct Desk {
    asked: Vec<Asked>,
    ended: Vec<Ended>,
    /// Written, and their cases wait to be folded.
    stored: Vec<Message>,
    closed: bool,
}

struct Asked {
    id: MessageId,
    answer: SyncSender<bool>,
}

struct Ended {
    message: Message,
    outcome: Outcome,
    /// When the database did not take it for the first time.
    failed: Option<Instant>,
}

/// What a transaction of the journal came to.
#[derive(Default)]
struct Written {
    /// Those of the messages asked about that may go.
    wanted: HashSet<MessageId>,
    /// Those of the messages that ended whose cases have still to be folded.
    to_fold: HashSet<MessageId>,
}

/// The answer to a look that was asked for.
pub(super) struct Look {
    id: MessageId,
    at: Timestamp,
    answer: Receiver<bool>,
}

impl<'a> Journal<'a> {
    pub(super) fn new(office: &'a Office, word: &'a str) -> Self {
        Self {
            office,
            word,
            desk: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    /// Asks for the last look at a message: is it still ours and still wanted? If so, it is written down that
    /// its text is about to go: from then on silence is *uncertain*.
    pub(super) fn ask(&self, id: MessageId) -> Look {
        let (answer, receiver) = sync_channel(1);
        held(&self.desk).asked.push(Asked { id, answer });
        self.bell.notify_one();
        Look {
            id,
            at: self.office.now(),
            answer: receiver,
        }
    }

    /// Waits for the answer to a look; one that has become old is asked for again.
    pub(super) fn answer(&self, look: &Look) -> bool {
        let said = look.answer.recv().unwrap_or(false);
        if said && self.office.now().seconds_since(look.at) >= FRESH {
            return self.ask(look.id).answer.recv().unwrap_or(false);
        }
        said
    }

    /// Notes what became of a message. Nobody waits for that to be on the disk: until then it is *uncertain*.
    pub(super) fn note(&self, message: Message, outcome: Outcome) {
        let ended = Ended {
            message,
            outcome,
            failed: None,
        };
        held(&self.desk).ended.push(ended);
        self.bell.notify_one();
    }

    /// Messages whose fate was stored since this was asked last.
    pub(super) fn stored(&self) -> Vec<Message> {
        std::mem::take(&mut held(&self.desk).stored)
    }

    /// Lets [`Self::run`] end when all is written.
    pub(super) fn close(&self) {
        held(&self.desk).closed = true;
        self.bell.notify_one();
    }

    /// Writes until it is closed.
    pub(super) fn run(&self) {
        while let Some((asked, ended)) = self.next() {
            let stored = catch_unwind(AssertUnwindSafe(|| self.write_all(asked, ended)));
            if stored.is_err() {
                tracing::error!(
                    "the outbox's journal panicked; the leases of what it held say what is known"
                );
            }
        }
    }

    fn next(&self) -> Option<(Vec<Asked>, Vec<Ended>)> {
        let mut desk = held(&self.desk);
        loop {
            if !desk.asked.is_empty() || !desk.ended.is_empty() {
                return Some((std::mem::take(&mut desk.asked), std::mem::take(&mut desk.ended)));
            }
            if desk.closed {
                return None;
            }
            desk = self.bell.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write_all(&self, asked: Vec<Asked>, ended: Vec<Ended>) {
        match self.write(&asked, &ended) {
            Ok(written) => {
                for one in asked {
                    // Nobody waits any more for an answer whose thread has panicked.
                    let _ = one.answer.send(written.wanted.contains(&one.id));
                }
                self.keep(ended, &written);
            }
            Err(error) => {
                tracing::warn!(%error, "the outbox's journal could not be written; trying again");
                drop(asked); // that is a no: the message waits
                std::thread::sleep(PAUSE);
                let is_away = matches!(error, Error::Database(trouble) if trouble.passes());
                ended.into_iter().for_each(|one| self.write_again(one, is_away));
            }
        }
    }

    /// Alone, so that one outcome which the database refuses keeps no other from being stored; while it is away,
    /// later.
    fn write_again(&self, mut ended: Ended, is_away: bool) {
        if !is_away && let Ok(written) = self.write(&[], std::slice::from_ref(&ended)) {
            return self.keep(vec![ended], &written);
        }
        if ended.failed.get_or_insert_with(Instant::now).elapsed() < PATIENCE {
            held(&self.desk).ended.push(ended);
        } else {
            tracing::error!(message = ended.outcome.id, "a message's fate could not be stored");
        }
    }

    fn keep(&self, ended: Vec<Ended>, written: &Written) {
        let folds = ended
            .into_iter()
            .filter(|one| written.to_fold.contains(&one.outcome.id));
        let settled = folds.map(|one| Message {
            state: one.outcome.state.as_str().to_owned(),
            reply: Some(one.outcome.reply),
            ..one.message
        });
        held(&self.desk).stored.extend(settled);
    }

    /// One transaction for all of them.
    fn write(&self, asked: &[Asked], ended: &[Ended]) -> super::Result<Written> {
        let now = self.office.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        let ids: Vec<MessageId> = asked.iter().map(|one| one.id).collect();
        let outcomes: Vec<Outcome> = ended.iter().map(|one| one.outcome.clone()).collect();
        self.office.db.write(|conn| {
            let mut written = Written::default();
            if !outcomes.is_empty() {
                written.to_fold = fates::finish(conn, self.word, &outcomes)?;
            }
            if ids.is_empty() {
                return Ok(written);
            }
            let against = reasons_against(conn, &ids, now)?;
            let wanted: Vec<MessageId> = ids
                .iter()
                .copied()
                .filter(|id| !against.contains_key(id))
                .collect();
            let noted = lease::note_texts(conn, &wanted, self.word, now, until)?;
            written.wanted = noted.into_iter().collect();
            Ok(written)
        })
    }
}
