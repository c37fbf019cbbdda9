//! Any bytes as a file: the guard masks them alike however they arrive, the reader does not panic, what is asked has answers, and
//! every record it gives gets one bin, in the order of its lines.
#![no_main]

#[allow(dead_code)]
#[path = "../../src/broken.rs"]
mod broken;
#[allow(dead_code, unused_imports)]
#[path = "../../src/domain/mod.rs"]
mod domain;
#[allow(dead_code, unused_imports)]
#[path = "../../src/reader/mod.rs"]
mod reader;

use std::io::{Cursor, Write};

use domain::account::AccountFormat;
use domain::import::ImportKind;
use domain::reading::{Reading, Row};
use domain::timestamp::Timestamp;
use domain::window::Window;
use libfuzzer_sys::fuzz_target;
use reader::{Around, Guard, Hints, Layout, inspect, records};

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

/// One of eight outages: for failures or payments, with a window in which the samples lie or with all time, with accounts of one
/// form or of any.
fn around(length: usize) -> Around {
    let is = |bit: usize| length >> bit & 1 == 1;
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
    let unknown = Around::unknown();
    Around {
        kind: if is(0) { ImportKind::Successes } else { ImportKind::Failed },
        accounts: if is(1) { AccountFormat::any() } else { "T-0000000".parse().unwrap() },
        window: match is(2) {
            true => unknown.window,
            false => Window { start: at(1_795_570_800), end: at(1_795_572_000) },
        },
        zone: "America/Denver".parse().unwrap(),
    }
}

/// Reads a file to its end, or until it is refused.
fn read(bytes: &[u8]) {
    let around = around(bytes.len());
    let Ok(layout) = inspect(&mut Cursor::new(bytes), &Hints::default(), &around) else {
        return;
    };
    can_be_answered(&layout);
    let reading = Reading::new(&layout.mapping(), layout.rules(&around));
    let Ok(records) = records(Cursor::new(bytes.to_vec()), &layout) else {
        return;
    };
    let (mut last, mut rows) = (0, 0);
    let mut bins = [0; 6];
    for record in records.map_while(Result::ok) {
        let bin = match reading.read(&record).row {
            Row::Failed(_) => 0,
            Row::Paid(_) => 1,
            Row::Refunded(_) => 2,
            Row::LeftOut => 3,
            Row::Unknown(_) => 4,
            Row::Rejected(rejection) => {
                assert!(!rejection.as_str().is_empty());
                5
            }
        };
        bins[bin] += 1;
        rows += 1;
        assert!(last < record.line());
        last = record.line();
    }
    assert_eq!(bins.iter().sum::<u64>(), rows);
}

/// Every question proposes one of its answers, and every answer is a flag.
fn can_be_answered(layout: &Layout) {
    for question in &layout.questions {
        let flags: Vec<&str> = question.choices.iter().map(|choice| choice.flag.as_str()).collect();
        assert!(flags.contains(&question.flag.as_str()));
        assert!(flags.iter().all(|flag| flag.starts_with("--")));
    }
}
