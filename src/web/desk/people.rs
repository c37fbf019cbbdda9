//! The people of the household on the desk: whom the call is about, who is on the line, who is done.

use crate::domain::ids::CaseId;
use crate::domain::seeded::DECEASED;
use crate::domain::stage::Stage;
use crate::domain::switchboard::is_switchboard;
use crate::outreach::desk::InHand;
use crate::store::cases::Case;

use super::words;

/// The keys that say who is speaking, in the order of the people.
pub const KEYS: [&str; 4] = ["f", "g", "j", "k"];

/// Whom the caller says that she has on the line.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnLine {
    /// Their case.
    pub case: Option<CaseId>,
    /// So many people at one number are a home, and it is themselves who speak.
    pub home: bool,
}

/// The people that a call is about.
#[derive(Clone, Debug)]
pub struct People<'a> {
    /// Those whom this call is or was for: open and alive, or recorded in it. All at the number where it is an office, or where nobody
    /// is open.
    pub here: Vec<&'a Case>,
    /// Everybody at the number, also who is closed by now.
    pub all: &'a [Case],
    /// Those of them who wait for an outcome.
    pub waiting: Vec<&'a Case>,
    /// Who is on the line: the only one, or whom the caller chose.
    pub speaking: Option<&'a Case>,
    /// Those whose outcome this call has recorded.
    pub done: &'a [CaseId],
    office: bool,
}

impl<'a> People<'a> {
    /// The people of a call, one of them on the line or none.
    pub fn of(call: &'a InHand, on_line: OnLine) -> Self {
        let is_done = |case: &&Case| call.done.contains(&case.id);
        let is_open = |case: &&Case| words::stage(case).is_open();
        // Of an office so many are done that a few are left; it stays one.
        let office = i32::try_from(call.people.len()).is_ok_and(is_switchboard);
        let counts = |case: &&Case| office || is_done(case) || (is_open(case) && !has_died(call, case));
        let mut here: Vec<&Case> = call.people.iter().filter(counts).collect();
        if here.is_empty() {
            here = call.people.iter().collect();
        }
        let mut waiting: Vec<&Case> = here.iter().copied().filter(|case| !is_done(case)).collect();
        if office && waiting.iter().any(is_open) {
            waiting.retain(is_open);
        }
        let speaking = match here.as_slice() {
            [alone] => Some(*alone),
            _ => waiting
                .iter()
                .copied()
                .find(|case| Some(case.id) == on_line.case)
                .filter(|case| !office || on_line.home || acts_for(call, case)),
        };
        Self {
            here,
            all: &call.people,
            waiting,
            speaking,
            done: &call.done,
            office,
        }
    }

    /// Those for whom an outcome was recorded earlier: nobody of them is on the line any more.
    pub fn recorded(people: &'a [Case]) -> Self {
        let here: Vec<&Case> = people.iter().collect();
        Self {
            waiting: here.clone(),
            here,
            all: people,
            speaking: None,
            done: &[],
            office: false,
        }
    }

    /// Whether the caller has to say who is on the line.
    pub const fn are_several(&self) -> bool {
        self.here.len() > 1
    }

    /// So many that it is an office, with a list to tick.
    pub const fn are_a_switchboard(&self) -> bool {
        self.office
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

/// Whether somebody at the number told us that they have died, and no supervisor has said otherwise: nobody asks for them.
pub fn has_died(call: &InHand, case: &Case) -> bool {
    let mut theirs = call.attempts.iter().filter(|earlier| earlier.is_about(case.id));
    let last = theirs.next();
    words::stage(case) == Stage::NeedsSupervisor && last.is_some_and(|last| last.attempt.outcome == DECEASED)
}

/// Whether this call can check that an office may speak for a client, whose facts it may be told then.
pub fn acts_for(call: &InHand, case: &Case) -> bool {
    call.by_specialist && words::stage(case) == Stage::NeedsHelp
}
