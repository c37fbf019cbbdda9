//! Sending what is queued. Messages are leased, the transaction committed, each message sent, its fate stored:
//! no transaction is open while SMTP talks.
//!
//! One thread leases and reads (`letters`) ahead of those that talk to the mail server (`sending`), a
//! `journal` writes down for all of them, and the cases of what was sent are folded many at once. Whatever a
//! dead worker leaves behind, the next step of any worker finds: leases that lapsed, and cases not folded yet.

mod journal;
mod letterhead;
mod letters;
mod sending;
mod wanted;

use super::diagnoses::hear_answer;
use super::fate::fold_sent;
use super::mail_servers::Standing;
use super::{Error, Office, Result, token};
use crate::domain::ids::MessageId;
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::mail::Mailer;
use crate::mail::build::Sender;
use crate::mail::dkim::Signer;
use crate::mail::pace::Pace;
use crate::mail::template::Problem;
use crate::store::messages::Message;
use crate::store::{mail_holds, message_fates as fates, message_lease as lease};
use journal::Journal;
pub use letterhead::Letterhead;
use letters::{Sorted, Texts};
pub(super) use letters::{Writing, facts};
use sending::Queue;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A leased message is another worker's after so many seconds in which its own gave no sign of life; if its text may have gone, it
/// is uncertain then.
const LEASE_SECONDS: i64 = 25;
/// A worker gives a sign of life so often while it sends.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// So many seconds' work is leased at once, at the present rate, but never more than so many messages.
const LEASED_SECONDS: f64 = 2.0;
const MOST_LEASED: usize = 256;
/// For so long one step goes on leasing while there is more to send.
const SITTING: Duration = Duration::from_secs(2);
/// After so many minutes it is not this worker's any more to fold the case of a message whose fate it stored.
const FOLD_MINUTES: i64 = 2;
/// Messages whose cases are folded in one transaction: short enough that no caller waits for it.
const FOLDED: usize = 200;

/// The sender of one process: its connections, its pace and the texts it has read.
pub struct Outbox {
    office: Office,
    mailer: Mailer,
    sender: Sender,
    signer: Signer,
    pace: Mutex<Pace>,
    standing: Mutex<Standing>,
    in_flight: AtomicUsize,
    texts: Mutex<Texts>,
    /// Names this worker in the leases.
    word: String,
    stopping: AtomicBool,
    /// When this worker last noted how far the database has come.
    advanced: Mutex<Timestamp>,
}

/// What one step of the outbox did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looked after so many messages; there may be more.
    Worked(usize),
    /// Nothing is due; the next one is at this time, if any waits.
    Idle(Option<Timestamp>),
    /// All e-mail is held until a person releases it.
    Held,
    /// The mail server is away or wants to be left alone until then.
    Resting(Timestamp),
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outbox {
    /// Opens the way that the settings name. Does not connect yet.
    ///
    /// # Errors
    /// `MAKEGOOD_SMTP_URL` or `MAKEGOOD_MAIL_FROM` cannot be used; the message says what to write.
    pub fn open(office: &Office) -> Result<Self> {
        let config = &office.config;
        let mailer = Mailer::open(config.smtp_url.as_ref(), &config.mail_dir(), config.known_as());
        let mailer = mailer.map_err(|error| Error::invalid("MAKEGOOD_SMTP_URL", error.to_string()))?;
        Self::with(office, mailer)
    }

    /// Sends through this mailer.
    pub fn with(office: &Office, mailer: Mailer) -> Result<Self> {
        let config = &office.config;
        let Letterhead { sender, signer } = Letterhead::of(config)?;
        Ok(Self {
            office: office.clone(),
            mailer,
            sender,
            signer,
            pace: Mutex::new(Pace::new(config.mail_rate, config.mail_connections, office.now())),
            standing: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            texts: Mutex::default(),
            word: token::fresh(),
            stopping: AtomicBool::new(false),
            advanced: Mutex::new(Timestamp::from_micros(0)),
        })
    }

    /// Where messages go, without secrets.
    pub fn place(&self) -> String {
        self.mailer.place()
    }

    /// Leases what is due, sends it over several connections and stores what became of it.
    pub fn step(&self) -> Result<Step> {
        let now = self.office.now();
        self.fold_left_behind(now)?;
        self.office.db.write(|conn| lease::recover(conn, now))?;
        if let Some(until) = held(&self.pace).resting_until(now) {
            return Ok(Step::Resting(until));
        }
        let Some(first) = self.lease()? else {
            return Ok(Step::Held);
        };
        if first.is_empty() {
            return Ok(Step::Idle(self.office.db.read(lease::next_due)?));
        }
        let journal = Journal::new(&self.office, &self.word);
        let queue = Queue::default();
        let worked = self.send_all(first, &queue, &journal);
        let folded = self.fold(&journal);
        self.tell_standing()?;
        let left = queue.len();
        if left > 0 || worked.is_err() {
            self.hand_back()?;
        }
        folded?;
        Ok(Step::Worked(worked?.saturating_sub(left)))
    }

    /// Sends what was leased, and what is leased meanwhile; answers how many messages that were.
    fn send_all(&self, first: Vec<Message>, queue: &Queue, journal: &Journal<'_>) -> Result<usize> {
        let (alive, ended) = mpsc::channel::<()>();
        std::thread::scope(|threads| {
            threads.spawn(|| self.keep_leases(ended));
            threads.spawn(|| journal.run());
            let senders: Vec<_> = (0..self.office.config.mail_connections)
                .map(|_| threads.spawn(|| self.send_from(queue, journal)))
                .collect();
            let worked = self
                .hand_out(first, queue, journal)
                .and_then(|count| Ok(count + self.lead(queue, journal)?));
            queue.close();
            for sender in senders {
                // What panics while it sends was caught where the message is known.
                let _ = sender.join();
            }
            journal.close();
            drop(alive);
            worked
        })
    }

    /// Lengthens the leases of this worker until it has ended. Where the database is away, the others are as well.
    fn keep_leases(&self, ended: Receiver<()>) {
        while matches!(ended.recv_timeout(SIGN_OF_LIFE), Err(RecvTimeoutError::Timeout)) {
            let until = self.office.now().plus_seconds(LEASE_SECONDS);
            if let Err(error) = self.office.db.write(|conn| lease::renew(conn, &self.word, until)) {
                tracing::warn!(%error, "the leases of messages could not be lengthened; trying again");
            }
        }
    }

    /// Leases more while the others send, and folds the cases of what was sent. Answers how many were leased.
    fn lead(&self, queue: &Queue, journal: &Journal<'_>) -> Result<usize> {
        let (begun, mut leased) = (Instant::now(), 0);
        while begun.elapsed() < SITTING && self.goes_on() {
            if !queue.runs_low(self.batch() / 2) {
                continue;
            }
            let more = self.lease()?.unwrap_or_default();
            if more.is_empty() {
                break;
            }
            leased += self.hand_out(more, queue, journal)?;
            self.fold(journal)?;
        }
        Ok(leased)
    }

    /// Whether another message may be begun.
    fn goes_on(&self) -> bool {
        !self.stopping.load(Ordering::Relaxed) && held(&self.pace).resting_until(self.office.now()).is_none()
    }

    /// Messages leased at once: what can be sent soon.
    fn batch(&self) -> usize {
        let connections = self.office.config.mail_connections;
        let soon = (held(&self.pace).rate() * LEASED_SECONDS).ceil() as usize;
        soon.clamp(connections, MOST_LEASED.max(connections))
    }

    /// Takes what is due; nothing at all while e-mail is held.
    fn lease(&self) -> Result<Option<Vec<Message>>> {
        let now = self.office.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        let limit = i64::try_from(self.batch()).unwrap_or(i64::MAX);
        let leased = self.office.db.write(|conn| match mail_holds::standing(conn)? {
            Some(_) => Ok(None),
            None => lease::take(conn, &self.word, now, until, limit).map(Some),
        })?;
        if leased.as_ref().is_some_and(|leased| !leased.is_empty()) {
            self.advance(now)?;
        }
        Ok(leased)
    }

    /// Notes, once a second, how far the database has come: a copy of an earlier state would send again.
    fn advance(&self, now: Timestamp) -> Result<()> {
        let mut last = held(&self.advanced);
        if now.seconds_since(*last) < 1 {
            return Ok(());
        }
        *last = now;
        self.office.advance()
    }

    /// Reads what the letters need and gives them to those who send; answers how many messages that were.
    fn hand_out(&self, leased: Vec<Message>, queue: &Queue, journal: &Journal<'_>) -> Result<usize> {
        let count = leased.len();
        let Sorted { ready, unwanted } = self.office.db.read(|conn| self.sort(conn, leased.clone()))?;
        for (message, state, words) in unwanted {
            self.end(journal, message, state, words);
        }
        queue.add(ready);
        Ok(count)
    }

    /// Folds the cases of messages whose fate is stored: who could only be written to has been, or gets a letter.
    fn fold(&self, journal: &Journal<'_>) -> Result<()> {
        self.fold_cases(&journal.stored())
    }

    fn fold_cases(&self, messages: &[Message]) -> Result<()> {
        for some in messages.chunks(FOLDED) {
            let ids: Vec<MessageId> = some.iter().map(|message| message.id).collect();
            let now = self.office.now();
            self.office.db.write(|conn| -> Result<()> {
                for message in some
                    .iter()
                    .filter(|one| one.state == MessageState::Bounced.as_str())
                {
                    hear_answer(conn, message, now)?;
                }
                fold_sent(conn, some, now)?;
                fates::set_folded(conn, &ids)?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Folds what a worker left behind that died.
    fn fold_left_behind(&self, now: Timestamp) -> Result<()> {
        let before = now.plus_minutes(-FOLD_MINUTES);
        let limit = i64::try_from(FOLDED).unwrap_or(i64::MAX);
        loop {
            let left = self.office.db.read(|conn| fates::unfolded(conn, before, limit))?;
            self.fold_cases(&left)?;
            if left.len() < FOLDED {
                return Ok(());
            }
        }
    }

    /// Tells what stands in the way at the mail server, or that nothing does any more.
    fn tell_standing(&self) -> Result<()> {
        let news = held(&self.standing).news();
        match news.filter(|_| self.mailer.is_smtp()) {
            Some(trouble) => self.office.note_mail_server(&self.place(), trouble.as_deref()),
            None => Ok(()),
        }
    }

    /// Asks the threads that send to finish the message in hand and take no other.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Gives the leases back that were not begun, and says goodbye to the mail server.
    pub fn close(&self) -> Result<()> {
        self.mailer.close();
        self.hand_back()
    }

    fn hand_back(&self) -> Result<()> {
        self.office.db.write(|conn| lease::hand_back(conn, &self.word))?;
        Ok(())
    }
}

/// A text that cannot be used.
pub(super) fn problems_of(found: Vec<Problem>) -> Error {
    Error::invalid(
        "template",
        format!("{} places of the text are wrong", found.len()),
    )
}
