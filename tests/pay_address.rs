//! Where citizens are told to pay and whom to ring: an administrator's word, with its history.

use crate::harness::{App, Person};
use crate::supervisor::outage;
use makegood::domain::role::Role;
use reqwest::Method;
use serde_json::json;

const EDIT: &str = "/outages/april-15/edit";

/// The settings as the form sends them, with these on top.
async fn saves(person: &Person, more: &[(&str, &str)]) -> crate::harness::Page {
    let mut fields = vec![
        ("name", "April 15 payment outage"),
        ("calling_from", "00:00"),
        ("calling_until", "23:59"),
        ("pool_open", "yes"),
    ];
    fields.extend(more);
    person.sends(EDIT, &fields).await
}

async fn pays_at(app: &App) -> String {
    app.does(|office| Ok(office.outage_named("april-15")?.pay_url))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_says_where_citizens_pay_and_each_change_is_kept() {
    let app = App::start().await;
    let (eve, ada) = (app.supervisor("Eve").await, app.admin("Ada").await);
    outage(&eve).await;
    let right = [
        ("pay_url", "https://revenue.example/pay"),
        ("help_phone", "800-555-0134"),
    ];
    saves(&ada, &right).await.is(303);
    let seen = eve
        .opens(EDIT)
        .await
        .is(200)
        .says("https://revenue.example/pay")
        .says("800-555-0134");
    assert!(!seen.body.contains("name=\"pay_url\"") && !seen.body.contains("name=\"help_phone\""));
    let bait = "https://tax-refund-now.example/pay";
    saves(&eve, &[("pay_url", bait)]).await.is(403);
    saves(&eve, &[("help_phone", "303-555-0166")]).await.is(403);
    saves(&eve, &[("pay_url", "")]).await.is(403);
    saves(&eve, &[("agency_name", "the Department of Revenue")])
        .await
        .is(303);
    assert_eq!(
        pays_at(&app).await,
        "https://revenue.example/pay",
        "what is not sent stays"
    );
    saves(
        &ada,
        &[
            ("pay_url", "https://pay.revenue.example"),
            ("help_phone", "800-555-0134"),
        ],
    )
    .await
    .is(303);
    let page = ada.opens(EDIT).await.is(200);
    let history = page.body.split("What was changed").nth(1).unwrap();
    let line = history
        .split("<tr>")
        .find(|row| row.contains("https://pay.revenue.example"))
        .unwrap();
    assert!(
        line.contains("https://revenue.example/pay") && line.contains("Ada"),
        "{line}"
    );
    assert!(history.contains("the Department of Revenue") && history.contains("Eve"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_elsewhere_is_refused_at_its_field_with_all_else_that_is_wrong() {
    let app = App::start().await;
    let (eve, ada) = (app.supervisor("Eve").await, app.admin("Ada").await);
    outage(&eve).await;
    for bad in [
        "javascript:alert(1)",
        "//evil.example",
        "https://user@evil.example",
        "https://a b",
        "ftp://x",
    ] {
        let page = saves(
            &ada,
            &[
                ("pay_url", bad),
                ("help_phone", "900-555-0199"),
                ("days_off", "easter"),
            ],
        )
        .await
        .is(422);
        for field in ["pay_url", "help_phone", "holidays"] {
            assert!(
                page.body.contains(&format!("id=\"{field}-problem\"")),
                "{bad}: {field}"
            );
        }
    }
    assert_eq!(pays_at(&app).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_and_the_command_line_hold_to_the_same() {
    let app = App::start().await;
    let asks = async |person: &Person, slug: &str, pay: &str| {
        let body = json!({"slug": slug, "name": "April", "start": "2026-04-14T18:00", "end": "2026-04-14T20:00",
            "tz": "America/Denver", "pay-url": pay});
        let request = person
            .request(Method::POST, "/api/v1/outages")
            .bearer_auth(person.token().await);
        person.asks(request.json(&body)).await
    };
    let (eve, ada) = (
        app.hires("Eve", Role::Supervisor).await,
        app.hires("Ada", Role::Admin).await,
    );
    asks(&eve, "one", "https://pay.example").await.is(403);
    asks(&eve, "two", "").await.is(201);
    let refused = asks(&ada, "three", "//evil.example").await.is(422).json();
    assert_eq!(refused["errors"][0]["field"], "pay-url");
    asks(&ada, "three", "https://pay.example").await.is(201);
    let create = [
        "--json",
        "outage",
        "create",
        "--slug",
        "four",
        "--name",
        "April",
        "--start",
        "2026-04-14T18:00",
        "--end",
        "2026-04-14T20:00",
        "--tz",
        "America/Denver",
        "--pay-url",
    ];
    let refused = app
        .runs(&[&create[..], &["https://user@evil.example"]].concat())
        .ends_with(1)
        .json();
    assert_eq!(refused["errors"][0]["field"], "pay_url");
    app.runs(&[&create[..], &["https://pay.example"]].concat())
        .ends_with(0);
}
