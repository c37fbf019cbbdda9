//! The files of `quirks/`: each gives what is expected of it, or an answer that is as good.

use super::*;

/// The window and the hints a file is imported with: none but its columns where it has no header.
fn prepared(expected: &Value) -> (Window, Hints) {
    let columns = expected["how_to_read"]["columns"].as_array();
    let field = |name: &Value| Some(name.as_str().unwrap().parse::<Field>().unwrap());
    (
        window(expected),
        Hints {
            columns: columns.map(|names| names.iter().map(field).collect()),
            ..Hints::default()
        },
    )
}

/// The state of an outage in the words of `expected.json`.
fn state(desk: &Desk) -> Value {
    let census = desk.census(false);
    let mut keys: Vec<&str> = desk.citizens.iter().map(|citizen| citizen.key.as_str()).collect();
    keys.sort_unstable();
    json!({
        "citizens": census.citizens, "households": census.households.len(), "citizens_email_only": census.email_only,
        "citizens_unreachable": census.unreachable, "citizen_keys": keys,
        "call_phones": census.households.keys().collect::<Vec<_>>(),
    })
}

fn outcome_of_failed(desk: &Desk, report: &Report, cumulative: bool) -> Value {
    let count = |bin: &str| report.bins.iter().filter(|found| found.0 == bin).count();
    let keys = desk.keys();
    let by_record = report.bins.iter().map(|(bin, index)| match index {
        Some(index) => format!("{bin} {}", keys[*index]),
        None => (*bin).to_owned(),
    });
    let mut outcome = json!({
        "file": "accepted", "records": report.bins.len(), "accepted": count("accepted"),
        "outside_window": count("before") + count("after"), "duplicates": count("duplicate"),
        "rejected": {"malformed": count("malformed"), "bad_timestamp": count("bad_timestamp"), "no_identity": count("no_identity")},
    });
    if !cumulative {
        outcome["by_record"] = json!(by_record.collect::<Vec<_>>());
        let state = state(desk);
        state
            .as_object()
            .unwrap()
            .iter()
            .for_each(|(key, value)| outcome[key] = value.clone());
    }
    outcome
}

fn outcome_of_successes(desk: &Desk, bins: &[(String, Option<&'static str>)]) -> Value {
    let count = |bin: &str| bins.iter().filter(|found| found.0.starts_with(bin)).count();
    json!({
        "file": "accepted", "records": bins.len(), "matched": count("matched"), "unmatched": count("unmatched"),
        "ambiguous": count("ambiguous"), "too_early": count("too_early"), "duplicates": count("duplicate"),
        "rejected": {"malformed": count("malformed"), "bad_timestamp": count("bad_timestamp"), "no_identity": count("no_identity")},
        "citizens_paid": desk.paid.len(), "paid_keys": desk.paid,
        "by_record": bins.iter().map(|found| &found.0).collect::<Vec<_>>(), "after": after_as_truth(desk),
    })
}

/// Imports a file after those that have to come first, and says what came out.
fn outcome(expected: &Value) -> (Desk, Value) {
    let (window, hints) = prepared(expected);
    let mut desk = Desk::default();
    let first = expected["import_first"].as_array().cloned().unwrap_or_default();
    for name in &first {
        desk.import(
            bytes(&format!("quirks/{}", name.as_str().unwrap())),
            window,
            &Hints::default(),
        )
        .unwrap();
    }
    let file = bytes(&format!("quirks/{}", expected["file"].as_str().unwrap()));
    let outcome = if expected["kind"] == "successes" {
        desk.reconcile(file, &hints)
            .map(|bins| outcome_of_successes(&desk, &bins))
    } else {
        desk.import(file, window, &hints)
            .map(|report| outcome_of_failed(&desk, &report, !first.is_empty()))
    };
    let outcome = outcome.unwrap_or_else(|reason| json!({"file": "refused", "reason": reason}));
    (desk, outcome)
}

/// Whether everything that is expected came out; more may.
fn holds(expected: &Value, outcome: &Value) -> bool {
    expected
        .as_object()
        .unwrap()
        .iter()
        .all(|(key, value)| outcome.get(key) == Some(value))
}

#[test]
fn every_quirk_is_read_as_expected() {
    let mut names: Vec<String> = std::fs::read_dir(format!("{DATA}quirks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".expected.json"))
        .collect();
    names.sort();
    let mut second_best = Vec::new();
    for name in &names {
        let expected = json_of(&format!("quirks/{name}"));
        let (desk, outcome) = outcome(&expected);
        let others = expected["also_ok"].as_array().cloned().unwrap_or_default();
        if !holds(&expected["expect"], &outcome) {
            assert!(
                others.iter().any(|other| holds(&other["expect"], &outcome)),
                "{name}: {outcome:#}"
            );
            second_best.push(name.as_str());
        }
        if let Some(cumulative) = expected.get("cumulative") {
            assert!(holds(cumulative, &state(&desk)), "{name}: {:#}", state(&desk));
        }
        for (key, shown) in expected["names"].as_object().into_iter().flatten() {
            let citizen = desk
                .citizens
                .iter()
                .find(|citizen| citizen.key.as_str() == key)
                .unwrap();
            assert!(
                citizen.names.contains(shown.as_str().unwrap()),
                "{name}: {:?}",
                citizen.names
            );
        }
    }
    assert_eq!((names.len(), second_best), (35, Vec::<&str>::new()));
}

#[test]
fn without_its_columns_a_file_without_header_is_asked_about() {
    let mut desk = Desk::default();
    let expected = json_of("quirks/13_no_header.csv.expected.json");
    let refused = desk.import(
        bytes("quirks/13_no_header.csv"),
        window(&expected),
        &Hints::default(),
    );
    assert!(refused.unwrap_err().contains("header is missing"));
}

#[test]
fn a_decimal_comma_is_not_a_thousands_mark() {
    let (desk, _) = outcome(&json_of("quirks/04_semicolon_decimal_comma.csv.expected.json"));
    let first = desk
        .accepted
        .iter()
        .find(|t| t.transaction_id.as_deref() == Some("PAY-00005001"))
        .unwrap();
    assert_eq!(first.amount.unwrap().0, 123_456);
}

#[test]
fn an_unbalanced_quote_is_told_with_its_line() {
    let expected = json_of("quirks/09_unbalanced_quote.csv.expected.json");
    let (window, hints) = prepared(&expected);
    let mut desk = Desk::default();
    let report = desk
        .import(bytes("quirks/09_unbalanced_quote.csv"), window, &hints)
        .unwrap();
    let at = report
        .bins
        .iter()
        .position(|found| found.0 == "malformed")
        .unwrap();
    assert_eq!(
        (report.lines[at], report.rejections[0].to_string()),
        (5, "a quote is opened and not closed".to_owned())
    );
}

#[test]
fn no_card_number_is_left_in_anything_that_is_kept() {
    let expected = json_of("quirks/20_card_numbers.csv.expected.json");
    let file = bytes("quirks/20_card_numbers.csv");
    let layout = inspect(&mut Cursor::new(&file), &Hints::default()).unwrap();
    let mut kept = format!("{layout:?}");
    let reading = Reading::new(&layout.mapping(), rules(&layout));
    let mut cards = 0;
    for record in records(Cursor::new(file.clone()), &layout).unwrap() {
        let record = record.unwrap();
        let read = reading.read(&record);
        cards += read.card_cells;
        kept.push_str(&format!("{:?}{:?}", read.row, record.masked()));
    }
    let mut guard = crate::reader::Guard::new(Vec::new());
    std::io::Write::write_all(&mut guard, &file).unwrap();
    kept.push_str(&String::from_utf8(guard.finish().unwrap().0).unwrap());
    for number in expected["never_store"].as_array().unwrap() {
        assert!(!kept.contains(number.as_str().unwrap()), "{number}");
    }
    assert_eq!(cards, 5);
}

#[test]
fn a_file_that_went_through_the_guard_is_read_alike() {
    let truth = json_of("small.truth.json");
    let mut guard = crate::reader::Guard::new(Vec::new());
    std::io::Write::write_all(&mut guard, &bytes("small.csv")).unwrap();
    let (guarded, masked) = guard.finish().unwrap();
    let mut desk = Desk::default();
    let report = desk.import(guarded, window(&truth), &Hints::default()).unwrap();
    assert_eq!(failed_as_truth(&desk, &report), truth["failed"]);
    assert_eq!((masked, report.card_cells), (2, 2));
}
