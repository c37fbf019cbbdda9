//! A database that answers, and refuses.

use super::{LOOK, heals, new_outage, on_server, over_a_wire, server_of};
use crate::harness::App;
use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use makegood::config::{Config, DatabaseUrl, Flags};
use makegood::db::{Conn, Db, Unready};
use makegood::outreach::Office;
use std::time::{Duration, Instant};

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

async fn database_of(app: &App) -> String {
    let asked = "SELECT CAST(current_database() AS TEXT) AS name";
    app.in_database(move |conn| sql_query(asked).get_result::<Named>(conn))
        .await
        .name
}

/// Makes the database take no changes, or take them again, for sessions that begin from now on.
async fn only_reads(app: &App, only_reads: bool) {
    let told = if only_reads { "on" } else { "off" };
    let statement = format!(
        "ALTER DATABASE {} SET default_transaction_read_only = {told}",
        database_of(app).await
    );
    on_server(&statement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_changes_is_told_as_that_and_heals_when_it_does() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    let back = database_of(&app).await;
    only_reads(&app, true).await;
    wire.cut(true);
    tokio::time::sleep(5 * LOOK).await;
    wire.cut(false); // every session begins anew, as after a failover
    heals(&eve, "/outages").await;
    let told = eve.sends("/outages", &new_outage("april-15")).await.is(503);
    told.says("takes no changes").says("Nothing was changed");
    eve.opens("/outages").await.is(200);
    app.stranger()
        .opens("/readyz")
        .await
        .is(503)
        .says("takes no changes");
    let writable = format!("ALTER DATABASE {back} RESET default_transaction_read_only");
    on_server(&writable).await;
    eve.sends("/outages", &new_outage("april-15")).await.is(303);
    app.stranger().opens("/readyz").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_somebody_has_locked_holds_nobody_up_for_long() {
    let Some((app, _wire)) = over_a_wire().await else {
        return;
    };
    let eve = app.supervisor("Eve").await;
    let (tell, released) = std::sync::mpsc::channel::<()>();
    let (held, is_held) = std::sync::mpsc::channel::<()>();
    let office = app.office.clone();
    let other = std::thread::spawn(move || {
        office.db.write(|conn| {
            conn.batch_execute("LOCK TABLE outages IN ACCESS EXCLUSIVE MODE")?;
            held.send(()).unwrap();
            let _ = released.recv_timeout(Duration::from_secs(40));
            Ok::<_, diesel::result::Error>(())
        })
    });
    is_held.recv().unwrap();
    let asked = Instant::now();
    let told = eve.opens("/outages").await.is(503).says("busy");
    assert!(!told.header("retry-after").is_empty());
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    tell.send(()).unwrap();
    other.join().unwrap().unwrap();
    eve.opens("/outages").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_change_the_schema_can_serve() {
    let Some((app, _wire)) = over_a_wire().await else {
        return;
    };
    let name = database_of(&app).await;
    let role = format!("role_{name}");
    on_server(&format!("CREATE ROLE {role} LOGIN")).await;
    let granted = format!(
        "GRANT USAGE ON SCHEMA public TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    );
    app.in_database(move |conn| conn.batch_execute(&granted)).await;
    let url = app.program_url();
    let (server, _) = server_of(&url);
    let flags = Flags {
        database_url: Some(format!("postgres://{role}@{server}/{name}")),
        data_dir: Some(app.folder().join("second").to_str().unwrap().to_owned()),
        secret_key: Some("a key for tests and for nothing else".to_owned()),
        ..Flags::default()
    };
    let opened = tokio::task::spawn_blocking(move || {
        let migrating = Office::open(Config::load(&flags).unwrap()).map(drop);
        migrating.unwrap(); // nothing is to be done, so nothing is refused
        let office = Office::open_as_it_is(Config::load(&flags).unwrap()).unwrap();
        office.db.readiness()
    });
    assert_eq!(opened.await.unwrap(), Ok(()));
    let gone = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    app.in_database(move |conn| conn.batch_execute(&gone)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_hold_every_name_is_refused_at_once() {
    let Some((app, _wire)) = over_a_wire().await else {
        return;
    };
    let name = format!("{}_latin", database_of(&app).await);
    let made =
        format!("CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    on_server(&made).await;
    let (server, _) = server_of(&app.program_url());
    let url = format!("postgres://postgres@{server}/{name}");
    let opened = tokio::task::spawn_blocking(move || {
        let url = DatabaseUrl::parse(&url, std::path::Path::new("/")).unwrap();
        Db::open(&url).map(drop).map_err(|error| error.to_string())
    });
    let told = opened.await.unwrap().unwrap_err();
    assert!(told.contains("LATIN1") && told.contains("UTF8"), "{told}");
    on_server(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test]
async fn a_node_stays_ready_beside_a_newer_one_that_only_added_and_not_beside_one_that_broke_something() {
    let app = App::start().await;
    let applied = |version: &'static str| {
        app.in_database(move |conn: &mut Conn| {
            sql_query(format!(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"
            ))
            .execute(conn)
        })
    };
    let ready = || app.does(|office| Ok(office.db.readiness()));
    applied("29990101000000a").await;
    assert_eq!(ready().await.unwrap(), Ok(()));
    app.stranger().opens("/readyz").await.is(200);
    app.runs(&["user", "list"]).ends_with(0); // and starts
    applied("29990102000000").await;
    assert_eq!(ready().await.unwrap(), Err(Unready::Schema));
    app.stranger().opens("/readyz").await.is(503);
    let refused = app.runs(&["user", "list"]).ends_with(1);
    assert!(refused.stderr.contains("29990102000000"), "{refused:?}");
}
