//! Files nobody means well with: every record has a bin, nothing panics, memory stays small.

use proptest::prelude::*;

use super::*;
use crate::domain::record::Flaw;

/// Reads a file to its end; the flaws and lines of its records, or why it is refused.
fn swallowed(bytes: Vec<u8>) -> Result<Vec<(u64, Option<Flaw>)>, String> {
    let layout = inspect(&mut Cursor::new(&bytes), &Hints::default()).map_err(|error| error.to_string())?;
    let all = records(Cursor::new(bytes), &layout).map_err(|error| error.to_string())?;
    all.map(|record| {
        record
            .map(|r| (r.line(), r.flaw()))
            .map_err(|error| error.to_string())
    })
    .collect()
}

const HEADER: &str = "transaction_id,timestamp,account_id,email,memo\n";
const ROW: &str = "1,2026-04-15T18:41:00Z,T-1,a@example.com,x\n";

#[test]
fn a_quote_left_open_costs_one_line_wherever_it_stands() {
    for at in [0, 7, 5_000] {
        let mut rows = vec![ROW.to_owned(); 10_000];
        rows[at] = "1,2026-04-15T18:41:00Z,T-1,a@example.com,\"x\n".to_owned();
        let read = swallowed(format!("{HEADER}{}", rows.concat()).into_bytes()).unwrap();
        let flawed: Vec<_> = read.iter().filter(|record| record.1.is_some()).collect();
        assert_eq!(
            (read.len(), flawed),
            (10_000, vec![&(at as u64 + 2, Some(Flaw::UnbalancedQuote))])
        );
    }
}

#[test]
fn quotes_left_open_twice_cost_two_lines() {
    let open = "1,2026-04-15T18:41:00Z,T-1,a@example.com,\"x\n";
    let read = swallowed(format!("{HEADER}{ROW}{open}{ROW}{ROW}{open}{ROW}").into_bytes()).unwrap();
    assert_eq!(read.len(), 6);
    let read = swallowed(format!("{HEADER}{ROW}{open}{ROW}1,2,3,4,\"b, c\"\n{ROW}").into_bytes()).unwrap();
    assert_eq!(
        read.iter().map(|record| record.1.is_some()).collect::<Vec<_>>(),
        [false, true, false, false, false]
    );
}

#[test]
fn a_field_of_many_megabytes_is_one_bad_record() {
    let huge = "x".repeat(20 << 20);
    let file = format!("{HEADER}{ROW}1,2026-04-15T18:41:00Z,T-1,a@example.com,{huge}\n{ROW}");
    let read = swallowed(file.into_bytes()).unwrap();
    assert_eq!(read, [(2, None), (3, Some(Flaw::TooLarge)), (4, None)]);
}

#[test]
fn a_million_commas_are_one_bad_record() {
    let file = format!("{HEADER}{ROW}a{}\n{ROW}", ",".repeat(1 << 20));
    assert_eq!(
        swallowed(file.into_bytes()).unwrap(),
        [(2, None), (3, Some(Flaw::TooManyFields)), (4, None)]
    );
}

#[test]
fn what_is_no_table_is_refused_with_words() {
    for (bytes, word) in [
        (b"".as_slice(), "empty"),
        (b"\n\n  \n", "empty"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\n<html><table>", "web page"),
        (b"{\"a\":1}", "JSON"),
        (&[1, 2, 3, 4, 5, 6, 7, 8].repeat(99), "format of its own"),
    ] {
        let refused = swallowed(bytes.to_vec()).unwrap_err();
        assert!(refused.contains(word), "{refused}");
    }
}

#[test]
fn a_torn_workbook_is_refused_and_never_panics() {
    let whole = bytes("quirks/29_two_sheets_title_rows.xlsx");
    for length in (0..whole.len()).step_by(97) {
        let mut torn = whole.clone();
        torn[length] ^= 0x55;
        let _ = swallowed(torn);
        assert!(swallowed(whole[..length].to_vec()).is_err());
    }
}

/// Text as exports and accidents make it: cells, delimiters, quotes, line ends and stray bytes.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-z0-9@.+ -]{0,12}".prop_map(String::into_bytes),
        4 => Just(b",".to_vec()),
        3 => Just(b"\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        2 => Just(b"\"".to_vec()),
        1 => Just(b"\\".to_vec()),
        1 => Just(b"4111 1111 1111 1111".to_vec()),
        1 => Just(b"2026-04-15T18:41:00Z".to_vec()),
        1 => Just("\u{e9}\u{200b}\u{ff13}".as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    let body = prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat());
    (any::<bool>(), body)
        .prop_map(|(header, body)| [if header { HEADER.as_bytes() } else { b"" }, &body].concat())
}

/// A good file of the test data with some bytes changed, added, doubled or taken away.
fn spoiled_file() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<String> = std::fs::read_dir(format!("{DATA}quirks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            [".csv", ".tsv", ".xlsx"]
                .iter()
                .any(|ending| name.ends_with(ending))
        })
        .collect();
    let change = (
        any::<prop::sample::Index>(),
        0_usize..6,
        any::<u8>(),
        1_usize..200,
    );
    (prop::sample::select(names), prop::collection::vec(change, 1..8)).prop_map(|(name, changes)| {
        let mut file = bytes(&format!("quirks/{name}"));
        for (at, what, byte, length) in changes {
            let at = at.index(file.len() + 1);
            let end = (at + length).min(file.len());
            let piece = file[at..end].to_vec();
            match what {
                0 if at < file.len() => file[at] = byte,
                1 => file.insert(at, byte),
                2 => file.insert(at, b",;\t\"'\\\r\n"[usize::from(byte) % 8]),
                3 => drop(file.drain(at..end)),
                4 => drop(file.splice(at..at, piece)),
                _ => file.truncate(at.max(1)),
            }
        }
        file
    })
}

/// How often each property is tried: PROPTEST_CASES says so for a long run.
fn tries(usual: u32) -> ProptestConfig {
    let said = ProptestConfig::default();
    ProptestConfig {
        cases: if said.cases == 256 { usual } else { said.cases },
        ..said
    }
}

proptest! {
    #![proptest_config(tries(64))]

    #[test]
    fn every_record_of_a_spoiled_file_gets_one_bin(file in spoiled_file()) {
        let window = Window { start: Timestamp::from_micros(0), end: Timestamp::from_micros(i64::MAX) };
        let layout = inspect(&mut Cursor::new(&file), &Hints::default());
        if let (Ok(layout), Ok(report)) = (layout, Desk::default().import(file.clone(), window, &Hints::default())) {
            let all: Vec<_> = records(Cursor::new(file), &layout).unwrap().collect();
            prop_assert_eq!(all.len(), report.bins.len());
            prop_assert!(report.lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn every_record_of_any_file_gets_one_bin(file in any_file()) {
        let window = Window { start: Timestamp::from_micros(0), end: Timestamp::from_micros(i64::MAX) };
        let mut desk = Desk::default();
        let layout = inspect(&mut Cursor::new(&file), &Hints::default());
        let known: BTreeSet<&str> = ["accepted", "duplicate", "before", "after", "malformed", "bad_timestamp", "no_identity", "left_out", "succeeded"].into();
        if let (Ok(layout), Ok(report)) = (layout, desk.import(file.clone(), window, &Hints::default())) {
            let count = records(Cursor::new(file), &layout).unwrap().count();
            prop_assert_eq!(count, report.bins.len());
            prop_assert!(report.bins.iter().all(|found| known.contains(found.0)));
            prop_assert!(report.lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn the_guard_masks_alike_however_the_bytes_arrive(file in any_file(), chunk in 1_usize..300) {
        let through = |chunk: usize| {
            let mut guard = crate::reader::Guard::new(Vec::new());
            file.chunks(chunk).for_each(|piece| std::io::Write::write_all(&mut guard, piece).unwrap());
            guard.finish().unwrap()
        };
        prop_assert_eq!(through(chunk), through(usize::MAX));
    }

    #[test]
    fn reading_any_cells_never_panics(cells in prop::collection::vec(any::<String>(), Field::COUNT)) {
        let mapping = crate::domain::reading::Mapping::of_fields(&Field::ALL.map(Some));
        let layout = inspect(&mut Cursor::new(HEADER), &Hints::default()).unwrap();
        let record = crate::domain::record::Record::from_cells(1, cells.iter().map(String::as_str));
        let read = Reading::new(&mapping, rules(&layout)).read(&record);
        prop_assert!(read.row.rejection().is_none_or(|rejection| !rejection.as_str().is_empty()));
    }
}
