//! A caller's evening at the desk, page by page, as a browser without JavaScript has it.

use crate::harness::{App, Page, Person};
use makegood::db::Conn;
use makegood::outreach::Error;
use makegood::outreach::outages::NewOutageTexts;
use makegood::store::households;

pub const DESK: &str = "/outages/apr-14/desk";

/// Noon in Denver in winter, in seconds of the day of UTC.
const NOON: i64 = 19 * 3600;
const DAY: i64 = 24 * 3600;

/// An evening with households to call: `people` are given names, one list for each household.
pub async fn evening(app: &App, people: &[&[&str]]) {
    let people: Vec<Vec<String>> = people
        .iter()
        .map(|names| names.iter().map(|name| (*name).to_owned()).collect())
        .collect();
    // *Today* and *tomorrow* stand in what the desk says: the test is made at noon, whenever it runs.
    let clock = app.office.now().micros() / 1_000_000 % DAY;
    app.clock.advance_seconds((NOON + DAY - clock) % DAY);
    app.does(move |office| {
        let entered = NewOutageTexts {
            slug: "apr-14".into(),
            name: "April 14 payment outage".into(),
            start: "2026-04-14T13:04".into(),
            end: "2026-04-14T13:26".into(),
            tz: "America/Denver".into(),
            calling_hours: Some("00:00-24:00".into()),
            agency_name: Some("Franklin Department of Revenue".into()),
            ..NewOutageTexts::default()
        };
        let outage = office.create_outage(&entered, None)?;
        let now = office.now().micros();
        office.db.write(|conn| -> Result<(), Error> {
            let import = format!(
                "INSERT INTO imports (id, outage_id, kind, file_name, file_hash, size_bytes, state, bytes_read, \
                 rows_read, created_at, published_at, deal_due) \
                 VALUES (0, {}, 'failed', 'x', 'x', 0, 'published', 0, 0, {now}, {now}, FALSE)",
                outage.id
            );
            run(conn, &import)?;
            for (at, names) in people.iter().enumerate() {
                let phone = format!("+1303555{:04}", 100 + at);
                let household = households::add(conn, outage.id, 0, &phone)?;
                for name in names {
                    add_case(conn, outage.id, household, name, &phone, now)?;
                }
                let ready = format!(
                    "UPDATE households SET stage = 'new', due_at = {now}, citizens = {}, \
                     time_zone = 'America/Denver' WHERE id = {household}",
                    names.len()
                );
                run(conn, &ready)?;
            }
            households::add_zones(conn, outage.id, "America/Denver")?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

fn add_case(
    conn: &mut Conn,
    outage: i64,
    household: i64,
    name: &str,
    phone: &str,
    now: i64,
) -> Result<(), Error> {
    let (failed, mail) = (
        now - 7_200_000_000,
        format!("{}@post.example", name.to_lowercase()),
    );
    run(
        conn,
        &format!(
            "INSERT INTO cases (outage_id, import_id, identity_key, household_id, given_name, family_name, \
             folded_name, email, phone, time_zone, amount_cents, charged, first_failed_at, last_failed_at, \
             opened_at, transactions, code, stage, due_at, tries) \
             VALUES ({outage}, 0, 'E:{mail}', {household}, '{name}', 'Hensley', '{}hensley', \
             '{mail}', '{phone}', 'America/Denver', 128400, 'not_charged', {failed}, {failed}, \
             {now}, 1, 'MAPLE 27', 'new', {now}, 0)",
            name.to_lowercase()
        ),
    )
}

pub fn run(conn: &mut Conn, sql: &str) -> Result<(), Error> {
    diesel::RunQueryDsl::execute(diesel::sql_query(sql), conn)?;
    Ok(())
}

/// Takes the next call and answers the page with it.
pub async fn takes(person: &Person) -> Page {
    person.sends(&format!("{DESK}/claim"), &[]).await.is(303);
    person.opens(DESK).await.is(200)
}

/// The address that the outcome form of a page is sent to.
pub fn form(page: &Page) -> String {
    let start = page.body.split("data-outcomes").next().unwrap();
    let action = start.rsplit("action=\"").next().unwrap();
    action.split('"').next().unwrap().to_owned()
}

/// The address at which the last outcome is taken back.
pub fn undo_of(page: &Page) -> String {
    let undo = page.body.split("class=\"undo\"").nth(1).unwrap();
    let action = undo.split("action=\"").nth(1).unwrap();
    action.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_caller_takes_a_call_and_one_key_records_it() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    ana.opens("/").await.is(303);
    ana.opens(DESK).await.is(200).says("Ready when you are");
    let call = takes(&ana)
        .await
        .says("tel:+13035550100")
        .says("May I speak with");
    let key = call.field("key");
    let action = form(&call);
    ana.sends(&action, &[("outcome", "no_answer"), ("key", &key)])
        .await
        .is(303);
    let next = ana.opens(DESK).await.is(200);
    let next = next
        .says("Saved <b>No answer</b> for <span dir=\"auto\">Dorothy Hensley")
        .says("tel:+13035550101");
    assert_ne!(form(&next), action);
    // The same press again, after a lost answer: one attempt, and the second call stays.
    ana.sends(&action, &[("outcome", "no_answer"), ("key", &key)])
        .await
        .is(303);
    ana.opens(&format!("{DESK}/recent"))
        .await
        .is(200)
        .says("No answer");
    assert_eq!(
        ana.opens(&format!("{DESK}/recent"))
            .await
            .body
            .matches("Change outcome for")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_callback_asks_when_and_keeps_what_was_typed() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let (action, key) = (form(&call), call.field("key"));
    let note = ("note", "Ask for Walter.");
    let asked = ana
        .sends(&action, &[("outcome", "call_back"), ("key", &key), note])
        .await
        .is(200);
    let asked = asked.says("Call back when?").says(">Ask for Walter.</textarea>");
    let key = asked.field("key");
    let wrong = [
        ("chosen", "call_back"),
        ("go", "save"),
        ("key", &key),
        ("callback_quick", "at"),
        ("callback_date", "2020-01-01"),
        ("callback_time", "09:00"),
        note,
    ];
    ana.sends(&action, &wrong)
        .await
        .is(422)
        .says("has passed")
        .says(">Ask for Walter.</textarea>");
    let tomorrow = asked.pressed("Tomorrow 9:00");
    let said = format!("{tomorrow} America/Denver me");
    let right = [
        ("chosen", "call_back"),
        ("go", "save"),
        ("key", &key),
        ("callback_quick", &tomorrow),
        ("callback_said", &said),
        ("callback_for", "me"),
        note,
    ];
    ana.sends(&action, &right)
        .await
        .is(200)
        .says("the time they asked for");
    ana.opens(&format!("{DESK}/callbacks"))
        .await
        .is(200)
        .says("Dorothy Hensley")
        .says("Ask for Walter.");
}

#[tokio::test]
async fn a_card_number_in_a_note_is_refused_and_the_call_stays() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let fields = [
        ("outcome", "all_set"),
        ("key", "k1"),
        ("note", "4111 1111 1111 1111"),
    ];
    let refused = ana
        .sends(&form(&call), &fields)
        .await
        .is(422)
        .says("must not hold a card number");
    assert_eq!(form(&refused), form(&call));
}

#[tokio::test]
async fn undo_brings_the_call_and_its_note_back() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    ana.sends(
        &form(&call),
        &[("outcome", "all_set"), ("key", "k1"), ("note", "Paid by check.")],
    )
    .await
    .is(303);
    let undo = undo_of(&ana.opens(DESK).await);
    ana.sends(&undo, &[]).await.is(303);
    let back = ana.opens(DESK).await;
    back.says("tel:+13035550100").says(">Paid by check.</textarea>");
    app.clock.advance_seconds(360);
    ana.sends(&undo, &[]).await.is(404);
}

#[tokio::test]
async fn nobody_else_sees_or_sends_a_callers_call() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let (ana, bo) = (app.caller("Ana").await, app.caller("Bo").await);
    let action = form(&takes(&ana).await);
    bo.sends(&action, &[("outcome", "no_answer"), ("key", "k")])
        .await
        .is(404);
    bo.sends(&format!("{DESK}/claim"), &[])
        .await
        .is(200)
        .says("a colleague who has them on the phone");
    bo.sends(&action.replace("/outcome", "/extend"), &[])
        .await
        .is(404);
    ana.sends(&action.replace("/outcome", "/extend"), &[])
        .await
        .is(204);
}

#[tokio::test]
async fn a_lapsed_call_that_a_colleague_took_is_kept_and_marked_late() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let (ana, bo) = (app.caller("Ana").await, app.caller("Bo").await);
    let call = takes(&ana).await;
    let action = form(&call);
    app.clock.advance_seconds(11 * 60);
    let theirs = form(&takes(&bo).await);
    let claim = action.split("/calls/").nth(1).unwrap().split('/').next().unwrap();
    ana.opens(&format!("{DESK}/notices?claim={claim}"))
        .await
        .is(200)
        .says("Bo has this household");
    bo.sends(&theirs, &[("outcome", "no_answer"), ("key", "b")])
        .await
        .is(200);
    ana.sends(&action, &[("outcome", "all_set"), ("key", "a")])
        .await
        .is(200)
        .says("marked late");
}

#[tokio::test]
async fn somebody_who_rings_in_is_found_and_taken() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    for sought in ["walt", "0101", "Hensley", "walter@post.example"] {
        ana.sends("/outages/apr-14/find", &[("q", sought)])
            .await
            .is(200)
            .says("Walter Hensley");
    }
    ana.sends("/outages/apr-14/find", &[("q", "<b>nobody")])
        .await
        .is(200)
        .says("No one matches");
    let found = ana.sends("/outages/apr-14/find", &[("q", "walter")]).await;
    let take = found
        .body
        .split("/households/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let desk = ana
        .sends(&format!("{DESK}/households/{take}/claim"), &[])
        .await
        .is(303)
        .leads_to()
        .to_owned();
    let call = ana.opens(&desk).await.is(200).says("They are on the line.");
    ana.sends(
        &form(&call),
        &[("outcome", "all_set"), ("key", "k"), ("inbound", "yes")],
    )
    .await
    .is(303);
    ana.opens(&format!("{DESK}/recent")).await.says("Walter Hensley");
}

#[tokio::test]
async fn an_earlier_outcome_is_changed_with_the_same_care() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    ana.sends(
        &form(&call),
        &[
            ("outcome", "do_not_call"),
            ("go", "save"),
            ("chosen", "do_not_call"),
            ("key", "k"),
        ],
    )
    .await
    .is(200)
    .says("What should stop?");
    ana.sends(
        &form(&call),
        &[
            ("chosen", "do_not_call"),
            ("go", "save"),
            ("scope", "calls"),
            ("key", "k"),
        ],
    )
    .await
    .is(303);
    app.clock.advance_seconds(600);
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let change = recent
        .body
        .split(&format!("href=\"{DESK}/attempts/"))
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let change = format!("{DESK}/attempts/{change}");
    ana.opens(&change)
        .await
        .is(200)
        .says("Change the outcome for Dorothy Hensley");
    ana.sends(
        &change,
        &[("outcome", "no_answer"), ("note", "It was the wrong key.")],
    )
    .await
    .is(303);
    ana.opens(&format!("{DESK}/recent"))
        .await
        .says("No answer")
        .says("It was the wrong key.");
    let bo = app.caller("Bo").await;
    bo.opens(&change).await.is(404);
}

#[tokio::test]
async fn keys_and_looks_are_a_persons_own() {
    let app = App::start().await;
    let ana = app.caller("Ana").await;
    ana.opens("/help/keys")
        .await
        .is(200)
        .says("Left voicemail")
        .says("<kbd>2</kbd>");
    ana.sends("/look", &[("theme", "dark"), ("text", "large")])
        .await
        .is(303);
    ana.opens("/look")
        .await
        .is(200)
        .says("data-theme=\"dark\"")
        .says("data-text=\"large\"")
        .says("data-keys=\"off\"");
    ana.opens("/")
        .await
        .is(404)
        .says("a supervisor has to make one first");
}
