//! The caller's desk: the next household, what to say, and one key for what happened.

pub mod call;
pub mod form;
pub mod queue;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use askama::Template;

use super::layout::Chrome;
use call::Call;
use form::{OutcomeForm, Question};
use queue::{Empty, NextUp, Notice, Progress, Recent, Undo};

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
    /// The last outcomes.
    pub recent: Vec<Recent>,
    /// The last outcome while it can be undone.
    pub undo: Option<Undo>,
    /// News: calls stopped, paid meanwhile, claim lost.
    pub notices: Vec<Notice>,
    /// What is on the desk.
    pub state: State,
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
    /// What changing it takes back, one line each.
    pub withdraws: Vec<String>,
    /// The form.
    pub form: OutcomeForm,
}
