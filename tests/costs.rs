//! What the outage cost citizens: said on their page after the last digits of the account, decided by a supervisor, and no
//! part of where their case stands.

use crate::harness::{App, Home, Homes, Page, Person};
use diesel::prelude::*;
use makegood::domain::ids::CaseId;
use makegood::schema::{cases, costs};

const LIST: &str = "/outages/april-15/costs";

/// An outage with one person in it, who has a phone and no account here.
struct Town {
    app: App,
    home: Home,
    citizen: Person,
}

impl Town {
    async fn new() -> Self {
        let app = App::start().await;
        let home = app
            .does(|office| {
                Ok(Homes::of_outage(office, "april-15", "00:00-24:00")
                    .add(office, 1, 1)
                    .remove(0))
            })
            .await
            .unwrap();
        let citizen = app.stranger();
        Self { app, home, citizen }
    }

    /// The path of the person's page.
    fn link(&self) -> String {
        let office = &self.app.office;
        let url = office.citizen_link(self.home.people[0], office.now());
        url.strip_prefix(&office.base_url()).unwrap().to_owned()
    }

    async fn says(&self, fields: &[(&str, &str)]) -> Page {
        self.citizen
            .sends_as_it_is(&format!("{}/cost", self.link()), fields)
            .await
    }

    /// What is noted: kind, cents, words and decision.
    async fn noted(&self) -> Vec<(String, i64, String, Option<String>)> {
        self.app
            .in_database(|conn| {
                let noted = (costs::kind, costs::amount_cents, costs::words, costs::decision);
                costs::table.order(costs::id).select(noted).load(conn)
            })
            .await
    }

    async fn stands(&self) -> (String, Option<String>) {
        let case: CaseId = self.home.people[0];
        self.app
            .in_database(move |conn| {
                cases::table
                    .find(case)
                    .select((cases::stage, cases::resolution))
                    .first(conn)
            })
            .await
    }
}

const FEE: [(&str, &str); 5] = [
    ("kind", "bank_fee"),
    ("amount", "35.00"),
    ("words", "Overdraft because you took it twice"),
    ("digits", "0000"),
    ("lang", "en"),
];

/// The same form with one field changed.
fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = FEE.iter().copied().filter(|(key, _)| *key != name);
    others.chain([(name, value)]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_last_digits_says_what_it_cost_them_once_however_often_it_is_sent() {
    let town = Town::new().await;
    let page = town
        .citizen
        .opens(&town.link())
        .await
        .is(200)
        .says("It cost me money");
    assert!(!page.body.contains("1,284"), "no amount before the digits");
    for _ in 0..2 {
        let done = town.says(&FEE).await.is(303);
        let done = town.citizen.opens(done.leads_to()).await.is(200);
        let done = done.says("We have noted it");
        assert!(!done.body.contains("35.00") && !done.body.contains("Overdraft"));
    }
    let words = "Overdraft because you took it twice".to_owned();
    assert_eq!(town.noted().await, [("bank_fee".to_owned(), 3_500, words, None)]);
    assert_eq!(
        town.stands().await,
        ("new".to_owned(), None),
        "it moves nothing of the case"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_noted_is_told_at_its_field_and_what_was_typed_is_kept() {
    let town = Town::new().await;
    let page = town.says(&with("amount", "a lot")).await.is(422);
    let page = page
        .says("Write how much it cost you, for example 35.00.")
        .says("Overdraft because you took it twice");
    assert!(
        !page.body.contains("value=\"0000\""),
        "the digits are typed again"
    );
    town.says(&with("words", "Card 4111 1111 1111 1111"))
        .await
        .is(422)
        .says("Write fewer words, without card or Social Security numbers.");
    let other = [
        ("kind", "other"),
        ("amount", "5"),
        ("digits", "0000"),
        ("lang", "es"),
    ];
    town.says(&other)
        .await
        .is(422)
        .says("Escriba en pocas palabras qué fue.");
    town.says(&with("kind", "nonsense")).await.is(422);
    assert_eq!(town.noted().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_digits_of_a_cost_are_tried_as_seldom_as_those_of_the_amounts() {
    let town = Town::new().await;
    for left in (1..5).rev() {
        town.says(&with("digits", "9999"))
            .await
            .is(422)
            .says(&format!("Tries left: {left}"));
    }
    town.says(&with("digits", "9999")).await.is(422);
    town.says(&FEE).await.is(422);
    assert_eq!(town.noted().await, [], "not even with the right ones now");
    let details = format!("{}/details", town.link());
    let details = town.citizen.sends_as_it_is(&details, &[("digits", "0000")]).await;
    assert!(!details.body.contains("1,284"), "they are the same tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handful_of_costs_is_noted_and_then_one_has_to_call() {
    let town = Town::new().await;
    for cents in ["1", "2", "3", "4", "5"] {
        town.says(&with("amount", cents)).await.is(303);
    }
    let often = town.says(&with("amount", "6")).await.is(429);
    often.says("Please call us about this one.");
    assert_eq!(town.noted().await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cost_of_a_spanish_speaker_is_asked_and_noted_in_spanish_alone() {
    let town = Town::new().await;
    let link = town.link();
    let page = town.citizen.opens(&format!("{link}?lang=es")).await.is(200);
    let form = page.between("/cost\"", "</details>").to_owned();
    for words in [
        "Recargo o multa por pagar tarde",
        "¿Cuánto?",
        "Pedir que me lo devuelvan",
    ] {
        assert!(form.contains(words), "{words} in {form}");
    }
    for english in [" fee", "How much", "What was", "Ask for", "Something"] {
        assert!(!form.contains(english), "{english} in {form}");
    }
    let done = town.says(&with("lang", "es")).await.is(303);
    let done = town.citizen.opens(done.leads_to()).await.is(200);
    done.says("<html lang=\"es\">").says("Lo hemos anotado");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_wrong_person_the_link_notes_no_cost_and_shows_none() {
    let town = Town::new().await;
    town.citizen
        .sends_as_it_is(&town.link(), &[("not_me", "yes"), ("lang", "en")])
        .await
        .is(303);
    let shut = town.says(&FEE).await;
    assert!(!shut.body.contains("name=\"amount\"") && !shut.body.contains("Rosa"));
    let noted = town.citizen.opens(&format!("{}/cost", town.link())).await;
    noted.says("This link shows nothing more");
    assert_eq!(town.noted().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_settles_or_refuses_a_cost_with_a_word_and_takes_it_back() {
    let town = Town::new().await;
    let eve = town.app.supervisor("Eve").await;
    eve.opens(LIST).await.is(200).says("No cost is here");
    town.says(&FEE).await.is(303);
    let list = eve.opens(LIST).await.is(200);
    let list = list
        .says("$35.00")
        .says("Bank or card fee")
        .says("Overdraft because you took it twice");
    let action = format!("{LIST}/{}", list.between(&format!("action=\"{LIST}/"), "\""));
    eve.sends(&action, &[])
        .await
        .is(422)
        .says("Choose what becomes of it.");
    eve.sends(&action, &[("decision", "refused")])
        .await
        .is(422)
        .says("Say in a word why it is refused.");
    let refused = [("decision", "refused"), ("reason", "No statement shows it")];
    eve.sends(&action, &refused).await.is(303);
    let open = eve.opens(LIST).await.is(200);
    assert!(!open.body.contains("$35.00"), "it is open no more");
    let list = eve.opens(&format!("{LIST}?standing=refused")).await.is(200);
    list.says("Refused by Eve").says("No statement shows it");
    // Decided is decided: another word needs the first one taken back.
    eve.sends(&action, &[("decision", "settled")]).await.is(409);
    eve.sends(&action, &[("decision", "open")]).await.is(303);
    eve.opens(LIST).await.is(200).says("Open again, by Eve");
    eve.sends(&action, &[("decision", "settled")]).await.is(303);
    let case = format!("/cases/{}", town.home.people[0]);
    let page = eve.opens(&case).await.is(200);
    page.says("Bank or card fee, $35.00").says("Settled by Eve");
    assert_eq!(town.stands().await, ("new".to_owned(), None));
    // Callers decide nothing.
    let ana = town.app.caller("Ana").await;
    ana.opens(LIST).await.is(403);
    ana.sends(&action, &[("decision", "open")]).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_case_stays_closed_whatever_it_cost() {
    let town = Town::new().await;
    let case: CaseId = town.home.people[0];
    town.app
        .in_database(move |conn| {
            diesel::update(cases::table.find(case))
                .set((cases::stage.eq("closed"), cases::resolution.eq("paid")))
                .execute(conn)
        })
        .await;
    town.says(&FEE).await.is(303);
    let closed = ("closed".to_owned(), Some("paid".to_owned()));
    assert_eq!(town.stands().await, closed);
    assert_eq!(town.noted().await.len(), 1);
}
