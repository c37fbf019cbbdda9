//! What the import's pages show, ready to print.

use super::faults::FaultRow;
use super::given::Given;
use super::phones::PhoneRow;
use super::timeline::RowsChart;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;
use askama::Template;

/// All imports of an outage.
#[derive(Template)]
#[template(path = "imports/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The imports, latest first.
    pub imports: Vec<ImportRow>,
    /// Which of them.
    pub paging: Paging,
}

/// One import in the list.
pub struct ImportRow {
    /// Its page.
    pub href: String,
    /// The file's name.
    pub file: String,
    /// What kind of file: failed or successful payments.
    pub kind: &'static str,
    /// Where it stands.
    pub state: &'static str,
    /// The colour of that.
    pub badge: &'static str,
    /// Rows of the file.
    pub rows: String,
    /// Rows accepted.
    pub accepted: String,
    /// Rows rejected.
    pub rejected: String,
    /// Who brought it, and when.
    pub by: String,
}

/// Choosing a file.
#[derive(Template)]
#[template(path = "imports/upload.html", blocks = ["main"])]
pub struct UploadPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// Successful payments are asked for.
    pub successes: bool,
    /// The outage's window in words.
    pub window: String,
    /// The largest upload in words.
    pub limit: String,
    /// Why the last file was refused.
    pub problem: Option<String>,
}

/// Saying what each column is.
#[derive(Template)]
#[template(path = "imports/columns.html", blocks = ["main"])]
pub struct ColumnsPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// This import's address.
    pub href: String,
    /// The file holds successful payments.
    pub successes: bool,
    /// The file and how it was read: `failed.csv, comma separated, UTF-8`.
    pub summary: String,
    /// Everything that is needed is matched.
    pub complete: bool,
    /// What only a person can tell, as the file has no header.
    pub asks: Option<String>,
    /// What is missing, or what was wrong with the last answer.
    pub problem: Option<String>,
    /// The columns are used as for an earlier file with these headers.
    pub remembered: bool,
    /// How many questions follow about what the file does not say.
    pub asked: i64,
    /// The sheets of a workbook.
    pub sheets: Vec<Sheet>,
    /// The columns of the file, in its order.
    pub columns: Vec<ColumnRow>,
    /// What was decided about the file and may be wrong.
    pub doubts: Vec<String>,
    /// One row as it will be understood.
    pub preview: Preview,
}

/// One sheet of a workbook.
pub struct Sheet {
    /// What it is called.
    pub name: String,
    /// It is the one that is read.
    pub chosen: bool,
}

/// One column of the file.
pub struct ColumnRow {
    /// Its place, from 0: the field is `column_{index}`.
    pub index: usize,
    /// Its header.
    pub header: String,
    /// A few of its values; card numbers among them are masked.
    pub samples: Vec<String>,
    /// What its values look like: `US phone, 96% valid`.
    pub looks: String,
    /// What it can be used as.
    pub uses: Vec<Use>,
    /// How sure the match is, or what becomes of it.
    pub result: String,
    /// The match is not sure and wants a look.
    pub unsure: bool,
    /// It is left out.
    pub left_out: bool,
    /// It holds card numbers, which are masked.
    pub blocked: bool,
}

/// One thing a column can be used as.
pub struct Use {
    /// The field's name, as the command line spells it; empty leaves the column out.
    pub key: &'static str,
    /// The field in words.
    pub label: &'static str,
    /// It is the one chosen.
    pub chosen: bool,
}

/// How a row will look as a person.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// This import's address.
    pub href: String,
    /// The row's number in the file.
    pub row: i64,
    /// The person, or why the row is rejected.
    pub heading: String,
    /// Field and value.
    pub lines: Vec<(&'static str, String)>,
    /// Why the row would be rejected.
    pub rejected: Option<String>,
    /// The row before; this row itself at the beginning.
    pub previous: i64,
    /// The row after; this row itself at the end.
    pub next: i64,
}

/// The preview alone, for the page's own script.
#[derive(Template)]
#[template(path = "imports/preview.html")]
pub struct PreviewPart {
    /// The row.
    pub preview: Preview,
}

/// How a file was understood, and how sure that is.
#[derive(Clone, Debug, Default)]
pub struct HowRead {
    /// The answers that were given.
    pub answers: Vec<Given>,
    /// They were given for an earlier file with the same columns.
    pub remembered: bool,
    /// Delimiter, encoding and header.
    pub dialect: String,
    /// How sure it is, in words.
    pub certainty: &'static str,
    /// It is not sure.
    pub doubtful: bool,
    /// What was decided and may be wrong.
    pub doubts: Vec<String>,
    /// Field and header of each column that was read.
    pub columns: Vec<(&'static str, String)>,
}

/// Every row accounted for, before anything counts.
#[derive(Template)]
#[template(path = "imports/check.html", blocks = ["main"])]
pub struct CheckPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The outage's address.
    pub base: String,
    /// This import's address.
    pub href: String,
    /// The file, and how long it was read.
    pub summary: String,
    /// How it was understood.
    pub how: HowRead,
    /// The import was published already: this is its report.
    pub published: bool,
    /// The bins.
    pub bins: Bins,
    /// Rejected rows by reason.
    pub reasons: Vec<Reason>,
    /// The rejected rows of this page.
    pub rejects: Vec<FaultRow>,
    /// The first ones, when these are not.
    pub first: Option<String>,
    /// Those after them.
    pub next: Option<String>,
    /// The way to all of them and its words, when there are more than these.
    pub show_all: Option<(String, String)>,
    /// As many are shown as a page can hold.
    pub all: bool,
    /// Only rows rejected for this are shown; empty: all.
    pub only: String,
    /// Only those after this line.
    pub after: i64,
    /// Phones that a person should look at.
    pub phones: Vec<PhoneRow>,
    /// People and calls with it, or those that there were when it was imported.
    pub sums: Vec<Sum>,
    /// What became of the rows that say they were paid, and how many.
    pub payments: Vec<(&'static str, String)>,
    /// Who paid twice or got a part back.
    pub odd: Option<String>,
    /// The numbers that the confirmation carries.
    pub seen: Vec<Seen>,
    /// What changed while somebody looked: its numbers, or a row that was mended.
    pub changed: Option<&'static str>,
    /// Its rows beside the outage; nothing of a report from before they were counted by time.
    pub timeline: Option<RowsChart>,
    /// Most failures lie outside the window: how many, and from when to when the file goes.
    pub alarm: Option<String>,
    /// Values that could not be used though their rows are good.
    pub warnings: Vec<(String, String)>,
    /// No row is accepted: there is nothing to confirm.
    pub nothing: bool,
    /// How many citizens have paid by it.
    pub pays_for: Option<String>,
    /// The person can go back to the choice of the columns.
    pub can_match_anew: bool,
    /// The button's words: `Import and make 1,139 calls`.
    pub confirm: String,
}

/// One line of what the import does.
pub struct Sum {
    /// Who, or what.
    pub label: &'static str,
    /// How many.
    pub value: String,
    /// A sum, and no part of one.
    pub strong: bool,
}

/// A number that was seen.
pub struct Seen {
    /// Its field.
    pub name: &'static str,
    /// As it was.
    pub value: i64,
}

/// Each row of the file is in exactly one of these.
pub struct Bins {
    /// Rows of the file.
    pub rows: String,
    /// Accepted.
    pub accepted: String,
    /// Transaction id already there.
    pub duplicates: String,
    /// Outside the outage's window.
    pub outside: String,
    /// How many of them before, and after it.
    pub outside_note: String,
    /// From when to when the file goes, beside the window.
    pub span: Option<String>,
    /// Rows that were paid, and rows that count for nothing, where there are any.
    pub told: Vec<(&'static str, String)>,
    /// What the rows are that count for nothing, where there are any.
    pub left_out_note: Option<&'static str>,
    /// Rejected with a reason.
    pub rejected: String,
    /// What becomes of them, where there are any.
    pub stay_out: Option<String>,
    /// The bins as a sum: `1,150 + 46 + 53 + 35 = 1,284`.
    pub sum: String,
    /// Card numbers that were masked.
    pub card_numbers: String,
    /// Any were masked.
    pub any_card_numbers: bool,
}

/// One reason for rejecting rows.
pub struct Reason {
    /// In words, with its count.
    pub label: String,
    /// The rows rejected for it.
    pub href: String,
    /// They are the ones shown.
    pub current: bool,
}

/// An import at work, or done.
#[derive(Template)]
#[template(path = "imports/run.html", blocks = ["main"])]
pub struct RunPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The page's heading.
    pub heading: String,
    /// What it means for the person waiting.
    pub lead: String,
    /// Which of the four steps this belongs to; 0 of a file that does not count and is no longer on its way.
    pub step: usize,
    /// The file holds successful payments.
    pub successes: bool,
    /// The moving part.
    pub progress: Progress,
    /// What was found; empty while it is read.
    pub report: Vec<(&'static str, String)>,
    /// Rejected rows can be downloaded.
    pub rejects: bool,
}

/// The moving part of an import.
#[derive(Clone, Debug)]
pub struct Progress {
    /// This import's address.
    pub href: String,
    /// What it does now.
    pub doing: String,
    /// It still moves, so it is asked again.
    pub running: bool,
    /// It can be given up.
    pub can_stop: bool,
    /// It is done and counts.
    pub published: bool,
    /// How far: `64%`; empty if that is not known.
    pub percent: String,
    /// How far in numbers: `551 of 861 rows`.
    pub so_far: String,
    /// Part and whole for the bar.
    pub bar: Option<(i64, i64)>,
    /// Who started it, and when.
    pub started: String,
    /// It can be taken back.
    pub can_undo: bool,
    /// Its words: an import or a reconciliation.
    pub undo: &'static str,
    /// Until when.
    pub undo_note: String,
    /// What a person should know who came here with a file that counts already.
    pub news: Option<String>,
    /// Why it stopped.
    pub problem: Option<String>,
    /// The token of its form.
    pub csrf: String,
}

/// The moving part alone, for the page's own script.
#[derive(Template)]
#[template(path = "imports/progress.html")]
pub struct ProgressPart {
    /// The moving part.
    pub progress: Progress,
}

/// What became of each payment of a reconciliation, before or after its cases are closed.
#[derive(Template)]
#[template(path = "imports/found.html", blocks = ["main"])]
pub struct FoundPage {
    /// Who paid twice or got a part back.
    pub odd: Option<String>,
    /// What stands around it.
    pub chrome: Chrome,
    /// This import's address.
    pub href: String,
    /// The file, and how long it was read.
    pub summary: String,
    /// How it was understood.
    pub how: HowRead,
    /// It counts already: this is its report.
    pub published: bool,
    /// Label, colour and rows of each bin.
    pub bins: Vec<(&'static str, &'static str, String)>,
    /// The bins as a sum: `9 + 1 + 1 + 2 + 1 + 1 = 15`.
    pub sum: String,
    /// Payments that closed nothing, by why.
    pub reasons: Vec<Reason>,
    /// What that means.
    pub advice: &'static str,
    /// The payments of this page.
    pub payments: Vec<PaymentRow>,
    /// The first ones, when these are not.
    pub first: Option<String>,
    /// Those after them.
    pub next: Option<String>,
    /// Rejected rows, in words, when there are any.
    pub rejected: Option<String>,
    /// By what citizens were found.
    pub found_by: Vec<(&'static str, String)>,
    /// Who is left.
    pub left: Vec<(&'static str, String)>,
    /// The person can go back to the choice of the columns.
    pub can_match_anew: bool,
    /// The button's words: `Close 9 cases as paid`.
    pub confirm: String,
}

/// One payment that closed nothing.
pub struct PaymentRow {
    /// Where the record starts in the file.
    pub line: String,
    /// When it was made.
    pub at: String,
    /// How much.
    pub amount: String,
    /// The agency's number of it.
    pub number: String,
    /// What the file says about who paid.
    pub payer: String,
}

/// Before an import is taken back.
#[derive(Template)]
#[template(path = "imports/undo.html", blocks = ["main"])]
pub struct UndoPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// This import's address.
    pub href: String,
    /// The file's name.
    pub file: String,
    /// What will happen, a sentence each.
    pub follows: Vec<String>,
    /// The button's words.
    pub confirm: &'static str,
}

/// Rejected rows to be corrected.
#[derive(Template)]
#[template(path = "imports/correct.html", blocks = ["main"])]
pub struct CorrectPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The import's address.
    pub href: String,
    /// The file, and how many of its rows were rejected.
    pub summary: String,
    /// What was wrong with the last answer.
    pub problem: Option<String>,
    /// The rows of this page.
    pub rows: Vec<CorrectRow>,
    /// How many rows can be set aside.
    pub to_mend: u64,
    /// How many are.
    pub set_aside: u64,
    /// Rows after this line are shown.
    pub after: i64,
    /// The first rows, when these are not.
    pub first: Option<String>,
    /// There are more after these: the last line of this page.
    pub more: Option<i64>,
}

/// One rejected row, open for correction.
pub struct CorrectRow {
    /// Its line in the file, as its fields are named.
    pub line: i64,
    /// The same as people read it.
    pub shown_line: String,
    /// Why it was rejected.
    pub problem: &'static str,
    /// The same in detail; of a corrected row, what is still wrong.
    pub why: String,
    /// It was corrected.
    pub corrected: bool,
    /// What is still wrong with it as it stands.
    pub wrong: Option<String>,
    /// The page of the import by which it counts now.
    pub taken_by: Option<String>,
    /// It can be corrected only in the file.
    pub too_long: bool,
    /// Who set it aside, and when.
    pub aside: Option<String>,
    /// Its cells.
    pub cells: Vec<CorrectCell>,
}

/// One cell of a rejected row.
pub struct CorrectCell {
    /// Its column's header.
    pub label: String,
    /// What stands there.
    pub value: String,
    /// It has several lines.
    pub long: bool,
}
