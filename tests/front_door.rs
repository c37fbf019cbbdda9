//! What a stranger can do before anybody has signed in: guess, flood, send what is large once it is unpacked.

use crate::harness::{App, Homes, Person};
use diesel::{QueryDsl, RunQueryDsl};
use makegood::domain::network::Network;
use makegood::domain::role::Role;
use makegood::schema::{answers, budgets, sessions, suppressions};
use reqwest::Method;

/// Tries so often with a wrong password, one after the other; answers the statuses.
async fn guesses(from: &Person, email: &str, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(from.tries_to_sign_in(email, "not the password").await.status);
    }
    statuses
}

/// What everybody has spent.
async fn spent(app: &App) -> Vec<i64> {
    app.in_database(|conn| budgets::table.select(budgets::spent_until).load(conn))
        .await
}

async fn rows_of_budgets(app: &App) -> i64 {
    app.in_database(|conn| budgets::table.count().get_result(conn))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_guess_twenty_times_and_then_once_every_half_minute_known_account_or_not() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    for email in [ana.email.as_str(), "nobody@agency.example"] {
        let stranger = app.stranger();
        assert_eq!(guesses(&stranger, email, 20).await, [401; 20], "{email}");
        let told = stranger.tries_to_sign_in(email, "not the password").await.is(429);
        let wait: i64 = told.header("retry-after").parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
        told.says("Too many wrong tries");
    }
    app.clock.advance_seconds(30);
    assert_eq!(guesses(&app.stranger(), &ana.email, 2).await, [401, 429]);
    app.clock.advance_seconds(30);
    ana.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_no_more_are_looked_at_and_the_owner_comes_in_meanwhile() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    ana.sends("/sign-out", &[]).await.is(303);
    let stranger = app.stranger();
    let csrf = stranger.opens("/sign-in").await.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", &ana.email),
        ("password", "a guess of many"),
    ];
    let flood = futures_util::future::join_all((0..80).map(|_| stranger.sends_as_it_is("/sign-in", &fields)));
    let owner = ana.tries_to_sign_in(&ana.email, &ana.password);
    let (flood, owner) = tokio::join!(flood, owner);
    owner.is(303);
    let looked_at = flood.iter().filter(|page| page.status == 401).count();
    assert!((1..=20).contains(&looked_at), "{looked_at}");
    for page in flood.iter().filter(|page| page.status != 401) {
        assert!(matches!(page.status, 429 | 503), "{}", page.body);
        assert!(page.header("retry-after").parse::<i64>().unwrap() > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_was_used_before_has_tries_of_its_own_and_falls_to_the_strangers() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    ana.sends("/sign-out", &[]).await.is(303);
    guesses(&app.stranger(), &ana.email, 20).await;
    assert_eq!(guesses(&app.stranger(), &ana.email, 1).await, [429]);
    assert_eq!(guesses(&ana, &ana.email, 9).await, [401; 9]);
    let ana = ana.signs_in().await; // gives back what it took
    ana.sends("/sign-out", &[]).await.is(303);
    assert_eq!(guesses(&ana, &ana.email, 2).await, [401, 429]);
    app.clock.advance_seconds(30);
    ana.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browsers_mark_of_one_account_is_none_for_another() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    ana.sends("/sign-out", &[]).await.is(303);
    let bert = app.hires("Bert", Role::Caller).await;
    guesses(&app.stranger(), &bert.email, 20).await;
    assert_eq!(guesses(&ana, &bert.email, 1).await, [429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_mistyped_passwords_behind_one_address_lock_nobody_out() {
    let app = App::start().await;
    let ana = app.hires("Ana", Role::Caller).await;
    for colleague in 0..45 {
        let email = format!("caller{colleague}@agency.example");
        assert_eq!(guesses(&app.stranger(), &email, 1).await, [401]);
    }
    ana.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_costs_no_write() {
    let app = App::start().await;
    let stranger = app.stranger();
    guesses(&stranger, "nobody@agency.example", 20).await;
    for _ in 0..10 {
        stranger
            .sends_as_it_is("/check", &[("code", "MAPLE 27"), ("phone", "0000")])
            .await
            .is(200);
    }
    let before = rows_of_budgets(&app).await;
    assert_eq!(before, 4, "the account, the network, its checks, the code's");
    let spent_before = spent(&app).await;
    guesses(&stranger, "nobody@agency.example", 5).await;
    for _ in 0..30 {
        let told = stranger
            .sends_as_it_is("/check", &[("code", "MAPLE 27"), ("phone", "0000")])
            .await
            .is(429);
        assert!(told.header("retry-after").parse::<i64>().unwrap() > 0);
    }
    assert_eq!(spent(&app).await, spent_before);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_addresses_of_a_customer_are_one_and_proxies_may_be_named_by_their_network() {
    let app = App::start_with(|flags| flags.trusted_proxies = Some("127.0.0.0/8".to_owned())).await;
    let stranger = app.stranger();
    app.does(|office| {
        let first = "2001:db8:0:7::1".parse().unwrap();
        for other in 0..55 {
            office.check_code(&format!("OTTER {other}"), "0000", Network::of_customer(first))?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let mut looked_at = 0;
    for host in 1..=12 {
        let code = format!("OCEAN {host}");
        let request = stranger
            .request(Method::POST, "/check")
            .header(
                "x-forwarded-for",
                format!("[2001:db8:0:7::{host:x}]:{}", 4000 + host),
            )
            .form(&[("code", code.as_str()), ("phone", "0000")]);
        looked_at += usize::from(stranger.asks(request).await.status == 200);
    }
    assert_eq!(looked_at, 5, "one by one they would be twelve");
    let neighbour = stranger
        .request(Method::POST, "/check")
        .header("forwarded", "for=\"[2001:db8:0:8::1]:4711\"")
        .form(&[("code", "MAPLE 27"), ("phone", "0000")]);
    stranger.asks(neighbour).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_who_changes_the_answer_again_and_again_is_told_when_to_come_back() {
    let app = App::start().await;
    let homes = app.does(|office| Ok(Homes::of_outage(office, "april", "00:00-24:00").add(office, 1, 1)));
    let case = homes.await.unwrap()[0].people[0];
    let url = app.office.citizen_link(case, app.office.now());
    let link = url.strip_prefix(&app.office.base_url()).unwrap().to_owned();
    let citizen = app.stranger();
    let mut taken = 0;
    for turn in 0..40 {
        let choice = if turn % 2 == 0 {
            "dont_contact"
        } else {
            "have_paid"
        };
        let page = citizen
            .sends_as_it_is(&link, &[("choice", choice), ("lang", "en")])
            .await;
        taken += i64::from(page.status == 303);
        if page.status != 303 {
            assert!(page.header("retry-after").parse::<i64>().unwrap() > 0);
            page.is(429).says("You can change it again in 10 min.");
        }
    }
    assert_eq!(taken, 6);
    let kept = app
        .in_database(|conn| answers::table.count().get_result::<i64>(conn))
        .await;
    assert_eq!(kept, 6);
    let stops = app
        .in_database(|conn| suppressions::table.count().get_result::<i64>(conn))
        .await;
    assert!(stops <= 6, "{stops}");
    app.clock.advance_seconds(600);
    citizen
        .sends_as_it_is(&link, &[("choice", "have_paid"), ("lang", "en")])
        .await
        .is(303);
}

/// `a=b` packed by gzip.
const PACKED: [u8; 23] = [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255, 75, 180, 77, 2, 0, 207, 48, 0, 127, 3, 0, 0, 0,
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_packed_is_unpacked() {
    let app = App::start().await;
    let eve = app.admin("Eve").await;
    let token = eve.token().await;
    let routes = makegood::server::declared();
    for route in routes.iter().filter(|route| route.method == "POST") {
        let path = route.path.replace(['{', '}'], "");
        for (encoding, kind) in [
            ("gzip", "application/x-www-form-urlencoded"),
            ("br, identity", "multipart/form-data; boundary=b"),
        ] {
            let request = eve
                .request(Method::POST, &path)
                .header("content-encoding", encoding)
                .header("content-type", kind)
                .body(PACKED.to_vec());
            eve.asks(request).await.is(415).says("sent packed");
        }
    }
    for route in makegood::api::declared()
        .iter()
        .filter(|route| route.method == "POST")
    {
        let path = route.path.replace(['{', '}'], "");
        let request = eve
            .request(Method::POST, &path)
            .bearer_auth(&token)
            .header("content-encoding", "deflate")
            .body(PACKED.to_vec());
        let page = eve.asks(request).await.is(415);
        assert_eq!(page.header("content-type"), "application/problem+json");
    }
    let plain = eve
        .request(Method::POST, "/check")
        .header("content-encoding", "identity");
    eve.asks(plain.form(&[("code", "MAPLE 27"), ("phone", "0000")]))
        .await
        .is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_polls_keeps_no_session_alive_and_one_where_somebody_types_does() {
    let app = App::start().await;
    app.homes(1).await;
    let polled = || {
        let routes = makegood::server::declared();
        routes
            .into_iter()
            .filter(|route| route.polled)
            .collect::<Vec<_>>()
    };
    assert!(polled().iter().any(|route| route.path.ends_with("/board")));
    let eve = app.admin("Eve").await;
    let ana = app.admin("Ana").await;
    for _ in 0..4 {
        app.clock.advance_seconds(5 * 60);
        for route in polled() {
            let path = route.path.replace("{slug}", "april").replace("{id}", "1");
            let method = Method::from_bytes(route.method.as_str().as_bytes()).unwrap();
            let request = eve.request(method, &path).header("hx-request", "true");
            let request = if route.method == "POST" {
                request.form(&[("csrf", "")])
            } else {
                request
            };
            eve.asks(request).await;
        }
        ana.sends("/here", &[]).await.is(204);
    }
    let poll = eve
        .request(Method::GET, "/outages/april/board")
        .header("hx-request", "true");
    eve.asks(poll).await.is(401).says("You are signed out");
    ana.opens("/outages/april/board").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_over_and_budgets_that_are_whole_are_thrown_away() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    ana.sends("/sign-out", &[]).await.is(303);
    app.caller("Bert").await;
    guesses(&app.stranger(), "nobody@agency.example", 3).await;
    app.clock.advance_seconds(16 * 60);
    let carl = app.caller("Carl").await;
    app.does(|office| office.forget_old_answers()).await.unwrap();
    let left = app
        .in_database(|conn| sessions::table.count().get_result::<i64>(conn))
        .await;
    assert_eq!((left, rows_of_budgets(&app).await), (1, 0));
    carl.sends("/sign-out", &[]).await.is(303);
}
