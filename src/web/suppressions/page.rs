//! What the page of suppressions shows, ready to print.

use askama::Template;

use crate::domain::ids::SuppressionId;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// Whom nobody may contact.
#[derive(Template)]
#[template(path = "suppressions/list.html")]
pub struct SuppressionsPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The suppressions.
    pub rows: Vec<SuppressionRow>,
    /// Which of them.
    pub paging: Paging,
    /// What is sought; empty: all.
    pub sought: String,
    /// Whom to add, as typed.
    pub whom: String,
    /// Why, as typed.
    pub why: String,
    /// The field that is wrong, and what would be right.
    pub problem: Option<(&'static str, String)>,
}

impl SuppressionsPage {
    /// What is wrong with a field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let problem = self.problem.as_ref().filter(|(about, _)| *about == field);
        problem.map(|(_, message)| message.as_str())
    }
}

/// One suppression.
pub struct SuppressionRow {
    /// Its id.
    pub id: SuppressionId,
    /// `Number` or `Address`.
    pub kind: &'static str,
    /// The number or the address.
    pub value: String,
    /// Why.
    pub reason: String,
    /// How many addresses are suppressed for the same words of mail servers.
    pub alike: i64,
    /// Since when.
    pub since: String,
    /// Who said so.
    pub by: String,
    /// When it was lifted, by whom and why.
    pub lifted: Option<String>,
}
