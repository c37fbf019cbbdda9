//! What citizens are told of their money, by letter and on their page: nobody who was charged is asked to pay.

use crate::harness::{App, Homes, Page, Person};
use diesel::prelude::*;
use makegood::domain::ids::CaseId;
use makegood::outreach::campaign::Audience;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{cases, outages};

const PAY: &str = "https://revenue.franklin.example/pay";
const STATES: [&str; 4] = ["not_charged", "unknown", "charged", "charged_twice"];

/// One citizen of each state of money, in the order of [`STATES`].
struct Town {
    app: App,
    cases: Vec<CaseId>,
    citizen: Person,
}

impl Town {
    /// A town whose people have to pay by that day.
    async fn due(day: &str) -> Self {
        let app = App::start().await;
        let homes =
            app.does(|office| Ok(Homes::of_outage(office, "april-15", "00:00-24:00").add(office, 4, 1)));
        let cases: Vec<CaseId> = homes.await.unwrap().iter().map(|home| home.people[0]).collect();
        let (ids, day) = (cases.clone(), day.to_owned());
        app.in_database(move |conn| {
            diesel::update(outages::table)
                .set((
                    outages::agency_name.eq("the Department of Revenue"),
                    outages::help_phone.eq("800-555-0134"),
                    outages::pay_url.eq(PAY),
                ))
                .execute(conn)?;
            for (id, state) in ids.iter().zip(STATES) {
                diesel::update(cases::table.find(id))
                    .set((cases::charged.eq(state), cases::filing_deadline.eq(&day)))
                    .execute(conn)?;
            }
            Ok(())
        })
        .await;
        let citizen = app.stranger();
        Self { app, cases, citizen }
    }

    fn link(&self, of: usize) -> String {
        let url = self
            .app
            .office
            .citizen_link(self.cases[of], self.app.office.now());
        url.strip_prefix(&self.app.office.base_url()).unwrap().to_owned()
    }

    async fn answers(&self, of: usize, choice: &str) -> Page {
        let fields = [("choice", choice), ("lang", "en")];
        self.citizen.sends_as_it_is(&self.link(of), &fields).await
    }

    /// The letters of a text, in the order of [`STATES`], decoded as far as a test reads them.
    async fn letters(&self, text: &'static str) -> Vec<String> {
        self.app
            .does(move |office| {
                let outage = office.outage_named("april-15")?;
                office.send_campaign(outage.id, text, &Audience::default(), None, false)?;
                let outbox = Outbox::open(office)?;
                while let Step::Worked(_) = outbox.step()? {}
                outbox.close()
            })
            .await
            .unwrap();
        let folder = std::fs::read_dir(self.app.folder().join("mail")).unwrap();
        let files = folder.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let mut letters: Vec<String> = files.collect();
        let recipient = |letter: &String| letter.split("rosa").nth(1).unwrap()[..2].to_owned();
        letters.sort_by_key(recipient);
        let plain = |letter: String| letter.replace("=\r\n", "").replace("=C2=A0", " ");
        letters.into_iter().map(plain).collect()
    }
}

const ASKING: [&str; 4] = ["lease pay by", "can pay now", "Pay now", "Your due date is"];

#[tokio::test(flavor = "multi_thread")]
async fn letters_ask_nobody_to_pay_whose_money_was_taken_or_may_have_been() {
    let town = Town::due("2097-04-20").await;
    let letters = town.letters("apology").await;
    assert!(letters[0].contains("We did not take your money") && letters[0].contains("lease pay by"));
    for (letter, state) in letters.iter().zip(STATES).skip(1) {
        for asking in ASKING {
            assert!(!letter.contains(asking), "{asking:?} to {state}:\n{letter}");
        }
    }
    assert!(letters[1].contains("wait before you pay"), "{}", letters[1]);
    assert!(letters[2].contains("We have your money"), "{}", letters[2]);
    assert!(
        letters[3].contains("took your payment two times"),
        "{}",
        letters[3]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_after_the_due_date_does_not_ask_to_pay_by_it() {
    let town = Town::due("2020-04-20").await;
    let letters = town.letters("apology").await;
    assert!(!letters[0].contains("lease pay by"), "{}", letters[0]);
    assert!(letters[0].contains("has passed"), "{}", letters[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pay_now_stands_only_on_the_page_of_who_was_not_charged() {
    let town = Town::due("2097-04-20").await;
    for (of, state) in STATES.iter().enumerate() {
        for address in [town.link(of), format!("{}?lang=es", town.link(of))] {
            let page = town.citizen.opens(&address).await.is(200);
            let asks = ["Pay now", "Pagar ahora", PAY];
            let asked = asks.iter().any(|words| page.body.contains(words));
            assert_eq!(asked, of == 0, "{state} at {address}:\n{}", page.body);
        }
    }
    let page = town.citizen.opens(&town.link(0)).await;
    page.says("Your due date is Saturday, April\u{a0}20.");
    for (of, said) in [
        (1, "Please wait before you pay."),
        (2, "We have your money."),
        (3, "two times"),
    ] {
        let page = town.citizen.opens(&town.link(of)).await.says(said);
        assert!(!page.body.contains("April\u{a0}20"), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_answer_nobody_who_was_charged_is_led_to_pay() {
    let town = Town::due("2097-04-20").await;
    for (of, state) in STATES.iter().enumerate() {
        town.answers(of, "need_help").await.is(303);
        let page = town.citizen.opens(&town.link(of)).await.is(200);
        assert_eq!(page.body.contains("Pay now"), of == 0, "{state}:\n{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i_have_paid_closes_nothing_that_is_still_ours_to_put_right() {
    let town = Town::due("2097-04-20").await;
    for (of, state) in STATES.iter().enumerate().skip(1) {
        town.answers(of, "have_paid").await.is(422);
        let case = town.cases[of];
        let stage =
            move |conn: &mut makegood::db::Conn| cases::table.find(case).select(cases::stage).first(conn);
        let stage: String = town.app.in_database(stage).await;
        assert_eq!(stage, "new", "{state}");
    }
    town.answers(0, "have_paid").await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_at_their_statement_says_so_and_what_follows_is_right() {
    let town = Town::due("2097-04-20").await;
    town.answers(1, "not_taken").await.is(303);
    let page = town.citizen.opens(&town.link(1)).await.is(200);
    page.says("You can pay now").says(PAY);
    town.answers(1, "seen_taken").await.is(303);
    let page = town.citizen.opens(&town.link(1)).await.is(200);
    assert!(!page.says("Do not pay again.").body.contains(PAY));
    let case = town.cases[1];
    let stage = move |conn: &mut makegood::db::Conn| cases::table.find(case).select(cases::stage).first(conn);
    let stage: String = town.app.in_database(stage).await;
    assert_eq!(stage, "needs_help", "somebody puts it right");
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_are_shown_with_what_became_of_the_money() {
    let town = Town::due("2020-04-20").await;
    let details = async |of: usize, digits: &str| {
        let address = format!("{}/details", town.link(of));
        let fields = [("digits", digits), ("lang", "en")];
        town.citizen.sends_as_it_is(&address, &fields).await.is(200)
    };
    let page = details(0, "0000").await.says("has passed").says("Income tax");
    assert!(!page.body.contains("Please pay by"));
    let page = details(2, "0020").await.says("Do not pay again.");
    assert!(!page.body.contains("April\u{a0}20"));
}

/// As the product's own texts were before the four states: in a database of then, and used by a program of now.
#[tokio::test(flavor = "multi_thread")]
async fn texts_of_before_are_brought_up_to_date_but_not_those_somebody_wrote() {
    let mut app = App::start().await;
    let eve = app.admin("Eve").await;
    app.does(|office| Ok(Homes::of_outage(office, "april-15", "00:00-24:00")))
        .await
        .unwrap();
    let draft = [("version", "1"), ("subject", "Sorry"), ("body", "Our own words.")];
    eve.sends("/outages/april-15/templates/confirmation/en", &draft)
        .await
        .is(303);
    app.in_database(|conn| {
        use makegood::schema::templates;
        let apology = templates::table.filter(templates::key.eq("apology").and(templates::language.eq("en")));
        diesel::update(apology)
            .set(templates::body.eq("Please pay."))
            .execute(conn)
    })
    .await;
    app.stops().await;
    let config = (*app.office.config).clone();
    let again = tokio::task::spawn_blocking(move || makegood::outreach::Office::open(config));
    let again = again.await.unwrap().unwrap();
    let texts = tokio::task::spawn_blocking(move || again.texts().unwrap());
    let texts = texts.await.unwrap();
    let text = |key: &str| {
        let mut found = texts
            .iter()
            .filter(|text| text.key == key && text.language == "en");
        found.next().unwrap()
    };
    assert!(text("apology").body.contains("charged_twice") && text("apology").version == 2);
    assert_eq!(
        (
            text("confirmation").subject.as_str(),
            text("confirmation").version
        ),
        ("Sorry", 2)
    );
}
