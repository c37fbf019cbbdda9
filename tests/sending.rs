//! E-mails on their way: what a worker leaves behind that died, and what stands on a letter that goes out late.

use crate::bounces::works_the_outbox;
use crate::harness::{App, Homes, Relay};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::outreach::campaign::Audience;
use makegood::outreach::fate::Decision;
use makegood::outreach::outbox::Outbox;
use makegood::schema::messages;
use makegood::store::message_lease;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// So many e-mails wait.
async fn queued(app: &App, people: i64) {
    let queued = app.does(move |office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        homes.add(office, people, 1);
        office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)
    });
    assert_eq!(queued.await.unwrap().queued, people);
}

/// The states of all messages, in their order.
pub async fn states(app: &App) -> Vec<String> {
    let states = |conn: &mut Conn| {
        messages::table
            .order(messages::id)
            .select(messages::state)
            .load(conn)
    };
    app.in_database(states).await
}

fn letter(app: &App) -> String {
    let mut files = std::fs::read_dir(app.folder().join("mail")).unwrap();
    let file = files.next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    text
}

/// Seconds since a letter's date.
fn age(app: &App, letter: &str) -> i64 {
    let (_, rest) = letter.split_once("\r\nDate: ").unwrap();
    let date = rest.split("\r\n").next().unwrap().replace("+0000", "GMT");
    let at = jiff::fmt::rfc2822::parse(&date.replace("GMT", "+0000")).unwrap();
    app.office.now().micros() / 1_000_000 - at.timestamp().as_second()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_held_goes_on_within_half_a_minute() {
    let app = App::start().await;
    queued(&app, 3).await;
    let now = app.office.now();
    let dies = move |conn: &mut Conn| {
        let until = now.plus_seconds(25);
        let held = message_lease::take(conn, "dead", now, until, 10)?;
        message_lease::note_texts(conn, &[held[0].id], "dead", now, until)
    };
    app.in_database(dies).await;
    works_the_outbox(&app).await;
    assert_eq!(states(&app).await, ["sending"; 3], "it may live");
    app.clock.advance_seconds(30);
    works_the_outbox(&app).await;
    assert_eq!(states(&app).await, ["uncertain", "sent", "sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_slow_worker_holds_stays_its_own() {
    let free = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&free);
    let relay = Relay::saying(move |line| {
        while line.starts_with("RCPT") && !gate.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    });
    let app = App::start_with(|flags| {
        flags.smtp_url = Some(relay.url());
        flags.mail_connections = Some("1".to_owned());
    })
    .await;
    queued(&app, 2).await;
    let office = app.office.clone();
    let slow = std::thread::spawn(move || Outbox::open(&office).unwrap().step().unwrap());
    std::thread::sleep(Duration::from_millis(7_000));
    app.clock.advance_seconds(19);
    let other = app.does(|office| Outbox::open(office)?.step().map(|_| ()));
    other.await.unwrap();
    let held = states(&app).await;
    free.store(true, Ordering::Relaxed);
    slow.join().unwrap();
    assert!(held.iter().all(|state| state == "sending"), "{held:?}");
    assert_eq!(relay.took().len(), 2, "each of them once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_has_the_date_at_which_it_goes_out_and_keeps_it_when_it_may_have_arrived() {
    let app = App::start().await;
    queued(&app, 1).await;
    app.clock.advance_seconds(30 * 3_600);
    works_the_outbox(&app).await;
    let first = letter(&app);
    assert!(age(&app, &first).abs() < 60, "{first}");
    let in_doubt = |conn: &mut Conn| -> QueryResult<i64> {
        diesel::update(messages::table)
            .set(messages::state.eq("uncertain"))
            .execute(conn)?;
        messages::table.select(messages::id).first(conn)
    };
    let id = app.in_database(in_doubt).await;
    app.clock.advance_seconds(3_600);
    app.does(move |office| office.settle_uncertain(id, Decision::SendAgain))
        .await
        .unwrap();
    works_the_outbox(&app).await;
    assert_eq!(letter(&app), first, "whoever gets it twice gets the same");
}
