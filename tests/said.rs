//! What the desk says of people, money and calls is so: found by somebody who walked it with fresh eyes.

use crate::desk::{DESK, evening, form, run, takes, undo_of};
use crate::harness::App;
use crate::household::{a_household, have_their_letters, recorded};

#[tokio::test]
async fn nobody_is_asked_for_who_has_died_or_is_recorded_already() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    ana.sends(
        &form(&call),
        &[
            ("speaking", &dorothy),
            ("whom", &dorothy),
            ("outcome", "deceased"),
            ("key", "k1"),
        ],
    )
    .await
    .is(303);
    let call = ana.opens(DESK).await.is(200);
    let script = call.between("class=\"script", "</ol>").to_owned();
    assert!(
        script.contains("Walter") && !script.contains("Dorothy"),
        "{script}"
    );
}

#[tokio::test]
async fn a_code_that_reached_another_is_not_said_as_proof() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    have_their_letters(&app, &people).await;
    let dorothy = people[0];
    let speaks = [("speak", &*dorothy.to_string())];
    ana.sends(&form(&call), &speaks).await.is(200).says("HONEY 53");
    app.does(move |office| {
        office.db.write(|conn| {
            run(
                conn,
                &format!(
                    "INSERT INTO answers (case_id, choice, language, at) SELECT id, 'wrong_person', 'en', opened_at FROM cases \
                     WHERE id = {dorothy}"
                ),
            )
        })
    })
    .await
    .unwrap();
    let told = ana.sends(&form(&call), &speaks).await.is(200);
    assert!(!told.body.contains("HONEY 53"), "somebody else has that e-mail");
}

#[tokio::test]
async fn a_call_of_theirs_cannot_be_unanswered_and_stays_theirs_when_it_is_taken_back() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Walter"]]).await;
    let ana = app.caller("Ana").await;
    takes(&ana).await;
    let rang = ana.opens(&format!("{DESK}?inbound=yes")).await.is(200);
    for off in ["no_answer", "voicemail", "busy", "wrong_number", "disconnected"] {
        let button = rang.between(&format!("value=\"{off}\""), "</button>");
        assert!(
            button.contains("disabled") && button.contains("Off: they rang us"),
            "{off}: {button}"
        );
    }
    let set = [("outcome", "all_set"), ("key", "k1"), ("inbound", "yes")];
    ana.sends(&form(&rang), &set).await.is(303);
    let undo = undo_of(&ana.opens(DESK).await);
    let back = ana.sends(&undo, &[]).await.is(303).leads_to().to_owned();
    let back = ana.opens(&back).await.is(200);
    back.says("They are on the line.");
}

/// What breaks it: the two questions of *do not call* going round, each forgetting the other's answer.
#[tokio::test]
async fn save_goes_through_both_questions_of_a_household() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let (action, key) = (form(&call), call.field("key"));
    let dorothy = people[0].to_string();
    let mut fields = vec![
        ("speaking", dorothy.clone()),
        ("outcome", "do_not_call".to_owned()),
        ("key", key.clone()),
    ];
    let for_whom = ana
        .sends(&action, &borrowed(&fields))
        .await
        .is(200)
        .says("for whom?");
    fields = vec![
        ("speaking", dorothy.clone()),
        ("asked_whom", for_whom.field("asked_whom")),
        ("chosen", "do_not_call".to_owned()),
        ("go", "save".to_owned()),
        ("key", key.clone()),
    ];
    let what = ana
        .sends(&action, &borrowed(&fields))
        .await
        .is(200)
        .says("What should stop?");
    fields = vec![
        ("speaking", dorothy.clone()),
        ("whom", what.field("whom")),
        ("chosen", "do_not_call".to_owned()),
        ("scope", "calls".to_owned()),
        ("others", "no".to_owned()),
        ("go", "save".to_owned()),
        ("key", key),
    ];
    ana.sends(&action, &borrowed(&fields)).await.is(303);
    assert_eq!(recorded(&app).await, [("do_not_call".to_owned(), people[0])]);
}

/// What breaks it: *You asked us for help, I can help you now*, said by whoever is no specialist.
#[tokio::test]
async fn only_a_specialist_speaks_as_one() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let help = [
        ("chosen", "needs_help"),
        ("whom", dorothy.as_str()),
        ("speaking", &dorothy),
        ("go", "save"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &help).await.is(303);
    let walter = people[1].to_string();
    let call = ana.opens(DESK).await;
    ana.sends(
        &form(&call),
        &[("speaking", &walter), ("outcome", "no_answer"), ("key", "k2")],
    )
    .await;
    let found = ana.opens(&format!("{DESK}?inbound=no")).await;
    let back = ana
        .sends(&undo_of(&found), &[])
        .await
        .is(303)
        .leads_to()
        .to_owned();
    let call = ana.opens(&back).await;
    let told = ana
        .sends(&form(&call), &[("speak", dorothy.as_str())])
        .await
        .is(200);
    assert!(!told.body.contains("asked us for help"), "she is no specialist");
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}
