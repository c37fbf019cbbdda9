//! What the desk shows of the call in hand: values ready to print, no database types.

use super::form::OutcomeForm;
pub use crate::domain::script::{Advice, Piece};

/// The household on the desk.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The claim; everything on the page that must start afresh for the next call carries it.
    pub claim: i64,
    /// Badges above the name: `Due date tomorrow`, `Try 2 of 6`.
    pub tags: Vec<Tag>,
    /// Whom to ask for.
    pub name: String,
    /// The page of the first case, with everything known about it.
    pub case_href: String,
    /// `Case 412`.
    pub case_label: String,
    /// Those at this number, to say who is on the line; empty for one person.
    pub tiles: Vec<Tile>,
    /// Those who gave this number, where it is an office's.
    pub clients: Option<Clients>,
    /// What is known of the money of whoever is on the line; none while nobody is chosen.
    pub money: Option<MoneyStrip>,
    /// What was promised, by whom and for when, the latest first.
    pub promises: Vec<String>,
    /// Language, local time, until when calling is fine.
    pub situation: String,
    /// Why this person is called again, in one line; empty at the first call.
    pub why_again: String,
    /// The number to dial, or why not.
    pub dial: Dial,
    /// The failed payments, oldest first.
    pub payments: Vec<Payment>,
    /// Heading of the times: `Tried at, there`.
    pub tried_heading: &'static str,
    /// What to say.
    pub script: Script,
    /// What happened so far, latest first.
    pub history: Vec<HistoryLine>,
    /// The e-mail that can be sent once more to whoever is on the line.
    pub resend: Option<Resend>,
    /// The outcomes and the note.
    pub form: OutcomeForm,
}

/// An e-mail that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resend {
    /// To whom.
    pub case: i64,
    /// `Send “apology” again`, or that it is on its way.
    pub words: String,
    /// It is on its way already.
    pub is_sent: bool,
}

/// A badge; the tone is `` (plain), `warn`, `bad`, `ok` or `info`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// Its words.
    pub text: String,
    /// Its colour.
    pub tone: &'static str,
}

/// A number as a link and as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneLink {
    /// `tel:+14235550142`
    pub href: String,
    /// `(423) 555-0142`
    pub text: String,
}

/// One of several people at a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tile {
    /// Their case.
    pub case: i64,
    /// Their name.
    pub name: String,
    /// What is known of their money, or what was recorded.
    pub words: String,
    /// The key that chooses them; empty for none.
    pub key: &'static str,
    /// They are on the line.
    pub chosen: bool,
    /// Nothing is left to be recorded for them.
    pub done: bool,
}

/// The people who gave the number of an office or a preparer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clients {
    /// By name.
    pub rows: Vec<Client>,
    /// So many are shown who wait.
    pub open: usize,
    /// The names of those who are ticked.
    pub ticked: Vec<String>,
    /// What is said when an outcome needs a tick and has none.
    pub none_ticked: String,
    /// That there are more than are shown; empty where there are not.
    pub more: String,
    /// Somebody here speaks for themselves: it is a home.
    pub home: bool,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Their case.
    pub case: i64,
    /// Their name.
    pub name: String,
    /// What is known of their money; no amount.
    pub money: Tag,
    /// When they tried to pay, there.
    pub tried: String,
    /// What became of our e-mail, or what they answered.
    pub email: String,
    /// Where they stand.
    pub state: String,
    /// Its colour.
    pub dot: &'static str,
    /// Whether they can be ticked.
    pub tick: Tick,
    /// Words of the button that says they are on the line, or that the office may speak for them; empty for none.
    pub speak: &'static str,
}

/// Whether a client can be ticked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tick {
    /// Yes.
    #[default]
    Open,
    /// Is ticked.
    Ticked,
    /// Nothing is left to be done.
    Done,
    /// They must not be called.
    Stopped,
}

/// What is known of a person's money: the sign, the words and the keys follow from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoneyStrip {
    /// `not`, `unknown`, `charged` or `twice`.
    pub state: &'static str,
    /// What is so.
    pub strong: String,
    /// What follows.
    pub text: String,
}

/// The number to dial.
#[derive(Clone, Debug, Default)]
pub struct Dial {
    /// `on`, `off`, `inbound` where they rang us, or `over` where the call is recorded: what the page shows, so that news can change it.
    pub state: &'static str,
    /// The number.
    pub phone: PhoneLink,
    /// Their other numbers.
    pub other_phones: Vec<PhoneLink>,
    /// Which number the person sees on their display; empty when not set.
    pub caller_id: String,
    /// Why it must not be dialled now.
    pub no_dial: Option<NoDial>,
}

/// Dialling is off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoDial {
    /// `It is 9:02 p.m. there.`
    pub fact: String,
    /// What follows from it, and what to do.
    pub advice: String,
}

/// One row of the failed payments.
#[derive(Clone, Debug, Default)]
pub struct Payment {
    /// `1:09, 1:12 p.m.`
    pub when: String,
    /// What it was for.
    pub purpose: String,
    /// `$1,284.00`, or empty when the file had none.
    pub amount: String,
    /// A warning when money was or may have been taken: `Charged twice`; else empty.
    pub charged: String,
    /// What failed, in words.
    pub problem: String,
    /// Whether it is paid since.
    pub paid: String,
}

/// The text to speak, filled in for this household.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Voicemail instead of the live call.
    pub voicemail: bool,
    /// The languages to choose from, the current one marked.
    pub languages: Vec<ScriptLanguage>,
    /// Address of the desk with the other script (live call or voicemail).
    pub switch_href: String,
    /// The language of the text, for `lang`.
    pub lang: String,
    /// Step by step.
    pub steps: Vec<ScriptStep>,
    /// What to do when they doubt the call; empty for voicemail.
    pub doubt: Vec<Piece>,
    /// Further situations: hard of hearing, upset.
    pub also: Vec<Advice>,
}

/// A language of the script.
#[derive(Clone, Debug, Default)]
pub struct ScriptLanguage {
    /// `es`
    pub code: String,
    /// `Español`
    pub name: String,
    /// Address of the desk in it.
    pub href: String,
    /// The one shown.
    pub current: bool,
    /// The one after it, which has the key.
    pub next: bool,
}

/// One step of the script.
#[derive(Clone, Debug, Default)]
pub struct ScriptStep {
    /// `Hello`
    pub label: String,
    /// What to say.
    pub says: Vec<Piece>,
    /// What they may answer.
    pub branches: Vec<Branch>,
    /// What they answer seldom: on a line until it is needed.
    pub seldom: Vec<Branch>,
}

/// An answer, what to say to it, and the key that records it.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// `Not yet`
    pub answer: String,
    /// What to say then.
    pub pieces: Vec<Piece>,
    /// The key to press; empty for none.
    pub key: String,
}

/// One line of what happened so far.
#[derive(Clone, Debug, Default)]
pub struct HistoryLine {
    /// `5:12 p.m.`, or with the day when it was another.
    pub time: String,
    /// The colour of the dot: a state of desk.css.
    pub state: &'static str,
    /// What happened, by whom.
    pub text: String,
}
