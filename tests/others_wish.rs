//! *Do not call* is one person's wish: for those who share the number it counts as far as somebody knows.

use crate::desk::{DESK, form};
use crate::harness::{App, Page, Person};
use crate::household::{a_household, queued, recorded};
use diesel::prelude::*;
use makegood::domain::ids::CaseId;
use makegood::schema::{cases, suppressions};

/// Dorothy asks for no calls; what is known of Walter's wish.
async fn dorothy_wants_no_calls(ana: &Person, call: &Page, people: &[CaseId], others: &str) -> Page {
    let dorothy = people[0].to_string();
    let said = [
        ("chosen", "do_not_call"),
        ("whom", dorothy.as_str()),
        ("speaking", &dorothy),
        ("scope", "calls"),
        ("others", others),
        ("go", "save"),
        ("key", "k1"),
    ];
    ana.sends(&form(call), &said).await
}

/// Stage and resolution of each.
async fn stand(app: &App, people: &[CaseId]) -> Vec<(String, Option<String>)> {
    let ids = people.to_vec();
    app.in_database(move |conn| {
        cases::table
            .filter(cases::id.eq_any(&ids))
            .order(cases::id)
            .select((cases::stage, cases::resolution))
            .load(conn)
    })
    .await
}

/// Numbers that nobody calls for anybody or somebody.
async fn stopped(app: &App) -> i64 {
    app.in_database(|conn| {
        suppressions::table
            .filter(suppressions::lifted_at.is_null())
            .count()
            .get_result(conn)
    })
    .await
}

fn closed(how: &str) -> (String, Option<String>) {
    ("closed".to_owned(), Some(how.to_owned()))
}

#[tokio::test]
async fn the_caller_is_asked_whether_it_is_the_others_wish_too() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let pressed = [
        ("outcome", "do_not_call"),
        ("speaking", dorothy.as_str()),
        ("whom", &dorothy),
    ];
    ana.sends(&form(&call), &pressed)
        .await
        .is(200)
        .says("Does Walter want no calls either?")
        .says("No, Walter may be called here")
        .says("Yes, Walter asked for it too");
    assert_eq!(recorded(&app).await, [], "nothing is saved by asking");
}

#[tokio::test]
async fn whose_wish_it_is_not_is_called_at_the_same_number() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    dorothy_wants_no_calls(&ana, &call, &people, "no").await;
    let walter = ("new".to_owned(), None);
    assert_eq!(stand(&app, &people).await, [closed("do_not_contact"), walter]);
    // What is said with Walter does not end for her what she wished.
    let call = ana.opens(DESK).await.says("tel:+13035550100");
    ana.sends(&form(&call), &[("outcome", "no_answer"), ("key", "k2")])
        .await;
    let tried = ("tried".to_owned(), None);
    assert_eq!(stand(&app, &people).await, [closed("do_not_contact"), tried]);
}

#[tokio::test]
async fn where_it_is_not_known_the_others_are_written_to() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    dorothy_wants_no_calls(&ana, &call, &people, "not_known").await;
    let walter = ("email".to_owned(), None);
    assert_eq!(stand(&app, &people).await, [closed("do_not_contact"), walter]);
    assert_eq!(queued(&app).await, [people[1]], "and that happens");
}

#[tokio::test]
async fn who_was_promised_help_goes_to_a_supervisor_when_the_number_is_stopped() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let walter = people[1].to_string();
    let help = [
        ("chosen", "needs_help"),
        ("whom", walter.as_str()),
        ("speaking", &walter),
        ("go", "save"),
        ("key", "k0"),
    ];
    ana.sends(&form(&call), &help).await.is(303);
    let call = ana.opens(DESK).await;
    dorothy_wants_no_calls(&ana, &call, &people, "not_known").await;
    let walter = ("needs_supervisor".to_owned(), None);
    assert_eq!(stand(&app, &people).await, [closed("do_not_contact"), walter]);
}

#[tokio::test]
async fn who_asked_for_it_too_is_recorded_with_it() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    dorothy_wants_no_calls(&ana, &call, &people, "theirs").await;
    assert_eq!(
        stand(&app, &people).await,
        [closed("do_not_contact"), closed("do_not_contact")]
    );
}

#[tokio::test]
async fn what_becomes_another_outcome_for_one_stays_the_others_wish() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    dorothy_wants_no_calls(&ana, &call, &people, "theirs").await;
    assert_eq!(stopped(&app).await, 2);
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let attempt = recent.between(&format!("href=\"{DESK}/attempts/"), "/");
    let walter = people[1].to_string();
    let changed = [("chosen", "all_set"), ("whom", walter.as_str()), ("go", "save")];
    ana.sends(&format!("{DESK}/attempts/{attempt}/change"), &changed)
        .await
        .is(303);
    assert_eq!(stopped(&app).await, 1, "hers");
    assert_eq!(
        stand(&app, &people).await,
        [closed("do_not_contact"), closed("resolved_by_call")]
    );
}
