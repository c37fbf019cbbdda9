//! Leased messages into letters: what is known of many cases is read at once, each letter is put together by the
//! thread that sends it.

use super::wanted::reasons_against;
use super::{Outbox, held, problems_of};
use crate::db::Conn;
use crate::domain::callback;
use crate::domain::ids::{CaseId, HouseholdId, MessageId, OutageId};
use crate::domain::mail_id;
use crate::domain::message::MessageState;
use crate::domain::timestamp::Timestamp;
use crate::mail::build::{Letter, Sealed};
use crate::mail::facts::Facts;
use crate::mail::template::Template;
use crate::mail::words::{Language, local_day};
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::store::cases::{self, Case};
use crate::store::messages::Message;
use crate::store::{answers, callbacks, templates};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Texts by key and language, each with the id of its version: what is saved meanwhile is used from then on.
pub(super) type Texts = HashMap<(String, String), (i64, Arc<Template>)>;

/// A leased message with all that its letter needs.
pub(super) struct Ready {
    pub(super) message: Message,
    pub(super) letter: Result<Draft>,
}

/// A letter before it is put together.
pub(super) struct Draft {
    template: Arc<Template>,
    facts: Facts,
}

/// Leased messages, sorted.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) ready: Vec<Ready>,
    /// Those that must not go out, how they end, and why.
    pub(super) unwanted: Vec<(Message, MessageState, &'static str)>,
}

impl Outbox {
    /// Reads what the letters of these messages need.
    pub(super) fn sort(&self, conn: &mut Conn, leased: Vec<Message>) -> Result<Sorted> {
        let ids: Vec<MessageId> = leased.iter().map(|message| message.id).collect();
        let against = reasons_against(conn, &ids, self.office.now())?;
        let known = Known::of(conn, &leased)?;
        let mut sorted = Sorted::default();
        let mut texts: HashMap<(String, Language), Result<Arc<Template>>> = HashMap::new();
        for message in leased {
            if let Some((state, words)) = against.get(&message.id) {
                sorted.unwanted.push((message, *state, words));
                continue;
            }
            let language = Language::of(&message.language);
            let text = texts
                .entry((message.template_key.clone(), language))
                .or_insert_with(|| self.text(conn, &message.template_key, language));
            let letter = match text {
                Ok(template) => known.facts(&self.office, &message).map(|facts| Draft {
                    template: Arc::clone(template),
                    facts,
                }),
                Err(error) => Err(Error::invalid("template", error.to_string())),
            };
            sorted.ready.push(Ready { message, letter });
        }
        Ok(sorted)
    }

    /// The latest version of a text, in English if there is none in that language.
    fn text(&self, conn: &mut Conn, key: &str, language: Language) -> Result<Arc<Template>> {
        let name = (key.to_owned(), language.code().to_owned());
        let row = templates::latest(conn, key, language.code())?;
        let row = row.ok_or(Error::NotFound("e-mail text"))?;
        if let Some((version, text)) = held(&self.texts).get(&name)
            && *version == row.id
        {
            return Ok(Arc::clone(text));
        }
        let html = row.html.as_deref().unwrap_or_default();
        let text = Template::with_html(language, &row.subject, &row.body, html).map_err(problems_of)?;
        let text = Arc::new(text);
        held(&self.texts).insert(name, (row.id, Arc::clone(&text)));
        Ok(text)
    }

    /// Puts a letter together.
    pub(super) fn seal(&self, message: &Message, draft: &Draft) -> Result<Sealed> {
        let content = draft
            .template
            .fill(&draft.facts)
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
            reply_to: self.office.config.mail_reply_to.as_deref(),
            to_name: draft.facts.given_name.as_deref(),
            to_address: &message.to_address,
            date: dated(message),
            unsubscribe: unsubscribe.as_deref(),
            content: &content,
        };
        let mut sealed = letter
            .seal()
            .map_err(|error| Error::invalid("email", error.to_string()))?;
        sealed.bytes = self.signer.sign(sealed.bytes).map_err(Error::internal)?;
        Ok(sealed)
    }

    /// Where reports about a message go, if anybody reads them; its address names the message (VERP).
    fn return_path(&self, id: MessageId) -> Option<String> {
        let config = &self.office.config;
        let keys = config.secret_keys.bytes();
        let newest = keys.first().filter(|_| !config.bounces.is_empty())?;
        Some(mail_id::return_path(newest, id, self.sender.domain()))
    }
}

/// What is known of the cases of some messages.
struct Known {
    books: BTreeMap<OutageId, Rulebook>,
    cases: HashMap<CaseId, Case>,
    /// When those are called who asked for it by link or, as far as a letter reminds of it, were promised it.
    calls_at: HashMap<CaseId, Timestamp>,
}

impl Known {
    fn of(conn: &mut Conn, messages: &[Message]) -> Result<Self> {
        let ids: Vec<CaseId> = messages.iter().map(|message| message.case_id).collect();
        let mut books = BTreeMap::new();
        for message in messages {
            if let Entry::Vacant(unread) = books.entry(message.outage_id) {
                unread.insert(Rulebook::open(conn, message.outage_id)?);
            }
        }
        let cases = cases::with_ids(conn, &ids)?
            .into_iter()
            .map(|case| (case.id, case));
        let cases: HashMap<CaseId, Case> = cases.collect();
        let mut calls_at = promised(conn, messages, &cases)?;
        let answers = answers::standing_of(conn, &ids)?;
        calls_at.extend(
            answers
                .into_iter()
                .filter_map(|one| Some((one.case_id, one.call_at?))),
        );
        Ok(Self {
            books,
            cases,
            calls_at,
        })
    }

    fn facts(&self, office: &Office, message: &Message) -> Result<Facts> {
        let case = self.cases.get(&message.case_id).ok_or(Error::NotFound("case"))?;
        let book = self
            .books
            .get(&message.outage_id)
            .ok_or(Error::NotFound("outage"))?;
        let writing = Writing {
            language: Language::of(&message.language),
            sender: office.sender_name(),
            link: office.citizen_link(case.id, dated(message)),
            call_at: self.calls_at.get(&case.id).copied(),
            now: office.now(),
        };
        Ok(facts(book, case, writing))
    }
}

/// The calls that these messages remind of, by case.
fn promised(
    conn: &mut Conn,
    messages: &[Message],
    cases: &HashMap<CaseId, Case>,
) -> Result<HashMap<CaseId, Timestamp>> {
    let reminded = messages
        .iter()
        .filter(|message| message.template_key == callback::REMINDER);
    let homes: Vec<(CaseId, HouseholdId)> = reminded
        .filter_map(|message| Some((message.case_id, cases.get(&message.case_id)?.household_id?)))
        .collect();
    if homes.is_empty() {
        return Ok(HashMap::new());
    }
    let households: Vec<HouseholdId> = homes.iter().map(|(_, home)| *home).collect();
    let due: HashMap<HouseholdId, Timestamp> = callbacks::due_of(conn, &households)?.into_iter().collect();
    let due = homes
        .into_iter()
        .filter_map(|(case, home)| Some((case, *due.get(&home)?)));
    Ok(due.collect())
}

/// The date of a letter, from which its link lives.
fn dated(message: &Message) -> Timestamp {
    message.dated_at.unwrap_or(message.queued_at)
}

/// The address to type by oneself, without what a browser adds.
fn website(pay_url: &str) -> Option<String> {
    let bare = pay_url
        .strip_prefix("https://")
        .or_else(|| pay_url.strip_prefix("http://"))?;
    let bare = bare.trim_end_matches('/').trim_start_matches("www.");
    (!bare.is_empty() && !bare.contains('?')).then(|| bare.to_owned())
}

/// How an e-mail about a case is written.
pub(in crate::outreach) struct Writing<'a> {
    /// In which language.
    pub language: Language,
    /// Who writes, where the outage names nobody.
    pub sender: &'a str,
    /// The citizen's page.
    pub link: String,
    /// When the citizen asked by link to be called.
    pub call_at: Option<Timestamp>,
    /// When it is written.
    pub now: Timestamp,
}

/// What an e-mail may say about a case.
pub(in crate::outreach) fn facts(book: &Rulebook, case: &Case, writing: Writing<'_>) -> Facts {
    let outage = &book.outage;
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let zones = Rulebook::zones(&case.time_zone);
    let zone = jiff::tz::TimeZone::get(book.hours.home(&zones).name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let agency = named(&outage.agency_name_in(writing.language));
    let agency = agency.unwrap_or_else(|| writing.sender.to_owned());
    Facts {
        given_name: named(&case.given_name),
        outage_name: named(&outage.name_in(writing.language)),
        failed_at: Some(case.last_failed_at),
        charged: case.charged(),
        code: named(&case.code),
        link: Some(writing.link),
        callback_at: writing.call_at,
        help_phone: named(&outage.help_phone),
        pay_url: named(&outage.pay_url),
        website: website(&outage.pay_url),
        due: case.due_date(local_day(writing.now, &zone)),
        zone,
        ..Facts::bare(&agency)
    }
}
