//! The API as programs use it.

use crate::harness::{App, Homes, Page, Person};
use makegood::api;
use makegood::domain::role::Role;
use makegood::outreach::Office;
use makegood::outreach::import::{Hints, ImportKind, ImportState, Received, Then};
use reqwest::Method;
use serde_json::{Value, json};

/// A program that holds somebody's token.
struct Program {
    owner: Person,
    token: String,
}

impl Program {
    async fn of(owner: Person) -> Self {
        let token = owner.token().await;
        Self { owner, token }
    }

    async fn gets(&self, path: &str) -> Page {
        self.sends(Method::GET, path, None, None).await
    }

    async fn posts(&self, path: &str, body: Value) -> Page {
        self.sends(Method::POST, path, Some(body), None).await
    }

    async fn claims(&self) -> Page {
        self.sends(Method::POST, "/api/v1/outages/april-15/claims", None, None)
            .await
    }

    async fn records(&self, claim: &Value, key: &str, body: Value) -> Page {
        let path = format!("/api/v1/claims/{}/attempts", claim["id"]);
        self.sends(Method::POST, &path, Some(body), Some(key)).await
    }

    async fn sends(&self, method: Method, path: &str, body: Option<Value>, key: Option<&str>) -> Page {
        let mut request = self.owner.request(method, path).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.owner.asks(request).await
    }
}

/// Insists on a problem document of this status; answers it.
#[track_caller]
fn problem(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.body);
    assert_eq!(page.header("content-type"), "application/problem+json");
    let told = page.json();
    assert_eq!(told["status"], status);
    for key in ["type", "title", "detail"] {
        assert!(told[key].as_str().is_some_and(|text| !text.is_empty()), "{told}");
    }
    told
}

/// An outage with so many households of two people each.
async fn april(app: &App, households: i64) {
    let office = app.office.clone();
    let made = tokio::task::spawn_blocking(move || {
        Homes::of_outage(&office, "april-15", "00:00-24:00").add(&office, households, 2)
    });
    made.await.unwrap();
}

#[tokio::test]
async fn no_address_of_the_api_opens_without_a_token_of_enough_rights() {
    let app = App::start().await;
    let stranger = app.stranger();
    let caller = Program::of(app.hires("Ana", Role::Caller).await).await;
    let supervisor = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    for route in api::declared() {
        let path = route.path.replace("{slug}", "none").replace("{id}", "999999");
        let bare = stranger.request(route.method.as_str().parse().unwrap(), &path);
        let Some(least) = route.least else {
            stranger.asks(bare).await.is(200);
            continue;
        };
        let told = stranger.asks(bare.try_clone().unwrap()).await;
        problem(&told, 401);
        assert!(told.header("www-authenticate").starts_with("Bearer"), "{path}");
        problem(&stranger.asks(bare.bearer_auth("mg_made-up")).await, 401);
        let method: Method = route.method.as_str().parse().unwrap();
        let asked = caller.sends(method.clone(), &path, None, None).await;
        assert_eq!(asked.status == 403, least > Role::Caller, "{method} {path}");
        let asked = supervisor.sends(method, &path, None, None).await;
        assert!(![401, 403, 500].contains(&asked.status), "{path}: {}", asked.body);
        if asked.status != 200 {
            problem(&asked, asked.status); // what is no outage's has a list to show
        }
    }
}

#[tokio::test]
async fn a_token_ends_with_its_account() {
    let app = App::start().await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    problem(&ana.gets("/api/v1/cases/1").await, 404);
    let id = ana.owner.id;
    app.does(move |office| office.disable_account(id, None, None))
        .await
        .unwrap();
    problem(&ana.gets("/api/v1/cases/1").await, 401);
}

#[tokio::test]
async fn whatever_goes_wrong_is_told_as_a_problem_document() {
    let app = App::start().await;
    april(&app, 1).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    problem(&ana.gets("/api/v1/nothing/here").await, 404);
    problem(&ana.gets("/api").await, 404);
    problem(&ana.gets("/api/v1/claims/seven").await, 404);
    let wrong = ana.gets("/api/v1/outages/april-15/claims").await;
    problem(&wrong, 405);
    assert_eq!(wrong.header("allow"), "POST");
    problem(&ana.gets("/api/v1/cases?limit=many&q=marlow").await, 422);

    let claim = ana.claims().await.json()["claim"].clone();
    let path = format!("/api/v1/claims/{}/attempts", claim["id"]);
    let raw = |body: Vec<u8>| {
        let request = ana.owner.request(Method::POST, &path).bearer_auth(&ana.token);
        ana.owner.asks(request.header("Idempotency-Key", "k").body(body))
    };
    let broken = raw(b"{\"outcome\": \"busy\",\n oops}".to_vec()).await;
    let told = problem(&broken, 400);
    assert!(told["detail"].as_str().unwrap().contains("line 2"), "{told}");
    problem(&raw(Vec::new()).await, 400);
    problem(&raw(vec![b' '; 300 * 1024]).await, 413);
    problem(&raw(b"{\"outcome\": 7}".to_vec()).await, 422);
    let unknown = raw(b"{\"outcome\": \"busy\", \"when\": 1}".to_vec()).await;
    let told = problem(&unknown, 422);
    assert!(told["detail"].as_str().unwrap().contains("`when`"), "{told}");
}

#[tokio::test]
async fn an_outage_is_made_in_the_words_of_the_command_line() {
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    let new = json!({
        "slug": "april-15", "name": "Income tax payments", "start": "2026-04-15T18:40",
        "end": "2026-04-15T19:02", "tz": "America/New_York", "account-format": "T-0000000",
        "calling-hours": "00:00-24:00", "holidays": "sundays, Federal 2026-04-17",
    });
    let made = eve.posts("/api/v1/outages", new.clone()).await.is(201);
    assert_eq!(made.header("location"), "/api/v1/outages/april-15");
    let read = eve.gets("/api/v1/outages/april-15").await.is(200).json();
    assert_eq!(read["start"], "2026-04-15T22:40:00.000Z");
    assert_eq!(read["account-format"], "T-0000000");
    assert_eq!(read["calling-hours"], "00:00-24:00");
    assert_eq!(read["holidays"], "federal,sundays,2026-04-17");
    let told = problem(&eve.posts("/api/v1/outages", new.clone()).await, 422);
    assert_eq!(told["errors"][0]["field"], "slug");
    let mut wrong = new;
    wrong["slug"] = json!("april-16");
    wrong["calling-hours"] = json!("nine to five");
    let told = problem(&eve.posts("/api/v1/outages", wrong).await, 422);
    assert_eq!(told["errors"][0]["field"], "calling-hours");
    let board = eve.gets("/api/v1/outages/april-15/board").await.is(200).json();
    assert_eq!(board["citizens"]["total"], 0);
    problem(&eve.gets("/api/v1/outages/april-17/board").await, 404);
}

#[tokio::test]
async fn a_program_works_the_queue_to_its_end() {
    let app = App::start().await;
    april(&app, 1).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    let new = ana.claims().await.is(201);
    let claim = new.json()["claim"].clone();
    assert_eq!(new.header("location"), format!("/api/v1/claims/{}", claim["id"]));
    assert_eq!(claim["phone"], "+14235550000");
    assert_eq!(claim["cases"].as_array().unwrap().len(), 2);
    let payment = &claim["cases"][0]["transactions"][0];
    assert_eq!(payment["amount"], "1284.00");
    assert_eq!(payment["charged"], "not_charged");
    assert!(payment["transaction_id"].as_str().unwrap().starts_with("TX-"));
    let again = ana.claims().await.is(200).json();
    assert_eq!(again["claim"], claim);
    let read = ana.gets(&format!("/api/v1/claims/{}", claim["id"])).await.is(200);
    assert_eq!(read.json()["claim"], claim);

    let body = json!({"outcome": "no_answer", "note": "", "callback_at": null});
    let path = format!("/api/v1/claims/{}/attempts", claim["id"]);
    problem(&ana.posts(&path, body.clone()).await, 400); // no Idempotency-Key
    let recorded = ana.records(&claim, "k1", body.clone()).await.is(201).json();
    assert_eq!(recorded["attempt"]["late"], false);
    assert_eq!(recorded["claim"], Value::Null);
    let again = ana.records(&claim, "k1", body).await.is(201).json();
    assert_eq!(again, recorded);
    let told = problem(
        &ana.records(&claim, "k1", json!({"outcome": "all_set"})).await,
        422,
    );
    assert_eq!(told["errors"][0]["field"], "idempotency_key");
    problem(
        &ana.records(&claim, "k2", json!({"outcome": "all_set"})).await,
        409,
    );

    let nobody = ana.claims().await.is(200).json();
    assert_eq!(nobody["claim"], Value::Null);
    let waiting = nobody["waiting"].as_object().unwrap();
    let keys = [
        "retry_later",
        "outside_hours",
        "claimed_by_others",
        "callback_later",
        "awaiting_payment",
        "other_list",
        "needs_supervisor",
        "no_phone",
        "next_at",
    ];
    for key in keys {
        assert!(waiting.contains_key(key), "{key}");
    }
    assert_eq!(waiting["retry_later"], 1);
    assert!(waiting["next_at"].is_string());

    let undo = format!("/api/v1/attempts/{}/undo", recorded["attempt"]["id"]);
    let undone = ana.posts(&undo, json!({})).await.is(200).json();
    assert_eq!(undone["claim"]["phone"], "+14235550000");
    problem(&ana.posts(&undo, json!({})).await, 409);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_used_says_which_field_is_wrong() {
    let app = App::start().await;
    april(&app, 1).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    let claim = ana.claims().await.json()["claim"].clone();
    let cases = [
        (json!({"outcome": "shrugged"}), "outcome"),
        (json!({"outcome": "call_back"}), "callback_at"),
        (
            json!({"outcome": "call_back", "callback_at": "2020-01-01T10:00:00Z"}),
            "callback_at",
        ),
        (
            json!({"outcome": "call_back", "callback_at": "tomorrow"}),
            "callback_at",
        ),
        (
            json!({"outcome": "busy", "note": "card 4111 1111 1111 1111"}),
            "note",
        ),
        (json!({"outcome": "busy", "cases": [999_999]}), "cases"),
        (json!({"outcome": "busy", "cases": []}), "cases"),
    ];
    for (body, field) in cases {
        let told = problem(&ana.records(&claim, "k", body).await, 422);
        assert_eq!(told["errors"][0]["field"], field, "{told}");
    }
    let one = claim["cases"][0]["id"].clone();
    let body = json!({"outcome": "all_set", "cases": [one]});
    let recorded = ana.records(&claim, "k", body.clone()).await.is(201).json();
    assert_eq!(recorded["claim"]["id"], claim["id"]);
    assert_eq!(
        recorded["claim"]["cases"],
        json!([{"id": claim["cases"][1]["id"]}])
    );
    ana.records(&claim, "rest", json!({"outcome": "busy"}))
        .await
        .is(201);
    let again = ana.records(&claim, "k", body).await.is(201).json();
    assert_eq!(
        again, recorded,
        "the first answer, though the claim is closed by now"
    );
}

#[tokio::test]
async fn a_claim_is_held_given_back_and_nobody_elses_business() {
    let app = App::start().await;
    april(&app, 2).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    let ben = Program::of(app.hires("Ben", Role::Caller).await).await;
    let claim = ana.claims().await.json()["claim"].clone();
    let path = format!("/api/v1/claims/{}", claim["id"]);
    let extend = format!("{path}/extend");
    problem(&ben.gets(&path).await, 404);
    problem(&ben.posts(&extend, json!({})).await, 404);
    problem(&ben.sends(Method::DELETE, &path, None, None).await, 404);
    problem(&ben.records(&claim, "k", json!({"outcome": "busy"})).await, 404);

    app.clock.advance_seconds(300);
    let extended = ana.posts(&extend, json!({})).await.is(200).json();
    assert!(extended["claim"]["expires_at"].as_str() > claim["expires_at"].as_str());
    app.clock.advance_seconds(601);
    problem(&ana.gets(&path).await, 404);
    problem(&ana.posts(&extend, json!({})).await, 409);
    let taken = ben.claims().await.is(201).json()["claim"].clone();
    assert_eq!(taken["phone"], claim["phone"]);
    let late = ana
        .records(&claim, "k", json!({"outcome": "busy"}))
        .await
        .is(201)
        .json();
    assert_eq!(late["attempt"]["late"], true);

    let path = format!("/api/v1/claims/{}", taken["id"]);
    ben.sends(Method::DELETE, &path, None, None).await.is(204);
    problem(&ben.gets(&path).await, 404);
    let next = ana.claims().await.is(201).json()["claim"].clone();
    let skip = format!("/api/v1/claims/{}/skip", next["id"]);
    assert_eq!(ana.posts(&skip, json!({})).await.is(200).json()["skips"], 1);
}

#[tokio::test]
async fn people_are_found_page_by_page_and_shown_with_their_history() {
    let app = App::start().await;
    april(&app, 6).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/cases?q=marlow&limit=5{cursor}");
        let page = ana.gets(&path).await.is(200).json();
        found.extend(
            page["cases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|case| case["id"].as_i64().unwrap()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found.len(), 12);
    assert!(found.is_sorted());
    let by_phone = ana
        .gets("/api/v1/cases?phone=423-555-0003&outage=april-15")
        .await
        .is(200)
        .json();
    assert_eq!(by_phone["cases"].as_array().unwrap().len(), 2);
    assert_eq!(by_phone["cases"][0]["outage"], "april-15");
    problem(&ana.gets("/api/v1/cases").await, 422);
    problem(&ana.gets("/api/v1/cases?phone=12").await, 422);
    problem(&ana.gets("/api/v1/cases?q=marlow&outage=none").await, 404);

    let claim = ana.claims().await.json()["claim"].clone();
    let body = json!({"outcome": "voicemail", "note": "rang twice"});
    ana.records(&claim, "k", body).await.is(201);
    let case = ana
        .gets(&format!("/api/v1/cases/{}", claim["cases"][0]["id"]))
        .await
        .is(200)
        .json();
    assert_eq!(case["stage"], "tried");
    assert_eq!(case["attempts"][0]["outcome"], "voicemail");
    assert_eq!(case["attempts"][0]["by"], "Ana");
    assert_eq!(case["attempts"][0]["note"], "rang twice");
    assert_eq!(case["messages"][0]["state"], "queued");
    assert_eq!(case["transactions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn when_all_calls_are_stopped_a_program_is_told_since_when() {
    let app = App::start().await;
    april(&app, 1).await;
    let ana = Program::of(app.hires("Ana", Role::Caller).await).await;
    let stop = |office: &Office| {
        let outage = office.outage_named("april-15")?;
        office.stop_calls(outage.id, true, None)
    };
    app.does(stop).await.unwrap();
    let answer = ana.claims().await.is(200).json();
    assert_eq!(answer["claim"], Value::Null);
    assert!(answer["calls_stopped_at"].is_string());
}

const SMALL: &[u8] = include_bytes!("data/small.csv");

/// The outage of the test data.
async fn of_the_test_data(eve: &Program) {
    let truth: Value = serde_json::from_slice(include_bytes!("data/small.truth.json")).unwrap();
    let window = &truth["window"];
    let new = json!({
        "slug": "small", "name": "Income tax payments", "start": window["start"], "end": window["end_exclusive"],
        "tz": window["tz"], "account-format": "T-0000000",
    });
    eve.posts("/api/v1/outages", new).await.is(201);
}

impl Program {
    async fn imports(&self, path: &str, body: &'static [u8]) -> Page {
        let request = self.owner.request(Method::POST, path).bearer_auth(&self.token);
        let request = request.header("content-type", "text/csv").body(body);
        self.owner.asks(request).await
    }

    /// Asks until the report is there.
    async fn awaits(&self, place: &str) -> Value {
        for _ in 0..600 {
            let told = self.gets(place).await.is(200).json();
            if told["progress"].is_null() {
                return told;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the import does not end");
    }
}

#[tokio::test]
async fn a_file_is_imported_reported_known_again_and_taken_back() {
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    of_the_test_data(&eve).await;
    let path = "/api/v1/outages/small/imports";
    let taken = eve
        .imports(&format!("{path}?name=small.csv"), SMALL)
        .await
        .is(202);
    let place = taken.header("location").to_owned();
    assert_eq!(place, format!("/api/v1/imports/{}", taken.json()["import"]));
    let report = eve.awaits(&place).await;
    assert_eq!(report["status"], "applied", "{report}");
    assert_eq!((&report["rows"], &report["accepted"]), (&json!(57), &json!(46)));
    assert_eq!(report["file"], "small.csv");
    assert_eq!(report["outage"]["households"], 21);

    let form = reqwest::multipart::Part::bytes(SMALL).file_name("again.csv");
    let form = reqwest::multipart::Form::new()
        .text("note", "x")
        .part("file", form);
    let request = eve.owner.request(Method::POST, path).bearer_auth(&eve.token);
    let again = eve.owner.asks(request.multipart(form)).await.is(202);
    assert_eq!(again.json()["status"], "already_imported");
    let report = eve.awaits(again.header("location")).await;
    assert_eq!(report["status"], "already_imported");
    assert_eq!(report["outage"]["households"], 21);

    let taken_back = eve.sends(Method::DELETE, &place, None, None).await;
    assert!([202, 204].contains(&taken_back.status), "{}", taken_back.body);
    assert_eq!(eve.awaits(&place).await["status"], "undone");
    let board = eve.gets("/api/v1/outages/small/board").await.json();
    assert_eq!(board["citizens"]["total"], 0);
}

/// What breaks it: a program that names no row and sets all of them aside.
#[tokio::test]
async fn a_program_sets_rejected_rows_aside_and_takes_them_up_again() {
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    of_the_test_data(&eve).await;
    let taken = eve.imports("/api/v1/outages/small/imports", SMALL).await.is(202);
    let place = taken.header("location").to_owned();
    assert_eq!(eve.awaits(&place).await["set_aside"], 0);
    let aside = format!("{place}/set-aside");
    problem(&eve.posts(&aside, json!({})).await, 422);
    let board =
        || async { eve.gets("/api/v1/outages/small/board").await.json()["imports"]["rejected"].clone() };
    assert_eq!(board().await, 4);
    let one = eve.posts(&aside, json!({"lines": [29]})).await.is(200);
    assert_eq!(one.json()["rows"], 1);
    let rest = eve.posts(&aside, json!({"all": true})).await.is(200);
    assert_eq!(rest.json()["rows"], 3);
    assert_eq!(board().await, 0);
    let told = eve.gets(&place).await.json();
    assert_eq!((&told["set_aside"], &told["mended"]), (&json!(4), &json!(0)));
    let back = eve
        .posts(&format!("{place}/take-up-again"), json!({"all": true}))
        .await
        .is(200);
    assert_eq!(back.json()["rows"], 4);
    assert_eq!(board().await, 4);
}

/// What breaks it: `applied` as if all were done, while cases are still brought up to date.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_counts_says_so_while_cases_still_follow_it() {
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    of_the_test_data(&eve).await;
    let (id, held) = app.does(published_and_held).await.unwrap();
    let place = format!("/api/v1/imports/{id}");
    for asked in [place.clone(), format!("{place}?again=true")] {
        let told = eve.gets(&asked).await.is(200).json();
        assert_eq!(told["following"], true, "{told}");
        assert!(told["progress"]["size_bytes"].is_u64(), "{told}");
    }
    let told = eve.gets(&place).await.json();
    assert_eq!(
        (&told["status"], &told["accepted"]),
        (&json!("applied"), &json!(46))
    );
    drop(held);
    let told = eve.awaits(&place).await;
    assert_eq!(
        (&told["status"], &told["following"]),
        (&json!("applied"), &json!(false))
    );
}

/// Confirms a checked import, and lets nobody on this machine do what follows before the file is dropped.
fn published_and_held(office: &Office) -> makegood::outreach::Result<(i64, std::fs::File)> {
    let outage = office.outage_named("small")?.id;
    let received = office.receive(outage, ImportKind::Failed, "small.csv", None, SMALL)?;
    let Received::New(id) = received else {
        panic!("it is new")
    };
    office.start_import(id, Hints::default(), Then::Check)?;
    while office.import(id)?.state() != ImportState::Checked {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let held = std::fs::File::create(office.config.uploads_dir().join(format!("{id}.lock")))?;
    held.lock()?;
    office.start_publishing(id)?;
    Ok((id, held))
}

/// What breaks it: a status that nobody knows, taken for a failure or for nothing.
#[tokio::test]
async fn what_a_file_does_not_say_is_asked_and_answered_over_http() {
    const FILE: &[u8] = include_bytes!("data/exports/55_unknown_status.csv");
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    let new = json!({
        "slug": "november", "name": "Income tax payments", "start": "2026-11-24T18:40", "end": "2026-11-24T19:00",
        "tz": "America/Denver", "account-format": "T-0000000",
    });
    eve.posts("/api/v1/outages", new).await.is(201);
    let taken = eve
        .imports("/api/v1/outages/november/imports", FILE)
        .await
        .is(202);
    let place = taken.header("location").to_owned();
    let mut asked = json!(null);
    for _ in 0..600 {
        asked = eve.gets(&place).await.is(200).json();
        if asked["status"] == "needs_answers" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let question = &asked["questions"][0];
    for key in ["about", "column", "why", "choices", "proposed", "flag"] {
        assert!(!question[key].is_null(), "{key}: {asked}");
    }
    assert_eq!(question["flag"], "--leave-out PENDING");
    let cases = eve.gets("/api/v1/outages/november/board").await.json();
    assert_eq!(
        cases["citizens"]["total"], 0,
        "nothing is written before it is answered"
    );

    let answers = format!("{place}/answers");
    problem(
        &eve.posts(&answers, json!({"flags": ["--colour", "red"]})).await,
        422,
    );
    let still = eve
        .posts(&answers, json!({"flags": ["--times-in", "UTC-07:00"]}))
        .await
        .is(202);
    assert_eq!(still.json()["status"], "needs_answers");
    eve.posts(&answers, json!({"flags": [question["flag"]]}))
        .await
        .is(202);
    let report = eve.awaits(&place).await;
    assert_eq!(report["status"], "applied", "{report}");
    let told = ["accepted", "succeeded", "left_out"].map(|bin| report[bin].as_i64());
    assert_eq!(told, [Some(3), Some(1), Some(1)]);
    problem(
        &eve.posts(&answers, json!({"flags": ["--paid", "PENDING"]})).await,
        409,
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_is_too_large_is_refused() {
    let app = App::start_with(|flags| flags.upload_limit = Some("10KiB".to_owned())).await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    of_the_test_data(&eve).await;
    let path = "/api/v1/outages/small/imports";
    problem(&eve.imports("/api/v1/outages/none/imports", SMALL).await, 404);
    problem(&eve.imports(path, &[b'x'; 11 * 1024]).await, 413);
    let form = reqwest::multipart::Form::new().text("note", "no file");
    let request = eve.owner.request(Method::POST, path).bearer_auth(&eve.token);
    problem(&eve.owner.asks(request.multipart(form)).await, 400);
    let taken = eve.imports(path, b"a,b\n\"unbalanced,1\n").await.is(202);
    let report = eve.awaits(taken.header("location")).await;
    assert_eq!(report["status"], "refused", "{report}");
    assert!(report["reason"].is_string());
    let files = std::fs::read_dir(app.office.config.uploads_dir()).unwrap();
    let left = files.filter(|file| {
        file.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("arriving")
    });
    assert_eq!(left.count(), 0, "a refused upload leaves nothing behind");
}
