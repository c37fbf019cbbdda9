use super::*;
use proptest::prelude::*;

pub(super) const NOW: Timestamp = Timestamp::from_micros(1_776_300_000_000_000);

/// Nothing special about them.
pub(super) fn plain() -> Pressing {
    Pressing {
        days_to_deadline: None,
        amount_cents: None,
        charged: Charged::NotCharged,
        failed_attempts: 1,
        failed_at: NOW,
        half_tries: 0,
        has_email: true,
    }
}

fn points(pressing: Pressing) -> i64 {
    score(&pressing, &Weights::default(), NOW)
}

#[test]
fn nothing_special_scores_nothing() {
    assert_eq!(points(plain()), 0);
}

#[test]
fn a_deadline_presses_the_more_the_nearer_it_is() {
    let near = |days| {
        points(Pressing {
            days_to_deadline: Some(days),
            ..plain()
        })
    };
    assert!(near(-3) == near(0) && near(0) > near(1) && near(1) > near(2) && near(2) > near(9));
    assert_eq!(near(400), 0);
}

#[test]
fn money_that_was_taken_comes_before_a_large_amount() {
    let twice = points(Pressing {
        charged: Charged::ChargedTwice,
        ..plain()
    });
    let rich = points(Pressing {
        amount_cents: Some(100_000_000),
        ..plain()
    });
    assert!(twice > rich);
}

#[test]
fn the_reasons_stand_in_order_of_weight() {
    let pressing = Pressing {
        days_to_deadline: Some(1),
        charged: Charged::ChargedTwice,
        failed_attempts: 4,
        failed_at: NOW.plus_hours(-5),
        amount_cents: Some(128_400),
        half_tries: 0,
        has_email: true,
    };
    let parts = parts(&pressing, &Weights::default(), NOW);
    let reasons: Vec<&str> = parts.iter().map(|part| part.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "Charged twice",
            "Due date tomorrow",
            "Large amount",
            "Tried to pay 4 times",
            "Waiting for 5 hours"
        ]
    );
    assert_eq!(why_now("First call", &parts), "First call. Charged twice");
    assert_eq!(why_now("First call", &[]), "First call");
}

#[test]
fn unset_weights_keep_their_defaults() {
    let weights: Weights = serde_json::from_str(r#"{"deadline":0}"#).unwrap();
    assert_eq!(
        weights,
        Weights {
            deadline: 0,
            ..Weights::default()
        }
    );
}

proptest! {
    #[test]
    fn the_score_is_the_sum_of_its_parts_for_any_input(
        days in prop::option::of(any::<i32>()), cents in prop::option::of(any::<i64>()), tries: u32, at in -1i64 << 50..1 << 50,
    ) {
        let pressing = Pressing {
            days_to_deadline: days.map(i64::from),
            amount_cents: cents,
            charged: Charged::Unknown,
            failed_attempts: tries,
            failed_at: Timestamp::from_micros(at),
            half_tries: tries,
            has_email: true,
        };
        let parts = parts(&pressing, &Weights::default(), NOW);
        prop_assert!(parts.iter().all(|part| (part.points > 0) != part.reason.contains("vain")));
        prop_assert_eq!(points(pressing), parts.iter().map(|part| part.points).sum::<i64>());
    }
}

#[test]
fn a_number_of_many_comes_before_a_number_of_few_and_one_person_adds_nothing() {
    let added: Vec<i64> = (1..5)
        .map(|people| together(people, &Weights::default()).points)
        .collect();
    assert_eq!(added[0], 0);
    assert!(added.is_sorted_by(|few, many| few < many), "{added:?}");
    assert_eq!(together(3, &Weights::default()).reason, "3 people at this number");
}
