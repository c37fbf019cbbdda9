//! The answer to a COMMIT is lost: what was done is found done, and nothing is done twice by doing as told.

use super::{new_outage, over_a_wire};
use crate::harness::{Page, Person, fresh_key};
use crate::once::rows;
use makegood::api::problem::UNKNOWN;
use makegood::domain::role::Role;
use makegood::outreach::claim::Claimed;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn asks(owner: &Person, token: &str, path: &str, body: &Value, key: Option<&str>) -> Page {
    let mut request = owner.request(Method::POST, path).bearer_auth(token);
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    owner.asks(request.json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_answer_was_lost_is_found_done_by_its_key() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let homes = app.homes(5).await;
    let (eve, ana) = (app.admin("Eve").await, app.caller("Ana").await);
    let base = format!("/outages/{}", homes.outage.slug);
    let caller = ana.id.to_string();
    let split = [("by", "even"), ("caller", caller.as_str()), ("seen", "5")];
    let wave = [
        ("template", "apology"),
        ("only", "everyone"),
        ("hold", ""),
        ("most", "3"),
        ("seen", "3"),
    ];
    let no_more = [("whom", "+1 423 555 0199"), ("why", "asked us")];
    let may = new_outage("may");
    for (table, more, path, fields) in [
        ("outages", 1, "/outages".to_owned(), may.as_slice()),
        ("list_moves", 1, format!("{base}/lists/split"), &split),
        ("messages", 3, format!("{base}/messages/send"), &wave),
        ("suppressions", 1, "/suppressions".to_owned(), &no_more),
    ] {
        let before = rows(&app, table).await;
        wire.swallow_commits(1);
        eve.sends(&path, fields).await.is(303);
        wire.swallow_commits(0);
        assert_eq!(rows(&app, table).await - before, more, "{path}");
    }
    assert_eq!(rows(&app, "campaigns").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_whose_answer_was_lost_is_recorded_once() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let homes = app.homes(3).await;
    let ana = app.caller("Ana").await;
    for call in 1..=3 {
        let Claimed::New(claim) = ana.asks_for_a_call(homes.outage.id).await else {
            panic!("nobody to call");
        };
        let key = fresh_key();
        let recorded = [
            ("outcome", "no_answer"),
            ("go", "save"),
            ("key", key.as_str()),
            ("note", ""),
        ];
        wire.swallow_commits(call - 1); // none, one, and the one by which it is looked up
        let path = format!("/outages/april/desk/calls/{}/outcome", claim.id);
        let told = ana.sends(&path, &recorded).await;
        wire.swallow_commits(0);
        if told.status == 503 {
            told.says("not known").says("/desk/recent");
            assert!(ana.sends(&path, &recorded).await.status < 400);
        }
        assert_eq!(rows(&app, "attempts").await, i64::try_from(call).unwrap());
        let (email, outage) = (ana.email.clone(), homes.outage.id);
        let gives_back = move |office: &makegood::outreach::Office| {
            let caller = office.account(&email)?;
            if let Claimed::Same(next) | Claimed::New(next) = office.claim_next(&caller, outage)? {
                office.release_claim(&caller, next.id)?;
            }
            Ok(())
        };
        app.does(gives_back).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_told_so_and_the_same_form_again_does_it_once() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    let carried = eve.form_token();
    let mut may = vec![("csrf", carried.as_str())];
    may.extend(new_outage("may"));
    wire.swallow_commits(2); // the second by which it is looked up
    let told = eve.sends_as_it_is("/outages", &may).await.is(503);
    wire.swallow_commits(0);
    told.says("It is not known whether this was saved")
        .says("look before you repeat it")
        .says("done only once")
        .says("href=\"/outages\"");
    assert_eq!(rows(&app, "outages").await, 1, "it was done");
    let again = eve.sends_as_it_is("/outages", &may).await.is(303);
    assert_eq!(again.leads_to(), "/outages/may/imports/new");
    assert_eq!(rows(&app, "outages").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_what_is_not_known_and_gets_the_first_answer_by_its_key() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    app.homes(4).await;
    let eve = app.hires("Eve", Role::Supervisor).await;
    let token = eve.token().await;
    let may = json!({"slug": "may", "name": "May", "start": "2026-05-15T18:40", "end": "2026-05-15T19:00",
                     "tz": "America/Denver"});
    let wave = json!({"template": "apology", "at_most": 2});
    for (path, body, table, more) in [
        ("/api/v1/outages", &may, "outages", 1),
        ("/api/v1/outages/april/campaigns", &wave, "messages", 2),
    ] {
        let (key, before) = (fresh_key(), rows(&app, table).await);
        wire.swallow_commits(2);
        let told = asks(&eve, &token, path, body, Some(&key)).await.is(503);
        wire.swallow_commits(0);
        assert_eq!(told.json()["type"], UNKNOWN);
        assert!(told.headers.get("retry-after").is_none(), "look first");
        asks(&eve, &token, path, body, Some(&key)).await.is(201);
        asks(&eve, &token, path, body, Some(&key)).await.is(201);
        assert_eq!(rows(&app, table).await - before, more, "{path}");
    }
    wire.swallow_commits(1);
    let told = asks(&eve, &token, "/api/v1/outages/april/campaigns", &wave, None)
        .await
        .is(503);
    wire.swallow_commits(0);
    assert_eq!(
        told.json()["type"],
        UNKNOWN,
        "without a key it cannot be looked up"
    );
    assert_eq!(
        rows(&app, "messages").await,
        4,
        "a mailing is there with its letters, or not at all"
    );
}

fn failed_payments(rows: u32) -> String {
    let mut csv = "transaction_id,timestamp,account_id,email,phone\n".to_owned();
    for row in 0..rows {
        csv.push_str(&format!(
            "TX-{row},2026-04-15T18:{:02}:{:02}-04:00,T-{row:07},p{row}@example.org,+1423{:07}\n",
            41 + row % 19,
            row % 60,
            5_000_000 + row
        ));
    }
    csv
}

async fn standing(place: &str, owner: &Person, token: &str) -> Option<Value> {
    let asked = owner
        .asks(owner.request(Method::GET, place).bearer_auth(token))
        .await;
    (asked.status == 200).then(|| asked.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_being_read_goes_on_when_the_database_is_back() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    app.homes(1).await;
    let kept = "transactions WHERE external_id LIKE 'TX-%'";
    let before = rows(&app, kept).await;
    let eve = app.hires("Eve", Role::Supervisor).await;
    let token = eve.token().await;
    const ROWS: u32 = 8_000;
    let upload = eve
        .request(Method::POST, "/api/v1/outages/april/imports")
        .bearer_auth(&token)
        .body(failed_payments(ROWS));
    let place = eve.asks(upload).await.is(202).leads_to().to_owned();
    let asked = Instant::now();
    let mut cuts = 0;
    loop {
        let told = standing(&place, &eve, &token).await;
        let status = told
            .as_ref()
            .map(|told| told["status"].as_str().unwrap_or_default().to_owned());
        match status.as_deref() {
            Some("applied") => break,
            Some("checking") if cuts == 0 => {
                cuts += 1;
                wire.cut(true);
                tokio::time::sleep(Duration::from_secs(1)).await;
                wire.cut(false);
            }
            Some("discarded" | "refused") => panic!("{told:?}"),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        assert!(asked.elapsed() < Duration::from_secs(110), "{told:?}");
    }
    assert_eq!(cuts, 1, "it was read too fast to be cut");
    let report = standing(&place, &eve, &token).await.unwrap();
    assert_eq!(report["accepted"], ROWS, "{report}");
    assert_eq!(
        report["rejected"],
        json!({"malformed": 0, "bad_timestamp": 0, "no_identity": 0})
    );
    assert_eq!(rows(&app, kept).await - before, i64::from(ROWS), "none twice");
}
