//! The caller's desk: the next household, what to say, and one key for what happened.

mod acts;
mod answers;
pub mod call;
mod callback;
mod change;
mod clients;
mod compose;
mod dial;
mod distress;
mod find;
pub mod form;
mod free;
mod history;
mod in_hand;
mod money;
mod news;
mod outcome;
mod owing;
mod payments;
mod people;
mod practice;
mod promises;
mod questions;
pub mod queue;
#[cfg(test)]
mod sample;
mod script;
mod shift;
mod shows;
mod switchboards;
#[cfg(test)]
mod tests;
mod there;
mod told;
mod words;

use askama::Template;

use super::layout::Chrome;
use super::routes::Routes;
use super::show::paging::Paging;
use crate::domain::ids::CaseId;
use crate::domain::role::Role;
use call::{Call, Dial, Tick};
use form::{OutcomeForm, Question};
use queue::{Empty, NextUp, Notice, Progress, Recent, ShiftCard, Undo};

/// The desk's addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/outages/{slug}/desk", shows::desk);
    routes.get(Role::Caller, "/outages/{slug}/desk/practice", practice::show);
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/practice/calls/{id}/outcome",
        practice::outcome,
    );
    routes.polled_get(Role::Caller, "/outages/{slug}/desk/notices", shows::notices);
    routes.get(Role::Caller, "/outages/{slug}/desk/recent", shows::recent);
    routes.get(Role::Caller, "/outages/{slug}/desk/callbacks", shows::callbacks);
    routes.post(Role::Caller, "/outages/{slug}/desk/claim", acts::claim);
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/households/{id}/claim",
        acts::claim_household,
    );
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/calls/{id}/outcome",
        outcome::outcome,
    );
    routes.post(Role::Caller, "/outages/{slug}/desk/calls/{id}/next", acts::next);
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/calls/{id}/note",
        acts::keep_note,
    );
    routes.polled_post(
        Role::Caller,
        "/outages/{slug}/desk/calls/{id}/extend",
        acts::extend,
    );
    routes.post(Role::Caller, "/outages/{slug}/desk/calls/{id}/leave", acts::leave);
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/attempts/{id}/undo",
        acts::undo,
    );
    routes.get(
        Role::Caller,
        "/outages/{slug}/desk/attempts/{id}/change",
        change::show,
    );
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/attempts/{id}/change",
        change::change,
    );
    routes.post(Role::Caller, "/outages/{slug}/desk/callback", callback::look);
    routes.post(Role::Caller, "/outages/{slug}/desk/distress", distress::turn);
    routes.post(Role::Caller, "/outages/{slug}/desk/shift", shift::set_end);
    routes.post(Role::Caller, "/outages/{slug}/desk/break", shift::set_break);
    routes.get(
        Role::Caller,
        "/outages/{slug}/desk/switchboards",
        switchboards::list,
    );
    routes.post(
        Role::Caller,
        "/outages/{slug}/desk/switchboards/{id}/claim",
        switchboards::claim,
    );
    routes.post(Role::Caller, "/outages/{slug}/find", find::find);
}

/// Which script is shown, in which language.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Shown {
    /// `voicemail`, or empty for the live call.
    #[serde(default)]
    pub script: String,
    /// `es`; empty: what the household speaks.
    #[serde(default)]
    pub lang: String,
    /// `yes`: they rang us.
    #[serde(default)]
    pub inbound: String,
    /// `yes`: so many at the number are a home.
    #[serde(default)]
    pub home: String,
    /// The case of whoever is on the line, of several at the number.
    #[serde(default)]
    pub speaking: Option<CaseId>,
}

impl Shown {
    /// The message for a machine instead of the live call.
    pub fn is_voicemail(&self) -> bool {
        self.script == "voicemail"
    }

    /// As a query that shows the same again; empty for the default.
    pub fn query(&self) -> String {
        let lang: String = self.lang.chars().filter(char::is_ascii_alphabetic).collect();
        match (self.is_voicemail(), lang.is_empty()) {
            (false, true) => String::new(),
            (true, true) => "?script=voicemail".to_owned(),
            (voicemail, false) => format!(
                "?script={}&lang={lang}",
                if voicemail { "voicemail" } else { "live" }
            ),
        }
    }
}

/// The desk in any of its states.
#[derive(Template)]
#[template(path = "desk/desk.html", blocks = ["main"])]
pub struct DeskPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of this desk, without a slash at the end.
    pub href: String,
    /// The caller's list.
    pub progress: Progress,
    /// The next five.
    pub next_up: Vec<NextUp>,
    /// How many are left.
    pub left: i64,
    /// Numbers with many citizens that wait for a call.
    pub switchboards: i64,
    /// The last outcomes.
    pub recent: Vec<Recent>,
    /// The last outcome while it can be undone.
    pub undo: Option<Undo>,
    /// The caller's shift.
    pub shift: ShiftCard,
    /// A supervisor was called and has not come.
    pub distressed: bool,
    /// The claim on the desk; 0 for none.
    pub claim: i64,
    /// News: calls stopped, paid meanwhile, claim lost.
    pub notices: Vec<Notice>,
    /// The people on the desk are invented: what the last practice call would have led to, or nothing yet.
    pub practice: Option<String>,
    /// What is on the desk.
    pub state: State,
}

/// The shift alone, after it was changed.
#[derive(Template)]
#[template(path = "desk/shift.html")]
pub struct ShiftPart {
    /// For the token of its forms.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// The shift.
    pub shift: ShiftCard,
}

/// The news alone, for the page's script to ask for.
#[derive(Template)]
#[template(path = "desk/news_part.html")]
pub struct NewsPart {
    /// For the token of its form.
    pub chrome: Chrome,
    /// News: calls stopped, paid meanwhile, claim lost.
    pub notices: Vec<Notice>,
    /// The number, where it may be dialled now and could not before, or the other way round.
    pub dial: Option<Dial>,
    /// The call was recorded since the page was made: its outcomes are taken away.
    pub over: bool,
}

/// What is on the desk.
pub enum State {
    /// Nothing yet: the caller starts when ready.
    Ready,
    /// A household.
    Call(Box<Call>),
    /// Nobody to call now.
    Empty(Empty),
}

/// The callbacks this caller promised.
#[derive(Template)]
#[template(path = "desk/callbacks.html")]
pub struct CallbacksPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// The next due first.
    pub callbacks: Vec<Promised>,
}

/// A promised callback.
#[derive(Clone, Debug, Default)]
pub struct Promised {
    /// Whom to call.
    pub name: String,
    /// When, the caller's time.
    pub when: String,
    /// When, their time, if it differs.
    pub theirs: String,
    /// `in 6 min`, `overdue by 4 min`.
    pub relative: String,
    /// It is due now or overdue.
    pub due: bool,
    /// Who keeps it: `You`, `Anyone`.
    pub owner: String,
    /// The note made when it was promised.
    pub note: String,
}

/// Numbers with many citizens.
#[derive(Template)]
#[template(path = "desk/switchboards.html")]
pub struct SwitchboardsPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// The first due first.
    pub switchboards: Vec<SwitchboardRow>,
    /// Which of them.
    pub paging: Paging,
}

/// A number with many citizens.
#[derive(Clone, Debug, Default)]
pub struct SwitchboardRow {
    /// To take it in hand.
    pub household: i64,
    /// The number.
    pub phone: String,
    /// Open cases behind it.
    pub citizens: usize,
    /// The first of them by name.
    pub names: String,
    /// The colour of the dot.
    pub state: &'static str,
    /// Where it stands.
    pub stage: &'static str,
    /// Why it cannot be taken now; empty: it can.
    pub not_now: String,
}

/// This caller's outcomes, the latest first.
#[derive(Template)]
#[template(path = "desk/recent.html")]
pub struct RecentPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// The latest first.
    pub recent: Vec<Recent>,
}

/// Who was found by a piece of a name, number or account.
#[derive(Template)]
#[template(path = "desk/find.html")]
pub struct FindPage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// What was looked for.
    pub sought: String,
    /// Who was found.
    pub found: Vec<Found>,
    /// There are more than are shown.
    pub more: bool,
}

/// Who was found so far, under the box while somebody types.
#[derive(Template)]
#[template(path = "desk/found.html")]
pub struct FoundPart {
    /// For the token of its forms.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// Who was found.
    pub found: Vec<Found>,
    /// There are more than are shown.
    pub more: bool,
}

/// Somebody found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Their name.
    pub name: String,
    /// Their case.
    pub case: i64,
    /// Where it is read.
    pub case_href: String,
    /// Their number, or that there is none.
    pub phone: String,
    /// Their account, if known.
    pub account: String,
    /// Where the case stands, in words.
    pub stage: &'static str,
    /// The colour of the dot.
    pub state: &'static str,
    /// The household to take in hand when they are on the line.
    pub household: Option<i64>,
}

/// Changing an outcome recorded earlier.
#[derive(Template)]
#[template(path = "desk/change.html", blocks = ["main"])]
pub struct ChangePage {
    /// What stands around the page.
    pub chrome: Chrome,
    /// Address of the desk.
    pub href: String,
    /// Whom it is about.
    pub name: String,
    /// What was recorded, when: `Left voicemail, 7:40 p.m.`
    pub recorded: String,
    /// The form.
    pub form: OutcomeForm,
}
