//! What was recorded: taken back, changed, for one of a household, and sent twice.

use crate::harness::{ALWAYS, Evening, HOUR, MINUTE, call_back, evening, fresh_key, outcome};
use crate::model::dying;
use makegood::domain::ids::CaseId;
use makegood::outreach::Error;
use makegood::outreach::record::{CallbackFor, Happened};
use makegood::store::{cases, messages};
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread")]
async fn undo_gives_the_household_back_and_withdraws_what_the_outcome_caused() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 1).remove(0);
        let case = home.people[0];
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let messages = |evening: &Evening| {
            evening
                .office
                .db
                .read(|conn| messages::of_case(conn, case))
                .unwrap()
        };

        let claim = evening.claims(&ana);
        let at = evening.office.now().plus_hours(2);
        let booked = evening.records(&ana, &claim, &call_back(at, CallbackFor::Me));
        assert!(matches!(
            evening.office.undo(&ben, booked.attempt),
            Err(Error::NotFound(_))
        ));
        let undone = evening.office.undo(&ana, booked.attempt).unwrap();
        let claim = undone.claim.expect("it is in her hands again");
        assert!(evening.open_callbacks().is_empty(), "the promise is withdrawn");
        assert_eq!(evening.stage(&home), "new");
        assert!(matches!(
            evening.office.undo(&ana, booked.attempt),
            Err(Error::Conflict(_))
        ));

        let left = evening.records(&ana, &claim, &outcome("voicemail"));
        assert_eq!(messages(&evening)[0].state, "queued");
        let claim = evening.office.undo(&ana, left.attempt).unwrap().claim.unwrap();
        assert_eq!(messages(&evening)[0].state, "withdrawn");

        let stopped = evening.records(&ana, &claim, &outcome("do_not_call"));
        assert!(evening.no_calls_to(&home.phone));
        evening.office.undo(&ana, stopped.attempt).unwrap();
        assert!(!evening.no_calls_to(&home.phone), "the suppression is lifted");
        assert_eq!(evening.stage(&home), "new");
        assert_eq!(evening.attempts_of(case).len(), 3, "superseded, never deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_minutes_an_outcome_is_not_undone_but_changed() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 1).remove(0);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        let at = evening.office.now().plus_hours(2);
        let first = evening.records(&ana, &claim, &call_back(at, CallbackFor::Me));
        evening.passes(5 * MINUTE + 1);
        assert!(matches!(
            evening.office.undo(&ana, first.attempt),
            Err(Error::Conflict(_))
        ));
        let changed = evening
            .office
            .change(&ana, first.attempt, &outcome("all_set"))
            .unwrap();
        assert!(evening.open_callbacks().is_empty());
        assert_eq!(evening.stage(&home), "closed");
        let standing = evening.standing_attempts_of(home.people[0]);
        assert_eq!(standing.len(), 1);
        assert_eq!(standing[0].id, changed);
        assert!(
            evening.attempts_of(home.people[0])[0].superseded_at.is_some(),
            "the old one is still to be seen"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_for_one_of_a_household_keeps_the_claim_for_the_others() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 3).remove(0);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let claim = evening.claims(&ana);
        let about = |people: &[CaseId], key: &str| Happened {
            cases: Some(people.to_vec()),
            ..outcome(key)
        };
        let first = evening.records(&ana, &claim, &about(&home.people[..1], "all_set"));
        assert_eq!(first.claim, Some(claim.id));
        assert_eq!(
            HashSet::<CaseId>::from_iter(first.rest),
            home.people[1..].iter().copied().collect()
        );
        assert_eq!(evening.waits(&ben).claimed_by_others, 1);
        let twice = about(&home.people[..1], "refused");
        let refused = evening.office.record(&ana, claim.id, "twice", &twice);
        assert!(matches!(refused, Err(Error::Conflict(_))));
        let stranger = about(&[home.people[0] + 1000], "all_set");
        let refused = evening.office.record(&ana, claim.id, "stranger", &stranger);
        assert!(matches!(refused, Err(Error::Invalid { field: "cases", .. })));

        let rest = evening.records(&ana, &claim, &outcome("no_answer"));
        assert_eq!((rest.claim, rest.rest.len()), (None, 0));
        let stages: Vec<String> = home
            .people
            .iter()
            .map(|case| {
                evening
                    .office
                    .db
                    .read(|conn| cases::find(conn, *case))
                    .unwrap()
                    .unwrap()
                    .stage
            })
            .collect();
        assert_eq!(stages, ["closed", "tried", "tried"]);
        assert_eq!(evening.waits(&ben).retry_later, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gets_the_same_answer_and_another_request_under_it_is_refused() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(2, 1).remove(0);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        let record = |happened: &Happened| evening.office.record(&ana, claim.id, "k1", happened);
        let first = record(&outcome("all_set")).unwrap();
        assert_eq!(record(&outcome("all_set")).unwrap(), first);
        evening.passes(HOUR);
        assert_eq!(record(&outcome("all_set")).unwrap(), first, "also much later");
        assert!(matches!(
            record(&outcome("refused")),
            Err(Error::Invalid {
                field: "idempotency_key",
                ..
            })
        ));
        assert_eq!(evening.attempts_of(home.people[0]).len(), 1);
        let under_new_key = evening.office.record(&ana, claim.id, "k2", &outcome("all_set"));
        assert!(matches!(under_new_key, Err(Error::Conflict(_))));
    })
    .await;
}

/// What breaks it on PostgreSQL: looking for the first answer only before the household is locked, not
/// after.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_outcomes_sent_twice_at_the_same_moment_are_recorded_once_each() {
    evening(ALWAYS, |mut evening| {
        let homes = evening.households(50, 1);
        let ana = evening.hires("ana");
        for home in &homes {
            let claim = evening.claims(&ana);
            let key = fresh_key();
            let send = || evening.office.record(&ana, claim.id, &key, &outcome("all_set"));
            let (one, two) = std::thread::scope(|scope| {
                let (one, two) = (scope.spawn(send), scope.spawn(send));
                (one.join().unwrap(), two.join().unwrap())
            });
            assert_eq!(one.unwrap(), two.unwrap());
            assert_eq!(evening.attempts_of(home.people[0]).len(), 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_and_the_e_mail_it_asks_for_are_there_together_or_not_at_all_wherever_the_process_dies() {
    dying::watch();
    evening(ALWAYS, |mut evening| {
        let ana = evening.hires("ana");
        let mut died = 0;
        for statement in 0.. {
            let home = evening.households(1, 1).remove(0);
            let (case, key, claim) = (home.people[0], fresh_key(), evening.claims(&ana));
            let records = || evening.office.record(&ana, claim.id, &key, &outcome("voicemail"));
            let there = || {
                let letters = evening.office.db.read(|conn| messages::of_case(conn, case));
                (evening.attempts_of(case).len(), letters.unwrap().len())
            };
            let done = dying::at_statement(statement, records);
            if done.is_none() {
                died += 1;
                // Of the last statement, which commits, nobody can say on which side of it the process died.
                assert!(
                    [(0, 0), (1, 1)].contains(&there()),
                    "statement {statement}: {:?}",
                    there()
                );
                records().unwrap();
            }
            assert_eq!(there(), (1, 1), "statement {statement}");
            if done.is_some() {
                break;
            }
        }
        assert!(died > 20, "an outcome is more statements than {died}");
    })
    .await;
}
