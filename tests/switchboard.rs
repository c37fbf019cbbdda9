//! The call to an office: a list to tick, and nobody learns about anybody.

use crate::desk::{DESK, evening, form, run, takes};
use crate::harness::{App, Page, Person};
use crate::household::recorded;
use diesel::prelude::*;
use makegood::domain::ids::CaseId;
use makegood::domain::reply::Reply;
use makegood::domain::role::Role;
use makegood::domain::words::Language;
use makegood::outreach::accounts::NewAccount;
use makegood::outreach::citizen::answer::Said;
use makegood::schema::{attempts, cases, claims};

/// The clients of the office, in the order of their cases.
const CLIENTS: [&str; 8] = [
    "Aisha", "Carla", "George", "Hannah", "Ida", "James", "Oscar", "Priya",
];

/// An office of eight in Ana's hands, and Eve for the call after it.
async fn an_office(app: &App) -> (Person, Page, Vec<CaseId>) {
    evening(app, &[&CLIENTS]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    (ana, call, clients(app).await)
}

async fn clients(app: &App) -> Vec<CaseId> {
    app.in_database(|conn| cases::table.order(cases::id).select(cases::id).load(conn))
        .await
}

async fn changes(app: &App, statements: Vec<String>) {
    app.does(move |office| {
        office
            .db
            .write(|conn| statements.iter().try_for_each(|statement| run(conn, statement)))
    })
    .await
    .unwrap();
}

/// They have paid.
async fn has_paid(app: &App, case: CaseId) {
    let now = app.office.now().micros();
    let paid = format!(
        "UPDATE cases SET stage = 'closed', resolution = 'paid', due_at = NULL, resolved_at = {now} WHERE id = {case}"
    );
    changes(app, vec![paid]).await;
}

/// They answer by link that they have paid, while the page is open.
async fn answers(app: &App, case: CaseId) {
    app.does(move |office| {
        let link = office.citizen_link(case, office.now());
        let link = link.rsplit('/').next().unwrap_or_default();
        let said = Said {
            reply: Reply::HavePaid,
            slot: None,
            phone: String::new(),
            language: Language::english(),
        };
        office.answer_by_link(link, &said)
    })
    .await
    .unwrap();
}

/// The fields that tick these clients.
fn ticks(cases: &[CaseId]) -> Vec<(&'static str, String)> {
    cases.iter().map(|case| ("ticked", case.to_string())).collect()
}

/// Sends an outcome for those who are ticked.
async fn says(person: &Person, action: &str, key: &str, outcome: &str, ticked: &[CaseId]) -> Page {
    let mut fields = ticks(ticked);
    fields.extend([("key", key.to_owned()), ("outcome", outcome.to_owned())]);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    person.sends(action, &fields).await
}

fn script(page: &Page) -> String {
    page.between("class=\"script ", "</ol>").to_owned()
}

/// How many clients are ticked.
fn ticked(page: &Page) -> usize {
    let list = page.between("data-clients=", "data-tally");
    list.matches(" checked>").count()
}

fn is_tickable(page: &Page, case: CaseId) -> bool {
    page.body.contains(&format!("name=\"ticked\" value=\"{case}\""))
}

#[tokio::test]
async fn an_office_is_told_no_name_and_no_count_and_its_list_holds_no_amount_and_no_code() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let code = format!("UPDATE cases SET code = 'HONEY 53' WHERE id = {}", people[0]);
    changes(&app, vec![code]).await;
    drop(call);
    for query in ["", "?script=voicemail"] {
        let page = ana.opens(&format!("{DESK}{query}")).await.is(200);
        let said = script(&page);
        for name in CLIENTS {
            assert!(!said.contains(name), "{name} in {said}");
        }
        for word in ["eight", "8 ", "HONEY", "1,284"] {
            assert!(!said.contains(word), "{word} in {said}");
        }
        assert!(!page.body.contains("HONEY") && !page.body.contains("1,284"));
    }
    let page = ana.opens(DESK).await.is(200);
    let page = page
        .says("Is this the office of a tax preparer?")
        .says("Amounts and codes show only after a specialist has checked the authority.")
        .says("8 people, 8 open");
    let (script, list) = (
        page.body.find("class=\"script ").unwrap(),
        page.body.find("data-clients=").unwrap(),
    );
    assert!(script < list, "what to say stands over the list");
    assert_eq!(ticked(&page), 0, "nobody is ticked by us");
}

#[tokio::test]
async fn what_is_said_of_the_number_is_for_all_and_what_is_said_of_clients_for_those_ticked() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let call = call
        .says("Did not reach the office. <span>For all 8 open</span>")
        .says("About the number. <span>For all 8 open</span>")
        .says("Reached somebody. <span data-for-ticked=\"For the\">For those ticked</span>");
    let action = form(&call);
    says(&ana, &action, "k1", "all_set", &[people[3], people[7]])
        .await
        .is(303);
    let set = |case: CaseId| ("all_set".to_owned(), case);
    assert_eq!(recorded(&app).await, [set(people[3]), set(people[7])]);
    let attempts: i64 = app
        .in_database(|conn| attempts::table.count().get_result(conn))
        .await;
    assert_eq!(attempts, 1, "one call told of both");
    // The list stays, with nobody ticked, and those who are recorded cannot be ticked again.
    let rest = ana.opens(DESK).await.is(200);
    let rest = rest
        .says("8 people, 6 open")
        .says("Recorded in this call")
        .says("0 Someone else ends the call for the rest.");
    assert_eq!(form(&rest), action);
    assert_eq!(ticked(&rest), 0, "the ticks are gone");
    assert!(!is_tickable(&rest, people[3]) && is_tickable(&rest, people[0]));
    says(&ana, &action, "k2", "someone_else", &[])
        .await
        .is(200)
        .says("Nobody to call right now");
    let told = recorded(&app).await;
    assert_eq!(told.len(), 8);
    let others = told.iter().filter(|(outcome, _)| outcome == "someone_else");
    assert!(
        others.clone().all(|(_, case)| *case != people[3]) && others.count() == 6,
        "the rest, and they alone"
    );
    let open: i64 = app
        .in_database(|conn| {
            claims::table
                .filter(claims::released_at.is_null())
                .count()
                .get_result(conn)
        })
        .await;
    assert_eq!(open, 0, "the call has ended");
}

#[tokio::test]
async fn an_outcome_of_a_client_with_nothing_ticked_is_refused_at_once() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    for outcome in [
        "all_set",
        "needs_help",
        "do_not_call",
        "will_pay",
        "refused",
        "deceased",
    ] {
        says(&ana, &form(&call), "k1", outcome, &[])
            .await
            .is(422)
            .says("Tick a client first. Press F to find one, or A for all 8.");
    }
    // Of one who died nobody speaks for several.
    says(&ana, &form(&call), "k2", "deceased", &people[..2])
        .await
        .is(422)
        .says("is said of one person");
    assert_eq!(recorded(&app).await, []);
}

#[tokio::test]
async fn a_question_keeps_the_ticks_and_going_back_keeps_them_too() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let (one, other) = (people[1].to_string(), people[4].to_string());
    let asked = says(&ana, &form(&call), "k1", "needs_help", &[people[1], people[4]])
        .await
        .is(200);
    let has_tick = |page: &Page, case: &str| {
        let box_of = format!("value=\"{case}\" form=");
        let after = page.body.split(&box_of).nth(1).unwrap();
        after.split('>').next().unwrap().contains("checked")
    };
    assert!(has_tick(&asked, &one) && has_tick(&asked, &other));
    assert_eq!(ticked(&asked), 2);
    let asked = asked.says("<b>2 ticked:</b> Carla Hensley, Ida Hensley");
    let back = [
        ("ticked", one.as_str()),
        ("ticked", other.as_str()),
        ("go", "back"),
    ];
    let back = ana.sends(&form(&asked), &back).await.is(200);
    assert!(has_tick(&back, &one) && has_tick(&back, &other));
    back.says("For the 2 ticked");
    assert_eq!(recorded(&app).await, []);
    let saved = [
        ("ticked", one.as_str()),
        ("ticked", other.as_str()),
        ("chosen", "needs_help"),
        ("key", "k2"),
    ];
    ana.sends(&form(&asked), &saved).await.is(303);
    let help = |case: CaseId| ("needs_help".to_owned(), case);
    assert_eq!(recorded(&app).await, [help(people[1]), help(people[4])]);
}

#[tokio::test]
async fn all_and_none_are_buttons_that_need_no_script() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let all = ana
        .sends(&form(&call), &[("tick", "all"), ("note", "At her desk.")])
        .await
        .is(200)
        .says("<b>8 ticked:</b>")
        .says(">At her desk.</textarea>");
    assert_eq!(ticked(&all), 8);
    let one = people[2].to_string();
    let none = ana
        .sends(&form(&call), &[("ticked", &one), ("tick", "none")])
        .await
        .is(200)
        .says("Nobody is ticked.");
    assert_eq!(ticked(&none), 0);
    assert_eq!(recorded(&app).await, [], "ticking saves nothing");
}

#[tokio::test]
async fn who_has_paid_and_who_must_not_be_called_are_shown_and_cannot_be_ticked() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    drop(call);
    has_paid(&app, people[2]).await;
    let stopped = format!(
        "UPDATE cases SET stage = 'closed', resolution = 'do_not_contact', due_at = NULL WHERE id = {}",
        people[6]
    );
    changes(&app, vec![stopped]).await;
    let page = ana.opens(DESK).await.is(200);
    let page = page
        .says("8 people, 6 open")
        .says("George Hensley")
        .says("Paid since")
        .says("Oscar Hensley")
        .says("Do not contact")
        .says("Tick all 6 open");
    assert!(!is_tickable(&page, people[2]) && !is_tickable(&page, people[6]));
    // What is said of the number leaves them as they are.
    says(&ana, &form(&page), "k1", "no_answer", &[]).await.is(200);
    assert_eq!(recorded(&app).await.len(), 6);
}

#[tokio::test]
async fn whoever_paid_meanwhile_is_left_out_and_that_is_said() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    answers(&app, people[2]).await;
    // The page still has a box for George.
    says(&ana, &form(&call), "k1", "all_set", &[people[1], people[2]])
        .await
        .is(200)
        .says("George Hensley: resolved by citizen meanwhile.")
        .says("Nothing was recorded for them.");
    assert_eq!(recorded(&app).await, [("all_set".to_owned(), people[1])]);
    says(&ana, &form(&call), "k2", "all_set", &[people[2]])
        .await
        .is(422)
        .says("George Hensley: resolved by citizen meanwhile. Nothing was recorded.");
    assert_eq!(recorded(&app).await.len(), 1);
    // A wish not to be called counts even so, with those for whom it was said too.
    let wish = ticks(&[people[0], people[2]]);
    let mut fields: Vec<(&str, &str)> = wish.iter().map(|(name, case)| (*name, case.as_str())).collect();
    fields.extend([
        ("chosen", "do_not_call"),
        ("scope", "calls"),
        ("others", "no"),
        ("key", "k3"),
    ]);
    ana.sends(&form(&call), &fields).await.is(303);
    assert_eq!(recorded(&app).await.len(), 3);
}

/// What breaks it: one of eight who answers by link, and the number of all of them is taken away.
#[tokio::test]
async fn one_client_who_answers_takes_nobody_elses_call_away() {
    let app = App::start().await;
    let (ana, _, people) = an_office(&app).await;
    answers(&app, people[0]).await;
    let call = ana.opens(DESK).await.is(200);
    call.says("The others at this number wait for your call.")
        .says("href=\"tel:");
    for &case in &people[1..] {
        answers(&app, case).await;
    }
    let call = ana.opens(DESK).await.is(200);
    assert!(!call.body.contains("href=\"tel:"), "{}", call.body);
}

#[tokio::test]
async fn a_slow_double_click_records_the_ticked_once() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let key = call.field("key");
    for _ in 0..2 {
        says(&ana, &form(&call), &key, "all_set", &[people[0], people[5]])
            .await
            .is(303);
    }
    let attempts: i64 = app
        .in_database(|conn| attempts::table.count().get_result(conn))
        .await;
    assert_eq!(attempts, 1);
}

#[tokio::test]
async fn nobody_whose_money_was_taken_is_recorded_as_somebody_who_will_pay() {
    let app = App::start().await;
    let (ana, call, people) = an_office(&app).await;
    let taken = format!("UPDATE cases SET charged = 'charged' WHERE id = {}", people[3]);
    changes(&app, vec![taken]).await;
    says(&ana, &form(&call), "k1", "will_pay", &[people[0], people[3]])
        .await
        .is(422)
        .says("Hannah Hensley must not pay: money was taken.");
    assert_eq!(recorded(&app).await, []);
    says(&ana, &form(&call), "k2", "will_pay", &[people[0]])
        .await
        .is(303);
}

#[tokio::test]
async fn the_facts_of_a_client_show_only_to_a_specialist_who_checked_or_for_a_home() {
    let app = App::start().await;
    evening(&app, &[&CLIENTS]).await;
    let people = clients(&app).await;
    let help = format!("UPDATE cases SET stage = 'needs_help' WHERE id = {}", people[0]);
    changes(&app, vec![help]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    assert!(!call.body.contains("Authority checked"), "she is no specialist");
    let case = people[0].to_string();
    let forged = ana.sends(&form(&call), &[("speak", &case)]).await.is(200);
    assert!(!forged.body.contains("1,284"));
    let forged = ana.opens(&format!("{DESK}?speaking={case}")).await.is(200);
    assert!(!forged.body.contains("1,284"));
    // So many at one number may be a home; then they speak for themselves.
    let home = ana.sends(&form(&call), &[("speak", "home")]).await.is(200);
    let home = home.says("A home with many people").says("Speak: George Hensley");
    let george = people[2].to_string();
    ana.sends(&form(&home), &[("home", "yes"), ("speak", &george)])
        .await
        .is(200)
        .says("1,284")
        .says("Thank you, <span class=\"fill\">George</span>");
    let claim = form(&call).replace("/outcome", "/leave");
    ana.sends(&claim, &[]).await.is(204);
    changes(
        &app,
        vec!["UPDATE claims SET released_at = created_at".to_owned()],
    )
    .await;
    let bea = app
        .hires_as(NewAccount {
            email: "bea@agency.example".into(),
            name: "Bea".into(),
            role: Role::Caller,
            languages: Vec::new(),
            specialist: true,
        })
        .await
        .signs_in()
        .await;
    let call = takes(&bea).await.says("Authority checked: Aisha Hensley");
    bea.sends(&form(&call), &[("speak", &case)])
        .await
        .is(200)
        .says("1,284");
}

#[tokio::test]
async fn an_office_of_hundreds_is_one_list_and_of_more_a_bounded_one() {
    let app = App::start().await;
    let names: Vec<String> = (0..520).map(|number| format!("Client{number:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    evening(&app, &[&names]).await;
    let ana = app.caller("Ana").await;
    let call = takes(&ana).await;
    let boxes = |page: &Page| page.body.matches("name=\"ticked\"").count();
    assert_eq!(boxes(&call), 500);
    let call = call.says("The first 500 by name. 20 more come up as these are recorded.");
    let people = clients(&app).await;
    says(&ana, &form(&call), "k1", "all_set", &people[..500])
        .await
        .is(303);
    let rest = ana.opens(DESK).await.is(200);
    assert_eq!(boxes(&rest), 20, "the others have come up");
}
