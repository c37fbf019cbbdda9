//! What to say, filled in for this household, in the citizen's language.

use super::call::{Branch, Script, ScriptLanguage, ScriptStep};
use super::compose::Beside;
use crate::domain::charged::Charged;
use crate::domain::money::Cents;
use crate::domain::outcome::Rule;
use crate::domain::script::{self, Occasion, Person};
use crate::domain::words::Language;
use crate::outreach::desk::{Desk, InHand};
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;

/// The script for these people.
pub fn script(
    caller: &str,
    desk: &Desk,
    call: &InHand,
    people: &[&Case],
    href: &str,
    beside: &Beside,
) -> Script {
    let spoken = call.household.language.as_deref().unwrap_or("en");
    let asked = beside.shown.lang.as_str();
    let language = Language::of(if asked.is_empty() { spoken } else { asked });
    let zones = Rulebook::zones(&call.household.time_zone);
    let outage = &desk.book.outage;
    let occasion = Occasion {
        agency: known(&outage.agency_name).unwrap_or(unnamed_agency(language)),
        caller,
        help_phone: known(&outage.help_phone),
        pay_url: known(&outage.pay_url),
        code: people
            .first()
            .map(|case| case.code.as_str())
            .filter(|_| !call.messages.is_empty()),
        window: (outage.starts_at, outage.ends_at),
        now: desk.now,
        zone: desk.book.hours.home(&zones),
        may_leave_message: may_leave_message(desk, call),
    };
    let persons: Vec<Named> = people.iter().map(|case| Named::of(case)).collect();
    let persons: Vec<Person<'_>> = persons.iter().map(Named::person).collect();
    let text = if beside.shown.is_voicemail() {
        script::voicemail(language, &occasion, &persons)
    } else {
        script::live(language, &occasion, &persons)
    };
    let address = |voicemail: bool, language: Language| address(href, beside, voicemail, language);
    Script {
        voicemail: beside.shown.is_voicemail(),
        languages: [Language::English, Language::Spanish]
            .map(|one| ScriptLanguage {
                code: one.code().to_owned(),
                name: if one == Language::English {
                    "English"
                } else {
                    "Español"
                }
                .to_owned(),
                href: address(beside.shown.is_voicemail(), one),
                current: one == language,
            })
            .to_vec(),
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

/// Who calls, when nobody has said it yet: a greeting has no gap in it.
const fn unnamed_agency(language: Language) -> &'static str {
    match language {
        Language::English => "the payment office",
        Language::Spanish => "la oficina de pagos",
    }
}

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Not while the rule of an earlier message says that none is left.
fn may_leave_message(desk: &Desk, call: &InHand) -> bool {
    !call.attempts.iter().any(|(attempt, _)| {
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
    format!("{href}?script={script}&lang={}{inbound}", language.code())
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
    let branches = step.branches.into_iter().map(|branch| Branch {
        key: key(branch.outcome),
        answer: branch.answer,
        pieces: branch.pieces,
    });
    ScriptStep {
        label: step.label,
        says: step.says,
        branches: branches.collect(),
    }
}

struct Named<'a> {
    case: &'a Case,
    full_name: String,
}

impl<'a> Named<'a> {
    fn of(case: &'a Case) -> Self {
        Self {
            case,
            full_name: case.full_name(),
        }
    }

    fn person(&self) -> Person<'_> {
        Person {
            given_name: &self.case.given_name,
            full_name: &self.full_name,
            amount: self.case.amount_cents.map(Cents),
            tries: u32::try_from(self.case.transactions).unwrap_or(1),
            charged: self.case.charged.parse().unwrap_or(Charged::Unknown),
            deadline: self
                .case
                .filing_deadline
                .as_deref()
                .and_then(|date| date.parse().ok()),
        }
    }
}
