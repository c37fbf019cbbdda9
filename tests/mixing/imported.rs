//! Mixed exports through the whole import, every other one by the command line and as an upload: what stands on the list then is
//! held against what truly happened. A reconciliation finds the failures of its people imported before.

use super::brought::Brought;
use super::dice::Dice;
use super::file::Export;
use super::town::{Bins, Citizen, Imported, Town};
use super::{SEED, leave_out, said};
use crate::harness::App;
use makegood::domain::person_name::folded;
use makegood::outreach::import::{ImportKind, Report, Status};
use makegood::outreach::{Office, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// So many files, unless the environment says otherwise (`MAKEGOOD_MIXING_IMPORTS`).
const IMPORTS: u64 = 40;
/// What came of many exports.
#[derive(Default)]
struct Tally {
    /// What is wrong, by seed.
    wrong: BTreeMap<u64, String>,
    /// Exports that took no question.
    silent: u64,
    /// People on the lists, and those of them who have paid.
    people: usize,
    paid: usize,
}

impl Tally {
    /// Brings one export and counts what came of it.
    fn count(&mut self, seed: u64, brought: &Brought<'_>) -> Result<()> {
        let before = match brought.export.scene.kind {
            ImportKind::Successes => Some(brought.fails()?),
            ImportKind::Failed => None,
        };
        let (report, answers) = match seed % 2 {
            0 => brought.brings()?,
            _ => brought.uploads()?,
        };
        let list = brought.list()?;
        self.silent += u64::from(answers.flags().is_empty());
        self.people += list.len();
        self.paid += list.iter().filter(|case| is_paid(case)).count();
        let imported = Imported {
            export: brought.export,
            columns: &report.columns,
        };
        let (read, truly) = match before {
            Some(failures) => (failures.clone(), failures),
            None => imported.failures(),
        };
        let (town, truly) = (Town::of(read), Town::of(truly));
        let wrong = refused(&report)
            .or_else(|| wrong_people(&town, &truly))
            .or_else(|| wrong_bins(&report, &imported.bins(&town)))
            .or_else(|| wrong_list(&list, imported.citizens(&town), &report));
        let told = |wrong| (seed, format!("{wrong}, after {:?}", answers.flags()));
        self.wrong.extend(wrong.map(told));
        Ok(())
    }
}

fn refused(report: &Report) -> Option<String> {
    let told = || format!("{}: {:?}, {:?}", report.status, report.reason, report.questions);
    (report.status != Status::Applied).then(told)
}

/// Two people who are one by the columns that were read, or one who is two.
fn wrong_people(read: &Town, truly: &Town) -> Option<String> {
    let [read, truly] = [read, truly].map(Town::groups);
    (read != truly).then(|| format!("people {read:?}, not {truly:?}"))
}

/// Rows that count for something else, or for nothing at all.
fn wrong_bins(report: &Report, truly: &Bins) -> Option<String> {
    let other = report.duplicates + report.rejected.malformed + report.rejected.bad_timestamp;
    let mut bins = vec![
        ("accepted", report.accepted),
        ("left_out", report.left_out),
        ("no_identity", report.rejected.no_identity),
        ("other", other),
    ];
    match &report.reconciled {
        Some(found) => bins.extend([
            ("too_early", found.too_early),
            ("ambiguous", found.ambiguous),
            ("unmatched", found.unmatched),
        ]),
        None => bins.extend([
            ("succeeded", report.succeeded),
            ("before", report.outside_window.before),
            ("after", report.outside_window.after),
        ]),
    }
    let sum: u64 = bins.iter().map(|(_, rows)| rows).sum();
    let bins: Bins = bins.into_iter().filter(|(_, rows)| *rows > 0).collect();
    match &bins == truly && sum == report.rows {
        true => None,
        false => Some(format!("{bins:?} of {} rows, not {truly:?}", report.rows)),
    }
}

/// Somebody on the list who should not be, or nobody who should, or closed or open against the truth.
fn wrong_list(cases: &[Value], truly: Vec<Citizen>, report: &Report) -> Option<String> {
    let paid = truly.iter().filter(|citizen| citizen.has_paid).count() as u64;
    if report.citizens_paid != paid {
        return Some(format!("{} have paid, not {paid}", report.citizens_paid));
    }
    let mut missing = truly;
    for case in cases {
        match missing.iter().position(|citizen| is(case, citizen)) {
            Some(at) => drop(missing.remove(at)),
            None => return Some(format!("nobody is {case}; still to come {missing:?}")),
        }
    }
    missing
        .first()
        .map(|citizen| format!("{citizen:?} is not on the list"))
}

/// Whether a case is this citizen's.
fn is(case: &Value, citizen: &Citizen) -> bool {
    let text = |key: &str| case[key].as_str().filter(|text| !text.is_empty());
    let name = |key: &str| text(key).unwrap_or_default();
    text("account_id") == citizen.account.as_deref()
        && text("email") == citizen.email.as_deref()
        && text("phone") == citizen.phone.as_deref()
        && citizen
            .names
            .contains(&folded(name("given_name"), name("family_name")))
        && is_paid(case) == citizen.has_paid
}

fn is_paid(case: &Value) -> bool {
    case["resolution"] == "paid"
}

/// Brings the exports of these seeds into one office.
fn brings_all(office: &Office, folder: &Path, seeds: Range<u64>) -> Result<Tally> {
    let mut tally = Tally::default();
    for seed in seeds {
        let export = Export::any(&mut Dice::new(seed));
        let brought = Brought::new(office, folder.to_owned(), (seed, &export))?;
        tally.count(seed, &brought)?;
    }
    Ok(tally)
}

/// What breaks it: a wrong person on the list, a row that counts for something else, somebody closed who has not paid, or called
/// who has; what the recogniser has understood and the import then does otherwise.
#[tokio::test]
async fn mixed_exports_that_were_imported_put_nobody_wrong_on_the_list() {
    leave_out();
    let app = App::start().await;
    let (first, files) = (
        said("MAKEGOOD_MIXING_SEED", SEED),
        said("MAKEGOOD_MIXING_IMPORTS", IMPORTS),
    );
    let folder = app.folder().to_owned();
    let brought = app.does(move |office| brings_all(office, &folder, first..first + files));
    let tally = brought.await.unwrap();
    println!(
        "{files} mixed exports imported: {} without a question; {} people on the lists, {} of them paid; {} wrong",
        tally.silent,
        tally.people,
        tally.paid,
        tally.wrong.len()
    );
    let told = tally.wrong.iter().map(|(seed, why)| format!("\n{seed}: {why}"));
    assert!(
        tally.wrong.is_empty(),
        "{} wrong{}",
        tally.wrong.len(),
        told.collect::<String>()
    );
}
