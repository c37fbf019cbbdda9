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

use domain::import::ImportKind;
use domain::reading::{Reading, Row};
use libfuzzer_sys::fuzz_target;
use reader::{Around, Guard, Hints, inspect, records};

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
    let around = Around {
        kind: if bytes.len() % 2 == 0 { ImportKind::Failed } else { ImportKind::Successes },
        accounts: "T-0000000".parse().unwrap(),
        ..Around::unknown()
    };
    let Ok(layout) = inspect(&mut Cursor::new(bytes), &Hints::default(), &around) else {
        return;
    };
    let reading = Reading::new(&layout.mapping(), layout.rules(&around));
    let Ok(records) = records(Cursor::new(bytes.to_vec()), &layout) else {
        return;
    };
    let mut last = 0;
    for record in records.map_while(Result::ok) {
        let read = reading.read(&record);
        let bin = match &read.row {
            Row::Rejected(rejection) => rejection.as_str(),
            Row::LeftOut | Row::Unknown(_) => "left_out",
            Row::Failed(_) | Row::Paid(_) | Row::Refunded(_) => "taken",
        };
        assert!(!bin.is_empty() && last < record.line());
        last = record.line();
    }
}
