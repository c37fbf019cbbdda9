//! What a script is made of: what it is filled in from, and what comes out.

use jiff::civil::Date;

use crate::domain::charged::Charged;
use crate::domain::money::Cents;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zone;

/// The call: who calls for whom, and about what.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// The agency's name.
    pub agency: &'a str,
    /// The caller's given name.
    pub caller: &'a str,
    /// The number to call us back.
    pub help_phone: Option<&'a str>,
    /// Where to pay, as one would type it.
    pub pay_url: Option<&'a str>,
    /// The call-back code, if an e-mail has told it.
    pub code: Option<&'a str>,
    /// Start and end of the outage.
    pub window: (Timestamp, Timestamp),
    /// Now.
    pub now: Timestamp,
    /// The clock by which the citizen remembers the day.
    pub zone: &'a Zone,
    /// Whether a message may be left: none was left within three days.
    pub may_leave_message: bool,
}

/// One person on this number.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// `Dorothy`; may be empty.
    pub given_name: &'a str,
    /// `Dorothy Hensley`; may be empty.
    pub full_name: &'a str,
    /// What failed, if known.
    pub amount: Option<Cents>,
    /// How often they tried.
    pub tries: u32,
    /// The worst that may have happened to their money.
    pub charged: Charged,
    /// Their last day to pay.
    pub deadline: Option<Date>,
}

/// A script, for a template to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Step by step.
    pub steps: Vec<Step>,
    /// If they doubt that the call is real; empty for voicemail.
    pub doubt: Vec<Piece>,
    /// Situations that come up now and then.
    pub also: Vec<Advice>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// `Hello`
    pub label: String,
    /// What to say; several paragraphs where each is for one person's ears only.
    pub says: Vec<Say>,
    /// What they may answer.
    pub branches: Vec<Branch>,
}

/// One paragraph to speak.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Say {
    /// `Only to Dorothy`; empty when there is but one person, or anybody may hear it.
    pub only_to: String,
    /// The words.
    pub pieces: Vec<Piece>,
}

/// An answer and what to say to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// `Not yet`
    pub answer: String,
    /// What to say then.
    pub pieces: Vec<Piece>,
    /// The key of the outcome that records it; none: go on.
    pub outcome: Option<&'static str>,
}

/// A run of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Filled in for this household.
    pub fill: bool,
}

/// Advice for a situation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// `They are hard of hearing`
    pub title: String,
    /// What to say or do.
    pub text: String,
}
