//! A household at the desk: one call, one person's facts at a time, and everything recorded for whom it is about.

use crate::desk::{DESK, evening, form, run, takes};
use crate::harness::{App, Page, Person};
use makegood::domain::ids::CaseId;
use makegood::domain::role::Role;
use makegood::outreach::accounts::NewAccount;
use reqwest::Method;

/// Dorothy and Walter at one number, in Ana's hands; the second call is Eve's.
pub async fn a_household(app: &App) -> (Person, Page, Vec<CaseId>) {
    evening(app, &[&["Dorothy", "Walter"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let people = people(app).await;
    (ana, call, people)
}

async fn people(app: &App) -> Vec<CaseId> {
    use diesel::prelude::*;
    use makegood::schema::cases;
    let of = app.in_database(|conn| {
        cases::table
            .filter(cases::given_name.eq_any(["Dorothy", "Walter"]))
            .order(cases::id)
            .select(cases::id)
            .load(conn)
    });
    of.await
}

/// Outcome and case of everything that counts, in order.
pub async fn recorded(app: &App) -> Vec<(String, CaseId)> {
    use diesel::prelude::*;
    use makegood::schema::{attempt_cases, attempts};
    let of = app.in_database(|conn| {
        attempts::table
            .inner_join(attempt_cases::table)
            .filter(attempts::superseded_at.is_null())
            .order((attempts::id, attempt_cases::case_id))
            .select((attempts::outcome, attempt_cases::case_id))
            .load(conn)
    });
    of.await
}

fn was(outcome: &str, case: CaseId) -> (String, CaseId) {
    (outcome.to_owned(), case)
}

/// As if their apology had been accepted by their server, Dorothy's under another code than Walter's.
pub async fn have_their_letters(app: &App, people: &[CaseId]) {
    let people = people.to_vec();
    app.does(move |office| {
        office.db.write(|conn| {
            for (case, code) in people.iter().zip(["HONEY 53", "VIOLIN 77"]) {
                run(conn, &format!("UPDATE cases SET code = '{code}' WHERE id = {case}"))?;
                run(
                    conn,
                    &format!(
                        "INSERT INTO messages (outage_id, case_id, template_key, language, to_address, state, queued_at, \
                         sent_at, tries) SELECT outage_id, id, 'apology', 'en', email, 'sent', opened_at, opened_at, 1 \
                         FROM cases WHERE id = {case}"
                    ),
                )?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nobody_chosen_yet_means_no_code_no_amount_and_nothing_said_of_a_person() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    have_their_letters(&app, &people).await;
    let call = {
        drop(call);
        ana.opens(DESK).await.is(200)
    };
    let call = call
        .says("Who are you speaking with?")
        .says("Dorothy and Walter Hensley");
    for fact in ["HONEY", "VIOLIN", "1,284", "Only if"] {
        assert!(!call.body.contains(fact), "{fact}");
    }
    let call = call.says("Press F or G first");
    ana.sends(&form(&call), &[("outcome", "all_set"), ("key", "k1")])
        .await
        .is(422)
        .says("First choose who is speaking: F or G.");
    assert_eq!(recorded(&app).await, []);
}

#[tokio::test]
async fn facts_code_and_script_are_of_whoever_is_on_the_line() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    have_their_letters(&app, &people).await;
    let walter = people[1].to_string();
    let page = ana
        .sends(&form(&call), &[("speak", &walter), ("note", "He picked up.")])
        .await
        .is(200);
    let page = page
        .says("Thank you, <span class=\"fill\">Walter</span>")
        .says("VIOLIN 77")
        .says(">He picked up.</textarea>");
    assert!(!page.body.contains("HONEY"), "the other's code");
    assert_eq!(recorded(&app).await, [], "nothing is saved by choosing");
    // The other script and language are of the same person.
    page.says(&format!("speaking={walter}"));
}

#[tokio::test]
async fn after_one_person_is_saved_the_form_is_new_and_a_second_press_records_nothing() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let (dorothy, walter) = (people[0].to_string(), people[1].to_string());
    let action = form(&call);
    let asked = ana
        .sends(
            &action,
            &[
                ("speaking", &dorothy),
                ("outcome", "all_set"),
                ("note", "about her only"),
                ("key", "k1"),
            ],
        )
        .await
        .is(200);
    asked
        .says("All set, for whom?")
        .says("Only if you told each of them")
        .says(">about her only</textarea>");
    assert_eq!(
        recorded(&app).await,
        [],
        "a key about a person closes nobody before it is said who"
    );
    let saved = [
        ("speaking", dorothy.as_str()),
        ("chosen", "all_set"),
        ("asked_whom", "yes"),
        ("whom", dorothy.as_str()),
        ("note", "about her only"),
        ("key", "k1"),
    ];
    ana.sends(&action, &saved).await.is(303);
    assert_eq!(recorded(&app).await, [was("all_set", people[0])]);
    let rest = ana.opens(DESK).await.is(200);
    assert_eq!(form(&rest), action, "the claim stays open for the other person");
    let typed = rest.body.split("<textarea").nth(1).unwrap();
    assert!(!typed.starts_with("about her"), "the note is hers");
    assert!(!typed.split("</textarea>").next().unwrap().contains("about her"));
    let was_form = call
        .body
        .split("id=\"form-")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        !rest.body.contains(&format!("id=\"form-{was_form}\"")),
        "a form of its own: a morph keeps nothing"
    );
    // The key pressed again a moment later finds nobody chosen, whatever the page was.
    ana.sends(&action, &[("outcome", "all_set"), ("key", "k2")])
        .await
        .is(422)
        .says("First choose who is speaking");
    assert_eq!(recorded(&app).await.len(), 1);
    ana.sends(
        &action,
        &[("speaking", &walter), ("outcome", "refused"), ("key", "k3")],
    )
    .await
    .is(303);
    assert_eq!(
        recorded(&app).await,
        [was("all_set", people[0]), was("refused", people[1])]
    );
}

#[tokio::test]
async fn what_is_said_of_the_number_is_for_all_of_it() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    ana.sends(&form(&call), &[("outcome", "no_answer"), ("key", "k1")])
        .await
        .is(303);
    assert_eq!(
        recorded(&app).await,
        [was("no_answer", people[0]), was("no_answer", people[1])]
    );
}

#[tokio::test]
async fn both_is_never_said_of_a_refusal_or_a_death() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let (dorothy, both) = (people[0].to_string(), format!("{} {}", people[0], people[1]));
    for outcome in ["refused", "deceased"] {
        let page = ana
            .sends(
                &form(&call),
                &[("speaking", &dorothy), ("outcome", outcome), ("key", "k1")],
            )
            .await
            .is(200);
        assert!(!page.body.contains("data-key=\"b\""), "{outcome}");
        let forged = [
            ("speaking", dorothy.as_str()),
            ("chosen", outcome),
            ("asked_whom", "yes"),
            ("whom", both.as_str()),
            ("key", "k2"),
        ];
        ana.sends(&form(&call), &forged)
            .await
            .is(422)
            .says("is said of one person");
    }
    assert_eq!(recorded(&app).await, []);
}

#[tokio::test]
async fn a_machine_is_told_no_name_of_a_household() {
    let app = App::start().await;
    let (ana, ..) = a_household(&app).await;
    let page = ana.opens(&format!("{DESK}?script=voicemail")).await.is(200);
    let script = page.body.split("class=\"script ").nth(1).unwrap();
    let script = script.split("</ol>").next().unwrap();
    assert!(script.contains("Please call us back"), "{script}");
    assert!(
        !script.contains("Dorothy") && !script.contains("Walter"),
        "{script}"
    );
}

#[tokio::test]
async fn a_program_has_to_say_for_whom() {
    let app = App::start().await;
    let (ana, _, people) = a_household(&app).await;
    let token = ana.token().await;
    let tells = async |key: &str, body: &str| {
        let claims = ana.request(Method::POST, "/api/v1/outages/apr-14/claims");
        let claim = ana.asks(claims.bearer_auth(&token)).await.json()["claim"]["id"].to_string();
        let path = format!("/api/v1/claims/{claim}/attempts");
        let request = ana.request(Method::POST, &path).bearer_auth(&token);
        let request = request
            .header("Idempotency-Key", key)
            .header("content-type", "application/json");
        ana.asks(request.body(body.to_owned())).await
    };
    let refused = tells("a", r#"{"outcome":"will_pay"}"#).await.is(422).json();
    assert_eq!(refused["type"], "urn:makegood:problem:for-whom");
    assert_eq!(refused["errors"][0]["field"], "cases");
    let one = format!(r#"{{"outcome":"will_pay","cases":[{}]}}"#, people[0]);
    let told = tells("b", &one).await.is(201).json();
    assert!(
        told["claim"]["id"].is_number(),
        "the other one is still to do: {told}"
    );
    tells("c", r#"{"outcome":"no_answer"}"#).await.is(201);
    assert_eq!(
        recorded(&app).await,
        [was("will_pay", people[0]), was("no_answer", people[1])]
    );
}

#[tokio::test]
async fn an_outcome_of_the_number_that_becomes_one_persons_stays_for_the_others() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    ana.sends(&form(&call), &[("outcome", "voicemail"), ("key", "k1")])
        .await
        .is(303);
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let change = recent
        .body
        .split(&format!("href=\"{DESK}/attempts/"))
        .nth(1)
        .unwrap();
    let change = format!("{DESK}/attempts/{}", change.split('"').next().unwrap());
    ana.sends(&change, &[("outcome", "all_set")])
        .await
        .is(422)
        .says("Tick whom it is for.");
    let walter = people[1].to_string();
    ana.sends(&change, &[("outcome", "all_set"), ("whom", &walter)])
        .await
        .is(303);
    let mut told = recorded(&app).await;
    told.sort();
    assert_eq!(told, [was("all_set", people[1]), was("voicemail", people[0])]);
}

/// Puts what somebody says on the phone into the form of the call in hand.
async fn records(person: &Person, fields: &[(&str, &str)]) {
    let call = takes(person).await;
    person.sends(&form(&call), fields).await;
}

/// What breaks it: a language that is written down, and the same caller who gets the household right back.
#[tokio::test]
async fn another_language_goes_to_who_speaks_it_and_never_straight_back() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let luis = NewAccount {
        email: "luis@agency.example".into(),
        name: "Luis".into(),
        role: Role::Caller,
        languages: vec!["es".into()],
        specialist: false,
    };
    let luis = app.hires_as(luis).await.signs_in().await;
    let (a, l) = (ana.id, luis.id);
    let lists = app
        .does(move |office| {
            office.db.write(|conn| {
                let outage = makegood::store::outages::all(conn)?.remove(0);
                let own = |conn: &mut _, name: &str, id| {
                    makegood::store::call_lists::add(
                        conn,
                        outage.id,
                        name,
                        (Some(id), None),
                        outage.created_at,
                    )
                };
                let lists = [own(conn, "Ana", a)?, own(conn, "Luis", l)?];
                run(conn, &format!("UPDATE households SET list_id = {}", lists[0]))?;
                Ok::<_, makegood::outreach::Error>(lists)
            })
        })
        .await
        .unwrap();
    let spanish = [
        ("chosen", "other_language"),
        ("go", "save"),
        ("language", "es"),
        ("key", "k1"),
    ];
    records(&ana, &spanish).await;
    ana.opens(DESK).await.is(200).says("tel:+13035550101");
    assert_eq!(
        list_of(&app, "+13035550100").await,
        Some(lists[1]),
        "it is on his list"
    );
    takes(&luis).await.says("tel:+13035550100");
    // Taken back, it is hers again.
    luis.opens(DESK).await.is(200);
    let recent = ana.opens(&format!("{DESK}/recent")).await;
    let attempt = recent
        .body
        .split(&format!("href=\"{DESK}/attempts/"))
        .nth(1)
        .unwrap();
    let attempt = attempt.split('/').next().unwrap();
    ana.sends(&format!("{DESK}/attempts/{attempt}/undo"), &[])
        .await
        .is(200)
        .says("A colleague has this household");
    assert_eq!(list_of(&app, "+13035550100").await, Some(lists[0]));
}

async fn list_of(app: &App, phone: &'static str) -> Option<i64> {
    use diesel::prelude::*;
    use makegood::schema::households;
    app.in_database(move |conn| {
        households::table
            .filter(households::phone.eq(phone))
            .select(households::list_id)
            .first(conn)
    })
    .await
}

/// What breaks it: a page that says that she recorded it, and keeps a number that can be dialled.
#[tokio::test]
async fn what_was_recorded_in_another_tab_takes_the_number_away_and_offers_the_next_call() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"], &["Eve"]]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await.says("tel:+13035550100");
    let action = form(&call);
    let claim = action.split("/calls/").nth(1).unwrap().split('/').next().unwrap();
    ana.sends(&action, &[("outcome", "no_answer"), ("key", "k1")])
        .await
        .is(303);
    let news = ana
        .opens(&format!("{DESK}/notices?claim={claim}&dial=on"))
        .await
        .is(200);
    let news = news
        .says("You recorded this call: No answer")
        .says(&format!("/calls/{claim}/next"))
        .says("Do not dial.");
    assert!(!news.body.contains("tel:"), "the number is text");
    // The other tab's key finds the call recorded, and leads on.
    let conflict = ana
        .sends(&action, &[("outcome", "all_set"), ("key", "k2")])
        .await
        .is(409);
    conflict.says("Change it under Recent");
}

/// What breaks it: a note that is lost with F5, or that comes too late and stands under the other one's name.
#[tokio::test]
async fn a_note_is_kept_as_it_is_typed_and_goes_with_its_outcome() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let keep = form(&call).replace("/outcome", "/note");
    let typed = |note: &'static str| [("note", note), ("done", "0")];
    ana.sends(&keep, &typed("They hear badly."))
        .await
        .is(200)
        .says("Saved");
    ana.opens(DESK).await.is(200).says(">They hear badly.</textarea>");
    ana.sends(&keep, &typed("4111 1111 1111 1111")).await.is(422);
    let dorothy = people[0].to_string();
    let saved = [
        ("speaking", dorothy.as_str()),
        ("chosen", "refused"),
        ("whom", dorothy.as_str()),
        ("note", "They hear badly."),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &saved).await.is(303);
    ana.sends(&keep, &typed("They hear badly, and")).await.is(200);
    let rest = ana.opens(DESK).await.is(200);
    assert!(
        !rest.body.contains("They hear badly, and"),
        "it was about the other one"
    );
    let ben = app.caller("Ben").await;
    ben.sends(&keep, &typed("mine")).await.is(404);
}

/// What breaks it: every name on the desk a link that a caller may not follow, or every case open to everybody.
#[tokio::test]
async fn a_caller_reads_the_cases_that_she_has_in_hand_and_no_others() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let case = format!("/cases/{}", people[0]);
    call.says(&format!("href=\"{case}\""));
    let page = ana.opens(&case).await.is(200).says("Dorothy Hensley");
    assert!(
        !page.body.contains("What becomes of this case"),
        "deciding is a supervisor's"
    );
    let ben = app.caller("Ben").await;
    ben.opens(&case).await.is(403);
}

/// What breaks it: a link that leads nowhere, a word that opens another case, or the case for somebody else.
#[tokio::test]
async fn a_caller_reads_the_case_that_she_finds() {
    let app = App::start().await;
    let (_, _, people) = a_household(&app).await;
    let (ben, cid) = (app.caller("Ben").await, app.caller("Cid").await);
    let found = ben
        .sends("/outages/apr-14/find", &[("q", "Dorothy")])
        .await
        .is(200);
    let link = found.between("href=\"/cases/", "\"");
    let (case, word) = link.split_once('?').unwrap();
    assert_eq!(case, people[0].to_string());
    ben.opens(&format!("/cases/{link}"))
        .await
        .is(200)
        .says("Dorothy Hensley");
    ben.opens(&format!("/cases/{}?{word}", people[1])).await.is(403);
    cid.opens(&format!("/cases/{link}")).await.is(403);
}

/// What breaks it: a button that sends nothing, or sends again with each press; a letter to who must not be written to.
#[tokio::test]
async fn the_last_e_mail_goes_out_once_more_when_its_reader_has_lost_it() {
    let app = App::start().await;
    let (ana, call, people) = a_household(&app).await;
    let dorothy = people[0].to_string();
    let speaks = [("speak", dorothy.as_str())];
    let before = ana.sends(&form(&call), &speaks).await.is(200);
    assert!(!before.body.contains("name=\"resend\""), "there is none yet");
    have_their_letters(&app, &people).await;
    let call = ana
        .sends(&form(&call), &speaks)
        .await
        .says("Send e-mail “apology” again")
        .says("E-mail “apology” to Dorothy: sent.");
    let again = [
        ("resend", dorothy.as_str()),
        ("speaking", &dorothy),
        ("note", "She lost it."),
    ];
    let sent = ana.sends(&form(&call), &again).await.is(200);
    sent.says("The e-mail goes out again.")
        .says("is on its way again")
        .says(">She lost it.</textarea>");
    ana.sends(&form(&call), &again).await.is(200);
    assert_eq!(queued(&app).await, [people[0]], "once, to her alone");
    assert_eq!(recorded(&app).await, [], "the call goes on");
}

/// To whom something is to be sent.
pub async fn queued(app: &App) -> Vec<CaseId> {
    use diesel::prelude::*;
    use makegood::schema::messages;
    app.in_database(|conn| {
        messages::table
            .filter(messages::state.eq("queued"))
            .select(messages::case_id)
            .load(conn)
    })
    .await
}

/// What breaks it: a promise by somebody who cannot make it, or one that outlives the outcome it was made with.
#[tokio::test]
async fn a_specialist_promises_what_is_made_good_and_takes_it_back_with_the_outcome() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    let ana = app.caller("Ana").await;
    records(&ana, &[("chosen", "needs_help"), ("go", "save"), ("key", "k1")]).await;
    let sam = NewAccount {
        email: "sam@agency.example".into(),
        name: "Sam".into(),
        role: Role::Caller,
        languages: Vec::new(),
        specialist: true,
    };
    let sam = app.hires_as(sam).await.signs_in().await;
    let call = takes(&sam)
        .await
        .says("What we make good")
        .says("a promise with your name");
    let settled = [("outcome", "all_set"), ("remedy", "fee_refunded"), ("key", "k2")];
    sam.sends(&form(&call), &settled).await;
    assert_eq!(owed(&app).await, ["fee_refunded"]);
    let recent = sam.opens(&format!("{DESK}/recent")).await;
    let attempt = recent.between(&format!("href=\"{DESK}/attempts/"), "/");
    sam.sends(&format!("{DESK}/attempts/{attempt}/undo"), &[])
        .await
        .is(303);
    assert_eq!(owed(&app).await, Vec::<String>::new());
    let call = sam.opens(DESK).await;
    sam.sends(&form(&call), &[("outcome", "voicemail"), ("key", "k3")])
        .await
        .is(200);
    sam.opens(DESK).await.says("A specialist tries again.");
    // Whoever is no specialist cannot.
    let call = ana.opens(DESK).await;
    assert!(!call.body.contains("What we make good"));
}

pub async fn owed(app: &App) -> Vec<String> {
    use diesel::prelude::*;
    use makegood::schema::remedies;
    app.in_database(|conn| {
        remedies::table
            .filter(remedies::withdrawn_at.is_null())
            .select(remedies::kind)
            .load(conn)
    })
    .await
}

/// What breaks it: a badge *Promised callback* without its time, or times of the agency's clock read out in New York.
#[tokio::test]
async fn a_callback_says_who_promised_it_and_all_times_are_theirs() {
    let app = App::start().await;
    evening(&app, &[&["Dorothy"]]).await;
    app.does(|office| {
        office.db.write(|conn| {
            run(conn, "UPDATE households SET time_zone = 'America/New_York'")?;
            run(conn, "UPDATE cases SET time_zone = 'America/New_York'")?;
            run(conn, "UPDATE outage_zones SET time_zone = 'America/New_York'")
        })
    })
    .await
    .unwrap();
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await.says("there, OK to call");
    let failed = app
        .in_database(|conn| {
            use diesel::prelude::*;
            use makegood::domain::timestamp::Timestamp;
            let failed = makegood::schema::cases::first_failed_at;
            makegood::schema::cases::table
                .select(failed)
                .first::<Timestamp>(conn)
        })
        .await;
    let new_york = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let clock = |at| makegood::web::show::time::clock(at, &new_york);
    assert!(call.body.contains(&clock(failed)), "{}", clock(failed));
    let pressed = [("outcome", "call_back"), ("key", "k1")];
    let page = ana.sends(&form(&call), &pressed).await.is(200);
    let (hour, said) = (page.pressed("In 1 hour"), page.field("callback_said"));
    let later = [
        ("chosen", "call_back"),
        ("callback_quick", hour.as_str()),
        ("callback_said", &said),
        ("callback_for", "me"),
        ("go", "save"),
        ("key", "k1"),
    ];
    ana.sends(&form(&call), &later).await;
    app.clock.advance_seconds(3600); // by then her session has ended
    let ana = ana.signs_in().await;
    takes(&ana).await.says("Ana promised a call at");
}
