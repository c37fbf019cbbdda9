//! What the list of costs shows, ready to print.

use askama::Template;

use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// The costs of an outage, filtered.
#[derive(Template)]
#[template(path = "costs/list.html")]
pub struct CostsPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The filters: key, words, chosen.
    pub filters: Vec<(&'static str, &'static str, bool)>,
    /// The costs.
    pub rows: Vec<CostRow>,
    /// What was wrong with the decision sent last.
    pub problem: Option<String>,
    /// Which of them.
    pub paging: Paging,
}

/// One cost.
#[derive(Clone, Debug, Default)]
pub struct CostRow {
    /// When it was said.
    pub at: String,
    /// Who says so.
    pub name: String,
    /// Their case.
    pub href: String,
    /// What it was.
    pub kind: &'static str,
    /// `$35.00`
    pub amount: String,
    /// In their words; may be empty.
    pub words: String,
    /// Where a decision is sent to.
    pub action: String,
    /// Nobody has decided it.
    pub is_open: bool,
    /// How it stands.
    pub stands: String,
    /// Why it was decided so; may be empty.
    pub reason: String,
}
