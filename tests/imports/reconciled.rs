//! Later successful payments close the cases of those who made them, by the rules of the truth files,
//! in whatever order the files come, and can be taken back.

use super::repeated::{halves, snapshot};
use super::{Desk, data, json};
use makegood::outreach::import::{ImportKind, ImportOptions, ImportPhase, Report, Status};
use serde_json::Value;
use std::path::Path;

fn successes() -> ImportOptions {
    ImportOptions {
        kind: ImportKind::Successes,
        ..ImportOptions::default()
    }
}

impl Desk {
    fn reconciles(&self, path: &Path) -> Report {
        self.office
            .import_file(self.outage, path, &successes(), &mut |_| {})
            .unwrap()
    }
}

/// The report against a truth file; what is 0 there may be left out there.
fn agrees(report: &Report, truth: &Value) {
    let told = report.json();
    for key in [
        "rows",
        "malformed",
        "bad_timestamp",
        "no_identity",
        "duplicates",
        "unmatched",
        "ambiguous",
        "too_early",
        "citizens_paid",
    ] {
        let expected = truth["successes"][key].as_u64().unwrap_or(0);
        assert_eq!(told[key], expected, "{key}");
    }
    for by in ["account", "email", "phone_name"] {
        let expected = truth["successes"]["matched_by"][by].as_u64().unwrap_or(0);
        assert_eq!(told["matched_by"][by], expected, "{by}");
    }
    assert_eq!(told["outage"], truth["after_reconciliation"]);
}

/// Who is closed as paid, by key.
fn paid(desk: &Desk) -> Vec<String> {
    let lines = snapshot(desk).into_iter();
    let mut keys: Vec<String> = lines
        .filter(|line| line.starts_with("case ") && line.contains(" closed "))
        .map(|line| line.split(' ').nth(1).unwrap().to_owned())
        .collect();
    keys.sort();
    keys
}

fn truth_keys(truth: &Value) -> Vec<String> {
    let keys = truth["paid_keys"].as_array().unwrap();
    // The truth writes folded names as the generator does: small letters and no blanks.
    keys.iter()
        .map(|key| key.as_str().unwrap().to_lowercase())
        .collect()
}

fn as_the_truth(keys: &[String]) -> Vec<String> {
    keys.iter()
        .map(|key| key.to_lowercase().replace(' ', ""))
        .collect()
}

#[test]
fn a_supervisor_reconciles_the_small_file_and_the_right_people_are_done() {
    let (desk, truth) = (Desk::open(), json("small.truth.json"));
    desk.imports("small.csv");
    let before = snapshot(&desk);
    let report = desk.reconciles(&data("small.successes.csv"));
    assert_eq!(report.status, Status::Applied);
    agrees(&report, &truth);
    let expected = truth["paid_keys"].as_array().unwrap().len();
    assert_eq!(paid(&desk).len(), expected);
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(snapshot(&desk), before);
}

#[test]
fn the_larger_file_gives_every_number_and_everybody_who_has_paid() {
    let truth = json("set_2000/truth.json");
    let desk = Desk::with_window(&truth["window"]);
    desk.imports("set_2000/failed.csv");
    let before = snapshot(&desk);
    let report = desk.reconciles(&data("set_2000/successes.csv"));
    agrees(&report, &truth);
    let mut found = as_the_truth(&paid(&desk));
    let mut expected = truth_keys(&truth);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // Each household waits for what its unpaid people wait for.
    let to_call = snapshot(&desk)
        .iter()
        .filter(|line| line.starts_with("home ") && !line.contains(" closed "))
        .count();
    assert_eq!(truth["after_reconciliation"]["households_to_call"], to_call);
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(snapshot(&desk), before);
}

#[test]
fn the_files_may_come_in_any_order() {
    let truth = json("set_2000/truth.json");
    let in_order = Desk::with_window(&truth["window"]);
    in_order.imports("set_2000/failed.csv");
    in_order.reconciles(&data("set_2000/successes.csv"));
    let late = Desk::with_window(&truth["window"]);
    let (first, second) = halves(&late);
    let import = |path: &Path| {
        late.office
            .import_file(late.outage, path, &ImportOptions::default(), &mut |_| {})
            .unwrap()
    };
    import(&first);
    late.reconciles(&data("set_2000/successes.csv"));
    let between = snapshot(&late);
    let second = import(&second);
    let people = |desk: &Desk| -> Vec<String> {
        let lines = snapshot(desk).into_iter();
        lines
            .filter(|line| line.starts_with("case") && !line.contains(" 0 closed"))
            .collect()
    };
    assert_eq!(people(&late), people(&in_order));
    late.office.undo_import(second.import).unwrap();
    assert_eq!(snapshot(&late), between);
}

#[test]
fn payments_that_came_first_meet_the_failed_ones_later() {
    let truth = json("small.truth.json");
    let desk = Desk::open();
    let early = desk.reconciles(&data("small.successes.csv"));
    let found = early.reconciled.unwrap();
    assert_eq!((found.unmatched, found.citizens_paid), (13, 0));
    desk.imports("small.csv");
    assert_eq!(paid(&desk).len(), truth["paid_keys"].as_array().unwrap().len());
}

#[test]
fn the_same_payments_again_change_nothing_and_say_so() {
    let desk = Desk::open();
    desk.imports("small.csv");
    desk.reconciles(&data("small.successes.csv"));
    let before = snapshot(&desk);
    let again = desk.reconciles(&data("small.successes.csv"));
    assert_eq!(again.status, Status::AlreadyImported);
    assert_eq!(
        again.json()["outage"],
        json("small.truth.json")["after_reconciliation"]
    );
    let copy = desk.office.config.data_dir.join("again.csv");
    let text = std::fs::read_to_string(data("small.successes.csv")).unwrap();
    std::fs::write(&copy, text.replace("\n", "\r\n")).unwrap();
    let again = desk.reconciles(&copy);
    assert_eq!((again.status, again.duplicates), (Status::Applied, 14));
    assert_eq!(snapshot(&desk), before);
}

#[test]
fn a_dry_run_tells_who_would_be_done_and_leaves_nothing() {
    let desk = Desk::open();
    desk.imports("small.csv");
    let before = snapshot(&desk);
    let options = ImportOptions {
        dry_run: true,
        ..successes()
    };
    let report = desk.imports_with("small.successes.csv", &options);
    assert_eq!(report.status, Status::DryRun);
    agrees(&report, &json("small.truth.json"));
    assert_eq!(snapshot(&desk), before);
    assert_eq!(desk.office.tidy_imports().unwrap(), 0);
    assert_eq!(desk.reconciles(&data("small.successes.csv")).duplicates, 1);
}

#[test]
fn only_the_latest_reconciliation_can_be_taken_back_but_later_failed_payments_do_not_matter() {
    let desk = Desk::open();
    let failed = desk.imports("quirks/00_base.csv").import;
    let first = desk.reconciles(&data("small.successes.csv")).import;
    desk.imports("quirks/32_overlap_second_export.csv");
    let second = desk.reconciles(&data("set_2000/successes.csv")).import;
    let refused = desk.office.undo_import(first).unwrap_err();
    assert!(refused.to_string().contains("later import"), "{refused}");
    desk.office.undo_import(second).unwrap();
    desk.office.undo_import(first).unwrap();
    assert!(desk.office.undo_import(failed).is_err());
    assert_eq!(paid(&desk), [""; 0]);
}

#[test]
fn a_reconciliation_that_dies_at_any_moment_leaves_nothing_that_counts() {
    for phase in [ImportPhase::Reading, ImportPhase::Linking, ImportPhase::Counting] {
        let truth = json("set_2000/truth.json");
        let desk = Desk::with_window(&truth["window"]);
        desk.imports("set_2000/failed.csv");
        let before = snapshot(&desk);
        let path = data("set_2000/successes.csv");
        let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut watch = |progress: &makegood::outreach::import::Progress| {
                assert!(progress.phase != phase || progress.rows_read < 500, "dies here");
            };
            desk.office
                .import_file(desk.outage, &path, &successes(), &mut watch)
        }));
        assert!(died.is_err());
        assert_eq!(snapshot(&desk), before);
        assert_eq!(desk.office.tidy_imports().unwrap(), 1);
        agrees(&desk.reconciles(&path), &truth);
    }
}
