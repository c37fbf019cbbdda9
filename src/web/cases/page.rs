//! What the cases' pages show, ready to print.

use askama::Template;

use crate::domain::ids::HouseholdId;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// The citizens of an outage, filtered.
#[derive(Template)]
#[template(path = "cases/list.html", blocks = ["main"])]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// What the rows are: `116 citizens, tried, another try due`.
    pub heading: String,
    /// The states to filter by.
    pub stages: Vec<Choice>,
    /// The lists to filter by.
    pub lists: Vec<Choice>,
    /// The languages to filter by.
    pub languages: Vec<Choice>,
    /// The citizens.
    pub cases: Vec<CaseRow>,
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

/// One citizen in the list.
pub struct CaseRow {
    /// The case's page.
    pub href: String,
    /// The case number.
    pub number: String,
    /// The citizen.
    pub name: String,
    /// The number to call, or that there is none.
    pub phone: String,
    /// The colour of the state.
    pub dot: &'static str,
    /// The state.
    pub state: &'static str,
    /// What comes next and when, or when it was closed.
    pub next: String,
    /// Tries so far.
    pub tries: String,
    /// The call list, or that there is none.
    pub list: String,
    /// The language.
    pub language: String,
}

/// Everything about one case.
#[derive(Template)]
#[template(path = "cases/one.html")]
pub struct CasePage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The citizen.
    pub name: String,
    /// The case number.
    pub number: String,
    /// The colour of the state.
    pub dot: &'static str,
    /// The state.
    pub state: &'static str,
    /// Nothing more is owed.
    pub closed: bool,
    /// What comes next, or why and when it was closed.
    pub next: String,
    /// Why this person is called again, a sentence for each earlier try; empty before the first.
    pub again: Vec<String>,
    /// Label and value: phone, e-mail, language, account, list, code, local time.
    pub facts: Vec<(&'static str, String)>,
    /// Everyone at the same number, this citizen among them.
    pub people: Vec<PersonRow>,
    /// The failed payments.
    pub transactions: Vec<TransactionRow>,
    /// Later payments that were found to be theirs.
    pub paid: Vec<PaidRow>,
    /// What a person should look at in them.
    pub odd: Vec<String>,
    /// What happened, latest first.
    pub history: Vec<HistoryRow>,
    /// Its household, while there is something to call about.
    pub household: Option<HouseholdId>,
    /// What a supervisor may decide: key and words.
    pub verdicts: Vec<Choice>,
    /// Decisions and letters that stand and can be taken back.
    pub standing: Vec<StandingRow>,
    /// What they say that the outage cost them: what and how much, when and in their words, how it stands.
    pub costs: Vec<CostLine>,
    /// What may be owed to them.
    pub remedies: Vec<Choice>,
    /// What was wrong with the decision sent last.
    pub problem: Option<String>,
    /// The note sent with it.
    pub note: String,
}

/// What the outage cost them, as they say.
pub struct CostLine {
    /// `Bank or card fee, $35.00`
    pub what: String,
    /// When they said it.
    pub at: String,
    /// In their words; may be empty.
    pub words: String,
    /// How it stands, and by whom.
    pub stands: String,
    /// Why; may be empty.
    pub reason: String,
}

/// A decision or a letter that stands.
pub struct StandingRow {
    /// What: `Call again`, `Letter sent`.
    pub what: String,
    /// When and by whom.
    pub when: String,
    /// Where taking it back is sent to.
    pub action: String,
}

/// Someone at the same number.
pub struct PersonRow {
    /// Their case.
    pub href: String,
    /// Their name.
    pub name: String,
    /// The colour of their state.
    pub dot: &'static str,
    /// Their state.
    pub state: &'static str,
    /// It is the citizen of this page.
    pub here: bool,
}

/// One failed payment.
pub struct TransactionRow {
    /// When it failed.
    pub at: String,
    /// The amount.
    pub amount: String,
    /// What it was for.
    pub purpose: String,
    /// Charged or not, in words.
    pub charged: &'static str,
    /// Which row of which file.
    pub source: String,
}

/// A later payment.
pub struct PaidRow {
    /// When it was made.
    pub at: String,
    /// The amount.
    pub amount: String,
    /// The agency's number of it.
    pub number: String,
    /// By what it was found to be theirs, or that it does not count.
    pub found: &'static str,
    /// Which row of which file.
    pub source: String,
}

/// Something that happened to the case.
pub struct HistoryRow {
    /// When.
    pub at: String,
    /// The colour of its dot.
    pub dot: &'static str,
    /// What: `No answer`, `Callback booked for Thu 9:00 a.m.`
    pub what: String,
    /// Who.
    pub who: String,
    /// The note.
    pub note: String,
    /// It was taken back or replaced.
    pub superseded: bool,
    /// It arrived after the caller's hold had lapsed.
    pub late: bool,
}
