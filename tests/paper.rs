//! Calls on paper: printed, held from every desk, entered later.

use crate::harness::{App, Homes};
use diesel::prelude::*;
use makegood::outreach::claim::Claimed;
use makegood::schema::{attempts, cases};

const PAPER: &str = "/outages/april/paper";

#[actix_web::test]
async fn a_line_of_a_household_says_for_whom_it_is_and_stays_until_everybody_is_entered() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let ana = app.caller("Ana").await;
    let home = app
        .does(|office| {
            let mut homes = Homes::of_outage(office, "april", "00:00-24:00");
            Ok(homes.add(office, 1, 2).remove(0))
        })
        .await
        .unwrap();
    let sheet = eve
        .sends(PAPER, &[("caller", &ana.id.to_string()), ("calls", "1")])
        .await
        .is(303);
    let enter = format!("{}/enter", sheet.leads_to());
    app.clock.advance_seconds(10 * 60);
    let form = eve.opens(&enter).await.is(200);
    let at = form.body.split("type=\"datetime-local\"").nth(1).unwrap();
    let at = at
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let name = |field: &str| format!("{field}_{}", home.id);
    let line = async |outcome: &str, whom: &str| {
        let (o, w, t) = (name("outcome"), name("whom"), name("at"));
        eve.sends(
            &enter,
            &[
                (o.as_str(), outcome),
                (w.as_str(), whom),
                (t.as_str(), at.as_str()),
            ],
        )
        .await
    };
    line("all_set", "").await.is(422).says("Choose for whom it is.");
    let (one, other) = (home.people[0].to_string(), home.people[1].to_string());
    line("all_set", &one).await.is(200).says("1 saved");
    line("refused", &one).await.is(422);
    line("refused", &other)
        .await
        .is(200)
        .says("Every line has its result");
    let resolved: Vec<Option<String>> = app
        .in_database(move |conn| cases::table.order(cases::id).select(cases::resolution).load(conn))
        .await;
    let resolved: Vec<&str> = resolved.iter().flatten().map(String::as_str).collect();
    assert_eq!(resolved, ["resolved_by_call", "declined"]);
}

#[actix_web::test]
async fn what_is_printed_is_at_no_desk_until_its_results_are_entered() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let outage = app.homes(3).await.outage.id;
    let sheet = eve
        .sends(PAPER, &[("caller", &ana.id.to_string()), ("calls", "2")])
        .await
        .is(303);
    let sheet = sheet.leads_to().to_owned();
    let page = eve
        .opens(&sheet)
        .await
        .is(200)
        .says("(423) 555-0000")
        .says("MAPLE 27");
    assert!(!page.body.contains("1,284"), "no amounts stand on paper");
    let Claimed::New(other) = ben.asks_for_a_call(outage).await else {
        panic!("the third can be called")
    };
    assert!(
        matches!(ana.asks_for_a_call(outage).await, Claimed::Nobody(_)),
        "the others are on paper"
    );
    app.clock.advance_seconds(10 * 60);
    let enter = format!("{sheet}/enter");
    let form = eve.opens(&enter).await.is(200);
    let ids: Vec<String> = form
        .body
        .split("name=\"outcome_")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let at = form
        .body
        .split("type=\"datetime-local\"")
        .nth(1)
        .unwrap()
        .split("value=\"")
        .nth(1)
        .unwrap();
    let at = at.split('"').next().unwrap().to_owned();
    let (first, second) = (format!("outcome_{}", ids[0]), format!("outcome_{}", ids[1]));
    let (first_at, second_at) = (format!("at_{}", ids[0]), format!("at_{}", ids[1]));
    let lines = [
        (first.as_str(), "all_set"),
        (first_at.as_str(), at.as_str()),
        (second.as_str(), "call_back"),
        (second_at.as_str(), at.as_str()),
    ];
    let answer = eve.sends(&enter, &lines).await.is(422);
    answer.says("1 saved").says("Enter the time that was promised");
    let again = eve.sends(&enter, &lines).await.is(422);
    assert!(!again.body.contains("1 saved"), "a line is entered once");
    let ana_id = ana.id;
    let recorded: Vec<(String, bool)> = app
        .in_database(move |conn| {
            attempts::table
                .filter(attempts::user_id.eq(ana_id))
                .select((attempts::outcome, attempts::claim_id.is_null()))
                .load(conn)
        })
        .await;
    assert_eq!(recorded, [("all_set".to_owned(), true)]);
    let closed: i64 = app
        .in_database(|conn| {
            cases::table
                .filter(cases::resolution.eq("resolved_by_call"))
                .count()
                .get_result(conn)
        })
        .await;
    assert_eq!(closed, 1);
    eve.sends(&format!("{sheet}/back"), &[]).await.is(303);
    let Claimed::New(back) = ana.asks_for_a_call(outage).await else {
        panic!("what had no result is called again")
    };
    assert_ne!(back.household_id, other.household_id);
    ben.opens(PAPER).await.is(403);
}
