//! What machines ask, and what stands on every answer.

use crate::harness::App;

#[tokio::test]
async fn a_migrated_server_is_alive_and_ready_and_counts() {
    let app = App::start().await;
    let machine = app.stranger();
    machine.opens("/healthz").await.is(200);
    machine.opens("/readyz").await.is(200).says("ready");
    machine
        .opens("/metrics")
        .await
        .is(200)
        .says("makegood_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"}")
        .says("makegood_http_request_seconds_bucket{le=\"10.0\",route=\"/healthz\"}");
}

#[tokio::test]
async fn every_answer_has_the_careful_headers_and_a_reference() {
    let app = App::start().await;
    for path in ["/sign-in", "/nothing/here", "/healthz", "/outages/x/board?next=1"] {
        let page = app.stranger().opens(path).await;
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'"),
            "{path}"
        );
        assert_eq!(page.header("x-request-id").len(), 12);
        assert_eq!(page.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_server_that_stops_finishes_and_then_listens_no_more() {
    let mut app = App::start().await;
    app.stranger().opens("/healthz").await.is(200);
    app.stops().await;
    assert!(reqwest::get(format!("{}/healthz", app.base)).await.is_err());
}

#[tokio::test]
async fn head_is_answered_as_get() {
    let app = App::start().await;
    app.homes(1).await;
    let (eve, stranger) = (app.supervisor("Eve").await, app.stranger());
    for (who, path, status) in [
        (&eve, "/outages/april/messages", 200),
        (&eve, "/outages/april/board", 200),
        (&eve, "/outages/nowhere/messages", 404),
        (&stranger, "/sign-in", 200),
        (&stranger, "/healthz", 200),
        (&stranger, "/check", 200),
        (&stranger, "/c/no-link", stranger.opens("/c/no-link").await.status),
        (&stranger, "/u/no-link", stranger.opens("/u/no-link").await.status),
        (&stranger, "/outages/april/messages", 303),
    ] {
        let head = who
            .asks(who.request(reqwest::Method::HEAD, path))
            .await
            .is(status);
        assert!(head.body.is_empty(), "{path}: {}", head.body);
    }
}
