//! A supervisor's word on a case: call again, write, or close. It is a fact like any other, so taking it back
//! means leaving it out.

use super::accounts::User;
use super::follow_up::write;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, note, standing};
use crate::db::Conn;
use crate::domain::ids::{CaseId, DecisionId, HouseholdId};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::verdict::Verdict;
use crate::store::cases::{self, Case};
use crate::store::decisions::NewDecision;
use crate::store::{decisions, households, messages, queue};
use std::collections::BTreeSet;

impl Office {
    /// Decides about a case. *Call again* also clears the skips of its household.
    ///
    /// # Errors
    /// Not a supervisor, no such case, a verdict that nobody decides, or a note that must not be kept.
    pub fn decide(&self, by: &User, id: CaseId, verdict: Verdict, why: &str) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        offered(verdict)?;
        let why = note::allowed(why)?;
        let now = self.now();
        self.once("decide", |conn| {
            let case = visible(conn, id)?;
            lock(conn, &case)?;
            let phone = about_number(conn, &case, verdict)?;
            let decision = NewDecision {
                case_id: id,
                verdict: verdict.as_str(),
                note: why,
                user_id: by.id,
                at: now,
                phone: phone.as_deref(),
            };
            decisions::add(conn, &decision)?;
            if let (Verdict::CallAgain, Some(household)) = (verdict, case.household_id) {
                households::forget_skips(conn, household)?;
            }
            look_again(conn, &case, now, true)
        })
    }

    /// Takes a decision back: the case stands as if it had never been made.
    ///
    /// # Errors
    /// Not a supervisor, no such decision, or it was taken back before.
    pub fn withdraw_decision(&self, by: &User, id: DecisionId) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("withdraw_decision", |conn| {
            let decision = decisions::find(conn, id)?.ok_or(Error::NotFound("decision"))?;
            let case = visible(conn, decision.case_id)?;
            lock(conn, &case)?;
            if decisions::withdraw(conn, id, by.id, now)? == 0 {
                return Err(Error::Conflict("This decision was taken back before.".into()));
            }
            messages::withdraw_unprompted(conn, case.id, decision.at)?;
            look_again(conn, &case, now, false)
        })
    }
}

/// The number that a verdict is about: that at which the case is called now.
fn about_number(conn: &mut Conn, case: &Case, verdict: Verdict) -> Result<Option<String>> {
    if verdict != Verdict::NotTheirNumber {
        return Ok(None);
    }
    let household = case
        .household_id
        .map(|id| households::find(conn, id))
        .transpose()?;
    match household.flatten() {
        Some(household) => Ok(Some(household.phone)),
        None => Err(Error::invalid("verdict", "They are not called at any number.")),
    }
}

fn offered(verdict: Verdict) -> Result<()> {
    if Verdict::OFFERED.contains(&verdict) {
        return Ok(());
    }
    let keys = Verdict::OFFERED.map(Verdict::as_str).join(", ");
    Err(Error::invalid("verdict", format!("Choose one of: {keys}.")))
}

/// The case, if its import counts.
pub(super) fn visible(conn: &mut Conn, id: CaseId) -> Result<Case> {
    let case = cases::find(conn, id)?.ok_or(Error::NotFound("case"))?;
    let published = Rulebook::open(conn, case.outage_id)?.outage.published_import_id;
    if case.import_id > published {
        return Err(Error::NotFound("case"));
    }
    Ok(case)
}

/// Nobody claims the household meanwhile.
pub(super) fn lock(conn: &mut Conn, case: &Case) -> Result<()> {
    if let Some(household) = case.household_id {
        queue::lock(conn, household)?;
    }
    Ok(())
}

/// Folds the case again after a fact was added or left out, and writes what it asks for.
pub(super) fn look_again(conn: &mut Conn, case: &Case, now: Timestamp, may_write: bool) -> Result<()> {
    let book = Rulebook::open(conn, case.outage_id)?;
    let mut touched: BTreeSet<HouseholdId> = case.household_id.into_iter().collect();
    if let Some((case, progress)) = standing::refold(conn, &book, case.id, &mut touched)?
        && may_write
    {
        write(conn, &case, &progress, None, now)?;
    }
    standing::refresh(conn, &book, &touched, now)
}
