//! What is known about a case: the facts from which its progress follows.

use super::chance::Line;
use super::ids::UserId;
use super::outcome::Scope;
use super::timestamp::Timestamp;
use super::verdict::Verdict;
use super::zone::Zones;

/// Everything known about one case. Superseded attempts, undone payments and withdrawn suppressions
/// are simply not in here: undo needs no code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Numbers in E.164, the one to call first first.
    pub phones: Vec<String>,
    /// An e-mail address is known that has not bounced and is not suppressed.
    pub has_email: bool,
    /// Where the citizen may be.
    pub zones: Zones,
    /// What kind of number they have.
    pub line: Line,
    /// From when on the case may be called: its import, or the end of the outage's hold on calls.
    pub opened_at: Timestamp,
    /// Until when nobody is called who was written to first, unless they ask for it or the e-mail comes back.
    pub held_until: Option<Timestamp>,
    /// In order of time.
    pub attempts: Vec<Attempt>,
    /// When the reconciliation that found a later payment was applied (not when they paid).
    pub paid_at: Option<Timestamp>,
    /// When a corrected window or import left the case without a failed transaction.
    pub not_affected_at: Option<Timestamp>,
    /// A suppression known from elsewhere: another outage, the citizen's link, a supervisor.
    pub suppressed: Option<(Timestamp, Scope)>,
    /// When the household was passed over once too often.
    pub passed_on_at: Option<Timestamp>,
    /// What supervisors decided, in order of time.
    pub decisions: Vec<Decision>,
    /// What the citizen last chose by link; an earlier choice no longer counts.
    pub answer: Option<Answer>,
    /// When the mail server took e-mails to this case, those that bounced left out.
    pub emails_sent: Vec<Timestamp>,
    /// When a letter went out.
    pub letter_sent_at: Option<Timestamp>,
}

/// One call with this case, as it was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// When it was recorded.
    pub at: Timestamp,
    /// Key of its outcome.
    pub outcome: String,
    /// The number that was called; none for a call from the citizen.
    pub phone: Option<String>,
    /// The citizen rang us.
    pub inbound: bool,
    /// The time promised, or noted as a good one.
    pub callback_at: Option<Timestamp>,
    /// Who promised to call; none: anyone.
    pub callback_for: Option<UserId>,
    /// The language asked for, as `es`.
    pub language: Option<String>,
    /// How far "do not call" goes, if the caller chose.
    pub scope: Option<Scope>,
}

/// What a supervisor decided about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// What.
    pub verdict: Verdict,
    /// The number that it is about, if it is about one.
    pub phone: Option<String>,
}

/// What the citizen chose by link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// What.
    pub choice: Choice,
    /// The language they want to be called in, as `es`.
    pub language: Option<String>,
}

/// The buttons of the citizen's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// I have paid.
    HavePaid,
    /// Call me at that time.
    CallMe(Timestamp),
    /// I need help.
    NeedHelp,
    /// Don't contact me.
    DontContact,
    /// Wrong person: the address is not theirs, so it must not be written to again.
    WrongPerson,
}
