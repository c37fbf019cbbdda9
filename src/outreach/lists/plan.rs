//! Who would get which calls: worked out, counted, nothing moved.

use super::pace::Pace;
use super::standing::{ListStanding, standings};
use super::{ListShare, Rebalance, Split, SplitReport};
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, UserId};
use crate::domain::role::Role;
use crate::domain::split::{By, Deal, Hand, Player, deal_onto};
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::User;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Result};
use crate::store::call_lists::{self, CallList, Dealable};
use crate::store::{shifts, users};
use std::collections::{HashMap, HashSet};

/// Hours that a caller is taken to have left who has entered none, in tenths.
pub const ASSUMED_TENTHS: u32 = 40;

/// Who gets which.
pub(super) struct Plan {
    /// Those who get lists, each with the share that was entered.
    pub callers: Vec<(User, u32)>,
    /// The deal.
    pub dealt: Deal,
    /// Its numbers.
    pub report: SplitReport,
}

impl Plan {
    /// The pool (and, if asked, what the callers have not begun) among callers.
    pub fn of_split(conn: &mut Conn, book: &Rulebook, split: &Split, now: Timestamp) -> Result<Self> {
        let mut callers = callers(conn, &split.callers, split.by)?;
        if split.by == By::Time && split.callers.is_empty() {
            hours_left(conn, &mut callers, now)?;
        }
        let lists = call_lists::all(conn, book.outage.id)?;
        let key = (book.outage.id, book.outage.published_import_id);
        let mut hands = call_lists::dealable(conn, key, None, now)?;
        if split.again || split.by == By::Shared {
            let own = lists_of(&lists, |owner| callers.iter().any(|(user, _)| user.id == owner));
            let theirs = call_lists::dealable(conn, key, Some(&own), now)?;
            hands.extend(
                theirs
                    .into_iter()
                    .filter(|hand| !(split.keep_tried && hand.tries > 0)),
            );
        }
        let standing = standings(conn, book)?;
        let pace = Pace::measured(conn, book.outage.id, now)?;
        let held = match split.again || split.by == By::Time {
            true => held(&callers, &lists, &standing, &hands),
            false => Vec::new(),
        };
        let terms = (split.by, split.speakers_first);
        let players = players(&callers, split.by, &pace);
        let dealt = deal_onto(terms, &cards(&hands), &players, &held, split.seed);
        let ahead = Ahead::of(conn, book, &pace, now)?;
        let mut report = report(&callers, (&lists, &standing), (&hands, &dealt), &ahead);
        let switchboards = call_lists::switchboards(conn, key, (0, 0))?.1;
        report.pool += usize::try_from(switchboards).unwrap_or_default(); // on nobody's list, ever
        Ok(Self {
            callers,
            dealt,
            report,
        })
    }

    /// One person's open calls among others, or into the pool.
    pub fn of_rebalance(conn: &mut Conn, book: &Rulebook, wish: &Rebalance, now: Timestamp) -> Result<Self> {
        let lists = call_lists::all(conn, book.outage.id)?;
        let key = (book.outage.id, book.outage.published_import_id);
        let from = lists_of(&lists, |owner| owner == wish.from);
        let hands = call_lists::dealable(conn, key, Some(&from), now)?;
        let weights: Vec<(UserId, u32)> = wish.to.iter().map(|user| (*user, 1)).collect();
        let callers = match weights.is_empty() {
            true => Vec::new(),
            false => callers(conn, &weights, By::Priority)?,
        };
        let standing = standings(conn, book)?;
        let pace = Pace::measured(conn, book.outage.id, now)?;
        let players = players(&callers, By::Priority, &pace);
        let dealt = deal_onto((By::Priority, true), &cards(&hands), &players, &[], 0);
        let ahead = Ahead::of(conn, book, &pace, now)?;
        let report = report(&callers, (&lists, &standing), (&hands, &dealt), &ahead);
        Ok(Self {
            callers,
            dealt,
            report,
        })
    }
}

fn lists_of(lists: &[CallList], owned: impl Fn(UserId) -> bool) -> Vec<CallListId> {
    let theirs = lists.iter().filter(|list| list.owner_id.is_some_and(&owned));
    theirs.map(|list| list.id).collect()
}

/// The callers named, or all whose account is on.
fn callers(conn: &mut Conn, named: &[(UserId, u32)], by: By) -> Result<Vec<(User, u32)>> {
    let all: Vec<User> = users::all(conn)?
        .into_iter()
        .filter(|user| user.disabled_at.is_none())
        .collect();
    let share = if by == By::Time { ASSUMED_TENTHS } else { 1 };
    let chosen: Vec<(User, u32)> = if named.is_empty() {
        all.into_iter()
            .filter(|user| user.role() == Role::Caller)
            .map(|user| (user, share))
            .collect()
    } else {
        let mut by_id: HashMap<UserId, User> = all.into_iter().map(|user| (user.id, user)).collect();
        named
            .iter()
            .filter_map(|(id, weight)| by_id.remove(id).map(|user| (user, *weight)))
            .collect()
    };
    if chosen.is_empty() || (!named.is_empty() && chosen.len() < named.len()) {
        return Err(Error::invalid(
            "callers",
            "Choose callers whose accounts are on; each only once.",
        ));
    }
    Ok(chosen)
}

/// Until the end of each caller's shift, where it is known.
fn hours_left(conn: &mut Conn, callers: &mut [(User, u32)], now: Timestamp) -> Result<()> {
    let shifts = shifts::all(conn, now)?;
    for (user, tenths) in callers {
        let left = shifts.get(&user.id).and_then(|shift| shift.tenths_left(now));
        *tenths = left.unwrap_or(*tenths);
    }
    Ok(())
}

/// Deals households that came late as the first ones were dealt.
pub(in crate::outreach) fn dealt_alike(split: &Split, waiting: &[Dealable], callers: &[(User, u32)]) -> Deal {
    let players: Vec<Player> = callers.iter().map(|(user, share)| player(user, *share)).collect();
    let terms = (split.by, split.speakers_first);
    deal_onto(terms, &cards(waiting), &players, &[], split.seed)
}

/// The callers with their shares; by time a share is what the hours hold at the caller's pace.
fn players(callers: &[(User, u32)], by: By, pace: &Pace) -> Vec<Player> {
    let share = |(user, share): &(User, u32)| {
        let calls = match by {
            By::Time => share.saturating_mul(u32::try_from(pace.of(user.id)).unwrap_or_default()),
            _ => *share,
        };
        player(user, calls)
    };
    callers.iter().map(share).collect()
}

fn player(user: &User, weight: u32) -> Player {
    let spoken = user.spoken().map(str::to_owned);
    Player {
        user: user.id,
        weight,
        languages: spoken.chain(["en".to_owned()]).collect(),
    }
}

fn cards(hands: &[Dealable]) -> Vec<Hand> {
    let card = |household: &Dealable| Hand {
        household: household.id,
        citizens: u32::try_from(household.citizens).unwrap_or_default(),
        score: household.score,
        language: household.language.clone(),
    };
    hands.iter().map(card).collect()
}

/// What stays with each caller whatever is dealt.
fn held(
    callers: &[(User, u32)],
    lists: &[CallList],
    standing: &[ListStanding],
    hands: &[Dealable],
) -> Vec<usize> {
    let stays = |(user, _): &(User, u32)| {
        let own = lists_of(lists, |owner| owner == user.id);
        let had = standing.iter().filter(|list| list.owner == Some(user.id));
        let had: i64 = had.map(|list| list.to_call).sum();
        let taken = hands
            .iter()
            .filter(|hand| hand.list_id.is_some_and(|list| own.contains(&list)));
        usize::try_from(had)
            .unwrap_or_default()
            .saturating_sub(taken.count())
    };
    callers.iter().map(stays).collect()
}

/// What the next days hold.
struct Ahead<'a> {
    book: &'a Rulebook,
    pace: &'a Pace,
    now: Timestamp,
    /// Households in which somebody's due date is tomorrow, today or past.
    soon: HashSet<HouseholdId>,
}

impl<'a> Ahead<'a> {
    fn of(conn: &mut Conn, book: &'a Rulebook, pace: &'a Pace, now: Timestamp) -> Result<Self> {
        let today = book.outage.zone().local(now).date();
        let tomorrow = today.tomorrow().unwrap_or(today).to_string();
        let key = (book.outage.id, book.outage.published_import_id);
        let soon = call_lists::due_by(conn, key, &tomorrow)?.into_iter().collect();
        Ok(Self {
            book,
            pace,
            now,
            soon,
        })
    }

    /// When a caller has made so many calls.
    fn done(&self, caller: UserId, calls: i64) -> Option<Timestamp> {
        let seconds = calls * 3600 / self.pace.of(caller).max(1);
        let hours = &self.book.hours;
        hours.worked(self.now, seconds, &hours.agency())
    }
}

fn report(
    callers: &[(User, u32)],
    (lists, standing): (&[CallList], &[ListStanding]),
    (hands, dealt): (&[Dealable], &Deal),
    ahead: &Ahead<'_>,
) -> SplitReport {
    let by_id: HashMap<_, &Dealable> = hands.iter().map(|hand| (hand.id, hand)).collect();
    let share = |(user, entered): &(User, u32)| {
        let own = lists_of(lists, |owner| owner == user.id);
        let mine = |hand: &&Dealable| hand.list_id.is_some_and(|list| own.contains(&list));
        let taken: Vec<&Dealable> = hands.iter().filter(mine).collect();
        let list = dealt.lists.iter().find(|list| list.user == user.id);
        let got = list.map_or(&[][..], |list| &list.households);
        let got: Vec<&Dealable> = got.iter().filter_map(|id| by_id.get(id).copied()).collect();
        let had = standing.iter().filter(|list| list.owner == Some(user.id));
        let (had, had_people) = had.fold((0, 0), |(calls, people), list| {
            (calls + list.to_call, people + list.citizens_open)
        });
        let people = |hands: &[&Dealable]| hands.iter().map(|hand| i64::from(hand.citizens)).sum::<i64>();
        let added = count(got.len()) - count(taken.len());
        ListShare {
            caller: user.email.clone(),
            name: user.name.clone(),
            households: had + added,
            citizens: had_people + people(&got) - people(&taken),
            added,
            other_languages: got.iter().filter(|hand| hand.language.is_some()).count(),
            due_soon: got.iter().filter(|hand| ahead.soon.contains(&hand.id)).count(),
            pace: ahead.pace.of(user.id),
            done_at: ahead.done(user.id, had + added),
            done_before: ahead.done(user.id, had),
            share: *entered,
            moved: got.iter().filter(|hand| !mine(hand)).count(),
        }
    };
    let shares: Vec<ListShare> = callers.iter().map(share).collect();
    let to_pool = dealt.pool.iter().filter_map(|id| by_id.get(id));
    let to_pool = to_pool.filter(|hand| hand.list_id.is_some()).count();
    SplitReport {
        moved: shares.iter().map(|share| share.moved).sum::<usize>() + to_pool,
        lists: shares,
        pool: dealt.pool.len(),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
