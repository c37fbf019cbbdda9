//! Any bytes as a file: the guard masks them alike however they arrive, the reader does not panic, and
//! every record it gives gets one bin, in the order of its lines.
#![no_main]

#[allow(dead_code, unused_imports)]
#[path = "../../src/domain/mod.rs"]
mod domain;
#[allow(dead_code, unused_imports)]
#[path = "../../src/reader/mod.rs"]
mod reader;

use std::io::{Cursor, Write};

use domain::reading::{Reading, Rules};
use domain::zone::Zone;
use libfuzzer_sys::fuzz_target;
use reader::{Guard, Hints, inspect, records};

fuzz_target!(|bytes: &[u8]| {
    let masked = guarded(bytes, usize::MAX);
    assert_eq!(guarded(bytes, 7 + bytes.len() % 90), masked);
    read(bytes);
    read(&masked);
});

fn guarded(bytes: &[u8], chunk: usize) -> Vec<u8> {
    let mut guard = Guard::new(Vec::new());
    for piece in bytes.chunks(chunk) {
        guard.write_all(piece).unwrap();
    }
    guard.finish().unwrap().0
}

/// Reads a file to its end, or until it is refused.
fn read(bytes: &[u8]) {
    let Ok(layout) = inspect(&mut Cursor::new(bytes), &Hints::default()) else {
        return;
    };
    let zone = Zone::utc();
    let mut rules = Rules::new(zone.clone(), "T-0000000".parse().unwrap());
    rules.calendar = layout.calendar(zone);
    let reading = Reading::new(&layout.mapping(), rules);
    let Ok(records) = records(Cursor::new(bytes.to_vec()), &layout) else {
        return;
    };
    let mut last = 0;
    for record in records.map_while(Result::ok) {
        let read = reading.read(&record);
        let bin = read.transaction.map_or_else(|rejection| rejection.as_str(), |_| "taken");
        assert!(!bin.is_empty() && last < record.line());
        last = record.line();
    }
}
