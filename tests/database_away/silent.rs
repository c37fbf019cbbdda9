//! A database that says nothing any more, and answers that are lost on their way.

use super::{heals, new_outage, over_a_wire};
use std::time::{Duration, Instant};

/// Far less than an answer that never comes, and more than a busy machine needs for one that does.
const SOON: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_database_that_has_fallen_silent() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    eve.opens("/outages").await.is(200);
    wire.silence(true);
    for _ in 0..3 {
        let asked = Instant::now();
        eve.opens("/outages").await.is(503);
        app.stranger().opens("/readyz").await.is(503);
        assert!(asked.elapsed() <= SOON, "{:?}", asked.elapsed());
    }
    wire.silence(false);
    heals(&eve, "/outages").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_died_without_a_word_is_left_for_the_one_at_its_address() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    let outages = || eve.opens("/outages");
    let _ = tokio::join!(outages(), outages(), outages(), outages()); // several connections are open
    wire.forget_the_old();
    heals(&eve, "/outages").await;
    eve.sends("/outages", &new_outage("april-15")).await.is(303);
    for _ in 0..20 {
        eve.opens("/outages").await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_is_never_told_as_undone() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    wire.swallow_commits(2); // and the one by which it is looked up
    let told = eve.sends("/outages", &new_outage("april-15")).await.is(503);
    assert!(!told.body.contains("Nothing was changed"), "{}", told.body);
    let told = told.says("look before you repeat");
    assert!(told.headers.get("retry-after").is_none());
    eve.opens("/outages").await.is(200).says("april-15"); // as she was told to look
}
