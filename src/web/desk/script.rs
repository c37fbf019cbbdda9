//! What to say, filled in for this household, in the citizen's language.

use super::call::{Branch, Script, ScriptLanguage, ScriptStep};
use super::compose::Beside;
use super::people::{People, has_died};
use super::words;
use crate::domain::charged::Charged;
use crate::domain::message::MessageState;
use crate::domain::money::Cents;
use crate::domain::outcome::Rule;
use crate::domain::reply::Reply;
use crate::domain::script::{self, Occasion, Person, Purpose};
use crate::domain::stage::Stage;
use crate::domain::words::Language;
use crate::outreach::desk::{Desk, Earlier, InHand};
use crate::outreach::rulebook::Rulebook;
use crate::store::answers::Answer;
use crate::store::cases::Case;
use crate::store::messages::Message;

/// The script for these people.
pub fn script(
    caller: &str,
    desk: &Desk,
    call: &InHand,
    people: &People<'_>,
    href: &str,
    beside: &Beside,
) -> Script {
    let language = language(call, beside);
    let zones = Rulebook::zones(&call.household.time_zone);
    let outage = &desk.book.outage;
    let agency = outage.agency_name_in(language);
    let occasion = Occasion {
        agency: known(&agency).unwrap_or_else(|| script::unnamed_agency(language)),
        caller,
        help_phone: known(&outage.help_phone),
        pay_url: known(as_spoken(&outage.pay_url)),
        window: (outage.starts_at, outage.ends_at),
        now: desk.now,
        zone: desk.book.hours.home(&zones),
        may_leave_message: may_leave_message(desk, call),
        purpose: match people.speaking.filter(|_| !people.are_several()) {
            _ if beside.entered.inbound => Purpose::TheyRang,
            Some(alone) => purpose(desk, call, alone),
            None => Purpose::Outage,
        },
    };
    let persons: Vec<Named> = people
        .here
        .iter()
        .map(|case| Named::of(desk, call, case, people))
        .collect();
    let persons: Vec<Person<'_>> = persons.iter().map(Named::person).collect();
    let place = |case: &Case| people.here.iter().position(|other| other.id == case.id);
    let text = if beside.shown.is_voicemail() {
        script::voicemail(language, &occasion, &persons)
    } else {
        script::live(language, &occasion, &persons, people.speaking.and_then(place))
    };
    let after = Language::all().skip_while(|one| *one != language).nth(1);
    let next = after.or_else(|| Language::all().next());
    let address = |voicemail: bool, language: Language| address(href, beside, voicemail, language);
    Script {
        voicemail: beside.shown.is_voicemail(),
        languages: Language::all()
            .map(|one| ScriptLanguage {
                code: one.code().to_owned(),
                name: one.name().to_owned(),
                href: address(beside.shown.is_voicemail(), one),
                current: one == language,
                next: Some(one) == next,
            })
            .collect(),
        switch_href: address(!beside.shown.is_voicemail(), language),
        lang: language.code().to_owned(),
        steps: text
            .steps
            .into_iter()
            .map(|step| with_keys(&desk.book, step))
            .collect(),
        doubt: text.doubt,
        also: text.also,
    }
}

/// The language of the call: theirs, or the one that the caller chose.
pub fn language(call: &InHand, beside: &Beside) -> Language {
    let spoken = call.household.language.as_deref().unwrap_or("en");
    let asked = beside.shown.lang.as_str();
    Language::of(if asked.is_empty() { spoken } else { asked })
}

/// Their code, if an e-mail with it was accepted by their server, and nobody else says that it reached them: else they never
/// saw it.
pub fn code<'a>(call: &InHand, case: &'a Case) -> Option<&'a str> {
    let accepted = |message: &Message| {
        message.case_id == case.id && matches!(message.state.parse(), Ok(MessageState::Sent))
    };
    let read_by_another = |answer: &Answer| {
        answer.case_id == case.id && matches!(answer.choice.parse(), Ok(Reply::WrongPerson))
    };
    let is_theirs = !call.answers.iter().any(read_by_another);
    (is_theirs && call.messages.iter().any(accepted)).then_some(case.code.as_str())
}

/// An address as one says it.
fn as_spoken(url: &str) -> &str {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_end_matches('/')
}

/// What brings a call with this person about: where their case stands, and what was recorded before.
fn purpose(desk: &Desk, call: &InHand, case: &Case) -> Purpose {
    let latest = |is: &dyn Fn(&Rule) -> bool| {
        let theirs = call.attempts.iter().filter(|earlier| earlier.is_about(case.id));
        let rule = |earlier: &&Earlier| {
            let outcome = desk.book.outcomes.get(&earlier.attempt.outcome);
            outcome.is_some_and(|outcome| is(outcome.at(earlier.attempt.at).0))
        };
        theirs.filter(rule).map(|earlier| earlier.attempt.at).next()
    };
    let told = match words::stage(case) {
        Stage::Callback => case.due_at.map(Purpose::Promised),
        Stage::AwaitingPayment => latest(&|rule| matches!(rule, Rule::Wait { .. })).map(Purpose::Check),
        Stage::NeedsHelp => call.by_specialist.then_some(Purpose::Specialist),
        _ => None,
    };
    told.unwrap_or_default()
}

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Not while the rule of an earlier message says that none is left.
fn may_leave_message(desk: &Desk, call: &InHand) -> bool {
    !call.attempts.iter().any(|earlier| {
        let attempt = &earlier.attempt;
        let outcome = desk.book.outcomes.get(&attempt.outcome);
        let gap = match outcome.map(|outcome| outcome.at(attempt.at).0) {
            Some(Rule::Retry(rule)) => rule.message_gap_hours,
            _ => None,
        };
        gap.is_some_and(|hours| attempt.at.plus_hours(hours.into()) > desk.now)
    })
}

fn address(href: &str, beside: &Beside, voicemail: bool, language: Language) -> String {
    let script = if voicemail { "voicemail" } else { "live" };
    let inbound = if beside.entered.inbound {
        "&inbound=yes"
    } else {
        ""
    };
    let home = if beside.entered.home { "&home=yes" } else { "" };
    let speaking = match beside.entered.speaking {
        Some(case) => format!("&speaking={case}"),
        None => String::new(),
    };
    format!(
        "{href}?script={script}&lang={}{inbound}{home}{speaking}",
        language.code()
    )
}

/// The keys stand as the administrator has set them.
fn with_keys(book: &Rulebook, step: script::Step) -> ScriptStep {
    let key = |outcome: Option<&str>| {
        let hotkey = outcome
            .and_then(|key| book.outcomes.get(key))
            .and_then(|outcome| outcome.hotkey);
        hotkey
            .map(|key| key.to_ascii_uppercase().to_string())
            .unwrap_or_default()
    };
    let branch = |branch: script::Branch| Branch {
        key: key(branch.outcome),
        answer: branch.answer,
        pieces: branch.pieces,
    };
    ScriptStep {
        label: step.label,
        says: step.says,
        branches: step.branches.into_iter().map(branch).collect(),
        seldom: step.seldom.into_iter().map(branch).collect(),
    }
}

struct Named<'a> {
    case: &'a Case,
    full_name: String,
    code: Option<&'a str>,
    is_asked_for: bool,
    purpose: Purpose,
}

impl<'a> Named<'a> {
    fn of(desk: &Desk, call: &InHand, case: &'a Case, people: &People<'_>) -> Self {
        Self {
            case,
            full_name: case.full_name(),
            code: code(call, case),
            is_asked_for: !has_died(call, case)
                && (people.waiting.is_empty() || people.waiting.iter().any(|other| other.id == case.id)),
            purpose: purpose(desk, call, case),
        }
    }

    fn person(&self) -> Person<'_> {
        Person {
            given_name: &self.case.given_name,
            full_name: &self.full_name,
            is_asked_for: self.is_asked_for,
            code: self.code,
            tried_at: self.case.first_failed_at,
            amount: self.case.amount_cents.map(Cents),
            tries: u32::try_from(self.case.transactions).unwrap_or(1),
            charged: self.case.charged.parse().unwrap_or(Charged::Unknown),
            deadline: self
                .case
                .filing_deadline
                .as_deref()
                .and_then(|date| date.parse().ok()),
            purpose: self.purpose,
        }
    }
}
