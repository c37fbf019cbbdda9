//! Whose turn it is, and whose is not yet: the order of the groups, time between two calls to one phone, days
//! without calls, and what only specialists get.

use crate::harness::{ALWAYS, Evening, HOUR, MINUTE, call_back, evening, outcome};
use diesel::prelude::*;
use makegood::domain::ids::HouseholdId;
use makegood::domain::timestamp::Timestamp;
use makegood::domain::zone::Zone;
use makegood::outreach::Error;
use makegood::outreach::accounts::User;
use makegood::outreach::outages::OutageChanges;
use makegood::outreach::record::{CallbackFor, Happened};
use makegood::schema;
use makegood::store::{call_lists, callbacks, households};

/// The households that a caller reaches one after the other, until nobody is left.
fn reached_in_order(evening: &Evening, caller: &User, calls: usize) -> Vec<HouseholdId> {
    let call = |_| {
        let claim = evening.claims(caller);
        evening.records(caller, &claim, &outcome("all_set"));
        claim.household_id
    };
    (0..calls).map(call).collect()
}

/// A household asks for a language.
fn speaks(evening: &Evening, home: HouseholdId, language: &str) {
    let set = |conn: &mut makegood::db::Conn| {
        diesel::update(schema::households::table.find(home))
            .set(schema::households::language.eq(language))
            .execute(conn)
    };
    evening.office.db.write(set).unwrap();
}

/// A household lies on a caller's own list.
fn is_on_list_of(evening: &Evening, home: HouseholdId, owner: &User) {
    let (outage, now) = (evening.homes.outage.id, evening.office.now());
    let put = |conn: &mut makegood::db::Conn| {
        let list = call_lists::add(conn, outage, &owner.name, (Some(owner.id), None), now)?;
        households::set_list(conn, &[home], Some(list))
    };
    evening.office.db.write(put).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_come_first_then_help_then_ones_list_then_the_pool_and_other_languages_last() {
    evening(ALWAYS, |mut evening| {
        let homes: Vec<HouseholdId> = evening.households(6, 1).iter().map(|home| home.id).collect();
        let (ana, ben) = (evening.hires_specialist("ana"), evening.hires("ben"));
        let in_minutes = |evening: &Evening, minutes| evening.office.now().plus_minutes(minutes);

        let bens = evening.claims(&ben);
        let promised = call_back(in_minutes(&evening, 30), CallbackFor::Me);
        evening.records(&ben, &bens, &promised);
        let hers = evening.claims(&ana);
        let promised = call_back(in_minutes(&evening, 45), CallbackFor::Me);
        evening.records(&ana, &hers, &promised);
        let help = evening.claims(&ben);
        evening.records(&ben, &help, &outcome("needs_help"));
        is_on_list_of(&evening, homes[5], &ana); // the least pressing of all
        speaks(&evening, homes[3], "ru"); // more pressing than the other in the pool
        evening.passes(50 * MINUTE);

        let order = reached_in_order(&evening, &ana, 6);
        let [bens, hers, help] = [bens, hers, help].map(|claim| claim.household_id);
        assert_eq!(order, [hers, bens, help, homes[5], homes[4], homes[3]]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_needs_help_waits_for_a_specialist() {
    evening(ALWAYS, |mut evening| {
        evening.households(1, 1);
        let (ana, ben) = (evening.hires_specialist("ana"), evening.hires("ben"));
        let claim = evening.claims(&ben);
        evening.records(&ben, &claim, &outcome("needs_help"));
        assert_eq!(evening.waits(&ben).other_list, 1);
        assert_eq!(evening.claims(&ana).household_id, claim.household_id);
    })
    .await;
}

/// What breaks it: a household that is due as soon as one of its cases is.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_rang_for_one_person_rings_for_another_two_hours_later() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 2).remove(0);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        let first = Happened {
            cases: Some(vec![home.people[0]]),
            ..outcome("all_set")
        };
        evening.records(&ana, &claim, &first);
        let rang = evening.office.now();
        evening.office.release_claim(&ana, claim.id).unwrap();
        let waiting = evening.waits(&ana);
        assert_eq!(waiting.retry_later, 1);
        let again = waiting.next_at.unwrap().seconds_since(rang);
        assert!((2 * HOUR - 5..=2 * HOUR).contains(&again), "{again} s");
        evening.passes(2 * HOUR - MINUTE);
        evening.waits(&ana);
        evening.passes(MINUTE + 1);
        assert_eq!(evening.claims(&ana).household_id, home.id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_of_a_call_says_itself_when_the_phone_may_ring_again() {
    evening(ALWAYS, |mut evening| {
        evening.households(1, 2);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        evening.records(&ana, &claim, &outcome("technical"));
        let claim = evening.claims(&ana); // ours, and not a call
        evening.records(&ana, &claim, &outcome("busy"));
        evening.passes(20 * MINUTE);
        evening.claims(&ana);
    })
    .await;
}

/// The outage's settings with these days without calls.
fn closes_on(evening: &Evening, holidays: &str) -> makegood::outreach::Result<()> {
    let outage = &evening.homes.outage;
    let to = OutageChanges {
        name: outage.name.clone(),
        starts_at: outage.starts_at,
        ends_at: outage.ends_at,
        calling_from: outage.calling_from,
        calling_until: outage.calling_until,
        holidays: holidays.to_owned(),
        pool_open: true,
        agency_name: String::new(),
        help_phone: String::new(),
        pay_url: String::new(),
        caller_id: String::new(),
        names: None,
    };
    evening.office.change_outage(outage.id, &to, None)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_day_without_calls_nobody_is_offered_and_nothing_is_promised() {
    evening("08:00-21:00", |mut evening| {
        evening.households(1, 1);
        let ana = evening.hires("ana");
        let zone: Zone = "America/New_York".parse().unwrap();
        let tomorrow = zone.local(evening.office.now()).date().tomorrow().unwrap();
        let after = tomorrow.tomorrow().unwrap();
        let at = |day: jiff::civil::Date, hour| zone.at(day.at(hour, 0, 0, 0)).instant();
        let goes_to = |time: Timestamp| evening.passes(time.seconds_since(evening.office.now()) + 1);
        assert!(matches!(
            closes_on(&evening, "whitsun"),
            Err(Error::Invalid {
                field: "holidays",
                ..
            })
        ));

        goes_to(at(tomorrow, 10));
        let claim = evening.claims(&ana);
        closes_on(&evening, &after.to_string()).unwrap();
        let promise = call_back(at(after, 12), CallbackFor::Me);
        match evening.office.record(&ana, claim.id, "k1", &promise) {
            Err(Error::Invalid {
                field: "callback_at",
                message,
            }) => {
                assert!(message.contains("a day without calls"), "{message}")
            }
            other => panic!("{other:?}"),
        }
        evening.office.release_claim(&ana, claim.id).unwrap();
        closes_on(&evening, &tomorrow.to_string()).unwrap();
        let waiting = evening.waits(&ana);
        assert_eq!((waiting.outside_hours, waiting.next_at), (1, Some(at(after, 8))));
        closes_on(&evening, "").unwrap();
        evening.claims(&ana);
    })
    .await;
}

/// Until when a household stays out of its lane.
fn waits_until(evening: &Evening, home: HouseholdId) -> Option<Timestamp> {
    let table = schema::households::table.find(home);
    let column = |conn: &mut makegood::db::Conn| {
        table
            .select(schema::households::waits_until)
            .first::<Option<Timestamp>>(conn)
    };
    evening.office.db.read(column).unwrap()
}

/// What breaks it: a database that stores where a household stands without this column. Then claims walk past
/// everybody who waits.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_another_hour_stands_in_nobodys_way() {
    evening(ALWAYS, |mut evening| {
        evening.households(2, 1);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        assert_eq!(waits_until(&evening, claim.household_id), None);
        evening.records(&ana, &claim, &outcome("no_answer"));
        let due = households_due(&evening, claim.household_id);
        assert!(due > evening.office.now());
        assert_eq!(waits_until(&evening, claim.household_id), Some(due));

        let claim = evening.claims(&ana);
        evening.records(&ana, &claim, &outcome("all_set"));
        let never = waits_until(&evening, claim.household_id).unwrap();
        assert!(
            never > due.plus_hours(24 * 365 * 100),
            "nobody waits there any more"
        );
    })
    .await;
}

fn households_due(evening: &Evening, home: HouseholdId) -> Timestamp {
    let found = evening.office.db.read(|conn| households::find(conn, home));
    found.unwrap().unwrap().due_at.unwrap()
}

/// What breaks it: a call about one of them that counts as the call that was promised to both.
#[tokio::test(flavor = "multi_thread")]
async fn a_promise_to_two_people_stands_for_the_one_who_was_not_called() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 2).remove(0);
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        let promise = call_back(evening.office.now().plus_minutes(60), CallbackFor::Anyone);
        evening.records(&ana, &claim, &promise);
        evening.passes(60 * MINUTE);
        let claim = evening.claims(&ana);
        let one = Happened {
            cases: Some(vec![home.people[0]]),
            ..outcome("no_answer")
        };
        evening.records(&ana, &claim, &one);
        let outage = evening.homes.outage.id;
        let ledger = |conn: &mut makegood::db::Conn| callbacks::open(conn, outage, None, 10);
        assert_eq!(evening.office.db.read(ledger).unwrap().len(), 1);
        evening.records(&ana, &claim, &outcome("no_answer"));
        assert_eq!(
            evening.office.db.read(ledger).unwrap().len(),
            0,
            "now both were called"
        );
    })
    .await;
}

/// What breaks it: giving back what she has in hand before it is known that a colleague has the other one.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_cannot_have_its_household_leaves_her_the_one_in_hand() {
    evening(ALWAYS, |mut evening| {
        evening.households(2, 1);
        let (ana, ben) = (evening.hires("ana"), evening.hires("ben"));
        let claim = evening.claims(&ana);
        let attempt = evening.records(&ana, &claim, &outcome("technical")).attempt;
        let bens = evening.office.claim_household(&ben, claim.household_id).unwrap();
        let in_hand = evening.claims(&ana);
        assert_ne!(in_hand.household_id, bens.household_id);
        let undone = evening.office.undo(&ana, attempt).unwrap();
        assert!(undone.claim.is_none(), "a colleague has it");
        match evening.office.claim_next(&ana, evening.homes.outage.id).unwrap() {
            makegood::outreach::claim::Claimed::Same(claim) => assert_eq!(claim.id, in_hand.id),
            other => panic!("{other:?}"),
        }
    })
    .await;
}
