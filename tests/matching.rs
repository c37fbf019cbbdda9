//! *Match the columns*, as a supervisor meets it: a file without a header, a workbook of several sheets, a file of which the
//! program knows the headers already.

use crate::harness::{App, Page, Person, workbook};
use crate::imports::data;
use crate::supervisor::outage;

const IMPORTS: &str = "/outages/april-15/imports";

/// Uploads a file; answers the address of its columns.
async fn uploaded(eve: &Person, name: &str, content: Vec<u8>) -> String {
    let next = eve.uploads(IMPORTS, name, content).await.is(303);
    let (import, _) = next.leads_to().rsplit_once('/').unwrap();
    format!("{import}/columns")
}

/// What each column is used as, as the page has it chosen.
fn chosen(page: &Page) -> Vec<(String, String)> {
    let selects = page
        .body
        .split("<select")
        .filter(|select| select.contains("name=\"column_"));
    let value = |text: &str, mark: &str| {
        text.split(mark)
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    selects
        .map(|select| {
            let option = select
                .split("<option ")
                .find(|option| option.contains(" selected"))
                .unwrap();
            (value(select, "name=\""), value(option, "value=\""))
        })
        .collect()
}

/// Confirms what is chosen, and waits until the file is read.
async fn checks(eve: &Person, columns: &str) -> String {
    let fields = chosen(&eve.opens(columns).await.is(200));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let import = eve.sends(columns, &fields).await.is(303).leads_to().to_owned();
    eve.waits_until_read(&import).await
}

/// Says yes to a check, so that what was said of the file is remembered.
async fn counts(eve: &Person, check: &str) {
    let import = check.trim_end_matches("/check");
    eve.sends(&format!("{import}/publish"), &[]).await.is(303);
}

fn small() -> String {
    std::fs::read_to_string(data("small.csv")).unwrap()
}

/// What breaks it: a person who has to say what thirteen columns hold though their values tell.
#[actix_web::test]
async fn a_file_without_a_header_is_asked_about_with_everything_filled_in_that_its_values_tell() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let lines = small();
    let nameless = lines.split_once('\n').unwrap().1.to_owned();
    let columns = uploaded(&eve, "nameless.csv", nameless.into_bytes()).await;
    let page = eve.opens(&columns).await.is(200);
    let page = page
        .says("The header is missing")
        .says("Please look at each column");
    let fields: Vec<String> = chosen(&page).into_iter().map(|(_, field)| field).collect();
    let expected = [
        "transaction_id",
        "timestamp",
        "account_id",
        "",
        "",
        "email",
        "phone",
        "amount",
        "",
        "channel",
        "",
        "language",
        "state",
        "time_zone",
        "filing_deadline",
        "",
    ];
    assert_eq!(fields, expected);
    // Each of them wants a look: nothing is read before a person has said yes.
    assert_eq!(page.body.matches("Please check").count(), 11);
    let page = eve.opens(&checks(&eve, &columns).await).await.is(200);
    let page = page.says("46 + 3 + 4 + 4 = 57");
    assert!(!page.body.contains("no header says so"), "she has said so");
}

#[actix_web::test]
async fn a_second_file_with_the_same_headers_is_known_and_the_page_says_so() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let lines = small();
    let first = uploaded(&eve, "small.csv", lines.clone().into_bytes()).await;
    let page = eve.opens(&first).await.is(200);
    assert!(!page.body.contains("Saved match") && !page.body.contains("last file like it"));
    // She leaves the remarks out, and need not say so again.
    let mut fields = chosen(&page);
    fields.last_mut().unwrap().1 = String::new();
    let sent: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&first, &sent).await.is(303);
    let import = first.trim_end_matches("/columns");
    for _ in 0..200 {
        if eve.opens(import).await.status == 303 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    counts(&eve, &format!("{import}/check")).await;
    let part: Vec<&str> = lines.lines().take(9).collect();
    let second = uploaded(&eve, "second.csv", part.join("\n").into_bytes()).await;
    let page = eve.opens(&second).await.is(200);
    let page = page
        .says("Matched as for the last file like it")
        .says("Saved match");
    assert_eq!(chosen(&page), fields);
    eve.sends(&second.replace("/columns", "/forget"), &[])
        .await
        .is(303);
    let page = eve.opens(&second).await.is(200);
    assert!(!page.body.contains("last file like it"), "it was to be forgotten");
}

/// What breaks it: columns that are used as those of another file, because both have none with a name.
#[actix_web::test]
async fn a_file_without_a_header_is_not_taken_for_another_of_as_many_columns() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let file = |rows: &[&str]| rows.join("\n").into_bytes();
    let first = file(&[
        "2026-04-15 18:41,a@example.com,303-555-0101",
        "2026-04-15 18:42,b@example.com,303-555-0102",
    ]);
    let columns = uploaded(&eve, "first.csv", first).await;
    counts(&eve, &checks(&eve, &columns).await).await;
    let like_it = file(&["2026-04-15 18:43,c@example.com,303-555-0103"]);
    let like_it = uploaded(&eve, "second.csv", like_it).await;
    eve.opens(&like_it)
        .await
        .is(200)
        .says("Matched as for the last file like it");
    let other = file(&["303-555-0104,2026-04-15 18:44,d@example.com"]);
    let other = uploaded(&eve, "other.csv", other).await;
    eve.opens(&other).await.is(200).says("The header is missing");
}

fn sheet(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |cells: &&[&str]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
    rows.iter().map(row).collect()
}

/// What breaks it: the wrong sheet, which only the command line could change; a warning that rows which merely end with
/// an empty cell would be rejected.
#[actix_web::test]
async fn another_sheet_of_a_workbook_can_be_chosen() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let head: &[&str] = &["timestamp", "email", "phone", "memo"];
    let april = sheet(&[head, &["2026-04-15T18:41:00-06:00", "a@example.com"]]);
    let late = sheet(&[
        head,
        &["2026-04-15T18:42:00-06:00", "b@example.com"],
        &["2026-04-15T18:43:00-06:00", "c@example.com"],
    ]);
    let book = workbook(&[("April", &april), ("Late ones", &late)]);
    let columns = uploaded(&eve, "two.xlsx", book).await;
    let page = eve.opens(&columns).await.is(200);
    let page = page.says("sheet April").says("a@example.com");
    assert!(!page.body.contains("such records are rejected"));
    let choose = columns.replace("/columns", "/sheet");
    eve.sends(&choose, &[("sheet", "Nowhere")]).await.is(422);
    let next = eve.sends(&choose, &[("sheet", "Late ones")]).await.is(303);
    let page = eve.opens(next.leads_to()).await.is(200);
    page.says("sheet Late ones").says("b@example.com");
    eve.opens(&checks(&eve, &columns).await)
        .await
        .is(200)
        .says("2 + 0 + 0 + 0 = 2");
    eve.sends(&choose, &[("sheet", "April")]).await.is(409);
}

/// What breaks it: a person who sees only at the check that a column is not what it seems, and has to upload the file again.
#[actix_web::test]
async fn the_columns_can_be_changed_after_the_check() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let columns = uploaded(&eve, "small.csv", small().into_bytes()).await;
    let check = checks(&eve, &columns).await;
    eve.opens(&check).await.is(200).says("Change the columns");
    let anew = check.replace("/check", "/match");
    let again = eve.sends(&anew, &[]).await.is(303).leads_to().to_owned();
    let page = eve.opens(&again).await.is(200).says("Match the columns");
    let mut fields = chosen(&page);
    // Without the transactions' ids nothing is twice there.
    fields[0].1 = String::new();
    let sent: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(&again, &sent).await.is(303);
    let check = again.replace("/columns", "/check");
    for _ in 0..200 {
        if eve.opens(&check).await.status == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    eve.opens(&check)
        .await
        .is(200)
        .says("Check before anything counts");
    // What was read first is given up, and stays so.
    eve.sends(&anew, &[])
        .await
        .is(200)
        .says("cannot be changed any more");
    eve.sends(&check.replace("/check", "/publish"), &[]).await.is(303);
}

#[actix_web::test]
async fn a_later_file_says_how_many_more_citizens_the_outage_will_hold() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    outage(&eve).await;
    let columns = uploaded(&eve, "small.csv", small().into_bytes()).await;
    let check = checks(&eve, &columns).await;
    let page = eve.opens(&check).await.is(200);
    assert!(!page.body.contains(" more)"));
    eve.sends(&check.replace("/check", "/publish"), &[]).await.is(303);
    let late = b"timestamp,account_id,email\n2026-04-15T18:55:00-06:00,T-1000002,\n2026-04-15T18:56:00-06:00,T-1000099,nora@example.com\n";
    let columns = uploaded(&eve, "late.csv", late.to_vec()).await;
    eve.opens(&checks(&eve, &columns).await)
        .await
        .is(200)
        .says("2 + 0 + 0 + 0 = 2")
        .says("30 (1 more)");
}
