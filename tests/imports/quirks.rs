//! One file for each oddity of real exports.

use super::{Desk, data, json};
use makegood::outreach::import::{ImportOptions, Report, Status};
use serde_json::Value;
use std::io::Read;

/// Whether a report is what `expect` says.
fn is(report: &Report, expect: &Value) -> bool {
    if expect["file"] == "refused" {
        return report.status == Status::Refused;
    }
    let told = serde_json::to_value(report).unwrap();
    let outside = report.outside_window.before + report.outside_window.after;
    let same = |key: &str| expect.get(key).is_none_or(|wanted| told[key] == *wanted);
    let people = |key: &str| {
        expect
            .get(key)
            .is_none_or(|wanted| told["outage"][key] == *wanted)
    };
    report.status == Status::Applied
        && expect["records"] == report.rows
        && expect["outside_window"] == outside
        && ["accepted", "duplicates", "rejected"].into_iter().all(same)
        && [
            "citizens",
            "households",
            "citizens_email_only",
            "citizens_unreachable",
        ]
        .into_iter()
        .all(people)
}

/// The file's name in the test data, unpacked where it is packed.
fn unpacked(desk: &Desk, name: &str) -> std::path::PathBuf {
    let path = data("quirks").join(name);
    let Some(plain) = name.strip_suffix(".gz") else {
        return path;
    };
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    let path = desk.office.config.data_dir.join(plain);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn every_odd_file_of_failed_payments_gives_what_is_expected_of_it() {
    let mut wrong = Vec::new();
    let mut names: Vec<String> = std::fs::read_dir(data("quirks"))
        .unwrap()
        .filter_map(|entry| {
            Some(
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".expected.json")?
                    .to_owned(),
            )
        })
        .collect();
    names.sort();
    assert_eq!(names.len(), 35);
    for name in names {
        let about = json(&format!("quirks/{name}.expected.json"));
        if about["kind"] != "failed" || about.get("import_first").is_some() {
            continue;
        }
        let desk = Desk::open();
        let mut options = ImportOptions::default();
        if let Some(columns) = about["how_to_read"]["columns"].as_array() {
            let names: Vec<&str> = columns.iter().map(|column| column.as_str().unwrap()).collect();
            options.hints.columns = Some(names.join(","));
        }
        let path = unpacked(&desk, &name);
        let report = desk
            .office
            .import_file(desk.outage, &path, &options, &mut |_| {})
            .unwrap();
        let also = about["also_ok"].as_array().cloned().unwrap_or_default();
        let accepted = [about["expect"].clone()]
            .into_iter()
            .chain(also.into_iter().map(|also| also["expect"].clone()));
        if !accepted.into_iter().any(|expect| is(&report, &expect)) {
            wrong.push(format!("{name}: {}", serde_json::to_string(&report).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_card_number_is_stored_anywhere() {
    let desk = Desk::open();
    let received = desk
        .office
        .receive(
            desk.outage,
            makegood::outreach::import::ImportKind::Failed,
            "20_card_numbers.csv",
            None,
            std::fs::File::open(data("quirks/20_card_numbers.csv")).unwrap(),
        )
        .unwrap();
    let makegood::outreach::import::Received::New(id) = received else {
        panic!("{received:?}")
    };
    let upload = std::fs::read(desk.office.config.uploads_dir().join(id.to_string())).unwrap();
    let report = desk.imports("quirks/20_card_numbers.csv");
    assert!(report.card_numbers > 0);
    let about = json("quirks/20_card_numbers.csv.expected.json");
    let mut stored = vec![upload];
    for entry in std::fs::read_dir(&desk.office.config.data_dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            stored.push(std::fs::read(path).unwrap());
        }
    }
    for number in about["never_store"].as_array().unwrap() {
        let number = number.as_str().unwrap().as_bytes();
        let found = stored
            .iter()
            .any(|bytes| bytes.windows(number.len()).any(|window| window == number));
        assert!(!found, "{}", String::from_utf8_lossy(number));
    }
}
