//! Dealing households to callers. A household is never cut; the same input and seed give the same lists.

use serde::{Deserialize, Serialize};

use super::ids::{HouseholdId, UserId};
use super::text_enum::text_enum;

text_enum! {
    /// How to deal.
    pub enum By {
        /// The same number to each.
        Even = "even",
        /// In proportion to weights or hours of shift.
        Weight = "weight",
        /// To callers who speak the household's language first, else evenly.
        Language = "language",
        /// The most pressing first, one to each in turn.
        Priority = "priority",
    }
}

/// A household to be dealt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// Which.
    pub household: HouseholdId,
    /// Its open cases.
    pub citizens: u32,
    /// How pressing it is.
    pub score: i64,
    /// The language of its citizens, as `es`; none: any.
    pub language: Option<String>,
}

/// Somebody who gets a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Player {
    /// Who.
    pub user: UserId,
    /// Their share, for [`By::Weight`]: hours of shift, or any number; 0 gets nothing.
    pub weight: u32,
    /// The languages they speak, as `es`.
    pub languages: Vec<String>,
}

/// Who gets which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    /// Per caller in the order given.
    pub lists: Vec<Dealt>,
    /// Households nobody could get (no caller, or all weights zero).
    pub pool: Vec<HouseholdId>,
}

/// One caller's households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// Whose.
    pub user: UserId,
    /// The households, in the order dealt.
    pub households: Vec<HouseholdId>,
    /// The open cases in them.
    pub citizens: u64,
}

/// Deals households to callers.
pub fn deal(by: By, households: &[Hand], callers: &[Player], seed: u64) -> Deal {
    let mut lists: Vec<Dealt> = callers
        .iter()
        .map(|caller| Dealt {
            user: caller.user,
            households: Vec::new(),
            citizens: 0,
        })
        .collect();
    let mut pool = Vec::new();
    for hand in order(by, households, seed) {
        let next = lists
            .iter_mut()
            .zip(callers)
            .filter(|(_, caller)| share(by, caller) > 0)
            .min_by_key(|(list, caller)| {
                let stranger = by == By::Language && !speaks(caller, hand);
                (stranger, turn(list, share(by, caller)))
            });
        match next {
            Some((list, _)) => {
                list.households.push(hand.household);
                list.citizens += u64::from(hand.citizens);
            }
            None => pool.push(hand.household),
        }
    }
    Deal { lists, pool }
}

fn speaks(caller: &Player, hand: &Hand) -> bool {
    hand.language
        .as_ref()
        .is_none_or(|language| caller.languages.contains(language))
}

const fn share(by: By, caller: &Player) -> u32 {
    if matches!(by, By::Weight) {
        caller.weight
    } else {
        1
    }
}

/// Whose turn it is: the list that would be the least full after one more, per share.
fn turn(list: &Dealt, share: u32) -> u64 {
    (list.households.len() as u64 + 1) * 1_000_000 / u64::from(share.max(1))
}

fn order(by: By, households: &[Hand], seed: u64) -> Vec<&Hand> {
    let mut order: Vec<&Hand> = households.iter().collect();
    if by == By::Priority {
        order.sort_by_key(|hand| (std::cmp::Reverse(hand.score), mix(seed, hand.household)));
    } else {
        order.sort_by_key(|hand| (mix(seed, hand.household), hand.household));
    }
    order
}

/// A well-mixed number from seed and id (SplitMix64's finaliser), so that an order is random but repeatable.
fn mix(seed: u64, household: HouseholdId) -> u64 {
    let mut x = seed.wrapping_add(household.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
