//! An evening prepared on the command line: import, split, write, send, export.

use crate::harness::App;
use makegood::domain::role::Role;

const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/small.csv");

/// The outage of `small.csv`, calls at any hour.
fn makes_the_outage(app: &App) {
    let create = [
        "outage",
        "create",
        "--slug",
        "small",
        "--name",
        "Small outage",
        "--start",
        "2026-04-15T18:40",
        "--end",
        "2026-04-15T19:00",
        "--tz",
        "America/Denver",
        "--account-format",
        "T-0000000",
        "--calling-hours",
        "00:00-24:00",
    ];
    app.runs(&create).ends_with(0);
}

#[tokio::test]
async fn a_file_is_imported_as_its_truth_says_and_only_once() {
    let app = App::start().await;
    makes_the_outage(&app);
    let import = ["--json", "import", "--outage", "small", SMALL];
    let dry = app
        .runs(&[&import[..], &["--dry-run"]].concat())
        .ends_with(0)
        .json();
    assert_eq!(dry["status"], "dry_run");
    let report = app.runs(&import).ends_with(0).json();
    let truth = std::fs::read_to_string(SMALL.replace(".csv", ".truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
    for key in ["rows", "accepted", "outside_window", "duplicates", "rejected"] {
        assert_eq!(report[key], truth["failed"][key], "{key}");
        assert_eq!(dry[key], report[key], "{key}");
    }
    for key in [
        "citizens",
        "households",
        "citizens_with_phone",
        "citizens_email_only",
    ] {
        assert_eq!(report["outage"][key], truth["failed"][key], "{key}");
    }
    let again = app.runs(&import).ends_with(0).json();
    assert_eq!(again["status"], "already_imported");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_and_an_unknown_outage_are_refused() {
    let app = App::start().await;
    makes_the_outage(&app);
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/icon.svg");
    let refused = app
        .runs(&["--json", "import", "--outage", "small", picture])
        .ends_with(1);
    assert_eq!(refused.json()["status"], "refused");
    assert!(!refused.stderr.is_empty());
    let unknown = app
        .runs(&["--json", "import", "--outage", "nowhere", SMALL])
        .ends_with(1);
    assert_eq!(unknown.json()["status"], 404);
}

#[tokio::test]
async fn lists_are_dealt_and_moved_and_everyone_is_written_to_once() {
    let app = App::start().await;
    makes_the_outage(&app);
    app.hires("Ana", Role::Caller).await;
    app.hires("Ben", Role::Caller).await;
    app.runs(&["import", "--outage", "small", SMALL]).ends_with(0);
    let split = [
        "--json",
        "split",
        "--outage",
        "small",
        "--by",
        "weight",
        "--callers",
    ];
    let callers = "ana@agency.example=2,ben@agency.example=1";
    let dealt = app.runs(&[&split[..], &[callers]].concat()).ends_with(0).json();
    let calls: Vec<u64> = dealt["lists"]
        .as_array()
        .unwrap()
        .iter()
        .map(|list| list["households"].as_u64().unwrap())
        .collect();
    assert_eq!((calls.iter().sum::<u64>(), calls[0]), (21, 14));
    let moved = app.runs(&[
        "--json",
        "rebalance",
        "--outage",
        "small",
        "--from",
        "ana@agency.example",
    ]);
    assert_eq!(moved.ends_with(0).json()["pool"], 14);

    let send = [
        "--json",
        "campaign",
        "send",
        "--outage",
        "small",
        "--template",
        "apology",
    ];
    let queued = app.runs(&send).ends_with(0).json()["queued"].as_u64().unwrap();
    assert!(queued > 0);
    assert_eq!(app.runs(&send).ends_with(0).json()["queued"], 0);
    let worked = app
        .runs(&["--json", "mail", "work", "--until-empty"])
        .ends_with(0)
        .json();
    assert_eq!(worked["worked"].as_u64().unwrap(), queued);
    let status = app
        .runs(&["--json", "campaign", "status", "--outage", "small"])
        .ends_with(0)
        .json();
    assert_eq!(status["messages"]["sent"].as_u64().unwrap(), queued);
}

#[tokio::test]
async fn cases_are_exported_for_spreadsheets_and_for_programs() {
    let app = App::start().await;
    makes_the_outage(&app);
    app.runs(&["import", "--outage", "small", SMALL]).ends_with(0);
    let csv = app
        .runs(&["export", "cases", "--outage", "small", "--format", "csv"])
        .ends_with(0)
        .stdout;
    assert_eq!(csv.lines().count(), 30);
    assert!(csv.starts_with("case_id,account_id,given_name"));
    let formula = |cell: &str| cell.starts_with(['=', '@']);
    assert!(!csv.lines().flat_map(|line| line.split(',')).any(formula));
    let lines = app
        .runs(&["export", "cases", "--outage", "small", "--format", "ndjson"])
        .ends_with(0)
        .stdout;
    assert_eq!(lines.lines().count(), 29);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["stage"], "new");
    app.runs(&["export", "attempts", "--outage", "small"])
        .ends_with(0);
    app.runs(&["export", "messages", "--outage", "small"])
        .ends_with(0);
}
