//! Recording what happened in a call: attempt, case, callback, message and the answer to a repeated
//! request, in one transaction.

use super::accounts::User;
use super::follow_up::{Said, follow};
use super::for_whom::{for_whom, nobody_pays_again, still_open};
use super::lease::own;
use super::remedies;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, crowded, note, token};
use crate::db::Conn;
use crate::domain::ids::{AttemptId, CaseId, ClaimId, HouseholdId, UserId};
use crate::domain::outcome::{Ask, OthersWish, Outcome, Rule, Scope};
use crate::domain::remedy::Remedy;
use crate::domain::timestamp::Timestamp;
use crate::store::attempts::{self, NewAttempt};
use crate::store::cases::{self, Case};
use crate::store::claims::{self, Claim};
use crate::store::households::Household;
use crate::store::idempotency_keys;
use crate::store::{households, queue};
use serde::{Deserialize, Serialize};

/// Who keeps a callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFor {
    /// The caller who promised it.
    Me,
    /// The first who is free.
    #[default]
    Anyone,
}

/// What a caller says happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Happened {
    /// Key of the outcome.
    pub outcome: String,
    /// Free text; card and social security numbers are refused.
    pub note: String,
    /// The time promised, or a good time to call.
    pub callback_at: Option<Timestamp>,
    /// Who keeps it.
    pub callback_for: CallbackFor,
    /// The language asked for, such as `es`.
    pub language: Option<String>,
    /// How far *do not call* goes.
    pub scope: Option<Scope>,
    /// Whether *do not call* is also the wish of those at the number who are not named; absent: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<OthersWish>,
    /// The cases it is about; none: all of the household. What is said of a person needs them where several are open.
    pub cases: Option<Vec<CaseId>>,
    /// The citizen rang us.
    pub inbound: bool,
    /// What a specialist promises that the agency makes good.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<Remedy>,
}

impl Happened {
    pub(super) fn said(&self, household: HouseholdId, attempt: AttemptId) -> Said<'_> {
        Said {
            household,
            attempt,
            language: self.language.as_deref(),
            others: self.others.unwrap_or(OthersWish::NotKnown),
        }
    }
}

/// What was recorded; kept as the answer to the same request sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The attempt.
    pub attempt: AttemptId,
    /// The lease had lapsed and a colleague had taken the household: kept and flagged.
    pub late: bool,
    /// The claim, if it stays open for the other cases of the household.
    pub claim: Option<ClaimId>,
    /// Those other cases.
    #[serde(default)]
    pub rest: Vec<CaseId>,
    /// Those among several named whose case was closed meanwhile: nothing is recorded for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<CaseId>,
}

impl Office {
    /// Records what happened in the call of a claim. The same `key` again gets the first answer.
    ///
    /// # Errors
    /// The outcome, the time or the note cannot be used; the call is recorded already; the key was
    /// used for another request.
    pub fn record(&self, caller: &User, claim: ClaimId, key: &str, happened: &Happened) -> Result<Recorded> {
        if key.is_empty() || key.len() > 200 {
            return Err(Error::invalid(
                "idempotency_key",
                "Send an Idempotency-Key of 1 to 200 characters.",
            ));
        }
        let hash = request_hash(claim, happened)?;
        let now = self.now();
        let write = || {
            self.db.write(|conn| {
                let household = queue::lock_claimed(conn, claim)?.ok_or(Error::NotFound("claim"))?;
                let claim = own(conn, claim, caller)?;
                // Only now: the same request may have been answered while this one waited for the lock.
                if let Some(first) = idempotency_keys::find(conn, caller.id, key)? {
                    return first_answer(&first, &hash);
                }
                let recorded = record_in(conn, caller, (&claim, &household), happened, now)?;
                let answer = serde_json::to_string(&recorded).map_err(Error::internal)?;
                idempotency_keys::add(conn, caller.id, key, (&hash, &answer), now).map_err(crowded)?;
                Ok(recorded)
            })
        };
        self.look_again(write)
    }
}

fn request_hash(claim: ClaimId, happened: &Happened) -> Result<String> {
    let body = serde_json::to_string(happened).map_err(Error::internal)?;
    Ok(token::hash(&format!("{claim} {body}")))
}

fn first_answer(first: &idempotency_keys::Answer, hash: &str) -> Result<Recorded> {
    if first.request_hash != hash {
        let told = "This Idempotency-Key was used for another request. Use a new key for each outcome.";
        return Err(Error::invalid("idempotency_key", told));
    }
    serde_json::from_str(&first.response).map_err(Error::internal)
}

fn record_in(
    conn: &mut Conn,
    caller: &User,
    (claim, household): (&Claim, &Household),
    happened: &Happened,
    now: Timestamp,
) -> Result<Recorded> {
    let book = Rulebook::open(conn, claim.outage_id)?;
    let late = !claim.is_live(now) && claims::was_taken_over(conn, claim)?;
    let outcome = checked(&book, household, happened, now)?;
    let Chosen { about, rest, skipped } = chosen(conn, &book, claim, (outcome, happened))?;
    nobody_pays_again(outcome, &about)?;
    let ids: Vec<CaseId> = about.iter().map(|case| case.id).collect();
    let attempt = attempts::add(
        conn,
        &new_attempt(caller, claim, household, happened, late, now),
        &ids,
    )?;
    remedies::promise(conn, caller, (attempt, &ids), &happened.remedies, now)?;
    remedies::owe_money_back(conn, caller.id, (attempt, outcome), &about, now)?;
    households::set_called(conn, household.id, now)?;
    follow(
        conn,
        &book,
        outcome,
        happened.said(household.id, attempt),
        about,
        now,
    )?;
    if rest.is_empty() {
        claims::release(conn, claim.id, now)?;
    }
    let held = !rest.is_empty() && claim.is_live(now);
    Ok(Recorded {
        attempt,
        late,
        claim: held.then_some(claim.id),
        rest: if held { rest } else { Vec::new() },
        skipped,
    })
}

fn new_attempt(
    caller: &User,
    claim: &Claim,
    household: &Household,
    happened: &Happened,
    late: bool,
    now: Timestamp,
) -> NewAttempt {
    NewAttempt {
        outage_id: claim.outage_id,
        household_id: household.id,
        claim_id: Some(claim.id),
        user_id: caller.id,
        phone: household.phone.clone(),
        outcome: happened.outcome.clone(),
        note: happened.note.trim().to_owned(),
        language: happened.language.clone(),
        callback_at: happened.callback_at,
        callback_owner_id: owner(caller.id, happened),
        scope: happened.scope.map(|scope| scope.as_str().to_owned()),
        at: now,
        late,
        inbound: happened.inbound,
        changed_by: None,
        changed_at: None,
    }
}

pub(super) fn owner(caller: UserId, happened: &Happened) -> Option<UserId> {
    (happened.callback_at.is_some() && happened.callback_for == CallbackFor::Me).then_some(caller)
}

/// Whom an outcome is for.
struct Chosen {
    /// The cases it is about.
    about: Vec<Case>,
    /// Those of the household that still wait for one from this claim.
    rest: Vec<CaseId>,
    /// Those who were named and are closed by now.
    skipped: Vec<CaseId>,
}

fn chosen(
    conn: &mut Conn,
    book: &Rulebook,
    claim: &Claim,
    (outcome, happened): (&Outcome, &Happened),
) -> Result<Chosen> {
    let members = cases::of_household(conn, claim.household_id, book.outage.published_import_id)?;
    let done = attempts::cases_done_by_claim(conn, claim)?;
    let (done, waiting): (Vec<Case>, Vec<Case>) =
        members.into_iter().partition(|case| done.contains(&case.id));
    let named = happened.cases.as_deref();
    let is_done = |id: &CaseId| done.iter().any(|case| case.id == *id);
    if waiting.is_empty() {
        let told = "This call is recorded already. Change it under Recent.";
        return Err(Error::Conflict(told.into()));
    }
    if named.is_some_and(|named| named.iter().any(is_done)) {
        let told = "This call is recorded already for that person. Change it under Recent.";
        return Err(Error::Conflict(told.into()));
    }
    let (named, skipped) = match named.map(|named| still_open(outcome, &waiting, named)) {
        Some((named, skipped)) => (Some(named), skipped),
        None => (None, Vec::new()),
    };
    let (about, rest) = for_whom(outcome, waiting, named.as_deref())?;
    Ok(Chosen { about, rest, skipped })
}

/// The outcome, if it and what it asks for can be used.
pub(super) fn checked<'a>(
    book: &'a Rulebook,
    household: &Household,
    happened: &Happened,
    now: Timestamp,
) -> Result<&'a Outcome> {
    let known = book
        .outcomes
        .get(&happened.outcome)
        .filter(|outcome| !outcome.retired);
    let outcome = known.ok_or_else(|| {
        let keys: Vec<&str> = book
            .outcomes
            .offered()
            .map(|outcome| outcome.key.as_str())
            .collect();
        Error::invalid("outcome", format!("Choose what happened: {}.", keys.join(", ")))
    })?;
    note::allowed(&happened.note)?;
    if outcome.rule.asks() == Ask::When && happened.callback_at.is_none() {
        return Err(Error::invalid("callback_at", "Choose when to call back."));
    }
    if matches!(outcome.rule, Rule::Move) && happened.language.as_deref().is_none_or(str::is_empty) {
        return Err(Error::invalid("language", "Choose the language they speak."));
    }
    if let Some(at) = happened.callback_at {
        let zones = Rulebook::zones(&household.time_zone);
        crate::domain::callback::check(at, now, &zones, &book.hours)
            .map_err(|problem| Error::invalid("callback_at", sentence(&problem.to_string())))?;
    }
    Ok(outcome)
}

/// A rule's words as a sentence of their own.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
