//! Whole files through the pure pipeline: inspect, read, put in bins, link, reconcile, and compare with
//! what the truth says. Some are hostile.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::convert::Infallible;
use std::io::{Cursor, Read};

use serde_json::{Value, json};

use super::{Around, Error, Hints, Layout, records};
use crate::domain::field::Field;
use crate::domain::identity::{CitizenKey, Contact, Traits, link};
use crate::domain::import::ImportKind;
use crate::domain::reading::{Reading, Row, Rules};
use crate::domain::reconcile::{Citizens, Match, Money, find};
use crate::domain::timestamp::Timestamp;
use crate::domain::transaction::{DedupeKey, Rejection, Transaction};
use crate::domain::window::{Side, Window};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/");

/// What an outage's imports know, in memory.
#[derive(Default)]
struct Desk {
    failed_keys: HashSet<DedupeKey>,
    success_keys: HashSet<DedupeKey>,
    accepted: Vec<Transaction>,
    citizens: Vec<Citizen>,
    paid: BTreeSet<String>,
}

struct Citizen {
    key: CitizenKey,
    attempts: usize,
    first: Timestamp,
    last: Timestamp,
    contact: Contact<Timestamp>,
    names: BTreeSet<String>,
}

/// What became of each record of one file.
#[derive(Default, Debug)]
struct Report {
    bins: Vec<(&'static str, Option<usize>)>,
    lines: Vec<u64>,
    warnings: BTreeMap<&'static str, u64>,
    card_cells: usize,
    rejections: Vec<Rejection>,
}

fn bytes(name: &str) -> Vec<u8> {
    let bytes = std::fs::read(format!("{DATA}{name}")).unwrap();
    if !name.ends_with(".gz") {
        return bytes;
    }
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut unpacked)
        .unwrap();
    unpacked
}

fn json_of(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).unwrap()
}

/// The outage of the test data.
pub(super) fn around() -> Around {
    Around {
        kind: ImportKind::Failed,
        window: window(&json_of("small.truth.json")),
        zone: "America/Denver".parse().unwrap(),
        accounts: "T-0000000".parse().unwrap(),
    }
}

fn inspect(source: &mut (impl Read + std::io::Seek), hints: &Hints) -> Result<Layout, Error> {
    super::inspect(source, hints, &around())
}

fn rules(layout: &Layout) -> Rules {
    layout.rules(&around())
}

fn window(truth: &Value) -> Window {
    let calendar = crate::domain::moment::Calendar::new("America/Denver".parse().unwrap());
    let at = |key: &str| calendar.read(truth["window"][key].as_str().unwrap()).unwrap();
    Window {
        start: at("start"),
        end: at("end_exclusive"),
    }
}

/// Every record of a file as read, or why the file is refused.
fn read(
    bytes: Vec<u8>,
    hints: &Hints,
    kind: ImportKind,
) -> Result<Vec<(u64, crate::domain::reading::Read)>, String> {
    let around = Around { kind, ..around() };
    let layout =
        super::inspect(&mut Cursor::new(&bytes), hints, &around).map_err(|error| error.to_string())?;
    let json = serde_json::to_string(&layout).unwrap();
    assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), layout);
    if let Some(problem) = layout.problem() {
        return Err(problem);
    }
    let reading = Reading::new(&layout.mapping(), layout.rules(&around));
    let records = records(Cursor::new(bytes), &layout).map_err(|error: Error| error.to_string())?;
    records
        .map(|record| {
            record
                .map(|record| (record.line(), reading.read(&record)))
                .map_err(|error| error.to_string())
        })
        .collect()
}

impl Desk {
    fn import(&mut self, bytes: Vec<u8>, window: Window, hints: &Hints) -> Result<Report, String> {
        let mut report = Report::default();
        for (line, read) in read(bytes, hints, ImportKind::Failed)? {
            report.card_cells += read.card_cells;
            report.lines.push(line);
            report.bins.push(match read.row {
                Row::LeftOut | Row::Refunded(_) | Row::Unknown(_) => ("left_out", None),
                Row::Paid(_) => ("succeeded", None),
                Row::Rejected(rejection) => {
                    let bin = rejection.as_str();
                    report.rejections.push(rejection);
                    (bin, None)
                }
                Row::Failed(transaction) if !self.failed_keys.insert(transaction.dedupe_key) => {
                    ("duplicate", None)
                }
                Row::Failed(transaction) => match window.side(transaction.occurred_at) {
                    Side::Before => ("before", None),
                    Side::After => ("after", None),
                    Side::Inside => {
                        for warning in transaction.warnings.iter() {
                            *report.warnings.entry(warning.as_str()).or_default() += 1;
                        }
                        self.accepted.push(transaction);
                        ("accepted", Some(self.accepted.len() - 1))
                    }
                },
            });
        }
        self.link();
        Ok(report)
    }

    fn link(&mut self) {
        let traits: Vec<Traits> = self.accepted.iter().map(Traits::of).collect();
        let mut at: HashMap<CitizenKey, usize> = HashMap::new();
        self.citizens.clear();
        for (transaction, key) in self.accepted.iter().zip(link(&traits)) {
            let when = transaction.occurred_at;
            let index = *at.entry(key.clone()).or_insert_with(|| {
                let (contact, names) = (Contact::default(), BTreeSet::new());
                self.citizens.push(Citizen {
                    key,
                    attempts: 0,
                    first: when,
                    last: when,
                    contact,
                    names,
                });
                self.citizens.len() - 1
            });
            let citizen = &mut self.citizens[index];
            citizen.attempts += 1;
            citizen.first = citizen.first.min(when);
            citizen.last = citizen.last.max(when);
            let text = |value: Option<&str>| value.map(str::to_owned);
            let phone = text(transaction.phone.as_ref().map(|phone| phone.as_str()));
            let email = text(transaction.email.as_ref().map(|email| email.as_str()));
            citizen.contact.see(
                when,
                phone.as_deref(),
                email.as_deref(),
                transaction.language.as_deref(),
            );
            citizen.names.insert(
                format!("{} {}", transaction.given_name, transaction.family_name)
                    .trim()
                    .to_owned(),
            );
        }
    }

    fn keys(&self) -> Vec<String> {
        let traits: Vec<Traits> = self.accepted.iter().map(Traits::of).collect();
        link(&traits).into_iter().map(CitizenKey::into_string).collect()
    }

    fn reconcile(
        &mut self,
        bytes: Vec<u8>,
        hints: &Hints,
    ) -> Result<Vec<(String, Option<&'static str>)>, String> {
        let mut bins = Vec::new();
        let accepted: Vec<(Transaction, String)> = self.accepted.iter().cloned().zip(self.keys()).collect();
        for (_, read) in read(bytes, hints, ImportKind::Successes)? {
            let bin = match read.row {
                Row::Rejected(rejection) => (rejection.as_str().to_owned(), None),
                Row::Paid(transaction) if !self.success_keys.insert(transaction.dedupe_key) => {
                    ("duplicate".to_owned(), None)
                }
                Row::LeftOut | Row::Refunded(_) | Row::Unknown(_) | Row::Failed(_) => {
                    ("left_out".to_owned(), None)
                }
                Row::Paid(transaction) => {
                    let mut known = Known {
                        accepted: &accepted,
                        citizens: &self.citizens,
                    };
                    let Ok(found) = find(
                        &Traits::of(&transaction),
                        Money::At(transaction.occurred_at),
                        &mut known,
                    );
                    match found {
                        Match::Paid(key, by) => {
                            self.paid.insert(key.as_str().to_owned());
                            (format!("matched {key}"), Some(by.as_str()))
                        }
                        Match::TooEarly(_) => ("too_early".to_owned(), None),
                        Match::Ambiguous => ("ambiguous".to_owned(), None),
                        Match::Unmatched => ("unmatched".to_owned(), None),
                        Match::Refund(_) => ("refund".to_owned(), None),
                    }
                }
            };
            bins.push(bin);
        }
        Ok(bins)
    }

    /// Counts of all citizens, or of the unpaid ones.
    fn census(&self, unpaid_only: bool) -> Census {
        let counted = self
            .citizens
            .iter()
            .filter(|c| !unpaid_only || !self.paid.contains(c.key.as_str()));
        let mut census = Census::default();
        for citizen in counted {
            census.citizens += 1;
            match (citizen.contact.phone(), citizen.contact.email()) {
                (Some(phone), _) => *census.households.entry(phone.to_owned()).or_default() += 1,
                (None, Some(_)) => census.email_only += 1,
                (None, None) => census.unreachable += 1,
            }
        }
        census
    }
}

#[derive(Default)]
struct Census {
    citizens: u64,
    households: BTreeMap<String, u64>,
    email_only: u64,
    unreachable: u64,
}

struct Known<'a> {
    accepted: &'a [(Transaction, String)],
    citizens: &'a [Citizen],
}

impl Known<'_> {
    fn those(&self, is: impl Fn(&Transaction) -> bool) -> Vec<(String, String)> {
        let found = self.accepted.iter().filter(|(transaction, _)| is(transaction));
        found
            .map(|(transaction, key)| (key.clone(), transaction.folded_name.clone()))
            .collect()
    }
}

impl Citizens for Known<'_> {
    type Error = Infallible;

    fn last_failed(&mut self, key: &str) -> Result<Option<Timestamp>, Infallible> {
        Ok(self
            .citizens
            .iter()
            .find(|citizen| citizen.key.as_str() == key)
            .map(|citizen| citizen.last))
    }

    fn with_email(&mut self, email: &str) -> Result<Vec<(String, String)>, Infallible> {
        Ok(self.those(|transaction| {
            transaction
                .email
                .as_ref()
                .is_some_and(|own| own.as_str() == email)
        }))
    }

    fn with_phone_and_name(&mut self, phone: &str, name: &str) -> Result<Vec<(String, String)>, Infallible> {
        Ok(self.those(|transaction| {
            transaction
                .phone
                .as_ref()
                .is_some_and(|own| own.as_str() == phone)
                && transaction.folded_name == name
        }))
    }
}

fn histogram(counts: impl Iterator<Item = u64>) -> Value {
    let mut histogram: BTreeMap<String, u64> = BTreeMap::new();
    counts.for_each(|count| *histogram.entry(count.to_string()).or_default() += 1);
    json!(histogram)
}

/// The report in the words of `truth.json`.
fn failed_as_truth(desk: &Desk, report: &Report) -> Value {
    let count = |bin: &str| report.bins.iter().filter(|found| found.0 == bin).count();
    let census = desk.census(false);
    let keyed = |prefix: &str| {
        desk.citizens
            .iter()
            .filter(|citizen| citizen.key.as_str().starts_with(prefix))
            .count()
    };
    let own: HashSet<CitizenKey> = desk
        .accepted
        .iter()
        .map(|transaction| Traits::of(transaction).own_key())
        .collect();
    let emails: HashSet<&str> = desk
        .citizens
        .iter()
        .filter_map(|citizen| citizen.contact.email())
        .collect();
    let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
    desk.citizens
        .iter()
        .filter_map(|c| c.contact.language())
        .for_each(|l| *languages.entry(l).or_default() += 1);
    let amounts: Vec<i64> = desk
        .accepted
        .iter()
        .filter_map(|transaction| transaction.amount)
        .map(|a| a.0)
        .collect();
    json!({
        "rows": report.bins.len(), "accepted": count("accepted"),
        "outside_window": {"before": count("before"), "after": count("after")}, "duplicates": count("duplicate"),
        "rejected": {"malformed": count("malformed"), "bad_timestamp": count("bad_timestamp"), "no_identity": count("no_identity")},
        "citizens": census.citizens,
        "citizens_by_key": {"account": keyed("A:"), "email": keyed("E:"), "phone_name": keyed("P:")},
        "citizens_if_rows_are_not_linked": own.len(),
        "citizens_with_phone": census.households.values().sum::<u64>(),
        "citizens_email_only": census.email_only, "citizens_unreachable": census.unreachable,
        "households": census.households.len(), "household_sizes": histogram(census.households.values().copied()),
        "distinct_emails": emails.len(), "citizens_by_language": languages,
        "attempts_per_citizen": histogram(desk.citizens.iter().map(|citizen| citizen.attempts as u64)),
        "warnings": report.warnings,
        "amount_cents_sum": amounts.iter().sum::<i64>(), "amounts_valid": amounts.len(),
    })
}

fn successes_as_truth(desk: &Desk, bins: &[(String, Option<&'static str>)]) -> Value {
    let count = |bin: &str| bins.iter().filter(|found| found.0 == bin).count();
    let by = |by: &str| bins.iter().filter(|found| found.1 == Some(by)).count();
    json!({
        "rows": bins.len(), "bad_timestamp": count("bad_timestamp"), "duplicates": count("duplicate"),
        "unmatched": count("unmatched"), "ambiguous": count("ambiguous"), "too_early": count("too_early"),
        "matched_by": {"account": by("account"), "email": by("email"), "phone_name": by("phone_name")},
        "citizens_paid": desk.paid.len(),
    })
}

fn after_as_truth(desk: &Desk) -> Value {
    let census = desk.census(true);
    json!({
        "citizens_unpaid": census.citizens, "citizens_to_call": census.households.values().sum::<u64>(),
        "households_to_call": census.households.len(),
        "citizens_email_only": census.email_only, "citizens_unreachable": census.unreachable,
    })
}

/// The citizens as `truth_citizens.csv` lists them.
fn listed(desk: &Desk) -> Vec<String> {
    let utc = |at: Timestamp| at.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let mut lines: Vec<String> = desk
        .citizens
        .iter()
        .map(|citizen| {
            let (key, contact) = (citizen.key.as_str(), &citizen.contact);
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            let paid = u8::from(desk.paid.contains(key));
            let (phone, email, language) = (
                text(contact.phone()),
                text(contact.email()),
                text(contact.language()),
            );
            let (first, last) = (utc(citizen.first), utc(citizen.last));
            format!(
                "{key},{},{first},{last},{phone},{email},{language},{paid}",
                citizen.attempts
            )
        })
        .collect();
    lines.sort();
    lines
}

fn agrees_with_truth(failed: &str, successes: &str, truth: &str) -> Desk {
    let truth = json_of(truth);
    let mut desk = Desk::default();
    let report = desk
        .import(bytes(failed), window(&truth), &Hints::default())
        .unwrap();
    assert_eq!(failed_as_truth(&desk, &report), truth["failed"]);
    let bins = desk.reconcile(bytes(successes), &Hints::default()).unwrap();
    assert_eq!(successes_as_truth(&desk, &bins), truth["successes"]);
    assert_eq!(after_as_truth(&desk), truth["after_reconciliation"]);
    let mut paid: Vec<_> = truth["paid_keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    paid.sort_unstable();
    assert_eq!(desk.paid.iter().map(String::as_str).collect::<Vec<_>>(), paid);
    desk
}

#[test]
fn the_small_file_is_read_as_its_truth_says() {
    agrees_with_truth("small.csv", "small.successes.csv", "small.truth.json");
}

#[test]
fn every_record_of_the_small_file_is_what_is_explained() {
    let mut desk = Desk::default();
    let window = window(&json_of("small.truth.json"));
    let report = desk
        .import(bytes("small.csv"), window, &Hints::default())
        .unwrap();
    let keys = desk.keys();
    let explained = String::from_utf8(bytes("small.explained.csv")).unwrap();
    let wanted = explained.lines().filter(|line| line.starts_with("small.csv,"));
    let mut count = 0;
    for (line, (bin, index)) in wanted.zip(&report.bins) {
        let citizen = index.map_or("", |index| keys[index].as_str());
        assert!(
            line.contains(&format!(",{bin},{citizen},")),
            "{line}: {bin} {citizen}"
        );
        count += 1;
    }
    assert_eq!((count, report.card_cells), (57, 2));
}

#[test]
fn the_small_workbook_has_no_malformed_row_and_is_equal_otherwise() {
    let truth = json_of("small.truth.json");
    let mut desk = Desk::default();
    let report = desk
        .import(bytes("small.xlsx"), window(&truth), &Hints::default())
        .unwrap();
    let mut wanted = truth["failed"].clone();
    wanted["rejected"] = json!({"malformed": 0, "bad_timestamp": 3, "no_identity": 1});
    assert_eq!(failed_as_truth(&desk, &report), wanted);
}

#[test]
fn two_thousand_citizens_are_found_as_the_truth_says() {
    let desk = agrees_with_truth(
        "set_2000/failed.csv",
        "set_2000/successes.csv",
        "set_2000/truth.json",
    );
    let said = String::from_utf8(bytes("set_2000/truth_citizens.csv")).unwrap();
    let mut wanted: Vec<_> = said.lines().skip(1).map(str::to_owned).collect();
    wanted.sort();
    assert_eq!(listed(&desk), wanted);
}

mod hostile;
mod quirks;
mod tables;
