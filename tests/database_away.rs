//! The database is busy or gone: people are told soon, and it heals by itself.

use crate::harness::App;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};

/// Between two looks at whether the wire is cut.
const LOOK: Duration = Duration::from_millis(20);

/// Stands between the program and PostgreSQL; while it is cut, nothing passes and nobody gets in.
struct Wire {
    address: String,
    cut: Arc<AtomicBool>,
}

impl Wire {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let cut = Arc::new(AtomicBool::new(false));
        let is_cut = cut.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), is_cut.clone()));
            }
        });
        Self { address, cut }
    }
}

async fn carry(mut client: TcpStream, server: String, cut: Arc<AtomicBool>) -> io::Result<()> {
    if cut.load(Ordering::Relaxed) {
        return Ok(());
    }
    let mut upstream = TcpStream::connect(server).await?;
    let watched = async {
        while !cut.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut upstream) => {}
        () = watched => {}
    }
    Ok(())
}

/// The host and port of a `postgres://` URL on TCP, and the URL with others in their place.
fn server_of(url: &str) -> (String, impl Fn(&str) -> String) {
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

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_everybody_is_told_within_two_seconds_and_it_heals_within_five() {
    #[allow(clippy::disallowed_methods)] // no setting of the program
    if std::env::var("MAKEGOOD_TEST_DATABASE").is_err() {
        return; // SQLite is a file: it does not go away. What it does is in the next test.
    }
    let wire = std::sync::Mutex::new(None);
    let app = {
        let handle = tokio::runtime::Handle::current();
        App::start_with(|flags| {
            let url = flags.database_url.clone().unwrap();
            let (server, with_address) = server_of(&url);
            let between = tokio::task::block_in_place(|| handle.block_on(Wire::to(server)));
            flags.database_url = Some(with_address(&between.address));
            *wire.lock().unwrap() = Some(between);
        })
        .await
    };
    let wire = wire.into_inner().unwrap().unwrap();
    let eve = app.supervisor("Eve").await;
    eve.opens("/outages").await.is(200);
    wire.cut.store(true, Ordering::Relaxed);
    tokio::time::sleep(5 * LOOK).await; // until every connection has noticed
    for _ in 0..3 {
        let asked = Instant::now();
        let told = eve.opens("/outages").await.is(503);
        assert!(asked.elapsed() <= Duration::from_secs(2), "{:?}", asked.elapsed());
        assert!(!told.header("retry-after").is_empty());
        app.stranger().opens("/readyz").await.is(503);
        app.stranger().opens("/healthz").await.is(200);
    }
    wire.cut.store(false, Ordering::Relaxed);
    let back = Instant::now();
    while eve.opens("/outages").await.status != 200 {
        assert!(back.elapsed() <= Duration::from_secs(5), "it does not heal");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
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
    let new = [
        ("name", "April 15"),
        ("slug", "april-15"),
        ("start", "2026-04-15T18:40"),
        ("end", "2026-04-15T19:00"),
        ("tz", "America/Denver"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
    ];
    let refused = eve.sends("/outages", &new).await.is(503);
    assert!(!refused.header("retry-after").is_empty());
    tell.send(()).unwrap();
    other.join().unwrap();
    eve.sends("/outages", &new).await.is(303);
}
