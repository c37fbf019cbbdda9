//! What a template may say about a person, under which names, and what stands in for what is missing.
//!
//! There is no surname here, no amount, no tax and no account: what a template cannot name, no e-mail
//! can disclose.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use jiff::tz::TimeZone;
use minijinja::value::{Object, Value};

use super::clean::{capital, one_line};
use super::words::{Language, local_day};
use crate::domain::charged::Charged;
use crate::domain::due_date::DueDate;
use crate::domain::timestamp::Timestamp;

/// The facts of one case, as far as an e-mail may hold them. Times are said in `zone`.
#[derive(Clone, Debug)]
pub struct Facts {
    /// How to greet.
    pub given_name: Option<String>,
    /// Who writes.
    pub agency_name: String,
    /// The outage's public name.
    pub outage_name: Option<String>,
    /// When the payment failed.
    pub failed_at: Option<Timestamp>,
    /// Where the citizen is.
    pub zone: TimeZone,
    /// What became of the money.
    pub charged: Charged,
    /// The call-back code.
    pub code: Option<String>,
    /// The citizen's page.
    pub link: Option<String>,
    /// The number to ring.
    pub help_phone: Option<String>,
    /// The agency's site, as one would type it.
    pub website: Option<String>,
    /// Where to pay.
    pub pay_url: Option<String>,
    /// The last day to pay, seen from the citizen's today.
    pub due: Option<DueDate>,
    /// When we promised to call.
    pub callback_at: Option<Timestamp>,
}

/// One name that templates may use.
#[derive(Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// As written between the braces.
    pub name: &'static str,
    /// For the editor.
    pub label: &'static str,
    /// What stands there when the fact is missing. `None`: the template must ask `{% if name %}` first, or filling it fails.
    fallback: Option<StandIn>,
}

/// What stands where a fact is missing, in the letter's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StandIn {
    Nothing,
    Outage,
    Day,
    Phone,
    Website,
}

impl StandIn {
    fn words(self, language: Language) -> &'static str {
        let letters = language.letters();
        match self {
            Self::Nothing => "",
            Self::Outage => letters.no_outage.text(),
            Self::Day => letters.no_day.text(),
            Self::Phone => letters.no_phone.text(),
            Self::Website => letters.no_website.text(),
        }
    }
}

const fn with_fallback(name: &'static str, label: &'static str, fallback: StandIn) -> Placeholder {
    Placeholder {
        name,
        label,
        fallback: Some(fallback),
    }
}

const fn needed(name: &'static str, label: &'static str) -> Placeholder {
    Placeholder {
        name,
        label,
        fallback: None,
    }
}

/// Every name, in the order in which an editor offers them.
pub const PLACEHOLDERS: [Placeholder; 17] = [
    with_fallback("given_name", "First name", StandIn::Nothing),
    needed("agency_name", "Agency"),
    with_fallback("outage_name", "Outage", StandIn::Outage),
    with_fallback("failed_at", "Day and time of the failed payment", StandIn::Day),
    with_fallback("failed_date", "Day of the failed payment", StandIn::Day),
    needed("not_charged", "Only if no money was taken (for {% if %})"),
    needed(
        "charge_unknown",
        "Only if nobody knows yet whether money was taken (for {% if %})",
    ),
    needed(
        "charged",
        "Only if money was taken, but not recorded (for {% if %})",
    ),
    needed("charged_twice", "Only if money was taken twice (for {% if %})"),
    needed("code", "Call-back code"),
    needed("link", "Link to the citizen’s page"),
    with_fallback("help_phone", "Help number", StandIn::Phone),
    with_fallback("website", "Website", StandIn::Website),
    with_fallback(
        "pay_url",
        "Where to pay; only if no money was taken",
        StandIn::Website,
    ),
    needed(
        "deadline",
        "Last day to pay; only if no money was taken, and until it has passed",
    ),
    needed(
        "deadline_passed",
        "Last day to pay, once it has passed; only if no money was taken",
    ),
    needed("callback_at", "Time of the callback"),
];

impl Facts {
    /// Facts with nothing but the agency: what every template must be able to live with.
    pub fn bare(agency_name: &str) -> Self {
        Self {
            given_name: None,
            agency_name: agency_name.to_owned(),
            outage_name: None,
            failed_at: None,
            zone: TimeZone::UTC,
            charged: Charged::Unknown,
            code: None,
            link: None,
            help_phone: None,
            website: None,
            pay_url: None,
            due: None,
            callback_at: None,
        }
    }

    /// An invented person, for previews and checks.
    pub fn sample() -> Self {
        Self {
            given_name: Some("Dorothy".to_owned()),
            agency_name: "Franklin Department of Revenue".to_owned(),
            outage_name: Some("April 14 payment outage".to_owned()),
            failed_at: Some(Timestamp::from_micros(1_776_186_540_000_000)),
            zone: TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC),
            charged: Charged::NotCharged,
            code: Some("MAPLE 27".to_owned()),
            link: Some("https://makegood.revenue.franklin.example/c/sample".to_owned()),
            help_phone: Some("800-555-0134".to_owned()),
            website: Some("revenue.franklin.example".to_owned()),
            pay_url: Some("https://revenue.franklin.example/pay".to_owned()),
            due: NaiveDate::from_ymd_opt(2026, 4, 20).map(DueDate::Ahead),
            callback_at: Some(Timestamp::from_micros(1_776_258_000_000_000)),
        }
    }

    /// The invented person in every state that money can be in, and too late to pay in time: what each text must be
    /// fit to tell.
    pub fn samples() -> impl Iterator<Item = Self> {
        let late = Self {
            due: NaiveDate::from_ymd_opt(2026, 4, 13).map(DueDate::Passed),
            ..Self::sample()
        };
        let states = Charged::ALL.iter().map(|state| Self {
            charged: *state,
            ..Self::sample()
        });
        states.chain([late])
    }

    /// The values by name, in words of that language.
    pub(super) fn values(&self, language: Language) -> Value {
        let values = PLACEHOLDERS
            .iter()
            .map(|known| (known.name, self.value(known, language)));
        Value::from(values.collect::<BTreeMap<_, _>>())
    }

    fn value(&self, known: &'static Placeholder, language: Language) -> Value {
        if let Some(state) = state_named(known.name) {
            return Value::from(self.charged == state);
        }
        match self.said(known.name, language).filter(|text| !text.is_empty()) {
            Some(text) => Value::from(text),
            None => Value::from_object(Absent { known, language }),
        }
    }

    /// Times in words keep their no-break spaces, and so do the code and the number to ring: they read badly in two lines.
    fn said(&self, name: &str, language: Language) -> Option<String> {
        match name {
            "given_name" => line(self.given_name.as_deref()),
            "agency_name" => line(Some(&self.agency_name)).map(|name| capital(&name)), // it signs: `the Department of …` would not
            "outage_name" => line(self.outage_name.as_deref()),
            "failed_at" => self.failed_at.map(|at| language.moment(at, &self.zone)),
            "failed_date" => self.failed_at.map(|at| language.day(local_day(at, &self.zone))),
            "code" => line(self.code.as_deref()).map(unbroken),
            "link" => line(self.link.as_deref()),
            "help_phone" => line(self.help_phone.as_deref()).map(unbroken),
            "website" => line(self.website.as_deref()),
            "pay_url" => line(self.pay_url.as_deref().filter(|_| self.charged.may_ask_to_pay())),
            "deadline" => self.due()?.ahead().map(|date| language.weekday(date)),
            "deadline_passed" => self.due()?.passed().map(|date| language.weekday(date)),
            "callback_at" => self
                .callback_at
                .map(|at| language.moment_with_zone(at, &self.zone)),
            _ => None,
        }
    }
}

impl Facts {
    /// The due date, of those who may be told of it: who was charged must not pay again, and where that is not known it waits.
    fn due(&self) -> Option<DueDate> {
        self.due.filter(|_| self.charged.may_ask_to_pay())
    }
}

/// The state of the money that a name asks for.
fn state_named(name: &str) -> Option<Charged> {
    match name {
        "not_charged" => Some(Charged::NotCharged),
        "charge_unknown" => Some(Charged::Unknown),
        "charged" => Some(Charged::Charged),
        "charged_twice" => Some(Charged::ChargedTwice),
        _ => None,
    }
}

fn line(text: Option<&str>) -> Option<String> {
    text.map(|text| one_line(text, 300))
}

fn unbroken(text: String) -> String {
    text.replace(' ', "\u{a0}")
}

/// A fact we do not have: false in `{% if %}`.
#[derive(Debug)]
pub(super) struct Absent {
    known: &'static Placeholder,
    language: Language,
}

impl Absent {
    /// The fact's name.
    pub(super) fn name(&self) -> &'static str {
        self.known.name
    }

    /// The words in its place, if there can be any; empty: leave it out.
    pub(super) fn stand_in(&self) -> Option<&'static str> {
        Some(self.known.fallback?.words(self.language))
    }
}

impl Object for Absent {
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stand_in().unwrap_or_default())
    }
}
