//! The citizen's page: what a link opens, what an answer changes, and what it never shows.

use crate::harness::{App, Home, Homes, Page, Person};
use diesel::prelude::*;
use makegood::domain::ids::CaseId;
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::citizen::check::Checked;
use makegood::outreach::claim::Claimed;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{answers, callbacks, cases, households, messages, suppressions};

/// An outage with people in it, and a citizen with a phone and no account.
struct Town {
    app: App,
    homes: Vec<Home>,
    citizen: Person,
}

impl Town {
    async fn of(households: i64, people: i64) -> Self {
        let app = App::start().await;
        let homes = app.does(move |office| {
            Ok(Homes::of_outage(office, "april-15", "00:00-24:00").add(office, households, people))
        });
        let homes = homes.await.unwrap();
        let citizen = app.stranger();
        Self { app, homes, citizen }
    }

    /// The path of a case's page, as an e-mail of now has it.
    fn link(&self, case: CaseId) -> String {
        let url = self.app.office.citizen_link(case, self.app.office.now());
        url.strip_prefix(&self.app.office.base_url()).unwrap().to_owned()
    }

    async fn answers(&self, link: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        fields.push(("lang", "en"));
        self.citizen.sends_as_it_is(link, &fields).await
    }

    /// The stage and the resolution of a case.
    async fn stands(&self, case: CaseId) -> (String, Option<String>) {
        self.app
            .in_database(move |conn| {
                let both = (cases::stage, cases::resolution);
                cases::table.find(case).select(both).first(conn)
            })
            .await
    }
}

/// The first time that the page offers.
fn first_slot(page: &Page) -> String {
    page.field("slot")
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_the_link_shows_a_first_name_and_a_time_and_changes_nothing() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    let link = town.link(case);
    for _ in 0..3 {
        let page = town.citizen.opens(&link).await.is(200).says("Hello Rosa.");
        for secret in [
            "Marlow",
            "1,284",
            "income",
            "T-0000000",
            "555-0000",
            "5550000",
            "@mail",
        ] {
            assert!(!page.body.contains(secret), "{secret}");
        }
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(page.headers.get("set-cookie").is_none() && !page.body.contains("<script"));
    }
    town.citizen
        .opens(&format!("{link}?lang=es"))
        .await
        .is(200)
        .says("Hola, Rosa.");
    assert_eq!(town.stands(case).await, ("new".to_owned(), None));
    let given: i64 = town
        .app
        .in_database(|conn| answers::table.count().get_result(conn))
        .await;
    assert_eq!(given, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_they_have_paid_leaves_the_queue_and_the_desk_at_once() {
    let town = Town::of(2, 1).await;
    let ana = town.app.caller("Ana").await;
    let (first, outage) = (town.homes[0].people[0], "april-15");
    ana.sends(&format!("/outages/{outage}/desk/claim"), &[])
        .await
        .is(303);
    town.citizen.opens(&town.link(first)).await.is(200);
    town.answers(&town.link(first), &[("choice", "have_paid")])
        .await
        .is(303);
    assert_eq!(
        town.stands(first).await,
        ("closed".to_owned(), Some("resolved_by_citizen".to_owned()))
    );
    town.citizen
        .opens(&town.link(first))
        .await
        .is(200)
        .says("You are done.");
    ana.opens(&format!("/outages/{outage}/desk"))
        .await
        .is(200)
        .says("No need to call");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_asked_for_is_promised_served_at_its_time_and_can_be_changed() {
    let town = Town::of(1, 1).await;
    let ana = town.app.caller("Ana").await;
    let case = town.homes[0].people[0];
    let link = town.link(case);
    let slot = first_slot(&town.citizen.opens(&link).await);
    let call = [("choice", "call_me"), ("slot", slot.as_str()), ("speak", "es")];
    town.answers(&link, &call).await.is(303);
    town.citizen
        .opens(&link)
        .await
        .says("We will call you.")
        .says("MAPLE");
    assert_eq!(town.stands(case).await.0, "callback");
    let due = |conn: &mut makegood::db::Conn| {
        let open = callbacks::table.filter(callbacks::withdrawn_at.is_null());
        open.select(callbacks::due_at).load(conn)
    };
    let promised: Vec<makegood::domain::timestamp::Timestamp> = town.app.in_database(due).await;
    assert_eq!(promised.len(), 1);
    let told = |conn: &mut makegood::db::Conn| {
        let both = (messages::template_key, messages::language, messages::state);
        messages::table.select(both).load(conn)
    };
    let written: Vec<(String, String, String)> = town.app.in_database(told).await;
    assert_eq!(
        written,
        [("callback_reminder".into(), "es".into(), "queued".to_owned())]
    );
    let spoken: Option<String> = town
        .app
        .in_database(|conn| households::table.select(households::language).first(conn))
        .await;
    assert_eq!(spoken.as_deref(), Some("es"));
    let seconds = promised[0].seconds_since(town.app.office.now()) + 1;
    town.app.clock.advance_seconds(seconds);
    let who = ana.id;
    let claimed = town.app.does(move |office| {
        let caller = office
            .accounts()?
            .into_iter()
            .find(|user| user.id == who)
            .unwrap();
        let outage = office.outage_named("april-15")?;
        office.claim_next(&caller, outage.id)
    });
    assert!(
        matches!(claimed.await.unwrap(), Claimed::New(_)),
        "a promise is due"
    );
    let ana = ana.signs_in().await;
    town.answers(&link, &[("choice", "need_help")]).await.is(303);
    assert_eq!(town.stands(case).await.0, "needs_help");
    assert!(
        town.app.in_database(due).await.is_empty(),
        "the promise is withdrawn"
    );
    let written: Vec<(String, String, String)> = town.app.in_database(told).await;
    assert_eq!(written[0].2, "withdrawn");
    ana.opens("/outages/april-15/desk")
        .await
        .says("just answered by link");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reminder_of_a_call_goes_out_two_hours_before_it_and_not_if_it_was_called_off() {
    let town = Town::of(2, 1).await;
    town.app.caller("Ana").await;
    for home in &town.homes {
        let link = town.link(home.people[0]);
        let page = town.citizen.opens(&link).await;
        let offered = page.body.split("name=\"slot\" value=\"").skip(1);
        let last = offered.last().unwrap().split('"').next().unwrap().to_owned();
        let call = [("choice", "call_me"), ("slot", last.as_str())];
        town.answers(&link, &call).await.is(303);
    }
    let steps = |office: &makegood::outreach::Office| {
        let outbox = Outbox::open(office)?;
        let step = outbox.step()?;
        outbox.close()?;
        Ok(step)
    };
    assert!(matches!(town.app.does(steps).await.unwrap(), Step::Idle(Some(_))));
    let times = |conn: &mut makegood::db::Conn| {
        let due = callbacks::table.select(callbacks::due_at).order(callbacks::id);
        let due: Vec<Timestamp> = due.load(conn)?;
        let reminders = messages::table.select(messages::due_at).order(messages::id);
        let reminders: Vec<Option<Timestamp>> = reminders.load(conn)?;
        Ok::<_, diesel::result::Error>((due, reminders))
    };
    let (due, reminders) = town.app.in_database(times).await;
    let before = |due: &Timestamp| Some(due.plus_minutes(-120));
    assert_eq!(reminders, due.iter().map(before).collect::<Vec<_>>());
    let page = town
        .app
        .supervisor("Eve")
        .await
        .opens("/outages/april-15/messages")
        .await;
    page.says("Goes out");
    let now = town.app.office.now();
    town.app
        .clock
        .advance_seconds(due[0].max(due[1]).seconds_since(now) - 119 * 60);
    let call_off = move |conn: &mut makegood::db::Conn| {
        let ids = callbacks::table.select(callbacks::id).order(callbacks::id);
        let first: i64 = ids.first(conn)?;
        diesel::update(callbacks::table.find(first))
            .set(callbacks::withdrawn_at.eq(now))
            .execute(conn)
    };
    town.app.in_database(call_off).await;
    assert_eq!(town.app.does(steps).await.unwrap(), Step::Worked(2));
    let told = |conn: &mut makegood::db::Conn| {
        let both = (messages::state, messages::reply);
        messages::table.select(both).order(messages::id).load(conn)
    };
    let told: Vec<(String, Option<String>)> = town.app.in_database(told).await;
    assert_eq!((told[0].0.as_str(), told[1].0.as_str()), ("withdrawn", "sent"));
    assert!(told[0].1.as_ref().unwrap().contains("called off"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_booked_as_it_was_chosen_and_a_full_one_is_told_with_the_nearest() {
    let town = Town::of(3, 1).await;
    let link = |home: usize| town.link(town.homes[home].people[0]);
    let opened = town.citizen.opens(&link(0)).await.says("free times");
    // The third time of the second day: nobody would come upon it by taking the first or the freest.
    let day = opened.body.split("<details").nth(2).unwrap();
    let slot = day.split("name=\"slot\" value=\"").nth(3).unwrap();
    let (slot, rest) = slot.split_once('"').unwrap();
    let time = rest.split('>').nth(1).unwrap().split('<').next().unwrap();
    let call = [("choice", "call_me"), ("slot", slot), ("speak", "es")];
    town.answers(&link(0), &call).await.is(303);
    let due: Vec<Timestamp> = town
        .app
        .in_database(|conn| callbacks::table.select(callbacks::due_at).load(conn))
        .await;
    assert_eq!(due[0].micros().to_string(), slot, "just the time that was chosen");
    town.citizen.opens(&link(0)).await.is(200).says(time);
    // One account calls nobody: a place holds one promise.
    let full = town.answers(&link(1), &call).await.is(422);
    let full = full.says("is not free any more").says("The nearest free times:");
    let near = full.body.split("<ul class=\"near\">").nth(1).unwrap();
    assert_eq!(near.split("</ul>").next().unwrap().matches("<li>").count(), 2);
    assert!(
        full.body.contains(r#"value="call_me" checked"#),
        "the choice stays"
    );
    assert!(
        full.body.contains(r#"<option value="es" lang="es" selected>"#),
        "and the language of the call"
    );
    assert!(
        !full.body.contains(&format!("value=\"{slot}\"")),
        "a full time is not offered"
    );
    // Whoever has it sees it chosen when they change their answer.
    let own = town.citizen.opens(&format!("{}?change=1", link(0))).await;
    assert!(
        own.body.contains(&format!("value=\"{slot}\" checked")),
        "{}",
        own.body
    );
}

/// Whether a caller whom she rings from her other number finds her.
async fn finds_her(town: &Town, case: CaseId) -> bool {
    let found = town
        .app
        .does(move |office| office.find_people("april-15", "(303) 555-0142", 10));
    let (_, found) = found.await.unwrap();
    found.iter().any(|found| found.id == case)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_different_number_is_called_instead_and_nonsense_is_not() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    let link = town.link(case);
    let slot = first_slot(&town.citizen.opens(&link).await);
    let call = |phone| vec![("choice", "call_me"), ("slot", slot.as_str()), ("phone", phone)];
    town.answers(&link, &call("12"))
        .await
        .is(422)
        .says("area code")
        .says(r#"value="12""#);
    town.answers(&link, &call("(303) 555-0142")).await.is(303);
    let phone: String = town
        .app
        .in_database(move |conn| {
            cases::table
                .inner_join(households::table)
                .filter(cases::id.eq(case))
                .select(households::phone)
                .first(conn)
        })
        .await;
    assert_eq!(phone, "+13035550142");
    assert!(finds_her(&town, case).await, "read through");
    town.app
        .does(|office| {
            while office.index_cases()? {}
            Ok(())
        })
        .await
        .unwrap();
    assert!(finds_her(&town, case).await, "in the index");
    let found = town.app.does(|office| {
        let from = "192.0.2.7".parse().unwrap();
        office.check_code(
            "MAPLE 27",
            "0142",
            makegood::domain::network::Network::of_customer(from),
        )
    });
    assert_eq!(
        found.await.unwrap(),
        Checked::Ours,
        "she may ask whether that call is real"
    );
    town.answers(&link, &[("choice", "need_help")]).await.is(303);
    let phones: Vec<(String, i32)> = town
        .app
        .in_database(|conn| {
            let both = (households::phone, households::citizens);
            households::table.order(households::id).select(both).load(conn)
        })
        .await;
    assert_eq!(
        phones,
        [("+14235550000".to_owned(), 1), ("+13035550142".to_owned(), 0)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn do_not_contact_me_holds_everywhere_until_it_is_changed() {
    let town = Town::of(1, 2).await;
    let (one, mate) = (town.homes[0].people[0], town.homes[0].people[1]);
    let link = town.link(one);
    town.answers(&link, &[("choice", "dont_contact")]).await.is(303);
    assert_eq!(
        town.stands(one).await,
        ("closed".to_owned(), Some("do_not_contact".to_owned()))
    );
    assert_eq!(town.stands(mate).await.0, "email", "their number rings no more");
    let standing = |conn: &mut makegood::db::Conn| {
        let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
        standing.count().get_result::<i64>(conn)
    };
    assert_eq!(town.app.in_database(standing).await, 2);
    town.answers(&link, &[("choice", "need_help")]).await.is(303);
    assert_eq!(town.app.in_database(standing).await, 0);
    assert_eq!(town.stands(one).await.0, "needs_help");
    assert_eq!(town.stands(mate).await.0, "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_person_is_not_written_to_again_and_the_right_one_is_still_called() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    town.answers(&town.link(case), &[("choice", "have_paid"), ("not_me", "yes")])
        .await
        .is(303);
    assert_eq!(town.stands(case).await, ("new".to_owned(), None));
    assert_eq!(suppressed(&town).await, ["rosa0@mail.example wrong_person"]);
}

/// What must not be contacted, and why.
async fn suppressed(town: &Town) -> Vec<String> {
    let rows = town.app.in_database(|conn| {
        let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
        let both = (suppressions::value, suppressions::reason);
        standing.select(both).order(suppressions::id).load(conn)
    });
    let rows: Vec<(String, String)> = rows.await;
    rows.into_iter()
        .map(|(value, reason)| format!("{value} {reason}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_wrong_person_the_link_shows_nothing_more_and_takes_nothing() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    let link = town.link(case);
    town.answers(&link, &[("not_me", "yes")]).await.is(303);
    for address in [&link, &format!("{link}?change=yes"), &format!("{link}?lang=es")] {
        let page = town.citizen.opens(address).await;
        for told in [
            "Rosa",
            "digits",
            "dígitos",
            "1,284",
            "not_me",
            "MAPLE",
            "name=\"choice\"",
        ] {
            assert!(!page.body.contains(told), "{told} at {address}:\n{}", page.body);
        }
    }
    let shut = town.citizen.opens(&link).await;
    shut.says("This link shows nothing more");
    // Nor does it take another answer, or show an amount to somebody who knows the digits.
    let details = town
        .answers(&format!("{link}/details"), &[("digits", "0000")])
        .await;
    assert!(!details.body.contains("1,284"), "{}", details.body);
    town.answers(&link, &[("choice", "have_paid")]).await;
    assert_eq!(town.stands(case).await, ("new".to_owned(), None));
    assert_eq!(suppressed(&town).await.len(), 1, "the address stays unwritten to");
    // For the whole life of the link, and an earlier e-mail to the same reader is shut as well.
    town.app.clock.advance_seconds(13 * 86_400);
    let later = town.citizen.opens(&link).await;
    assert!(!later.body.contains("Rosa"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_person_answers_by_a_later_link_and_the_stranger_is_not_written_to() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    town.answers(&town.link(case), &[("not_me", "yes")]).await.is(303);
    town.app.clock.advance_seconds(3_600);
    let theirs = town.link(case);
    town.citizen.opens(&theirs).await.is(200).says("Hello Rosa.");
    town.answers(&theirs, &[("choice", "need_help")]).await.is(303);
    assert_eq!(town.stands(case).await.0, "needs_help");
    assert_eq!(suppressed(&town).await, ["rosa0@mail.example wrong_person"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_are_for_those_who_know_the_account_and_guessing_ends() {
    let town = Town::of(2, 1).await;
    let details = |home: usize| format!("{}/details", town.link(town.homes[home].people[0]));
    let right = town
        .answers(&details(1), &[("digits", "0010")])
        .await
        .is(200)
        .says("$1,284.00");
    assert!(!right.body.contains("Marlow"));
    town.answers(&details(0), &[("digits", "1")])
        .await
        .is(422)
        .says("Tries left: 4");
    for wrong in ["", "00000", "9999"] {
        let page = town.answers(&details(0), &[("digits", wrong)]).await.is(422);
        assert!(!page.body.contains("1,284"));
    }
    town.answers(&details(0), &[("digits", "9998")])
        .await
        .is(422)
        .says("Too many tries");
    town.answers(&details(0), &[("digits", "0000")])
        .await
        .is(422)
        .says("Too many tries");
    town.app.clock.advance_seconds(25 * 3600);
    town.answers(&details(0), &[("digits", "0000")])
        .await
        .is(200)
        .says("$1,284.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_or_a_forged_link_opens_a_page_that_says_what_to_do() {
    let town = Town::of(1, 1).await;
    let case = town.homes[0].people[0];
    let link = town.link(case);
    for forged in [
        "/c/sample",
        "/c/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &town.link(case + 999),
    ] {
        let page = town.citizen.opens(forged).await.is(404).says("does not work");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
        town.answers(forged, &[("choice", "have_paid")]).await.is(404);
        town.answers(&format!("{forged}/details"), &[("digits", "0000")])
            .await
            .is(404);
    }
    town.app.clock.advance_seconds(14 * 86_400 + 60);
    let page = town.citizen.opens(&link).await.is(410).says("has expired");
    assert!(!page.body.contains("Rosa"));
    town.answers(&link, &[("choice", "have_paid")]).await.is(410);
    assert_eq!(town.stands(case).await, ("new".to_owned(), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_choice_is_asked_for_again() {
    let town = Town::of(1, 1).await;
    let link = town.link(town.homes[0].people[0]);
    town.answers(&link, &[])
        .await
        .is(422)
        .says("Choose one of the answers.");
    town.answers(&link, &[("choice", "give_me_money")]).await.is(422);
    let timeless = town
        .answers(&link, &[("choice", "call_me"), ("speak", "es")])
        .await;
    let timeless = timeless.is(422).says("Choose a time for the call.");
    assert!(!timeless.body.contains("full"), "none was chosen");
    assert!(
        timeless
            .body
            .contains(r#"<option value="es" lang="es" selected>"#)
    );
    let from_elsewhere = town
        .citizen
        .request(reqwest::Method::POST, &link)
        .header("origin", "https://elsewhere.example")
        .form(&[("choice", "dont_contact")]);
    town.citizen.asks(from_elsewhere).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_outside_makes_staff_dial_a_number_that_costs_extra_or_leads_abroad() {
    let town = Town::of(1, 1).await;
    let link = town.link(town.homes[0].people[0]);
    let slot = first_slot(&town.citizen.opens(&link).await);
    let english = [
        ("+1 900 555 0199", "cost extra"),
        ("+44 909 8790000", "United States and Canada only"),
        ("911", "area code"),
    ];
    for (number, told) in english {
        let call = [("choice", "call_me"), ("slot", &slot), ("phone", number)];
        let page = town.answers(&link, &call).await.is(422).says(told);
        assert!(
            page.body.contains(r#"aria-invalid="true""#) && page.body.contains(r#"id="phone-problem""#),
            "{number} is refused at its field"
        );
    }
    let call = [
        ("choice", "call_me"),
        ("slot", &slot),
        ("phone", "900-555-0199"),
        ("lang", "es"),
    ];
    town.citizen
        .sends_as_it_is(&link, &call)
        .await
        .is(422)
        .says("tarifa especial");
    let told: i64 = town
        .app
        .in_database(|conn| answers::table.count().get_result(conn))
        .await;
    assert_eq!(told, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_show_says_whose_failure_it_was_and_holds_no_amount() {
    let town = Town::of(1, 1).await;
    let link = town.link(town.homes[0].people[0]);
    town.citizen.opens(&link).await.is(200).says("My letter to show");
    let letter = format!("{link}/letter");
    let wrong = town.answers(&letter, &[("digits", "9999")]).await.is(422);
    let wrong = wrong.says("Tries left: 4");
    assert!(!wrong.body.contains("whom it may concern"));
    let right = town.answers(&letter, &[("digits", "0000")]).await.is(200);
    let right = right
        .says("To whom it may concern")
        .says("was our failure, not theirs");
    let right = right.says("Money taken").says("Print this page");
    for told in ["1,284", "0000", "MAPLE", "{"] {
        assert!(!right.body.contains(told), "{told} in:\n{}", right.body);
    }
    let spanish = [("digits", "0000"), ("lang", "es")];
    let spanish = town.citizen.sends_as_it_is(&letter, &spanish).await.is(200);
    spanish.says("A quien corresponda").says("La falla fue nuestra");
    // Whoever said that it is not theirs gets no letter.
    town.answers(&link, &[("not_me", "yes")]).await.is(303);
    let shut = town.answers(&letter, &[("digits", "0000")]).await;
    assert!(!shut.body.contains("whom it may concern"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_call_that_was_chosen_goes_into_a_calendar_at_its_instant() {
    let town = Town::of(1, 1).await;
    let link = town.link(town.homes[0].people[0]);
    let calendar = format!("{link}/call.ics");
    let none = town.citizen.opens(&calendar).await.is(303);
    assert!(none.leads_to().starts_with(&link));
    let slot = first_slot(&town.citizen.opens(&link).await);
    let fields = [("choice", "call_me"), ("slot", slot.as_str())];
    let done = town.answers(&link, &fields).await.is(303);
    town.citizen
        .opens(done.leads_to())
        .await
        .says("Add to my calendar");
    let file = town.citizen.opens(&format!("{calendar}?lang=es")).await.is(200);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    let micros: i64 = slot.parse().unwrap();
    let at = chrono::DateTime::from_timestamp_micros(micros).unwrap();
    let file = file.says(&format!("DTSTART:{}\r\n", at.format("%Y%m%dT%H%M%SZ")));
    let file = file.says("SUMMARY:Makegood: llamada para usted");
    for told in ["Rosa", "Marlow", "1,284", "555-", "/c/"] {
        assert!(!file.body.contains(told), "{told} in:\n{}", file.body);
    }
    assert_eq!(
        town.citizen.opens(&format!("{calendar}?lang=es")).await.body,
        file.body
    );
}
