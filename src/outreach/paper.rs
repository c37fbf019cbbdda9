//! Calls on paper: for the evening when even this does not work, or for a colleague without a screen. What is
//! printed is held from all desks until its results are entered or it is given back.

use super::accounts::User;
use super::follow_up::follow;
use super::for_whom::{for_whom, nobody_pays_again};
use super::record::{CallbackFor, Happened, checked};
use super::remedies::owe_money_back;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, crowded};
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CallListId, CaseId, HouseholdId, OutageId, UserId};
use crate::domain::outcome::Rule;
use crate::domain::role::Role;
use crate::domain::switchboard::is_switchboard;
use crate::domain::timestamp::Timestamp;
use crate::store::attempts::{self, NewAttempt};
use crate::store::call_lists::{self, CallList};
use crate::store::cases::Case;
use crate::store::households::Household;
use crate::store::queue::{self, Group};
use crate::store::{cases, desk, households};

/// The most calls that one paper list holds.
pub const MOST: i64 = 100;
/// Results are entered within so many hours after the call.
const HOURS: i64 = 72;

/// A paper list.
#[derive(Clone, Debug)]
pub struct PaperList {
    /// The list.
    pub list: CallList,
    /// The outage and its rules.
    pub book: Rulebook,
    /// What is still on it, each with its people.
    pub calls: Vec<(Household, Vec<Case>)>,
}

/// One line of what was written on paper.
#[derive(Clone, Debug)]
pub struct OnPaper {
    /// Whom it is about.
    pub household: HouseholdId,
    /// When they were called.
    pub at: Timestamp,
    /// What happened.
    pub happened: Happened,
}

impl Office {
    /// Puts a caller's next calls on paper, up to `calls` of them: those that the desk would give out now.
    ///
    /// # Errors
    /// Not a supervisor, or nobody can be called now.
    pub fn print_calls(&self, by: &User, outage: OutageId, caller: &User, calls: i64) -> Result<CallListId> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        self.once("print_calls", |conn| {
            let book = Rulebook::open(conn, outage)?;
            let ids = next_calls(conn, &book, caller, calls.clamp(1, MOST), now)?;
            if ids.is_empty() {
                return Err(Error::invalid(
                    "caller",
                    "Nobody can be called now from this person\u{2019}s list or the pool.",
                ));
            }
            let name = format!("Paper, {}, {}", caller.name, now.rfc3339());
            let list = call_lists::add_paper(conn, outage, &name, caller.id, now).map_err(crowded)?;
            households::set_list(conn, &ids, Some(list))?;
            Ok(list)
        })
    }

    /// The paper lists of an outage with how many calls are left on each.
    pub fn paper_lists(&self, outage: OutageId) -> Result<Vec<(CallList, usize)>> {
        self.db.read(|conn| {
            let lists = call_lists::all(conn, outage)?
                .into_iter()
                .filter(|list| list.paper_for.is_some());
            let mut paper = Vec::new();
            for list in lists {
                let left = call_lists::households(conn, list.id, MOST)?.len();
                paper.push((list, left));
            }
            Ok(paper)
        })
    }

    /// A paper list with what is still on it.
    ///
    /// # Errors
    /// There is no such paper list.
    pub fn paper_list(&self, id: CallListId) -> Result<PaperList> {
        self.db.read(|conn| {
            let list = paper(conn, id)?;
            let book = Rulebook::open(conn, list.outage_id)?;
            let mut calls = Vec::new();
            for household in call_lists::households(conn, id, MOST)? {
                let people = desk::people(conn, &[household.id], book.outage.published_import_id)?;
                calls.push((household, people));
            }
            Ok(PaperList { list, book, calls })
        })
    }

    /// Records one line of a paper list as the caller's attempt at its time, and gives the household back to
    /// the caller's own list. A line that was entered before is passed over (none is answered).
    ///
    /// # Errors
    /// Not a supervisor, the time is in the future or long ago, or what happened cannot be used.
    pub fn enter_paper(&self, by: &User, id: CallListId, line: &OnPaper) -> Result<Option<AttemptId>> {
        by.must_be(Role::Supervisor)?;
        let now = self.now();
        if line.at > now || line.at < now.plus_hours(-HOURS) {
            return Err(Error::invalid("at", "The call was within the last 72 hours."));
        }
        self.db.write(|conn| {
            let list = paper(conn, id)?;
            let household = queue::lock(conn, line.household)?.ok_or(Error::NotFound("household"))?;
            if household.list_id != Some(id) {
                return Ok(None);
            }
            let book = Rulebook::open(conn, list.outage_id)?;
            let outcome = checked(&book, &household, &line.happened, now)?;
            let caller = list.paper_for.unwrap_or(by.id);
            let waiting = waiting(conn, &book, &list, &household)?;
            let (about, rest) = for_whom(outcome, waiting, line.happened.cases.as_deref())?;
            nobody_pays_again(outcome, &about)?;
            let ids: Vec<CaseId> = about.iter().map(|case| case.id).collect();
            let attempt = attempts::add(conn, &attempt(&household, caller, line), &ids)?;
            owe_money_back(conn, caller, (attempt, outcome), &about, now)?;
            households::set_called(conn, household.id, line.at)?;
            follow(
                conn,
                &book,
                outcome,
                line.happened.said(household.id, attempt),
                about,
                line.at,
            )?;
            // Another language has moved it already.
            if rest.is_empty() && !matches!(outcome.rule, Rule::Move) {
                let own = call_lists::of_owner(conn, list.outage_id, caller)?;
                households::set_list(conn, &[household.id], own)?;
            }
            Ok(Some(attempt))
        })
    }

    /// What is still on a paper list goes back to the caller's own list (or the pool), and the list is gone.
    ///
    /// # Errors
    /// Not a supervisor, or there is no such paper list.
    pub fn give_paper_back(&self, by: &User, id: CallListId) -> Result<usize> {
        by.must_be(Role::Supervisor)?;
        self.once("give_paper_back", |conn| {
            let list = paper(conn, id)?;
            let own = match list.paper_for {
                Some(caller) => call_lists::of_owner(conn, list.outage_id, caller)?,
                None => None,
            };
            let left = call_lists::households(conn, id, i64::MAX)?;
            let ids: Vec<HouseholdId> = left.iter().map(|household| household.id).collect();
            households::set_list(conn, &ids, own)?;
            call_lists::remove(conn, id)?;
            Ok(ids.len())
        })
    }
}

/// Those of a household on paper for whom nothing was entered yet: no attempt without a claim since the list was printed (the
/// hour before it too, since what is written on paper is written in minutes).
fn waiting(conn: &mut Conn, book: &Rulebook, list: &CallList, household: &Household) -> Result<Vec<Case>> {
    let members = cases::of_household(conn, household.id, book.outage.published_import_id)?;
    let ids: Vec<CaseId> = members.iter().map(|case| case.id).collect();
    let entered = attempts::of_cases(conn, &ids)?;
    let is_entered = |case: &Case| {
        entered.iter().any(|(id, attempt)| {
            *id == case.id
                && attempt.superseded_at.is_none()
                && attempt.claim_id.is_none()
                && attempt.at >= list.created_at.plus_hours(-1)
        })
    };
    let left: Vec<Case> = members.iter().filter(|case| !is_entered(case)).cloned().collect();
    Ok(if left.is_empty() { members } else { left })
}

/// What the desk would give a caller next: her list, then the pool. Promises and switchboards stay on the desk.
fn next_calls(
    conn: &mut Conn,
    book: &Rulebook,
    caller: &User,
    calls: i64,
    now: Timestamp,
) -> Result<Vec<HouseholdId>> {
    let asking = super::claim::asking(conn, &book.outage, caller, now)?;
    let mut ids: Vec<HouseholdId> = Vec::new();
    let pool = book.outage.pool_open.then_some(Group::Pool);
    for group in [Some(Group::MyLists), pool].into_iter().flatten() {
        for id in queue::candidates(conn, &asking, group, calls)?.ids {
            let small = households::find(conn, id)?.is_some_and(|found| !is_switchboard(found.citizens));
            if small && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.truncate(usize::try_from(calls).unwrap_or_default());
    Ok(ids)
}

fn paper(conn: &mut Conn, id: CallListId) -> Result<CallList> {
    let list = call_lists::find(conn, id)?.filter(|list| list.paper_for.is_some());
    list.ok_or(Error::NotFound("paper list"))
}

fn attempt(household: &Household, caller: UserId, line: &OnPaper) -> NewAttempt {
    let happened = &line.happened;
    let promised = happened.callback_at.is_some() && happened.callback_for == CallbackFor::Me;
    NewAttempt {
        outage_id: household.outage_id,
        household_id: household.id,
        claim_id: None,
        user_id: caller,
        phone: household.phone.clone(),
        outcome: happened.outcome.clone(),
        note: happened.note.trim().to_owned(),
        language: happened.language.clone(),
        callback_at: happened.callback_at,
        callback_owner_id: promised.then_some(caller),
        scope: happened.scope.map(|scope| scope.as_str().to_owned()),
        at: line.at,
        late: false,
        inbound: false,
        changed_by: None,
        changed_at: None,
    }
}
