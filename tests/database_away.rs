//! The database is busy, silent or gone: people are told soon and truly, and it heals by itself.

mod ended;
mod files;
mod refusing;
mod silent;
mod start;
mod unknown;
mod wire;

use crate::harness::App;
use std::time::{Duration, Instant};
use wire::{LOOK, Wire};

/// An app whose connections to PostgreSQL go over a wire that can be cut; none on SQLite, which is a file: it does not go
/// away.
async fn over_a_wire() -> Option<(App, Wire)> {
    if !on_postgres() {
        return None;
    }
    let wire = std::sync::Mutex::new(Wire::default());
    let handle = tokio::runtime::Handle::current();
    let app = App::start_with(|flags| {
        let url = flags.database_url.clone().unwrap();
        let (server, with_address) = server_of(&url);
        let between = tokio::task::block_in_place(|| handle.block_on(Wire::to(server)));
        flags.database_url = Some(with_address(&between.address));
        *wire.lock().unwrap() = between;
    })
    .await;
    Some((app, wire.into_inner().unwrap()))
}

#[allow(clippy::disallowed_methods)] // no setting of the program
fn on_postgres() -> bool {
    std::env::var("MAKEGOOD_TEST_DATABASE").is_ok()
}

/// Runs a statement on the server that the tests were given.
async fn on_server(statement: &str) {
    #[allow(clippy::disallowed_methods)] // no setting of the program
    let server = std::env::var("MAKEGOOD_TEST_DATABASE").unwrap();
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls)
        .await
        .unwrap();
    let served = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap();
    drop(client);
    let _ = served.await;
}

/// The host and port of a `postgres://` URL on TCP, and the URL with others in their place.
fn server_of(url: &str) -> (String, impl Fn(&str) -> String + use<>) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let (user, host) = authority
        .rsplit_once('@')
        .map_or((String::new(), authority), |(user, host)| {
            (format!("{user}@"), host)
        });
    let (scheme, path) = (scheme.to_owned(), path.to_owned());
    (host.to_owned(), move |address: &str| {
        format!("{scheme}://{user}{address}/{path}")
    })
}

/// Opens a page until it is shown again; fails when that takes too long.
async fn heals(eve: &crate::harness::Person, path: &str) {
    let back = Instant::now();
    while eve.opens(path).await.status != 200 {
        assert!(back.elapsed() <= Duration::from_secs(15), "it does not heal");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The fields of a new outage.
fn new_outage(slug: &str) -> [(&str, &str); 7] {
    [
        ("name", "April 15"),
        ("slug", slug),
        ("start", "2026-04-15T18:40"),
        ("end", "2026-04-15T19:00"),
        ("tz", "America/Denver"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_everybody_is_told_soon_and_it_heals() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    eve.opens("/outages").await.is(200);
    wire.cut(true);
    tokio::time::sleep(5 * LOOK).await; // until every connection has noticed
    for _ in 0..3 {
        let asked = Instant::now();
        let told = eve.opens("/outages").await.is(503);
        assert!(asked.elapsed() <= Duration::from_secs(4), "{:?}", asked.elapsed());
        assert!(!told.header("retry-after").is_empty());
        app.stranger().opens("/readyz").await.is(503);
        app.stranger().opens("/healthz").await.is(200);
    }
    wire.cut(false);
    heals(&eve, "/outages").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_program_writes_to_the_file_pages_are_read_and_a_write_is_asked_for_again() {
    let app = App::start().await;
    let file = app.folder().join("makegood.db");
    if !file.exists() {
        return; // on PostgreSQL nobody holds the one write lock: there is none
    }
    let eve = app.supervisor("Eve").await;
    let (tell, released) = std::sync::mpsc::channel::<()>();
    let (held, is_held) = std::sync::mpsc::channel::<()>();
    let other = std::thread::spawn(move || {
        use diesel::connection::{Connection, SimpleConnection};
        let mut conn = diesel::SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute("BEGIN IMMEDIATE").unwrap();
        held.send(()).unwrap();
        let _ = released.recv();
        conn.batch_execute("ROLLBACK").unwrap();
    });
    is_held.recv().unwrap();
    eve.opens("/outages").await.is(200);
    // One waits for the other program, the other for the first's place: no patience is added to another.
    let asked = Instant::now();
    let (one, other_one) = (new_outage("april-15"), new_outage("april-16"));
    let (first, second) = tokio::join!(eve.sends("/outages", &one), eve.sends("/outages", &other_one));
    for refused in [first.is(503), second.is(503)] {
        assert!(!refused.header("retry-after").is_empty());
    }
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
    tell.send(()).unwrap();
    other.join().unwrap();
    eve.sends("/outages", &new_outage("april-15")).await.is(303);
}
