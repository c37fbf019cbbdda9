//! Writing to many: in waves, before anybody calls, and stopped at any time.

use crate::harness::{App, Home, Homes};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::domain::ids::{CampaignId, CaseId, OutageId};
use makegood::outreach::Office;
use makegood::outreach::campaign::{CampaignReport, Wave};
use makegood::outreach::claim::Claimed;
use makegood::outreach::outbox::{Outbox, Step};
use makegood::schema::{cases, households, messages};
use makegood::store::queue;
use std::time::{Duration, Instant};

/// An office with an outage and people who can be written to and called.
struct Mailing {
    app: App,
    homes: Vec<Home>,
    outage: OutageId,
}

impl Mailing {
    async fn to(households: i64) -> Self {
        Self::at_a_rate(households, 50).await
    }

    /// So many e-mails a second.
    async fn at_a_rate(households: i64, each_second: u32) -> Self {
        let app = App::start_with(|flags| flags.mail_rate = Some(each_second.to_string())).await;
        let made = app.does(move |office| {
            let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
            let added = homes.add(office, households, 1);
            Ok((added, homes.outage.id))
        });
        let (homes, outage) = made.await.unwrap();
        Self { app, homes, outage }
    }

    async fn sends(&self, hold_hours: Option<u16>, at_most: Option<i64>) -> CampaignReport {
        let outage = self.outage;
        let wave = Wave {
            template: "apology".to_owned(),
            hold_hours,
            at_most,
            ..Wave::default()
        };
        let sent = self
            .app
            .does(move |office| office.send_wave(outage, &wave, None, false));
        sent.await.unwrap()
    }

    async fn works_the_outbox(&self) {
        let worked = self.app.does(|office| {
            let outbox = Outbox::open(office)?;
            while let Step::Worked(_) = outbox.step()? {}
            outbox.close()
        });
        worked.await.unwrap();
    }

    /// Whether somebody can be called now.
    async fn has_a_call(&self) -> bool {
        let outage = self.outage;
        let claimed = self.app.does(move |office: &Office| {
            let caller = office.accounts()?.into_iter().next().unwrap();
            let claimed = office.claim_next(&caller, outage)?;
            if let Claimed::New(claim) | Claimed::Same(claim) = &claimed {
                office.release_claim(&caller, claim.id)?;
            }
            Ok(matches!(claimed, Claimed::New(_) | Claimed::Same(_)))
        });
        claimed.await.unwrap()
    }

    async fn states(&self) -> Vec<String> {
        self.app
            .in_database(|conn| {
                messages::table
                    .order(messages::id)
                    .select(messages::state)
                    .load(conn)
            })
            .await
    }

    async fn message_of(&self, case: CaseId) -> i64 {
        self.app
            .in_database(move |conn| {
                let of_case = messages::table.filter(messages::case_id.eq(case));
                of_case.select(messages::id).first(conn)
            })
            .await
    }

    async fn stops(&self, id: CampaignId) -> usize {
        let outage = self.outage;
        self.app
            .does(move |office| office.stop_campaign(outage, id))
            .await
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_first_and_calls_wait_until_it_had_its_time() {
    let post = Mailing::to(2).await;
    let _ana = post.app.caller("Ana").await;
    assert!(post.has_a_call().await);
    assert_eq!(post.sends(Some(24), None).await.queued, 2);
    assert!(!post.has_a_call().await, "everybody was written to first");
    post.works_the_outbox().await;
    assert!(!post.has_a_call().await, "the e-mail needs its time");
    let dead = post.message_of(post.homes[1].people[0]).await;
    post.app
        .does(move |office| office.note_bounce(dead, "5.1.1 no such user"))
        .await
        .unwrap();
    assert!(
        post.has_a_call().await,
        "who cannot be written to is called at once"
    );
    post.app.clock.advance_seconds(25 * 3600);
    assert!(post.has_a_call().await);
    let due = post
        .app
        .in_database(|conn| {
            cases::table
                .filter(cases::stage.eq("new"))
                .count()
                .get_result::<i64>(conn)
        })
        .await;
    assert_eq!(due, 2, "nobody was forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_help_by_link_does_not_wait_for_the_hold() {
    let post = Mailing::to(1).await;
    let _ana = post.app.caller("Ana").await;
    post.sends(Some(24), None).await;
    assert!(!post.has_a_call().await);
    let case = post.homes[0].people[0];
    let url = post.app.office.citizen_link(case, post.app.office.now());
    let link = url.strip_prefix(&post.app.office.base_url()).unwrap();
    let citizen = post.app.stranger();
    let slot = citizen.opens(link).await.field("slot");
    citizen
        .sends_as_it_is(link, &[("choice", "call_me"), ("slot", &slot)])
        .await
        .is(303);
    post.app.clock.advance_seconds(12 * 3600);
    assert!(post.has_a_call().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_campaign_sends_nothing_more_and_holds_nobody() {
    let post = Mailing::to(3).await;
    let _ana = post.app.caller("Ana").await;
    let id = post.sends(Some(24), None).await.campaign.unwrap();
    let outage = post.outage;
    post.app
        .does(move |office| office.pause_campaign(outage, id, true))
        .await
        .unwrap();
    post.works_the_outbox().await;
    assert_eq!(post.states().await, ["queued"; 3]);
    assert_eq!(post.stops(id).await, 3);
    post.works_the_outbox().await;
    assert_eq!(post.states().await, ["withdrawn"; 3]);
    assert!(post.has_a_call().await);
    let again = post
        .app
        .does(move |office| office.pause_campaign(outage, id, false))
        .await;
    assert!(again.unwrap_err().to_string().contains("was stopped"));
    assert_eq!(post.sends(None, None).await.queued, 3, "a new one reaches them");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_or_held_does_not_go_out_although_its_sender_has_taken_it_up_already() {
    for (stops, left) in [(true, "withdrawn"), (false, "queued")] {
        let post = Mailing::at_a_rate(12, 6).await; // two seconds' worth is taken up at once
        let id = post.sends(None, None).await.campaign.unwrap();
        let outage = post.outage;
        let steers = async {
            while !post.states().await.contains(&"sent".to_owned()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let steered = post.app.does(move |office| match stops {
                true => office.stop_campaign(outage, id).map(drop),
                false => office.pause_campaign(outage, id, true),
            });
            steered.await.unwrap();
        };
        tokio::join!(steers, post.works_the_outbox());
        let states = post.states().await;
        let stayed = states.iter().filter(|state| *state == left).count();
        let sent = states.iter().filter(|state| *state == "sent").count();
        assert!(stayed > 0 && stayed + sent == 12, "{states:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_case_changes_while_their_e_mail_goes_out_is_looked_at_again() {
    let post = Mailing::to(1).await;
    post.sends(None, None).await;
    let (begins, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let somebody_else = post.app.in_database(move |conn| {
        let homes = households::table.select(households::id).load(conn)?;
        queue::lock_all(conn, &homes)?;
        begins.send(()).unwrap();
        if let Conn::Postgres(_) = conn {
            wait_until_it_is_sent(conn)?; // on SQLite one writes at a time: this one first
        }
        diesel::update(cases::table)
            .set(cases::stage.eq("email"))
            .execute(conn)
    });
    let the_outbox = async {
        begun.recv().await.unwrap();
        post.works_the_outbox().await;
    };
    tokio::join!(somebody_else, the_outbox);
    assert_eq!(post.states().await, ["sent"]);
    let stages: Vec<String> = post
        .app
        .in_database(|conn| cases::table.select(cases::stage).load(conn))
        .await;
    assert_eq!(stages, ["new"], "nobody waits for an e-mail that went out");
}

fn wait_until_it_is_sent(conn: &mut Conn) -> QueryResult<()> {
    let begun = Instant::now();
    let is_sent = messages::state.eq("sent").and(messages::lease.is_null());
    while messages::table.filter(is_sent).count().get_result::<i64>(conn)? == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "an e-mail waits for a case"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn waves_take_the_next_ones_and_nobody_twice() {
    let post = Mailing::to(5).await;
    let first = post.sends(None, Some(2)).await;
    assert_eq!((first.queued, first.left_out.later), (2, 3));
    let second = post.sends(None, Some(2)).await;
    assert_eq!(
        (
            second.queued,
            second.left_out.already_written,
            second.left_out.later
        ),
        (2, 2, 1)
    );
    let third = post.sends(None, None).await;
    assert_eq!((third.queued, third.left_out.already_written), (1, 4));
    post.works_the_outbox().await;
    assert_eq!(post.states().await, ["sent"; 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suppressed_or_done_after_the_count_is_left_out_at_sending() {
    let post = Mailing::to(3).await;
    let eve = post.app.supervisor("Eve").await;
    post.sends(None, None).await;
    let whom = format!("case {}", post.homes[0].people[0]);
    eve.sends("/suppressions", &[("whom", &whom), ("why", "asked us")])
        .await
        .is(303);
    let case = post.homes[1].people[0];
    let url = post.app.office.citizen_link(case, post.app.office.now());
    let link = url.strip_prefix(&post.app.office.base_url()).unwrap();
    post.app
        .stranger()
        .sends_as_it_is(link, &[("choice", "have_paid")])
        .await
        .is(303);
    post.works_the_outbox().await;
    assert_eq!(post.states().await, ["suppressed", "withdrawn", "sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_counts_sends_holds_and_stops_in_the_browser() {
    let post = Mailing::to(3).await;
    let eve = post.app.supervisor("Eve").await;
    let base = "/outages/april-15/messages";
    eve.opens(&format!(
        "{base}/send?template=apology&only=everyone&hold=24&most=2"
    ))
    .await
    .is(200)
    .says("Send 2 e-mails")
    .says("In the next wave");
    let wave = [
        ("template", "apology"),
        ("only", "everyone"),
        ("hold", "24"),
        ("most", "2"),
    ];
    eve.counts_and_sends(&format!("{base}/send"), &wave).await.is(303);
    eve.opens(base)
        .await
        .is(200)
        .says("0 of 2 sent, 2 waiting. Calls wait until");
    let id: Option<i64> = post
        .app
        .in_database(|conn| messages::table.select(messages::campaign_id).first(conn))
        .await;
    let steer = format!("{base}/campaigns/{}", id.unwrap());
    eve.sends(&steer, &[("to", "paused")]).await.is(303);
    eve.opens(base).await.says("on hold");
    eve.sends(&steer, &[("to", "stopped")]).await.is(303);
    eve.opens(base).await.says("stopped");
    assert_eq!(post.states().await, ["withdrawn"; 2]);
    eve.sends(&steer, &[("to", "running")]).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_send_the_same_at_once_write_to_nobody_twice() {
    let post = Mailing::to(250).await;
    let (first, second) = tokio::join!(post.sends(None, None), post.sends(None, None));
    assert_eq!(first.queued + second.queued, 250);
    assert_eq!(
        first.left_out.already_written + second.left_out.already_written,
        250
    );
    assert_eq!(post.states().await.len(), 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_first_name_or_another_language_is_counted_before_sending() {
    let post = Mailing::to(3).await;
    let (unnamed, vietnamese) = (post.homes[0].people[0], post.homes[1].people[0]);
    post.app
        .in_database(move |conn| {
            diesel::update(cases::table.find(unnamed))
                .set(cases::given_name.eq(""))
                .execute(conn)?;
            diesel::update(cases::table.find(vietnamese))
                .set(cases::language.eq("vi"))
                .execute(conn)
        })
        .await;
    let report = post.sends(None, None).await;
    assert_eq!((report.queued, report.unnamed, report.other_language), (3, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_that_broke_off_goes_on_by_itself_and_writes_to_nobody_twice() {
    let post = Mailing::to(450).await;
    let report = post.sends(None, Some(400)).await;
    assert_eq!(
        (report.queued, report.left_out.later, report.goes_on),
        (400, 50, false)
    );
    let id = report.campaign.unwrap();
    // As if the server had died after the first two hundred.
    post.app
        .in_database(move |conn| {
            use makegood::schema::campaigns;
            let first: Vec<CaseId> = cases::table.order(cases::id).limit(200).select(cases::id).load(conn)?;
            diesel::delete(messages::table.filter(messages::case_id.ne_all(&first))).execute(conn)?;
            let report = r#"{"queued":200,"unnamed":0,"other_language":0,"left_out":{"resolved":0,"other_audience":0,
                "no_email":0,"suppressed":0,"needs_supervisor":0,"already_written":0,"later":0},"campaign":null}"#;
            diesel::update(campaigns::table.find(id))
                .set((
                    campaigns::chosen_up_to.eq(first.last().copied()),
                    campaigns::report.eq(report),
                ))
                .execute(conn)
        })
        .await;
    let broken_off = || post.app.does(|office: &Office| office.broken_off_mailing());
    assert_eq!(
        broken_off().await.unwrap(),
        None,
        "whoever began it may be at it still"
    );
    post.app.clock.advance_seconds(60);
    assert_eq!(broken_off().await.unwrap(), Some(id));
    post.app
        .does(move |office| {
            while office.choose_some(id)? {}
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(
        post.states().await.len(),
        400,
        "no more than was wished for, and nobody twice"
    );
    assert_eq!(broken_off().await.unwrap(), None);
}
