//! The people of the household on the desk: whom the call is about, who is on the line, who is done.

use crate::domain::ids::CaseId;
use crate::domain::switchboard::is_switchboard;
use crate::outreach::desk::InHand;
use crate::store::cases::Case;

use super::words;

/// The keys that say who is speaking, in the order of the people.
pub const KEYS: [&str; 4] = ["f", "g", "j", "k"];

/// The people that a call is about.
#[derive(Clone, Debug)]
pub struct People<'a> {
    /// Those whom this call is or was for: open, or recorded in it. All of the household where nobody is open.
    pub here: Vec<&'a Case>,
    /// Those of them who wait for an outcome.
    pub waiting: Vec<&'a Case>,
    /// Who is on the line: the only one, or whom the caller chose.
    pub speaking: Option<&'a Case>,
}

impl<'a> People<'a> {
    /// The people of a call, one of them chosen by the caller or none.
    pub fn of(call: &'a InHand, chosen: Option<CaseId>) -> Self {
        let is_done = |case: &&Case| call.done.contains(&case.id);
        let counts = |case: &&Case| is_done(case) || words::stage(case).is_open();
        let mut here: Vec<&Case> = call.people.iter().filter(counts).collect();
        if here.is_empty() {
            here = call.people.iter().collect();
        }
        let waiting: Vec<&Case> = here.iter().copied().filter(|case| !is_done(case)).collect();
        let speaking = match here.as_slice() {
            [alone] => Some(*alone),
            _ => waiting.iter().copied().find(|case| Some(case.id) == chosen),
        };
        Self {
            here,
            waiting,
            speaking,
        }
    }

    /// Whether the caller has to say who is on the line.
    pub const fn are_several(&self) -> bool {
        self.here.len() > 1
    }

    /// So many that it is an office, with a list to tick.
    pub fn are_a_switchboard(&self) -> bool {
        i32::try_from(self.here.len()).is_ok_and(is_switchboard)
    }

    /// How a person is called among them.
    pub fn name(&self, case: &Case) -> String {
        words::short(case, &self.here)
    }

    /// The keys that choose those who wait: `F or G`.
    pub fn keys(&self) -> String {
        let keys = self.here.iter().zip(KEYS);
        let keys = keys.filter(|(case, _)| self.waiting.iter().any(|other| other.id == case.id));
        let keys: Vec<String> = keys.map(|(_, key)| key.to_uppercase()).collect();
        keys.join(" or ")
    }
}
