//! Tax preparers and offices: many citizens behind one number, and a lane of their own.

use crate::harness::{App, Home, Homes};
use diesel::prelude::*;
use makegood::domain::ids::OutageId;
use makegood::outreach::claim::Claimed;
use makegood::schema::{cases, households};

const LANE: &str = "/outages/april/desk/switchboards";

/// An outage with three homes of one person and an office with seven.
async fn town(app: &App) -> (OutageId, Home) {
    let office = app.office.clone();
    tokio::task::spawn_blocking(move || {
        let mut homes = Homes::of_outage(&office, "april", "00:00-24:00");
        let switchboard = homes.add(&office, 1, 7).remove(0); // the most pressing of all
        homes.add(&office, 3, 1);
        (homes.outage.id, switchboard)
    })
    .await
    .unwrap()
}

#[actix_web::test]
async fn a_switchboard_is_dealt_to_nobody_and_comes_last() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let ana = app.caller("Ana").await;
    let (outage, switchboard) = town(&app).await;
    eve.opens("/outages/april/lists/split")
        .await
        .is(200)
        .says("Move 3 calls")
        .says("1 call would be on no list");
    eve.counts_and_sends(
        "/outages/april/lists/split",
        &[("by", "even"), ("caller", &ana.id.to_string())],
    )
    .await
    .is(303);
    let id = switchboard.id;
    let list: Option<i64> = app
        .in_database(move |conn| households::table.find(id).select(households::list_id).first(conn))
        .await;
    assert_eq!(list, None);
    for turn in 0..4 {
        let Claimed::New(claim) = ana.asks_for_a_call(outage).await else {
            panic!("nobody to call")
        };
        assert_eq!(claim.household_id == switchboard.id, turn == 3, "call {turn}");
        let email = ana.email.clone();
        app.does(move |office| {
            let happened = makegood::outreach::record::Happened {
                outcome: "no_answer".into(),
                ..Default::default()
            };
            office
                .record(&office.account(&email)?, claim.id, &turn.to_string(), &happened)
                .map(drop)
        })
        .await
        .unwrap();
    }
}

#[actix_web::test]
async fn a_caller_takes_a_switchboard_when_she_has_time_and_records_person_by_person() {
    let app = App::start().await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let (_, switchboard) = town(&app).await;
    ana.opens("/outages/april/desk")
        .await
        .is(200)
        .says("Switchboards (1)");
    let take = format!("{LANE}/{}/claim", switchboard.id);
    ana.opens(LANE).await.is(200).says("and 4 more").says(&take);
    ana.sends(&take, &[]).await.is(303);
    ben.opens(LANE).await.is(200).says("A colleague has it");
    ben.sends(&take, &[]).await.is(409);
    let desk = ana.opens("/outages/april/desk").await.is(200);
    assert!(
        !desk.body.contains("checked>Rosa"),
        "nobody is ticked before she says who"
    );
    let form = desk
        .body
        .split("data-outcomes")
        .next()
        .unwrap()
        .rsplit("action=\"")
        .next()
        .unwrap();
    let form = form.split('"').next().unwrap().to_owned();
    let one = switchboard.people[2];
    let fields = [
        ("key", "k1"),
        ("outcome", "all_set"),
        ("ticked", &one.to_string()),
    ]
    .map(|(k, v)| (k, v.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    ana.sends(&form, &fields).await.is(303);
    let open: i64 = app
        .in_database(move |conn| {
            cases::table
                .filter(cases::household_id.eq(switchboard.id).and(cases::stage.eq("new")))
                .count()
                .get_result(conn)
        })
        .await;
    assert_eq!(open, 6);
    ana.sends(&form, &[("key", "k2"), ("outcome", "all_set")])
        .await
        .is(422)
        .says("Tick a client first");
    // What is said of the number needs no tick, and is for all who are left.
    ana.sends(&form, &[("key", "k3"), ("outcome", "someone_else")])
        .await
        .is(303);
    let tried: i64 = app
        .in_database(move |conn| {
            cases::table
                .filter(
                    cases::household_id
                        .eq(switchboard.id)
                        .and(cases::stage.eq("tried")),
                )
                .count()
                .get_result(conn)
        })
        .await;
    assert_eq!(tried, 6);
}
