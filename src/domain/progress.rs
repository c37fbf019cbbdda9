//! A case's progress is a pure fold over its facts. Recording an outcome means: add the fact, fold,
//! store. Undo means: leave the fact out, fold again. A case always has a next step or a resolution.

use super::calling_hours::CallingHours;
use super::course::Course;
use super::facts::{Answer, Attempt, Decision, Facts};
use super::ids::UserId;
use super::outcome::{Outcomes, Scope};
use super::stage::{Resolution, Stage};
use super::text_enum::text_enum;
use super::timestamp::Timestamp;

/// Where a case stands and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it waits for.
    pub stage: Stage,
    /// Why it is closed; exactly when the stage is closed.
    pub resolution: Option<Resolution>,
    /// When it was closed.
    pub resolved_at: Option<Timestamp>,
    /// From when the next step can be done; none when closed.
    pub due_at: Option<Timestamp>,
    /// The number to call next; none if no call comes next.
    pub phone: Option<String>,
    /// Tries so far, in halves.
    pub half_tries: u32,
    /// The promise to keep, if one is open.
    pub callback: Option<Promise>,
    /// The language the person asked for.
    pub language: Option<String>,
    /// The e-mail template that the latest fact asks for.
    pub send: Option<String>,
    /// What must not be done any more, by the person's wish in this case.
    pub suppress: Option<Scope>,
    /// Numbers that turned out wrong or dead.
    pub bad_phones: Vec<String>,
    /// Whether anything may go out by e-mail without a person's decision.
    pub may_email: bool,
    /// Before this no second recorded message is left.
    pub no_voicemail_until: Option<Timestamp>,
    /// Why this is the next step.
    pub why: Why,
}

/// A promise to call at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// When.
    pub due_at: Timestamp,
    /// Who; none: anyone.
    pub owner: Option<UserId>,
    /// When it was given.
    pub made_at: Timestamp,
}

text_enum! {
    /// Why a case's next step is what it is; a key for a sentence.
    pub enum Why {
        /// First call.
        FirstCall = "first_call",
        /// Not reached yet.
        NotReachedYet = "not_reached_yet",
        /// We promised to call.
        Promised = "promised",
        /// They asked by link to be called.
        CitizenAsked = "citizen_asked",
        /// They said they would pay.
        CheckPayment = "check_payment",
        /// The number before was wrong or dead.
        NextNumber = "next_number",
        /// They speak another language.
        OtherLanguage = "other_language",
        /// They need help.
        NeedsHelp = "needs_help",
        /// A supervisor has to decide.
        NeedsSupervisor = "needs_supervisor",
        /// Callers passed the household over too often.
        SkippedOften = "skipped_often",
        /// An outcome of the history is unknown here.
        UnknownOutcome = "unknown_outcome",
        /// No number is known.
        NoPhone = "no_phone",
        /// All known numbers are wrong or dead.
        NumbersBad = "numbers_bad",
        /// They must not be called.
        CallsSuppressed = "calls_suppressed",
        /// A supervisor decided that they be written to.
        ToBeWritten = "to_be_written",
        /// Called often enough.
        TriedEnough = "tried_enough",
        /// The resolution says it.
        Done = "done",
    }
}

impl Why {
    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::FirstCall => "First call",
            Self::NotReachedYet => "Not reached yet",
            Self::Promised => "We promised to call",
            Self::CitizenAsked => "They asked to be called",
            Self::CheckPayment => "They said they would pay",
            Self::NextNumber => "The other number was wrong",
            Self::OtherLanguage => "They speak another language",
            Self::NeedsHelp => "They need help",
            Self::NeedsSupervisor => "A supervisor has to decide",
            Self::SkippedOften => "Skipped too often",
            Self::UnknownOutcome => "An outcome of this case is not known any more",
            Self::NoPhone => "No number to call",
            Self::NumbersBad => "No number works",
            Self::CallsSuppressed => "Must not be called",
            Self::ToBeWritten => "To be written to",
            Self::TriedEnough => "Called often enough",
            Self::Done => "Done",
        }
    }
}

impl Progress {
    /// Whole tries, rounded down.
    pub const fn tries(&self) -> u32 {
        self.half_tries / 2
    }
}

/// Where a case stands after all its facts.
pub fn fold(facts: &Facts, outcomes: &Outcomes, hours: &CallingHours) -> Progress {
    let mut course = Course::start(facts, hours);
    for (at, fact) in in_order(facts) {
        course.send = None;
        match fact {
            Fact::Attempt(attempt) => course.attempt(attempt, outcomes.get(&attempt.outcome)),
            Fact::Answer(answer) => course.answer(answer),
            Fact::Decision(decision) => course.decision(decision),
            Fact::Suppressed(scope) => course.suppressed(at, scope),
            Fact::Paid => course.paid(at),
            Fact::NotAffected => course.not_affected(at),
            Fact::EmailSent => course.email_sent(at),
            Fact::LetterSent => course.letter_sent(at),
            Fact::PassedOn => course.passed_on(at),
        }
        course.settle(at);
    }
    course.finish()
}

enum Fact<'a> {
    Attempt(&'a Attempt),
    Suppressed(Scope),
    PassedOn,
    Answer(&'a Answer),
    Decision(&'a Decision),
    EmailSent,
    LetterSent,
    NotAffected,
    Paid,
}

/// All facts by time; those of one instant in the order of [`Fact`].
fn in_order(facts: &Facts) -> Vec<(Timestamp, Fact<'_>)> {
    let mut all: Vec<(Timestamp, Fact<'_>)> = Vec::with_capacity(facts.attempts.len() + 4);
    all.extend(
        facts
            .attempts
            .iter()
            .map(|attempt| (attempt.at, Fact::Attempt(attempt))),
    );
    all.extend(facts.suppressed.map(|(at, scope)| (at, Fact::Suppressed(scope))));
    all.extend(facts.passed_on_at.map(|at| (at, Fact::PassedOn)));
    all.extend(
        facts
            .answer
            .iter()
            .map(|answer| (answer.at, Fact::Answer(answer))),
    );
    all.extend(
        facts
            .decisions
            .iter()
            .map(|decision| (decision.at, Fact::Decision(decision))),
    );
    all.extend(facts.emails_sent.iter().map(|at| (*at, Fact::EmailSent)));
    all.extend(facts.letter_sent_at.map(|at| (at, Fact::LetterSent)));
    all.extend(facts.not_affected_at.map(|at| (at, Fact::NotAffected)));
    all.extend(facts.paid_at.map(|at| (at, Fact::Paid)));
    all.sort_by_key(|(at, _)| *at); // stable
    all
}
