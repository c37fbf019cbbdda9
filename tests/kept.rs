//! What was promised and what is owed is kept in sight until it is done.

use crate::desk::{DESK, evening, form, run, takes, undo_of};
use crate::harness::{App, Page, Person};
use crate::household::{a_household, owed};
use makegood::domain::ids::CaseId;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::record::Happened;

/// What breaks it: a promised call among those that may wait, behind a housemate whom nobody has called yet; the ledger that
/// names the housemate.
#[tokio::test]
async fn a_promised_call_speaks_for_its_number_and_is_told_as_its_persons() {
    let app = App::start().await;
    let (_, _, people) = a_household(&app).await;
    let due = asks_for_a_call(&app, people[0]).await;
    let eve = app.supervisor("Eva").await;
    for page in ["promises", "board"] {
        let page = eve.opens(&format!("/outages/apr-14/{page}")).await.is(200);
        let row = page.says("Dorothy");
        assert!(!row.body.contains("Walter"), "{}", row.body);
    }
    let callback = Some(due);
    assert_eq!(entry_of(&app).await, ("callback".to_owned(), callback));
}

/// What breaks it: a promise for the day after tomorrow that hides a call of today, or that is hidden when its day has come.
#[tokio::test]
async fn a_promise_that_is_far_away_comes_forward_when_its_day_has_come() {
    let app = App::start().await;
    let (_, _, people) = a_household(&app).await;
    asks_for_a_call(&app, people[0]).await;
    let due = app.office.now().plus_hours(48);
    app.does(move |office| {
        office.db.write(|conn| {
            let due = due.micros();
            run(conn, &format!("UPDATE callbacks SET due_at = {due}"))?;
            run(conn, &format!("UPDATE answers SET call_at = {due}"))?;
            let plain = "UPDATE households SET stage = 'new', due_at = NULL WHERE citizens = 2";
            run(conn, plain)
        })
    })
    .await
    .unwrap();
    app.does(|office| office.bring_callbacks_forward()).await.unwrap();
    assert_eq!(entry_of(&app).await.0, "new");
    app.clock.advance_seconds(30 * 3600);
    app.does(|office| office.bring_callbacks_forward()).await.unwrap();
    assert_eq!(entry_of(&app).await, ("callback".to_owned(), Some(due)));
}

/// The person's own answer by their link: a call at the first time that is free.
async fn asks_for_a_call(app: &App, case: CaseId) -> Timestamp {
    let url = app.office.citizen_link(case, app.office.now());
    let link = url.strip_prefix(&app.office.base_url()).unwrap();
    let citizen = app.stranger();
    let slot = citizen.opens(link).await.is(200).field("slot");
    let fields = [("choice", "call_me"), ("slot", slot.as_str()), ("lang", "en")];
    citizen.sends_as_it_is(link, &fields).await.is(303);
    Timestamp::from_micros(slot.parse().unwrap())
}

async fn promises_in_an_hour(ana: &Person, call: &Page, whom: &str) {
    let asked = [
        ("speaking", whom),
        ("whom", whom),
        ("outcome", "call_back"),
        ("key", "k1"),
    ];
    let page = ana.sends(&form(call), &asked).await.is(200);
    let (hour, said) = (page.pressed("In 1 hour"), page.field("callback_said"));
    let later = [
        ("speaking", whom),
        ("whom", whom),
        ("chosen", "call_back"),
        ("callback_quick", hour.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
        ("go", "save"),
        ("key", "k1"),
    ];
    let saved = ana.sends(&form(call), &later).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
}

/// What the household of two waits for, and when.
async fn entry_of(app: &App) -> (String, Option<Timestamp>) {
    use diesel::prelude::*;
    use makegood::schema::households;
    app.in_database(|conn| {
        households::table
            .filter(households::citizens.eq(2))
            .select((households::stage, households::due_at))
            .first(conn)
    })
    .await
}

/// What breaks it: an outcome that is changed afterwards, whose call then has not kept the promise that it was made for.
#[tokio::test]
async fn a_kept_promise_stays_kept_when_its_outcome_is_changed() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let dorothy = call.between("/cases/", "\"").to_owned();
    promises_in_an_hour(&ana, &call, &dorothy).await;
    app.clock.advance_seconds(3600);
    let ana = ana.signs_in().await;
    let call = takes(&ana).await;
    ana.sends(&form(&call), &[("outcome", "all_set"), ("key", "k2")])
        .await
        .is(303);
    assert_eq!(kept(&app).await, [(true, true)]);
    app.does(|office| {
        let ana = office.account("ana@agency.example")?;
        let last = office.db.read(|conn| {
            use diesel::prelude::*;
            use makegood::schema::attempts::dsl::*;
            attempts
                .select(diesel::dsl::max(id).assume_not_null())
                .first::<i64>(conn)
        })?;
        let set = Happened {
            outcome: "will_pay".into(),
            ..Happened::default()
        };
        office.change(&ana, last, &set)
    })
    .await
    .unwrap();
    assert_eq!(kept(&app).await, [(true, true)]);
}

/// Each promise: whether it was kept, and whether it stands.
async fn kept(app: &App) -> Vec<(bool, bool)> {
    use diesel::prelude::*;
    use makegood::schema::callbacks::dsl::*;
    app.in_database(|conn| {
        callbacks
            .select((kept_at.is_not_null(), withdrawn_at.is_null()))
            .load(conn)
    })
    .await
}

/// What breaks it: *All set* after which nobody owes the money that was taken.
#[tokio::test]
async fn all_set_on_a_charge_leaves_the_money_owed_until_it_is_back() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    charged(&app).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    ana.sends(&form(&call), &[("outcome", "all_set"), ("key", "k1")])
        .await
        .is(303);
    assert_eq!(owed(&app).await, ["fee_refunded"]);
    let undo = undo_of(&ana.opens(DESK).await);
    ana.sends(&undo, &[]).await.is(303);
    assert!(owed(&app).await.is_empty());
}

async fn charged(app: &App) {
    app.does(|office| {
        office
            .db
            .write(|conn| run(conn, "UPDATE cases SET charged = 'charged'"))
    })
    .await
    .unwrap();
}

/// What breaks it: a call that was taken back, and counts as the last one.
#[tokio::test]
async fn a_call_that_was_taken_back_is_not_the_last_one() {
    let app = App::start().await;
    let (ana, call, _) = a_household(&app).await;
    ana.sends(&form(&call), &[("outcome", "busy"), ("key", "k1")])
        .await
        .is(303);
    assert_eq!(called(&app).await, 1);
    let undo = undo_of(&ana.opens(DESK).await);
    ana.sends(&undo, &[]).await.is(303);
    assert_eq!(called(&app).await, 0);
}

/// How many households were called.
async fn called(app: &App) -> i64 {
    use diesel::prelude::*;
    use makegood::schema::households::dsl::*;
    app.in_database(|conn| {
        households
            .filter(last_called_at.is_not_null())
            .count()
            .get_result(conn)
    })
    .await
}

/// The latest attempt, changed to an outcome.
async fn changes(app: &App, outcome: &str, note: &str) -> makegood::outreach::Result<i64> {
    let set = Happened {
        outcome: outcome.into(),
        note: note.into(),
        ..Happened::default()
    };
    app.does(move |office| {
        let ada = office.account("eva@agency.example")?;
        let last = office.db.read(|conn| {
            use diesel::prelude::*;
            use makegood::schema::attempts::dsl::*;
            attempts
                .select(diesel::dsl::max(id).assume_not_null())
                .first::<i64>(conn)
        })?;
        office.change(&ada, last, &set)
    })
    .await
}

/// What breaks it: a note that is corrected afterwards, and what was promised in the call is gone, or is owed once more after it was
/// paid.
#[tokio::test]
async fn what_is_made_good_stays_when_a_note_is_corrected_and_is_done_once() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    charged(&app).await;
    app.supervisor("Eva").await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    ana.sends(&form(&call), &[("outcome", "all_set"), ("key", "k1")])
        .await
        .is(303);
    changes(&app, "all_set", "spoke with Dorothy").await.unwrap();
    assert_eq!(owed(&app).await, ["fee_refunded"]);
    app.does(|office| {
        office
            .db
            .write(|conn| run(conn, "UPDATE remedies SET kept_at = 1, kept_by = user_id"))
    })
    .await
    .unwrap();
    for outcome in ["all_set", "refused"] {
        changes(&app, outcome, "once more").await.unwrap();
        assert_eq!(owed(&app).await, ["fee_refunded"], "it is paid once: {outcome}");
    }
}

/// What breaks it: a refund that is owed to those only who were thanked.
#[tokio::test]
async fn money_that_was_taken_is_owed_to_who_says_no_as_well() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    charged(&app).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    ana.sends(&form(&call), &[("outcome", "refused"), ("key", "k1")])
        .await
        .is(303);
    assert_eq!(owed(&app).await, ["fee_refunded"]);
}

/// What breaks it: a change of what was recorded in which the promised time is another one, or stands twice in the ledger, and by
/// which somebody promises to pay whose money was taken.
#[tokio::test]
async fn a_change_keeps_the_promised_time_until_another_is_chosen_and_counts_it_once() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let pressed = [("outcome", "call_back"), ("key", "k1")];
    let page = ana.sends(&form(&call), &pressed).await.is(200);
    let (first, noon) = (page.pressed("In 1 hour"), page.pressed("Tomorrow 12:30"));
    let said = page.field("callback_said").replace(&first, &noon);
    let later = [
        ("chosen", "call_back"),
        ("callback_quick", noon.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
        ("go", "save"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &later).await.is(303);
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let attempt = recent
        .between(&format!("href=\"{DESK}/attempts/"), "/")
        .to_owned();
    let change = format!("{DESK}/attempts/{attempt}/change");
    let save = [
        ("chosen", "call_back"),
        ("go", "save"),
        ("note", "her new number"),
    ];
    let asked = ana.sends(&change, &save).await.says("name=\"callback_said\"");
    assert_eq!(asked.field("callback_said"), said, "the time that was promised");
    let again = [
        ("chosen", "call_back"),
        ("callback_quick", "at"),
        (
            "callback_date",
            asked.between("name=\"callback_date\" type=\"date\" value=\"", "\""),
        ),
        (
            "callback_time",
            asked.between("name=\"callback_time\" type=\"time\" value=\"", "\""),
        ),
        ("callback_said", &said),
        ("callback_for", "me"),
        ("go", "save"),
    ];
    ana.sends(&change, &again).await.is(303);
    let standing = kept(&app).await;
    let open = standing.iter().filter(|(_, stands)| *stands).count();
    assert_eq!(open, 1, "{standing:?}");
    charged(&app).await;
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let attempt = recent.between(&format!("href=\"{DESK}/attempts/"), "/");
    ana.sends(
        &format!("{DESK}/attempts/{attempt}/change"),
        &[("chosen", "will_pay"), ("go", "save")],
    )
    .await
    .is(422)
    .says("must not pay again");
}
