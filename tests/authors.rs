//! Whose word an outcome is: who called, who changed it, who took it back.

use crate::harness::{ALWAYS, App, Homes, Person, fresh_key, outcome};
use makegood::domain::ids::CaseId;
use makegood::outreach::claim::Claimed;
use makegood::outreach::undo::Undone;

const DESK: &str = "/outages/april/desk";

/// A call that Carl recorded with a note; its case and its attempt.
async fn recorded(app: &App, carl: &Person) -> (CaseId, i64) {
    let email = carl.email.clone();
    let homes = app.does(|office| Ok(Homes::of_outage(office, "april", ALWAYS).add(office, 1, 1)));
    let case = homes.await.unwrap()[0].people[0];
    let attempt = app.does(move |office| {
        let user = office.account(&email)?;
        let outage = office.outage_named("april")?;
        let Claimed::New(claim) = office.claim_next(&user, outage.id)? else {
            panic!("there is a call");
        };
        let mut happened = outcome("all_set");
        happened.note = "What Carl heard".to_owned();
        Ok(office.record(&user, claim.id, &fresh_key(), &happened)?.attempt)
    });
    (case, attempt.await.unwrap())
}

async fn eve_changes(eve: &Person, attempt: i64) {
    let change = [("outcome", "refused"), ("note", "What Eve says")];
    eve.sends(&format!("{DESK}/attempts/{attempt}/change"), &change)
        .await
        .is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisors_change_stands_under_her_name_and_the_callers_word_stays_his() {
    let app = App::start().await;
    let (carl, eve) = (app.caller("Carl One").await, app.supervisor("Eve Stone").await);
    let (case, attempt) = recorded(&app, &carl).await;
    app.clock.advance_seconds(10 * 60);
    eve_changes(&eve, attempt).await;

    let page = eve.opens(&format!("/cases/{case}")).await.is(200);
    let rows: Vec<&str> = page
        .body
        .split("<li")
        .filter(|row| row.contains("What "))
        .collect();
    let row = |note: &str| rows.iter().find(|row| row.contains(note)).unwrap();
    assert!(row("What Eve says").contains("Eve Stone, in place of what Carl One recorded"));
    let carls = row("What Carl heard");
    assert!(
        carls.contains("Carl One") && carls.contains("changed by Eve Stone"),
        "{carls}"
    );

    carl.opens(&format!("{DESK}/recent"))
        .await
        .is(200)
        .says("Eve Stone changed it");

    let request = eve.request(reqwest::Method::GET, &format!("/api/v1/cases/{case}"));
    let told = eve
        .asks(request.bearer_auth(eve.token().await))
        .await
        .is(200)
        .json();
    let (old, new) = (&told["attempts"][0], &told["attempts"][1]);
    assert_eq!(
        (old["by"].as_str(), old["taken_back_by"].as_str()),
        (Some("Carl One"), Some("Eve Stone"))
    );
    assert_eq!(
        (new["by"].as_str(), new["changed_by"].as_str()),
        (Some("Carl One"), Some("Eve Stone"))
    );
    assert_eq!(old["at"], new["at"], "the call was when it was");
    assert!(new["changed_at"].as_str() > new["at"].as_str());

    let written = app
        .runs(&["export", "attempts", "--outage", "april", "--format", "ndjson"])
        .ends_with(0)
        .stdout;
    let rows: Vec<serde_json::Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows[0]["taken_back_by"], eve.email);
    assert_eq!(
        (&rows[1]["caller"], &rows[1]["changed_by"]),
        (&carl.email.clone().into(), &eve.email.clone().into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_an_outcome_back_is_named_and_nobody_takes_back_anothers_word() {
    let app = App::start().await;
    let (carl, eve) = (app.caller("Carl One").await, app.supervisor("Eve Stone").await);
    let (case, attempt) = recorded(&app, &carl).await;
    eve_changes(&eve, attempt).await;
    let undo = |attempt: i64| {
        let email = carl.email.clone();
        app.does(move |office| office.undo(&office.account(&email)?, attempt))
    };
    let refused = undo(attempt + 1).await.unwrap_err().to_string();
    assert!(refused.contains("Somebody else changed"), "{refused}");

    let ben = app.caller("Ben Ito").await;
    let own = [("outcome", "no_answer")];
    ben.sends(&format!("{DESK}/attempts/{}/change", attempt + 1), &own)
        .await
        .is(403);
    carl.sends(&format!("{DESK}/attempts/{}/change", attempt + 1), &own)
        .await
        .is(303);
    let Undone { .. } = undo(attempt + 2).await.unwrap();
    eve.opens(&format!("/cases/{case}"))
        .await
        .is(200)
        .says("taken back by Carl One")
        .says("changed by Carl One");
}
