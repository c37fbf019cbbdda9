//! An administrator edits what callers can press, and what follows from it.

use crate::harness::{App, Person};
use diesel::prelude::*;
use makegood::domain::ids::{CaseId, OutageId};
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::Happened;
use makegood::schema::cases;

/// The caller's next call ends so; answers the person it was about.
async fn calls(app: &App, caller: &Person, outage: OutageId, outcome: &str) -> CaseId {
    let (email, outcome) = (caller.email.clone(), outcome.to_owned());
    let household = app
        .does(move |office| {
            let caller = office.account(&email)?;
            let Claimed::New(claim) = office.claim_next(&caller, outage)? else {
                panic!("nobody to call")
            };
            let happened = Happened {
                outcome,
                ..Happened::default()
            };
            office.record(&caller, claim.id, &rand::random::<u64>().to_string(), &happened)?;
            Ok(claim.household_id)
        })
        .await
        .unwrap();
    app.in_database(move |conn| {
        cases::table
            .filter(cases::household_id.eq(household))
            .select(cases::id)
            .first(conn)
    })
    .await
}

async fn stage(app: &App, case: CaseId) -> String {
    app.in_database(move |conn| cases::table.find(case).select(cases::stage).first(conn))
        .await
}

const SUPERVISOR: [(&str, &str); 6] = [
    ("label", "No answer"),
    ("hint", "To a supervisor"),
    ("hotkey", "1"),
    ("group", "not_reached"),
    ("rule", "escalate"),
    ("to", "supervisor"),
];

#[actix_web::test]
async fn a_new_rule_is_previewed_on_real_people_and_holds_from_now_on() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    let outage = app.homes(3).await.outage.id;
    let before = calls(&app, &ana, outage, "no_answer").await;
    app.clock.advance_seconds(1);
    let mut preview = SUPERVISOR.to_vec();
    preview.push(("go", "preview"));
    let page = ada.sends("/outcomes/no_answer", &preview).await.is(200);
    page.says("Goes to a supervisor.")
        .says("to the 1 person whose last outcome is")
        .says("Needs a supervisor");
    assert_eq!(stage(&app, before).await, "tried", "nothing is saved by looking");
    ada.sends("/outcomes/no_answer", &SUPERVISOR).await.is(303);
    ada.opens("/outcomes/no_answer")
        .await
        .is(200)
        .says("Rules before");
    app.clock.advance_seconds(1);
    let after = calls(&app, &ana, outage, "no_answer").await;
    assert_eq!(stage(&app, after).await, "needs_supervisor");
    let household = app
        .in_database(move |conn| {
            cases::table
                .find(before)
                .select(cases::household_id)
                .first::<Option<i64>>(conn)
        })
        .await;
    assert!(household.is_some());
    let path = format!("/cases/{before}/remedies");
    app.supervisor("Eve")
        .await
        .sends(&path, &[("shown", "yes")])
        .await
        .is(303);
    assert_eq!(
        stage(&app, before).await,
        "tried",
        "who was called before stays where she was"
    );
}

#[actix_web::test]
async fn an_outcome_is_added_used_put_in_order_and_retired() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    let outage = app.homes(3).await.outage.id;
    let new = [
        ("key", "sent_link"),
        ("label", "Sent the link"),
        ("hint", ""),
        ("hotkey", "l"),
        ("group", "reached"),
        ("rule", "wait"),
        ("hours", "24"),
        ("checks", "1"),
        ("template", "apology"),
    ];
    ada.sends("/outcomes", &new).await.is(303);
    let case = calls(&app, &ana, outage, "sent_link").await;
    assert_eq!(stage(&app, case).await, "awaiting_payment");
    let again = ada.sends("/outcomes", &new).await.is(422);
    again.says("Two outcomes have the key");
    let taken = [
        ("key", "other"),
        ("label", "Other"),
        ("hotkey", "1"),
        ("group", "reached"),
        ("rule", "requeue"),
    ];
    ada.sends("/outcomes", &taken)
        .await
        .is(422)
        .says("both have the key 1 on the desk");
    ada.sends("/outcomes/sent_link/place", &[("to", "up")])
        .await
        .is(303);
    let list = ada.opens("/outcomes").await.is(200).body;
    assert!(list.find("/outcomes/sent_link").unwrap() < list.find("/outcomes/technical").unwrap());
    ada.sends("/outcomes/sent_link/place", &[("to", "retired")])
        .await
        .is(303);
    ana.sends("/outages/april/desk/claim", &[]).await.is(303);
    let desk = ana.opens("/outages/april/desk").await.is(200);
    assert!(
        !desk.body.contains("value=\"sent_link\""),
        "a retired outcome is not on the desk"
    );
    desk.says("value=\"technical\"");
    app.supervisor("Eve").await.opens("/outcomes").await.is(403);
}
