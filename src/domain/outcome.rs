//! What happened on a call, and what follows from it: outcomes and their rules, as data.

use serde::{Deserialize, Serialize};

use super::stage::Resolution;
use super::text_enum::text_enum;
use super::timestamp::Timestamp;

text_enum! {
    /// The four headings under which outcomes stand on the desk.
    pub enum Group {
        /// Nobody spoke with us.
        NotReached = "not_reached",
        /// Somebody answered.
        Reached = "reached",
        /// This number, or the phone as such, is over.
        Stop = "stop",
        /// Not about the citizen.
        Other = "other",
    }
}

text_enum! {
    /// Who takes over from the callers.
    pub enum Lane {
        /// The specialists' list.
        Specialists = "specialists",
        /// A supervisor.
        Supervisor = "supervisor",
    }
}

text_enum! {
    /// How far a wish not to be contacted goes.
    pub enum Scope {
        /// No more calls; writing is allowed.
        Calls = "calls",
        /// No contact at all.
        All = "all",
    }
}

text_enum! {
    /// Whether *do not call* is also the wish of those who share the number and are not named with it.
    pub enum OthersWish {
        /// They were asked, and it is not.
        No = "no",
        /// Nobody knows: the number is not dialled for them either.
        NotKnown = "not_known",
    }
}

text_enum! {
    /// The one question an outcome asks before it can be saved.
    pub enum Ask {
        /// Nothing: one key saves.
        Nothing = "nothing",
        /// When to call back, and who.
        When = "when",
        /// When a good time would be; may stay open.
        BestTime = "best_time",
        /// Which language.
        Language = "language",
        /// Phone only, or all contact.
        Scope = "scope",
    }
}

/// One choice on the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Stable name, as in the API: `no_answer`.
    pub key: String,
    /// The heading it stands under.
    pub group: Group,
    /// Words on the button.
    pub label: String,
    /// Small words under the label: what pressing it does.
    pub hint: String,
    /// One character, lower case, unique among the outcomes in use.
    pub hotkey: Option<char>,
    /// Order within the desk.
    pub position: i32,
    /// What follows.
    pub rule: Rule,
    /// The e-mail template to send, if any.
    pub template_key: Option<String>,
    /// No longer offered; still understood in histories.
    pub retired: bool,
    /// The rules it had before, the latest last: a call is judged by the rule of its time.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
}

/// A rule that an outcome had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Calls before this instant are judged by it.
    pub until: Timestamp,
    /// What followed.
    pub rule: Rule,
    /// The e-mail template that was sent.
    pub template_key: Option<String>,
}

impl Outcome {
    /// The rule and the template that hold for a call at an instant.
    pub fn at(&self, at: Timestamp) -> (&Rule, Option<&str>) {
        let earlier = self.earlier.iter().find(|earlier| at < earlier.until);
        match earlier {
            Some(earlier) => (&earlier.rule, earlier.template_key.as_deref()),
            None => (&self.rule, self.template_key.as_deref()),
        }
    }
}

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "then", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// The case is done.
    Close {
        /// Why.
        resolution: Resolution,
    },
    /// Call again.
    Retry(Retry),
    /// They will pay: wait for the reconciliation, then make check calls.
    Wait {
        /// How long to wait, in hours.
        hours: u16,
        /// Check calls after which no more is asked.
        checks: u8,
    },
    /// A promise to call at a chosen time.
    Callback,
    /// Somebody else takes over.
    Escalate {
        /// Who.
        to: Lane,
        /// Nothing goes out by itself until they decide.
        hold_mail: bool,
    },
    /// To a list of another language, due at once.
    Move,
    /// The number is dead: the person's next number, else e-mail, else letter.
    BadNumber,
    /// They do not want to be called (or contacted at all, if the caller chose so).
    Suppress {
        /// What the caller's choice starts from.
        scope: Scope,
    },
    /// Back into the queue at once; it was not a try.
    Requeue,
}

/// When and how often to call again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Earliest next try, in minutes after this one.
    pub after_minutes: u32,
    /// Only in a part of the day that was tried less than the others.
    pub other_day_part: bool,
    /// At most so many tries of at least this weight in one day of the citizen.
    pub per_day: Option<u8>,
    /// What this try counts, in halves: 2 is a whole try.
    pub halves: u8,
    /// When to stop calling and write instead.
    pub give_up: Option<GiveUp>,
    /// No second recorded message, and no second e-mail about it, within so many hours.
    pub message_gap_hours: Option<u16>,
}

/// When enough has been tried: all three must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveUp {
    /// Whole tries.
    pub tries: u8,
    /// On so many different days.
    pub days: u8,
    /// In so many different parts of the day (as many of them as the calling hours allow).
    pub day_parts: u8,
}

impl Rule {
    /// The question the desk asks before saving.
    pub const fn asks(&self) -> Ask {
        match self {
            Self::Callback => Ask::When,
            Self::Escalate {
                to: Lane::Specialists,
                ..
            } => Ask::BestTime,
            Self::Move => Ask::Language,
            Self::Suppress { .. } => Ask::Scope,
            _ => Ask::Nothing,
        }
    }
}

/// The outcomes of an installation, by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes(Vec<Outcome>);

impl Outcomes {
    /// In order of position.
    pub fn new(mut outcomes: Vec<Outcome>) -> Self {
        outcomes.sort_by_key(|outcome| outcome.position);
        Self(outcomes)
    }

    /// The outcome of that key, retired or not.
    pub fn get(&self, key: &str) -> Option<&Outcome> {
        self.0.iter().find(|outcome| outcome.key == key)
    }

    /// All, the retired ones too, in order.
    pub fn all(&self) -> &[Outcome] {
        &self.0
    }

    /// The same with this outcome in the place of the one that has its key.
    #[must_use]
    pub fn with(&self, outcome: &Outcome) -> Self {
        let others = self.0.iter().filter(|other| other.key != outcome.key);
        Self::new(others.chain([outcome]).cloned().collect())
    }

    /// Those on the desk, in order.
    pub fn offered(&self) -> impl Iterator<Item = &Outcome> {
        self.0.iter().filter(|outcome| !outcome.retired)
    }
}

impl Default for Outcomes {
    fn default() -> Self {
        Self::new(super::seeded::seeded())
    }
}
