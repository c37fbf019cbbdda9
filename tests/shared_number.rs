//! A number that people share: who is asked for, for whom it may be dialled, and of whom the desk speaks.

use crate::desk::{DESK, form, takes};
use crate::harness::App;
use crate::household::{a_household, recorded};

/// What breaks it: a key and a tile of somebody who has died in a later call, and *call back* that brings them back.
#[tokio::test]
async fn who_has_died_is_nobody_in_a_later_call() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let died = [
        ("speaking", dorothy.as_str()),
        ("whom", &dorothy),
        ("outcome", "deceased"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &died).await.is(303);
    let call = ana.opens(DESK).await.is(200);
    let busy = [("outcome", "busy"), ("key", "k2")];
    ana.sends(&form(&call), &busy).await.is(303);
    assert_eq!(recorded(&app).await[1..], [("busy".to_owned(), people[1])]);
    app.clock.advance_seconds(20 * 60);
    let ana = ana.signs_in().await;
    let call = takes(&ana).await.says("Walter");
    assert!(
        !call.between("id=\"who\"", "id=\"hi\"").contains("Dorothy"),
        "{}",
        call.body
    );
    let again = [("outcome", "no_answer"), ("key", "k3")];
    ana.sends(&form(&call), &again).await.is(303);
    assert_eq!(recorded(&app).await[2..], [("no_answer".to_owned(), people[1])]);
}

/// What breaks it: a number that can be dialled on after *do not call*, when nobody knows whether the others wish it too.
#[tokio::test]
async fn a_number_that_must_not_be_called_is_not_dialled_for_the_others_in_the_same_call() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let stop = [
        ("speaking", dorothy.as_str()),
        ("whom", &dorothy),
        ("chosen", "do_not_call"),
        ("scope", "calls"),
        ("others", "not_known"),
        ("go", "save"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &stop).await.is(303);
    let call = ana
        .opens(DESK)
        .await
        .is(200)
        .says("Do not dial this number for Walter");
    assert!(!call.body.contains("href=\"tel:"), "{}", call.body);
}

/// What breaks it: *Before: All set* of a housemate, told as if it were of whoever is called now.
#[tokio::test]
async fn what_was_recorded_of_a_housemate_has_their_name() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let set = [
        ("speaking", dorothy.as_str()),
        ("whom", &dorothy),
        ("outcome", "all_set"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &set).await.is(303);
    let call = ana.opens(DESK).await;
    ana.sends(&form(&call), &[("outcome", "busy"), ("key", "k2")])
        .await
        .is(303);
    app.clock.advance_seconds(20 * 60);
    let ana = ana.signs_in().await;
    let call = takes(&ana).await.says("Eve");
    ana.sends(&form(&call), &[("outcome", "busy"), ("key", "k3")])
        .await
        .is(303);
    let call = ana.opens(DESK).await.says("Call 2");
    call.says("about Dorothy");
}

/// What breaks it: she speaks with one of two, who is closed as paid meanwhile, and the next key is recorded of the other one.
#[tokio::test]
async fn what_was_said_with_who_has_paid_meanwhile_is_not_recorded_of_who_is_left() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let walter = people[1].to_string();
    let paid = people[1];
    app.does(move |office| {
        let now = office.now().micros();
        let paid = format!(
            "UPDATE cases SET stage = 'closed', resolution = 'paid', due_at = NULL, resolved_at = {now} WHERE id = {paid}"
        );
        office.db.write(|conn| crate::desk::run(conn, &paid))
    })
    .await
    .unwrap();
    let set = [
        ("speaking", walter.as_str()),
        ("outcome", "all_set"),
        ("note", "said with Walter"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &set)
        .await
        .is(422)
        .says("Nothing was recorded: Walter")
        .says("said with Walter</textarea>");
    let named = [
        ("chosen", "all_set"),
        ("asked_whom", "yes"),
        ("whom", walter.as_str()),
        ("go", "save"),
        ("key", "k2"),
    ];
    ana.sends(&form(&call), &named)
        .await
        .is(422)
        .says("Nothing was recorded: Walter");
    assert!(recorded(&app).await.is_empty());
}
