//! What follows from a call: standing of the cases, promise, suppression, message, queue.

use super::rulebook::Rulebook;
use super::standing::{self, Known};
use super::{Result, other_language};
use crate::db::Conn;
use crate::domain::callback;
use crate::domain::ids::{AttemptId, CaseId, HouseholdId};
use crate::domain::outcome::{OthersWish, Outcome, Rule, Scope};
use crate::domain::progress::Progress;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::callbacks;
use crate::store::cases::{self, Case};
use crate::store::messages::{self, NewMessage};
use crate::store::suppressions::{self, Kind, Wish};
use std::collections::BTreeSet;

/// An attempt, as far as more follows from it than from its outcome.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub household: HouseholdId,
    pub attempt: AttemptId,
    /// The language asked for.
    pub language: Option<&'a str>,
    /// Whether *do not call* is the wish of the others at the number too.
    pub others: OthersWish,
}

/// Everything that follows from an attempt: standing of the cases, promise, suppression, message, queue.
pub(super) fn follow(
    conn: &mut Conn,
    book: &Rulebook,
    outcome: &Outcome,
    said: Said<'_>,
    about: Vec<Case>,
    now: Timestamp,
) -> Result<()> {
    let Said {
        household, attempt, ..
    } = said;
    if !matches!(outcome.rule, Rule::Requeue) {
        callbacks::keep(conn, household, attempt, now)?;
    }
    let mut touched = BTreeSet::from([household]);
    let mut promised = false;
    let suppresses = matches!(outcome.rule, Rule::Suppress { .. });
    let mut known = Known::new();
    if let (Rule::Move, Some(language)) = (&outcome.rule, said.language) {
        other_language::move_to(conn, book, household, language)?;
    }
    // What must not be contacted any more because of one is known when the next is folded.
    let ids: Vec<CaseId> = about.iter().map(|case| case.id).collect();
    let spared = spared(conn, book, (outcome, said), &ids)?;
    let spares: Vec<&str> = spared.iter().map(|case| case.identity_key.as_str()).collect();
    let batches = match suppresses {
        true => about.into_iter().map(|case| vec![case]).collect(),
        false => vec![about],
    };
    for cases in batches {
        for (case, progress) in standing::refold_these(conn, book, cases, &mut touched)? {
            promised = promise(conn, &case, &progress, (household, attempt), promised, now)?;
            suppress(conn, (&case, &spares), &progress, outcome, attempt, now)?;
            write(conn, &case, &progress, Some(attempt), now)?;
            known.insert(case.id, (case.household_id, progress));
        }
    }
    if suppresses {
        refold_mates(conn, book, (household, &ids), (Some(attempt), now), &mut touched)?;
        known.clear(); // what must not be called any more is one more fact
    }
    standing::refresh_knowing(conn, book, &touched, known, now)
}

/// Writes the promise down once for the household.
fn promise(
    conn: &mut Conn,
    case: &Case,
    progress: &Progress,
    (household, attempt): (HouseholdId, AttemptId),
    promised: bool,
    now: Timestamp,
) -> Result<bool> {
    let Some(promise) = progress
        .callback
        .filter(|promise| !promised && promise.made_at == now)
    else {
        return Ok(promised);
    };
    let terms = (promise.due_at, promise.owner);
    callbacks::withdraw_older(conn, household, attempt, now)?;
    if !callbacks::is_given_in(conn, attempt)? {
        callbacks::add(conn, (case.outage_id, household, attempt), terms, now)?;
    }
    Ok(true)
}

/// Those at the number whose wish it is not that nobody calls.
fn spared(
    conn: &mut Conn,
    book: &Rulebook,
    (outcome, said): (&Outcome, Said<'_>),
    about: &[CaseId],
) -> Result<Vec<Case>> {
    if !matches!(outcome.rule, Rule::Suppress { .. }) || said.others != OthersWish::No {
        return Ok(Vec::new());
    }
    let mut mates = cases::of_household(conn, said.household, book.outage.published_import_id)?;
    mates.retain(|mate| !about.contains(&mate.id));
    Ok(mates)
}

fn suppress(
    conn: &mut Conn,
    (case, spares): (&Case, &[&str]),
    progress: &Progress,
    outcome: &Outcome,
    attempt: AttemptId,
    now: Timestamp,
) -> Result<()> {
    let Some(scope) = progress
        .suppress
        .filter(|_| matches!(outcome.rule, Rule::Suppress { .. }))
    else {
        return Ok(());
    };
    let wish = Wish {
        person: Some(&case.identity_key),
        spares,
    };
    for phone in [&case.phone, &case.phone_2].into_iter().flatten() {
        suppressions::add_wished(conn, phone, (&outcome.key, wish), attempt, now)?;
    }
    if let (Scope::All, Some(email)) = (scope, &case.email) {
        let cause = (Some(attempt), None);
        suppressions::add(conn, (Kind::Email, email), &outcome.key, cause, now)?;
    }
    Ok(())
}

/// Others on a number that must not be called any more. Who can only be written to from here on is written to at once.
pub(super) fn refold_mates(
    conn: &mut Conn,
    book: &Rulebook,
    (household, about): (HouseholdId, &[CaseId]),
    (attempt, now): (Option<AttemptId>, Timestamp),
    touched: &mut BTreeSet<HouseholdId>,
) -> Result<()> {
    for mate in cases::of_household(conn, household, book.outage.published_import_id)? {
        if about.contains(&mate.id) {
            continue;
        }
        let folded = standing::refold(conn, book, mate.id, touched)?;
        if let Some((case, progress)) =
            folded.filter(|(_, after)| mate.stage != after.stage.as_str() && after.stage == Stage::Email)
        {
            write(conn, &case, &progress, attempt, now)?;
        }
    }
    Ok(())
}

/// Queues the e-mail that a case's latest fact asks for, if they may be written to.
pub(super) fn write(
    conn: &mut Conn,
    case: &Case,
    progress: &Progress,
    attempt: Option<AttemptId>,
    now: Timestamp,
) -> Result<()> {
    let (Some(template), Some(email)) = (&progress.send, &case.email) else {
        return Ok(());
    };
    let suppressed = suppressions::since(conn, Kind::Email, &[email])?.is_some();
    if !progress.may_email || suppressed {
        return Ok(());
    }
    let language = progress
        .language
        .as_deref()
        .or(case.language.as_deref())
        .unwrap_or("en");
    let message = NewMessage {
        outage: case.outage_id,
        case: case.id,
        template_key: template,
        language,
        to_address: email,
        attempt,
        campaign: None,
    };
    let reminds = progress
        .callback
        .filter(|_| template.as_str() == callback::REMINDER);
    let due_at = reminds.map_or(now, |promise| callback::reminded_at(promise.due_at, now));
    messages::add_for(conn, &message, due_at, now)?;
    Ok(())
}
