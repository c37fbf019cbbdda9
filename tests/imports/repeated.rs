//! The same file twice, overlapping files, taking back, trying out.

use super::{Desk, data, json};
use diesel::prelude::*;
use makegood::db::Conn;
use makegood::outreach::import::{ImportOptions, ImportState, Status};
use makegood::schema::{cases, households, imports, transactions};
use makegood::store::{households::Household, outages};

pub fn published(conn: &mut Conn, outage: i64) -> makegood::store::Result<i64> {
    Ok(outages::find(conn, outage)?.unwrap().published_import_id)
}

/// What counts in the outage, without ids and times.
pub fn snapshot(desk: &Desk) -> Vec<String> {
    desk.office
        .db
        .read(|conn| -> makegood::store::Result<Vec<String>> {
            let until = published(conn, desk.outage)?;
            let mut lines = Vec::new();
            let found: Vec<makegood::store::cases::Case> = cases::table
                .filter(cases::import_id.le(until))
                .select(makegood::store::cases::Case::as_select())
                .load(conn)?;
            let homes: Vec<Household> = households::table
                .filter(households::import_id.le(until))
                .select(Household::as_select())
                .load(conn)?;
            for case in found {
                let home = homes.iter().find(|home| Some(home.id) == case.household_id);
                lines.push(format!(
                    "case {} {:?} {:?} {} {} {:?} {:?}",
                    case.identity_key,
                    case.phone,
                    case.email,
                    case.transactions,
                    case.stage,
                    case.amount_cents,
                    home.map(|home| &home.phone)
                ));
            }
            for home in homes {
                lines.push(format!(
                    "home {} {} {} {} {:?} {}",
                    home.phone, home.stage, home.citizens, home.score, home.language, home.time_zone
                ));
            }
            let count: i64 = transactions::table
                .filter(transactions::import_id.le(until))
                .count()
                .get_result(conn)?;
            lines.push(format!("transactions {count}"));
            lines.sort();
            Ok(lines)
        })
        .unwrap()
}

pub fn household_ids(desk: &Desk) -> Vec<i64> {
    desk.office
        .db
        .read(|conn| households::table.select(households::id).load(conn))
        .unwrap()
}

/// Rows of any kind besides the imports themselves.
pub fn rows(desk: &Desk) -> i64 {
    desk.office
        .db
        .read(|conn| -> makegood::store::Result<i64> {
            let of_cases: i64 = cases::table.count().get_result(conn)?;
            let of_homes: i64 = households::table.count().get_result(conn)?;
            let of_records: i64 = transactions::table.count().get_result(conn)?;
            Ok(of_cases + of_homes + of_records)
        })
        .unwrap()
}

#[test]
fn the_same_file_under_another_name_changes_nothing_and_says_so() {
    let desk = Desk::open();
    desk.imports("quirks/00_base.csv");
    let before = snapshot(&desk);
    let report = desk.imports("quirks/31_duplicate_of_base.csv");
    assert_eq!(report.status, Status::AlreadyImported);
    assert_eq!((report.duplicates, report.outage.citizens), (11, 7));
    assert_eq!(snapshot(&desk), before);
}

#[test]
fn the_same_records_in_another_file_are_duplicates() {
    let desk = Desk::open();
    desk.imports("quirks/00_base.csv");
    let before = snapshot(&desk);
    let report = desk.imports("quirks/05_tab_separated.tsv");
    assert_eq!(
        (report.accepted, report.duplicates, report.rejected.bad_timestamp),
        (0, 11, 1)
    );
    assert_eq!(snapshot(&desk), before);
}

#[test]
fn an_overlapping_export_adds_what_is_new_and_taking_it_back_leaves_no_trace() {
    let desk = Desk::open();
    desk.imports("quirks/00_base.csv");
    let before = snapshot(&desk);
    let expected = json("quirks/32_overlap_second_export.csv.expected.json");
    let report = desk.imports("quirks/32_overlap_second_export.csv");
    assert_eq!((report.accepted, report.duplicates), (4, 5));
    for key in [
        "citizens",
        "households",
        "citizens_email_only",
        "citizens_unreachable",
    ] {
        let told = serde_json::to_value(report.outage).unwrap();
        assert_eq!(told[key], expected["cumulative"][key], "{key}");
    }
    assert!(
        snapshot(&desk)
            .iter()
            .any(|line| line.starts_with("case A:T-1000001") && line.contains(" 3 new"))
    );
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(snapshot(&desk), before);
    assert_eq!(desk.imports("quirks/32_overlap_second_export.csv").accepted, 4);
}

#[test]
fn imports_in_any_order_find_the_same_people() {
    let together = Desk::open();
    together.imports("quirks/00_base.csv");
    together.imports("quirks/32_overlap_second_export.csv");
    let turned = Desk::open();
    turned.imports("quirks/32_overlap_second_export.csv");
    turned.imports("quirks/00_base.csv");
    let cases = |desk: &Desk| -> Vec<String> {
        snapshot(desk)
            .into_iter()
            .filter(|line| line.starts_with("case"))
            .collect()
    };
    assert_eq!(cases(&together), cases(&turned));
}

/// The lines that only one of the two has.
fn differences(one: &[String], other: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these
            .iter()
            .filter(|line| !those.contains(line))
            .cloned()
            .collect()
    };
    [only(one, other), only(other, one)].concat()
}

/// The larger file in two halves, record by record, as two exports.
pub fn halves(desk: &Desk) -> (std::path::PathBuf, std::path::PathBuf) {
    let mut reader = csv::Reader::from_path(data("set_2000/failed.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let paths = ["first.csv", "second.csv"].map(|name| desk.office.config.data_dir.join(name));
    let mut writers = paths
        .clone()
        .map(|path| csv::WriterBuilder::new().flexible(true).from_path(path).unwrap());
    for writer in &mut writers {
        writer.write_record(&header).unwrap();
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(data("set_2000/failed.csv"))
        .unwrap();
    for (number, record) in reader.records().enumerate() {
        // Records with an account id come late, so that many people are known by e-mail first.
        let record = record.unwrap();
        let late = record.get(2).is_some_and(|account| !account.is_empty()) && number % 3 != 0;
        writers[usize::from(late)].write_record(&record).unwrap();
    }
    let [first, second] = paths;
    (first, second)
}

#[test]
fn two_exports_give_the_people_of_one_and_the_second_can_be_taken_back() {
    let truth = json("set_2000/truth.json");
    let desk = Desk::with_window(&truth["window"]);
    let (first, second) = halves(&desk);
    let import = |path| {
        desk.office
            .import_file(desk.outage, path, &ImportOptions::default(), &mut |_| {})
            .unwrap()
    };
    import(&first);
    let before = snapshot(&desk);
    let report = import(&second);
    for key in [
        "citizens",
        "households",
        "citizens_with_phone",
        "citizens_email_only",
        "citizens_unreachable",
    ] {
        let told = serde_json::to_value(report.outage).unwrap();
        assert_eq!(told[key], truth["failed"][key], "{key}");
    }
    assert!(report.moved > 0);
    let whole = Desk::with_window(&truth["window"]);
    whole.imports("set_2000/failed.csv");
    let people = |desk: &Desk| -> Vec<String> {
        let lines = snapshot(desk).into_iter();
        lines
            .filter(|line| line.starts_with("case") && !line.contains(" 0 closed"))
            .collect()
    };
    assert_eq!(differences(&people(&desk), &people(&whole)), [""; 0]);
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(differences(&snapshot(&desk), &before), [""; 0]);
}

#[test]
fn a_dry_run_tells_the_numbers_and_leaves_nothing() {
    let desk = Desk::open();
    let options = ImportOptions {
        dry_run: true,
        ..ImportOptions::default()
    };
    let report = desk.imports_with("small.csv", &options);
    assert_eq!(
        (report.status, report.outage.citizens, report.outage.households),
        (Status::DryRun, 29, 21)
    );
    assert_eq!(rows(&desk), 0);
    assert_eq!(desk.imports("small.csv").status, Status::Applied);
}

#[test]
fn only_the_latest_import_can_be_taken_back() {
    let desk = Desk::open();
    let first = desk.imports("quirks/00_base.csv").import;
    let second = desk.imports("quirks/32_overlap_second_export.csv").import;
    assert!(
        desk.office
            .undo_import(first)
            .unwrap_err()
            .to_string()
            .contains("later import")
    );
    desk.office.undo_import(second).unwrap();
    desk.office.undo_import(first).unwrap();
    assert_eq!(rows(&desk), 0);
    assert_eq!(desk.office.import(first).unwrap().state(), ImportState::Undone);
}

/// How many households each list has; the pool is the last.
fn lists(desk: &Desk) -> Vec<i64> {
    let standings = desk.office.lists(desk.outage).unwrap();
    standings.iter().map(|list| list.households).collect()
}

#[test]
fn what_a_later_export_brings_is_dealt_to_the_same_lists() {
    use makegood::domain::role::Role;
    use makegood::domain::split::By;
    use makegood::outreach::accounts::NewAccount;
    use makegood::outreach::lists::Split;
    let desk = Desk::open();
    let mut callers = Vec::new();
    for name in ["Ana", "Ben"] {
        let account = NewAccount {
            email: format!("{name}@agency.example"),
            name: name.into(),
            role: Role::Caller,
            languages: Vec::new(),
            specialist: false,
        };
        callers.push((desk.office.add_account(&account, None).unwrap().0, 1));
    }
    desk.imports("quirks/00_base.csv");
    assert_eq!(lists(&desk), [4]);
    let split = Split::of_pool(By::Even, callers, 7);
    desk.office.split(desk.outage, &split, false).unwrap();
    assert_eq!(lists(&desk), [2, 2, 0]);
    let second = desk.imports("small.csv");
    let all = second.outage.households;
    let dealt = lists(&desk);
    assert!(dealt.iter().sum::<i64>() >= all, "{dealt:?}");
    assert_eq!(dealt[2], 0, "nobody is left in the pool");
    assert!((dealt[0] - dealt[1]).abs() <= 1, "{dealt:?}");
    // Whoever finds that a process died between the import and its deal, deals.
    desk.office
        .db
        .write(|conn| {
            let new = households::table.filter(households::import_id.eq(second.import));
            diesel::update(new)
                .set(households::list_id.eq(None::<i64>))
                .execute(conn)?;
            let import = imports::table.find(second.import);
            diesel::update(import)
                .set(imports::deal_due.eq(true))
                .execute(conn)
        })
        .unwrap();
    assert_ne!(lists(&desk), dealt);
    desk.office.tidy_imports().unwrap();
    assert_eq!(lists(&desk), dealt);
    // Taken back, the lists are as they were.
    desk.office.undo_import(second.import).unwrap();
    assert_eq!(lists(&desk), [2, 2, 0]);
}
