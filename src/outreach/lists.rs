//! Call lists: dealing the pool, moving work from one person to others, and how full each list is.

use super::accounts::User;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, crowded, late_arrivals};
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, OutageId, UserId};
use crate::domain::role::Role;
use crate::domain::split::{By, Deal, Hand, Player, deal};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::store::call_lists::{self, CallList, Dealable};
use crate::store::{households, users};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// So many rows are moved by one statement.
const CHUNK: usize = 500;

/// How to deal, and to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    /// The rule.
    pub by: By,
    /// Who gets a list, with a weight; empty: every caller whose account is on, alike.
    pub callers: Vec<(UserId, u32)>,
    /// The same seed deals the same.
    pub seed: u64,
}

/// Who gets how much; the contract's `split --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SplitReport {
    /// One entry a caller.
    pub lists: Vec<ListShare>,
    /// Households left in the pool.
    pub pool: usize,
}

/// One caller's share of a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListShare {
    /// The caller's address.
    pub caller: String,
    /// The caller's name.
    pub name: String,
    /// Calls on the list after the split.
    pub households: usize,
    /// People behind them.
    pub citizens: usize,
    /// Calls that the split adds.
    pub added: usize,
}

/// One list (or the pool) and how far it is.
#[derive(Clone, Debug, Serialize)]
pub struct ListStanding {
    /// None: the pool.
    pub list: Option<CallListId>,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// All its households.
    pub households: i64,
    /// Those that are done.
    pub closed: i64,
    /// Those that wait for a call.
    pub to_call: i64,
    /// People behind those still open.
    pub citizens_open: i64,
}

impl Office {
    /// Deals the pool to callers, each getting a list of their own; with `dry_run` nothing is moved.
    /// What is on a list already stays there.
    pub fn split(&self, outage: OutageId, split: &Split, dry_run: bool) -> Result<SplitReport> {
        let now = self.now();
        let plan = |conn: &mut Conn| -> Result<SplitReport> {
            let book = Rulebook::open(conn, outage)?;
            let callers = callers(conn, &split.callers)?;
            let key = (outage, book.outage.published_import_id);
            let pool = call_lists::dealable(conn, key, None, now)?;
            let dealt = dealt(split.by, &pool, &callers, split.seed);
            let report = report(conn, &book, &callers, &dealt)?;
            if !dry_run {
                move_to_owners(conn, outage, &callers, &dealt, now)?;
                late_arrivals::remember(conn, outage, split, &callers)?;
            }
            Ok(report)
        };
        if dry_run {
            self.db.read(plan)
        } else {
            self.db.write(plan)
        }
    }

    /// Moves one person's open calls to others, evenly (or into the pool). Callbacks that they have
    /// promised and the call they are on stay theirs.
    pub fn rebalance(
        &self,
        outage: OutageId,
        from: UserId,
        to: &[UserId],
        dry_run: bool,
    ) -> Result<SplitReport> {
        let now = self.now();
        if to.contains(&from) {
            return Err(Error::invalid(
                "to",
                "The one who gives work away cannot be among those who get it.",
            ));
        }
        let plan = |conn: &mut Conn| -> Result<SplitReport> {
            let book = Rulebook::open(conn, outage)?;
            let lists: Vec<CallListId> = call_lists::all(conn, outage)?
                .into_iter()
                .filter(|list| list.owner_id == Some(from))
                .map(|list| list.id)
                .collect();
            let key = (outage, book.outage.published_import_id);
            let waiting = call_lists::dealable(conn, key, Some(&lists), now)?;
            let weights: Vec<(UserId, u32)> = to.iter().map(|user| (*user, 1)).collect();
            let callers = if to.is_empty() {
                Vec::new()
            } else {
                callers(conn, &weights)?
            };
            let dealt = dealt(By::Priority, &waiting, &callers, 0);
            let report = report(conn, &book, &callers, &dealt)?;
            if !dry_run {
                set_list(conn, &dealt.pool, None)?;
                move_to_owners(conn, outage, &callers, &dealt, now)?;
            }
            Ok(report)
        };
        if dry_run {
            self.db.read(plan)
        } else {
            self.db.write(plan)
        }
    }

    /// All lists of an outage and its pool, and how far each is.
    pub fn lists(&self, outage: OutageId) -> Result<Vec<ListStanding>> {
        self.db.read(|conn| {
            let book = Rulebook::open(conn, outage)?;
            standings(conn, &book)
        })
    }
}

/// The callers named, or all whose account is on.
fn callers(conn: &mut Conn, named: &[(UserId, u32)]) -> Result<Vec<(User, u32)>> {
    let all: Vec<User> = users::all(conn)?
        .into_iter()
        .filter(|user| user.disabled_at.is_none())
        .collect();
    let chosen: Vec<(User, u32)> = if named.is_empty() {
        all.into_iter()
            .filter(|user| user.role() == Role::Caller)
            .map(|user| (user, 1))
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

pub(super) fn dealt(by: By, waiting: &[Dealable], callers: &[(User, u32)], seed: u64) -> Deal {
    let hands: Vec<Hand> = waiting
        .iter()
        .map(|household| Hand {
            household: household.id,
            citizens: u32::try_from(household.citizens).unwrap_or_default(),
            score: household.score,
            language: household.language.clone(),
        })
        .collect();
    let players: Vec<Player> = callers
        .iter()
        .map(|(user, weight)| Player {
            user: user.id,
            weight: *weight,
            languages: user
                .spoken()
                .map(str::to_owned)
                .chain(["en".to_owned()])
                .collect(),
        })
        .collect();
    deal(by, &hands, &players, seed)
}

fn report(conn: &mut Conn, book: &Rulebook, callers: &[(User, u32)], dealt: &Deal) -> Result<SplitReport> {
    let before = standings(conn, book)?;
    let share = |(user, _): &(User, u32)| {
        let mine = dealt.lists.iter().find(|list| list.user == user.id);
        let added = mine.map_or(0, |list| list.households.len());
        let people = mine.map_or(0, |list| usize::try_from(list.citizens).unwrap_or_default());
        let had = before.iter().filter(|list| list.owner == Some(user.id));
        let (had, had_people) = had.fold((0, 0), |(calls, people), list| {
            (calls + list.to_call, people + list.citizens_open)
        });
        ListShare {
            caller: user.email.clone(),
            name: user.name.clone(),
            households: usize::try_from(had).unwrap_or_default() + added,
            citizens: usize::try_from(had_people).unwrap_or_default() + people,
            added,
        }
    };
    Ok(SplitReport {
        lists: callers.iter().map(share).collect(),
        pool: dealt.pool.len(),
    })
}

pub(super) fn move_to_owners(
    conn: &mut Conn,
    outage: OutageId,
    callers: &[(User, u32)],
    dealt: &Deal,
    now: Timestamp,
) -> Result<()> {
    for list in &dealt.lists {
        let Some((owner, _)) = callers.iter().find(|(user, _)| user.id == list.user) else {
            continue;
        };
        let target = own_list(conn, outage, owner, now)?;
        set_list(conn, &list.households, Some(target))?;
    }
    Ok(())
}

fn set_list(conn: &mut Conn, ids: &[HouseholdId], list: Option<CallListId>) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        households::set_list(conn, chunk, list)?;
    }
    Ok(())
}

/// A caller's own list, made at the first deal. Two callers of one name get lists that can be told apart.
fn own_list(conn: &mut Conn, outage: OutageId, owner: &User, now: Timestamp) -> Result<CallListId> {
    if let Some(list) = call_lists::of_owner(conn, outage, owner.id)? {
        return Ok(list);
    }
    let taken = call_lists::all(conn, outage)?
        .iter()
        .any(|list| list.name == owner.name);
    let name = if taken {
        format!("{} ({})", owner.name, owner.email)
    } else {
        owner.name.clone()
    };
    call_lists::add(conn, outage, &name, (Some(owner.id), None), now).map_err(crowded)
}

fn standings(conn: &mut Conn, book: &Rulebook) -> Result<Vec<ListStanding>> {
    let lists = call_lists::all(conn, book.outage.id)?;
    let counts = call_lists::stage_counts(conn, book.outage.id, book.outage.published_import_id)?;
    let standing = |list: Option<&CallList>| {
        let id = list.map(|list| list.id);
        let mut standing = ListStanding {
            list: id,
            name: list.map_or_else(|| "Pool".to_owned(), |list| list.name.clone()),
            owner: list.and_then(|list| list.owner_id),
            households: 0,
            closed: 0,
            to_call: 0,
            citizens_open: 0,
        };
        for count in counts.iter().filter(|count| count.list_id == id) {
            let stage: Stage = count.stage.parse().unwrap_or(Stage::NeedsSupervisor);
            standing.households += count.households;
            standing.citizens_open += count.citizens;
            standing.closed += if stage.is_open() { 0 } else { count.households };
            standing.to_call += if stage.is_call() { count.households } else { 0 };
        }
        standing
    };
    Ok(lists.iter().map(Some).chain([None]).map(standing).collect())
}
