//! In what order calls are made, when a supervisor changes what comes first or when citizens may be called.

use crate::harness::{ALWAYS, App, Evening, HOUR, evening, outcome};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::HouseholdId;
use makegood::domain::score::Weights;
use makegood::domain::score::order::{Order, Reason};
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::Error;
use makegood::outreach::outages::OutageChanges;
use makegood::schema::{cases, households, outages};

/// The background work, until it has nothing to look at any more.
fn refreshes(evening: &Evening) {
    while evening.office.refresh_calls().unwrap() {}
}

fn owes(evening: &Evening, home: HouseholdId, cents: i64) {
    let set = |conn: &mut Conn| {
        diesel::update(cases::table.filter(cases::household_id.eq(home)))
            .set(cases::amount_cents.eq(cents))
            .execute(conn)
    };
    evening.office.db.write(set).unwrap();
}

fn has_no_email(evening: &Evening, home: HouseholdId) {
    let set = |conn: &mut Conn| {
        diesel::update(cases::table.filter(cases::household_id.eq(home)))
            .set(cases::email.eq(None::<String>))
            .execute(conn)
    };
    evening.office.db.write(set).unwrap();
}

fn first(reason: Reason, then: Option<Reason>) -> Weights {
    Order {
        first: Some(reason),
        then,
    }
    .weights()
}

/// What breaks it: weights that are kept and change nothing for those who wait already.
#[tokio::test(flavor = "multi_thread")]
async fn whom_a_supervisor_puts_first_is_called_first() {
    evening(ALWAYS, |mut evening| {
        let homes: Vec<HouseholdId> = evening.households(120, 1).iter().map(|home| home.id).collect();
        for home in &homes {
            owes(&evening, *home, 10_000);
        }
        let (rich, silent) = (homes[110], homes[115]);
        owes(&evening, rich, 900_000);
        has_no_email(&evening, silent);
        let (ana, outage) = (evening.hires("ana"), evening.homes.outage.id);
        let weights = first(Reason::NoEmail, Some(Reason::Amount));
        evening.office.set_weights(outage, &weights, None).unwrap();
        let before = evening.office.refreshing(outage).unwrap().unwrap();
        assert_eq!((before.done, before.of), (0, 120));
        assert!(evening.office.refresh_calls().unwrap());
        let midway = evening.office.refreshing(outage).unwrap().unwrap();
        assert!(midway.done > 0 && midway.done < 120, "{midway:?}");
        refreshes(&evening);
        assert_eq!(evening.office.refreshing(outage).unwrap(), None);

        for expected in [silent, rich] {
            let claim = evening.claims(&ana);
            assert_eq!(claim.household_id, expected);
            evening.records(&ana, &claim, &outcome("all_set"));
        }
        evening.office.set_weights(outage, &weights, None).unwrap();
        assert_eq!(
            evening.office.refreshing(outage).unwrap(),
            None,
            "nothing changed"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weight_below_nothing_is_refused() {
    evening(ALWAYS, |mut evening| {
        evening.households(1, 1);
        let weights = Weights {
            deadline: -1,
            ..Weights::default()
        };
        let outage = evening.homes.outage.id;
        let refused = evening.office.set_weights(outage, &weights, None);
        assert!(matches!(refused, Err(Error::Invalid { field: "weights", .. })));
        assert_eq!(evening.office.refreshing(outage).unwrap(), None);
    })
    .await;
}

/// What breaks it: a second try that stays where the shorter hours had put it.
#[tokio::test(flavor = "multi_thread")]
async fn longer_calling_hours_bring_the_next_try_forward() {
    evening("00:00-12:00", |mut evening| {
        let home = evening.households(1, 1).remove(0).id;
        let ana = evening.hires("ana");
        let noon = next_noon(&evening);
        evening.passes(noon.seconds_since(evening.office.now()) - 2 * HOUR);
        let claim = evening.claims(&ana);
        evening.records(&ana, &claim, &outcome("no_answer"));
        let due = |evening: &Evening| {
            let column = households::table.find(home).select(households::due_at);
            let found: QueryResult<Option<Timestamp>> = evening.office.db.read(|conn| column.first(conn));
            found.unwrap().unwrap()
        };
        assert!(due(&evening).seconds_since(noon) >= 11 * HOUR, "the next morning");

        let outage = evening.homes.outage.clone();
        let to = OutageChanges {
            name: outage.name.clone(),
            starts_at: outage.starts_at,
            ends_at: outage.ends_at,
            calling_from: 0,
            calling_until: 24 * 60,
            holidays: String::new(),
            pool_open: true,
            agency_name: String::new(),
            help_phone: String::new(),
            pay_url: String::new(),
            caller_id: String::new(),
            names: None,
        };
        evening.office.change_outage(outage.id, &to, None).unwrap();
        refreshes(&evening);
        let due = due(&evening).seconds_since(evening.office.now());
        assert!(due < 14 * HOUR, "in another part of the same day: {due} s");
    })
    .await;
}

/// Twelve o'clock where the citizens are, far enough ahead.
fn next_noon(evening: &Evening) -> Timestamp {
    let zone: makegood::domain::zone::Zone = "America/New_York".parse().unwrap();
    let tomorrow = zone.local(evening.office.now()).date().tomorrow().unwrap();
    zone.at(tomorrow.at(12, 0, 0, 0)).instant()
}

/// Outages of an earlier version say nothing about who waits for another time: they are looked at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_an_earlier_version_is_looked_at_once() {
    evening(ALWAYS, |mut evening| {
        let home = evening.households(1, 1).remove(0).id;
        let ana = evening.hires("ana");
        let claim = evening.claims(&ana);
        evening.records(&ana, &claim, &outcome("no_answer"));
        let forget = |conn: &mut Conn| -> QueryResult<usize> {
            diesel::update(households::table.find(home))
                .set(households::waits_until.eq(None::<Timestamp>))
                .execute(conn)?;
            diesel::update(outages::table)
                .set(outages::refreshed_to.eq(0))
                .execute(conn)
        };
        evening.office.db.write(forget).unwrap();
        refreshes(&evening);
        let column = households::table.find(home).select(households::waits_until);
        let found: QueryResult<Option<Timestamp>> = evening.office.db.read(|conn| column.first(conn));
        assert!(found.unwrap().is_some_and(|until| until > evening.office.now()));
    })
    .await;
}

#[actix_web::test]
async fn a_supervisor_chooses_the_order_where_calls_are_split() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    app.caller("Ana").await;
    app.homes(3).await;
    let split = "/outages/april/lists/split";
    let chosen = [("first", "amount"), ("then", "deadline")];
    eve.sends("/outages/april/lists/order", &chosen).await.is(303);
    let page = eve.opens(split).await.is(200);
    page.says(r#"<option value="amount" selected>"#)
        .says(r#"<option value="deadline" selected>"#)
        .says("being put in this order");

    let mut weights: Vec<(&str, &str)> = Weights::default().all().map(|(name, _)| (name, "7")).into();
    weights.push(("own", "yes"));
    eve.sends("/outages/april/lists/order", &weights).await.is(303);
    let page = eve.opens(split).await.is(200);
    page.says("a weight of your own")
        .says(r#"name="deadline" form="weights" value="7""#);
    weights.retain(|(name, _)| *name != "deadline");
    eve.sends("/outages/april/lists/order", &weights).await.is(422);
}
