use super::*;

fn played(policy: Policy) -> Outcome {
    let plan = Plan {
        citizens: 300,
        callers: 4,
        policy,
        seed: 7,
        runs: 4,
    };
    simulate(plan).unwrap()
}

fn dials(outcome: &Outcome, percent: usize) -> Option<f64> {
    let share = outcome.shares.iter().find(|share| share.percent == percent);
    share.unwrap().dials.map(|mean| mean.mean)
}

#[test]
fn the_scheduler_needs_fewer_calls_than_the_ways_of_others_and_breaks_no_promise() {
    let [ours, oracle] = [Policy::Makegood, Policy::Oracle].map(played);
    let others = [Policy::FixedOrder, Policy::CoolDown, Policy::LeadRecycle].map(played);
    let best = others
        .iter()
        .filter_map(|other| dials(other, 80))
        .fold(f64::INFINITY, f64::min);
    let [ours_80, oracle_80] = [&ours, &oracle].map(|outcome| dials(outcome, 80).unwrap());
    assert!(
        best - ours_80 > (best - oracle_80) / 2.0,
        "{best} {ours_80} {oracle_80}"
    );
    assert!(ours.promises > 10 && ours.promises_broken == 0);
}

#[test]
fn a_paper_list_forgets_promises_and_two_more_tries_are_not_enough() {
    assert!(played(Policy::FixedOrder).promises_broken > 0);
    assert_eq!(dials(&played(Policy::LeadRecycle), 95), None);
}

#[test]
fn the_same_seed_tells_the_same() {
    let [once, again] = [played(Policy::Makegood), played(Policy::Makegood)];
    for percent in [20, 80, 95] {
        assert_eq!(dials(&once, percent), dials(&again, percent));
    }
    assert_eq!(once.promises, again.promises);
}

#[test]
fn a_mean_has_the_interval_of_student() {
    let mean = Mean::of(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(mean.mean, 2.5);
    assert!((mean.ci95 - 2.054).abs() < 0.001, "{}", mean.ci95);
}
