//! What the citizen's pages show, ready to print.

use askama::Template;

use super::told::Told;
use crate::domain::charged::Charged;
use crate::domain::contact::NotDialed;
use crate::domain::cost::CostKind;
use crate::domain::locale::Citizen;
use crate::domain::words::Language;
use crate::outreach::citizen::check::Checked;

/// What stands around each page.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Its language.
    pub language: Language,
    /// Who writes.
    pub agency: String,
    /// The outage's public name.
    pub about: String,
    /// Where the page and its forms are; empty when the link opens nothing.
    pub action: String,
    /// The first name; may be empty.
    pub name: String,
    /// The number to ring for help, to dial and to read; may be empty.
    pub help: (String, String),
}

impl Frame {
    /// Its texts.
    pub(crate) fn t(&self) -> &'static Citizen {
        self.language.citizen()
    }

    /// The other languages, for the links to them.
    fn others(&self) -> impl Iterator<Item = Language> {
        Language::all().filter(|other| *other != self.language)
    }
}

/// What is wrong with what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was chosen.
    NoChoice,
    /// No time was chosen.
    NoTime,
    /// The time that was chosen is not free any more.
    Full,
    /// That is no number for staff to dial.
    BadNumber(NotDialed),
    /// The answer was changed too often; minutes until it can be again.
    TooOften(i64),
    /// The digits do not fit; so many more tries.
    WrongDigits(i64),
    /// Too many wrong digits.
    Locked,
    /// What it cost them is no amount.
    NoAmount,
    /// Something else, and no word of what.
    NoWords,
    /// The words cannot be kept.
    BadWords,
    /// Several costs were noted already.
    ManyCosts,
}

impl Problem {
    /// The sentence.
    pub(crate) fn words(&self, t: &Citizen) -> String {
        let words = match self {
            Self::NoChoice => t.no_choice,
            Self::NoTime => t.no_time,
            Self::Full => t.full,
            Self::BadNumber(NotDialed::NoNumber) => t.no_number,
            Self::BadNumber(NotDialed::Abroad) => t.abroad,
            Self::BadNumber(NotDialed::Costly) => t.costly,
            Self::TooOften(minutes) => return t.too_often.with("minutes", minutes),
            Self::WrongDigits(left) => return t.wrong_digits.with("left", left),
            Self::Locked => t.locked,
            Self::NoAmount => t.no_amount,
            Self::NoWords => t.no_cost_words,
            Self::BadWords => t.bad_cost_words,
            Self::ManyCosts => t.costs_too_often,
        };
        words.to_string()
    }

    /// It is about the digits, not about the answer.
    pub const fn is_about_digits(&self) -> bool {
        matches!(self, Self::WrongDigits(_) | Self::Locked)
    }
}

/// The questions.
#[derive(Template)]
#[template(path = "citizen/questions.html")]
pub struct QuestionsPage {
    /// What stands around it.
    pub frame: Frame,
    /// `April 14`.
    pub day: String,
    /// `1:09 p.m.`
    pub time: String,
    /// From when until when the system was down, if that was on the same day.
    pub window: Option<(String, String)>,
    /// What became of the money.
    pub told: Told,
    /// Nothing is left to do: they have paid, or it was settled in a call.
    pub settled: bool,
    /// The answer that is chosen already.
    pub choice: String,
    /// The days with free times for a call.
    pub days: Vec<Day>,
    /// The free times that are nearest to the one that was chosen and is not free.
    pub nearest: Vec<String>,
    /// The citizen's zone: `EDT`.
    pub zone: String,
    /// Another number, as typed.
    pub phone: String,
    /// The language chosen for the call, as `es`.
    pub speak: String,
    /// We have a number.
    pub has_phone: bool,
    /// The account's last digits can be asked for.
    pub has_details: bool,
    /// What is wrong.
    pub problem: Option<Problem>,
    /// The digits that are wrong were typed for the letter.
    pub for_letter: bool,
    /// What it cost them, as typed.
    pub cost: Cost,
    /// Until when the answer can be changed.
    pub until: String,
    /// The call-back code.
    pub code: String,
}

/// What it cost them, as typed.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// It was sent and cannot be used.
    pub is_open: bool,
    /// A word of `domain::cost::CostKind`.
    pub kind: String,
    /// `35.00`
    pub amount: String,
    /// In their words.
    pub words: String,
}

impl QuestionsPage {
    /// What it may have been: what is sent, and the words.
    fn cost_kinds(&self) -> Vec<(&'static str, &'static str)> {
        let t = self.frame.t();
        let words = |kind: &CostKind| match kind {
            CostKind::LateFee => t.cost_late_fee,
            CostKind::BankFee => t.cost_bank_fee,
            CostKind::PreparerFee => t.cost_preparer_fee,
            CostKind::Other => t.cost_other,
        };
        let all = CostKind::ALL.iter();
        all.map(|kind| (kind.as_str(), words(kind).text())).collect()
    }

    /// The field of the cost that is wrong; empty for none.
    const fn cost_problem(&self) -> &'static str {
        match self.problem {
            Some(Problem::NoAmount) => "amount",
            Some(Problem::NoWords | Problem::BadWords) => "words",
            _ => "",
        }
    }

    /// When the system was down.
    fn down(&self) -> String {
        let t = self.frame.t();
        match &self.window {
            Some((from, until)) => ended(t.down_between.with_both(("from", from), ("until", until))),
            None => t.down.to_string(),
        }
    }

    /// When they tried to pay.
    fn tried(&self) -> String {
        ended(self.frame.t().tried.with("time", &self.time))
    }

    /// What is wrong with the answer.
    pub fn answer_problem(&self) -> Option<String> {
        let about_answer = self.problem.filter(|problem| !problem.is_about_digits());
        about_answer.map(|problem| problem.words(self.frame.t()))
    }

    /// What is wrong with the number to call, at its field.
    pub fn phone_problem(&self) -> Option<String> {
        let about_phone = self
            .problem
            .filter(|problem| matches!(problem, Problem::BadNumber(_)));
        about_phone.map(|problem| problem.words(self.frame.t()))
    }

    /// What is wrong with the digits.
    pub fn digits_problem(&self) -> Option<String> {
        let about_digits = self.problem.filter(Problem::is_about_digits);
        about_digits.map(|problem| problem.words(self.frame.t()))
    }
}

/// `1:09 p.m.` ends a sentence without a second dot.
fn ended(sentence: String) -> String {
    match sentence.strip_suffix("..") {
        Some(rest) => format!("{rest}."),
        None => sentence,
    }
}

/// A day with times to call.
pub struct Day {
    /// `Thursday, April 15`, `Today, April 14`.
    pub name: String,
    /// How many times are free on it.
    pub free: usize,
    /// It is shown unfolded.
    pub open: bool,
    /// Its parts that have free times.
    pub parts: Vec<PartOfDay>,
}

/// A part of a day.
pub struct PartOfDay {
    /// `Morning`.
    pub name: &'static str,
    /// The free times.
    pub times: Vec<TimeChoice>,
}

/// A free time.
pub struct TimeChoice {
    /// What is sent.
    pub value: String,
    /// `5:30 p.m.`
    pub time: String,
    /// It is chosen.
    pub chosen: bool,
}

/// What it cost them is noted.
#[derive(Template)]
#[template(path = "citizen/cost_done.html")]
pub struct CostPage {
    /// What stands around it.
    pub frame: Frame,
}

/// The answer that was given.
#[derive(Template)]
#[template(path = "citizen/done.html")]
pub struct DonePage {
    /// What stands around it.
    pub frame: Frame,
    /// What became of the money.
    pub told: Told,
    /// A word of `domain::reply::Reply`.
    pub choice: String,
    /// When we call: the day and the time.
    pub call: Option<(String, String)>,
    /// Another number was given than the one we have.
    pub other_phone: bool,
    /// The language of the call.
    pub language: &'static str,
    /// What the phone will show when we call; may be empty.
    pub caller_id: String,
    /// Where to pay: the address to follow and the one to read; may be empty.
    pub pay: (String, String),
    /// Until when the answer can be changed.
    pub until: String,
    /// The call-back code.
    pub code: String,
}

/// Amounts and kinds of tax.
#[derive(Template)]
#[template(path = "citizen/details.html")]
pub struct DetailsPage {
    /// What stands around it.
    pub frame: Frame,
    /// The failed payments.
    pub payments: Vec<FailedRow>,
    /// What became of the money.
    pub told: Told,
}

/// A letter to show to others: only what is recorded.
#[derive(Template)]
#[template(path = "citizen/letter.html")]
pub struct LetterPage {
    /// What stands around it.
    pub frame: Frame,
    /// The full name; may be empty.
    pub name: String,
    /// The day of the outage, with its year; empty if it was on several.
    pub day: String,
    /// From when until when the system was down: by the clock if it was on one day, else with the days.
    pub window: (String, String),
    /// When they tried to pay.
    pub tried: Vec<String>,
    /// What became of the money.
    pub told: Told,
    /// Today, with its year.
    pub written: String,
}

impl LetterPage {
    /// When the system was down.
    fn down(&self) -> String {
        let (t, (from, until)) = (self.frame.t(), &self.window);
        let both = (("from", from.as_str()), ("until", until.as_str()));
        if self.day.is_empty() {
            return ended(t.letter_down.with_both(both.0, both.1));
        }
        let sentence = t.letter_down_between.replace("{day}", &self.day);
        ended(sentence.replace("{from}", from).replace("{until}", until))
    }

    /// Whose failure it was.
    fn fault(&self) -> String {
        let t = self.frame.t();
        match self.name.as_str() {
            "" => t.letter_fault.with("name", t.letter_who),
            name => t.letter_fault.with("name", name),
        }
    }

    /// What became of the money.
    fn money(&self) -> &'static str {
        let t = self.frame.t();
        let words = match self.told.charged {
            Charged::NotCharged => t.letter_not_charged,
            Charged::Unknown => t.letter_unknown,
            Charged::Charged => t.letter_charged,
            Charged::ChargedTwice => t.letter_charged_twice,
        };
        words.text()
    }
}

/// One failed payment.
pub struct FailedRow {
    /// When.
    pub when: String,
    /// Which tax; may be empty.
    pub tax: String,
    /// How much; may be empty.
    pub amount: String,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// Nobody has made it.
    Unknown,
    /// It has opened a page for as long as it should.
    Expired,
    /// Its reader has said that it is not for them.
    NotTheirs,
}

/// A link that opens nothing.
#[derive(Template)]
#[template(path = "citizen/shut.html")]
pub struct ShutPage {
    /// What stands around it.
    pub frame: Frame,
    /// Why.
    pub why: Shut,
}

/// Whether a call is real.
#[derive(Template)]
#[template(path = "citizen/check.html")]
pub struct CheckPage {
    /// What stands around it.
    pub frame: Frame,
    /// The answer, after the check.
    pub checked: Option<Checked>,
}

/// No more e-mail to an address.
#[derive(Template)]
#[template(path = "citizen/unsubscribe.html")]
pub struct UnsubscribePage {
    /// What stands around it.
    pub frame: Frame,
    /// It is done; else it is asked for.
    pub done: bool,
}
