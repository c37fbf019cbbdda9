//! Who calls whom: dealt by time, moved for somebody who leaves, shared, and taken back.

use crate::harness::{App, Person};
use diesel::prelude::*;
use makegood::domain::ids::UserId;
use makegood::domain::outcome::Scope;
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::Happened;
use makegood::schema::{call_lists, households, outages};

const BASE: &str = "/outages/april";

/// How many households lie on somebody's list.
async fn on_list(app: &App, person: &Person) -> i64 {
    let owner: UserId = person.id;
    app.in_database(move |conn| {
        households::table
            .inner_join(call_lists::table)
            .filter(call_lists::owner_id.eq(owner))
            .count()
            .get_result(conn)
    })
    .await
}

async fn splits(eve: &Person, fields: &[(&str, &str)]) {
    eve.counts_and_sends(&format!("{BASE}/lists/split"), fields)
        .await
        .is(303);
}

/// The step that the lists' page offers to take back.
async fn takes_back(eve: &Person) {
    let page = eve.opens(&format!("{BASE}/lists")).await.is(200);
    let step = page.field("step");
    eve.sends(&format!("{BASE}/lists/undo"), &[("step", &step)])
        .await
        .is(303);
    let again = eve.sends(&format!("{BASE}/lists/undo"), &[("step", &step)]).await;
    assert_eq!(again.status, 409, "a step is taken back once");
}

#[actix_web::test]
async fn who_has_more_hours_left_gets_more_and_it_can_be_taken_back() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    app.homes(12).await;
    let (a, b) = (ana.id.to_string(), ben.id.to_string());
    let (hours_a, hours_b) = (format!("hours_{a}"), format!("hours_{b}"));
    let query = format!("by=time&caller={a}&caller={b}&{hours_a}=5&{hours_b}=1");
    let preview = eve.opens(&format!("{BASE}/lists/split?{query}")).await.is(200);
    preview
        .says("Move 12 calls")
        .says("10/h")
        .says("Due by")
        .says("Done <b>");
    let choice = [
        ("by", "time"),
        ("caller", &a),
        ("caller", &b),
        (hours_a.as_str(), "5"),
        (hours_b.as_str(), "1"),
    ];
    splits(&eve, &choice).await;
    assert_eq!((on_list(&app, &ana).await, on_list(&app, &ben).await), (10, 2));
    takes_back(&eve).await;
    assert_eq!((on_list(&app, &ana).await, on_list(&app, &ben).await), (0, 0));
}

#[actix_web::test]
async fn after_ten_minutes_a_step_stands() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let ana = app.caller("Ana").await;
    app.homes(3).await;
    splits(&eve, &[("by", "even"), ("caller", &ana.id.to_string())]).await;
    let step = eve.opens(&format!("{BASE}/lists")).await.field("step");
    app.clock.advance_seconds(601);
    eve.sends(&format!("{BASE}/lists/undo"), &[("step", &step)])
        .await
        .is(409);
    assert!(
        !eve.opens(&format!("{BASE}/lists"))
            .await
            .body
            .contains("Move them back")
    );
    assert_eq!(on_list(&app, &ana).await, 3);
}

#[actix_web::test]
async fn what_was_tried_stays_and_a_promised_callback_never_moves() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let homes = app.homes(8).await;
    let (a, b) = (ana.id.to_string(), ben.id.to_string());
    splits(&eve, &[("by", "even"), ("caller", &a)]).await;
    let outage = homes.outage.id;
    let email = ana.email.clone();
    app.does(move |office| {
        let caller = office.account(&email)?;
        for (key, outcome) in [("1", "no_answer"), ("2", "call_back")] {
            let Claimed::New(claim) = office.claim_next(&caller, outage)? else {
                panic!("nobody to call")
            };
            let promised = (outcome == "call_back").then(|| office.now().plus_hours(2));
            let happened = Happened {
                outcome: outcome.into(),
                callback_at: promised,
                callback_for: makegood::outreach::record::CallbackFor::Me,
                scope: None::<Scope>,
                ..Happened::default()
            };
            office.record(&caller, claim.id, key, &happened)?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let again = [
        ("by", "even"),
        ("caller", a.as_str()),
        ("caller", b.as_str()),
        ("again", "yes"),
        ("keep_tried", "yes"),
    ];
    splits(&eve, &again).await;
    assert_eq!(
        (on_list(&app, &ana).await, on_list(&app, &ben).await),
        (4, 4),
        "even with what stays"
    );
    let leaver = [("from", a.as_str()), ("to", b.as_str())];
    let preview = eve
        .opens(&format!("{BASE}/lists/rebalance?from={a}&to={b}"))
        .await
        .is(200);
    preview.says("Move 3 calls");
    eve.counts_and_sends(&format!("{BASE}/lists/rebalance"), &leaver)
        .await
        .is(303);
    assert_eq!(
        (on_list(&app, &ana).await, on_list(&app, &ben).await),
        (1, 7),
        "her callback stays hers"
    );
}

#[actix_web::test]
async fn one_shared_list_opens_the_pool_to_everybody() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let ana = app.caller("Ana").await;
    let homes = app.homes(3).await;
    splits(&eve, &[("by", "even"), ("caller", &ana.id.to_string())]).await;
    let id = homes.outage.id;
    app.in_database(move |conn| makegood::store::outages::set_pool_open(conn, id, false))
        .await;
    splits(&eve, &[("by", "shared")]).await;
    assert_eq!(on_list(&app, &ana).await, 0);
    let email = ana.email.clone();
    let claimed = app
        .does(move |office| office.claim_next(&office.account(&email)?, id))
        .await;
    assert!(matches!(claimed, Ok(Claimed::New(_))));
    takes_back(&eve).await;
    assert_eq!(
        on_list(&app, &ana).await,
        2,
        "the call in her hands stays where it is"
    );
}

/// What breaks it: an account that is switched off and keeps its calls, which then nobody makes.
#[actix_web::test]
async fn whoever_is_switched_off_gives_their_calls_back_and_that_is_said_before() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    app.homes(3).await;
    splits(&ada, &[("by", "even"), ("caller", &ana.id.to_string())]).await;
    assert_eq!(on_list(&app, &ana).await, 3);
    let off = format!("/accounts/{}/disable", ana.id);
    let asked = ada.sends(&off, &[]).await.is(200);
    let asked = asked.says("Disable and give 3 calls back");
    ada.sends(&off, &[("seen", "2")]).await.is(422);
    assert_eq!(
        on_list(&app, &ana).await,
        3,
        "nothing was done before it was seen"
    );
    ada.sends(&off, &[("seen", &asked.field("seen"))]).await.is(303);
    assert_eq!(on_list(&app, &ana).await, 0);
    ana.opens("/").await.is(303);
    let spare = app.caller("Ben").await;
    ada.sends(&format!("/accounts/{}/disable", spare.id), &[])
        .await
        .is(303);
}

/// What breaks it: a newer outage without anybody in it, where a caller arrives whose calls wait elsewhere.
#[actix_web::test]
async fn people_arrive_where_their_calls_are() {
    let app = App::start().await;
    let (eve, ana) = (app.supervisor("Eve").await, app.caller("Ana").await);
    app.homes(3).await;
    splits(&eve, &[("by", "even"), ("caller", &ana.id.to_string())]).await;
    app.in_database(|conn| {
        let imported = outages::published_import_id.eq(1);
        diesel::update(outages::table).set(imported).execute(conn)
    })
    .await;
    let later = [
        ("name", "May outage"),
        ("slug", "may"),
        ("start", "2027-05-15T18:40"),
        ("end", "2027-05-15T19:00"),
        ("tz", "America/Denver"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
    ];
    eve.sends("/outages", &later).await.is(303);
    for (person, place) in [(&ana, "desk"), (&eve, "board")] {
        let leads = person.opens("/").await.is(303);
        assert_eq!(leads.leads_to(), format!("/outages/april/{place}"));
    }
}
