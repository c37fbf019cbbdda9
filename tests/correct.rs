//! Rejected rows are corrected by a person, in the browser without JavaScript or in the file.

use crate::harness::{App, Page, Person};
use crate::imports::{Desk, data};
use crate::supervisor::outage;
use makegood::outreach::import::{ImportOptions, Status};

const BASE: &str = "/outages/april-15";

/// Imports the small file; answers the import's address.
async fn imported(app: &App, eve: &Person) -> String {
    outage(eve).await;
    let report = app
        .does(|office| {
            let april = office.outage_named("april-15")?;
            office.import_file(
                april.id,
                &data("small.csv"),
                &ImportOptions::default(),
                &mut |_| {},
            )
        })
        .await
        .unwrap();
    format!("{BASE}/imports/{}", report.import)
}

/// The fields of the row in a line, as a browser would send them.
fn row(page: &Page, line: &str) -> Vec<(String, String)> {
    let name = format!("name=\"cell_{line}\"");
    let cells = page.body.split("<input").filter(|input| input.contains(&name));
    let value = |input: &str| {
        let value = input.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        value.replace("&#39;", "'").replace("&#38;", "&")
    };
    let line_field = ("line".to_owned(), line.to_owned());
    [line_field]
        .into_iter()
        .chain(cells.map(|input| (format!("cell_{line}"), value(input))))
        .collect()
}

async fn sends(eve: &Person, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    eve.sends(path, &fields).await
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[actix_web::test]
async fn a_supervisor_corrects_a_row_and_only_that_row_comes_in() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let import = imported(&app, &eve).await;
    let rejects = format!("{import}/rejects");
    eve.opens(&import).await.is(200).says("Correct rejected rows");
    let page = eve.opens(&rejects).await.is(200).says("4 rows are left to mend");
    eve.sends(&rejects, &[("go", "import")])
        .await
        .is(422)
        .says("No row was corrected yet");
    let line = page.body.split("Time not readable").next().unwrap();
    let line = line.rsplit("id=\"r").next().unwrap().split('"').next().unwrap();
    // A page that is sent back as it is corrects nothing.
    let mut fields = row(&page, line);
    sends(&eve, &rejects, &fields).await.is(303);
    let page = eve.opens(&rejects).await.is(200);
    assert!(!page.body.contains("Can be imported"));
    // A time that is none either.
    fields[2].1 = "yesterday".into();
    sends(&eve, &rejects, &fields).await.is(303);
    eve.opens(&rejects).await.is(200).says("Still not right");
    eve.sends(&rejects, &[("go", "import")])
        .await
        .is(422)
        .says("None of the corrected rows can be read yet");
    fields[2].1 = "2026-04-15T18:50:00-06:00".into();
    fields.push(pair("go", "save"));
    sends(&eve, &rejects, &fields).await.is(303);
    eve.opens(&rejects).await.is(200).says("Can be imported");
    let next = eve.sends(&rejects, &[("go", "import")]).await.is(303);
    let next = next.leads_to().to_owned();
    eve.waits_until_read(&next).await;
    eve.opens(&format!("{next}/check"))
        .await
        .is(200)
        .says("corrected rows of small.csv")
        .says("1 + 0 + 0 + 0 = 1")
        .says("Import 1 failed payment");
    eve.sends(&format!("{next}/publish"), &[]).await.is(303);
    eve.opens(&rejects).await.is(200).says("It was corrected and");
    eve.opens(&format!("{import}/check"))
        .await
        .is(200)
        .says("46 + 3 + 4 + 3 + 1 = 57");
    eve.sends(&rejects, &[("go", "import")]).await.is(422);
    // The row counts as rejected again when what mended it is taken back.
    eve.opens(&format!("{BASE}/board"))
        .await
        .says("3 rows were rejected");
    eve.sends(&format!("{next}/undo"), &[]).await.is(303);
    eve.opens(&format!("{BASE}/board"))
        .await
        .says("4 rows were rejected");
    eve.opens(&format!("{import}/check"))
        .await
        .is(200)
        .says("46 + 3 + 4 + 4 = 57");
}

/// Waits until a file is read.
/// What breaks it: a row that is as wrong as before and is told to be imported.
#[actix_web::test]
async fn a_corrected_row_that_still_cannot_be_read_stays_to_be_corrected() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let import = imported(&app, &eve).await;
    let rejects = format!("{import}/rejects");
    let page = eve.opens(&rejects).await.is(200);
    let (mut right, mut wrong) = (row(&page, "29"), row(&page, "30"));
    right[2].1 = "2026-04-15T18:50:00-06:00".into();
    wrong[2].1 = "yesterday".into();
    let both: Vec<_> = right
        .into_iter()
        .chain(wrong)
        .chain([pair("go", "import")])
        .collect();
    let next = sends(&eve, &rejects, &both).await.is(303).leads_to().to_owned();
    eve.waits_until_read(&next).await;
    eve.opens(&format!("{next}/check"))
        .await
        .is(200)
        .says("1 + 0 + 0 + 0 = 1");
    eve.sends(&format!("{next}/publish"), &[]).await.is(303);
    let page = eve.opens(&rejects).await.is(200).says("Still not right");
    assert_eq!(page.body.matches("It was corrected and").count(), 1);
}

/// What breaks it: a line on the board that never goes, and rows that are set aside by nobody.
#[actix_web::test]
async fn rejected_rows_that_nobody_will_mend_are_set_aside_and_leave_the_board() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let import = imported(&app, &eve).await;
    let board = format!("{BASE}/board");
    let rejects = format!("{import}/rejects");
    eve.opens(&board)
        .await
        .says("4 rows were rejected")
        .says(&format!("href=\"{rejects}\""));
    eve.sends(&format!("{rejects}/set-aside"), &[("which", "29")])
        .await
        .is(303);
    eve.opens(&board).await.says("3 rows were rejected");
    eve.opens(&rejects)
        .await
        .says("3 rows are left to mend, 1 set aside")
        .says("Set aside by Eve");
    eve.sends(&format!("{rejects}/set-aside"), &[("which", "all")])
        .await
        .is(303);
    let page = eve.opens(&board).await.is(200);
    assert!(!page.body.contains("rows were rejected"), "the line is left");
    // They stay rejected rows: every row is in one bin.
    eve.opens(&format!("{import}/check"))
        .await
        .says("46 + 3 + 4 + 4 = 57");
    eve.sends(&format!("{rejects}/take-up-again"), &[("which", "all")])
        .await
        .is(303);
    eve.opens(&board).await.says("4 rows were rejected");
}

#[actix_web::test]
async fn a_card_number_that_is_typed_into_a_correction_is_masked() {
    let app = App::start().await;
    let eve = app.supervisor("Eve").await;
    let rejects = format!("{}/rejects", imported(&app, &eve).await);
    let page = eve.opens(&rejects).await.is(200);
    let line = page.body.split("name=\"line\" value=\"").nth(1).unwrap();
    let line = line.split('"').next().unwrap().to_owned();
    let mut fields = row(&page, &line);
    fields.last_mut().unwrap().1 = "4111 1111 1111 1111".into();
    sends(&eve, &rejects, &fields).await.is(303);
    let page = eve.opens(&rejects).await.is(200).says("••••1111");
    assert!(!page.body.contains("4111 1111"));
}

#[test]
fn the_downloaded_file_is_corrected_and_imported_again() {
    let desk = Desk::open();
    let out = desk.office.config.data_dir.join("rejects.csv");
    let options = ImportOptions {
        rejects: Some(out.clone()),
        ..ImportOptions::default()
    };
    desk.imports_with("small.csv", &options);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&out).unwrap();
    let header = reader.headers().unwrap().clone();
    let fixed = desk.office.config.data_dir.join("fixed.csv");
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_path(&fixed)
        .unwrap();
    writer.write_record(&header).unwrap();
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        match cells[1].as_str() {
            "bad_timestamp" => cells[3] = "2026-04-15T18:50:00-06:00".into(),
            "no_identity" => cells[7] = "found.again@example.com".into(),
            _ => {}
        }
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    let import = |name| {
        desk.office
            .import_file(desk.outage, name, &ImportOptions::default(), &mut |_| {})
            .unwrap()
    };
    let report = import(&fixed);
    assert_eq!(
        (report.status, report.rows, report.accepted),
        (Status::Applied, 4, 3)
    );
    assert_eq!(report.rejected.malformed, 1);
    // The notes are no part of a row: without a transaction id the same row is still the same.
    assert!(
        report
            .columns
            .values()
            .all(|header| header != "line" && header != "reason")
    );
    let text = std::fs::read_to_string(&fixed).unwrap();
    let moved = text.lines().enumerate().map(|(at, line)| match at {
        0 => line.to_owned(),
        _ => format!("9{line}"),
    });
    std::fs::write(&fixed, moved.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(import(&fixed).duplicates, 3);
}
