//! The ledger: what was promised, to whom, by whom, and whether it was kept.

use crate::harness::{App, Homes, Person};
use makegood::domain::ids::{HouseholdId, OutageId};
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::claim::Claimed;
use makegood::outreach::record::{CallbackFor, Happened};

const LEDGER: &str = "/outages/april/promises";

/// The caller's next call ends so; answers whom it was about.
async fn calls(app: &App, caller: &Person, outage: OutageId, happened: Happened) -> HouseholdId {
    let (email, key) = (caller.email.clone(), rand::random::<u64>().to_string());
    app.does(move |office| {
        let caller = office.account(&email)?;
        let Claimed::New(claim) = office.claim_next(&caller, outage)? else {
            panic!("nobody to call")
        };
        office.record(&caller, claim.id, &key, &happened)?;
        Ok(claim.household_id)
    })
    .await
    .unwrap()
}

fn promised(at: Timestamp) -> Happened {
    Happened {
        outcome: "call_back".into(),
        callback_at: Some(at),
        callback_for: CallbackFor::Me,
        ..Happened::default()
    }
}

fn reached() -> Happened {
    Happened {
        outcome: "all_set".into(),
        ..Happened::default()
    }
}

#[actix_web::test]
async fn a_promise_is_open_then_overdue_then_kept_late() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (ana, ben) = (app.caller("Ana Ruiz").await, app.caller("Ben Oder").await);
    let outage = app.homes(3).await.outage.id;
    let due = app.office.now().plus_minutes(30);
    let whom = calls(&app, &ana, outage, promised(due)).await;
    let kept = calls(&app, &ana, outage, promised(due)).await;
    assert_ne!(whom, kept);
    eve.opens(LEDGER)
        .await
        .is(200)
        .says("No promise has been due yet")
        .says("Ana Ruiz");
    app.clock.advance_seconds(31 * 60);
    let eve = eve.signs_in().await; // idle too long
    assert_eq!(
        calls(&app, &ana, outage, reached()).await,
        whom,
        "her own comes first"
    );
    eve.opens(LEDGER)
        .await
        .is(200)
        .says("100% of 1 promise kept on time");
    app.clock.advance_seconds(20 * 60);
    let eve = eve.signs_in().await; // idle too long
    let broken = eve.opens(&format!("{LEDGER}?standing=broken")).await.is(200);
    broken.says("The team, was Ana Ruiz").says("1 to 1 of 1");
    assert_eq!(
        calls(&app, &ben, outage, reached()).await,
        kept,
        "after a quarter of an hour it is the team's"
    );
    let late = eve
        .opens(&format!("{LEDGER}?standing=late&kind=callback"))
        .await
        .is(200);
    late.says("50% of 2 promises kept on time").says("Kept late");
    eve.opens("/outages/april/board")
        .await
        .is(200)
        .says("50% of 2 promises kept on time");
    eve.opens(&format!("{LEDGER}?owner={}", ben.id))
        .await
        .is(200)
        .says("No promise is here");
}

#[actix_web::test]
async fn what_is_owed_stands_in_the_ledger_until_billing_has_done_it() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let office = app.office.clone();
    let case = tokio::task::spawn_blocking(move || {
        let mut homes = Homes::of_outage(&office, "april", "00:00-24:00");
        homes.add(&office, 1, 1)[0].people[0]
    })
    .await
    .unwrap();
    eve.sends(
        &format!("/cases/{case}/remedies"),
        &[("remedy", "penalty_waived")],
    )
    .await
    .is(303);
    let page = eve
        .opens(&format!("{LEDGER}?kind=remedy"))
        .await
        .is(200)
        .says("Late-filing penalty waived");
    let mark = page
        .body
        .split("action=\"")
        .find(|rest| rest.contains("Mark as done"))
        .unwrap();
    let mark = mark.split('"').next().unwrap().to_owned();
    app.clock.advance_seconds(15 * 24 * 3600);
    let eve = eve.signs_in().await; // the session is long over
    eve.opens(&format!("{LEDGER}?standing=broken"))
        .await
        .is(200)
        .says("Late-filing penalty waived");
    eve.sends(&mark, &[("done", "yes")]).await.is(303);
    eve.opens(&format!("{LEDGER}?standing=late"))
        .await
        .is(200)
        .says("Not done after all");
    eve.sends(&mark, &[("done", "no")]).await.is(303);
    eve.opens(&format!("{LEDGER}?standing=late"))
        .await
        .is(200)
        .says("No promise is here");
    app.caller("Ana").await.opens(LEDGER).await.is(403);
}

#[actix_web::test]
async fn a_program_reads_the_ledger_page_by_page() {
    let app = App::start().await;
    let (eve, ana) = (app.supervisor("Eve").await, app.caller("Ana Ruiz").await);
    let outage = app.homes(2).await.outage.id;
    let due = app.office.now().plus_minutes(30);
    for minutes in [0, 5] {
        calls(&app, &ana, outage, promised(due.plus_minutes(minutes))).await;
    }
    let token = eve.token().await;
    let read = async |query: &str| {
        let address = format!("/api/v1/outages/april/promises{query}");
        eve.asks(eve.request(reqwest::Method::GET, &address).bearer_auth(&token))
            .await
    };
    let first = read("?kind=callback&limit=1").await.is(200).json();
    assert_eq!((&first["total"], &first["tally"]["open"]), (&2.into(), &2.into()));
    let promise = &first["promises"][0];
    assert_eq!(promise["due_at"], due.rfc3339());
    assert_eq!(
        (&promise["owner"], &promise["standing"]),
        (&ana.id.into(), &"open".into())
    );
    assert!(promise["name"].as_str().unwrap().starts_with("Rosa Marlow"));
    let second = read(&format!("?kind=callback&limit=1&cursor={}", first["next"]))
        .await
        .json();
    assert_ne!(second["promises"][0]["case"], promise["case"]);
    assert!(second["next"].is_null());
    assert_eq!(read("?standing=broken").await.json()["total"], 0);
    assert_eq!(read("?standing=forgotten").await.status, 422);
    assert_eq!(read("?limit=0").await.status, 422);
}
