//! Every export that is known, with an invented file of it: read without a question, and rightly.

use super::{data, json};
use crate::harness::{App, Ran};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// The names of the files with this ending in a folder, without the ending.
fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            Some(name.strip_suffix(ending)?.to_owned())
        })
        .collect()
}

/// The layouts that the program is built with.
fn layouts() -> BTreeSet<String> {
    names(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/layouts"),
        ".toml",
    )
}

/// What is right for the sample of a layout.
fn expected(layout: &str) -> Value {
    json(&format!("layouts/{layout}.expected.json"))
}

/// A sample, or the failed payments that the samples of payments are held against.
fn sample(name: &str) -> String {
    data("layouts").join(name).to_str().unwrap().to_owned()
}

/// An outage of its own for a layout, with the failed payments that its sample is about.
fn opens_outage(app: &App, layout: &str, expected: &Value) {
    let window = |key: &str| expected["window"][key].as_str().unwrap();
    app.runs(&[
        "outage",
        "create",
        "--slug",
        layout,
        "--name",
        layout,
        "--start",
        window("start"),
        "--end",
        window("end"),
        "--tz",
        window("tz"),
        "--account-format",
        "T-0000000",
    ])
    .ends_with(0);
    for first in expected["first"].as_array().into_iter().flatten() {
        let [verb, file] = [0, 1].map(|at| first[at].as_str().unwrap());
        brings(app, verb, layout, file).ends_with(0);
    }
}

/// Brings a file of the samples without a word about it.
fn brings(app: &App, verb: &str, layout: &str, file: &str) -> Ran {
    app.runs(&["--json", verb, "--outage", layout, &sample(file)])
}

/// The cases of a layout's outage.
fn cases(app: &App, layout: &str) -> Vec<Value> {
    let told = app
        .runs(&["export", "cases", "--outage", layout, "--format", "ndjson"])
        .ends_with(0);
    let lines = told.stdout.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A bin of a report, however finely it is told.
fn total(bin: &Value) -> i64 {
    let parts = bin.as_object().into_iter().flat_map(Map::values);
    bin.as_i64()
        .unwrap_or_else(|| parts.filter_map(Value::as_i64).sum())
}

/// What a case says of its person, in the words of the expectations; nothing where it says nothing.
fn said_of(case: &Value, field: &str) -> Option<String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let said = match field {
        "name" => format!("{} {}", text("given_name"), text("family_name"))
            .trim()
            .to_lowercase(),
        field => text(field),
    };
    (!said.is_empty()).then_some(said)
}

/// Everybody who failed, and nobody else, as the cases have it and as it is expected.
fn people(cases: &[Value], right: &Value) -> Option<String> {
    let right = right.as_array()?;
    let told = |field: &str, of: &Value| (field.to_owned(), said_of(of, field));
    let fields: Vec<String> = right.first()?.as_object()?.keys().cloned().collect();
    let have: BTreeSet<_> = cases
        .iter()
        .map(|case| fields.iter().map(|field| told(field, case)).collect::<Vec<_>>())
        .collect();
    let want: BTreeSet<_> = right
        .iter()
        .map(|person| {
            let said = |field: &String| person[field].as_str().map(str::to_owned);
            fields
                .iter()
                .map(|field| (field.clone(), said(field)))
                .collect::<Vec<_>>()
        })
        .collect();
    (have != want).then(|| format!("people {have:?} and not {want:?}"))
}

/// Whose cases the file closed as paid, and whose it should.
fn paid(cases: &[Value], right: &Value) -> Option<String> {
    let want: BTreeSet<&str> = right.as_array()?.iter().filter_map(Value::as_str).collect();
    let key = if want.iter().any(|who| who.contains('@')) {
        "email"
    } else {
        "account_id"
    };
    let closed = cases.iter().filter(|case| case["resolution"] == "paid");
    let have: BTreeSet<&str> = closed.filter_map(|case| case[key].as_str()).collect();
    (have != want).then(|| format!("paid {have:?} and not {want:?}"))
}

/// What is not right about a layout's sample.
fn wrong(app: &App, layout: &str) -> Vec<String> {
    let expected = expected(layout);
    opens_outage(app, layout, &expected);
    let verb = expected["verb"].as_str().unwrap();
    let ran = brings(app, verb, layout, &format!("{layout}.csv"));
    if ran.code != Some(0) {
        return vec![format!("{layout}: {}", ran.stdout.trim())];
    }
    let (report, right, cases) = (ran.json(), &expected["right"], cases(app, layout));
    let counts = ["bins", "report"].map(|key| right[key].as_object().into_iter().flatten());
    let counts = counts.into_iter().flatten().filter_map(|(key, want)| {
        let have = total(&report[key]);
        (have != total(want)).then(|| format!("{key} {have} and not {want}"))
    });
    counts
        .chain(people(&cases, &right["people"]))
        .chain(paid(&cases, &right["paid"]))
        .map(|what| format!("{layout}: {what}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_export_is_read_rightly_and_without_a_question() {
    let app = App::start().await;
    let wrong: Vec<String> = layouts().iter().flat_map(|layout| wrong(&app, layout)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layout_has_a_sample_and_stands_in_the_documentation() {
    let layouts = layouts();
    assert!(layouts.len() >= 18, "{layouts:?}");
    let mut samples = names(&data("layouts"), ".csv");
    samples.remove("failures");
    assert_eq!(samples, layouts);
    assert_eq!(names(&data("layouts"), ".expected.json"), layouts);
    let told = include_str!("../../docs/exports.md");
    for layout in &layouts {
        assert!(
            told.contains(&format!("`{layout}`")),
            "docs/exports.md does not name {layout}"
        );
    }
}
