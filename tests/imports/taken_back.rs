//! An import that is taken back: by one process at a time, also when it dies or another machine is at it.

use super::repeated::{halves, rows, snapshot};
use super::{Desk, data, json};
use crate::model::dying;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::outreach::import::{
    Hints, ImportKind, ImportOptions, ImportPhase, ImportState, Received, Report, Then,
};
use makegood::schema::imports;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often it dies, unless the environment says.
const DEATHS: usize = 10;

fn deaths() -> usize {
    #[allow(clippy::disallowed_methods)] // no setting of the program
    let told = std::env::var("MAKEGOOD_TEST_KILLS");
    told.map_or(DEATHS, |told| told.parse().unwrap())
}

impl Desk {
    fn imports_file(&self, path: &Path) -> Report {
        self.office
            .import_file(self.outage, path, &ImportOptions::default(), &mut |_| {})
            .unwrap()
    }

    fn stands(&self, id: i64) -> ImportState {
        self.office.import(id).unwrap().state()
    }

    /// As if another machine worked on an import: its word, and its last sign of life.
    fn is_worked_on_elsewhere(&self, id: i64, seconds_ago: i64) {
        let at = self.office.now().plus_seconds(-seconds_ago);
        self.office
            .db
            .write(|conn| {
                diesel::update(imports::table.find(id))
                    .set((
                        imports::worked_by.eq("another machine"),
                        imports::worked_at.eq(at),
                    ))
                    .execute(conn)
            })
            .unwrap();
    }

    /// Decides that an import is taken back, and lets nobody on this machine do the rest.
    fn decides_to_take_back(&self, id: i64) {
        let lock = self.office.config.uploads_dir().join(format!("{id}.lock"));
        let held = std::fs::File::create(&lock).unwrap();
        held.lock().unwrap();
        self.office.start_undoing(id).unwrap();
        assert_eq!(self.stands(id), ImportState::Undoing);
        self.is_worked_on_elsewhere(id, 0);
        std::fs::remove_file(lock).unwrap();
    }

    fn reaches(&self, id: i64, state: ImportState) {
        let began = Instant::now();
        while self.stands(id) != state {
            assert!(began.elapsed() < Duration::from_secs(60), "{:?}", self.stands(id));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What would break it: rows deleted before their cases fell back; whose records a citizen has found out anew after some
/// went back already.
#[test]
fn an_undoing_that_dies_at_any_moment_is_finished_by_whoever_comes_next() {
    dying::watch();
    let desk = Desk::with_window(&json("set_2000/truth.json")["window"]);
    let (first, second) = halves(&desk);
    desk.imports_file(&first);
    let before = snapshot(&desk);
    let (mut most, mut died) = (4_000, 0);
    while died < deaths() {
        let id = desk.imports_file(&second).import;
        let nth = rand::random_range(0..most);
        match dying::at_statement(nth, || desk.office.undo_import(id)) {
            None => died += 1,
            Some(done) => {
                done.unwrap();
                most = nth.max(1); // it has fewer statements
            }
        }
        if desk.stands(id) == ImportState::Published {
            desk.office.undo_import(id).unwrap(); // it died before it was decided
        }
        desk.office.tidy_imports().unwrap(); // as every start does
        assert_eq!(desk.stands(id), ImportState::Undone);
        assert_eq!(snapshot(&desk), before, "died at statement {nth}");
    }
}

#[test]
fn while_another_machine_takes_an_import_back_nobody_else_does_until_it_has_been_silent_for_a_minute() {
    let desk = Desk::open();
    let first = desk.imports("quirks/00_base.csv").import;
    let before = snapshot(&desk);
    let second = desk.imports("quirks/32_overlap_second_export.csv").import;
    desk.decides_to_take_back(second);
    let folder = desk.office.config.uploads_dir();
    std::fs::write(folder.join(format!("{second}.lock")), "of one who waited here").unwrap();
    assert_eq!(desk.office.tidy_imports().unwrap(), 0);
    assert_eq!(desk.stands(second), ImportState::Undoing);
    let refused = desk.office.undo_import(first).unwrap_err().to_string();
    assert!(refused.contains("is being taken back"), "{refused}");

    // A file that comes meanwhile waits for its turn, and says so.
    let file = std::fs::File::open(data("small.csv")).unwrap();
    let received = desk
        .office
        .receive(desk.outage, ImportKind::Failed, "small.csv", None, file);
    let Received::New(third) = received.unwrap() else {
        panic!("it is new")
    };
    desk.office
        .start_import(third, Hints::default(), Then::Check)
        .unwrap();
    let began = Instant::now();
    while desk.office.import(third).unwrap().doing(desk.office.now()) != Some(ImportPhase::Waiting) {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not wait");
        std::thread::sleep(Duration::from_millis(20));
    }

    desk.is_worked_on_elsewhere(second, 61);
    desk.office.tidy_imports().unwrap();
    desk.reaches(second, ImportState::Undone);
    assert_eq!(snapshot(&desk), before);
    desk.reaches(third, ImportState::Checked);
}

/// From the moment on in which the first record goes.
fn is_taken_over_by_another_machine(desk: &Desk) {
    const WHAT: &str = "UPDATE imports SET worked_by = 'another machine' WHERE id = OLD.import_id;";
    let trigger = |conn: &mut Conn| {
        match conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute(&format!(
            "CREATE TRIGGER taken_over AFTER DELETE ON transactions BEGIN {WHAT} END"
        )),
        Conn::Postgres(postgres) => postgres.batch_execute(&format!(
            "CREATE FUNCTION taken_over() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {WHAT} RETURN OLD; END$$; \
             CREATE TRIGGER taken_over AFTER DELETE ON transactions FOR EACH ROW EXECUTE FUNCTION taken_over()"
        )),
    }
    };
    desk.office.db.write(trigger).unwrap();
}

#[test]
fn whoever_was_silent_for_too_long_stops_when_another_machine_has_taken_over() {
    let desk = Desk::with_window(&json("set_2000/truth.json")["window"]);
    let id = desk.imports("set_2000/failed.csv").import;
    is_taken_over_by_another_machine(&desk);
    let stopped = desk.office.undo_import(id).unwrap_err().to_string();
    assert!(stopped.contains("Something else is done"), "{stopped}");
    assert!(rows(&desk) > 0, "it did not go on");
    assert_eq!(desk.stands(id), ImportState::Undoing);
}
