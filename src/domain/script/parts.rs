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
    /// Start and end of the outage.
    pub window: (Timestamp, Timestamp),
    /// Now.
    pub now: Timestamp,
    /// The clock by which the citizen remembers the day.
    pub zone: &'a Zone,
    /// Whether a message may be left: none was left within three days.
    pub may_leave_message: bool,
    /// What brings the call about.
    pub purpose: Purpose,
}

/// What brings a call about: the first words fit it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// We call because of the outage.
    #[default]
    Outage,
    /// This call was promised for that time.
    Promised(Timestamp),
    /// They said then that they would pay.
    Check(Timestamp),
    /// They asked for help, and the caller is the specialist.
    Specialist,
    /// They rang us.
    TheyRang,
}

/// One person on this number.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// `Dorothy`; may be empty.
    pub given_name: &'a str,
    /// `Dorothy Hensley`; may be empty.
    pub full_name: &'a str,
    /// The call is still for them: not who is recorded already, nor who has died.
    pub is_asked_for: bool,
    /// The call-back code, if an e-mail with it was accepted by their server.
    pub code: Option<&'a str>,
    /// When their payment failed first.
    pub tried_at: Timestamp,
    /// What failed, if known.
    pub amount: Option<Cents>,
    /// How often they tried.
    pub tries: u32,
    /// The worst that may have happened to their money.
    pub charged: Charged,
    /// Their last day to pay.
    pub deadline: Option<Date>,
    /// What brings a call with this person about.
    pub purpose: Purpose,
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
    /// What to say.
    pub says: Vec<Piece>,
    /// What they may answer.
    pub branches: Vec<Branch>,
    /// What they answer seldom: on a line until it is needed.
    pub seldom: Vec<Branch>,
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
