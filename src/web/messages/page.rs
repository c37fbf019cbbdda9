//! What the e-mail pages show, ready to print.

use askama::Template;

use super::filter::Asked;
use crate::web::layout::Chrome;
use crate::web::show::paging::Paging;

/// The delivery log.
#[derive(Template)]
#[template(path = "messages/log.html")]
pub struct LogPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// Where e-mails go: a mail server, or files when none is set.
    pub channel: String,
    /// They go to files, so nobody gets them.
    pub files_only: bool,
    /// The campaigns, latest first.
    pub campaigns: Vec<CampaignRow>,
    /// Some mailing goes on.
    pub running: bool,
    /// Some mailing is held.
    pub paused: bool,
    /// The totals on top.
    pub totals: Vec<Total>,
    /// The states to filter by.
    pub states: Vec<StateFilter>,
    /// The texts to filter by.
    pub texts: Vec<Choice>,
    /// The mailings to filter by.
    pub mailings: Vec<Choice>,
    /// What is asked for.
    pub asked: Asked,
    /// More than a state is asked for.
    pub narrowed: bool,
    /// The name or address that is sought.
    pub sought: String,
    /// What is asked for, as it stands in an address.
    pub query: String,
    /// The button that tries all of these again.
    pub again: Option<String>,
    /// What stands in the way at the mail server, and since when.
    pub stands: Option<String>,
    /// Reasons for which too many came back.
    pub questions: Vec<QuestionRow>,
    /// Where what comes back cannot be read, and why.
    pub troubles: Vec<String>,
    /// The messages.
    pub messages: Vec<MessageRow>,
    /// Which of them.
    pub paging: Paging,
}

/// A reason for which too many e-mails came back.
pub struct QuestionRow {
    /// Its number.
    pub id: i64,
    /// The server's words without names.
    pub cause: String,
    /// How many wait for the decision, and how many are held to be gone.
    pub told: String,
}

/// One mailing to many.
pub struct CampaignRow {
    /// The template's name.
    pub template: String,
    /// To whom.
    pub by: String,
    /// When it was begun.
    pub begun: String,
    /// Its number.
    pub id: i64,
    /// `running`, `paused` or `stopped`.
    pub state: String,
    /// Messages that wait, and all of them.
    pub progress: (i64, i64),
    /// The same in words, with until when calls wait.
    pub told: String,
}

/// One number on top.
pub struct Total {
    /// What is counted.
    pub label: &'static str,
    /// Its colour.
    pub dot: &'static str,
    /// The number.
    pub value: String,
}

/// One state to filter by.
pub struct StateFilter {
    /// In words, with its count.
    pub label: String,
    /// These messages.
    pub href: String,
    /// They are the ones shown.
    pub current: bool,
}

/// One message.
pub struct MessageRow {
    /// The message.
    pub id: i64,
    /// When it was sent, or is due.
    pub at: String,
    /// The citizen.
    pub name: String,
    /// Their case.
    pub href: String,
    /// The address, masked.
    pub address: String,
    /// The template.
    pub template: String,
    /// The language.
    pub language: String,
    /// The colour of the state.
    pub dot: &'static str,
    /// The state.
    pub state: &'static str,
    /// What the state means here: the server's answer, the next try.
    pub detail: String,
    /// Tries so far.
    pub tries: String,
    /// A person has to decide.
    pub uncertain: bool,
    /// It can be tried again at once.
    pub retry: bool,
    /// It did not arrive: the address may be wrong.
    pub astray: bool,
}

/// Sending a template to many.
#[derive(Template)]
#[template(path = "messages/send.html", blocks = ["main"])]
pub struct SendPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// They go to files, so nobody gets them.
    pub files_only: bool,
    /// The templates.
    pub templates: Vec<Choice>,
    /// To whom.
    pub filters: Vec<Choice>,
    /// Hours for which calls wait, as typed.
    pub hold: String,
    /// No more than so many, as typed.
    pub most: String,
    /// Who would get it.
    pub count: Count,
    /// Field and what is wrong with it.
    pub problem: Option<(&'static str, String)>,
}

impl SendPage {
    /// What is wrong with this field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let found = self.problem.as_ref().filter(|(at, _)| *at == field);
        found.map(|(_, message)| message.as_str())
    }

    /// Something is wrong that belongs to no field of the form.
    pub fn general(&self) -> Option<&str> {
        const FIELDS: [&str; 4] = ["template", "only", "hold", "most"];
        let found = self.problem.as_ref().filter(|(at, _)| !FIELDS.contains(at));
        found.map(|(_, message)| message.as_str())
    }
}

/// One value to choose.
pub struct Choice {
    /// Its key.
    pub key: String,
    /// In words.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

/// Who would get it, counted without sending.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// E-mails that would be sent.
    pub to_send: i64,
    /// Their number in words, for the button: `Send 803 e-mails`.
    pub act: String,
    /// The same, as people read it.
    pub shown: String,
    /// What is worth knowing about those who get it.
    pub to_know: Vec<String>,
    /// Left out, and why.
    pub left_out: Vec<(&'static str, String)>,
    /// Why it cannot be counted, where the count is shown alone; the whole page says it where it was entered.
    pub problem: Option<String>,
}

/// The count alone, for the page's own script.
#[derive(Template)]
#[template(path = "messages/count.html")]
pub struct CountPart {
    /// The count.
    pub count: Count,
}
