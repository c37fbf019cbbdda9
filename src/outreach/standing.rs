//! Where cases and households stand, kept true: every verb that adds or takes away a fact comes through here.

use super::Result;
use super::rulebook::Rulebook;
use crate::db::Conn;
use crate::domain::chance::Line;
use crate::domain::facts::{self, Facts};
use crate::domain::ids::{CaseId, HouseholdId};
use crate::domain::message::MessageState;
use crate::domain::outcome::Scope;
use crate::domain::progress::{Progress, fold};
use crate::domain::queue;
use crate::domain::reply::Reply;
use crate::domain::score::{self, Pressing, Weights};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::store::answers::{self, Answer};
use crate::store::cases::{Case, Standing};
use crate::store::households::{Entry, Household};
use crate::store::suppressions::{self, Kind};
use crate::store::{attempts, callbacks, cases, decisions, households, letters, messages, payments, skips};
use std::collections::BTreeSet;

/// After so many skips a supervisor sees the household.
const SKIPS_FOR_SUPERVISOR: i32 = 5;

/// Everything known about a case, as the rules want it.
pub(super) fn facts(conn: &mut Conn, case: &Case) -> Result<Facts> {
    let answer = answers::standing(conn, case.id)?;
    let asked = answer.as_ref().and_then(|answer| answer.phone.as_ref());
    let known = [asked, case.phone.as_ref(), case.phone_2.as_ref()];
    let mut phones: Vec<String> = known.into_iter().flatten().cloned().collect();
    phones.dedup();
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    let no_calls = suppressions::since(conn, Kind::Phone, &numbers)?;
    let email: Vec<&str> = case.email.as_deref().into_iter().collect();
    let no_email = suppressions::since(conn, Kind::Email, &email)?;
    let sent = messages::of_case(conn, case.id)?;
    let bounced = sent.iter().any(|message| {
        message.state == MessageState::Bounced.as_str() && Some(&message.to_address) == case.email.as_ref()
    });
    let attempts = attempts::of_case(conn, case.id)?;
    // Every record moved to another case with a later import: whatever happened here, nobody is left to call.
    let last = attempts.last().map_or(case.opened_at, |attempt| attempt.at);
    let paid = payments::known_since(conn, case.outage_id, &case.identity_key)?;
    let not_affected_at = (case.transactions == 0).then(|| last.max(case.opened_at));
    Ok(Facts {
        not_affected_at,
        paid_at: paid.map(|at| at.max(case.opened_at)),
        phones,
        has_email: case.email.is_some() && no_email.is_none() && !bounced,
        zones: Rulebook::zones(&case.time_zone),
        line: Line::of_tax(case.tax_type.as_deref()),
        opened_at: case.opened_at,
        attempts: attempts
            .into_iter()
            .filter(|attempt| attempt.superseded_at.is_none())
            .map(fact)
            .collect(),
        suppressed: no_calls.map(|at| (at, Scope::Calls)),
        passed_on_at: match case.household_id {
            Some(household) => skips::last_of_many(conn, household, SKIPS_FOR_SUPERVISOR)?,
            None => None,
        },
        decisions: decisions(conn, case.id)?,
        letter_sent_at: letters::of_case(conn, case.id)?
            .into_iter()
            .filter(|(letter, _)| letter.withdrawn_at.is_none())
            .map(|(letter, _)| letter.sent_at)
            .next(),
        emails_sent: sent.iter().filter_map(|message| message.sent_at).collect(),
        answer: answer.and_then(answered),
    })
}

/// A word that this version does not know answers nothing.
fn answered(answer: Answer) -> Option<facts::Answer> {
    let reply: Reply = answer.choice.parse().ok()?;
    Some(facts::Answer {
        at: answer.at,
        choice: reply.choice(answer.call_at)?,
        language: Some(answer.language),
    })
}

/// The decisions that stand. A word that this version does not know decides nothing.
fn decisions(conn: &mut Conn, case: CaseId) -> Result<Vec<facts::Decision>> {
    let all = decisions::of_case(conn, case)?.into_iter();
    let standing = all.filter(|(decision, _)| decision.withdrawn_at.is_none());
    Ok(standing
        .filter_map(|(decision, _)| {
            let verdict = decision.verdict.parse().ok()?;
            Some(facts::Decision {
                at: decision.at,
                verdict,
            })
        })
        .collect())
}

fn fact(attempt: attempts::Attempt) -> facts::Attempt {
    facts::Attempt {
        at: attempt.at,
        outcome: attempt.outcome,
        phone: (!attempt.inbound).then_some(attempt.phone),
        inbound: attempt.inbound,
        callback_at: attempt.callback_at,
        callback_for: attempt.callback_owner_id,
        language: attempt.language,
        scope: attempt.scope.and_then(|scope| scope.parse().ok()),
    }
}

/// Folds a case's facts again and stores where it stands now. A number that turned out dead moves the
/// case to the household of its next number; the households it left and joined are added to `touched`.
pub(super) fn refold(
    conn: &mut Conn,
    book: &Rulebook,
    id: CaseId,
    touched: &mut BTreeSet<HouseholdId>,
) -> Result<Option<(Case, Progress)>> {
    let Some(case) = cases::find(conn, id)? else {
        return Ok(None);
    };
    let facts = facts(conn, &case)?;
    let progress = fold(&facts, &book.outcomes, &book.hours);
    let household_id = match &progress.phone {
        Some(phone) => Some(household_of(conn, &case, phone)?),
        None => case.household_id,
    };
    touched.extend(case.household_id);
    touched.extend(household_id);
    if progress.stage == Stage::Closed {
        let paid = progress.resolution == Some(Resolution::Paid);
        messages::withdraw_of_case(conn, id, paid)?;
    } else {
        messages::queue_again(conn, id)?;
    }
    let standing = Standing {
        household_id,
        stage: progress.stage.as_str().to_owned(),
        due_at: progress.due_at,
        resolution: progress
            .resolution
            .map(|resolution| resolution.as_str().to_owned()),
        resolved_at: progress.resolved_at,
        tries: i32::try_from(progress.half_tries).unwrap_or(i32::MAX),
    };
    cases::set_standing(conn, id, &standing)?;
    Ok(Some((case, progress)))
}

fn household_of(conn: &mut Conn, case: &Case, phone: &str) -> Result<HouseholdId> {
    if let Some(household) = households::with_phone(conn, case.outage_id, phone)? {
        return Ok(household.id);
    }
    Ok(households::add(conn, case.outage_id, case.import_id, phone)?)
}

/// Folds cases again because a payment was found, or is taken back: then promises count again.
pub(super) fn fold_again(conn: &mut Conn, book: &Rulebook, ids: &[CaseId], now: Timestamp) -> Result<()> {
    let (mut touched, mut promised) = (BTreeSet::new(), Vec::new());
    for id in ids {
        if let Some((case, progress)) = refold(conn, book, *id, &mut touched)? {
            promised.extend(case.household_id.zip(progress.callback));
        }
    }
    refresh(conn, book, &touched, now)?;
    for (household, promise) in promised {
        callbacks::reopen(conn, household, promise.due_at)?;
    }
    Ok(())
}

/// Stores what each household waits for, after its cases changed.
pub(super) fn refresh(
    conn: &mut Conn,
    book: &Rulebook,
    touched: &BTreeSet<HouseholdId>,
    now: Timestamp,
) -> Result<()> {
    for id in touched {
        if let Some(household) = households::find(conn, *id)? {
            refresh_one(conn, book, &household, now)?;
        }
    }
    Ok(())
}

fn refresh_one(conn: &mut Conn, book: &Rulebook, household: &Household, now: Timestamp) -> Result<()> {
    let published = book.outage.published_import_id.max(household.import_id);
    let members = cases::of_household(conn, household.id, published)?;
    let mut folded = Vec::with_capacity(members.len());
    for case in &members {
        let facts = facts(conn, case)?;
        folded.push(fold(&facts, &book.outcomes, &book.hours));
    }
    let entry = entry(book, &members, &folded);
    if folded.iter().all(|progress| progress.callback.is_none()) {
        callbacks::withdraw(conn, household.id, now)?;
    }
    if !entry.time_zone.is_empty() || entry.citizens > 0 {
        households::add_zones(conn, household.outage_id, &entry.time_zone)?;
    }
    households::set_entry(conn, household.id, &entry)?;
    Ok(())
}

/// What a household waits for, by what its cases wait for.
pub(super) fn entry(book: &Rulebook, members: &[Case], folded: &[Progress]) -> Entry {
    let first = queue::household(folded);
    let open: Vec<&Case> = members
        .iter()
        .zip(folded)
        .filter(|(_, progress)| progress.stage.is_open())
        .map(|(case, _)| case)
        .collect();
    let spoken = open.iter().find_map(|case| case.language.clone());
    Entry {
        time_zone: zones_of(members),
        language: first.language.or(spoken).filter(|language| language != "en"),
        stage: first.stage.as_str().to_owned(),
        due_at: first.due_at,
        score: open
            .iter()
            .map(|case| score(book, case))
            .max()
            .unwrap_or_default(),
        tries: folded
            .iter()
            .map(|case| i32::try_from(case.half_tries).unwrap_or(i32::MAX))
            .max()
            .unwrap_or(0),
        citizens: i32::try_from(open.len()).unwrap_or(i32::MAX),
        callback_owner_id: first.owner,
    }
}

/// All zones that the members may be in: calls obey the strictest.
fn zones_of(members: &[Case]) -> String {
    let all = members.iter().map(|case| Rulebook::zones(&case.time_zone));
    all.reduce(|zones, more| zones.and(more))
        .unwrap_or_default()
        .to_string()
}

/// How pressing a case is, in points of `domain::score`. All scores of an outage look from its end, so
/// that those stored at different hours compare.
pub(super) fn score(book: &Rulebook, case: &Case) -> i64 {
    let end = book.outage.ends_at;
    score::score(&pressing(book, case, end), &Weights::default(), end)
}

/// What the score of a case looks at.
pub(super) fn pressing(book: &Rulebook, case: &Case, now: Timestamp) -> Pressing {
    let zones = Rulebook::zones(&case.time_zone);
    Pressing {
        days_to_deadline: book.days_to(case.filing_deadline.as_deref(), &zones, now),
        amount_cents: case.amount_cents,
        charged: case
            .charged
            .parse()
            .unwrap_or(crate::domain::charged::Charged::Unknown),
        failed_attempts: u32::try_from(case.transactions).unwrap_or_default(),
        failed_at: case.first_failed_at,
        half_tries: u32::try_from(case.tries).unwrap_or_default(),
    }
}
