//! Dealing households to callers. A household is never cut; the same input and seed give the same lists.

use serde::{Deserialize, Serialize};

use super::ids::{HouseholdId, UserId};
use super::text_enum::text_enum;

#[cfg(test)]
mod tests;

text_enum! {
    /// How to deal.
    pub enum By {
        /// The same number to each.
        Even = "even",
        /// In proportion to weights.
        Weight = "weight",
        /// In proportion to what each can call in the hours they have left, with what they hold counted.
        Time = "time",
        /// To callers who speak the household's language first, else evenly.
        Language = "language",
        /// The most pressing first, one to each in turn.
        Priority = "priority",
        /// To nobody: each caller takes the next call of the pool.
        Shared = "shared",
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
    /// Their share, for [`By::Weight`] and [`By::Time`]: any number; 0 gets nothing.
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

/// Deals households to callers who start with nothing.
pub fn deal(by: By, households: &[Hand], callers: &[Player], seed: u64) -> Deal {
    deal_onto((by, false), households, callers, &[], seed)
}

/// Deals households to callers who already hold so many (in the order of `callers`), so that the lists
/// come out as [`By`] says with those they hold. `speakers_first`: whoever speaks a household's language
/// goes before everybody else, whatever the share.
pub fn deal_onto(
    (by, speakers_first): (By, bool),
    households: &[Hand],
    callers: &[Player],
    held: &[usize],
    seed: u64,
) -> Deal {
    let held = held.iter().copied().chain(std::iter::repeat(0));
    let mut seats: Vec<Seat<'_>> = callers
        .iter()
        .zip(held)
        .map(|(caller, held)| Seat::new(by, caller, held))
        .collect();
    let by_language = speakers_first || by == By::Language;
    let mut pool = Vec::new();
    for hand in order((by, by_language), households, callers, seed) {
        let open = seats.iter_mut().filter(|seat| seat.share > 0);
        match open.min_by_key(|seat| (by_language && !seat.speaks(hand), seat.fullness())) {
            Some(seat) => seat.take(hand),
            None => pool.push(hand.household),
        }
    }
    Deal {
        lists: seats.into_iter().map(|seat| seat.dealt).collect(),
        pool,
    }
}

/// A caller at the table.
struct Seat<'a> {
    caller: &'a Player,
    share: u32,
    held: usize,
    dealt: Dealt,
}

impl<'a> Seat<'a> {
    fn new(by: By, caller: &'a Player, held: usize) -> Self {
        let share = match by {
            By::Weight | By::Time => caller.weight,
            By::Shared => 0,
            By::Even | By::Language | By::Priority => 1,
        };
        let dealt = Dealt {
            user: caller.user,
            households: Vec::new(),
            citizens: 0,
        };
        Self {
            caller,
            share,
            held,
            dealt,
        }
    }

    fn speaks(&self, hand: &Hand) -> bool {
        speaks(self.caller, hand)
    }

    /// How full the list would be with one more, for its share.
    fn fullness(&self) -> u64 {
        let cards = (self.held + self.dealt.households.len() + 1) as u64;
        cards.saturating_mul(1 << 20) / u64::from(self.share.max(1))
    }

    fn take(&mut self, hand: &Hand) {
        self.dealt.households.push(hand.household);
        self.dealt.citizens += u64::from(hand.citizens);
    }
}

fn speaks(caller: &Player, hand: &Hand) -> bool {
    hand.language
        .as_ref()
        .is_none_or(|language| caller.languages.contains(language))
}

/// In which order households are dealt: by chance, but repeatable; the most pressing first, or those that
/// the fewest callers can speak with, so that the others are shared among who has got less.
fn order<'a>(
    (by, by_language): (By, bool),
    households: &'a [Hand],
    callers: &[Player],
    seed: u64,
) -> Vec<&'a Hand> {
    let speakers = |hand: &Hand| callers.iter().filter(|caller| speaks(caller, hand)).count();
    let first = |hand: &Hand| match by {
        By::Priority => -hand.score,
        _ if by_language => i64::try_from(speakers(hand)).unwrap_or(i64::MAX),
        _ => 0,
    };
    let mut order: Vec<&Hand> = households.iter().collect();
    order.sort_by_cached_key(|hand| (first(hand), mix(seed, hand.household), hand.household));
    order
}

/// A well-mixed number from seed and id (the finaliser of SplitMix64).
fn mix(seed: u64, household: HouseholdId) -> u64 {
    let mut x = seed.wrapping_add(household.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
