//! What the page of questions shows, ready to print.

use super::lane::Lane;
use crate::web::layout::Chrome;
use askama::Template;

/// The questions about a file, each with what its answers do.
#[derive(Template)]
#[template(path = "imports/questions.html", blocks = ["main"])]
pub struct QuestionsPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// This import's address.
    pub href: String,
    /// The file holds successful payments.
    pub successes: bool,
    /// The questions.
    pub asking: Asking,
}

/// The questions alone, for the page's own script.
#[derive(Template)]
#[template(path = "imports/asking.html")]
pub struct AskingPart {
    /// This import's address.
    pub href: String,
    /// Where the outage's pages are.
    pub base: String,
    /// The form's token.
    pub csrf: String,
    /// The questions.
    pub asking: Asking,
}

/// The form.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// How many questions about which file.
    pub heading: String,
    /// Its rows and columns.
    pub summary: String,
    /// When the outage was.
    pub window: String,
    /// What was asked before is asked again.
    pub anew: bool,
    /// No answer puts a row in the outage: from when to when the file goes.
    pub outside: Option<String>,
    /// The question that was sent without an answer, and what is missing.
    pub missing: Option<(usize, String)>,
    /// Questions and their answers that stand.
    pub answered: Vec<(String, String)>,
    /// The questions.
    pub cards: Vec<Card>,
    /// What the answers do together.
    pub sum: String,
    /// In how many rows that was counted.
    pub counted: String,
    /// How many questions follow after these, in words.
    pub later: Option<String>,
}

/// One question.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// From 1.
    pub number: usize,
    /// Its place: the field is `answer_{index}`.
    pub index: usize,
    /// The question.
    pub title: String,
    /// Why it is asked.
    pub why: String,
    /// What is proposed, or wants a look.
    pub badge: Option<(&'static str, String)>,
    /// The answers.
    pub answers: Vec<AnswerRow>,
    /// The answers are told in times.
    pub times: bool,
    /// Zones that may be meant instead, and the one that is chosen.
    pub zones: Vec<(&'static str, &'static str, bool)>,
    /// Columns that cannot be right, and why.
    pub off: Vec<(String, String)>,
    /// The words of a status.
    pub words: Vec<WordRow>,
    /// All other words.
    pub others: Option<OtherWords>,
}

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct AnswerRow {
    /// In the words of the command line; `other` takes the zone beside it.
    pub flag: String,
    /// In plain words.
    pub words: String,
    /// It is chosen.
    pub chosen: bool,
    /// The first and the last time.
    pub span: String,
    /// The rows beside the outage.
    pub lane: Option<Lane>,
    /// What it would mean, in rows.
    pub rows: String,
    /// Whom it would mean.
    pub people: String,
}

/// One word of a status.
#[derive(Clone, Debug, Default)]
pub struct WordRow {
    /// Its place: the field is `answer_{index}`.
    pub index: usize,
    /// As it stands in the file.
    pub value: String,
    /// Rows that have it.
    pub rows: String,
    /// One of them.
    pub example: String,
    /// The meanings: name, answer in the words of the command line, chosen.
    pub meanings: Vec<(&'static str, String, bool)>,
    /// It was sent without a meaning.
    pub missing: bool,
    /// What it would mean.
    pub means: String,
}

/// All words that have no row of their own.
#[derive(Clone, Debug, Default)]
pub struct OtherWords {
    /// The field is `answer_{index}`.
    pub index: usize,
    /// How many words there are.
    pub words: String,
    /// Rows that have them.
    pub rows: String,
    /// They are left out.
    pub chosen: bool,
    /// It was sent without an answer.
    pub missing: bool,
}
