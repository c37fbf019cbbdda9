//! Where cases and households stand, kept true: every verb that adds or takes away a fact comes through here.

use super::rulebook::Rulebook;
use super::{Result, case_facts};
use crate::db::Conn;
use crate::domain::ids::{CaseId, HouseholdId};
use crate::domain::outcome::Rule;
use crate::domain::progress::{Progress, fold};
use crate::domain::queue;
use crate::domain::score::{self, Pressing};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::store::attempts::{self, Ring};
use crate::store::cases::{Case, Standing};
use crate::store::households::{Entry, Household};
use crate::store::{bulk, callbacks, cases, households, lanes, messages};
use std::collections::{BTreeSet, HashMap};

/// Folds a case's facts again and stores where it stands now. A number that turned out dead moves the
/// case to the household of its next number; the households it left and joined are added to `touched`.
pub(super) fn refold(
    conn: &mut Conn,
    book: &Rulebook,
    id: CaseId,
    touched: &mut BTreeSet<HouseholdId>,
) -> Result<Option<(Case, Progress)>> {
    Ok(refold_all(conn, book, &[id], touched)?.pop())
}

/// As [`refold`], of many cases of an outage.
fn refold_all(
    conn: &mut Conn,
    book: &Rulebook,
    ids: &[CaseId],
    touched: &mut BTreeSet<HouseholdId>,
) -> Result<Vec<(Case, Progress)>> {
    let cases = cases::with_ids(conn, ids)?;
    refold_these(conn, book, cases, touched)
}

/// As [`refold`], of cases of an outage as they are stored.
pub(super) fn refold_these(
    conn: &mut Conn,
    book: &Rulebook,
    cases: Vec<Case>,
    touched: &mut BTreeSet<HouseholdId>,
) -> Result<Vec<(Case, Progress)>> {
    let folded = folded(conn, book, &cases)?;
    let mut homes = homes(conn, book, &folded)?;
    let mut news = Vec::new();
    for (case, progress) in cases.iter().zip(&folded) {
        let household_id = match &progress.phone {
            Some(phone) => Some(household_of(conn, case, phone, &mut homes)?),
            None => case.household_id,
        };
        touched.extend(case.household_id);
        touched.extend(household_id);
        news.extend(news_of(case, progress, household_id));
    }
    bulk::set_standings(conn, &news)?;
    let folded: Vec<(Case, Progress)> = cases.into_iter().zip(folded).collect();
    settle_messages(conn, &folded)?;
    Ok(folded)
}

/// Where these cases stand by all that is known of them; nothing is written.
pub(super) fn folded(conn: &mut Conn, book: &Rulebook, cases: &[Case]) -> Result<Vec<Progress>> {
    let facts = case_facts::of(conn, cases)?;
    let fold = |facts| fold(&facts, &book.outcomes, &book.hours);
    Ok(facts.into_iter().map(fold).collect())
}

/// The households of the numbers to call next.
fn homes(conn: &mut Conn, book: &Rulebook, folded: &[Progress]) -> Result<HashMap<String, HouseholdId>> {
    let phones: Vec<&str> = folded.iter().filter_map(|case| case.phone.as_deref()).collect();
    Ok(households::of_phones(conn, book.outage.id, &phones)?
        .into_iter()
        .collect())
}

fn household_of(
    conn: &mut Conn,
    case: &Case,
    phone: &str,
    homes: &mut HashMap<String, HouseholdId>,
) -> Result<HouseholdId> {
    if let Some(household) = homes.get(phone) {
        return Ok(*household);
    }
    let household = households::add(conn, case.outage_id, case.import_id, phone)?;
    homes.insert(phone.to_owned(), household);
    Ok(household)
}

/// Where a case stands, if that is news.
fn news_of(
    case: &Case,
    progress: &Progress,
    household_id: Option<HouseholdId>,
) -> Option<(CaseId, Standing)> {
    let before = Standing {
        household_id: case.household_id,
        stage: case.stage.clone(),
        due_at: case.due_at,
        resolution: case.resolution.clone(),
        resolved_at: case.resolved_at,
        tries: case.tries,
    };
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
    (standing != before).then_some((case.id, standing))
}

/// Nobody writes to those who are closed; messages that a payment had withdrawn go out when it is taken back.
fn settle_messages(conn: &mut Conn, folded: &[(Case, Progress)]) -> Result<()> {
    let those = |wanted: &dyn Fn(&Case, &Progress) -> bool| -> Vec<CaseId> {
        let found = folded.iter().filter(|(case, progress)| wanted(case, progress));
        found.map(|(case, _)| case.id).collect()
    };
    let is_closed = |progress: &Progress| progress.stage == Stage::Closed;
    let has_paid = |progress: &Progress| progress.resolution == Some(Resolution::Paid);
    let paid = those(&|_, progress| is_closed(progress) && has_paid(progress));
    messages::withdraw_of_cases(conn, &paid, true)?;
    let otherwise = those(&|_, progress| is_closed(progress) && !has_paid(progress));
    messages::withdraw_of_cases(conn, &otherwise, false)?;
    let was_closed = |case: &Case| case.stage == Stage::Closed.as_str();
    let open_again = those(&|case, progress| was_closed(case) && !is_closed(progress));
    messages::queue_again(conn, &open_again)?;
    Ok(())
}

/// Folds cases again because a payment was found, or is taken back: then promises count again.
pub(super) fn fold_again(conn: &mut Conn, book: &Rulebook, ids: &[CaseId], now: Timestamp) -> Result<()> {
    let mut touched = BTreeSet::new();
    refold_all(conn, book, ids, &mut touched)?;
    refresh(conn, book, &touched, now)
}

/// Folds cases again because an e-mail to them went out, or did not. Households are looked at only where a case
/// moved on by that: who can be called is called all the same.
pub(super) fn fold_written(conn: &mut Conn, book: &Rulebook, ids: &[CaseId], now: Timestamp) -> Result<()> {
    let mut all = BTreeSet::new();
    let folded = refold_all(conn, book, ids, &mut all)?;
    let moved = folded.iter().filter(|(case, progress)| {
        (case.stage.as_str(), case.due_at) != (progress.stage.as_str(), progress.due_at)
    });
    let touched: BTreeSet<HouseholdId> = moved.filter_map(|(case, _)| case.household_id).collect();
    refresh(conn, book, &touched, now)
}

/// Progress that was folded a moment ago, and in which household the case was then.
pub(super) type Known = HashMap<CaseId, (Option<HouseholdId>, Progress)>;

/// Stores what each household waits for, after its cases changed.
pub(super) fn refresh(
    conn: &mut Conn,
    book: &Rulebook,
    touched: &BTreeSet<HouseholdId>,
    now: Timestamp,
) -> Result<()> {
    refresh_knowing(conn, book, touched, Known::new(), now)
}

/// As [`refresh`]; cases whose progress is `known` are not folded again, unless they moved.
pub(super) fn refresh_knowing(
    conn: &mut Conn,
    book: &Rulebook,
    touched: &BTreeSet<HouseholdId>,
    mut known: Known,
    now: Timestamp,
) -> Result<()> {
    let ids: Vec<HouseholdId> = touched.iter().copied().collect();
    let homes = households::with_ids(conn, &ids)?;
    let members = cases::of_households(conn, &ids)?;
    let now_in: HashMap<CaseId, Option<HouseholdId>> =
        members.iter().map(|case| (case.id, case.household_id)).collect();
    known.retain(|id, (home, _)| now_in.get(id) == Some(&*home));
    let others: Vec<Case> = members
        .iter()
        .filter(|case| !known.contains_key(&case.id))
        .cloned()
        .collect();
    let folded = folded(conn, book, &others)?;
    let folded = others.iter().zip(folded);
    known.extend(folded.map(|(case, progress)| (case.id, (case.household_id, progress))));
    let rings = attempts::rings(conn, &ids, now.plus_minutes(-queue::PHONE_GAP_MINUTES))?;
    let mut by_home: HashMap<HouseholdId, (Vec<Case>, Vec<Progress>)> = HashMap::new();
    for case in members {
        let progress = known.remove(&case.id);
        if let Some((home, (_, progress))) = case.household_id.zip(progress) {
            let (members, folded) = by_home.entry(home).or_default();
            members.push(case);
            folded.push(progress);
        }
    }
    let (mut unpromised, mut promised) = (Vec::new(), Vec::new());
    let mut entries = Vec::new();
    for home in &homes {
        let (members, folded) = by_home.remove(&home.id).unwrap_or_default();
        let published = book.outage.published_import_id.max(home.import_id);
        let visible = members.into_iter().zip(folded);
        let (members, mut folded): (Vec<Case>, Vec<Progress>) =
            visible.filter(|(case, _)| case.import_id <= published).unzip();
        keep_apart(book, &members, &mut folded, (home.id, &rings));
        let entry = entry(book, &members, &folded, now);
        let promises = folded.iter().filter_map(|progress| progress.callback.as_ref());
        promised.extend(
            promises
                .clone()
                .map(|promise| (home.id, (promise.due_at, promise.owner))),
        );
        if promises.count() == 0 {
            unpromised.push(home.id);
        }
        entries.push((home.id, entry));
    }
    bulk::set_entries(conn, &entries)?;
    let zones = new_zones(&homes, &entries);
    callbacks::withdraw(conn, &unpromised, now)?;
    // What had ended a promise may have been taken back.
    for (home, promise) in promised {
        callbacks::reopen(conn, (book.outage.id, home), promise, now)?;
    }
    for zone in zones {
        households::add_zones(conn, book.outage.id, zone)?;
    }
    Ok(())
}

/// The zones in which a household is now and was not before. A new one begins without any: where it is must be noted
/// even if that is not known.
fn new_zones<'a>(homes: &[Household], entries: &'a [(HouseholdId, Entry)]) -> BTreeSet<&'a str> {
    let each = homes.iter().zip(entries);
    let moved = each.filter(|(home, (_, entry))| match entry.time_zone.as_str() {
        "" => entry.citizens > 0,
        zone => zone != home.time_zone,
    });
    moved.map(|(_, (_, entry))| entry.time_zone.as_str()).collect()
}

/// Leaves time between two calls to one phone.
fn keep_apart(
    book: &Rulebook,
    members: &[Case],
    folded: &mut [Progress],
    (home, rings): (HouseholdId, &[Ring]),
) {
    let is_try = |ring: &&Ring| {
        let rule = book
            .outcomes
            .get(&ring.outcome)
            .map(|outcome| outcome.at(ring.at).0);
        ring.household_id == home && !matches!(rule, Some(Rule::Requeue))
    };
    let here: Vec<&Ring> = rings.iter().filter(is_try).collect();
    let Some(rang) = here.iter().map(|ring| ring.at).max() else {
        return;
    };
    for (case, progress) in members.iter().zip(folded) {
        let own = here.iter().filter(|ring| ring.case_id == case.id);
        let due = queue::apart(progress, own.map(|ring| ring.at).max(), rang);
        let zones = Rulebook::zones(&case.time_zone);
        progress.due_at = match due == progress.due_at {
            true => due,
            false => due.map(|due| book.hours.next_opening(due, &zones)),
        };
    }
}

/// What a household waits for, by what its cases wait for.
pub(super) fn entry(book: &Rulebook, members: &[Case], folded: &[Progress], now: Timestamp) -> Entry {
    let first = queue::household(folded, now);
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
            .map_or(0, |most| most + together(book, open.len())),
        tries: folded
            .iter()
            .map(|case| i32::try_from(case.half_tries).unwrap_or(i32::MAX))
            .max()
            .unwrap_or(0),
        citizens: i32::try_from(open.len()).unwrap_or(i32::MAX),
        callback_owner_id: first.owner,
        waits_until: lanes::waits_until(first.stage.as_str(), first.due_at, now),
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
    score::score(&pressing(book, case, end), &book.weights, end)
}

/// What so many open cases at one number add to the score of its household.
pub(super) fn together(book: &Rulebook, people: usize) -> i64 {
    score::together(people, &book.weights).points
}

/// What the score of a case looks at.
pub(super) fn pressing(book: &Rulebook, case: &Case, now: Timestamp) -> Pressing {
    let zones = Rulebook::zones(&case.time_zone);
    Pressing {
        days_to_deadline: book.days_to(case.filing_deadline.as_deref(), &zones, now),
        amount_cents: case.amount_cents,
        charged: case.charged(),
        failed_attempts: u32::try_from(case.transactions).unwrap_or_default(),
        failed_at: case.first_failed_at,
        half_tries: u32::try_from(case.tries).unwrap_or_default(),
        has_email: case.email.is_some(),
    }
}
