//! The form that says what happened: outcomes, the one question a chosen outcome asks, the people
//! it applies to, and the note. The desk and "change an earlier outcome" share it.

use super::told::Aloud;
use crate::domain::ids::CaseId;

/// The whole form.
#[derive(Clone, Debug, Default)]
pub struct OutcomeForm {
    /// Where it is posted.
    pub action: String,
    /// Makes its fields' ids its own: the call, and how many of its people are recorded. So nothing typed here can slip into
    /// the next call, nor from one person into the next.
    pub id: String,
    /// Sent along, so that a second press or a retry records one attempt.
    pub idempotency_key: String,
    /// Heading, such as `What happened?`.
    pub heading: String,
    /// The outcomes by group.
    pub groups: Vec<OutcomeGroup>,
    /// Key of the chosen outcome while its question is open; empty otherwise.
    pub chosen: String,
    /// What the chosen outcome still needs.
    pub question: Option<Question>,
    /// Whether *do not call* is the wish of the others at the number too.
    pub others: Option<ChoiceQuestion>,
    /// The chosen outcome alone, while it asks something: the others are folded away.
    pub picked: Option<OutcomeButton>,
    /// Who is on the line, of several.
    pub speaking: Option<CaseId>,
    /// For whom the chosen outcome is, once that was said.
    pub whom: Vec<CaseId>,
    /// For whom the chosen outcome is, to be asked.
    pub asks_whom: Option<WhomQuestion>,
    /// Those for whom an earlier outcome was recorded, to be ticked.
    pub people: Vec<Person>,
    /// So many at one number are a home, and one of them speaks.
    pub home: bool,
    /// What saving leaves to do at a switchboard; empty elsewhere.
    pub after: String,
    /// What a specialist can promise to whoever is on the line; empty for other calls.
    pub remedies: Vec<Choice>,
    /// `Each becomes a promise with your name, due by Monday, December 14.`
    pub remedies_mean: String,
    /// The note so far.
    pub note: String,
    /// Where a draft of the note is kept while typing; empty for none.
    pub draft_action: String,
    /// So many people of the call were recorded when this form was made.
    pub done: usize,
    /// `Saved 7:44 p.m.`; empty before the first save.
    pub draft_saved: String,
    /// They rang us: the outcome is recorded as an inbound contact.
    pub inbound: bool,
    /// The call is recorded for everybody: there is nothing to press, and what was typed since stays to be read.
    pub over: bool,
    /// Whether the call may be skipped.
    pub can_skip: bool,
    /// Words of the button that saves.
    pub save_label: String,
    /// What was wrong with the last try, by field: `outcome`, `callback`, `language`,
    /// `scope`, `cases`, `note`.
    pub problems: Vec<Problem>,
}

impl OutcomeForm {
    /// The message for a field; empty when it was fine.
    pub fn problem(&self, field: &str) -> &str {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map_or("", |problem| &problem.message)
    }

    /// Problems that no visible field shows.
    pub fn general_problem(&self) -> &str {
        let shown = ["note", if self.question.is_some() { "callback" } else { "" }];
        let hidden = self
            .problems
            .iter()
            .find(|problem| !shown.contains(&problem.field.as_str()));
        hidden.map_or("", |problem| &problem.message)
    }
}

/// Something to correct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A message for a field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

/// Outcomes under one heading: first the frequent ones, then the others, smaller.
#[derive(Clone, Debug, Default)]
pub struct OutcomeGroup {
    /// `Did not reach them`
    pub label: String,
    /// For whom they are, at a switchboard: `For all 8 open`; empty elsewhere.
    pub whom: String,
    /// They are for those who are ticked.
    pub of_ticked: bool,
    /// Shown with a hint.
    pub frequent: Vec<OutcomeButton>,
    /// Shown small.
    pub others: Vec<OutcomeButton>,
}

/// One outcome.
#[derive(Clone, Debug, Default)]
pub struct OutcomeButton {
    /// `no_answer`
    pub key: String,
    /// `No answer`
    pub label: String,
    /// `Saves, next call`
    pub hint: String,
    /// The single key that presses it; empty for none.
    pub hotkey: String,
    /// Why it cannot be pressed now; empty: it can.
    pub off: String,
    /// The colour of the dot.
    pub state: &'static str,
    /// It is for those who are ticked.
    pub of_ticked: bool,
}

/// A citizen an earlier outcome was recorded for.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Their case.
    pub case: i64,
    /// Given name, or the whole name where two share it.
    pub name: String,
    /// Ticked.
    pub checked: bool,
}

/// For whom an outcome is that is said of a person.
#[derive(Clone, Debug, Default)]
pub struct WhomQuestion {
    /// `All set, for whom?`
    pub legend: String,
    /// Each person, whoever is on the line first, then all of them.
    pub choices: Vec<WhomChoice>,
    /// What saving for one of them leaves to do.
    pub meaning: String,
}

/// One answer to that.
#[derive(Clone, Debug, Default)]
pub struct WhomChoice {
    /// The cases, with blanks between them.
    pub value: String,
    /// `Rosa`
    pub label: String,
    /// `You are speaking with them`
    pub hint: String,
    /// The key that chooses it.
    pub key: String,
}

/// The one question of a chosen outcome.
#[derive(Clone, Debug)]
pub enum Question {
    /// When to call back, and who.
    Callback(Box<CallbackQuestion>),
    /// One of a few answers: which language, how far "do not call" goes.
    Choice(ChoiceQuestion),
}

/// When to call back.
#[derive(Clone, Debug, Default)]
pub struct CallbackQuestion {
    /// The question.
    pub legend: &'static str,
    /// Times offered with one press.
    pub quick: Vec<QuickTime>,
    /// `2027-04-15`
    pub date: String,
    /// Earliest date.
    pub min_date: String,
    /// Latest date.
    pub max_date: String,
    /// `17:30`, theirs.
    pub time: String,
    /// `Eastern`
    pub zone: String,
    /// The zones of the household, sent along to say the time by.
    pub zones: String,
    /// Who is to be called back, sent along to say the sentence.
    pub whom: String,
    /// How it is said back to them.
    pub aloud: Aloud,
    /// Where the page's script asks what a time means.
    pub look: String,
    /// Whether it matters who calls.
    pub asks_who: bool,
    /// Anyone on the team keeps the promise; else the caller.
    pub anyone: bool,
    /// The free times of the day chosen.
    pub free: FreeDay,
    /// What will be saved, in words.
    pub told: Told,
}

/// What will be saved when the form is sent as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The facts of the sentence, sent along with it; empty where nothing could be saved.
    pub said: String,
    /// `We will call Maria`
    pub whom: String,
    /// `on Tuesday, December 1 at 9:15 a.m. there`, or with its end where nothing follows; empty where nothing could be saved.
    pub when: String,
    /// The same on the caller's clock, where it shows another time: `(8:15 a.m. here)`.
    pub here: String,
    /// Who keeps it; or why nothing could be saved.
    pub follows: String,
    /// The promise as it is read out to them, in their language; empty where none is made.
    pub aloud: String,
    /// The language of what is read out.
    pub lang: String,
}

/// The free times of one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreeDay {
    /// `2027-04-15`
    pub date: String,
    /// `Thursday, April 15`
    pub name: String,
    /// By part of the day; none where nobody can be called.
    pub parts: Vec<FreePart>,
}

/// The times of a part of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreePart {
    /// `Morning`
    pub name: &'static str,
    /// So many are free.
    pub free: usize,
    /// Shown unfolded: the time chosen is in it.
    pub open: bool,
    /// In order.
    pub times: Vec<FreeTime>,
}

/// A quarter of an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreeTime {
    /// What is sent; empty where it is full.
    pub value: String,
    /// `5:30`
    pub label: String,
    /// The time it means there, `17:30`.
    pub time: String,
    /// Chosen.
    pub checked: bool,
}

/// One of a few answers.
#[derive(Clone, Debug, Default)]
pub struct ChoiceQuestion {
    /// The name of its field: `language`, `scope`, `others` or `skip_reason`.
    pub field: &'static str,
    /// The question.
    pub legend: String,
    /// The answers.
    pub choices: Vec<Choice>,
    /// What follows; may be empty.
    pub meaning: String,
}

/// A time offered with one press.
#[derive(Clone, Debug, Default)]
pub struct QuickTime {
    /// The chip.
    pub choice: Choice,
    /// The day it means there, `2027-04-15`; empty where the fields say it.
    pub date: String,
    /// The time it means there, `17:30`.
    pub time: String,
}

/// An answer to press.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Chosen.
    pub checked: bool,
}
