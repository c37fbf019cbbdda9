//! What the paper lists' pages show, ready to print.

use askama::Template;

use crate::web::layout::Chrome;
use crate::web::look::Look;

/// All paper lists, and making another.
#[derive(Template)]
#[template(path = "paper/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// Those who can get one: account and name.
    pub callers: Vec<(i64, String)>,
    /// The paper lists.
    pub lists: Vec<ListRow>,
    /// Why none was made.
    pub problem: Option<String>,
}

/// One paper list.
pub struct ListRow {
    /// Its id.
    pub id: i64,
    /// Whose calls.
    pub caller: String,
    /// When it was printed.
    pub printed: String,
    /// Calls without a result.
    pub left: String,
}

/// The sheet itself.
#[derive(Template)]
#[template(path = "paper/sheet.html")]
pub struct SheetPage {
    /// How it looks on the screen.
    pub look: Look,
    /// Whose calls.
    pub caller: String,
    /// The outage's name.
    pub outage: String,
    /// When it was printed.
    pub printed: String,
    /// The calling hours.
    pub hours: String,
    /// Who calls.
    pub agency: String,
    /// When the payment system was down.
    pub down: String,
    /// The outcomes: key and label.
    pub outcomes: Vec<(String, String)>,
    /// The calls.
    pub calls: Vec<CallRow>,
}

/// One call of the sheet. No amount stands on paper.
pub struct CallRow {
    /// Everyone at the number.
    pub people: String,
    /// The number.
    pub phone: String,
    /// `First`, `2nd`.
    pub tried: String,
    /// `2 payments`
    pub failed: String,
    /// The call-back code.
    pub code: String,
    /// Their language, if not English.
    pub language: String,
}

/// Entering what was written.
#[derive(Template)]
#[template(path = "paper/enter.html")]
pub struct EnterPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The list.
    pub list: i64,
    /// Whose calls.
    pub caller: String,
    /// The outcomes: key and label.
    pub outcomes: Vec<(String, String)>,
    /// The languages: code and name.
    pub languages: Vec<(&'static str, String)>,
    /// The calls without a result.
    pub calls: Vec<EnterRow>,
    /// How many were saved a moment ago.
    pub saved: usize,
}

/// One of several people at a number.
pub struct WhomOption {
    /// Their case.
    pub case: i64,
    /// Their name.
    pub name: String,
    /// It is for them.
    pub chosen: bool,
}

/// One line to enter.
pub struct EnterRow {
    /// Whom it is about.
    pub household: i64,
    /// Everyone at the number.
    pub people: String,
    /// The number.
    pub phone: String,
    /// What was entered: outcome, time of the call, time of the callback, language, note.
    pub outcome: String,
    /// When they were called, on the agency's clock.
    pub at: String,
    /// The time promised, on the agency's clock.
    pub callback: String,
    /// The language they speak.
    pub language: String,
    /// The note.
    pub note: String,
    /// For whom it is, where several share the number.
    pub whom: Vec<WhomOption>,
    /// What is wrong with it.
    pub problem: String,
}
