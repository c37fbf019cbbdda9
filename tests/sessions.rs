//! Signing in, sessions, and forms that are not ours.

use crate::harness::App;
use makegood::domain::role::Role;
use reqwest::Method;

#[tokio::test]
async fn ana_signs_in_and_out_and_her_old_cookie_is_worth_nothing() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    let session = ana.session().unwrap();
    let out = ana.sends("/sign-out", &[]).await.is(303);
    assert_eq!(out.leads_to(), "/sign-in?news=out");
    assert!(ana.session().is_none_or(|key| key.is_empty()));
    ana.gets_cookie(&format!("makegood={session}"));
    ana.sends("/sign-out", &[]).await.is(401);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    let wrong = ana.tries_to_sign_in(&ana.email, "not her password").await;
    let unknown = ana
        .tries_to_sign_in("nobody@agency.example", "whatever it is")
        .await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    let plain = |page: crate::harness::Page, email: &str| page.body.replace(email, "");
    assert_eq!(plain(wrong, &ana.email), plain(unknown, "nobody@agency.example"));
}

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_long() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    app.clock.advance_seconds(31 * 60);
    ana.sends("/sign-out", &[]).await.is(401);
}

#[tokio::test]
async fn a_session_that_a_stranger_chose_is_not_used() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    ana.gets_cookie("makegood=chosen-by-a-stranger");
    let ana = ana.signs_in().await;
    assert_ne!(ana.session().unwrap(), "chosen-by-a-stranger");
}

#[tokio::test]
async fn signing_in_leads_back_but_never_to_another_site() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    for (next, goal) in [
        ("/outages/april/desk", "/outages/april/desk"),
        ("//evil.example", "/"),
    ] {
        let csrf = ana.opens("/sign-in").await.field("csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", &ana.email),
            ("password", &ana.password),
            ("next", next),
        ];
        let welcome = ana.sends_as_it_is("/sign-in", &fields).await.is(303);
        assert_eq!(welcome.leads_to(), goal);
        ana.sends("/sign-out", &[]).await.is(303);
    }
}

#[tokio::test]
async fn every_form_is_refused_without_its_token_and_from_another_site() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    for route in makegood::server::declared() {
        if route.method == "GET" || route.least.is_none() {
            continue;
        }
        let path = route.path.replace(['{', '}'], "");
        eve.sends_as_it_is(&path, &[]).await.is(403);
        eve.sends_as_it_is(&path, &[("csrf", "AAAA")]).await.is(403);
        let plain = eve.request(Method::POST, &path).body("csrf=x");
        eve.asks(plain.header("content-type", "text/plain")).await.is(403);
        let foreign = eve
            .request(Method::POST, &path)
            .header("origin", "https://evil.example");
        eve.asks(foreign).await.is(403);
        let framed = eve
            .request(Method::POST, &path)
            .header("sec-fetch-site", "cross-site");
        eve.asks(framed).await.is(403);
    }
}

#[tokio::test]
async fn every_staff_page_asks_strangers_to_sign_in_and_refuses_lower_roles() {
    let app = App::start().await;
    let stranger = app.stranger();
    let ana = app.caller("Ana").await;
    for route in makegood::server::declared() {
        let Some(least) = route.least else { continue };
        let path = route.path.replace(['{', '}'], "");
        if route.method == "GET" {
            let told = stranger.opens(&path).await.is(303);
            assert!(told.leads_to().starts_with("/sign-in?next=/"), "{path}");
            let script = stranger.request(Method::GET, &path).header("hx-request", "true");
            stranger.asks(script).await.is(401).says("signed out");
            if least > Role::Caller {
                ana.opens(&path).await.is(403);
            }
        } else {
            stranger.sends_as_it_is(&path, &[]).await.is(401);
            if least > Role::Caller {
                ana.sends(&path, &[]).await.is(403);
            }
        }
    }
}
