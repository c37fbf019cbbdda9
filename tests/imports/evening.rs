//! The files of the evening give the numbers of their truth files exactly.

use super::{Desk, data, json};
use makegood::outreach::import::{Report, Status};
use makegood::store::{cases, staging};
use serde_json::Value;

/// The report against `failed` of a truth file.
fn agrees(report: &Report, truth: &Value) {
    let told = serde_json::to_value(report).unwrap();
    for key in [
        "rows",
        "accepted",
        "outside_window",
        "duplicates",
        "rejected",
        "warnings",
    ] {
        assert_eq!(told[key], truth[key], "{key}");
    }
    for key in [
        "citizens",
        "households",
        "citizens_with_phone",
        "citizens_email_only",
        "citizens_unreachable",
    ] {
        assert_eq!(told["outage"][key], truth[key], "{key}");
    }
    assert_eq!(
        report.rows,
        report.accepted + report.outside() + report.duplicates + report.rejects()
    );
}

#[test]
fn a_supervisor_imports_the_small_file_and_finds_everybody() {
    let desk = Desk::open();
    let report = desk.imports("small.csv");
    assert_eq!(report.status, Status::Applied);
    agrees(&report, &json("small.truth.json")["failed"]);
}

#[test]
fn the_larger_file_gives_every_citizen_as_they_are() {
    let truth = json("set_2000/truth.json");
    let desk = Desk::with_window(&truth["window"]);
    let report = desk.imports("set_2000/failed.csv");
    agrees(&report, &truth["failed"]);
    let mut reader = csv::Reader::from_path(data("set_2000/truth_citizens.csv")).unwrap();
    let mut expected = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let known = desk
            .office
            .db
            .read(|conn| {
                let known = staging::with_keys(conn, desk.outage, &[&row[0]])?;
                cases::find(conn, known[0].id)
            })
            .unwrap()
            .unwrap();
        let found = [
            known.transactions.to_string(),
            known.first_failed_at.rfc3339(),
            known.last_failed_at.rfc3339(),
            known.phone.unwrap_or_default(),
            known.email.unwrap_or_default(),
            known.language.unwrap_or_default(),
        ];
        let told: Vec<&str> = row.iter().skip(1).take(6).collect();
        assert_eq!(found.to_vec(), told, "{}", &row[0]);
        expected += 1;
    }
    assert_eq!(report.outage.citizens, expected);
}

#[test]
fn a_text_that_is_no_value_is_kept_for_the_caller_to_see() {
    use makegood::store::transactions;
    let desk = Desk::open();
    desk.imports("quirks/23_scientific_account_ids.csv");
    let kept = desk.office.db.read(|conn| {
        let import = super::repeated::published(conn, desk.outage)?;
        let keys = transactions::keys_of_import(conn, import, 0, 100)?;
        let mut kept = Vec::new();
        for (_, key) in keys {
            kept.extend(transactions::of_case(conn, desk.outage, &key.unwrap(), import)?);
        }
        Ok::<_, makegood::store::Error>(kept)
    });
    let texts: Vec<String> = kept
        .unwrap()
        .into_iter()
        .filter_map(|record| record.originals)
        .collect();
    assert!(texts.iter().any(|text| text.contains("1.23E+09")), "{texts:?}");
}

#[test]
fn what_an_import_writes_into_households_is_what_refreshing_them_gives() {
    let desk = Desk::open();
    desk.imports("small.csv");
    let before = super::repeated::snapshot(&desk);
    // An import of nothing new looks at nobody again; taking part of the people back does.
    let households: Vec<i64> = super::repeated::household_ids(&desk);
    desk.office
        .db
        .write(|conn| {
            let last = super::repeated::published(conn, desk.outage)?;
            staging::note_households(conn, last, &households)
        })
        .unwrap();
    assert_eq!(desk.office.tidy_imports().unwrap(), 1);
    assert_eq!(super::repeated::snapshot(&desk), before);
}
