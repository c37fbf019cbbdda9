//! Shifts and breaks: no call is offered that would run past the end, and nobody's promise is forgotten.

use crate::harness::{App, Person};
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::{CallbackFor, Happened};

const DESK: &str = "/outages/april/desk";

/// Says that the shift ends in so many minutes.
async fn leaves_in(app: &App, caller: &Person, minutes: i64) {
    let email = caller.email.clone();
    app.does(move |office| {
        let end = office.now().plus_minutes(minutes);
        office.set_shift_end(&office.account(&email)?, Some(end))
    })
    .await
    .unwrap();
}

#[actix_web::test]
async fn near_the_end_of_her_shift_a_caller_is_thanked_and_not_called_upon() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let outage = app.homes(2).await.outage.id;
    leaves_in(&app, &ana, 3).await;
    assert!(
        matches!(ana.asks_for_a_call(outage).await, Claimed::Resting(_)),
        "a call takes four minutes"
    );
    let page = ana.sends(&format!("{DESK}/claim"), &[]).await.is(200);
    page.says("Your shift ends at").says("Thank you for tonight");
    app.clock.advance_seconds(4 * 60);
    ana.sends(&format!("{DESK}/claim"), &[])
        .await
        .is(200)
        .says("Your shift ended at");
    ana.sends(&format!("{DESK}/shift"), &[("ends", "")]).await.is(303);
    assert!(
        matches!(ana.asks_for_a_call(outage).await, Claimed::New(_)),
        "she stays longer"
    );
}

#[actix_web::test]
async fn on_a_break_no_call_comes_until_she_is_back() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let outage = app.homes(2).await.outage.id;
    ana.sends(&format!("{DESK}/break"), &[("minutes", "15")])
        .await
        .is(303);
    ana.opens(DESK)
        .await
        .is(200)
        .says("On a break until")
        .says("I am back");
    ana.sends(&format!("{DESK}/claim"), &[])
        .await
        .is(200)
        .says("You are on a break until");
    ana.sends(&format!("{DESK}/break"), &[("minutes", "500")])
        .await
        .is(422)
        .says("between 1 and 120 minutes");
    ana.sends(&format!("{DESK}/break"), &[]).await.is(422);
    ana.sends(&format!("{DESK}/break"), &[("minutes", "0")])
        .await
        .is(303);
    assert!(matches!(ana.asks_for_a_call(outage).await, Claimed::New(_)));
}

/// What breaks it: a household that nobody can call for the whole break, its hold renewed by the open page.
#[actix_web::test]
async fn a_break_holds_no_household() {
    let app = App::start().await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let outage = app.homes(1).await.outage.id;
    ana.sends(&format!("{DESK}/claim"), &[]).await.is(303);
    let desk = ana.opens(DESK).await.is(200).says("Break after this call");
    let extend = desk
        .body
        .split("data-extend=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    // After this call: she is on the line and keeps it, but not for long after.
    ana.sends(&format!("{DESK}/break"), &[("minutes", "60"), ("after", "call")])
        .await
        .is(303);
    ana.sends(&extend, &[]).await.is(204);
    assert!(matches!(ben.asks_for_a_call(outage).await, Claimed::Nobody(_)));
    for minutes in [8, 8] {
        app.clock.advance_seconds(minutes * 60);
        ana.sends(&extend, &[]).await;
        ana.opens("/look").await; // she is there
    }
    app.clock.advance_seconds(10 * 60);
    ana.sends(&extend, &[]).await.is(409);
    // At once: it is given back in the same moment.
    ana.sends(&format!("{DESK}/break"), &[("minutes", "0")])
        .await
        .is(303);
    ana.sends(&format!("{DESK}/claim"), &[]).await.is(303);
    ana.sends(&format!("{DESK}/break"), &[("minutes", "30")])
        .await
        .is(303);
    assert!(matches!(ben.asks_for_a_call(outage).await, Claimed::New(_)));
}

#[actix_web::test]
async fn who_goes_home_leaves_her_promises_to_the_team() {
    let app = App::start().await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let eve = app.supervisor("Eve").await;
    let outage = app.homes(1).await.outage.id;
    let Claimed::New(claim) = ana.asks_for_a_call(outage).await else {
        panic!("nobody to call")
    };
    let promised = Happened {
        outcome: "call_back".into(),
        callback_at: Some(app.office.now().plus_minutes(5)),
        callback_for: CallbackFor::Me,
        ..Happened::default()
    };
    let email = ana.email.clone();
    app.does(move |office| {
        office
            .record(&office.account(&email)?, claim.id, "1", &promised)
            .map(drop)
    })
    .await
    .unwrap();
    app.clock.advance_seconds(6 * 60);
    assert!(
        matches!(ben.asks_for_a_call(outage).await, Claimed::Nobody(_)),
        "it is hers for a quarter of an hour"
    );
    let (a, b) = (ana.id.to_string(), ben.id.to_string());
    let gone = [("from", a.as_str()), ("to", b.as_str()), ("gone", "yes")];
    eve.counts_and_sends("/outages/april/lists/rebalance", &gone)
        .await
        .is(303);
    let Claimed::New(kept) = ben.asks_for_a_call(outage).await else {
        panic!("her promise is lost")
    };
    assert_eq!(kept.household_id, claim.household_id);
}

#[actix_web::test]
async fn a_program_says_when_its_owners_shift_ends_and_takes_a_break() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let outage = app.homes(1).await.outage.id;
    let token = ana.token().await;
    let sends = async |path: &str, body: serde_json::Value| {
        let request = ana.request(reqwest::Method::POST, path);
        ana.asks(request.bearer_auth(&token).json(&body)).await
    };
    let end = app.office.now().plus_hours(3);
    let shift = sends("/api/v1/shift", serde_json::json!({ "ends_at": end }))
        .await
        .is(200);
    assert_eq!(shift.json()["ends_at"], end.rfc3339());
    let away = sends("/api/v1/break", serde_json::json!({ "minutes": 15 }))
        .await
        .is(200);
    assert_eq!(away.json()["breaks"].as_array().unwrap().len(), 1);
    assert!(matches!(ana.asks_for_a_call(outage).await, Claimed::Resting(_)));
    let back = sends("/api/v1/break", serde_json::json!({ "minutes": null }))
        .await
        .is(200);
    assert_eq!(back.json()["ends_at"], end.rfc3339(), "the shift goes on");
    assert!(matches!(ana.asks_for_a_call(outage).await, Claimed::New(_)));
    let past = serde_json::json!({ "ends_at": app.office.now().plus_minutes(-1) });
    assert_eq!(sends("/api/v1/shift", past).await.status, 422);
    assert_eq!(
        sends("/api/v1/break", serde_json::json!({ "minutes": 500 }))
            .await
            .status,
        422
    );
    let read = ana
        .request(reqwest::Method::GET, "/api/v1/shift")
        .bearer_auth(&token);
    assert_eq!(ana.asks(read).await.is(200).json()["ends_at"], end.rfc3339());
}
