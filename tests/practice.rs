//! Before the first real call: one to invented people, which saves nothing. And in a hard one: a supervisor comes.

use crate::harness::App;
use diesel::prelude::*;
use makegood::schema::{attempts, claims};

const DESK: &str = "/outages/april/desk";
const OUTCOME: &str = "/outages/april/desk/practice/calls/-7/outcome";

#[actix_web::test]
async fn a_new_caller_practises_on_invented_people_and_nothing_is_saved() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    app.homes(1).await;
    ana.opens(DESK).await.is(200).says("Practice on invented people");
    let page = ana.opens(&format!("{DESK}/practice")).await.is(200);
    page.says("This is practice.")
        .says("Dorothy Hensley")
        .says("Walter Hensley")
        .says("What to say");
    let sends = async |fields: &[(&str, &str)]| ana.sends(OUTCOME, fields).await;

    let kept = sends(&[("outcome", "no_answer")]).await.is(200);
    kept.says("You recorded \u{201c}No answer\u{201d} for Dorothy and Walter Hensley.")
        .says("Next try after");
    let asked = sends(&[("outcome", "call_back"), ("note", "At work.")])
        .await
        .is(200)
        .says("Call back when?")
        .says("At work.");
    let past = [
        ("chosen", "call_back"),
        ("go", "save"),
        ("callback_quick", "at"),
        ("callback_date", "2020-01-01"),
        ("callback_time", "09:00"),
    ];
    sends(&past).await.is(422).says("has passed");
    let tomorrow = asked.pressed("Tomorrow 9:00");
    let said = format!("{tomorrow} {} me", asked.field("callback_zones"));
    let promised = [
        ("chosen", "call_back"),
        ("go", "save"),
        ("callback_quick", &tomorrow),
        ("callback_said", &said),
    ];
    sends(&promised).await.is(200).says("Callback at");
    sends(&[("go", "skip")]).await.is(200).says("Why skip");
    sends(&[("outcome", "all_set")])
        .await
        .is(422)
        .says("First choose who is speaking: F or G.");
    let one = [("speaking", "-1"), ("whom", "-1"), ("outcome", "all_set")];
    ana.sends(OUTCOME, &one)
        .await
        .is(200)
        .says("for Dorothy Hensley. Closed: resolved by call.");

    let saved: (i64, i64) = app
        .in_database(|conn| {
            Ok((
                attempts::table.count().get_result(conn)?,
                claims::table.count().get_result(conn)?,
            ))
        })
        .await;
    assert_eq!(saved, (0, 0));
}

#[actix_web::test]
async fn a_caller_in_distress_calls_a_supervisor_who_says_that_he_comes() {
    let app = App::start().await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let eve = app.supervisor("Eve").await;
    app.homes(1).await;
    let distress = format!("{DESK}/distress");
    ana.sends(&distress, &[]).await.is(303);
    ana.sends(&distress, &[]).await.is(303);
    ana.opens(DESK)
        .await
        .is(200)
        .says("You called a supervisor at")
        .says("I am all right again");
    let news = ana.opens(&format!("{DESK}/notices?claim=0")).await.is(200);
    news.says("They see it on the board.");
    assert!(!ben.opens(DESK).await.body.contains("You called a supervisor"));
    let board = eve.opens("/outages/april/board").await.is(200);
    let board = board.says("Ana needs a supervisor now");
    assert_eq!(
        board.body.matches("I am coming").count(),
        1,
        "called twice, shown once"
    );

    let come = format!("/outages/april/distress/{}", ana.id);
    ben.sends(&come, &[]).await.is(403);
    eve.sends(&come, &[]).await.is(303);
    assert!(
        !eve.opens("/outages/april/board")
            .await
            .body
            .contains("needs a supervisor now")
    );
    ana.opens(&format!("{DESK}/notices?claim=0"))
        .await
        .is(200)
        .says("Eve comes to you");
    for _ in 0..2 {
        app.clock.advance_seconds(8 * 60); // no longer than a session may rest
        eve.opens("/outages/april/lists").await.is(200); // a board that only shows itself again keeps nobody signed in
        ana.opens(DESK).await.is(200);
    }
    let later = ana.opens(DESK).await.is(200);
    assert!(!later.body.contains("comes to you"));

    ana.sends(&distress, &[]).await.is(303);
    ana.sends(&distress, &[("done", "yes")]).await.is(303);
    let board = eve.opens("/outages/april/board").await.is(200);
    assert!(!board.body.contains("needs a supervisor now"));
    let desk = ana.opens(DESK).await.is(200);
    assert!(!desk.body.contains("You called a supervisor"));
}

/// What breaks it: a caller in need whom only the board of her own outage shows.
#[actix_web::test]
async fn a_cry_for_help_and_a_stop_reach_whatever_page_a_supervisor_has_open() {
    let app = App::start().await;
    let (eve, ana) = (app.supervisor("Eve").await, app.caller("Ana").await);
    app.homes(1).await;
    eve.opens("/outages/april/cases")
        .await
        .is(200)
        .says("hx-get=\"/alarms\"");
    eve.opens("/outages/april/board")
        .await
        .says("hx-get=\"/alarms?but=april\"");
    assert!(!ana.opens(DESK).await.body.contains("/alarms"));
    ana.opens("/alarms").await.is(403);
    let quiet = eve.opens("/alarms").await.is(200);
    assert_eq!(quiet.body.trim(), "");
    ana.sends(&format!("{DESK}/distress"), &[]).await.is(303);
    eve.sends("/outages/april/calls", &[("stop", "yes")])
        .await
        .is(303);
    let loud = eve.opens("/alarms").await.is(200);
    loud.says("Ana needs a supervisor now")
        .says("All calls are stopped");
    let own = eve.opens("/alarms?but=april").await.is(200);
    assert_eq!(own.body.trim(), "", "its board says its own");
    eve.sends(&format!("/outages/april/distress/{}", ana.id), &[])
        .await
        .is(303);
    eve.sends("/outages/april/calls", &[("stop", "no")]).await.is(303);
    assert_eq!(eve.opens("/alarms").await.body.trim(), "");
}
