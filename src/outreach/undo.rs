//! Taking an outcome back, and changing one later. What the old one caused is withdrawn.

use super::accounts::User;
use super::claim::claim_this;
use super::follow_up::follow;
use super::for_whom::{for_whom, nobody_pays_again};
use super::record::{Happened, checked, owner};
use super::remedies::owe_money_back;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, crowded, other_language, standing};
use crate::db::Conn;
use crate::domain::about::About;
use crate::domain::ids::{AttemptId, CaseId, HouseholdId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::attempts::{self, Attempt, NewAttempt};
use crate::store::claims::Claim;
use crate::store::{callbacks, cases, households, messages, note_drafts, queue, remedies, suppressions};
use std::collections::BTreeSet;

/// Undo works for so long; after that the outcome is changed under Recent.
pub const UNDO_MINUTES: i64 = 5;

/// What came of an undo.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Undone {
    /// The household is in the caller's hands again, unless a colleague has it now.
    pub claim: Option<Claim>,
    /// A message went out before it could be withdrawn.
    pub message_was_sent: bool,
    /// They had rung us: the call in hand is theirs.
    #[serde(default)]
    pub inbound: bool,
}

impl Office {
    /// Takes a caller's own outcome back within five minutes and puts the household into her hands again.
    ///
    /// # Errors
    /// It is another's, was changed by another, is too old, or was taken back before.
    pub fn undo(&self, caller: &User, id: AttemptId) -> Result<Undone> {
        let now = self.now();
        self.once("undo", |conn| {
            let attempt = attempts::find(conn, id)?.filter(|attempt| attempt.user_id == caller.id);
            let attempt = attempt.ok_or(Error::NotFound("attempt"))?;
            if attempt.changed_by.is_some_and(|editor| editor != caller.id) {
                return Err(Error::Conflict(
                    "Somebody else changed this outcome. Change it under Recent.".into(),
                ));
            }
            if now > attempt.at.plus_minutes(UNDO_MINUTES) {
                return Err(Error::Conflict(
                    "Five minutes have passed. Change this outcome under Recent.".into(),
                ));
            }
            queue::lock(conn, attempt.household_id)?;
            let message_was_sent = supersede(conn, caller, &attempt, (None, true), now)?;
            let book = Rulebook::open(conn, attempt.outage_id)?;
            households::count_calls_again(conn, attempt.household_id)?;
            let about = attempts::cases_of(conn, id)?;
            refold_all(conn, &book, attempt.household_id, &about, now)?;
            match claim_this(conn, caller, attempt.household_id, now) {
                Err(Error::Conflict(_)) => Ok(Undone {
                    claim: None,
                    message_was_sent,
                    inbound: attempt.inbound,
                }),
                claim => {
                    let claim = claim?;
                    keep_note(conn, &claim, &attempt.note, now)?;
                    Ok(Undone {
                        claim: Some(claim),
                        message_was_sent,
                        inbound: attempt.inbound,
                    })
                }
            }
        })
    }

    /// Replaces an outcome: the caller's own, or anybody's for a supervisor. The new one counts at the old one's time and
    /// for whoever called; it stands under the editor's name and at the time of the change.
    ///
    /// # Errors
    /// It may not be changed by this person, was replaced before, or what is entered cannot be used; what is said of a person
    /// needs their case where the old outcome was for several.
    pub fn change(&self, editor: &User, id: AttemptId, happened: &Happened) -> Result<AttemptId> {
        let now = self.now();
        self.once("change", |conn| {
            let old = attempts::find(conn, id)?.ok_or(Error::NotFound("attempt"))?;
            if old.user_id != editor.id {
                editor.must_be(Role::Supervisor)?;
            }
            let household = queue::lock(conn, old.household_id)?.ok_or(Error::NotFound("household"))?;
            let book = Rulebook::open(conn, old.outage_id)?;
            let outcome = checked(&book, &household, happened, now)?;
            let were = attempts::cases_of(conn, id)?;
            let (about, rest) = meant(conn, outcome, &were, happened)?;
            nobody_pays_again(outcome, &cases::with_ids(conn, &about)?)?;
            let new = attempts::add(conn, &replacement(&old, happened, (editor.id, now)), &about)?;
            if !rest.is_empty() {
                keep_for(conn, &old, &rest)?;
            }
            if old.outcome == happened.outcome {
                remedies::hand_over(conn, (old.id, new), &about)?; // what was promised in it was promised
            }
            supersede(conn, editor, &old, (Some(new), rest.is_empty()), now)?;
            refold_all(conn, &book, old.household_id, &were, now)?;
            let about = cases::with_ids(conn, &about)?;
            owe_money_back(conn, old.user_id, (new, outcome), &about, now)?;
            follow(
                conn,
                &book,
                outcome,
                happened.said(old.household_id, new),
                about,
                old.at,
            )?;
            Ok(new)
        })
    }
}

/// What was noted goes with whatever is recorded instead.
fn keep_note(conn: &mut Conn, claim: &Claim, note: &str, now: Timestamp) -> Result<()> {
    if !note.is_empty() {
        let done = attempts::cases_done_by_claim(conn, claim)?.len();
        note_drafts::keep(conn, claim.id, (note, done), now).map_err(crowded)?;
    }
    Ok(())
}

/// For whom the new outcome is of those whom the old one was for, and who keeps the old one.
fn meant(
    conn: &mut Conn,
    outcome: &Outcome,
    were: &[CaseId],
    happened: &Happened,
) -> Result<(Vec<CaseId>, Vec<CaseId>)> {
    if were.len() > 1 && happened.cases.is_none() && outcome.rule.about() != About::Number {
        return Err(Error::ForWhom);
    }
    let Some(named) = happened.cases.as_deref() else {
        return Ok((were.to_vec(), Vec::new()));
    };
    let (about, _) = for_whom(outcome, cases::with_ids(conn, were)?, Some(named))?;
    let about: Vec<CaseId> = about.iter().map(|case| case.id).collect();
    let rest = were.iter().copied().filter(|id| !about.contains(id)).collect();
    Ok((about, rest))
}

/// Those whom a change does not mean keep the old outcome, with all that it caused for them.
fn keep_for(conn: &mut Conn, old: &Attempt, rest: &[CaseId]) -> Result<AttemptId> {
    let kept = attempts::add(conn, &again(old), rest)?;
    callbacks::hand_over(conn, old.id, kept)?;
    messages::hand_over(conn, (old.id, kept), rest)?;
    let people = cases::with_ids(conn, rest)?;
    let people: Vec<&str> = people.iter().map(|case| case.identity_key.as_str()).collect();
    suppressions::hand_over(conn, (old.id, kept), &people)?;
    remedies::hand_over(conn, (old.id, kept), rest)?;
    Ok(kept)
}

/// An attempt as it stands.
fn again(old: &Attempt) -> NewAttempt {
    NewAttempt {
        outage_id: old.outage_id,
        household_id: old.household_id,
        claim_id: old.claim_id,
        user_id: old.user_id,
        phone: old.phone.clone(),
        outcome: old.outcome.clone(),
        note: old.note.clone(),
        language: old.language.clone(),
        callback_at: old.callback_at,
        callback_owner_id: old.callback_owner_id,
        scope: old.scope.clone(),
        at: old.at,
        late: old.late,
        inbound: old.inbound,
        changed_by: old.changed_by,
        changed_at: old.changed_at,
    }
}

fn replacement(old: &Attempt, happened: &Happened, (editor, now): (UserId, Timestamp)) -> NewAttempt {
    NewAttempt {
        outcome: happened.outcome.clone(),
        note: happened.note.trim().to_owned(),
        language: happened.language.clone(),
        callback_at: happened.callback_at,
        callback_owner_id: owner(old.user_id, happened),
        scope: happened.scope.map(|scope| scope.as_str().to_owned()),
        changed_by: Some(editor),
        changed_at: Some(now),
        ..again(old)
    }
}

/// Withdraws what an attempt caused; answers whether a message had gone out already. The household stays
/// with who speaks its language unless the `whole` attempt is changed.
fn supersede(
    conn: &mut Conn,
    editor: &User,
    old: &Attempt,
    (by, whole): (Option<AttemptId>, bool),
    now: Timestamp,
) -> Result<bool> {
    if attempts::supersede(conn, old.id, (by, editor.id), now)? == 0 {
        return Err(Error::Conflict(
            "This outcome was taken back or changed before.".into(),
        ));
    }
    if old.language.is_some() && whole {
        let book = Rulebook::open(conn, old.outage_id)?;
        other_language::move_back(conn, &book, old.household_id, old.user_id)?;
    }
    callbacks::unwind(conn, (old.id, by), now)?;
    suppressions::lift_of_attempt(conn, old.id, editor.id, now)?;
    remedies::withdraw_of_attempt(conn, old.id, editor.id, now)?;
    messages::withdraw_of_attempt(conn, old.id)?;
    Ok(messages::was_sent_for_attempt(conn, old.id)?)
}

/// Folds the cases again, and everybody else on the number: a lifted suppression frees them too.
fn refold_all(
    conn: &mut Conn,
    book: &Rulebook,
    household: HouseholdId,
    about: &[CaseId],
    now: Timestamp,
) -> Result<()> {
    let mates = cases::of_household(conn, household, book.outage.published_import_id)?;
    let ids: BTreeSet<CaseId> = mates
        .iter()
        .map(|case| case.id)
        .chain(about.iter().copied())
        .collect();
    let mut touched = BTreeSet::from([household]);
    for id in ids {
        standing::refold(conn, book, id, &mut touched)?;
    }
    standing::refresh(conn, book, &touched, now)
}
