//! Sending what is queued. A message is leased, the transaction committed, the message sent, its fate
//! marked: no transaction is open while SMTP talks.

use super::fate::refold;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, token};
use crate::db::Conn;
use crate::domain::ids::MessageId;
use crate::domain::mail_id;
use crate::domain::message::{Delivery, MessageState, Schedule};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::mail::Mailer;
use crate::mail::build::{Letter, Sealed, Sender};
use crate::mail::facts::Facts;
use crate::mail::pace::{Pace, Turn};
use crate::mail::template::{Problem, Template};
use crate::mail::words::Language;
use crate::store::cases::Case;
use crate::store::message_lease::{self as lease, Outcome};
use crate::store::messages::Message;
use crate::store::suppressions::{self, Kind};
use crate::store::{answers, attempts, cases, templates};
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A leased message whose text has not begun to go is another worker's after this: longer than a patient
/// server may take to accept the recipient.
const LEASE_MINUTES: i64 = 15;
/// One whose text may have gone is called uncertain after this: longer than the wait at the final dot.
const TEXT_LEASE_MINUTES: i64 = 20;
/// Messages leased at once for each connection.
const LEASED_PER_CONNECTION: usize = 4;
/// How long a sending thread sleeps before it asks for its turn again, at the most.
const NAP: Duration = Duration::from_millis(200);

/// Texts by key and language, each with the id of its version: what is saved meanwhile is used from then on.
type Texts = HashMap<(String, String), (i64, Arc<Template>)>;

/// The sender of one process: its connections, its pace and the texts it has read.
pub struct Outbox {
    office: Office,
    mailer: Mailer,
    sender: Sender,
    pace: Mutex<Pace>,
    in_flight: AtomicUsize,
    texts: Mutex<Texts>,
    /// Names this worker in the leases.
    word: String,
    stopping: AtomicBool,
}

/// What one step of the outbox did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looked after so many messages; there may be more.
    Worked(usize),
    /// Nothing is due; the next one is at this time, if any waits.
    Idle(Option<Timestamp>),
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
        let mailer = Mailer::open(config.smtp_url.as_ref(), &config.mail_dir());
        let mailer = mailer.map_err(|error| Error::invalid("MAKEGOOD_SMTP_URL", error.to_string()))?;
        Self::with(office, mailer)
    }

    /// Sends through this mailer.
    pub fn with(office: &Office, mailer: Mailer) -> Result<Self> {
        let config = &office.config;
        let sender = Sender::parse(&config.mail_from)
            .map_err(|error| Error::invalid("MAKEGOOD_MAIL_FROM", error.to_string()))?;
        Ok(Self {
            office: office.clone(),
            mailer,
            sender,
            pace: Mutex::new(Pace::new(config.mail_rate, config.mail_connections, office.now())),
            in_flight: AtomicUsize::new(0),
            texts: Mutex::default(),
            word: token::fresh(),
            stopping: AtomicBool::new(false),
        })
    }

    /// Where messages go, without secrets.
    pub fn place(&self) -> String {
        self.mailer.place()
    }

    /// Leases what is due, sends it over several connections and marks what became of it.
    pub fn step(&self) -> Result<Step> {
        let now = self.office.now();
        if let Some(until) = held(&self.pace).resting_until(now) {
            return Ok(Step::Resting(until));
        }
        let connections = self.office.config.mail_connections;
        let limit = i64::try_from(connections * LEASED_PER_CONNECTION).unwrap_or(i64::MAX);
        let until = now.plus_minutes(LEASE_MINUTES);
        let leased = self.office.db.write(|conn| {
            lease::recover(conn, now)?;
            lease::take(conn, &self.word, now, until, limit)
        })?;
        if leased.is_empty() {
            return Ok(Step::Idle(self.office.db.read(lease::next_due)?));
        }
        let count = leased.len();
        let queue = Mutex::new(VecDeque::from(leased));
        std::thread::scope(|threads| {
            for _ in 0..connections.min(count) {
                threads.spawn(|| self.send_from(&queue));
            }
        });
        let left = held(&queue).len();
        if left > 0 {
            self.hand_back()?;
        }
        Ok(Step::Worked(count - left))
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

    /// One connection's work: a message at a time, when the pace allows it.
    fn send_from(&self, queue: &Mutex<VecDeque<Message>>) {
        while !self.stopping.load(Ordering::Relaxed) {
            let now = self.office.now();
            let turn = {
                let mut pace = held(&self.pace);
                if held(queue).is_empty() || pace.resting_until(now).is_some() {
                    return;
                }
                pace.turn(self.in_flight.load(Ordering::Relaxed), now)
            };
            match turn {
                Turn::Go => {
                    let Some(message) = held(queue).pop_front() else {
                        return;
                    };
                    self.in_flight.fetch_add(1, Ordering::Relaxed);
                    self.send_carefully(&message);
                    self.in_flight.fetch_sub(1, Ordering::Relaxed);
                }
                Turn::WaitUntil(time) => {
                    let micros = u64::try_from(time.micros() - now.micros()).unwrap_or_default();
                    std::thread::sleep(Duration::from_micros(micros).min(NAP));
                }
                Turn::Full => std::thread::sleep(NAP / 20),
            }
        }
    }

    /// Sends one message; one that makes our own code panic is failed, not tried for ever.
    fn send_carefully(&self, message: &Message) {
        let sent = catch_unwind(AssertUnwindSafe(|| self.send_one(message)));
        let stored = sent.unwrap_or_else(|_| {
            let words = "This message broke the sender. Its text or its address needs a look.";
            self.finish(message, MessageState::Failed, None, message.tries + 1, words)
        });
        if let Err(error) = stored {
            // The lease lapses and says what is known: unsent or uncertain.
            tracing::error!(message = message.id, %error, "a message's fate could not be stored");
        }
    }

    fn send_one(&self, message: &Message) -> Result<()> {
        if let Some((state, reason)) = self.office.db.read(|conn| unwanted(conn, message))? {
            return self.finish(message, state, None, message.tries, reason);
        }
        let sealed = match self.sealed(message) {
            Err(Error::Invalid { message: words, .. }) => {
                return self.finish(message, MessageState::Failed, None, message.tries + 1, &words);
            }
            sealed => sealed?,
        };
        let delivery = self.mailer.deliver(&sealed, &mut || self.last_look(message));
        let now = self.office.now();
        held(&self.pace).learn(&delivery, now);
        count(&delivery);
        if delivery == Delivery::Withheld {
            return self.withheld(message, now);
        }
        let tries = u32::try_from(message.tries).unwrap_or_default() + 1;
        let fate = Schedule::default().after(&delivery, tries, message.queued_at, now, rand::random::<f64>());
        let tries = i32::try_from(fate.tries).unwrap_or(i32::MAX);
        self.finish(message, fate.state, fate.due_at, tries, &delivery.words())
    }

    /// The last look said no: for a reason that lasts, or because it could not look. Then the message waits.
    fn withheld(&self, message: &Message, now: Timestamp) -> Result<()> {
        match self.office.db.read(|conn| unwanted(conn, message))? {
            Some((state, reason)) => self.finish(message, state, None, message.tries, reason),
            None => {
                let again = Some(now.plus_minutes(1));
                self.finish(
                    message,
                    MessageState::Queued,
                    again,
                    message.tries,
                    "Not sent yet: the database was busy.",
                )
            }
        }
    }

    /// Between the recipient's acceptance and the first byte of text: is the message still ours and
    /// still wanted? From here on silence is *uncertain*, so that is written down first.
    fn last_look(&self, message: &Message) -> bool {
        let now = self.office.now();
        let until = now.plus_minutes(TEXT_LEASE_MINUTES);
        let looked = self.office.db.write(|conn| -> Result<bool> {
            let wanted = unwanted(conn, message)?.is_none();
            Ok(wanted && lease::note_text(conn, message.id, &self.word, now, until)?)
        });
        looked.unwrap_or(false)
    }

    fn sealed(&self, message: &Message) -> Result<Sealed> {
        let found = self.office.db.read(|conn| cases::find(conn, message.case_id))?;
        let case = &found.ok_or(Error::NotFound("case"))?;
        let template = self.text(&message.template_key, &message.language)?;
        let link = self.office.citizen_link(case.id, message.queued_at);
        let facts = self
            .office
            .db
            .read(|conn| facts(conn, case, (self.office.sender_name(), link.clone())))?;
        let content = template
            .fill(&facts)
            .map_err(|error| Error::invalid("template", error.to_string()))?;
        let key = message.queued_at.micros().to_be_bytes(); // stable over tries and over a change of the secret key
        let message_id = mail_id::message_id(&key, message.id, self.sender.domain());
        let return_path = self.return_path(message.id);
        let to_many = message.campaign_id.map(|_| message.id);
        let unsubscribe = to_many.and_then(|id| self.office.unsubscribe_link(id));
        let letter = Letter {
            message_id: &message_id,
            from: &self.sender,
            return_path: return_path.as_deref(),
            reply_to: None,
            to_name: Some(&case.given_name)
                .filter(|name| !name.is_empty())
                .map(String::as_str),
            to_address: &message.to_address,
            date: message.queued_at,
            unsubscribe: unsubscribe.as_deref(),
            content: &content,
        };
        letter
            .seal()
            .map_err(|error| Error::invalid("email", error.to_string()))
    }

    /// Where reports about a message go, if anybody reads them; its address names the message (VERP).
    fn return_path(&self, id: MessageId) -> Option<String> {
        let config = &self.office.config;
        let keys = config.secret_keys.bytes();
        let newest = keys.first().filter(|_| config.bounces.is_some())?;
        Some(mail_id::return_path(newest, id, self.sender.domain()))
    }

    /// The latest version of a text, in English if there is none in that language.
    fn text(&self, key: &str, code: &str) -> Result<Arc<Template>> {
        let language = Language::of(code);
        let name = (key.to_owned(), language.code().to_owned());
        let row = self
            .office
            .db
            .read(|conn| templates::latest(conn, key, language.code()))?;
        let row = row.ok_or(Error::NotFound("e-mail text"))?;
        if let Some((version, text)) = held(&self.texts).get(&name)
            && *version == row.id
        {
            return Ok(Arc::clone(text));
        }
        let text = Arc::new(Template::parse(language, &row.subject, &row.body).map_err(problems_of)?);
        held(&self.texts).insert(name, (row.id, Arc::clone(&text)));
        Ok(text)
    }

    fn finish(
        &self,
        message: &Message,
        state: MessageState,
        due_at: Option<Timestamp>,
        tries: i32,
        reply: &str,
    ) -> Result<()> {
        let now = self.office.now();
        let sent_at = (state == MessageState::Sent).then_some(now);
        let outcome = Outcome {
            state,
            due_at,
            tries,
            sent_at,
            reply,
        };
        self.office.db.write(|conn| {
            if lease::finish(conn, message.id, &self.word, &outcome)? && state != MessageState::Queued {
                refold(conn, message, now)?; // who could only be written to has been, or gets a letter
            }
            Ok(())
        })
    }
}

/// Why a message must not go out any more: the address is suppressed, what caused it was taken back,
/// or the case was closed after it was queued.
fn unwanted(conn: &mut Conn, message: &Message) -> Result<Option<(MessageState, &'static str)>> {
    if suppressions::since(conn, Kind::Email, &[&message.to_address])?.is_some() {
        return Ok(Some((
            MessageState::Suppressed,
            "This address must not be written to.",
        )));
    }
    let cause = message
        .attempt_id
        .map(|id| attempts::find(conn, id))
        .transpose()?
        .flatten();
    if cause.is_some_and(|attempt| attempt.superseded_at.is_some()) {
        return Ok(Some((
            MessageState::Withdrawn,
            "The outcome that asked for it was taken back.",
        )));
    }
    let case = cases::find(conn, message.case_id)?.ok_or(Error::NotFound("case"))?;
    let closed_since = case.resolved_at.is_some_and(|at| at > message.queued_at);
    if case.stage == Stage::Closed.as_str() && closed_since {
        return Ok(Some((MessageState::Withdrawn, "The case was closed meanwhile.")));
    }
    Ok(None)
}

/// A text that cannot be used.
pub(super) fn problems_of(found: Vec<Problem>) -> Error {
    Error::invalid(
        "template",
        format!("{} places of the text are wrong", found.len()),
    )
}

/// What an e-mail may say about a case.
pub(super) fn facts(conn: &mut Conn, case: &Case, (agency, link): (&str, String)) -> Result<Facts> {
    let book = Rulebook::open(conn, case.outage_id)?;
    let outage = &book.outage;
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let zones = Rulebook::zones(&case.time_zone);
    let zone = jiff::tz::TimeZone::get(book.hours.home(&zones).name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let agency = named(&outage.agency_name).unwrap_or_else(|| agency.to_owned());
    Ok(Facts {
        given_name: named(&case.given_name),
        outage_name: named(&outage.name),
        failed_at: Some(case.last_failed_at),
        zone,
        not_charged: case.charged == crate::domain::charged::Charged::NotCharged.as_str(),
        code: named(&case.code),
        link: Some(link),
        callback_at: answers::standing(conn, case.id)?.and_then(|answer| answer.call_at),
        help_phone: named(&outage.help_phone),
        pay_url: named(&outage.pay_url),
        deadline: case.filing_deadline.as_deref().and_then(|date| date.parse().ok()),
        ..Facts::bare(&agency)
    })
}

fn count(delivery: &Delivery) {
    let outcome = match delivery {
        Delivery::Sent { .. } => "sent",
        Delivery::Deferred { .. } => "deferred",
        Delivery::Refused { .. } => "refused",
        Delivery::Unreachable { .. } => "unreachable",
        Delivery::Uncertain { .. } => "uncertain",
        Delivery::Withheld => "withheld",
    };
    metrics::counter!("makegood_mail_deliveries_total", "outcome" => outcome).increment(1);
}
