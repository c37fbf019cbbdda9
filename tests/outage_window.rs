//! A supervisor who sees that the outage was at another time corrects its window, as long as nothing counts by it.

use crate::harness::{App, Page, Person};
use crate::supervisor::{chosen_columns, outage};

const BASE: &str = "/outages/april-15";

/// Failures of three people between 7:03 and 7:20 p.m. in Denver: after the outage as it was entered.
const LATE: &str = "transaction_id,timestamp,account_id,given_name,family_name,email\n\
                    P-1,2026-04-15T19:03:00-06:00,T-3000001,Dorothy,Hensley,dorothy@example.com\n\
                    P-2,2026-04-15T19:09:00-06:00,T-3100442,Walter,Stone,walter@example.com\n\
                    P-3,2026-04-15T19:20:00-06:00,T-3977003,Ivy,Ek,ivy@example.com\n";

/// Matches the columns as they are proposed and waits for the check.
async fn is_checked(eve: &Person, import: &str) -> Page {
    let columns = format!("{import}/columns");
    let chosen = chosen_columns(&eve.opens(&columns).await.is(200));
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&columns, &chosen).await.is(303);
    eve.opens(&eve.waits_until_read(import).await).await.is(200)
}

/// The settings form with another window.
async fn corrects(eve: &Person, start: &str, end: &str) -> Page {
    let fields = [
        ("name", "April 15 payment outage"),
        ("start", start),
        ("end", end),
        ("calling_from", "00:00"),
        ("calling_until", "23:59"),
        ("pool_open", "yes"),
    ];
    eve.sends(&format!("{BASE}/edit"), &fields).await
}

/// The newest import, as the list shows it.
async fn newest(eve: &Person) -> String {
    let list = eve.opens(&format!("{BASE}/imports")).await.is(200);
    let link = format!("href=\"{BASE}/imports/");
    let ids = list.body.split(&link).skip(1);
    let id = ids.filter_map(|one| {
        one.split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse::<i64>()
            .ok()
    });
    format!("{BASE}/imports/{}", id.max().unwrap())
}

/// What breaks it: a window that cannot be corrected, one that is corrected under payments that count, and a file that waits for a
/// yes with rows that were sorted by the old one.
#[actix_web::test]
async fn a_window_is_corrected_before_anything_counts_and_a_file_that_waits_is_read_again() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let next = eve
        .uploads(&format!("{BASE}/imports"), "late.csv", LATE.as_bytes().to_vec())
        .await
        .is(303);
    let first = next.leads_to().rsplit_once('/').unwrap().0.to_owned();
    is_checked(&eve, &first)
        .await
        .says("3 of 3 failed payments lie outside the outage")
        .says(&format!("href=\"{BASE}/edit\""));
    corrects(&eve, "2026-04-15T19:30", "2026-04-15T19:00")
        .await
        .is(422)
        .says("The end must be after the start");
    corrects(&eve, "soon", "2026-04-15T19:30")
        .await
        .is(422)
        .says("Enter a date and time");
    let saved = corrects(&eve, "2026-04-15T18:40", "2026-04-15T19:30")
        .await
        .is(303);
    assert_eq!(saved.leads_to(), format!("{BASE}/imports"));
    eve.opens(&format!("{BASE}/edit"))
        .await
        .is(200)
        .says("Back at")
        .says("2026-04-15 19:00:00")
        .says("2026-04-15 19:30:00")
        .says("Eve");

    // What was read by the old window cannot count any more; the file is read again.
    eve.sends(&format!("{first}/publish"), &[])
        .await
        .is(200)
        .says("given up");
    let again = newest(&eve).await;
    assert_ne!(again, first);
    is_checked(&eve, &again).await.says("3 + 0 + 0 + 0 = 3");
    eve.sends(&format!("{again}/publish"), &[]).await.is(303);

    eve.opens(&format!("{BASE}/edit"))
        .await
        .is(200)
        .says("Take the imports of this outage back")
        .says("readonly");
    corrects(&eve, "2026-04-15T18:40", "2026-04-15T19:05")
        .await
        .is(422)
        .says("Take the imports of this outage back");
    // All else can be changed all the same.
    corrects(&eve, "2026-04-15T18:40", "2026-04-15T19:30")
        .await
        .is(303);
}
