//! Whom nobody may contact: by one click in a mail program, or by a supervisor's word. And codes that anybody
//! may check.

use crate::harness::{App, Home, Homes};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::CaseId;
use makegood::domain::network::Network;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::campaign::Audience;
use makegood::outreach::citizen::check::Checked;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{callbacks, cases, messages, suppressions};

async fn homes(app: &App, households: i64) -> Vec<Home> {
    let added = app.does(move |office| {
        Ok(Homes::of_outage(office, "april-15", "00:00-24:00").add(office, households, 1))
    });
    added.await.unwrap()
}

async fn stage(app: &App, case: CaseId) -> String {
    app.in_database(move |conn| cases::table.find(case).select(cases::stage).first(conn))
        .await
}

async fn standing(app: &App) -> i64 {
    let standing = |conn: &mut Conn| {
        let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
        standing.count().get_result(conn)
    };
    app.in_database(standing).await
}

/// The letters that went into files, whole.
fn letters(app: &App) -> Vec<String> {
    let folder = std::fs::read_dir(app.folder().join("mail")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_in_a_mail_program_ends_the_mail_and_opening_the_link_does_not() {
    let app = App::start_with(|flags| flags.base_url = Some("https://makegood.example".to_owned())).await;
    let homes = homes(&app, 2).await;
    let sent = app.does(|office| {
        let outage = office.outage_named("april-15")?;
        office.send_campaign(outage.id, "apology", &Audience::default(), None, false)?;
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    });
    sent.await.unwrap();
    let letters = letters(&app);
    assert_eq!(letters.len(), 2);
    for letter in &letters {
        assert!(letter.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    }
    let plain = letters[0].replace("\r\n ", " ");
    let (_, link) = plain
        .split_once("List-Unsubscribe: <https://makegood.example")
        .unwrap();
    let link = link.split('>').next().unwrap().to_owned();
    let mail_program = app.stranger();
    mail_program
        .opens(&link)
        .await
        .is(200)
        .says("No more e-mail from us?");
    assert_eq!(standing(&app).await, 0);
    for _ in 0..2 {
        let click = mail_program
            .request(reqwest::Method::POST, &link)
            .header("origin", "https://webmail.example")
            .header("sec-fetch-site", "cross-site")
            .form(&[("List-Unsubscribe", "One-Click")]);
        mail_program
            .asks(click)
            .await
            .is(200)
            .says("not write to this address again");
        assert_eq!(standing(&app).await, 1);
    }
    let forged = format!("{}A", &link[..link.len() - 1]);
    for nobody in [
        if forged == link { "/u/x" } else { forged.as_str() },
        "/u/",
        "/u/x",
    ] {
        assert_eq!(mail_program.sends_as_it_is(nobody, &[]).await.status, 404);
    }
    assert_eq!(standing(&app).await, 1);
    assert_eq!(
        stage(&app, homes[0].people[0]).await,
        "new",
        "they are still called"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_citizen_asked_for_cannot_be_unsubscribed_from() {
    let app = App::start_with(|flags| flags.base_url = Some("https://makegood.example".to_owned())).await;
    let case = homes(&app, 1).await[0].people[0];
    let link = app.office.citizen_link(case, app.office.now());
    let link = link.strip_prefix("https://makegood.example").unwrap();
    let citizen = app.stranger();
    let slot = citizen.opens(link).await.field("slot");
    citizen
        .sends_as_it_is(link, &[("choice", "call_me"), ("slot", &slot), ("lang", "en")])
        .await
        .is(303);
    let due = |conn: &mut Conn| callbacks::table.select(callbacks::due_at).first(conn);
    let due: Timestamp = app.in_database(due).await;
    let an_hour_before = due.seconds_since(app.office.now()) - 3600;
    app.clock.advance_seconds(an_hour_before.max(0));
    app.does(|office| {
        let outbox = Outbox::open(office)?;
        while let Step::Worked(_) = outbox.step()? {}
        outbox.close()
    })
    .await
    .unwrap();
    let letters = letters(&app);
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("Subject: We will call you"), "{}", letters[0]);
    assert!(!letters[0].contains("List-Unsubscribe"));
    let state: String = app
        .in_database(|conn| messages::table.select(messages::state).first(conn))
        .await;
    assert_eq!(state, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_suppresses_a_number_and_lifts_it_with_a_reason_that_stays() {
    let app = App::start().await;
    let homes = homes(&app, 2).await;
    let case = homes[0].people[0];
    let eve = app.supervisor("Eve").await;
    eve.sends("/suppressions", &[("whom", "nobody"), ("why", "x")])
        .await
        .is(422)
        .says("an e-mail address, a phone number, or a case number");
    eve.sends("/suppressions", &[("whom", "(423) 555-0000"), ("why", "")])
        .await
        .is(422)
        .says("Say why");
    let because = [("whom", "(423) 555-0000"), ("why", "Their lawyer wrote to us")];
    eve.sends("/suppressions", &because).await.is(303);
    assert_eq!(
        stage(&app, case).await,
        "email",
        "no call may wait that cannot be made"
    );
    eve.opens("/suppressions")
        .await
        .is(200)
        .says("(423) 555-0000")
        .says("Their lawyer wrote to us")
        .says("Eve");
    eve.sends("/suppressions/find", &[("q", "555-0000")])
        .await
        .is(200)
        .says("(423) 555-0000");
    eve.sends("/suppressions/find", &[("q", "nobody@")])
        .await
        .is(200)
        .says("Nothing found");
    let id: i64 = app
        .in_database(|conn| suppressions::table.select(suppressions::id).first(conn))
        .await;
    let lift = format!("/suppressions/{id}/lift");
    eve.sends(&lift, &[("why", "")]).await.is(422).says("Say why");
    eve.sends(&lift, &[("why", "It was another number")])
        .await
        .is(303);
    assert_eq!(stage(&app, case).await, "new");
    eve.sends(&lift, &[("why", "again")]).await.is(409);
    eve.opens("/suppressions")
        .await
        .says("by Eve: It was another number");
    let ana = app.caller("Ana").await;
    ana.opens("/suppressions").await.is(403);
    ana.sends("/suppressions", &because).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_suppressed_with_every_number_and_address() {
    let app = App::start().await;
    let case = homes(&app, 1).await[0].people[0];
    let eve = app.supervisor("Eve").await;
    let whom = format!("case {case}");
    eve.sends("/suppressions", &[("whom", &whom), ("why", "A court order")])
        .await
        .is(303);
    assert_eq!(standing(&app).await, 2);
    eve.sends("/suppressions", &[("whom", "case 999999"), ("why", "x")])
        .await
        .is(422)
        .says("no such case");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_checked_with_part_of_the_number_and_cannot_be_guessed() {
    let app = App::start().await;
    homes(&app, 1).await;
    let citizen = app.stranger();
    citizen
        .opens("/check?lang=es")
        .await
        .is(200)
        .says("¿Es verdadera la llamada?");
    let check = async |code: &str, phone: &str| {
        let fields = [("code", code), ("phone", phone), ("lang", "en")];
        let begun = std::time::Instant::now();
        let page = citizen.sends_as_it_is("/check", &fields).await;
        assert!(
            page.status == 429 || begun.elapsed().as_millis() >= 500,
            "answers in an even pace"
        );
        page
    };
    let right = check("maple-27", "0000").await.is(200).says("This code is ours");
    assert!(!right.body.contains("Rosa"));
    let known = check("MAPLE 27", "0001")
        .await
        .is(200)
        .says("do not know this code");
    let unknown = check("OCEAN 11", "0000")
        .await
        .is(200)
        .says("do not know this code");
    assert_eq!(known.body, unknown.body, "which of both is wrong is not told");
    check("%", "%%%%").await.is(200).says("do not know this code");
    for wrong in 0..8 {
        check("MAPLE 27", &format!("100{wrong}")).await.is(200);
    }
    check("MAPLE 27", "0000").await.is(429).says("Too many checks");
    check("OCEAN 11", "0000").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_citizens_behind_one_gateway_check_their_codes_and_nobody_tries_numbers_out() {
    let app = App::start().await;
    homes(&app, 1).await;
    let checked = |code: String, digits: &'static str, from: &'static str| {
        app.does(move |office| {
            let from = Network::of_customer(from.parse().unwrap());
            office.check_code(&code, digits, from)
        })
    };
    let gateway = "192.0.2.7";
    for citizen in 10..40 {
        let told = checked(format!("OTTER {citizen}"), "1234", gateway)
            .await
            .unwrap();
        assert_eq!(told, Checked::NotOurs, "{citizen}");
    }
    let told = checked("MAPLE 27".to_owned(), "0000", gateway).await.unwrap();
    assert_eq!(told, Checked::Ours);
    for citizen in 40..69 {
        checked(format!("OTTER {citizen}"), "1234", gateway)
            .await
            .unwrap();
    }
    let told = checked("MAPLE 27".to_owned(), "0000", gateway).await.unwrap();
    assert!(matches!(told, Checked::TooOften(_)), "{told:?}");
    // Of one code no more than ten at once, wherever from, whether it is one of ours or not.
    for code in ["MAPLE 27", "OCEAN 11"] {
        let mut looked = 0;
        for from in ["192.0.2.8", "192.0.2.9", "192.0.2.10"] {
            for _ in 0..6 {
                let told = checked(code.to_owned(), "4321", from).await.unwrap();
                looked += usize::from(told == Checked::NotOurs);
            }
        }
        assert!((9..=10).contains(&looked), "{code}: {looked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_suppresses_and_lifts_with_a_reason() {
    let app = App::start().await;
    let case = homes(&app, 1).await[0].people[0];
    let token = app.supervisor("Eve").await.token().await;
    let program = app.stranger();
    let asks = |method: reqwest::Method, path: &str, body: serde_json::Value| {
        let request = program
            .request(method, &format!("/api/v1/suppressions{path}"))
            .header("authorization", format!("Bearer {token}"))
            .json(&body);
        program.asks(request)
    };
    let post = reqwest::Method::POST;
    let whom = serde_json::json!({"whom": format!("case {case}"), "why": "asked us"});
    let added = asks(post.clone(), "", whom.clone()).await.is(201).json();
    assert_eq!(added["added"], standing(&app).await);
    assert_eq!(asks(post.clone(), "", whom).await.is(201).json()["added"], 0);
    let nobody = serde_json::json!({"whom": "the moon", "why": "far"});
    asks(post.clone(), "", nobody).await.is(422);
    let listed = asks(reqwest::Method::GET, "", serde_json::Value::Null)
        .await
        .is(200)
        .json();
    let id = listed["suppressions"][0]["id"].as_i64().unwrap();
    asks(
        post.clone(),
        &format!("/{id}/lift"),
        serde_json::json!({"why": ""}),
    )
    .await
    .is(422);
    asks(
        post.clone(),
        &format!("/{id}/lift"),
        serde_json::json!({"why": "changed their mind"}),
    )
    .await
    .is(204);
    asks(post, &format!("/{id}/lift"), serde_json::json!({"why": "again"}))
        .await
        .is(409);
    assert_eq!(standing(&app).await, added["added"].as_i64().unwrap() - 1);
}
