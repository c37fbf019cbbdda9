//! The queue at its edges: many callers at once, leases that lapse, promises and calling hours.

use crate::harness::{ALWAYS, Evening, HOUR, MINUTE, call_back, evening, fresh_key, outcome};
use makegood::db::Trouble;
use makegood::domain::ids::HouseholdId;
use makegood::domain::skip_reason::SkipReason;
use makegood::domain::timestamp::Timestamp;
use makegood::domain::zone::Zone;
use makegood::outreach::Error;
use makegood::outreach::accounts::User;
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::CallbackFor;
use makegood::outreach::waiting::Waiting;
use makegood::store::{call_lists, claims, households};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What breaks it: a queue that does not look at claims, without the partial unique indexes of `claims`
/// (two callers hold one household at once); on PostgreSQL, a claim without a lock and those indexes.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_callers_at_once_never_share_a_household_and_record_each_once() {
    const CALLERS: usize = 16;
    const HOUSEHOLDS: i64 = 500; // more of them find nothing more and take longer
    evening(ALWAYS, |mut evening| {
        let homes = evening.households(HOUSEHOLDS, 1);
        let callers: Vec<User> = (0..CALLERS)
            .map(|number| evening.hires(&format!("caller{number}")))
            .collect();
        let held = Mutex::new(HashSet::new());
        let over = AtomicBool::new(false);
        let begun = std::time::Instant::now();
        let recorded: usize = std::thread::scope(|scope| {
            let working: Vec<_> = callers
                .iter()
                .map(|caller| scope.spawn(|| works_to_the_end(&evening, caller, &held)))
                .collect();
            let watching = scope.spawn(|| watches(&evening, &over));
            let recorded = working.into_iter().map(|thread| thread.join().unwrap()).sum();
            over.store(true, Ordering::Relaxed);
            assert!(watching.join().unwrap() > 0, "nobody watched");
            recorded
        });
        assert_eq!(recorded, homes.len());
        println!("{recorded} households in {} s", begun.elapsed().as_secs_f32());
        for home in &homes {
            let attempts = evening.attempts_of(home.people[0]);
            assert_eq!(attempts.len(), 1, "{home:?}");
            assert!(!attempts[0].late);
            assert_eq!(evening.stage(home), "closed");
        }
    })
    .await;
}

/// Claims and records until nobody is left; now and then gives a household back. `held` knows who is on
/// the phone with whom, whatever the database thinks.
fn works_to_the_end(evening: &Evening, caller: &User, held: &Mutex<HashSet<HouseholdId>>) -> usize {
    let mut recorded = 0;
    loop {
        let outage = evening.homes.outage.id;
        let claim = match patiently(|| evening.office.claim_next(caller, outage)) {
            Claimed::New(claim) => claim,
            Claimed::Nobody(waiting) if waiting.claimed_by_others > 0 => {
                std::thread::sleep(Duration::from_millis(5)); // one of these may be given back
                continue;
            }
            Claimed::Nobody(_) => return recorded,
            other => panic!("{other:?}"),
        };
        let alone = held.lock().unwrap().insert(claim.household_id);
        assert!(alone, "two callers hold household {}", claim.household_id);
        let gives_up = rand::random::<u8>() < 16;
        held.lock().unwrap().remove(&claim.household_id);
        if gives_up {
            patiently(|| evening.office.release_claim(caller, claim.id));
        } else {
            let key = fresh_key();
            patiently(|| evening.office.record(caller, claim.id, &key, &outcome("all_set")));
            recorded += 1;
        }
    }
}

/// Does a verb again while the database is busy, as a desk does.
fn patiently<T>(verb: impl Fn() -> makegood::outreach::Result<T>) -> T {
    loop {
        match verb() {
            Err(Error::Database(Trouble::Busy) | Error::Crowded) => {}
            done => return done.unwrap(),
        }
    }
}

/// Looks into the database until the evening is over; answers how often.
fn watches(evening: &Evening, over: &AtomicBool) -> usize {
    let mut looks = 0;
    while !over.load(Ordering::Relaxed) {
        let (outage, now) = (evening.homes.outage.id, evening.office.now());
        let live = evening
            .office
            .db
            .read(|conn| claims::live(conn, outage, now))
            .unwrap();
        let households: HashSet<_> = live.iter().map(|claim| claim.household_id).collect();
        let callers: HashSet<_> = live.iter().map(|claim| claim.user_id).collect();
        assert_eq!((households.len(), callers.len()), (live.len(), live.len()));
        looks += 1;
        std::thread::sleep(Duration::from_millis(3));
    }
    looks
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_after_the_lease_lapsed_is_kept_and_flagged_when_a_colleague_took_over() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 1).remove(0);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let hers = evening.claims(&ana);
        assert_eq!(evening.waits(&ben).claimed_by_others, 1);
        evening.passes(10 * MINUTE + 1);
        let his = evening.claims(&ben);
        assert!(his.id > hers.id, "a later claim has a larger number");

        let late = evening.records(&ana, &hers, &outcome("no_answer"));
        assert!(late.late);
        let live = evening.office.live_claim(&ben, evening.homes.outage.id).unwrap();
        assert_eq!(live.unwrap().id, his.id, "Ben keeps what he has");
        let in_time = evening.records(&ben, &his, &outcome("all_set"));
        assert!(!in_time.late);
        let flags: Vec<bool> = evening
            .attempts_of(home.people[0])
            .iter()
            .map(|one| one.late)
            .collect();
        assert_eq!(flags, [true, false], "both are kept");
        assert_eq!(evening.stage(&home), "closed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_after_the_lease_lapsed_is_in_time_when_nobody_took_over() {
    evening(ALWAYS, |mut evening| {
        evening.households(1, 1);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        evening.passes(HOUR);
        assert!(!evening.records(&ana, &claim, &outcome("all_set")).late);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_is_extended_lives_on_and_a_lapsed_one_cannot_be() {
    evening(ALWAYS, |mut evening| {
        evening.households(1, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let claim = evening.claims(&ana);
        evening.passes(9 * MINUTE);
        let until = evening.office.extend_claim(&ana, claim.id).unwrap();
        assert!(until > claim.expires_at);
        evening.passes(9 * MINUTE);
        assert_eq!(evening.waits(&ben).claimed_by_others, 1);
        assert!(matches!(
            evening.office.extend_claim(&ben, claim.id),
            Err(Error::NotFound(_))
        ));
        evening.passes(2 * MINUTE);
        assert!(matches!(
            evening.office.extend_claim(&ana, claim.id),
            Err(Error::Conflict(_))
        ));
        evening.claims(&ben);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_given_again_until_it_is_finished_or_given_back() {
    evening(ALWAYS, |mut evening| {
        evening.households(2, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let first = evening.claims(&ana);
        let Claimed::Same(again) = evening.asks(&ana) else {
            panic!("another household")
        };
        assert_eq!(again.id, first.id);
        evening.office.release_claim(&ana, first.id).unwrap();
        assert_eq!(evening.claims(&ben).household_id, first.household_id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_household_comes_last_and_after_five_skips_a_supervisor_sees_it() {
    evening(ALWAYS, |mut evening| {
        let homes = evening.households(2, 1);
        let ana = evening.hires("ana");
        let mut seen = Vec::new();
        for _ in 0..4 {
            let claim = evening.claims(&ana);
            seen.push(claim.household_id);
            evening.office.skip(&ana, claim.id, SkipReason::NotNow).unwrap();
            evening.office.skip(&ana, claim.id, SkipReason::NotNow).unwrap(); // sent twice
        }
        let (one, two) = (homes[0].id, homes[1].id);
        assert_eq!(seen, [one, two, one, two], "never straight back");
        for _ in 0..6 {
            let claim = evening.claims(&ana);
            evening.office.skip(&ana, claim.id, SkipReason::NotNow).unwrap();
        }
        assert_eq!(evening.waits(&ana).needs_supervisor, 2);
        assert_eq!(evening.stage(&homes[0]), "needs_supervisor");
    })
    .await;
}

/// More become due at once than one claim brings into their lanes, and more than one look ahead.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_due_in_a_rush_is_offered_once_each_and_nobody_is_left() {
    const RUSH: i64 = 200;
    evening(ALWAYS, |mut evening| {
        let homes = evening.households(RUSH, 1);
        let ana = evening.hires("ana");
        let calls = |evening: &Evening, key: &str| -> HashSet<HouseholdId> {
            let call = |_: &_| {
                let claim = evening.claims(&ana);
                evening.records(&ana, &claim, &outcome(key));
                claim.household_id
            };
            homes.iter().map(call).collect()
        };
        assert_eq!(calls(&evening, "no_answer").len(), homes.len());
        assert_eq!(evening.waits(&ana).retry_later, RUSH);
        // The likeliest hour within a day of the first that is allowed, which is three hours from now.
        evening.passes(48 * HOUR);
        assert_eq!(calls(&evening, "all_set").len(), homes.len());
        assert_eq!(evening.waits(&ana), Waiting::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_queue_says_why() {
    evening(ALWAYS, |mut evening| {
        evening.households(7, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let promised = evening.office.now().plus_hours(1);
        let outcomes = [
            outcome("no_answer"),
            call_back(promised, CallbackFor::Anyone),
            outcome("will_pay"),
            outcome("deceased"),
            outcome("wrong_number"),
        ];
        for happened in outcomes {
            let claim = evening.claims(&ana);
            evening.records(&ana, &claim, &happened);
        }
        let bens = evening.claims(&ben);
        let others = evening.claims(&ana);
        evening.office.release_claim(&ana, others.id).unwrap();
        let (outage, now) = (evening.homes.outage.id, evening.office.now());
        evening
            .office
            .db
            .write(|conn| {
                let list = call_lists::add(conn, outage, "Ben", (Some(ben.id), None), now)?;
                households::set_list(conn, &[bens.household_id, others.household_id], Some(list))
            })
            .unwrap();
        let waiting = evening.waits(&ana);
        assert_eq!(
            waiting,
            Waiting {
                retry_later: 1,
                callback_later: 1,
                awaiting_payment: 1,
                needs_supervisor: 1,
                no_phone: 1,
                claimed_by_others: 1,
                other_list: 1,
                outside_hours: 0,
                next_at: waiting.next_at,
            }
        );
        assert_eq!(
            waiting.next_at,
            Some(promised),
            "the callback is the first to come"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_due_callback_comes_to_who_promised_it_and_after_fifteen_minutes_to_anyone() {
    evening(ALWAYS, |mut evening| {
        let homes = evening.households(3, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let claim = evening.claims(&ana);
        let at = evening.office.now().plus_minutes(30);
        evening.records(&ana, &claim, &call_back(at, CallbackFor::Me));
        assert_eq!(evening.open_callbacks().len(), 1);

        evening.passes(31 * MINUTE);
        let bens = evening.claims(&ben);
        assert_eq!(bens.household_id, homes[1].id, "hers is not his yet");
        evening.office.release_claim(&ben, bens.id).unwrap();
        let hers = evening.claims(&ana);
        assert_eq!(
            hers.household_id, homes[0].id,
            "a promise comes before everything"
        );
        evening.office.release_claim(&ana, hers.id).unwrap();

        evening.passes(15 * MINUTE);
        let orphaned = evening.claims(&ben);
        assert_eq!(orphaned.household_id, homes[0].id);
        evening.records(&ben, &orphaned, &outcome("all_set"));
        assert!(evening.open_callbacks().is_empty(), "the promise is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_before_eight_or_after_nine_at_their_place() {
    evening("08:00-21:00", |mut evening| {
        evening.households(1, 1);
        let ana = evening.hires("ana");
        let zone: Zone = "America/New_York".parse().unwrap();
        let tomorrow = zone.local(evening.office.now()).date().tomorrow().unwrap();
        let at = |hour, minute| zone.at(tomorrow.at(hour, minute, 0, 0)).instant();
        let goes_to = |time: Timestamp| evening.passes(time.seconds_since(evening.office.now()) + 1);

        goes_to(at(7, 58));
        let waiting = evening.waits(&ana);
        assert_eq!((waiting.outside_hours, waiting.next_at), (1, Some(at(8, 0))));
        goes_to(at(8, 0));
        let claim = evening.claims(&ana);
        let too_late = call_back(at(21, 30), CallbackFor::Me);
        let refused = evening.office.record(&ana, claim.id, "k1", &too_late);
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "callback_at",
                ..
            })
        ));
        let past = call_back(at(7, 0), CallbackFor::Me);
        let refused = evening.office.record(&ana, claim.id, "k1", &past);
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "callback_at",
                ..
            })
        ));
        evening.office.release_claim(&ana, claim.id).unwrap();
        goes_to(at(21, 0));
        assert_eq!(evening.waits(&ana).outside_hours, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_calls_are_stopped_nobody_is_offered_but_a_call_in_hand_may_be_finished() {
    evening(ALWAYS, |mut evening| {
        evening.households(2, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let claim = evening.claims(&ana);
        let outage = evening.homes.outage.id;
        evening.office.stop_calls(outage, true, None).unwrap();
        assert!(matches!(evening.asks(&ben), Claimed::Stopped { .. }));
        assert!(matches!(evening.asks(&ana), Claimed::Same(_)));
        evening.records(&ana, &claim, &outcome("all_set"));
        assert!(matches!(evening.asks(&ana), Claimed::Stopped { .. }));
        evening.office.stop_calls(outage, false, None).unwrap();
        evening.claims(&ben);
    })
    .await;
}
