//! The promise ledger: what was promised, by whom, until when, and whether it was kept.

use super::accounts::User;
use super::rulebook::Rulebook;
use super::{Error, Office, Result};
use crate::db::Conn;
use crate::domain::callback::Kept;
use crate::domain::ids::{CallbackId, CaseId, ImportId, OutageId, RemedyId};
use crate::domain::promise::Promised;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::store::callbacks::{self, Awaiting};
use crate::store::{cases, promises, remedies};
use serde::Serialize;
use std::collections::BTreeMap;

pub use crate::store::promises::{Filter, Promise};

/// How many promises of an outage were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Kept in time, or within a quarter of an hour.
    pub kept: i64,
    /// Kept later than that.
    pub late: i64,
    /// Overdue and not kept.
    pub broken: i64,
    /// Not due yet.
    pub open: i64,
}

impl Tally {
    /// Promises whose time has passed.
    pub const fn due(&self) -> i64 {
        self.kept + self.late + self.broken
    }

    /// Counts promises at a standing.
    const fn add(&mut self, standing: Kept, promises: i64) {
        match standing {
            Kept::OnTime => self.kept += promises,
            Kept::Late => self.late += promises,
            Kept::Broken => self.broken += promises,
            Kept::Open => self.open += promises,
        }
    }
}

/// A promise, and to whom.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The promise.
    pub promise: Promise,
    /// How it stands.
    pub standing: Kept,
    /// The case of the person, if there still is one; of several that whose payment failed last.
    pub case: Option<CaseId>,
    /// Their name; of several one of them, and how many more.
    pub name: String,
}

/// A page of the ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Its rows, the first due first.
    pub entries: Vec<Entry>,
    /// How many the filter lets through.
    pub total: i64,
    /// All promises of the outage, whatever the filter.
    pub tally: Tally,
    /// When this was true.
    pub at: Timestamp,
}

impl Office {
    /// A page of an outage's promises.
    pub fn promises(&self, outage: OutageId, filter: &Filter, page: (i64, i64)) -> Result<Ledger> {
        let now = self.now();
        self.db.read(|conn| {
            let key = (outage, Rulebook::open(conn, outage)?.outage.published_import_id);
            let (rows, total) = promises::page(conn, key, filter, page, now)?;
            Ok(Ledger {
                entries: named(conn, key.1, rows)?,
                total,
                tally: tally(conn, key, now)?,
                at: now,
            })
        })
    }

    /// The billing team has done what was owed, or (`false`) has not after all.
    ///
    /// # Errors
    /// Not a supervisor, or nothing of the kind is owed.
    pub fn keep_remedy(&self, by: &User, id: RemedyId, done: bool) -> Result<()> {
        by.must_be(Role::Supervisor)?;
        let at = done.then(|| self.now());
        match self.db.write(|conn| remedies::set_kept(conn, id, at, by.id))? {
            0 => Err(Error::NotFound("remedy")),
            _ => Ok(()),
        }
    }
}

/// How the promises of an outage stand, all kinds together.
pub(super) fn tally(conn: &mut Conn, key: (OutageId, ImportId), now: Timestamp) -> Result<Tally> {
    let mut tally = Tally::default();
    for count in promises::standings(conn, key, now)? {
        tally.add(count.standing.parse().unwrap_or(Kept::Open), count.promises);
    }
    Ok(tally)
}

/// Who waits for these callbacks: the case to look at, and a name for a list. Of a promise to all at a number that whose
/// payment failed last, and how many more there are.
pub(super) fn who_awaits(
    conn: &mut Conn,
    callbacks: &[CallbackId],
    published: ImportId,
) -> Result<BTreeMap<CallbackId, (CaseId, String)>> {
    let mut by_callback: BTreeMap<CallbackId, Vec<Awaiting>> = BTreeMap::new();
    for person in callbacks::awaiting(conn, callbacks, published)? {
        by_callback.entry(person.callback).or_default().push(person);
    }
    let told = |people: Vec<Awaiting>| {
        let first = people.first()?;
        let mut name = full_name(&first.given_name, &first.family_name);
        if let more @ 1.. = people.len() - 1 {
            name = format!("{name} and {more} more");
        }
        Some((first.case, name))
    };
    let all = by_callback.into_iter();
    Ok(all
        .filter_map(|(callback, people)| Some((callback, told(people)?)))
        .collect())
}

fn named(conn: &mut Conn, published: ImportId, rows: Vec<Promise>) -> Result<Vec<Entry>> {
    let is_callback = |row: &&Promise| row.kind == Promised::Callback.as_str();
    let called: Vec<CallbackId> = rows.iter().filter(is_callback).map(|row| row.id).collect();
    let awaiting = who_awaits(conn, &called, published)?;
    let mut entries = Vec::with_capacity(rows.len());
    for promise in rows {
        let found = match promise.case_id {
            Some(id) => {
                cases::find(conn, id)?.map(|case| (case.id, full_name(&case.given_name, &case.family_name)))
            }
            None => awaiting.get(&promise.id).cloned(),
        };
        let (case, name) = found.map_or((None, String::new()), |(id, name)| (Some(id), name));
        entries.push(Entry {
            standing: promise.standing.parse().unwrap_or(Kept::Open),
            name,
            case,
            promise,
        });
    }
    Ok(entries)
}

fn full_name(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}
