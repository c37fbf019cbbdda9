//! What is asked for twice is done once: a double click, a form sent again, a program that tries again.

use crate::harness::{App, Page, Person, fresh_key};
use diesel::RunQueryDsl;
use makegood::db::Conn;
use makegood::domain::role::Role;
use makegood::web::once::WITHOUT_KEY;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

/// Rows of a table.
pub async fn rows(app: &App, table: &str) -> i64 {
    let query = format!("SELECT count(*) AS rows FROM {table}");
    app.in_database(move |conn: &mut Conn| diesel::sql_query(&query).get_result::<Counted>(conn))
        .await
        .rows
}

/// Sends one form twice at the same time and once more afterwards: all three are told the same.
async fn three_times(person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
    let carried = person.form_token();
    let mut fields = fields.to_vec();
    fields.insert(0, ("csrf", &carried));
    let sends = || person.sends_as_it_is(path, &fields);
    let (one, other) = tokio::join!(sends(), sends());
    let third = sends().await;
    for again in [&other, &third] {
        assert_eq!(again.status, one.status, "{path}: {}\n{}", one.body, again.body);
        assert_eq!(
            again.headers.get("location"),
            one.headers.get("location"),
            "{path}"
        );
    }
    one
}

/// The same, and the table has so many rows more.
async fn makes(app: &App, (table, more): (&str, i64), person: &Person, path: &str, fields: &[(&str, &str)]) {
    let before = rows(app, table).await;
    three_times(person, path, fields).await.is(303);
    assert_eq!(rows(app, table).await - before, more, "{path}");
}

#[test]
fn every_address_where_something_is_done_takes_a_key_or_is_named_with_its_reason() {
    let all = makegood::server::declared()
        .into_iter()
        .chain(makegood::api::declared());
    let unsafe_ones: BTreeSet<&str> = all
        .filter(|route| !route.method.is_safe())
        .map(|route| route.path)
        .collect();
    for (path, why) in WITHOUT_KEY {
        assert!(unsafe_ones.contains(path), "nothing is done at {path}");
        assert!(why.ends_with('.'), "{path}");
    }
    let named: Vec<&str> = WITHOUT_KEY.iter().map(|(path, _)| *path).collect();
    assert!(named.is_sorted(), "a path is named once, in order");
    // All others are done once; that their verbs look at the key is asserted wherever they answer in a test.
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_three_times_is_done_once() {
    let app = App::start().await;
    let homes = app.homes(6).await;
    let (eve, ana) = (app.admin("Eve").await, app.caller("Ana").await);
    let outage = [
        ("name", "May outage"),
        ("slug", "may"),
        ("start", "2026-05-15T18:40"),
        ("end", "2026-05-15T19:00"),
        ("tz", "America/Denver"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
    ];
    makes(&app, ("outages", 1), &eve, "/outages", &outage).await;
    let base = format!("/outages/{}", homes.outage.slug);
    let caller = ana.id.to_string();
    let split = [("by", "even"), ("caller", caller.as_str()), ("seen", "6")];
    makes(
        &app,
        ("list_moves", 1),
        &eve,
        &format!("{base}/lists/split"),
        &split,
    )
    .await;
    let on_paper = [("caller", caller.as_str()), ("calls", "2")];
    let lists = ("call_lists WHERE paper_for IS NOT NULL", 1);
    makes(&app, lists, &eve, &format!("{base}/paper"), &on_paper).await;
    let no_more = [("whom", "+1 423 555 0199"), ("why", "asked us")];
    makes(&app, ("suppressions", 1), &eve, "/suppressions", &no_more).await;
    let written = [
        ("version", "1"),
        ("subject", "We are sorry"),
        ("body", "Hello.\r\n\r\nSorry."),
    ];
    let text = format!("{base}/templates/apology/en");
    makes(&app, ("templates", 1), &eve, &text, &written).await;
    let wave = [
        ("template", "apology"),
        ("only", "everyone"),
        ("hold", ""),
        ("most", "3"),
        ("seen", "3"),
    ];
    let before = rows(&app, "messages").await;
    makes(
        &app,
        ("campaigns", 1),
        &eve,
        &format!("{base}/messages/send"),
        &wave,
    )
    .await;
    assert_eq!(
        rows(&app, "messages").await - before,
        3,
        "three were to be written to"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_callers_and_supervisors_decide_counts_once() {
    let app = App::start().await;
    let homes = app.homes(2).await;
    let (eve, ana) = (app.supervisor("Eve").await, app.caller("Ana").await);
    let case: i64 = app
        .in_database(|conn| {
            use diesel::prelude::*;
            use makegood::schema::cases;
            cases::table.select(cases::id).order(cases::id.desc()).first(conn)
        })
        .await;
    let decision = [("verdict", "not_affected"), ("note", "Paid by cheque.")];
    let decisions = format!("/cases/{case}/decisions");
    makes(&app, ("decisions", 1), &eve, &decisions, &decision).await;
    let claimed = ana.asks_for_a_call(homes.outage.id).await;
    let makegood::outreach::claim::Claimed::New(claim) = claimed else {
        panic!("{claimed:?}");
    };
    let key = fresh_key();
    let recorded = [
        ("outcome", "no_answer"),
        ("go", "save"),
        ("key", key.as_str()),
        ("note", ""),
    ];
    let outcome = format!("/outages/april/desk/calls/{}/outcome", claim.id);
    let before = rows(&app, "attempts").await;
    let (one, other) = tokio::join!(ana.sends(&outcome, &recorded), ana.sends(&outcome, &recorded));
    assert!(
        one.status < 400 && other.status < 400,
        "{}\n{}",
        one.body,
        other.body
    );
    ana.sends(&outcome, &recorded).await;
    assert_eq!(rows(&app, "attempts").await - before, 1);
    let attempt: i64 = app
        .in_database(|conn| {
            use diesel::prelude::*;
            use makegood::schema::attempts;
            attempts::table.select(attempts::id).first(conn)
        })
        .await;
    let undo = format!("/outages/april/desk/attempts/{attempt}/undo");
    three_times(&ana, &undo, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_with_other_entries_is_another_act() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let carried = eve.form_token();
    for (times, number) in [
        (1, "+1 423 555 0199"),
        (2, "+1 423 555 0198"),
        (2, "+1 423 555 0198"),
    ] {
        let fields = [("csrf", carried.as_str()), ("whom", number), ("why", "asked us")];
        eve.sends_as_it_is("/suppressions", &fields).await.is(303);
        assert_eq!(rows(&app, "suppressions").await, times);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_has_a_key_of_its_own_for_its_forms() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let carried = |page: &Page| page.field("csrf");
    let (one, other) = (eve.opens("/suppressions").await, eve.opens("/suppressions").await);
    assert_ne!(carried(&one), carried(&other));
    let key = carried(&one).split_once('.').unwrap().1.to_owned();
    assert!(key.len() >= 32, "nobody guesses {key}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_sent_twice_from_one_page_is_one_import() {
    let app = App::start().await;
    app.homes(1).await;
    let eve = app.supervisor("Eve").await;
    let carried = eve.form_token();
    let sends = |content: &'static str| {
        let file = reqwest::multipart::Part::bytes(content.as_bytes()).file_name("failed.csv");
        let form = reqwest::multipart::Form::new()
            .text("csrf", carried.clone())
            .part("file", file);
        eve.asks(
            eve.request(Method::POST, "/outages/april/imports")
                .multipart(form),
        )
    };
    const ONE: &str = "timestamp,account_id,email\n2026-04-15T18:41:00-04:00,T-1000002,c@example.org\n2026-04-15T18:42:00-04:00,T-1077481,a@example.org\n";
    const OTHER: &str = "timestamp,account_id,email\n2026-04-15T18:41:00-04:00,T-1000002,c@example.org\n2026-04-15T18:42:00-04:00,T-1077481,b@example.org\n";
    let before = rows(&app, "imports").await;
    let (one, again) = tokio::join!(sends(ONE), sends(ONE));
    let (one, again, third) = (one.is(303), again.is(303), sends(ONE).await.is(303));
    assert_eq!(one.leads_to(), again.leads_to());
    assert_eq!(one.leads_to(), third.leads_to());
    assert_eq!(rows(&app, "imports").await - before, 1);
    assert_ne!(
        sends(OTHER).await.leads_to(),
        one.leads_to(),
        "another file was chosen"
    );
    eve.opens(one.leads_to()).await.is(200).says("a@example.org");
}

/// A program of a person.
struct Program {
    owner: Person,
    token: String,
}

impl Program {
    async fn of(owner: Person) -> Self {
        let token = owner.token().await;
        Self { owner, token }
    }

    async fn posts(&self, path: &str, body: &Value, key: Option<&str>) -> Page {
        let mut request = self.owner.request(Method::POST, path).bearer_auth(&self.token);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.owner.asks(request.json(body)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_its_first_answer_again_and_is_told_of_another_request_under_the_same_key() {
    let app = App::start().await;
    app.homes(5).await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    let outage = json!({"slug": "may", "name": "May", "start": "2026-05-15T18:40", "end": "2026-05-15T19:00",
                        "tz": "America/Denver"});
    let wave = json!({"template": "apology", "at_most": 2});
    let lifted = json!({"whom": "+1 423 555 0199", "why": "asked us"});
    let hold = json!({"why": "a test"});
    for (path, body, other) in [
        (
            "/api/v1/outages",
            &outage,
            json!({"slug": "june", "name": "June", "start": "2026-06-15T18:40", "end": "2026-06-15T19:00", "tz": "America/Denver"}),
        ),
        (
            "/api/v1/outages/april/campaigns",
            &wave,
            json!({"template": "apology", "at_most": 3}),
        ),
        (
            "/api/v1/suppressions",
            &lifted,
            json!({"whom": "+1 423 555 0198", "why": "asked us"}),
        ),
        ("/api/v1/mail-hold", &hold, json!({"why": "another"})),
    ] {
        let key = fresh_key();
        let (one, at_once) = tokio::join!(
            eve.posts(path, body, Some(&key)),
            eve.posts(path, body, Some(&key))
        );
        let later = eve.posts(path, body, Some(&key)).await;
        assert!((200..300).contains(&one.status), "{}", one.body);
        for again in [&at_once, &later] {
            assert_eq!((again.status, &again.body), (one.status, &one.body), "{path}");
            assert_eq!(again.headers.get("location"), one.headers.get("location"));
        }
        let changed = eve.posts(path, &other, Some(&key)).await.is(422).json();
        let told = changed["detail"].as_str().unwrap();
        assert!(told.contains("used for another request"), "{changed}");
    }
    assert_eq!(rows(&app, "campaigns").await, 1);
    assert_eq!(rows(&app, "messages").await, 2);
    eve.posts("/api/v1/outages", &outage, None).await.is(422); // as before: no key, and it is there
    eve.posts("/api/v1/outages", &outage, Some(&"k".repeat(201)))
        .await
        .is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_heard_anew_and_keys_are_forgotten_after_two_days() {
    let app = App::start().await;
    let eve = Program::of(app.hires("Eve", Role::Supervisor).await).await;
    let wrong = json!({"whom": "nobody", "why": "asked us"});
    for _ in 0..2 {
        eve.posts("/api/v1/suppressions", &wrong, Some("k")).await.is(422);
    }
    assert_eq!(
        rows(&app, "idempotency_keys").await,
        0,
        "nothing was done, nothing is kept"
    );
    let right = json!({"whom": "+1 423 555 0199", "why": "asked us"});
    eve.posts("/api/v1/suppressions", &right, Some("k")).await.is(201);
    assert_eq!(rows(&app, "idempotency_keys").await, 1);
    app.clock.advance_seconds(49 * 3600);
    app.does(makegood::outreach::Office::forget_old_answers)
        .await
        .unwrap();
    assert_eq!(rows(&app, "idempotency_keys").await, 0);
}

/// Sends one form twice: what it made is shown in the first answer only, and the second says so.
async fn twice(person: &Person, path: &str, fields: &[(&str, &str)]) -> (Page, Page) {
    let carried = person.form_token();
    let mut fields = fields.to_vec();
    fields.insert(0, ("csrf", &carried));
    let first = person.sends_as_it_is(path, &fields).await.is(200);
    let again = person.sends_as_it_is(path, &fields).await.is(200);
    assert!(first.body.contains("oncepass"), "{path}: {}", first.body);
    assert!(!again.body.contains("oncepass"), "{path} shows it twice");
    (
        first,
        again.says("was made when").says("Nothing was done a second time"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_makes_one_account_one_link_and_one_token() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    let new = [
        ("name", "Grace Hill"),
        ("email", "grace@agency.example"),
        ("role", "caller"),
    ];
    twice(&ada, "/accounts", &new).await;
    assert_eq!(rows(&app, "users WHERE name = 'Grace Hill'").await, 1);
    assert_eq!(rows(&app, "password_links").await, 1);
    let (first, _) = twice(&ada, &format!("/accounts/{}/reset", ana.id), &[]).await;
    assert_eq!(rows(&app, "password_links").await, 2);
    let (_, rest) = first.body.split_once("/password/").unwrap();
    let key = rest.split('<').next().unwrap();
    let link = format!("/password/{key}");
    app.stranger().opens(&link).await.is(200).says("Ana");
    let set = [("password", "copper lake window")];
    ana.sends_as_it_is(&link, &set).await.is(303);
    let token = [("name", "Night report"), ("days", "30")];
    twice(&ana, "/account/tokens", &token).await;
    assert_eq!(rows(&app, "api_tokens").await, 1);
    let kept = "idempotency_keys WHERE response LIKE '%mg_%' OR response LIKE '%password%'";
    assert_eq!(rows(&app, kept).await, 0, "a secret is kept nowhere");
}
