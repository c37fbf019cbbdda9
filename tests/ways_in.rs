//! How staff come in: passwords that they set themselves, links that work once, tokens that end.

use crate::harness::{App, Page, Person};
use diesel::prelude::*;
use makegood::domain::role::Role;
use makegood::schema::{api_tokens, password_links, sessions};

const DAY: i64 = 24 * 3600;

/// A program of somebody's asks for a case that is not there.
async fn asks(person: &Person, token: &str) -> Page {
    let request = person.request(reqwest::Method::GET, "/api/v1/cases/1");
    person.asks(request.bearer_auth(token)).await
}

/// The path of the one link on a page.
fn link_on(page: &Page) -> String {
    let (_, rest) = page.body.split_once("/password/").expect("there is no link");
    let key: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    format!("/password/{key}")
}

fn token_on(page: &Page) -> String {
    let (_, rest) = page.body.split_once("class=\"oncepass\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

async fn makes_token(person: &Person, label: &str, days: &str) -> String {
    let page = person
        .sends("/account/tokens", &[("name", label), ("days", days)])
        .await
        .is(200);
    token_on(&page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_has_an_end_and_is_taken_back_by_its_owner() {
    let app = App::start().await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let token = makes_token(&ana, "Night report", "30").await;
    asks(&ana, &token).await.is(404);
    let page = ana.opens("/account").await.is(200).says("Night report");
    assert!(!page.body.contains(&token), "it is shown once");
    assert!(page.body.contains(&format!("mg_…{}", &token[token.len() - 4..])));
    let revoke = format!("/account/tokens/{}/revoke", {
        app.in_database(|conn| api_tokens::table.select(api_tokens::id).first::<i64>(conn))
            .await
    });
    ben.sends(&revoke, &[]).await.is(404);
    asks(&ana, &token).await.is(404);
    ana.sends(&revoke, &[]).await.is(303);
    asks(&ana, &token).await.is(401).says("was taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired_says_so_and_none_is_endless() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let short = makes_token(&ana, "Today", "1").await;
    for days in ["0", "367", "endless", ""] {
        ana.sends("/account/tokens", &[("name", "x"), ("days", days)])
            .await
            .is(422)
            .says("1 to 366 days");
    }
    let usual = ana.token().await;
    app.clock.advance_seconds(DAY + 60);
    asks(&ana, &short).await.is(401).says("has expired");
    asks(&ana, "mg_made-up").await.is(401).says("unknown");
    app.clock.advance_seconds(88 * DAY);
    asks(&ana, &usual).await.is(404);
    app.clock.advance_seconds(DAY);
    asks(&ana, &usual).await.is(401).says("has expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_made_before_tokens_had_ends_ends_after_ninety_days() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    let old = ana.token().await;
    app.in_database(|conn| {
        let none: Option<makegood::domain::timestamp::Timestamp> = None;
        diesel::update(api_tokens::table)
            .set(api_tokens::expires_at.eq(none))
            .execute(conn)
    })
    .await;
    app.clock.advance_seconds(89 * DAY);
    asks(&ana, &old).await.is(404);
    app.clock.advance_seconds(2 * DAY);
    asks(&ana, &old).await.is(401).says("has expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_token_is_used_is_noted_once_a_minute() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    let token = ana.token().await;
    let used = || {
        app.in_database(|conn| {
            let at = api_tokens::table.select(api_tokens::last_used_at);
            at.first::<Option<makegood::domain::timestamp::Timestamp>>(conn)
        })
    };
    assert_eq!(used().await, None);
    asks(&ana, &token).await.is(404);
    let first = used().await.expect("it was used");
    app.clock.advance_seconds(20);
    asks(&ana, &token).await.is(404);
    assert_eq!(used().await, Some(first), "not with each request");
    app.clock.advance_seconds(60);
    asks(&ana, &token).await.is(404);
    assert!(used().await > Some(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_with_an_account_stays_ended_when_it_is_enabled_again() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    let token = ana.token().await;
    let account = format!("/accounts/{}", ana.id);
    ada.sends(&format!("{account}/disable"), &[]).await.is(303);
    asks(&ana, &token).await.is(401);
    ada.sends(&format!("{account}/enable"), &[]).await.is(303);
    asks(&ana, &token).await.is(401).says("was taken back");
    ana.opens("/account").await.is(303);
    ana.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_and_takes_back_anybodys_token() {
    let app = App::start().await;
    let (ada, ana, ben) = (
        app.admin("Ada").await,
        app.hires("Ana", Role::Caller).await,
        app.hires("Ben", Role::Caller).await,
    );
    let token = ana.token().await;
    let page = ada
        .opens(&format!("/accounts/{}", ana.id))
        .await
        .is(200)
        .says("test");
    let (_, rest) = page
        .body
        .split_once(&format!("/accounts/{}/tokens/", ana.id))
        .unwrap();
    let id = rest.split('/').next().unwrap();
    let of_another = format!("/accounts/{}/tokens/{id}/revoke", ben.id);
    ada.sends(&of_another, &[]).await.is(404);
    asks(&ana, &token).await.is(404);
    let revoke = format!("/accounts/{}/tokens/{id}/revoke", ana.id);
    ada.sends(&revoke, &[]).await.is(303);
    asks(&ana, &token).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_listed_and_taken_back_on_the_command_line() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    let create = [
        "--json", "token", "create", "--email", &ana.email, "--name", "bench",
    ];
    let made = app.runs(&create).ends_with(0).json();
    let token = made["token"].as_str().unwrap().to_owned();
    let endless = [&create[..], &["--expires-days", "4000"]].concat();
    app.runs(&endless).ends_with(1);
    asks(&ana, &token).await.is(404);
    let list = ["--json", "token", "list", "--email", &ana.email];
    let listed = app.runs(&list).ends_with(0).json();
    let (id, one) = (made["id"].to_string(), &listed["tokens"][0]);
    assert_eq!(
        (one["name"].as_str(), one["state"].as_str()),
        (Some("bench"), Some("good"))
    );
    assert!(one["expires_at"].is_string() && one["last_used_at"].is_string());
    assert!(!listed.to_string().contains(&token));
    app.runs(&["--json", "token", "revoke", &id]).ends_with(0);
    asks(&ana, &token).await.is(401);
    let listed = app.runs(&list).ends_with(0).json();
    assert_eq!(listed["tokens"][0]["state"], "revoked");
    app.runs(&["token", "revoke", "4711"]).ends_with(1);
    let bare = app.runs(&["token", "create", "--email", &ana.email, "--name", "bare"]);
    assert!(
        bare.ends_with(0).stdout.trim().starts_with("mg_"),
        "the token alone is printed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_colleague_sets_a_password_that_nobody_else_sees() {
    let app = App::start().await;
    let ada = app.admin("Ada").await;
    let new = [
        ("name", "Grace Hill"),
        ("email", "grace@agency.example"),
        ("role", "caller"),
    ];
    let page = ada
        .sends("/accounts", &new)
        .await
        .is(200)
        .says("The link for Grace Hill:");
    let link = link_on(&page);
    assert!(
        !ada.opens("/accounts").await.body.contains(&link),
        "it is shown once"
    );
    let grace = app.stranger();
    for _ in 0..3 {
        grace.opens(&link).await.is(200).says("Welcome, Grace Hill"); // looking uses nothing up
    }
    grace
        .sends_as_it_is(&link, &[("password", "Summer2026!!")])
        .await
        .is(422)
        .says("often guessed");
    let set = [("password", "copper lake window")];
    grace.sends_as_it_is(&link, &set).await.is(303);
    assert!(grace.session().is_some(), "she is signed in");
    grace.opens("/account").await.is(200).says("Grace Hill");
    let other = app.stranger();
    other.opens(&link).await.is(410).says("has ended");
    other.sends_as_it_is(&link, &set).await.is(410);
    other
        .tries_to_sign_in("grace@agency.example", "copper lake window")
        .await
        .is(303);
    let kept: String = app
        .in_database(|conn| password_links::table.select(password_links::key_hash).first(conn))
        .await;
    assert!(!link.contains(&kept), "the key itself is not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_by_a_newer_one_by_disabling_and_after_three_days() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.hires("Ana", Role::Caller).await);
    let account = format!("/accounts/{}", ana.id);
    let reset = format!("{account}/reset");
    let first = link_on(&ada.sends(&reset, &[]).await.is(200));
    let second = link_on(&ada.sends(&reset, &[]).await.is(200));
    let stranger = app.stranger();
    stranger.opens(&first).await.is(410);
    stranger.opens(&second).await.is(200);
    ada.sends(&format!("{account}/disable"), &[]).await.is(303);
    stranger.opens(&second).await.is(410);
    ada.sends(&format!("{account}/enable"), &[]).await.is(303);
    stranger.opens(&second).await.is(410);
    let third = app
        .does(move |office| office.reset_by_link(ana.id, None)?.or_refused())
        .await
        .unwrap();
    let path = format!("/password/{}", third.url.rsplit('/').next().unwrap());
    app.clock.advance_seconds(3 * DAY - 60);
    stranger.opens(&path).await.is(200);
    app.clock.advance_seconds(120);
    stranger.opens(&path).await.is(410);
    stranger.opens("/password/made-up").await.is(410);
    let own = ada.signs_in().await;
    own.sends(&format!("/accounts/{}/reset", own.id), &[])
        .await
        .is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_password_sessions_and_tokens() {
    let app = App::start().await;
    let (ada, ana) = (app.admin("Ada").await, app.caller("Ana").await);
    let token = ana.token().await;
    ada.sends(&format!("/accounts/{}/reset", ana.id), &[])
        .await
        .is(200);
    asks(&ana, &token).await.is(401).says("was taken back");
    ana.sends("/sign-out", &[]).await.is(401);
    ana.tries_to_sign_in(&ana.email, &ana.password).await.is(401);

    let ben = app.caller("Ben").await;
    let token = ben.token().await;
    app.runs(&["user", "reset-password", "--email", &ben.email])
        .ends_with(0);
    asks(&ben, &token).await.is(401);
    ben.sends("/sign-out", &[]).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_prints_a_link_where_it_is_asked_to() {
    let app = App::start().await;
    let add = [
        "--json",
        "user",
        "add",
        "--email",
        "eve@agency.example",
        "--name",
        "Eve",
        "--role",
        "caller",
    ];
    let made = app.runs(&[&add[..], &["--link"]].concat()).ends_with(0).json();
    assert!(made["password"].is_null() && made["link_expires_at"].is_string());
    let reset = [
        "--json",
        "user",
        "reset-password",
        "--email",
        "eve@agency.example",
        "--link",
    ];
    let link = app.runs(&reset).ends_with(0).json()["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/password/{}", link.rsplit('/').next().unwrap());
    let old = format!(
        "/password/{}",
        made["link"].as_str().unwrap().rsplit('/').next().unwrap()
    );
    app.stranger().opens(&old).await.is(410);
    app.stranger().opens(&path).await.is(200).says("Eve");
}

#[tokio::test(flavor = "multi_thread")]
async fn ana_changes_her_own_password_and_is_signed_out_everywhere_else() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let token = ana.token().await;
    let elsewhere = app.stranger();
    elsewhere
        .tries_to_sign_in(&ana.email, &ana.password)
        .await
        .is(303);
    let before = ana.session().unwrap();
    let change = async |old: &str, new: &str| {
        let fields = [("password", old), ("new_password", new)];
        ana.sends("/account/password", &fields).await
    };
    change("not her password", "copper lake window")
        .await
        .is(422)
        .says("not your password");
    for (weak, told) in [
        ("short", "12 to 128"),
        ("Welcome12345", "often guessed"),
        ("ana@agency.example", "your e-mail"),
        ("abcdefghijkl", "row of keys"),
    ] {
        change(&ana.password, weak).await.is(422).says(told);
    }
    let changed = change(&ana.password, "copper lake window").await.is(303);
    assert_eq!(changed.leads_to(), "/account?news=password");
    assert_ne!(ana.session().unwrap(), before, "a fresh key");
    ana.opens("/account?news=password")
        .await
        .is(200)
        .says("is changed");
    elsewhere.opens("/account").await.is(303);
    let stolen = app.stranger();
    stolen.gets_cookie(&format!("makegood={before}"));
    stolen.opens("/account").await.is(303);
    asks(&ana, &token).await.is(404);
    app.stranger()
        .tries_to_sign_in(&ana.email, &ana.password)
        .await
        .is(401);
    let fields = [
        ("password", "copper lake window"),
        ("new_password", "maple river candle sofa"),
        ("end_tokens", "yes"),
    ];
    ana.sends("/account/password", &fields).await.is(303);
    asks(&ana, &token).await.is(401).says("was taken back");
    let live: i64 = app
        .in_database(|conn| {
            sessions::table
                .filter(sessions::ended_at.is_null())
                .count()
                .get_result(conn)
        })
        .await;
    assert_eq!(live, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sits_down_at_an_open_desk_does_not_guess_the_password() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    for _ in 0..10 {
        let guess = [("password", "guess"), ("new_password", "copper lake window")];
        ana.sends("/account/password", &guess)
            .await
            .is(422)
            .says("not your password");
    }
    let right = [
        ("password", ana.password.as_str()),
        ("new_password", "copper lake window"),
    ];
    ana.sends("/account/password", &right)
        .await
        .is(422)
        .says("in a few minutes");
    app.clock.advance_seconds(14 * 60);
    app.clock.advance_seconds(47 * 60);
    let ana = ana.signs_in().await;
    let right = [
        ("password", ana.password.as_str()),
        ("new_password", "copper lake window"),
    ];
    ana.sends("/account/password", &right).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_would_be_guessed_is_refused_on_the_command_line_too() {
    let app = App::start().await;
    app.runs(&[
        "outage",
        "create",
        "--slug",
        "spring",
        "--name",
        "Franklin spring payments",
        "--start",
        "2026-04-14T18:00",
        "--end",
        "2026-04-14T20:00",
        "--tz",
        "America/Denver",
    ])
    .ends_with(0);
    let add = [
        "--json",
        "user",
        "add",
        "--email",
        "carl.one@agency.example",
        "--name",
        "Carl One",
        "--role",
        "caller",
        "--password-stdin",
    ];
    for weak in [
        "Summer2026!!",
        "iloveyou1234",
        "qwerty123456",
        "letmein12345",
        "1q2w3e4r5t6y",
        "Makegood2026!",
        "trustno1trustno1",
        "agency.example",
        "carl.one@agency.example",
        "Franklin spring payments",
    ] {
        let refused = app
            .runs_with_input(&add, &format!("{weak}\n"))
            .ends_with(1)
            .json();
        assert_eq!(refused["errors"][0]["field"], "password", "{weak}");
    }
    app.runs_with_input(&add, "correct horse battery staple\n")
        .ends_with(0);
}
