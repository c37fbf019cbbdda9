//! What the outcomes' pages show, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// All outcomes in the order of the desk.
#[derive(Template)]
#[template(path = "outcomes/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The outcomes.
    pub outcomes: Vec<OutcomeRow>,
}

/// One outcome.
pub struct OutcomeRow {
    /// Its stable name.
    pub key: String,
    /// Words on the button.
    pub label: String,
    /// The heading it stands under.
    pub group: &'static str,
    /// The key on the desk.
    pub hotkey: String,
    /// What follows, as a sentence.
    pub rule: String,
    /// The e-mail it sends.
    pub mail: String,
    /// It is not offered any more.
    pub retired: bool,
}

/// The form of one outcome.
#[derive(Template)]
#[template(path = "outcomes/form.html", blocks = ["main"])]
pub struct FormPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the form is sent.
    pub action: String,
    /// It makes a new outcome.
    pub new: bool,
    /// What was typed.
    pub form: Form,
    /// The headings.
    pub groups: Vec<Choice>,
    /// What can follow.
    pub rules: Vec<Choice>,
    /// Why a case is closed.
    pub resolutions: Vec<Choice>,
    /// The e-mails.
    pub templates: Vec<Choice>,
    /// The rule as a sentence, once it was previewed.
    pub sentence: Option<String>,
    /// What it would have done.
    pub effect: Option<EffectTable>,
    /// The rules it had before: until when, and what followed.
    pub earlier: Vec<(String, String)>,
    /// Field and what is wrong with it.
    pub problem: Option<(String, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The stable name.
    pub key: String,
    /// Words on the button.
    pub label: String,
    /// Small words under it.
    pub hint: String,
    /// The key on the desk.
    pub hotkey: String,
    /// Minutes until the next try.
    pub after_minutes: String,
    /// In another part of the day.
    pub other_day_part: bool,
    /// Tries a day at most.
    pub per_day: String,
    /// Counts half a try.
    pub half: bool,
    /// Tries after which calling ends.
    pub tries: String,
    /// Over so many days.
    pub days: String,
    /// In so many parts of the day.
    pub day_parts: String,
    /// Hours before a second message.
    pub message_gap: String,
    /// Hours to wait for the payment.
    pub hours: String,
    /// Check calls.
    pub checks: String,
    /// To a supervisor instead of the specialists.
    pub supervisor: bool,
    /// Nothing is sent until they decide.
    pub hold_mail: bool,
    /// No contact at all.
    pub all_contact: bool,
}

/// One value to choose.
pub struct Choice {
    /// Its key.
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

/// What a rule would have done.
pub struct EffectTable {
    /// `To the 45 people whose last outcome is “Busy”`
    pub heading: String,
    /// Where they stand, how many do now, how many would.
    pub rows: Vec<(&'static str, String, String)>,
}

impl FormPage {
    /// What is wrong with this field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let problem = self.problem.as_ref().filter(|(at, _)| at == field);
        problem.map(|(_, message)| message.as_str())
    }
}
