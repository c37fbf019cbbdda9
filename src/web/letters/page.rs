//! What the letters' page shows, ready to print.

use askama::Template;

use crate::domain::ids::CaseId;
use crate::web::layout::Chrome;

/// Letters to be sent, and those that were.
#[derive(Template)]
#[template(path = "letters/list.html")]
pub struct LettersPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// How many have to be sent.
    pub heading: String,
    /// The letters.
    pub letters: Vec<LetterRow>,
    /// The last case of the page before; 0 on the first.
    pub after: CaseId,
    /// The next page.
    pub next: Option<String>,
}

/// One letter.
pub struct LetterRow {
    /// The case.
    pub case: CaseId,
    /// Its page.
    pub href: String,
    /// To whom.
    pub name: String,
    /// Their postal address, as the files have it.
    pub address: String,
    /// In which language.
    pub language: String,
    /// Their account.
    pub account: String,
    /// When it was sent; none: it has still to be.
    pub sent: Option<String>,
}
