//! What comes back is read from a mailbox over IMAP, or brought by a program.

use crate::harness::imap::{Imap, Protection, certificate};
use crate::harness::{App, Homes};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::MessageId;
use makegood::domain::mail_id;
use makegood::outreach::Office;
use makegood::outreach::bounce_boxes::Found;
use makegood::outreach::campaign::Audience;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{bounce_boxes, messages, suppressions};

/// An office that reads these places, and one message that was sent, with its return path.
async fn sent(bounces: &str) -> (App, MessageId, String) {
    let app = App::start_with(|flags| {
        flags.bounces = Some(bounces.to_owned());
        flags.mail_from = Some("Revenue <noreply@agency.example>".to_owned());
    })
    .await;
    app.does(|office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        homes.add(office, 1, 1);
        office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)?;
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    })
    .await
    .unwrap();
    let first = |conn: &mut Conn| messages::table.select(messages::id).first::<MessageId>(conn);
    let id = app.in_database(first).await;
    let path = mail_id::return_path(app.office.config.secret_keys.bytes()[0], id, "agency.example");
    (app, id, path)
}

fn report(to: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\r\nTo: <{to}>\r\nSubject: Undelivered Mail\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nHello.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
         Final-Recipient: rfc822; rosa0@mail.example\r\nAction: failed\r\nStatus: {status}\r\n\r\n--b--\r\n"
    )
}

async fn state(app: &App, id: MessageId) -> String {
    app.in_database(move |conn: &mut Conn| messages::table.find(id).select(messages::state).first(conn))
        .await
}

async fn reads(app: &App) -> Found {
    app.does(Office::take_bounces).await.unwrap()
}

async fn suppressed(app: &App) -> i64 {
    app.in_database(|conn: &mut Conn| suppressions::table.count().get_result(conn))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_once_and_nothing_in_it_is_deleted() {
    let server = Imap::start("pass word{7}\"\\", Protection::None);
    let place = format!(
        "imap://bounces:pass%20word%7B7%7D%22%5C@127.0.0.1:{}",
        server.port
    );
    let (app, id, path) = sent(&place).await;
    server.receives(report(&path, "5.1.1"));
    server.receives("From: ana@post.example\r\nSubject: A letter {3}\r\n\r\n* 1 FETCH (\r\nm9 OK no\r\n");
    let found = reads(&app).await;
    assert_eq!((found.read, found.hard, found.ignored), (2, 1, 1), "{found:?}");
    assert_eq!(state(&app, id).await, "bounced");
    assert_eq!(reads(&app).await, Found::default());
    assert!(server.lying().iter().all(|mail| mail.seen) && server.lying().len() == 2);
    assert!(
        server.heard().iter().all(|line| !line.contains("pass word")),
        "sent as it is, not in a line"
    );
    // A report that another node reads a second time changes nothing.
    server.receives(report(&path, "5.1.1"));
    assert_eq!(reads(&app).await.ignored, 1);
    assert_eq!(suppressed(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_server_that_is_away_are_told_and_tried_again() {
    let server = Imap::start("right", Protection::None);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let places = format!(
        "imap://bounces:wr0ng@127.0.0.1:{}/INBOX, imap://bounces:right@127.0.0.1:{nobody}, \
         imap://bounces:right@127.0.0.1:{}/Nowhere,imap://other:right@localhost:{}",
        server.port, server.port, server.port
    );
    let (app, id, path) = sent(&places).await;
    server.receives(report(&path, "5.1.1"));
    let found = reads(&app).await;
    assert_eq!(
        (found.hard, found.troubles.len()),
        (1, 3),
        "one place does not stop another: {found:?}"
    );
    assert!(found.troubles[0].contains("does not accept the user name or the password"));
    assert!(found.troubles[1].contains("does not answer"));
    assert!(found.troubles[2].contains("no mailbox Nowhere"));
    assert_eq!(state(&app, id).await, "bounced");
    let eve = app.supervisor("Eve").await;
    let page = eve.opens("/outages/april-15/messages").await.is(200);
    assert_eq!(page.body.matches("What comes back cannot be read").count(), 3);
    assert!(!page.body.contains("wr0ng"), "no page shows a password");
    let doctor = app
        .program()
        .env("MAKEGOOD_BOUNCES", &places)
        .arg("doctor")
        .output()
        .unwrap();
    let told = String::from_utf8(doctor.stdout).unwrap();
    assert!(told.contains("PROBLEM bounces: imap://127.0.0.1"), "{told}");
    assert!(told.contains("can be read") && !told.contains("wr0ng"), "{told}");
    let troubled = |conn: &mut Conn| {
        let troubled = bounce_boxes::table.filter(bounce_boxes::trouble.is_not_null());
        troubled.count().get_result::<i64>(conn)
    };
    assert_eq!(app.in_database(troubled).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_sent_only_to_a_server_whose_certificate_is_right() {
    let (pem, config) = certificate();
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("ca.pem");
    std::fs::write(&trusted, pem).unwrap();
    let wrapped = || Protection::Wrapped(config.clone());
    let started = || Protection::StartTls(config.clone());
    for (scheme, host, protection, trouble) in [
        ("imaps", "localhost", wrapped(), None),
        ("imap", "0.0.0.0", started(), None),
        ("imaps", "127.0.0.1", wrapped(), Some("certificate")),
        ("imap", "0.0.0.0", Protection::None, Some("no encryption")),
    ] {
        let server = Imap::start("secret", protection);
        let place = format!("{scheme}://bounces:secret@{host}:{}", server.port);
        let app = App::start().await;
        server.receives("Subject: nothing\r\n\r\n");
        let mut program = app.program();
        program
            .env("SSL_CERT_FILE", &trusted)
            .env("MAKEGOOD_BOUNCES", &place);
        let ran = crate::harness::run(program.args(["--json", "mail", "bounces"]), "");
        let Some(trouble) = trouble else {
            assert_eq!(ran.ends_with(0).json()["read"], 1, "{place}");
            continue;
        };
        let told = ran.ends_with(1).json()["troubles"][0].to_string();
        assert!(told.contains(trouble), "{told}");
        assert!(
            server.heard().iter().all(|line| !line.contains("LOGIN")),
            "{:?}",
            server.heard()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_brings_what_came_back_and_the_same_again_changes_nothing() {
    let (app, id, path) = sent("webhook").await;
    let ana = app.caller("Ana").await;
    let token = ana.token().await;
    let bring = |body: Vec<u8>| {
        let stranger = app.stranger();
        let token = token.clone();
        async move {
            let request = stranger
                .request(reqwest::Method::POST, "/api/v1/bounces")
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "message/rfc822")
                .body(body);
            stranger.asks(request).await
        }
    };
    let nobody = app.stranger();
    let without = nobody.request(reqwest::Method::POST, "/api/v1/bounces").body("x");
    nobody.asks(without).await.is(401);
    let first = bring(report(&path, "5.1.1").into_bytes()).await.is(200).json();
    assert_eq!(
        (first["taken"].as_str(), first["message"].as_i64()),
        (Some("hard"), Some(id))
    );
    let again = bring(report(&path, "5.1.1").into_bytes()).await.is(200).json();
    assert_eq!(again["taken"], "not_ours");
    let forged = report(&path.replace("bounce+", "bounce+9"), "5.1.1");
    assert_eq!(
        bring(forged.into_bytes()).await.is(200).json()["taken"],
        "not_ours"
    );
    assert_eq!(bring(b"  ".to_vec()).await.status, 400);
    assert_eq!(bring(vec![b'a'; 9 * 1024 * 1024]).await.status, 413);
    assert_eq!(
        (state(&app, id).await.as_str(), suppressed(&app).await),
        ("bounced", 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_faster_than_our_own_server_is_to_be_brought_again() {
    let (app, id, path) = sent("webhook").await;
    app.in_database(move |conn: &mut Conn| {
        let message = diesel::update(messages::table.find(id));
        message.set(messages::state.eq("sending")).execute(conn)
    })
    .await;
    let token = app.caller("Ana").await.token().await;
    let stranger = app.stranger();
    let request = stranger
        .request(reqwest::Method::POST, "/api/v1/bounces")
        .header("authorization", format!("Bearer {token}"))
        .body(report(&path, "5.1.1"));
    let answer = stranger.asks(request).await.is(503);
    assert_eq!(answer.header("retry-after"), "60");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_return_paths_of_our_own_a_report_is_refused_with_advice() {
    let app = App::start().await;
    let token = app.caller("Ana").await.token().await;
    let stranger = app.stranger();
    let request = stranger
        .request(reqwest::Method::POST, "/api/v1/bounces")
        .header("authorization", format!("Bearer {token}"))
        .body("Subject: x\r\n\r\n");
    stranger
        .asks(request)
        .await
        .is(409)
        .says("MAKEGOOD_BOUNCES=webhook");
}
