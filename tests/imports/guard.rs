//! Card numbers in every column, typed or as numbers of a workbook, in the name of the file: nothing of
//! them is on the disk while a file waits, is read or counts.

use super::Desk;
use makegood::outreach::import::{Hints, ImportKind, ImportState, Received, Then};
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

/// Numbers the processors give for tests, as people type them; the digits are looked for.
const CARDS: [&str; 6] = [
    "4111111111111111",
    "5555 5555 5555 4444",
    "378282246310005",
    "6011-1111-1111-1117",
    "30569309025904",
    "4222222222222",
];
/// A card number of which a spreadsheet kept 15 digits.
const CUT: &str = "4012888888881880";
const COLUMNS: [&str; 12] = [
    "transaction_id",
    "timestamp",
    "account_id",
    "given_name",
    "family_name",
    "email",
    "phone",
    "amount",
    "address",
    "memo",
    "channel",
    "colour",
];

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Records with one card in each column in turn, in every spelling. Some are accepted, some rejected.
fn rows() -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (number, card) in CARDS.iter().enumerate() {
        for column in 0..COLUMNS.len() {
            let mut row = [
                &format!("PAY-{number}-{column}"),
                "2026-04-15T18:45:00-06:00",
                &format!("T-{number:03}{column:04}"),
                "Ann",
                "Ruiz",
                &format!("a{number}{column}@example.com"),
                "303-555-0101",
                "12.50",
                "1 Main Street",
                "",
                "web",
                "",
            ]
            .map(str::to_owned);
            row[column] = (*card).to_owned();
            rows.push(row.to_vec());
        }
    }
    for column in [3, 9, 11] {
        let mut row = rows[COLUMNS.len() + 2].clone();
        row[0] = format!("CUT-{column}");
        row[column] = CUT.to_owned();
        rows.push(row);
    }
    rows
}

fn csv_file() -> Vec<u8> {
    let lines = rows().into_iter().map(|row| row.join(","));
    let lines: Vec<String> = [COLUMNS.join(",")].into_iter().chain(lines).collect();
    lines.join("\n").into_bytes()
}

/// The same as a workbook; what is all digits is a number there.
fn workbook() -> Vec<u8> {
    let cell = |text: &String| {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("<c><v>{text}</v></c>")
        } else {
            format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
    };
    let header: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    let rows: String = [header]
        .iter()
        .chain(&rows())
        .map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>()))
        .collect();
    crate::harness::workbook(&[("Failed", &rows)])
}

/// Files under a folder that hold any of the digits, also with blanks or hyphens between.
fn found(folder: &Path) -> Vec<String> {
    let wanted: Vec<String> = CARDS.iter().chain(&[CUT]).map(|card| digits(card)).collect();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        let packed: Vec<u8> = bytes
            .into_iter()
            .filter(|byte| !matches!(byte, b' ' | b'-' | 0))
            .collect();
        for card in &wanted {
            if packed.windows(card.len()).any(|window| window == card.as_bytes()) {
                found.push(format!("{card} in {}", path.display()));
            }
        }
    }
    found
}

fn no_digits_reach_the_disk(name: &str, bytes: Vec<u8>) {
    let desk = Desk::open();
    let folder = desk.folder();
    let none = |when: &str| assert_eq!(found(folder), Vec::<String>::new(), "{when}");
    let received = desk
        .office
        .receive(desk.outage, ImportKind::Failed, name, None, Cursor::new(bytes))
        .unwrap();
    let Received::New(id) = received else {
        panic!("{received:?}")
    };
    none("waiting");
    desk.office.inspect_import(id, &Hints::default()).unwrap();
    desk.office.preview_import(id, None, 3).unwrap();
    none("looked at");
    desk.office
        .start_import(id, Hints::default(), Then::Check)
        .unwrap();
    let began = Instant::now();
    while !matches!(desk.office.import(id).unwrap().state(), ImportState::Checked) {
        none("being read");
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{:?}",
            desk.office.import(id)
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    none("read");
    let report = desk.office.publish_import(id).unwrap();
    none("counting");
    // A number that was cut is counted apart; the three records with one have a whole one too.
    assert_eq!((report.card_numbers, report.rows), (75, 75));
    assert!(!desk.office.import(id).unwrap().file_name.contains("4111"));
}

#[test]
fn no_card_number_of_a_text_file_reaches_the_disk() {
    no_digits_reach_the_disk("failed 4111111111111111.csv", csv_file());
}

#[test]
fn no_card_number_of_a_workbook_reaches_the_disk() {
    no_digits_reach_the_disk("failed 4111 1111 1111 1111.xlsx", workbook());
}

/// The search of these tests finds what it should: a broken guard would not pass them.
#[test]
fn a_card_number_on_the_disk_would_be_found() {
    let desk = Desk::open();
    std::fs::write(desk.folder().join("left"), "x 4111-1111 11111111").unwrap();
    assert_eq!(found(desk.folder()).len(), 1);
}
