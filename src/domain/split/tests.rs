use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn player(user: UserId, weight: u32, languages: &[&str]) -> Player {
    Player {
        user,
        weight,
        languages: languages.iter().map(|l| (*l).to_owned()).collect(),
    }
}

fn hand(household: HouseholdId, language: Option<&str>) -> Hand {
    Hand {
        household,
        citizens: 1,
        score: household % 7,
        language: language.map(str::to_owned),
    }
}

fn counts(deal: &Deal) -> Vec<usize> {
    deal.lists.iter().map(|list| list.households.len()).collect()
}

fn table() -> impl Strategy<Value = (Vec<Hand>, Vec<Player>)> {
    let language = prop::option::of(prop::sample::select(vec!["en", "es", "vi"]));
    let hands = prop::collection::vec((language, 1u32..6, -50i64..50), 0..120);
    let players = prop::collection::vec((0u32..9, prop::collection::vec("(en|es)", 0..3)), 0..7);
    (hands, players).prop_map(|(hands, players)| {
        let hands = (1..)
            .zip(hands)
            .map(|(household, (language, citizens, score))| Hand {
                household,
                citizens,
                score,
                language: language.map(str::to_owned),
            });
        let players = (1..).zip(players).map(|(user, (weight, languages))| Player {
            user,
            weight,
            languages,
        });
        (hands.collect(), players.collect())
    })
}

proptest! {
    #[test]
    fn every_household_is_dealt_once_and_the_same_seed_deals_the_same(
        (hands, players) in table(), seed: u64, by in prop::sample::select(By::ALL),
    ) {
        let dealt = deal(by, &hands, &players, seed);
        let given: Vec<HouseholdId> =
            dealt.lists.iter().flat_map(|list| &list.households).chain(&dealt.pool).copied().collect();
        let once: BTreeSet<HouseholdId> = given.iter().copied().collect();
        prop_assert_eq!((given.len(), once.len()), (hands.len(), hands.len()));
        let citizens: u64 = dealt.lists.iter().map(|list| list.citizens).sum();
        let pooled = hands.iter().filter(|hand| dealt.pool.contains(&hand.household)).map(|hand| u64::from(hand.citizens));
        prop_assert_eq!(citizens + pooled.sum::<u64>(), hands.iter().map(|hand| u64::from(hand.citizens)).sum::<u64>());
        prop_assert_eq!(deal(by, &hands, &players, seed), dealt);
    }

    #[test]
    fn even_and_priority_differ_by_one_at_most((hands, players) in table(), seed: u64) {
        for by in [By::Even, By::Priority] {
            let counts = counts(&deal(by, &hands, &players, seed));
            let spread = counts.iter().max().unwrap_or(&0) - counts.iter().min().unwrap_or(&0);
            prop_assert!(spread <= 1, "{:?}", counts);
        }
    }

    #[test]
    fn weights_are_kept_to_within_one_household((hands, players) in table(), seed: u64) {
        let total: u64 = players.iter().map(|player| u64::from(player.weight)).sum();
        let dealt = deal(By::Weight, &hands, &players, seed);
        prop_assert_eq!(dealt.pool.len(), if total == 0 { hands.len() } else { 0 });
        for (list, player) in dealt.lists.iter().zip(&players).filter(|_| total > 0) {
            let fair = hands.len() as f64 * f64::from(player.weight) / total as f64;
            prop_assert!((list.households.len() as f64) < fair + players.len() as f64);
            prop_assert!(list.households.len() as f64 > fair - 1.0 - 1e-6, "{:?}", (list, fair));
        }
    }

    #[test]
    fn what_callers_hold_already_counts(n in 0usize..60, held in prop::collection::vec(0usize..20, 1..6), seed: u64) {
        let players: Vec<Player> = (0..).zip(&held).map(|(user, _)| player(user, 1, &[])).collect();
        let hands: Vec<Hand> = (0..).take(n).map(|household| hand(household, None)).collect();
        let dealt = deal_onto((By::Even, false), &hands, &players, &held, seed);
        let totals: Vec<usize> = counts(&dealt).iter().zip(&held).map(|(dealt, held)| dealt + held).collect();
        let fullest_that_got = totals.iter().zip(counts(&dealt)).filter(|(_, got)| *got > 0).map(|(t, _)| *t).max();
        prop_assert!(fullest_that_got.unwrap_or(0) <= totals.iter().min().unwrap() + 1);
    }
}

#[test]
fn who_speaks_a_language_gets_it_and_less_of_the_rest() {
    let callers = [player(1, 1, &["en"]), player(2, 1, &["en", "es"])];
    let hands: Vec<Hand> = (0..40)
        .map(|n| hand(n, Some(if n < 10 { "es" } else { "en" })))
        .collect();
    let dealt = deal(By::Language, &hands, &callers, 3);
    assert_eq!(counts(&dealt), [20, 20]);
    assert!((0..10).all(|spanish| dealt.lists[1].households.contains(&spanish)));
}

#[test]
fn a_language_nobody_speaks_is_dealt_evenly_all_the_same() {
    let hands: Vec<Hand> = (0..9).map(|n| hand(n, Some("vi"))).collect();
    let callers = [player(1, 1, &["en"]), player(2, 1, &["es"]), player(3, 1, &[])];
    assert_eq!(counts(&deal(By::Language, &hands, &callers, 3)), [3, 3, 3]);
}

#[test]
fn the_most_pressing_go_round_first() {
    let hands: Vec<Hand> = (0..6)
        .map(|n| Hand {
            score: n,
            ..hand(n, None)
        })
        .collect();
    let dealt = deal(By::Priority, &hands, &[player(1, 1, &[]), player(2, 1, &[])], 9);
    assert_eq!(dealt.lists[0].households, [5, 3, 1]);
    assert_eq!(dealt.lists[1].households, [4, 2, 0]);
}

#[test]
fn more_hours_left_is_a_longer_list_and_what_is_held_counts() {
    let callers = [player(1, 530, &["en"]), player(2, 110, &["en"])];
    let hands: Vec<Hand> = (0..44).map(|n| hand(n, None)).collect();
    let dealt = deal_onto((By::Time, false), &hands, &callers, &[0, 20], 3);
    assert_eq!(
        counts(&dealt),
        [44, 0],
        "the second holds more than her time already"
    );
    let dealt = deal_onto((By::Time, false), &hands, &callers, &[15, 5], 3);
    assert_eq!(counts(&dealt), [38, 6]);
}

#[test]
fn a_shared_list_is_dealt_to_nobody() {
    let hands: Vec<Hand> = (0..9).map(|n| hand(n, None)).collect();
    assert_eq!(deal(By::Shared, &hands, &[player(1, 1, &[])], 3).pool.len(), 9);
}

#[test]
fn another_seed_deals_otherwise() {
    let hands: Vec<Hand> = (0..50).map(|n| hand(n, None)).collect();
    let callers = [player(1, 1, &[]), player(2, 1, &[])];
    assert_ne!(
        deal(By::Even, &hands, &callers, 1),
        deal(By::Even, &hands, &callers, 2)
    );
}

#[test]
fn with_nobody_to_deal_to_all_stays_in_the_pool() {
    assert_eq!(deal(By::Even, &[hand(4, None)], &[], 1).pool, [4]);
}
