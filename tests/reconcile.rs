//! An evening in which people pay while they are being called: the supervisor reconciles in the
//! browser, without JavaScript, and takes it back.

use crate::harness::{App, Person};
use crate::imports::data;
use crate::supervisor::{chosen_columns, outage};
use makegood::domain::timestamp::Timestamp;
use makegood::outreach::claim::Claimed;
use makegood::outreach::import::ImportOptions;
use makegood::outreach::record::Happened;
use makegood::store::claims::Claim;
use makegood::store::households;

const BASE: &str = "/outages/april-15";

/// The outage of the small file, with its failed payments imported.
async fn evening(app: &App) -> Person {
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    app.does(|office| {
        let april = office.outage_named("april-15")?;
        let options = ImportOptions::default();
        office.import_file(april.id, &data("small.csv"), &options, &mut |_| {})
    })
    .await
    .unwrap();
    eve
}

/// The file of successes, up to its check; answers the import's address.
async fn checked(eve: &Person) -> String {
    let content = std::fs::read(data("small.successes.csv")).unwrap();
    eve.opens(&format!("{BASE}/reconciliations/new"))
        .await
        .is(200)
        .says("Upload the successful payments");
    let upload = format!("{BASE}/reconciliations");
    let columns = eve.uploads(&upload, "paid.csv", content).await.is(303);
    let columns = columns.leads_to().to_owned();
    let page = eve
        .opens(&columns)
        .await
        .is(200)
        .says("How a payment finds its citizen");
    let chosen = chosen_columns(&page);
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let import = eve.sends(&columns, &chosen).await.is(303).leads_to().to_owned();
    for _ in 0..200 {
        if eve.opens(&import).await.status == 303 {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the file is not read after ten seconds");
}

/// A caller takes the household of a number.
async fn takes(app: &App, who: &Person, phone: &'static str) -> Claim {
    let email = who.email.clone();
    app.does(move |office| {
        let caller = office.account(&email)?;
        let april = office.outage_named("april-15")?;
        let households = office
            .db
            .read(|conn| households::of_phones(conn, april.id, &[phone]))?;
        office.claim_household(&caller, households[0].1)
    })
    .await
    .unwrap()
}

async fn records(app: &App, who: &Person, claim: &Claim, outcome: &str, callback_at: Option<Timestamp>) {
    let (email, claim) = (who.email.clone(), claim.id);
    let happened = Happened {
        outcome: outcome.into(),
        callback_at,
        ..Happened::default()
    };
    app.does(move |office| {
        let caller = office.account(&email)?;
        office.record(&caller, claim, &format!("{claim}"), &happened)
    })
    .await
    .unwrap();
}

/// How many promises are open and how many e-mails wait to be sent.
async fn owed(app: &App) -> (usize, usize) {
    app.does(|office| {
        let april = office.outage_named("april-15")?;
        office.db.read(|conn| {
            use makegood::domain::message::MessageState;
            use makegood::store::{callbacks, messages};
            let promises = callbacks::open(conn, april.id, None, 100)?.len();
            let waiting = messages::in_state(conn, april.id, MessageState::Queued, 100)?.len();
            Ok((promises, waiting))
        })
    })
    .await
    .unwrap()
}

/// The address of the case of an account.
async fn case_of(app: &App, key: &'static str) -> String {
    let id = app
        .does(move |office| {
            let april = office.outage_named("april-15")?;
            let known = office
                .db
                .read(|conn| makegood::store::staging::with_keys(conn, april.id, &[key]))?;
            Ok(known[0].id)
        })
        .await
        .unwrap();
    format!("/cases/{id}")
}

#[actix_web::test]
async fn who_has_paid_leaves_every_desk_and_comes_back_when_it_is_taken_back() {
    let app = App::start().await;
    let eve = evening(&app).await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    let promised = takes(&app, &ben, "+17195550114").await; // Max Born
    let tomorrow = app.office.now().plus_hours(20);
    records(&app, &ben, &promised, "call_back", Some(tomorrow)).await;
    let rung = takes(&app, &ben, "+17195550103").await; // Pat Guest
    records(&app, &ben, &rung, "voicemail", None).await;
    let in_hand = takes(&app, &ana, "+17205550102").await; // Mei-Ling Chen
    assert_eq!(owed(&app).await, (1, 1));

    let import = checked(&eve).await;
    eve.opens(&format!("{import}/check"))
        .await
        .is(200)
        .says("9 + 1 + 1 + 2 + 1 + 1 = 15")
        .says("Close 9 cases as paid")
        .says("Nora Never");
    eve.opens(&format!("{import}/check?reason=ambiguous"))
        .await
        .is(200)
        .says("novak.home@example.org");
    let file = eve.opens(&format!("{import}/payments.csv")).await.is(200);
    assert_eq!(file.body.lines().count(), 5, "{}", file.body);
    assert_eq!(owed(&app).await, (1, 1), "nothing counts before the yes");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    eve.opens(&import).await.is(200).says("9 citizens have paid");

    let notices = format!("{BASE}/desk/notices?claim={}", in_hand.id);
    ana.opens(&notices).await.is(200).says("No need to call Mei-Ling");
    assert_eq!(owed(&app).await, (0, 0));
    let max = case_of(&app, "A:T-1000012").await;
    eve.opens(&max)
        .await
        .is(200)
        .says("Later payments")
        .says("By account")
        .says("CNF001067")
        .says("paid.csv, line 15");
    eve.opens(&format!("{BASE}/imports"))
        .await
        .is(200)
        .says("Successful payments")
        .says("Failed payments");

    eve.opens(&format!("{import}/undo"))
        .await
        .is(200)
        .says("9 citizens go");
    eve.sends(&format!("{import}/undo"), &[]).await.is(303);
    assert_eq!(owed(&app).await, (1, 1), "what was promised counts again");
    let page = eve.opens(&max).await.is(200).says("Callback booked");
    assert!(!page.body.contains("Later payments"));
    let again = ana.opens(&notices).await.is(200);
    assert!(!again.body.contains("No need to call"), "{}", again.body);
}

#[actix_web::test]
async fn nobody_is_handed_out_whose_payment_was_found_a_moment_ago() {
    let app = App::start().await;
    let eve = evening(&app).await;
    let ana = app.caller("Ana").await;
    let import = checked(&eve).await;
    // The instant after publishing, before a single case is folded again.
    let id: i64 = import.rsplit('/').next().unwrap().parse().unwrap();
    let email = ana.email.clone();
    let called = app
        .does(move |office| {
            use makegood::domain::import::ImportState;
            let (now, april) = (office.now(), office.outage_named("april-15")?);
            office.db.write(|conn| {
                makegood::store::imports::advance(conn, id, ImportState::Checked, ImportState::Published)?;
                makegood::store::imports::set_published(conn, id, now)
            })?;
            let caller = office.account(&email)?;
            let mut called = std::collections::BTreeMap::new();
            for _ in 0..100 {
                let Claimed::New(claim) = office.claim_next(&caller, april.id)? else {
                    break;
                };
                let view = office.claim_view(&caller, claim.id)?;
                let open = view.cases.iter().filter(|(case, _)| case.stage != "closed");
                called.insert(claim.household_id, open.count());
                office.skip(
                    &caller,
                    claim.id,
                    makegood::domain::skip_reason::SkipReason::ALL[0],
                )?; // it comes back after all others
            }
            Ok(called)
        })
        .await
        .unwrap();
    assert_eq!(called.len(), 17, "households with somebody unpaid");
    assert!(called.values().all(|open| *open > 0), "{called:?}");
}
