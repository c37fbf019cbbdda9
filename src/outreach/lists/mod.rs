//! Call lists: dealing the pool, moving work from one person to others, taking that back, and how full each list is.

mod moves;
mod pace;
mod plan;
mod standing;

use super::as_seen::as_seen;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, late_arrivals, shifts};
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::split::By;
use crate::domain::timestamp::Timestamp;
use crate::store::{call_lists, outages};
use plan::Plan;
use serde::{Deserialize, Serialize};

pub use crate::store::list_moves::ListMove;
pub use moves::UNDO_MINUTES;
pub(super) use moves::{move_to_owner, with_owners};
pub use plan::ASSUMED_TENTHS;
pub(super) use plan::dealt_alike;
pub use standing::ListStanding;

/// How to deal, and to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    /// The rule.
    pub by: By,
    /// Who gets a list, with a weight ([`By::Time`]: tenths of an hour left); empty: every caller whose
    /// account is on, alike.
    pub callers: Vec<(UserId, u32)>,
    /// The same seed deals the same.
    pub seed: u64,
    /// Deal what lies on these callers' lists again, too.
    #[serde(default)]
    pub again: bool,
    /// But not those that were tried already.
    #[serde(default)]
    pub keep_tried: bool,
    /// Whoever speaks a household's language goes first.
    #[serde(default)]
    pub speakers_first: bool,
    /// Calls that the button said would move; none: nobody saw a page.
    #[serde(skip)]
    pub seen: Option<i64>,
}

impl Split {
    /// Deals the pool by one rule to these callers.
    pub const fn of_pool(by: By, callers: Vec<(UserId, u32)>, seed: u64) -> Self {
        Self {
            by,
            callers,
            seed,
            again: false,
            keep_tried: false,
            speakers_first: false,
            seen: None,
        }
    }
}

/// One person's calls for others.
#[derive(Clone, Debug)]
pub struct Rebalance {
    /// Whose.
    pub from: UserId,
    /// Who gets them; empty: the pool.
    pub to: Vec<UserId>,
    /// They have gone home: anybody keeps the callbacks they promised, as these fall due.
    pub gone: bool,
    /// Calls that the button said would move; none: nobody saw a page.
    pub seen: Option<i64>,
}

/// Who gets how much; the contract's `split --json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitReport {
    /// One entry a caller.
    pub lists: Vec<ListShare>,
    /// Households left in the pool.
    pub pool: usize,
    /// Households that go elsewhere.
    pub moved: usize,
}

/// One caller's share of a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListShare {
    /// The caller's address.
    pub caller: String,
    /// The caller's name.
    pub name: String,
    /// Calls on the list after the split.
    pub households: i64,
    /// People behind them.
    pub citizens: i64,
    /// Calls that the split adds; below nothing if it takes more than it gives.
    pub added: i64,
    /// Of the calls dealt, those in another language than English.
    pub other_languages: usize,
    /// Of the calls dealt, those to citizens whose due date is tomorrow, today or past.
    pub due_soon: usize,
    /// Calls an hour, as far as it can be told.
    pub pace: i64,
    /// When the list is done at that pace, if calls rest outside calling hours; none: that is too far ahead to tell.
    pub done_at: Option<Timestamp>,
    /// The same without the split.
    #[serde(skip)]
    pub done_before: Option<Timestamp>,
    /// What was entered for the caller: a weight, or tenths of an hour left.
    #[serde(skip)]
    pub share: u32,
    /// Calls that come from elsewhere.
    #[serde(skip)]
    pub moved: usize,
}

/// What lies on somebody's lists, in every outage, and would go back to nobody's.
fn given_back(conn: &mut Conn, from: UserId, now: Timestamp) -> Result<Vec<(Rulebook, Plan)>> {
    let wish = Rebalance {
        from,
        to: Vec::new(),
        gone: true,
        seen: None,
    };
    let of = |conn: &mut Conn, outage| {
        let book = Rulebook::open(conn, outage)?;
        let plan = Plan::of_rebalance(conn, &book, &wish, now)?;
        Ok((book, plan))
    };
    let outages = call_lists::outages_of(conn, from)?;
    outages.into_iter().map(|outage| of(conn, outage)).collect()
}

/// Gives what lies on somebody's lists back to nobody's, if it is as many calls as were seen, and ends their shift: anybody keeps
/// the callbacks that they promised. Answers how many calls.
pub(super) fn give_back(conn: &mut Conn, from: UserId, seen: Option<i64>, now: Timestamp) -> Result<usize> {
    let plans = given_back(conn, from, now)?;
    let moved = plans.iter().map(|(_, plan)| plan.report.moved).sum();
    as_seen(seen, moved, "calls that go back")?;
    for (book, plan) in plans.iter().filter(|(_, plan)| plan.report.moved > 0) {
        moves::apply(conn, book, plan, now)?;
    }
    shifts::end_now(conn, from, now)?;
    Ok(moved)
}

impl Office {
    /// How many calls would go back to nobody's list if somebody left.
    pub fn calls_of(&self, caller: UserId) -> Result<usize> {
        let now = self.now();
        let plans = self.db.read(|conn| given_back(conn, caller, now))?;
        Ok(plans.iter().map(|(_, plan)| plan.report.moved).sum())
    }

    /// Deals the pool (and more, if asked) to callers, each getting a list of their own; with `dry_run`
    /// nothing is moved. A promised callback stays with who promised it, a call in hand where it is.
    ///
    /// # Errors
    /// A caller cannot be dealt to; it is not as many calls as were seen.
    pub fn split(&self, outage: OutageId, split: &Split, dry_run: bool) -> Result<SplitReport> {
        let now = self.now();
        if dry_run {
            return self.db.read(|conn| {
                let book = Rulebook::open(conn, outage)?;
                Ok(Plan::of_split(conn, &book, split, now)?.report)
            });
        }
        self.once("split", |conn| {
            let book = Rulebook::open(conn, outage)?;
            let plan = Plan::of_split(conn, &book, split, now)?;
            as_seen(split.seen, plan.report.moved, "calls")?;
            moves::apply(conn, &book, &plan, now)?;
            late_arrivals::remember(conn, outage, split, &plan.callers)?;
            if split.by == By::Shared {
                outages::set_pool_open(conn, outage, true)?; // or nobody could take the next call
            }
            Ok(plan.report)
        })
    }

    /// Moves one person's open calls to others, evenly (or into the pool). Callbacks that they have
    /// promised and the call they are on stay theirs.
    ///
    /// # Errors
    /// The one who gives is among those who get; it is not as many calls as were seen.
    pub fn rebalance(&self, outage: OutageId, wish: &Rebalance, dry_run: bool) -> Result<SplitReport> {
        let now = self.now();
        if wish.to.contains(&wish.from) {
            return Err(Error::invalid(
                "to",
                "The one who gives work away cannot be among those who get it.",
            ));
        }
        let plan = |conn: &mut Conn| -> Result<SplitReport> {
            let book = Rulebook::open(conn, outage)?;
            let plan = Plan::of_rebalance(conn, &book, wish, now)?;
            if !dry_run {
                as_seen(wish.seen, plan.report.moved, "calls")?;
                moves::apply(conn, &book, &plan, now)?;
                if wish.gone {
                    shifts::end_now(conn, wish.from, now)?;
                }
            }
            Ok(plan.report)
        };
        if dry_run {
            self.db.read(plan)
        } else {
            self.once("rebalance", plan)
        }
    }

    /// All lists of an outage and its pool, and how far each is.
    pub fn lists(&self, outage: OutageId) -> Result<Vec<ListStanding>> {
        self.db.read(|conn| {
            let book = Rulebook::open(conn, outage)?;
            standing::standings(conn, &book)
        })
    }
}
