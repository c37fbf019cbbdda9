//! What the promise ledger shows, ready to print.

use askama::Template;

use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// Every promise of an outage, filtered.
#[derive(Template)]
#[template(path = "promises/list.html")]
pub struct LedgerPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// `94% of 33 promises kept on time`, or that none was due.
    pub rate: String,
    /// How they stand, with how many and the colour of the dot.
    pub tally: Vec<(&'static str, String, &'static str)>,
    /// The kinds to filter by.
    pub kinds: Vec<Choice>,
    /// The standings to filter by.
    pub standings: Vec<Choice>,
    /// The owners to filter by.
    pub owners: Vec<Choice>,
    /// The promises.
    pub promises: Vec<PromiseRow>,
    /// Which of them.
    pub paging: Paging,
}

/// One value of a filter.
pub struct Choice {
    /// Its key; empty is all.
    pub key: String,
    /// In words.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

/// One promise.
pub struct PromiseRow {
    /// Until when.
    pub due: String,
    /// What: `Callback`, `Letter`, `Deadline extended`.
    pub what: String,
    /// To whom.
    pub name: String,
    /// Their case.
    pub href: Option<String>,
    /// Who owes it.
    pub owner: String,
    /// How it stands.
    pub standing: &'static str,
    /// The colour of its badge.
    pub badge: &'static str,
    /// When it was kept.
    pub kept: String,
    /// A remedy that can be marked as done, or as not done.
    pub remedy: Option<Mark>,
}

/// Marking a remedy.
pub struct Mark {
    /// Where it is sent to.
    pub action: String,
    /// It is done already.
    pub done: bool,
}
