//! Exports as people bring them: what is right stands beside each file, per person, per bin, and for whom it pays. Without a
//! word said a file is either right or asked about, and then right by the answers that are proposed.

use super::{Desk, data};
use makegood::domain::moment::Calendar;
use makegood::outreach::export::{Format, What};
use makegood::outreach::import::{Hints, ImportKind, ImportOptions, Report, Status};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a file that nobody said anything about.
#[derive(Debug, PartialEq, Eq)]
enum Unattended {
    Right,
    /// Asked, with so many flags to answer.
    Asked(usize),
    Wrong(String),
}

impl Desk {
    /// An outage with a window on the clocks of its zone.
    fn of(window: &Value) -> Self {
        let zone = window["tz"].as_str().unwrap();
        let calendar = Calendar::new(zone.parse().unwrap());
        let at = |key: &str| calendar.read(window[key].as_str().unwrap()).unwrap().rfc3339();
        Self::with_window(&json!({"start": at("start"), "end_exclusive": at("end"), "tz": zone}))
    }

    fn reads(&self, folder: &str, (verb, file): (&str, &str), flags: &[String]) -> Report {
        let mut hints = Hints::default();
        let dry_run = flags.iter().any(|flag| flag == "--dry-run");
        let flags: Vec<String> = flags
            .iter()
            .filter(|flag| *flag != "--dry-run")
            .cloned()
            .collect();
        hints.take(&flags).unwrap();
        let options = ImportOptions {
            kind: if verb == "reconcile" {
                ImportKind::Successes
            } else {
                ImportKind::Failed
            },
            hints,
            dry_run,
            ..ImportOptions::default()
        };
        self.imports_with(&format!("{folder}/{file}"), &options)
    }

    /// Its cases as they are exported.
    fn people(&self) -> Vec<Value> {
        let mut out = Vec::new();
        self.office
            .export(self.outage, What::Cases, Format::Ndjson, &mut out)
            .unwrap();
        let lines = String::from_utf8(out).unwrap();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn words(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

/// An outage in which what comes first has happened.
fn prepared(folder: &str, about: &Value) -> Desk {
    let desk = Desk::of(&about["window"]);
    for step in about["first"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let (verb, file) = (step[0].as_str().unwrap(), step[1].as_str().unwrap());
        desk.reads(folder, (verb, file), &words(&step[2]));
    }
    desk
}

fn name(case: &Value) -> String {
    let part = |key: &str| case[key].as_str().unwrap_or_default();
    format!("{} {}", part("given_name"), part("family_name"))
        .trim()
        .to_owned()
}

fn held(case: &Value, field: &str) -> Value {
    let text = match field {
        "name" => name(case).to_lowercase(),
        field => case[field].as_str().unwrap_or_default().to_owned(),
    };
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn total(value: &Value) -> u64 {
    match value {
        Value::Object(parts) => parts.values().filter_map(Value::as_u64).sum(),
        value => value.as_u64().unwrap_or(0),
    }
}

/// What is not right; nothing when all is.
fn wrong(folder: &str, right: &Value, report: &Report, people: &[Value]) -> String {
    if report.status != Status::Applied {
        return format!("{}: {:?}", report.status, report.reason);
    }
    let told = report.json();
    let mut bad = Vec::new();
    if let Some(bins) = right["bins"].as_object() {
        for (bin, wanted) in bins {
            let have = total(&told[bin]);
            (have != wanted.as_u64().unwrap()).then(|| bad.push(format!("{bin} {have} not {wanted}")));
        }
        let all = [
            "accepted",
            "outside_window",
            "duplicates",
            "rejected",
            "succeeded",
            "left_out",
        ];
        let sum: u64 = all.iter().map(|bin| total(&told[bin])).sum();
        (sum != report.rows).then(|| bad.push(format!("bins {sum} of {} rows", report.rows)));
    }
    for (key, wanted) in right["report"].as_object().into_iter().flatten() {
        (told[key] != *wanted).then(|| bad.push(format!("{key} {} not {wanted}", told[key])));
    }
    bad.extend(wrong_people(right, people));
    bad.extend(wrong_details(folder, right, &told, people));
    bad.join("; ")
}

fn wrong_people(right: &Value, people: &[Value]) -> Vec<String> {
    let mut bad = Vec::new();
    if let Some(wanted) = right["people"].as_array() {
        let mut left: Vec<&Value> = people.iter().collect();
        for want in wanted {
            let fields = want.as_object().unwrap();
            match left
                .iter()
                .position(|case| fields.iter().all(|(field, value)| held(case, field) == *value))
            {
                Some(at) => drop(left.remove(at)),
                None => bad.push(format!("nobody is {want}")),
            }
        }
        bad.extend(left.iter().map(|case| format!("also {case}")));
    }
    if let Some(wanted) = right["paid"].as_array() {
        let by_email = wanted.is_empty() || wanted.iter().any(|who| who.as_str().unwrap().contains('@'));
        let key = |case: &Value| match by_email {
            true => [&case["email"], &case["account_id"]]
                .iter()
                .find_map(|key| key.as_str())
                .unwrap_or_default()
                .to_owned(),
            false => case["account_id"].as_str().unwrap_or_default().to_owned(),
        };
        let paid: BTreeSet<String> = people
            .iter()
            .filter(|case| case["resolution"] == "paid")
            .map(key)
            .collect();
        let wanted: BTreeSet<String> = wanted
            .iter()
            .map(|who| who.as_str().unwrap().to_owned())
            .collect();
        (paid != wanted).then(|| bad.push(format!("paid {paid:?} not {wanted:?}")));
    }
    bad
}

fn wrong_details(folder: &str, right: &Value, told: &Value, people: &[Value]) -> Vec<String> {
    let mut bad = Vec::new();
    if let Some(zones) = right["zone_not"].as_str() {
        let zones: Vec<&str> = zones.split('|').collect();
        let found = people.iter().filter(|case| {
            case["time_zone"]
                .as_str()
                .is_some_and(|zone| zone.split(',').any(|one| zones.contains(&one)))
        });
        bad.extend(found.map(|case| format!("zone {}", case["time_zone"])));
    }
    if let Some(households) = right["households"].as_u64() {
        let homes: BTreeSet<String> = people
            .iter()
            .map(|case| case["household_id"].to_string())
            .collect();
        (homes.len() as u64 != households).then(|| bad.push("households".to_owned()));
    }
    if let Some(instant) = right["instant"].as_str() {
        let free = words(&right["free"]);
        let at = |case: &Value| {
            case["first_failed_at"]
                .as_str()
                .unwrap_or_default()
                .get(..16)
                .map(str::to_owned)
        };
        let off: Vec<String> = people
            .iter()
            .filter(|case| at(case).as_deref() != instant.get(..16) && !free.contains(&name(case)))
            .map(name)
            .collect();
        bad.extend(off.iter().map(|name| format!("{name} at another instant")));
        let read = people.len() - off.len();
        (read < right["at_least"].as_u64().unwrap() as usize).then(|| bad.push(format!("{read} read")));
        (total(&told["outside_window"]) > free.len() as u64).then(|| bad.push("outside".to_owned()));
    }
    if let Some(file) = right["phone_of"].as_str() {
        let text = std::fs::read_to_string(data(&format!("{folder}/{file}"))).unwrap();
        let wanted: BTreeMap<String, Vec<Value>> = serde_json::from_str(&text).unwrap();
        let is_right = |case: &&Value| {
            wanted
                .get(&name(case))
                .is_some_and(|numbers| numbers.contains(&case["phone"]))
        };
        bad.extend(
            people
                .iter()
                .filter(|case| !is_right(case))
                .map(|case| format!("{}: {}", name(case), case["phone"])),
        );
    }
    for (who, extension) in right["extension"].as_object().into_iter().flatten() {
        let found = people
            .iter()
            .filter(|case| name(case) == *who && case["phone_extension"] != *extension);
        bad.extend(found.map(|case| format!("{who}: extension {}", case["phone_extension"])));
    }
    bad
}

/// Reads a file without a word, and again by the proposed answers if it is asked about.
fn unattended(folder: &str, file: &str, about: &Value) -> Unattended {
    let verb = about["verb"].as_str().unwrap();
    let desk = prepared(folder, about);
    let before = desk.people();
    let report = desk.reads(folder, (verb, file), &[]);
    if report.status != Status::NeedsAnswers {
        return match wrong(folder, &about["right"], &report, &desk.people()) {
            bad if bad.is_empty() => Unattended::Right,
            bad => Unattended::Wrong(bad),
        };
    }
    assert_eq!(
        desk.people(),
        before,
        "{file}: nothing is written before it is answered"
    );
    let flags: Vec<String> = report
        .questions
        .iter()
        .map(|question| question.flag.clone())
        .collect();
    let desk = prepared(folder, about);
    let report = desk.reads(folder, (verb, file), &flags);
    match wrong(folder, &about["right"], &report, &desk.people()) {
        bad if bad.is_empty() => Unattended::Asked(flags.iter().map(|flag| flag.matches("--").count()).sum()),
        bad => Unattended::Wrong(format!("by its own answers {flags:?}: {bad}")),
    }
}

fn expected() -> BTreeMap<String, Value> {
    serde_json::from_str(&std::fs::read_to_string(data("exports/expected.json")).unwrap()).unwrap()
}

#[test]
fn a_file_that_nobody_explains_is_right_or_asked_about_and_never_wrong() {
    let (mut right, mut wrong) = (0, Vec::new());
    let all = expected();
    for (file, about) in &all {
        match unattended("exports", file, about) {
            Unattended::Right => right += 1,
            Unattended::Asked(flags) => assert!(flags <= 6, "{file}: {flags} flags"),
            Unattended::Wrong(bad) => wrong.push(format!("{file}: {bad}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        right >= 17 && all.len() == 25,
        "{right} of {} without a question",
        all.len()
    );
}

#[test]
fn a_file_that_a_person_explains_is_right() {
    let mut bad = Vec::new();
    for (file, about) in expected() {
        let flags = words(&about["answers"]);
        if flags.is_empty() {
            continue;
        }
        let desk = prepared("exports", &about);
        let report = desk.reads("exports", (about["verb"].as_str().unwrap(), &file), &flags);
        let told = wrong("exports", &about["right"], &report, &desk.people());
        (!told.is_empty()).then(|| bad.push(format!("{file}: {told}")));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn exports_of_known_layouts_need_no_question() {
    let mut bad = Vec::new();
    let folder = data("layouts");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            Some(
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".expected.json")?
                    .to_owned(),
            )
        })
        .collect();
    names.sort();
    assert!(names.len() >= 18, "{names:?}");
    for name in names {
        let about: Value = serde_json::from_str(
            &std::fs::read_to_string(data(&format!("layouts/{name}.expected.json"))).unwrap(),
        )
        .unwrap();
        let found = unattended("layouts", &format!("{name}.csv"), &about);
        if found != Unattended::Right {
            bad.push(format!("{name}: {found:?}"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn what_a_person_said_of_a_file_that_counts_is_remembered_and_what_was_accepted_as_a_guess_is_not() {
    let about = &expected()["54_utc_unsaid.csv"];
    let again = |desk: &Desk| {
        let second = desk.folder().join("second.csv");
        let text = std::fs::read_to_string(data("exports/54_utc_unsaid.csv")).unwrap();
        std::fs::write(&second, text.replace("Q1,", "Q91,").replace("Q2,", "Q92,")).unwrap();
        let options = ImportOptions::default();
        desk.office
            .import_file(desk.outage, &second, &options, &mut |_| {})
            .unwrap()
    };
    let said = Desk::of(&about["window"]);
    said.reads(
        "exports",
        ("import", "54_utc_unsaid.csv"),
        &["--times-in".into(), "UTC".into()],
    );
    assert_eq!(again(&said).status, Status::Applied, "it is remembered");

    let guessed = Desk::of(&about["window"]);
    let report = guessed.reads(
        "exports",
        ("import", "54_utc_unsaid.csv"),
        &["--accept-guesses".into()],
    );
    assert_eq!((report.status, report.accepted), (Status::Applied, 4));
    assert_eq!(report.guesses[0].flag, "--times-in UTC");
    assert_eq!(
        again(&guessed).status,
        Status::NeedsAnswers,
        "a guess is nobody's word"
    );

    let tried = Desk::of(&about["window"]);
    let dry = ["--dry-run".to_owned(), "--times-in".to_owned(), "UTC".to_owned()];
    assert_eq!(
        tried
            .reads("exports", ("import", "54_utc_unsaid.csv"), &dry)
            .status,
        Status::DryRun
    );
    assert_eq!(
        again(&tried).status,
        Status::NeedsAnswers,
        "a dry run is no word either"
    );
}

/// What breaks it: a word of the status, or a clock, that only rows further down would have asked about.
#[test]
fn what_stands_below_the_first_rows_is_asked_about_too() {
    let about = &expected()["54_utc_unsaid.csv"];
    let desk = Desk::of(&about["window"]);
    let file = desk.folder().join("long.csv");
    let mut text = "transaction_id,timestamp,full_name,email,status\n".to_owned();
    for row in 0..1_000 {
        text.push_str(&format!(
            "A{row},2026-11-20 10:00:00,Ana Prueba,ana@example.com,failed\n"
        ));
    }
    text.push_str("B1,2026-11-25 01:45:00,Ben Muster,ben@example.org,failed\n");
    text.push_str("B2,2026-11-25 01:46:00,Cleo Essai,cleo@example.net,HELD_7\n");
    std::fs::write(&file, text).unwrap();
    let read = |flags: &[&str]| {
        let mut hints = Hints::default();
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        hints.take(&flags).unwrap();
        let options = ImportOptions {
            hints,
            ..ImportOptions::default()
        };
        desk.office
            .import_file(desk.outage, &file, &options, &mut |_| {})
            .unwrap()
    };
    let asked = read(&[]);
    assert_eq!(asked.status, Status::NeedsAnswers);
    let flags: Vec<&str> = asked
        .questions
        .iter()
        .map(|question| question.flag.as_str())
        .collect();
    assert_eq!(flags, ["--times-in UTC", "--leave-out HELD_7"]);
    assert!(desk.people().is_empty());
    let answered = read(&flags);
    assert_eq!(
        (answered.status, answered.accepted, answered.left_out),
        (Status::Applied, 1, 1)
    );
    let accepted = Desk::of(&about["window"]);
    let mut hints = Hints::default();
    hints.take(&["--accept-guesses".to_owned()]).unwrap();
    let options = ImportOptions {
        hints,
        ..ImportOptions::default()
    };
    let report = accepted
        .office
        .import_file(accepted.outage, &file, &options, &mut |_| {})
        .unwrap();
    assert_eq!(
        (report.status, report.accepted, report.guesses.len()),
        (Status::Applied, 1, 2)
    );
}

fn paid(desk: &Desk) -> BTreeSet<String> {
    let people = desk
        .people()
        .into_iter()
        .filter(|case| case["resolution"] == "paid");
    people
        .map(|case| case["email"].as_str().unwrap().to_owned())
        .collect()
}

/// What breaks it: a refund that only counts in the file that it came in, or that cannot be taken back.
#[test]
fn a_refund_opens_the_case_again_until_it_is_taken_back() {
    let about = &expected()["52_refund_later.csv"];
    let desk = prepared("exports", about);
    let both: BTreeSet<String> = ["ana.prueba@example.com", "ben.muster@example.org"]
        .map(str::to_owned)
        .into();
    assert_eq!(paid(&desk), both);
    let report = desk.reads("exports", ("reconcile", "52_refund_later.csv"), &[]);
    assert_eq!((report.left_out, report.reopened), (1, 1));
    assert_eq!(report.reconciled.unwrap().outage.citizens_unpaid, 2);
    assert_eq!(paid(&desk).len(), 1);
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(paid(&desk), both);
}

/// What breaks it: closings that stay when the import that brought them is taken back.
#[test]
fn one_export_closes_whom_it_pays_and_all_of_it_can_be_taken_back() {
    let about = &expected()["02_paypal_activity.csv"];
    let desk = Desk::of(&about["window"]);
    desk.reads("exports", ("import", "23_base.csv"), &[]);
    let before = desk.people();
    assert!(paid(&desk).is_empty());
    let report = desk.reads("exports", ("import", "02_paypal_activity.csv"), &[]);
    assert_eq!((report.succeeded, report.citizens_paid), (2, 1));
    assert_eq!(paid(&desk), BTreeSet::from(["dara@mail.example".to_owned()]));
    desk.office.undo_import(report.import).unwrap();
    assert_eq!(desk.people(), before);
}
