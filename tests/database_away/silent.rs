//! A database that says nothing any more, and answers that are lost on their way.

use super::wire::Wire;
use super::{heals, new_outage, over_a_wire, server_of};
use crate::harness::{Database, run};
use makegood::db::migrate::{Step, on_postgres};
use std::path::Path;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_does_not_wait_for_ever_for_a_server_that_has_fallen_silent() {
    let Some(database) = Database::empty_on_postgres().await else {
        return;
    };
    let (server, with_address) = server_of(&database.url());
    let wire = Wire::to(server).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/migrations/steps");
    let steps = Step::in_folder(&folder).unwrap();
    let (url, first) = (database.url(), steps[..1].to_vec());
    let made = tokio::task::spawn_blocking(move || on_postgres(&url, &first, Duration::from_secs(60)));
    assert_eq!(made.await.unwrap().unwrap(), 1);
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    // An index on so many takes twenty seconds: the server is at work, and then it is gone.
    let people = "INSERT INTO people SELECT n, 'name ' || n FROM generate_series(1, 400) n";
    client.batch_execute(people).await.unwrap();
    let (url, two) = (with_address(&wire.address), steps[..2].to_vec());
    let migrates = tokio::task::spawn_blocking(move || on_postgres(&url, &two, Duration::from_secs(600)));
    tokio::time::sleep(Duration::from_secs(4)).await;
    wire.silence(true);
    let ended = tokio::time::timeout(Duration::from_secs(100), migrates).await;
    let told = ended
        .expect("it waits for ever")
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(told.contains("silent") || told.contains("in time"), "{told}");
    wire.cut(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_soon_that_the_database_is_silent() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let (_, with_address) = server_of(&app.program_url());
    let url = with_address(&wire.address);
    wire.silence(true);
    let mut doctor = app.program();
    doctor.env("MAKEGOOD_DATABASE_URL", url);
    let asked = Instant::now();
    let told = tokio::task::spawn_blocking(move || {
        run(doctor.args(["--json", "--listen", "127.0.0.1:0", "doctor"]), "")
    });
    let told = told.await.unwrap().ends_with(1).json();
    assert!(asked.elapsed() < Duration::from_secs(60), "{:?}", asked.elapsed());
    assert_eq!(told["ok"], false, "{told}");
    wire.cut(true);
}
