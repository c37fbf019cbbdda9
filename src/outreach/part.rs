//! People who do not share the number at which they are called: a supervisor parts them from it, several at once. It is a
//! decision about each of them, so that each can be taken back on its own.

use super::accounts::User;
use super::decide::visible;
use super::follow_up::write;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, standing};
use crate::db::Conn;
use crate::domain::ids::{CaseId, HouseholdId};
use crate::domain::role::Role;
use crate::domain::verdict::Verdict;
use crate::store::decisions::{self, Decision, NewDecision};
use crate::store::households::Household;
use crate::store::queue;
use std::collections::BTreeSet;

/// People who can be parted at once: those of a page.
const MOST: usize = 25;

impl Office {
    /// The number of a household is not that of these people. Each is called at their next number, else written to; those who
    /// stay are called as before.
    ///
    /// # Errors
    /// Not a supervisor, nobody or too many were chosen, or somebody is not called at this number (any more).
    pub fn part(&self, by: &User, household: HouseholdId, cases: &[CaseId]) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        if cases.is_empty() || cases.len() > MOST {
            let right = format!("Choose between one and {MOST} people whose number it is not.");
            return Err(Error::invalid("case", right));
        }
        let chosen: BTreeSet<CaseId> = cases.iter().copied().collect();
        self.once("part", |conn| {
            let household = queue::lock(conn, household)?.ok_or(Error::NotFound("household"))?;
            self.part_from(conn, by, &household, &chosen)
        })
    }

    fn part_from(
        &self,
        conn: &mut Conn,
        by: &User,
        household: &Household,
        chosen: &BTreeSet<CaseId>,
    ) -> Result<()> {
        let now = self.now();
        let book = Rulebook::open(conn, household.outage_id)?;
        let mut touched = BTreeSet::from([household.id]);
        let ids: Vec<CaseId> = chosen.iter().copied().collect();
        let before = decisions::about_number(conn, &ids, &household.phone)?;
        let is_parted = |id: &CaseId| before.iter().any(|(decision, _)| decision.case_id == *id);
        for id in ids.iter().filter(|id| !is_parted(id)) {
            if visible(conn, *id)?.household_id != Some(household.id) {
                return Err(Error::Conflict(ELSEWHERE.into()));
            }
            let decision = NewDecision {
                case_id: *id,
                verdict: Verdict::NotTheirNumber.as_str(),
                note: "",
                user_id: by.id,
                at: now,
                phone: Some(&household.phone),
            };
            decisions::add(conn, &decision)?;
            if let Some((case, progress)) = standing::refold(conn, &book, *id, &mut touched)? {
                write(conn, &case, &progress, None, now)?;
            }
        }
        standing::refresh(conn, &book, &touched, now)
    }

    /// Who of these people was parted from a number, with who did it.
    pub fn parted(&self, cases: &[CaseId], phone: &str) -> Result<Vec<(Decision, String)>> {
        Ok(self.db.read(|conn| decisions::about_number(conn, cases, phone))?)
    }
}

/// Said when somebody is parted from a number at which they are not called.
const ELSEWHERE: &str =
    "Somebody whom you chose is not called at this number any more. Look at the page again.";
