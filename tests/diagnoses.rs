//! Whether an address is dead: what a server says of it, how far it is believed, and how it is taken back.

use crate::bounces::{Post, works_the_outbox};
use crate::harness::{App, Homes, Relay};
use crate::sending::states;
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::CaseId;
use makegood::outreach::Office;
use makegood::outreach::accounts::User;
use makegood::outreach::campaign::Audience;
use makegood::outreach::fate::Decision;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{cases, households, messages, suppressions};

const HELO: &str = "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 we do not know you here";

/// Addresses that nobody writes to, and why.
async fn suppressed(app: &App) -> Vec<(String, String)> {
    let standing = |conn: &mut Conn| {
        let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
        let both = standing.select((suppressions::value, suppressions::reason));
        both.order(suppressions::value).load(conn)
    };
    app.in_database(standing).await
}

/// How many would get a text.
async fn would_get(app: &App, template: &'static str) -> i64 {
    let counted = app.does(move |office| {
        let outage = office.outage_named("april-15")?;
        office.send_campaign(outage.id, template, &Audience::default(), None, true)
    });
    counted.await.unwrap().queued
}

/// Where people stand, and their household's call: all that the next step is chosen by.
async fn standing(app: &App, people: Vec<CaseId>) -> Vec<(String, Option<String>, Option<String>)> {
    let standing = move |conn: &mut Conn| {
        cases::table
            .left_join(households::table)
            .filter(cases::id.eq_any(&people))
            .order(cases::id)
            .select((cases::stage, cases::resolution, households::stage.nullable()))
            .load(conn)
    };
    app.in_database(standing).await
}

/// From now on these can only be written to.
async fn lose_their_phones(app: &App, people: Vec<CaseId>) {
    let without = move |conn: &mut Conn| {
        let theirs = cases::table.filter(cases::id.eq_any(&people));
        let nowhere = (
            cases::phone.eq(None::<String>),
            cases::household_id.eq(None::<i64>),
            cases::stage.eq("email"),
        );
        diesel::update(theirs).set(nowhere).execute(conn)
    };
    app.in_database(without).await;
}

/// A report that says of each of these households' letters what it says.
async fn all_come_back(post: &Post, homes: std::ops::Range<usize>, lines: &str) {
    for home in homes {
        let letter = post.letter(home).await;
        let name = format!("{home}-{}", letter.id);
        post.is_reported(&name, (&letter.address, &letter.path), "failed", lines);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_the_same_in_the_conversation_and_in_a_report() {
    let relay = Relay::saying(|line| {
        line.contains("TO:<rosa0@")
            .then_some("550 5.1.1 <rosa0@mail.example>: User unknown")
    });
    let post = Post::sent_with(3, |flags| flags.smtp_url = Some(relay.url())).await;
    let reported = post.letter(1).await;
    post.comes_back("1", &reported, "failed", "5.1.1");
    assert_eq!(post.reads_mail().await.hard, 1);
    assert_eq!(states(&post.app).await, ["bounced", "bounced", "sent"]);
    let bounced = |address: &str| (address.to_owned(), "bounced".to_owned());
    assert_eq!(
        suppressed(&post.app).await,
        [bounced("rosa0@mail.example"), bounced("rosa10@mail.example")]
    );
    assert_eq!(
        would_get(&post.app, "could_not_reach").await,
        1,
        "nobody writes there again"
    );
    let eve = post.app.supervisor("Eve").await;
    eve.opens("/outages/april-15/messages?state=bounced")
        .await
        .says("User unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_lifted_stands_as_if_nothing_had_come_back_and_can_be_written_to() {
    let post = Post::sent(4).await;
    let people: Vec<CaseId> = post.homes.iter().map(|home| home.people[0]).collect();
    let letters = [post.letter(0).await, post.letter(1).await];
    lose_their_phones(&post.app, vec![people[1], people[3]]).await;
    for (letter, name) in letters.iter().zip(["1", "2"]) {
        post.comes_back(name, letter, "failed", "5.1.1");
    }
    post.reads_mail().await;
    let stage = standing(&post.app, vec![people[1]]).await;
    assert_eq!(stage[0].0, "letter", "there is nothing else to reach them by");
    let eve = post.app.supervisor("Eve").await;
    let rows = |conn: &mut Conn| suppressions::table.select(suppressions::id).load::<i64>(conn);
    for id in post.app.in_database(rows).await {
        let lift = format!("/suppressions/{id}/lift");
        eve.sends(&lift, &[("why", "It was our DNS")]).await.is(303);
    }
    assert!(suppressed(&post.app).await.is_empty());
    assert_eq!(states(&post.app).await, ["failed", "failed", "sent", "sent"]);
    // Those whom nobody ever wrote to.
    let never = move |conn: &mut Conn| {
        diesel::delete(messages::table.filter(messages::case_id.eq_any([people[2], people[3]]))).execute(conn)
    };
    post.app.in_database(never).await;
    let stands = standing(&post.app, post.homes.iter().map(|home| home.people[0]).collect()).await;
    assert_eq!((&stands[0], &stands[1]), (&stands[2], &stands[3]));
    assert_eq!(would_get(&post.app, "apology").await, 4);
    eve.sends("/outages/april-15/messages/retry", &[("state", "failed")])
        .await
        .is(303);
    works_the_outbox(&post.app).await;
    assert_eq!(states(&post.app).await, ["sent", "sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reason_for_many_waits_for_a_supervisor_who_takes_all_of_it_back_in_one_act() {
    let post = Post::sent(45).await;
    all_come_back(&post, 0..40, HELO).await;
    let other = post.letter(44).await;
    post.comes_back("other", &other, "failed", "5.1.1");
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.doubted), (20, 21), "{found:?}");
    assert_eq!(suppressed(&post.app).await.len(), 20);
    let eve = post.app.supervisor("Eve").await;
    let told = "Many e-mails came back for one reason";
    eve.opens("/outages/april-15/board").await.says(told);
    let page = eve.opens("/outages/april-15/messages").await;
    let page = page
        .says(told)
        .says("5.1.1 we do not know you here")
        .says("21 e-mails wait");
    let act = page.between("/messages/diagnoses/", "\"").to_owned();
    let act = format!("/outages/april-15/messages/diagnoses/{act}");
    let ana = post.app.caller("Ana").await;
    ana.sends(&act, &[("believe", "yes")]).await.is(403);
    eve.sends(&act, &[("believe", "no")]).await.is(422);
    eve.sends(&act, &[("believe", "no"), ("why", "Our name was wrong")])
        .await
        .is(303);
    assert_eq!(suppressed(&post.app).await.len(), 1, "that is the other one");
    assert_eq!(would_get(&post.app, "apology").await, 40);
    let page = eve.opens("/outages/april-15/messages").await;
    assert!(!page.body.contains(told));
    all_come_back(&post, 41..43, HELO).await;
    let found = post.reads_mail().await;
    assert_eq!((found.hard, found.doubted), (0, 2), "nor is it believed later");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reason_for_many_is_believed_in_one_act() {
    let post = Post::sent(30).await;
    all_come_back(&post, 0..25, HELO).await;
    post.reads_mail().await;
    let eve = post.app.supervisor("Eve").await;
    let page = eve.opens("/outages/april-15/messages").await;
    let act = page.between("/messages/diagnoses/", "\"").to_owned();
    let act = format!("/outages/april-15/messages/diagnoses/{act}");
    eve.sends(&act, &[("believe", "yes")]).await.is(303);
    assert_eq!(suppressed(&post.app).await.len(), 25);
    assert_eq!(
        states(&post.app)
            .await
            .iter()
            .filter(|state| *state == "bounced")
            .count(),
        25
    );
    all_come_back(&post, 25..27, HELO).await;
    assert_eq!(post.reads_mail().await.hard, 2, "and from then on");
    let page = eve.opens("/suppressions").await;
    page.says("we do not know you here")
        .says("Lift all 27 with this reason");
    let one = |conn: &mut Conn| suppressions::table.select(suppressions::id).first::<i64>(conn);
    let one = post.app.in_database(one).await;
    let lift = [("why", "It was one server"), ("all", "yes")];
    eve.sends(&format!("/suppressions/{one}/lift"), &lift)
        .await
        .is(303);
    assert!(suppressed(&post.app).await.is_empty());
    assert_eq!(would_get(&post.app, "apology").await, 27);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_our_sender_costs_no_message_and_is_told_until_it_is_mended() {
    let refusals: [fn(&str) -> Option<&'static str>; 2] = [
        |line| line.starts_with("MAIL").then_some("550 5.7.1 sender refused"),
        |line| {
            line.starts_with("RCPT")
                .then_some("554 5.7.1 <x@mail.example>: Relay access denied")
        },
    ];
    for refuses in refusals {
        let relay = Relay::saying(refuses);
        let app = App::start_with(|flags| flags.smtp_url = Some(relay.url())).await;
        let queued = app.does(|office| {
            let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
            homes.add(office, 12, 1);
            office.send_campaign(homes.outage.id, "apology", &Audience::default(), None, false)
        });
        assert_eq!(queued.await.unwrap().queued, 12);
        let step = app.does(|office| {
            let outbox = Outbox::open(office)?;
            outbox.step()?;
            let rests = matches!(outbox.step()?, Step::Resting(_));
            outbox.close()?;
            Ok(rests)
        });
        assert!(step.await.unwrap(), "the whole outbox rests");
        assert!(states(&app).await.iter().all(|state| state == "queued"));
        let tries = |conn: &mut Conn| {
            messages::table
                .select(diesel::dsl::max(messages::tries))
                .first::<Option<i32>>(conn)
        };
        assert_eq!(app.in_database(tries).await, Some(0));
        let eve = app.supervisor("Eve").await;
        for page in ["messages", "board"] {
            let page = eve.opens(&format!("/outages/april-15/{page}")).await;
            page.says("E-mail does not go out").says("5.7.1");
        }
        let doctor = app
            .program()
            .env("MAKEGOOD_SMTP_URL", relay.url())
            .arg("doctor")
            .output()
            .unwrap();
        let told = String::from_utf8(doctor.stdout).unwrap();
        assert!(
            told.contains("no e-mail went out the last time") && told.contains("5.7.1"),
            "{told}"
        );
        relay.is_mended();
        app.clock.advance_seconds(600);
        works_the_outbox(&app).await;
        assert_eq!(relay.took().len(), 12);
        let page = eve.opens("/outages/april-15/messages").await;
        assert!(!page.body.contains("E-mail does not go out"));
    }
}

/// The same numbers in every run (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Something that happens to one of six people who can only be written to.
async fn happens(post: &Post, eve: &User, dice: &mut Dice) -> String {
    let home = dice.below(6);
    let letter = post.letter(home).await;
    let (by, id, address) = (eve.clone(), letter.id, letter.address.clone());
    let report = |lines: &str, whom: &str| {
        format!(
            "From: MAILER-DAEMON@r.example\nTo: <{}>\nSubject: Undelivered Mail\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; r.example\n\nFinal-Recipient: rfc822; {whom}\n{lines}\n\n--b--\n",
            letter.path
        )
    };
    let comes = |raw: String| {
        post.app
            .does(move |office| office.take_bounce(raw.as_bytes()).map(|_| ()))
    };
    let dead = "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown";
    let act = dice.below(9);
    let done = match act {
        0 | 1 => comes(report(dead, &address)).await,
        2 => comes(report("Action: failed\nStatus: 4.2.2", &address)).await,
        3 => comes(report(dead, "someone@else.example")).await,
        4 => comes(report("Action: delivered\nStatus: 2.0.0", &address)).await,
        5 | 6 => {
            let all = act == 6;
            let lifts = move |office: &Office| -> makegood::outreach::Result<()> {
                let found = office.find_suppressions(&address)?.suppressions;
                let standing = found.iter().find(|one| one.lifted_at.is_none());
                match standing {
                    Some(one) if all && one.diagnosis_id.is_some() => {
                        office.lift_all_alike(&by, one.id, "wrong")
                    }
                    Some(one) => office.lift_suppression(&by, one.id, "wrong"),
                    None => Ok(()),
                }
            };
            post.app.does(lifts).await
        }
        7 => {
            let again = move |office: &Office| -> makegood::outreach::Result<()> {
                let outage = office.outage_named("april-15")?;
                office.retry_message(outage.id, id).ok();
                office.send_campaign(outage.id, "could_not_reach", &Audience::default(), None, false)?;
                Ok(())
            };
            let again = post.app.does(again).await;
            works_the_outbox(&post.app).await;
            again
        }
        _ => {
            let settled = move |office: &Office| {
                office.settle_uncertain(id, Decision::CountAsSent).ok();
                Ok(())
            };
            post.app.does(settled).await
        }
    };
    done.unwrap();
    format!("{act} to {home}")
}

/// Of each of these: the stage, whether a letter arrived as far as anybody knows, and whether their address is dead or
/// suppressed.
async fn known(app: &App, people: &[CaseId]) -> Vec<(String, bool, bool)> {
    let mut known = Vec::new();
    for id in people.iter().copied() {
        let one = move |conn: &mut Conn| -> QueryResult<_> {
            let (stage, email): (String, Option<String>) = cases::table
                .find(id)
                .select((cases::stage, cases::email))
                .first(conn)?;
            let states: Vec<String> = messages::table
                .filter(messages::case_id.eq(id))
                .select(messages::state)
                .load(conn)?;
            let standing = suppressions::table.filter(suppressions::lifted_at.is_null());
            let held: i64 = standing
                .filter(suppressions::value.eq(email.unwrap()))
                .count()
                .get_result(conn)?;
            let is = |state: &str| states.iter().any(|one| one == state);
            Ok((stage, is("sent"), is("bounced") || held > 0))
        };
        known.push(app.in_database(one).await);
    }
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn no_case_is_closed_by_a_letter_that_nobody_got_or_by_a_verdict_that_was_taken_back() {
    for seed in 0..6 {
        let post = Post::sent(6).await;
        post.app.supervisor("Eve").await;
        let found = post.app.does(|office| Ok(office.accounts()?.remove(0)));
        let eve = found.await.unwrap();
        let people: Vec<CaseId> = post.homes.iter().map(|home| home.people[0]).collect();
        lose_their_phones(&post.app, people.clone()).await;
        let (mut dice, mut happened, mut folded) = (Dice(seed), Vec::new(), [false; 6]);
        for _ in 0..30 {
            happened.push(happens(&post, &eve, &mut dice).await);
            for (at, (stage, arrived, dead)) in known(&post.app, &people).await.into_iter().enumerate() {
                folded[at] |= dead || !arrived;
                if !folded[at] {
                    continue; // nothing has happened to them since they lost their phone
                }
                let expected = match (arrived, dead) {
                    (true, _) => "closed",
                    (false, true) => "letter",
                    (false, false) => "email",
                };
                assert_eq!(stage, expected, "{seed}: person {at} after {happened:?}");
            }
        }
        let lifts = move |office: &Office| -> makegood::outreach::Result<()> {
            for one in office.suppressions(0, 100)?.suppressions {
                if one.lifted_at.is_none() {
                    office.lift_suppression(&eve, one.id, "all of it")?;
                }
            }
            Ok(())
        };
        post.app.does(lifts).await.unwrap();
        for (stage, arrived, dead) in known(&post.app, &people).await {
            assert!(
                !dead && (arrived || stage == "email"),
                "{seed}: {stage} after {happened:?}"
            );
        }
    }
}
