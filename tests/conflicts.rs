//! A call that is not hers to make any more: recorded in another tab, answered before, or held no longer. Each leads on.

use crate::desk::{DESK, evening, form, takes};
use crate::harness::{App, Page};
use diesel::prelude::*;
use makegood::schema::attempts;

async fn recorded(app: &App) -> Vec<(String, bool)> {
    app.in_database(|conn| {
        attempts::table
            .select((attempts::outcome, attempts::late))
            .load(conn)
    })
    .await
}

/// Nothing can be pressed for it any more, and the next call is one key away.
#[track_caller]
fn leads_on(page: Page) -> Page {
    let form = page.between("data-outcomes", "</form>").to_owned();
    assert!(
        !form.contains("name=\"outcome\""),
        "no outcome can be pressed: {form}"
    );
    assert!(!page.body.contains("tel:"), "the number is text");
    page.says("name=\"go\" value=\"next\" data-key=\"enter\"")
}

#[tokio::test]
async fn what_was_recorded_in_another_tab_is_not_asked_again_and_its_note_stays_to_be_read() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let action = form(&takes(&ana).await);
    ana.sends(&action, &[("outcome", "no_answer"), ("key", "k1")])
        .await
        .is(303);
    let again = [
        ("outcome", "all_set"),
        ("key", "k2"),
        ("note", "Speaks freely after five."),
    ];
    let page = ana.sends(&action, &again).await.is(409);
    leads_on(page)
        .says("What you pressed last was not saved.")
        .says("You recorded this call: No answer")
        .says("Your note is not in that record")
        .says(">Speaks freely after five.</textarea>");
    assert_eq!(recorded(&app).await, [("no_answer".to_owned(), false)]);
    // The page that only waits is told too, and its outcomes are taken away.
    let claim = action.split("/calls/").nth(1).unwrap().split('/').next().unwrap();
    for shown in ["on", "inbound"] {
        let news = ana
            .opens(&format!("{DESK}/notices?claim={claim}&dial={shown}"))
            .await;
        news.is(200).says("All outcome keys are off.");
    }
}

#[tokio::test]
async fn after_a_lost_answer_another_key_saves_nothing_and_leads_on() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let (action, key) = (form(&call), call.field("key"));
    ana.sends(&action, &[("outcome", "no_answer"), ("key", &key)])
        .await
        .is(303);
    let other = ana
        .sends(&action, &[("outcome", "voicemail"), ("key", &key)])
        .await;
    leads_on(other.is(409)).says("Your first answer was saved.");
    assert_eq!(recorded(&app).await, [("no_answer".to_owned(), false)]);
}

#[tokio::test]
async fn a_call_held_no_longer_is_taken_again_in_one_act_with_all_that_was_typed() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let call = takes(&ana).await;
    let (action, key) = (form(&call), call.field("key"));
    let claim = action.split("/calls/").nth(1).unwrap().split('/').next().unwrap();
    app.clock.advance_seconds(11 * 60);
    let notices = format!("{DESK}/notices?claim={claim}&dial=on");
    let news = ana.opens(&notices).await.is(200).says("Nobody has taken it.");
    let news = news.says("name=\"go\" value=\"again\"");
    assert!(
        !news.body.contains("tel:"),
        "she does not dial before she has it again"
    );
    let again = [
        ("chosen", "call_back"),
        ("go", "again"),
        ("key", &key),
        ("note", "Ask for Walter."),
    ];
    let page = ana.sends(&action, &again).await.is(200);
    let page = page
        .says("tel:+13035550100")
        .says("Call back when?")
        .says(">Ask for Walter.</textarea>");
    assert_eq!(form(&page), action, "it is the same call");
    ben.sends(&format!("{DESK}/claim"), &[])
        .await
        .is(200)
        .says("Nobody to call right now");

    // Where a colleague has taken it meanwhile, she does not get it, and what she typed stays.
    app.clock.advance_seconds(11 * 60);
    ben.sends(&format!("{DESK}/claim"), &[]).await.is(303);
    let late = ana.sends(&action, &again).await.is(409);
    late.says("This call is not yours any more.")
        .says(">Ask for Walter.</textarea>")
        .says("Do not dial.");
    ana.sends(&action, &[("outcome", "no_answer"), ("key", &key)])
        .await
        .is(200);
    assert_eq!(recorded(&app).await, [("no_answer".to_owned(), true)]);
}
