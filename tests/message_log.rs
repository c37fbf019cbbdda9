//! The delivery log: found again, written out, tried again.

use crate::harness::{App, Home, Homes};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::{CampaignId, CaseId};
use makegood::outreach::campaign::{Audience, Wave};
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{cases, messages};

const LOG: &str = "/outages/april-15/messages";

/// Two got the apology in a mailing, and one of them another text in a second one.
async fn office() -> (App, Vec<Home>, CampaignId) {
    let app = App::start().await;
    let made = app.does(|office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        let added = homes.add(office, 2, 1);
        let outage = homes.outage.id;
        office.send_campaign(outage, "apology", &Audience::default(), None, false)?;
        let wave = Wave {
            template: "tried_to_call".to_owned(),
            at_most: Some(1),
            ..Wave::default()
        };
        let second = office.send_wave(outage, &wave, None, false)?.campaign.unwrap();
        Ok((added, second))
    });
    let (homes, second) = made.await.unwrap();
    (app, homes, second)
}

async fn set(app: &App, text: &'static str, state: &'static str) {
    app.in_database(move |conn: &mut Conn| {
        let of_text = messages::table.filter(messages::template_key.eq(text));
        diesel::update(of_text)
            .set((
                messages::state.eq(state),
                messages::reply.eq("The server's words."),
            ))
            .execute(conn)
    })
    .await;
}

async fn states(app: &App) -> Vec<String> {
    app.in_database(|conn: &mut Conn| {
        messages::table
            .order(messages::id)
            .select(messages::state)
            .load(conn)
    })
    .await
}

async fn address(app: &App, case: CaseId) -> String {
    let of_case = move |conn: &mut Conn| {
        cases::table
            .find(case)
            .select(cases::email)
            .first::<Option<String>>(conn)
    };
    app.in_database(of_case).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_found_by_text_mailing_day_state_case_and_address() {
    let (app, homes, second) = office().await;
    set(&app, "apology", "sent").await;
    let eve = app.supervisor("Eve").await;
    let rows = |query: String| {
        let eve = &eve;
        async move {
            eve.opens(&format!("{LOG}{query}"))
                .await
                .is(200)
                .body
                .matches("<th scope=\"row\"")
                .count()
        }
    };
    let today = &app.office.now().rfc3339()[..10].to_owned();
    assert_eq!(rows(String::new()).await, 3);
    assert_eq!(rows("?template=tried_to_call".to_owned()).await, 1);
    assert_eq!(rows(format!("?campaign={second}")).await, 1);
    assert_eq!(rows("?state=sent".to_owned()).await, 2);
    assert_eq!(rows("?state=sent&template=tried_to_call".to_owned()).await, 0);
    assert_eq!(rows("?from=2001-01-01&to=2001-01-02".to_owned()).await, 0);
    assert_eq!(
        rows("?from=2001-01-01&to=2101-01-02".to_owned()).await,
        3,
        "{today}"
    );
    assert_eq!(rows(format!("?case={}", homes[1].people[0])).await, 1);
    assert_eq!(
        rows("?from=never&campaign=x&page=x".to_owned()).await,
        3,
        "nonsense asks for nothing"
    );
    let sought = address(&app, homes[1].people[0]).await;
    let page = eve
        .sends(&format!("{LOG}/find"), &[("q", &sought.to_uppercase())])
        .await
        .is(200);
    assert_eq!(page.body.matches("<th scope=\"row\"").count(), 1);
    assert!(
        page.body.matches(sought.as_str()).count() == 0,
        "addresses stay masked"
    );
    let by_number = format!("case {}", homes[0].people[0]);
    let found = eve
        .sends(&format!("{LOG}/find"), &[("q", &by_number)])
        .await
        .is(303);
    assert!(
        found
            .leads_to()
            .ends_with(&format!("?case={}", homes[0].people[0]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_is_written_out() {
    let (app, homes, _) = office().await;
    let eve = app.supervisor("Eve").await;
    let csv = eve
        .opens(&format!("{LOG}/log.csv?template=apology"))
        .await
        .is(200);
    assert!(csv.header("content-disposition").contains("april-15-e-mails.csv"));
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert!(!csv.body.contains("tried_to_call"));
    let sought = address(&app, homes[1].people[0]).await;
    let fields = [("q", sought.as_str()), ("as", "csv")];
    let csv = eve.sends(&format!("{LOG}/find"), &fields).await.is(200);
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
    assert!(csv.body.contains(&sought));
    let ana = app.caller("Ana").await;
    assert_eq!(ana.opens(&format!("{LOG}/log.csv")).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_and_what_waits_is_tried_again_at_once_and_a_bounce_is_not() {
    let (app, _, _) = office().await;
    let eve = app.supervisor("Eve").await;
    set(&app, "apology", "failed").await;
    set(&app, "tried_to_call", "bounced").await;
    let log = eve.opens(&format!("{LOG}?state=failed")).await.is(200);
    assert!(log.body.contains("Send 2 e-mails again"), "{}", log.body);
    eve.sends(&format!("{LOG}/retry"), &[("state", "bounced")])
        .await
        .is(409);
    eve.sends(&format!("{LOG}/retry"), &[("state", "failed")])
        .await
        .is(303);
    assert_eq!(states(&app).await, ["queued", "queued", "bounced"]);
    // Both wait for another try in an hour.
    let later = app.office.now().plus_hours(1);
    app.in_database(move |conn: &mut Conn| {
        diesel::update(messages::table.filter(messages::state.eq("queued")))
            .set(messages::due_at.eq(later))
            .execute(conn)
    })
    .await;
    let first = app.in_database(|conn: &mut Conn| {
        messages::table
            .select(messages::id)
            .order(messages::id)
            .first::<i64>(conn)
    });
    let first = first.await;
    eve.sends(&format!("{LOG}/{first}/retry"), &[]).await.is(303);
    let step = |office: &makegood::outreach::Office| {
        let outbox = Outbox::open(office)?;
        let step = outbox.step()?;
        outbox.close()?;
        Ok(step)
    };
    assert_eq!(app.does(step).await.unwrap(), Step::Worked(1));
    eve.sends(&format!("{LOG}/retry"), &[("state", "queued")])
        .await
        .is(303);
    assert_eq!(app.does(step).await.unwrap(), Step::Worked(1));
    assert_eq!(states(&app).await, ["sent", "sent", "bounced"]);
    eve.sends(&format!("{LOG}/{first}/retry"), &[]).await.is(409);
    eve.sends("/outages/april-15/messages/99999/retry", &[])
        .await
        .is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_writes_to_many_follows_it_and_tries_again() {
    let app = App::start().await;
    let made = app.does(|office| Ok(Homes::of_outage(office, "april-15", "00:00-24:00").add(office, 3, 1)));
    made.await.unwrap();
    let token = app.supervisor("Eve").await.token().await;
    let program = app.stranger();
    let asks = |method: reqwest::Method, path: &str, body: Option<serde_json::Value>| {
        let request = program
            .request(method, &format!("/api/v1/outages/april-15/{path}"))
            .header("authorization", format!("Bearer {token}"));
        program.asks(match body {
            Some(body) => request.json(&body),
            None => request,
        })
    };
    let (get, post) = (reqwest::Method::GET, reqwest::Method::POST);
    let wave = serde_json::json!({"template": "apology", "at_most": 2, "dry_run": true});
    let counted = asks(post.clone(), "campaigns", Some(wave)).await.is(200).json();
    assert_eq!(
        (counted["queued"].as_i64(), counted["left_out"]["later"].as_i64()),
        (Some(2), Some(1))
    );
    let wave = serde_json::json!({"template": "apology", "at_most": 2, "hold_calls": 24});
    let sent = asks(post.clone(), "campaigns", Some(wave.clone()))
        .await
        .is(201)
        .json();
    let again = asks(post.clone(), "campaigns", Some(wave)).await.is(201).json();
    assert_eq!(again["queued"], 1, "nobody twice");
    let nonsense = serde_json::json!({"template": "apology", "only": "weather=fine"});
    asks(post.clone(), "campaigns", Some(nonsense)).await.is(422);
    let steer = format!("campaigns/{}/state", sent["campaign"]);
    for (state, status) in [
        ("paused", 200),
        ("running", 200),
        ("sideways", 422),
        ("stopped", 200),
        ("running", 409),
    ] {
        let body = serde_json::json!({"state": state});
        asks(post.clone(), &steer, Some(body)).await.is(status);
    }
    let campaigns = asks(get.clone(), "campaigns", None).await.is(200).json();
    assert_eq!(campaigns["campaigns"][1]["messages"]["withdrawn"], 2);
    assert_eq!(campaigns["campaigns"][0]["state"], "running");
    set(&app, "apology", "uncertain").await;
    let page = asks(get.clone(), "messages?state=uncertain&limit=2", None)
        .await
        .is(200)
        .json();
    assert_eq!(page["messages"].as_array().unwrap().len(), 2);
    let rest = format!("messages?limit=2&cursor={}", page["next"].as_str().unwrap());
    let rest = asks(get.clone(), &rest, None).await.is(200).json();
    assert_eq!(
        (rest["messages"].as_array().unwrap().len(), rest["next"].as_str()),
        (1, None)
    );
    asks(get.clone(), "messages?limit=0", None).await.is(422);
    asks(get, "messages?state=lost", None).await.is(422);
    let [first, second] = [0, 1].map(|at| format!("messages/{}", page["messages"][at]["id"]));
    let decide = |word: &str| Some(serde_json::json!({"decision": word}));
    asks(post.clone(), &format!("{first}/settle"), decide("sent"))
        .await
        .is(204);
    asks(post.clone(), &format!("{second}/settle"), decide("again"))
        .await
        .is(204);
    asks(post.clone(), &format!("{second}/settle"), decide("maybe"))
        .await
        .is(422);
    asks(post.clone(), &format!("{second}/settle"), decide("sent"))
        .await
        .is(409);
    asks(post.clone(), &format!("{second}/retry"), None).await.is(204);
    asks(post, &format!("{first}/retry"), None).await.is(409);
    assert_eq!(states(&app).await, ["sent", "queued", "uncertain"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_holds_all_e_mail_and_releases_it() {
    let (app, ..) = office().await;
    let token = app.supervisor("Eve").await.token().await;
    let program = app.stranger();
    let asks = |path: &str, body: Option<serde_json::Value>| {
        let method = match body {
            Some(_) => reqwest::Method::POST,
            None => reqwest::Method::GET,
        };
        let request = program
            .request(method, &format!("/api/v1/mail-hold{path}"))
            .header("authorization", format!("Bearer {token}"));
        program.asks(match body {
            Some(body) => request.json(&body),
            None => request,
        })
    };
    let how = |word: &str| Some(serde_json::json!({"how": word}));
    assert_eq!(asks("", None).await.is(200).json()["held"], false);
    asks("/release", how("send")).await.is(409);
    let why = serde_json::json!({"why": "A mistake in the text"});
    asks("", Some(why.clone())).await.is(204);
    asks("", Some(why)).await.is(409);
    let held = asks("", None).await.is(200).json();
    assert_eq!(
        (
            held["because"].as_str(),
            held["waiting"].as_array().unwrap().len()
        ),
        (Some("A mistake in the text"), 2)
    );
    let step = |office: &makegood::outreach::Office| Outbox::open(office)?.step();
    assert_eq!(app.does(step).await.unwrap(), Step::Held);
    asks("/release", how("perhaps")).await.is(422);
    let released = asks("/release", how("withdraw")).await.is(200).json();
    assert_eq!(released["withdrawn"], 3);
    assert_eq!(states(&app).await, ["withdrawn", "withdrawn", "withdrawn"]);
}
