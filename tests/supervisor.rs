//! A supervisor's way through the pages, without JavaScript: outage, import, lists, board, e-mail, accounts.

use crate::harness::{App, Page, Person};
use crate::imports::data;

const BASE: &str = "/outages/april-15";

pub async fn outage(eve: &Person) {
    let made = eve
        .sends(
            "/outages",
            &[
                ("name", "April 15 payment outage"),
                ("slug", "april-15"),
                ("start", "2026-04-15T18:40"),
                ("end", "2026-04-15T19:00"),
                ("tz", "America/Denver"),
                ("calling_from", "00:00"),
                ("calling_until", "23:59"),
                ("account_format", "T-0000000"),
                ("pool_open", "yes"),
            ],
        )
        .await
        .is(303);
    assert_eq!(made.leads_to(), format!("{BASE}/imports/new"));
}

/// The choices that stand on the page, as a browser would send them.
pub fn chosen_columns(page: &Page) -> Vec<(String, String)> {
    let selects = page.body.split("<select").skip(1);
    selects
        .map(|select| {
            let name = select.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
            let chosen = select.split("\" selected").next().unwrap();
            let value = chosen.rsplit("value=\"").next().unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

async fn checked(eve: &Person) -> String {
    let content = std::fs::read(data("small.csv")).unwrap();
    let columns = eve
        .uploads(&format!("{BASE}/imports"), "small.csv", content)
        .await
        .is(303);
    let columns = columns.leads_to().to_owned();
    let page = eve
        .opens(&columns)
        .await
        .is(200)
        .says("Match the columns")
        .says("How row 1 will look");
    let chosen = chosen_columns(&page);
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let import = eve.sends(&columns, &chosen).await.is(303);
    let import = import.leads_to().to_owned();
    for _ in 0..200 {
        let stands = eve.opens(&import).await;
        if stands.status == 303 {
            assert_eq!(stands.leads_to(), format!("{import}/check"));
            return import;
        }
        stands.is(200).says("Reading small.csv");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the file is not read after ten seconds");
}

async fn published(eve: &Person) -> String {
    outage(eve).await;
    let import = checked(eve).await;
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
    import
}

#[actix_web::test]
async fn every_row_is_accounted_for_before_anything_counts() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("No failed payments yet");
    let import = checked(&eve).await;
    let check = eve.opens(&format!("{import}/check")).await.is(200);
    let check = check
        .says("46 + 3 + 4 + 4 = 57")
        .says("Import and make 21 calls")
        .says("People whose payment failed")
        .says("name=\"seen_calls\" value=\"21\"");
    check.says("1 before it began, 3 after it ended");
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("No failed payments yet");
    let rejects = eve.opens(&format!("{import}/rejects.csv")).await.is(200);
    assert_eq!(
        rejects
            .body
            .lines()
            .next()
            .unwrap()
            .split(',')
            .take(2)
            .collect::<Vec<_>>(),
        ["line", "reason"]
    );
    // Confirmed with another number than the page says, nothing happens and the page asks.
    eve.sends(&format!("{import}/publish"), &[("seen_calls", "20")])
        .await
        .is(409)
        .says("The count changed while you looked");
    eve.opens(&format!("{BASE}/board"))
        .await
        .says("No failed payments yet");
    eve.sends(
        &format!("{import}/publish"),
        &[("seen_calls", "21"), ("seen_people", "29")],
    )
    .await
    .is(303);
    eve.opens(&import)
        .await
        .is(200)
        .says("Undo this import")
        .says("21 calls are ready");
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("Where the 29 citizens are");
}

#[actix_web::test]
async fn the_same_file_again_changes_nothing_and_says_so() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let import = published(&eve).await;
    let content = std::fs::read(data("small.csv")).unwrap();
    let again = eve
        .uploads(&format!("{BASE}/imports"), "again.csv", content)
        .await
        .is(303);
    assert_eq!(again.leads_to(), format!("{import}?again=yes"));
    eve.opens(again.leads_to())
        .await
        .is(200)
        .says("Nothing was changed")
        .says("usa-alert--info");
    eve.sends(&format!("{import}/undo"), &[]).await.is(303);
    let page = eve.opens(&import).await.is(200); // on a busy machine it may still be at it
    assert!(page.body.contains("Nothing of it counts") || page.body.contains("does not count any more"));
    eve.opens(&format!("{BASE}/board"))
        .await
        .is(200)
        .says("No failed payments yet");
}

#[actix_web::test]
async fn a_wrong_file_is_refused_where_it_was_chosen() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let upload = format!("{BASE}/imports");
    eve.uploads(&upload, "", Vec::new())
        .await
        .is(422)
        .says("Choose a file first");
    eve.uploads(&upload, "photo.png", vec![0x89, b'P', b'N', b'G', 0, 1, 2, 3])
        .await
        .is(422)
        .says("This file was not taken");
}

#[actix_web::test]
async fn the_pool_is_dealt_as_it_was_shown() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let (ana, ben) = (app.caller("Ana").await, app.caller("Ben").await);
    published(&eve).await;
    let (a, b) = (ana.id.to_string(), ben.id.to_string());
    let by_weight =
        format!("{BASE}/lists/split?by=weight&caller={a}&caller={b}&weight_{a}=2&weight_{b}=1&seed=7");
    eve.opens(&by_weight)
        .await
        .is(200)
        .says("Move 21 calls")
        .says("2 callers");
    let (weight_a, weight_b) = (format!("weight_{a}"), format!("weight_{b}"));
    let choice = [
        ("by", "weight"),
        ("seed", "7"),
        ("caller", a.as_str()),
        ("caller", b.as_str()),
        (weight_a.as_str(), "2"),
        (weight_b.as_str(), "1"),
    ];
    eve.counts_and_sends(&format!("{BASE}/lists/split"), &choice)
        .await
        .is(303);
    eve.opens(&format!("{BASE}/lists"))
        .await
        .is(200)
        .says("Ana: 0 of 14 calls done")
        .says("Ben: 0 of 7 calls done");
    let all = [("from", a.as_str()), ("to", b.as_str())];
    eve.counts_and_sends(&format!("{BASE}/lists/rebalance"), &all)
        .await
        .is(303);
    eve.opens(&format!("{BASE}/lists"))
        .await
        .is(200)
        .says("Ben: 0 of 21 calls done");
    let nobody = [("from", a.as_str()), ("to", a.as_str())];
    eve.sends(&format!("{BASE}/lists/rebalance"), &nobody)
        .await
        .is(422)
        .says("cannot be among those");
}

#[actix_web::test]
async fn the_board_is_sent_again_only_when_it_changed() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    published(&eve).await;
    let minute = 60_000_000;
    let passed = app.clock.now().micros().rem_euclid(minute);
    app.clock.advance_seconds((minute - passed) / 1_000_000 + 1); // the board tells the time to the minute
    let board = format!("{BASE}/board");
    let poll = |tag: &str| {
        let request = eve
            .request(reqwest::Method::GET, &board)
            .header("HX-Request", "true");
        eve.asks(if tag.is_empty() {
            request
        } else {
            request.header("If-None-Match", tag)
        })
    };
    let first = poll("").await.is(200);
    assert!(first.body.starts_with("<div id=\"live\""));
    let tag = first.header("etag").to_owned();
    assert!(first.body.contains(&tag.replace('"', "\\&#34;")) || first.body.contains(tag.trim_matches('"')));
    poll(&tag).await.is(304);
    app.clock.advance_seconds(61);
    poll(&tag).await.is(200);
}

#[actix_web::test]
async fn cases_are_found_by_their_state_and_each_tells_its_story() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    published(&eve).await;
    let cases = eve
        .opens(&format!("{BASE}/cases?stage=new"))
        .await
        .is(200)
        .says("citizens: not called yet");
    let case = cases
        .body
        .split("href=\"/cases/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    eve.opens(&format!("/cases/{case}"))
        .await
        .is(200)
        .says("Case opened")
        .says("small.csv, line");
    eve.opens(&format!("{BASE}/cases?stage=paid&list=pool&language=es"))
        .await
        .is(200)
        .says("No citizen matches");
    eve.opens("/cases/999999").await.is(404);
}

#[actix_web::test]
async fn an_apology_is_counted_before_it_is_sent_and_goes_to_nobody_twice() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    published(&eve).await;
    let send = format!("{BASE}/messages/send");
    let count = eve.opens(&send).await.is(200).says("No e-mail address");
    let act = count
        .body
        .split("Send ")
        .last()
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    assert!(act.ends_with("e-mails"), "{act}");
    let all = [("only", "everyone"), ("hold", ""), ("most", "")];
    eve.counts_and_sends(&send, &[&[("template", "apology")], &all[..]].concat())
        .await
        .is(303);
    eve.opens(&format!("{BASE}/messages"))
        .await
        .is(200)
        .says("Everyone who is still open")
        .says("•••");
    eve.opens(&send)
        .await
        .is(200)
        .says("Got this text before")
        .says("Send 0 e-mails");
    eve.sends(&send, &[&[("template", "no_such")], &all[..]].concat())
        .await
        .is(422)
        .says("There is no text");
}

#[actix_web::test]
async fn only_an_administrator_manages_accounts() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    eve.opens("/accounts").await.is(403);
    let ada = app.admin("Ada").await;
    let new = [
        ("name", "Grace"),
        ("email", "grace@agency.example"),
        ("role", "caller"),
        ("language", "es"),
    ];
    ada.sends("/accounts", &new)
        .await
        .is(200)
        .says("The link for Grace:");
    ada.sends("/accounts", &new)
        .await
        .is(422)
        .says("has an account already");
    let own = format!("/accounts/{}", ada.id);
    ada.sends(&format!("{own}/disable"), &[]).await.is(409);
    let less = [("name", "Ada"), ("role", "caller")];
    ada.sends(&own, &less).await.is(422).says("your own role");
}

#[actix_web::test]
async fn a_wrong_outage_is_told_at_its_field() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let wrong = [
        ("name", "April"),
        ("slug", "april"),
        ("start", "2026-04-15T19:00"),
        ("end", "2026-04-15T18:40"),
        ("tz", "America/Denver"),
        ("calling_from", "08:00"),
        ("calling_until", "21:00"),
    ];
    eve.sends("/outages", &wrong)
        .await
        .is(422)
        .says("id=\"end-problem\"")
        .says("value=\"April\"");
    eve.opens("/outages").await.is(200).says("No outage to work on");
    outage(&eve).await;
    eve.opens(&format!("{BASE}/edit"))
        .await
        .is(200)
        .says("2026-04-15T18:40");
    let hours = [
        ("name", "Renamed"),
        ("calling_from", "21:00"),
        ("calling_until", "08:00"),
    ];
    eve.sends(&format!("{BASE}/edit"), &hours)
        .await
        .is(422)
        .says("calling_hours-problem");
    let hours = [
        ("name", "Renamed"),
        ("calling_from", "09:00"),
        ("calling_until", "20:00"),
    ];
    eve.sends(&format!("{BASE}/edit"), &hours).await.is(303);
    eve.opens("/outages").await.is(200).says("Renamed");
}
