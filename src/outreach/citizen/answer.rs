//! What a citizen answers on their page. It is a fact like any other: it counts at once, in the queue and on
//! the desk of whoever has them in hand, and another answer takes its place.

use super::Opened;
use super::link::Link;
use super::silence::suppress;
use crate::db::Conn;
use crate::domain::budget::Budget;
use crate::domain::callback;
use crate::domain::contact::{NotDialed, Phone};
use crate::domain::ids::{AnswerId, HouseholdId};
use crate::domain::progress::Progress;
use crate::domain::reply::Reply;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::outreach::decide::lock;
use crate::outreach::follow_up::{refold_mates, write};
use crate::outreach::purse::{Purse, Spent};
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result, crowded, standing};
use crate::store::answers::{self, Answer, NewAnswer};
use crate::store::case_search;
use crate::store::cases::{self, Case};
use crate::store::messages::{self, NewMessage};
use crate::store::suppressions::{self, Kind};
use crate::store::{callbacks, queue};
use std::collections::BTreeSet;

/// Answers by one link: a change of mind or two. Each moves calls, promises and suppressions.
const ANSWERS: Budget = Budget::new(6, 600);

/// What somebody sent.
#[derive(Clone, Debug)]
pub struct Said {
    /// The button.
    pub reply: Reply,
    /// Of a call: its time.
    pub slot: Option<Timestamp>,
    /// Of a call: another number than the one we have, as typed.
    pub phone: String,
    /// The language of the page, or the one chosen for the call.
    pub language: Language,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It counts.
    Noted,
    /// It is no answer to what became of the money.
    NotOffered,
    /// No time was chosen.
    NoTime,
    /// The time that was chosen is not free any more.
    Full,
    /// That is no number for staff to call.
    BadNumber(NotDialed),
    /// The answer was changed too often; the last one counts. Seconds until the next change.
    TooOften(i64),
}

/// When and where to call.
#[derive(Default)]
struct Terms {
    call_at: Option<Timestamp>,
    phone: Option<String>,
}

impl Office {
    /// Takes a citizen's answer; the one before no longer counts.
    pub fn answer_by_link(&self, link: &str, said: &Said) -> Result<Opened<Answered>> {
        let now = self.now();
        let case = match self.db.read(|conn| self.admit(conn, link, now))? {
            Opened::Welcome((case, _)) => case,
            shut => return Ok(shut.elsewhere()),
        };
        let purse = Purse::new(ANSWERS, &format!("answers for case {}", case.id));
        // Read first: who is refused must not cost a write, nor wait for others who do write.
        let wait = self.db.read(|conn| purse.wait(conn, now))?;
        if wait > 0 {
            return Ok(Opened::Welcome(Answered::TooOften(wait)));
        }
        self.db.write(|conn| match self.admit(conn, link, now)? {
            Opened::Welcome((case, link)) => {
                counted(conn, &purse, (&case, link), said, now).map(Opened::Welcome)
            }
            shut => Ok(shut.elsewhere()),
        })
    }
}

/// Notes an answer and counts it; what cannot be noted is not counted.
fn counted(
    conn: &mut Conn,
    purse: &Purse,
    admitted: (&Case, Link),
    said: &Said,
    now: Timestamp,
) -> Result<Answered> {
    if let Spent::Wait(wait) = purse.spend(conn, now)? {
        return Ok(Answered::TooOften(wait));
    }
    let answered = note(conn, admitted, said, now)?;
    if answered != Answered::Noted {
        purse.give_back(conn)?;
    }
    Ok(answered)
}

fn note(conn: &mut Conn, (case, link): (&Case, Link), said: &Said, now: Timestamp) -> Result<Answered> {
    if !said.reply.is_offered(case.charged()) {
        return Ok(Answered::NotOffered);
    }
    if said.reply == Reply::CallMe {
        queue::lock_bookings(conn, case.outage_id)?;
    }
    lock(conn, case)?;
    let book = Rulebook::open(conn, case.outage_id)?;
    let before = answers::standing(conn, case.id)?;
    let terms = match terms(conn, &book, (case, before.as_ref()), said, now)? {
        Ok(terms) => terms,
        Err(problem) => return Ok(problem),
    };
    if let Some(before) = &before {
        take_back(conn, case, before, now)?;
    }
    let new = NewAnswer {
        case_id: case.id,
        choice: said.reply.as_str(),
        call_at: terms.call_at,
        phone: terms.phone.as_deref(),
        language: said.language.code(),
        at: now,
    };
    let id = answers::add(conn, &new).map_err(crowded)?;
    let called_elsewhere = before.and_then(|before| before.phone);
    if called_elsewhere != terms.phone {
        case_search::set_stale(conn, case.id)?; // they are found by the number that they ring from
    }
    suppress(conn, (case, link), said.reply, id, now)?;
    follow(conn, &book, case, (id, said), now)?;
    Ok(Answered::Noted)
}

/// When and where to call, or what is wrong with what was chosen. The citizen's own booking is not in their way.
fn terms(
    conn: &mut Conn,
    book: &Rulebook,
    (case, before): (&Case, Option<&Answer>),
    said: &Said,
    now: Timestamp,
) -> Result<std::result::Result<Terms, Answered>> {
    if said.reply != Reply::CallMe {
        return Ok(Ok(Terms::default()));
    }
    let phone = match (said.phone.trim(), &case.phone) {
        ("", Some(_)) => None,
        (left, _) => match Phone::left_by_stranger(left) {
            Ok(phone) => Some(phone.into_string()),
            Err(why) => return Ok(Err(Answered::BadNumber(why))),
        },
    };
    let Some(call_at) = said.slot else {
        return Ok(Err(Answered::NoTime));
    };
    let free = super::free_slots(conn, book, (case, before), now)?;
    if !free.iter().any(|day| day.places.contains(&call_at)) {
        return Ok(Err(Answered::Full));
    }
    Ok(Ok(Terms {
        call_at: Some(call_at),
        phone: phone.filter(|phone| Some(phone) != case.phone.as_ref()),
    }))
}

/// The answer before no longer counts, nor does what it caused. But for an address that is not theirs: whoever answers now
/// reads another one, and has no say about that.
fn take_back(conn: &mut Conn, case: &Case, before: &Answer, now: Timestamp) -> Result<()> {
    answers::supersede(conn, before.id, now)?;
    if before.choice != Reply::WrongPerson.as_str() {
        suppressions::lift_of_answer(conn, before.id, now)?;
    }
    callbacks::withdraw_asked(conn, before.id, now)?;
    messages::withdraw_text(conn, case.id, callback::REMINDER)?;
    Ok(())
}

/// Folds the case again, and everybody else on its number, who may be freed or held by it.
fn follow(
    conn: &mut Conn,
    book: &Rulebook,
    case: &Case,
    (answer, said): (AnswerId, &Said),
    now: Timestamp,
) -> Result<()> {
    let mut touched: BTreeSet<HouseholdId> = case.household_id.into_iter().collect();
    let folded = standing::refold(conn, book, case.id, &mut touched)?;
    if let Some(household) = case.household_id {
        refold_mates(conn, book, (household, &[case.id]), (None, now), &mut touched)?;
    }
    standing::refresh(conn, book, &touched, now)?;
    let Some((_, progress)) = folded else {
        return Err(Error::NotFound("case"));
    };
    write(conn, case, &progress, None, now)?;
    promise(conn, case, &progress, (answer, said), now)
}

/// Writes the promise down, and a reminder of it to the citizen. Without one, an earlier promise of a caller counts again.
fn promise(
    conn: &mut Conn,
    case: &Case,
    progress: &Progress,
    (answer, said): (AnswerId, &Said),
    now: Timestamp,
) -> Result<()> {
    let household = cases::find(conn, case.id)?.and_then(|case| case.household_id);
    let (Some(household), Some(promise)) = (household, progress.callback) else {
        return Ok(());
    };
    if said.reply != Reply::CallMe {
        return Ok(()); // an earlier promise, which counts again
    }
    callbacks::withdraw(conn, &[household], now)?;
    callbacks::add_asked(conn, (case.outage_id, household, answer), promise.due_at, now)?;
    let Some(email) = case.email.as_deref() else {
        return Ok(());
    };
    if suppressions::since(conn, Kind::Email, &[email])?.is_none() {
        let message = NewMessage {
            outage: case.outage_id,
            case: case.id,
            template_key: callback::REMINDER,
            language: said.language.code(),
            to_address: email,
            attempt: None,
            campaign: None,
        };
        let due_at = callback::reminded_at(promise.due_at, now);
        messages::add_for(conn, &message, due_at, now)?;
    }
    Ok(())
}
