//! What a file's rows would do if they were read in one way: counted in memory, nothing is kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::{Traits, link};
use crate::domain::reading::{Reading, Row};
use crate::domain::record::Record;
use crate::domain::timestamp::Timestamp;
use crate::domain::transaction::Transaction;
use crate::domain::window::{Side, Window};

/// So many names are told; where there are more, they are counted only.
const NAMES: usize = 3;

/// What would follow, counted in rows and in people of this file alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// When the failed payments were tried, in the order of the file.
    pub failed_at: Vec<Timestamp>,
    /// When payments were made.
    pub paid_at: Vec<Timestamp>,
    /// Failed payments in the outage.
    pub inside: u64,
    /// Payments in the outage that were made.
    pub paid_inside: u64,
    /// Rows that give money back.
    pub refunded: u64,
    /// Rows that count for nothing.
    pub left_out: u64,
    /// Rows whose status nobody knows.
    pub unknown: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
    /// A time carries no zone and has none beside it.
    pub zone_unsaid: bool,
    /// Rows that can be taken with an e-mail address, and with a telephone number.
    pub with_email: u64,
    /// The same.
    pub with_phone: u64,
    /// People with a failed payment in the outage.
    pub people: u64,
    /// How many of them have paid since, by the same file.
    pub paid_since: u64,
    /// Telephone numbers of the others.
    pub calls: u64,
    /// Who failed and has not paid since, if they are three or fewer.
    pub names: Vec<String>,
    /// Who failed and has paid since, if they are three or fewer.
    pub payers: Vec<String>,
}

/// What is known of one person of the file.
#[derive(Default)]
struct Person<'a> {
    name: String,
    phone: Option<&'a str>,
    failed: Option<Timestamp>,
    paid: Option<Timestamp>,
}

impl Outcome {
    /// Reads the records in this way.
    pub(super) fn of(records: &[Record], reading: &Reading, window: Window) -> Self {
        let (mut outcome, mut failed, mut paid) = (Self::default(), Vec::new(), Vec::new());
        for record in records {
            match reading.read(record).row {
                Row::Failed(row) => failed.push(row),
                Row::Paid(row) => paid.push(row),
                Row::Refunded(_) => outcome.refunded += 1,
                Row::LeftOut => outcome.left_out += 1,
                Row::Unknown(_) => outcome.unknown += 1,
                Row::Rejected(_) => outcome.rejected += 1,
            }
        }
        for row in failed.iter().chain(&paid) {
            outcome.zone_unsaid |= row.zone_unsaid;
            outcome.with_email += u64::from(row.email.is_some());
            outcome.with_phone += u64::from(row.phone.is_some());
        }
        let at = |rows: &[Transaction]| rows.iter().map(|row| row.occurred_at).collect();
        (outcome.failed_at, outcome.paid_at) = (at(&failed), at(&paid));
        let is_inside = |row: &Transaction| window.side(row.occurred_at) == Side::Inside;
        outcome.paid_inside = paid.iter().filter(|row| is_inside(row)).count() as u64;
        failed.retain(is_inside);
        outcome.inside = failed.len() as u64;
        outcome.count_people(&failed, &paid);
        outcome
    }

    /// Who failed in the outage, and who of them has paid since.
    fn count_people(&mut self, failed: &[Transaction], paid: &[Transaction]) {
        let rows: Vec<&Transaction> = failed.iter().chain(paid).collect();
        let traits: Vec<Traits<'_>> = rows.iter().map(|row| Traits::of(row)).collect();
        let mut people: BTreeMap<_, Person<'_>> = BTreeMap::new();
        for (at, (row, key)) in rows.iter().zip(link(&traits)).enumerate() {
            let person = people.entry(key).or_default();
            if person.name.is_empty() {
                person.name = name(row);
            }
            if at < failed.len() {
                person.failed = person.failed.max(Some(row.occurred_at));
                person.phone = row.phone.as_ref().map(|phone| phone.as_str()).or(person.phone);
            } else {
                person.paid = person.paid.max(Some(row.occurred_at));
            }
        }
        let failed: Vec<Person<'_>> = people.into_values().filter(|one| one.failed.is_some()).collect();
        let (since, left): (Vec<_>, Vec<_>) = failed.iter().partition(|one| one.paid > one.failed);
        let calls: BTreeSet<&str> = left.iter().filter_map(|one| one.phone).collect();
        (self.people, self.paid_since) = (failed.len() as u64, since.len() as u64);
        self.calls = calls.len() as u64;
        (self.names, self.payers) = (few(&left), few(&since));
    }

    /// Rows that say when they were.
    pub const fn rows(&self) -> u64 {
        (self.failed_at.len() + self.paid_at.len()) as u64
    }

    /// The first and the last time of the file.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let times = self.failed_at.iter().chain(&self.paid_at);
        Some((*times.clone().min()?, *times.max()?))
    }
}

fn few(people: &[&Person<'_>]) -> Vec<String> {
    let named = people.iter().all(|one| !one.name.is_empty());
    match named && people.len() <= NAMES {
        true => people.iter().map(|one| one.name.clone()).collect(),
        false => Vec::new(),
    }
}

/// Somebody's name as the file has it.
pub(super) fn name(row: &Transaction) -> String {
    format!("{} {}", row.given_name, row.family_name)
        .trim()
        .to_owned()
}
