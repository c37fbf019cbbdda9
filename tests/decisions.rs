//! What a supervisor does beside the calls: decides about cases, sends letters, notes remedies, stops all
//! calls, takes records out.

use crate::harness::{App, Home, Homes, Person};
use diesel::prelude::*;
use makegood::schema::cases;

const BASE: &str = "/outages/april-15";

/// An outage with so many households of one person each, and a supervisor.
async fn evening(app: &App, households: i64) -> (Person, Vec<Home>) {
    let eve = app.supervisor("Eve").await;
    let added = app.does(move |office| {
        let mut homes = Homes::of_outage(office, "april-15", "00:00-24:00");
        Ok(homes.add(office, households, 1))
    });
    (eve, added.await.unwrap())
}

async fn decides(eve: &Person, home: &Home, verdict: &str) {
    let case = home.people[0];
    let said = [("verdict", verdict), ("note", "Spoke with the family.")];
    eve.sends(&format!("/cases/{case}/decisions"), &said)
        .await
        .is(303);
}

/// Where the first form of the page leads in whose address this stands.
fn form_to(body: &str, part: &str) -> String {
    let actions = body.split("action=\"").skip(1);
    let mut actions = actions.map(|rest| rest.split('"').next().unwrap());
    actions.find(|action| action.contains(part)).unwrap().to_owned()
}

#[tokio::test]
async fn a_supervisor_closes_a_case_and_takes_it_back() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 2).await;
    let page = format!("/cases/{}", homes[0].people[0]);
    decides(&eve, &homes[0], "declined").await;
    let closed = eve.opens(&page).await.is(200);
    let closed = closed
        .says("Why it is closed")
        .says("Decided: close: declined")
        .says("Spoke with the family.");
    let ana = app.caller("Ana").await;
    ana.sends(&format!("{BASE}/desk/claim"), &[]).await.is(303);
    ana.opens(&format!("{BASE}/desk"))
        .await
        .is(200)
        .says(&format!("tel:{}", homes[1].phone));
    eve.sends(&form_to(&closed.body, "/decisions/"), &[])
        .await
        .is(303);
    eve.opens(&page)
        .await
        .is(200)
        .says("What comes next")
        .says("Taken back")
        .says("taken back by Eve");
    eve.sends(&form_to(&closed.body, "/decisions/"), &[])
        .await
        .is(409);
}

#[tokio::test]
async fn a_decision_says_what_is_missing_and_refuses_card_numbers() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 1).await;
    let decisions = format!("/cases/{}/decisions", homes[0].people[0]);
    eve.sends(&decisions, &[("verdict", ""), ("note", "Why not")])
        .await
        .is(422)
        .says("Choose what becomes of the case.")
        .says("Why not");
    eve.sends(
        &decisions,
        &[("verdict", "declined"), ("note", "Card 4111 1111 1111 1111")],
    )
    .await
    .is(422)
    .says("card number")
    .says("value=\"declined\" selected");
    eve.sends(&decisions, &[("verdict", "letter_sent"), ("note", "")])
        .await
        .is(422)
        .says("Choose one of: call_again");
    let ana = app.caller("Ana").await;
    ana.sends(&decisions, &[("verdict", "declined"), ("note", "")])
        .await
        .is(403);
}

#[tokio::test]
async fn who_is_written_to_without_an_address_gets_a_letter_that_can_be_taken_back() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 3).await;
    app.in_database(|conn| {
        let nobody = cases::email.eq(None::<String>);
        diesel::update(cases::table).set(nobody).execute(conn)
    })
    .await;
    let letters = format!("{BASE}/letters");
    eve.opens(&letters).await.is(200).says("No letters");
    for home in &homes {
        decides(&eve, home, "write").await;
    }
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("3 letters are to be sent");
    eve.opens(&letters)
        .await
        .is(200)
        .says("3 letters have to be sent");
    let first = homes[0].people[0].to_string();
    eve.sends(&letters, &[("case", &first)]).await.is(303);
    eve.opens(&letters)
        .await
        .is(200)
        .says("2 letters have to be sent");
    let shown: Vec<String> = homes.iter().map(|home| home.people[0].to_string()).collect();
    let all: Vec<(&str, &str)> = [("which", "all")]
        .into_iter()
        .chain(shown.iter().map(|case| ("shown", case.as_str())))
        .collect();
    eve.sends(&letters, &all).await.is(303);
    eve.opens(&letters)
        .await
        .is(200)
        .says("0 letters have to be sent");
    let page = format!("/cases/{first}");
    let closed = eve.opens(&page).await.is(200).says("Letter sent");
    eve.sends(&form_to(&closed.body, "/letters/"), &[]).await.is(303);
    eve.opens(&letters).await.is(200).says("1 letter has to be sent");
}

#[tokio::test]
async fn a_household_skipped_five_times_waits_for_the_supervisor_with_the_reasons() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 1).await;
    let ana = app.caller("Ana").await;
    let desk = format!("{BASE}/desk");
    ana.sends(&format!("{desk}/claim"), &[]).await.is(303);
    for skipped in 1..=5 {
        let call = ana.opens(&desk).await.is(200);
        let action = form_to(&call.body, "/outcome");
        ana.sends(&action, &[("go", "skip"), ("key", "k")])
            .await
            .is(200)
            .says("Why skip this call?");
        let why = [
            ("chosen", "skip"),
            ("go", "save"),
            ("key", "k"),
            ("skip_reason", "know_them"),
        ];
        let next = ana.sends(&action, &why).await;
        assert_eq!(next.status, if skipped < 5 { 303 } else { 200 }, "{skipped}");
    }
    let case = homes[0].people[0];
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("1 case is for a supervisor");
    eve.opens(&format!("{BASE}/cases?stage=needs_supervisor"))
        .await
        .is(200)
        .says(&format!("href=\"/cases/{case}\""));
    eve.opens(&format!("/cases/{case}"))
        .await
        .is(200)
        .says("Skipped")
        .says("I know them");
    decides(&eve, &homes[0], "call_again").await;
    ana.sends(&format!("{desk}/claim"), &[]).await.is(303);
    ana.opens(&desk)
        .await
        .is(200)
        .says(&format!("tel:{}", homes[0].phone));
}

#[tokio::test]
async fn all_calls_stop_at_once_and_go_on() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 1).await;
    let ana = app.caller("Ana").await;
    let (board, calls, desk) = (
        format!("{BASE}/board"),
        format!("{BASE}/calls"),
        format!("{BASE}/desk"),
    );
    eve.sends(&calls, &[("stop", "yes")]).await.is(303);
    eve.opens(&board)
        .await
        .is(200)
        .says("All calls are stopped")
        .says("Let calls go on");
    ana.sends(&format!("{desk}/claim"), &[]).await.is(303);
    let stopped = ana.opens(&desk).await.is(200);
    assert!(!stopped.body.contains("tel:"), "nobody is given out");
    ana.sends(&calls, &[("stop", "no")]).await.is(403);
    eve.sends(&calls, &[("stop", "no")]).await.is(303);
    eve.opens(&board).await.is(200).says("Stop all calls");
    ana.sends(&format!("{desk}/claim"), &[]).await.is(303);
    ana.opens(&desk)
        .await
        .is(200)
        .says(&format!("tel:{}", homes[0].phone));
}

#[tokio::test]
async fn what_is_owed_is_ticked_on_the_case_and_exported_for_billing() {
    let app = App::start().await;
    let (eve, homes) = evening(&app, 1).await;
    let case = homes[0].people[0];
    let remedies = format!("/cases/{case}/remedies");
    let both = [("remedy", "penalty_waived"), ("remedy", "fee_refunded")];
    eve.sends(&remedies, &both).await.is(303);
    eve.sends(&remedies, &[("remedy", "fee_refunded")]).await.is(303);
    let csv = eve.opens(&format!("{BASE}/exports/remedies.csv")).await.is(200);
    let rows: Vec<&str> = csv.body.lines().collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(
        rows[0],
        "case_id,account_id,given_name,family_name,remedy,noted_at,noted_by"
    );
    assert!(rows[1].starts_with(&format!("{case},")) && rows[1].contains(",fee_refunded,"));
    assert!(rows[1].ends_with(",eve@agency.example"));
}

#[tokio::test]
async fn every_export_is_offered_and_opens_in_a_spreadsheet() {
    let app = App::start().await;
    let (eve, _) = evening(&app, 3).await;
    let exports = eve.opens(&format!("{BASE}/exports")).await.is(200);
    for what in ["cases", "attempts", "messages", "remedies", "letters"] {
        for format in ["csv", "xlsx", "ndjson"] {
            let href = format!("{BASE}/exports/{what}.{format}");
            exports.body.find(&href).expect(&href);
            let file = eve.opens(&href).await.is(200);
            assert!(
                file.header("content-disposition")
                    .contains(&format!("april-15-{what}.{format}"))
            );
        }
    }
    eve.opens(&format!("{BASE}/exports/passwords.csv")).await.is(404);
    let ana = app.caller("Ana").await;
    ana.opens(&format!("{BASE}/exports/cases.csv")).await.is(403);
}

#[tokio::test]
async fn a_workbook_has_what_the_csv_has() {
    use calamine::{Data, Reader, Xlsx};
    let app = App::start().await;
    let (eve, _) = evening(&app, 3).await;
    let request = eve.request(reqwest::Method::GET, &format!("{BASE}/exports/cases.xlsx"));
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let csv = eve.opens(&format!("{BASE}/exports/cases.csv")).await.is(200);
    let head: Vec<String> = sheet
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(head.join(","), csv.body.lines().next().unwrap());
    assert_eq!(sheet.rows().count(), csv.body.lines().count());
    let phone = head.iter().position(|name| name == "phone").unwrap();
    let second = sheet.rows().nth(1).unwrap();
    assert!(
        matches!(&second[phone], Data::String(phone) if phone.starts_with("+1")),
        "a number stays text"
    );
    assert!(matches!(second[0], Data::Float(_)), "an id is a number");
}
