//! An import that ends in the middle leaves nothing; one that is read in the browser can be followed
//! and given up.

use super::{Desk, data, json};
use makegood::domain::field::Field;
use makegood::outreach::import::{
    Hints, ImportKind, ImportOptions, ImportPhase, ImportState, Received, Status, Then,
};
use std::time::{Duration, Instant};

fn received(desk: &Desk, name: &str) -> i64 {
    let file = std::fs::File::open(data(name)).unwrap();
    match desk
        .office
        .receive(desk.outage, ImportKind::Failed, name, None, file)
        .unwrap()
    {
        Received::New(id) => id,
        Received::Already(id) => panic!("there already as {id}"),
    }
}

fn reaches(desk: &Desk, id: i64, state: ImportState) {
    let began = Instant::now();
    while desk.office.import(id).unwrap().state() != state {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{:?}",
            desk.office.import(id)
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_process_that_dies_at_any_moment_leaves_nothing_that_counts() {
    for phase in [
        ImportPhase::Reading,
        ImportPhase::Linking,
        ImportPhase::Gathering,
        ImportPhase::Counting,
    ] {
        let desk = Desk::with_window(&json("set_2000/truth.json")["window"]);
        let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let path = data("set_2000/failed.csv");
            let options = ImportOptions::default();
            let mut watch = |progress: &makegood::outreach::import::Progress| {
                assert!(progress.phase != phase || progress.rows_read < 1_000, "dies here");
            };
            desk.office.import_file(desk.outage, &path, &options, &mut watch)
        }));
        assert!(died.is_err());
        assert_eq!(super::repeated::rows(&desk) > 0, phase == ImportPhase::Counting);
        assert_eq!(super::repeated::snapshot(&desk), ["transactions 0"]);
        assert_eq!(desk.office.tidy_imports().unwrap(), 1);
        assert_eq!(super::repeated::rows(&desk), 0);
        assert_eq!(desk.imports("set_2000/failed.csv").outage.citizens, 1981);
    }
}

#[test]
fn files_that_dead_processes_left_go_and_those_somebody_needs_stay() {
    let desk = Desk::open();
    let waiting = received(&desk, "small.csv");
    let done = desk.imports("small.csv").import;
    let folder = desk.office.config.uploads_dir();
    let leave = |name: String| std::fs::write(folder.join(name), "left").unwrap();
    for name in ["", ".lock", ".ordered", ".linking"] {
        leave(format!("{done}{name}"));
    }
    leave(format!("{waiting}.lock"));
    leave("999.lock".to_owned()); // of an import that a restored database does not know
    leave("arriving-now".to_owned());
    let held = std::fs::File::create(folder.join(format!("{}.lock", done + 1))).unwrap();
    held.lock().unwrap();
    desk.office.tidy_imports().unwrap();
    let left = std::fs::read_dir(&folder).unwrap();
    let mut left: Vec<_> = left
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    let mut needed = [
        waiting.to_string(),
        format!("{}.lock", done + 1),
        "arriving-now".into(),
    ];
    needed.sort();
    assert_eq!(left, needed);
}

#[test]
fn a_supervisor_uploads_follows_and_confirms() {
    let desk = Desk::open();
    let id = received(&desk, "small.csv");
    let layout = desk.office.inspect_import(id, &Hints::default()).unwrap();
    assert_eq!(layout.problem(), None);
    desk.office
        .start_import(id, Hints::default(), Then::Check)
        .unwrap();
    reaches(&desk, id, ImportState::Checked);
    assert_eq!(super::repeated::snapshot(&desk), ["transactions 0"]);
    let import = desk.office.import(id).unwrap();
    assert_eq!(import.rows_read, 57);
    assert_eq!(import.told().unwrap().outage.citizens, 29);
    assert_eq!(desk.office.import_rejects(id, 0, 100).unwrap().len(), 4);
    let report = desk.office.publish_import(id).unwrap();
    assert_eq!((report.status, report.outage.households), (Status::Applied, 21));
    assert_eq!(desk.office.publish_import(id).unwrap(), report);
    assert!(!desk.office.config.uploads_dir().join(id.to_string()).exists());
}

/// What breaks it: a thread that waited for its turn, and takes the file it was to read for an older one in its way.
#[test]
fn a_file_that_is_begun_with_twice_is_read_once() {
    let desk = Desk::open();
    let id = received(&desk, "small.csv");
    let lock = desk.office.config.uploads_dir().join(format!("{id}.lock"));
    let held = std::fs::File::create(&lock).unwrap();
    held.lock().unwrap(); // so that both find it as it was received
    for _ in 0..2 {
        let begun = desk.office.start_import(id, Hints::default(), Then::Check);
        begun.unwrap();
    }
    std::fs::remove_file(lock).unwrap();
    drop(held);
    reaches(&desk, id, ImportState::Checked);
    std::thread::sleep(std::time::Duration::from_millis(500)); // the other one has its turn
    assert_eq!(desk.office.import(id).unwrap().state(), ImportState::Checked);
    assert_eq!(desk.office.publish_import(id).unwrap().status, Status::Applied);
}

#[test]
fn a_checked_import_that_is_given_up_leaves_nothing() {
    let desk = Desk::open();
    let id = received(&desk, "small.csv");
    desk.office
        .start_import(id, Hints::default(), Then::Check)
        .unwrap();
    reaches(&desk, id, ImportState::Checked);
    desk.office.discard_import(id).unwrap();
    assert_eq!(super::repeated::rows(&desk), 0);
    assert!(desk.office.publish_import(id).is_err());
}

/// What breaks it: a page that says "waiting" or "reading" as the reason why a file was given up.
#[test]
fn a_file_that_a_person_gives_up_has_no_reason_but_that() {
    let desk = Desk::open();
    let id = received(&desk, "small.csv");
    let (waits, now) = (ImportPhase::Waiting.as_str(), desk.office.now());
    let db = &desk.office.db;
    db.write(|conn| makegood::store::imports::note_waiting(conn, id, waits, now))
        .unwrap();
    assert!(desk.office.import(id).unwrap().doing(now).is_some());
    desk.office.start_discarding(id).unwrap();
    let given_up = desk.office.import(id).unwrap();
    assert_eq!(
        (given_up.state(), given_up.problem),
        (ImportState::Discarded, None)
    );
}

#[test]
fn a_later_file_takes_the_place_of_one_that_waits_for_a_yes() {
    let desk = Desk::open();
    let first = received(&desk, "quirks/00_base.csv");
    desk.office
        .start_import(first, Hints::default(), Then::Check)
        .unwrap();
    reaches(&desk, first, ImportState::Checked);
    assert_eq!(desk.imports("small.csv").outage.citizens, 29);
    assert_eq!(desk.office.import(first).unwrap().state(), ImportState::Discarded);
    assert!(desk.office.publish_import(first).is_err());
}

#[test]
fn a_file_that_is_no_table_is_refused_with_a_reason() {
    let desk = Desk::open();
    let report = desk.imports("quirks/26_empty.csv");
    assert_eq!(report.status, Status::Refused);
    assert_eq!(report.reason.as_deref(), Some("The file is empty."));
    assert_eq!(
        desk.office.import(report.import).unwrap().state(),
        ImportState::Refused
    );
}

#[test]
fn rejected_rows_are_written_out_with_line_and_reason() {
    let desk = Desk::open();
    let out = desk.office.config.data_dir.join("rejects.csv");
    let options = ImportOptions {
        rejects: Some(out.clone()),
        ..ImportOptions::default()
    };
    desk.imports_with("small.csv", &options);
    let text = std::fs::read_to_string(out).unwrap();
    assert!(text.starts_with("line,reason,transaction_id,timestamp,"));
    for reason in ["malformed", "bad_timestamp", "no_identity"] {
        assert!(text.contains(&format!(",{reason},")), "{reason}");
    }
}

#[test]
fn what_a_person_says_about_columns_is_remembered_for_the_next_file() {
    let desk = Desk::open();
    let id = received(&desk, "quirks/12_other_headers.csv");
    let layout = desk.office.inspect_import(id, &Hints::default()).unwrap();
    let mut fields: Vec<_> = layout.columns.iter().map(|column| column.field).collect();
    let email = fields
        .iter()
        .position(|field| field.is_some_and(|field| field.as_str() == "email"))
        .unwrap();
    fields[email] = None;
    desk.office.map_import(id, &fields, &[]).unwrap();
    let second = || {
        let file = std::fs::read_to_string(data("quirks/12_other_headers.csv")).unwrap();
        let file = file.replace("jose.nunez@", "jose.ruiz@");
        let received = desk.office.receive(
            desk.outage,
            ImportKind::Failed,
            "second.csv",
            None,
            file.as_bytes(),
        );
        let Received::New(id) = received.unwrap() else {
            panic!("it is new")
        };
        desk.office.inspect_import(id, &Hints::default()).unwrap()
    };
    assert_eq!(
        second().columns[email].field,
        Some(Field::Email),
        "it does not count yet"
    );
    desk.office
        .start_import(id, Hints::default(), Then::Publish)
        .unwrap();
    reaches(&desk, id, ImportState::Published);
    let layout = second();
    assert_eq!((layout.columns[email].field, layout.remembered), (None, true));
}
