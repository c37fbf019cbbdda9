//! The third phase: records into cases and households. What is new is written out of sight;
//! what changes in a case that counts is noted and made when the import counts.
//!
//! Only citizens with a staged or a moving record are looked at. The records themselves go over
//! in the order of their citizens.

use super::citizen::{Citizen, Seen};
use super::deliver;
use super::people::People;
use super::work::Work;
use crate::domain::ids::CaseId;
use crate::outreach::Result;
use crate::store::scratch;
use crate::store::staging::{self, Known};
use crate::store::transactions::{self, Attempted, Scope};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is found out for some citizens before anything is written.
#[derive(Default)]
pub(super) struct Findings {
    /// Citizens without a case.
    pub(super) new: Vec<Citizen>,
    /// Cases that count and what they would become.
    pub(super) changed: Vec<(Known, Citizen)>,
    /// Cases that count and would have no record any more.
    pub(super) emptied: Vec<Known>,
}

impl Findings {
    /// Of citizens none of whom has a case.
    pub(super) fn of_newcomers(new: Vec<Citizen>) -> Self {
        Self {
            new,
            ..Self::default()
        }
    }
}

/// What accepted records say, by citizen.
#[derive(Default)]
pub(super) struct Records(BTreeMap<String, Seen>);

impl Records {
    /// Takes records in. Those outside the window are nobody's.
    pub(super) fn extend(&mut self, records: Vec<Attempted>) {
        for record in records.iter().filter(|record| !record.key().is_empty()) {
            match self.0.get_mut(record.key()) {
                Some(seen) => seen.see(record),
                None => self.0.entry(record.key().to_owned()).or_default().see(record),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Everybody as a citizen.
    pub(super) fn citizens(self) -> Vec<Citizen> {
        let all = self.0.into_iter();
        all.filter_map(|(key, seen)| seen.citizen(&key)).collect()
    }

    /// Takes the citizen with the greatest key out.
    pub(super) fn split_last(&mut self) -> Self {
        Self(self.0.pop_last().into_iter().collect())
    }
}

/// Gathers all citizens that this import touches.
pub(super) fn gather(work: &mut Work<'_>) -> Result<()> {
    let mut people = People::new(work)?;
    moving(work, &mut people)?;
    let people = if work.is_undoing() {
        left_behind(work, &mut people)?;
        people.house()?
    } else {
        deliver::deliver(work, people)?
    };
    people.move_in(work)
}

/// The citizens of an import that is being taken back.
fn left_behind(work: &mut Work<'_>, people: &mut People) -> Result<()> {
    let (mut after, limit) = (0, 500);
    loop {
        let import = work.id();
        let page = work
            .office
            .db
            .read(|conn| transactions::keys_of_import(conn, import, after, limit))?;
        let Some((id, _)) = page.last() else { break };
        after = *id;
        let keys: BTreeSet<String> = page.into_iter().filter_map(|(_, key)| key).collect();
        gather_some(work, people, &keys, &[])?;
    }
    Ok(())
}

/// Citizens that lose or win records that count already come first, because a case whose records all
/// move to a citizen without a case goes with them.
fn moving(work: &mut Work<'_>, people: &mut People) -> Result<()> {
    let mut after = (String::new(), 0);
    loop {
        let (outage, limit) = (work.import.outage_id, 500);
        let page = work
            .office
            .db
            .read(|conn| transactions::moving(conn, outage, (after.0.as_str(), after.1), limit))?;
        let Some(last) = page.last() else { break };
        after = (last.to.clone(), last.id);
        let keys: BTreeSet<String> = page
            .iter()
            .flat_map(|moving| [moving.to.clone(), moving.from.clone()])
            .collect();
        let moves: Vec<(String, String)> = page.into_iter().map(|moving| (moving.from, moving.to)).collect();
        gather_some(work, people, &keys, &moves)?;
    }
    Ok(())
}

fn gather_some(
    work: &mut Work<'_>,
    people: &mut People,
    keys: &BTreeSet<String>,
    moves: &[(String, String)],
) -> Result<()> {
    let mut staged = Records::default();
    let import = work.id();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    staged.extend(scratch::of_keys(work.scratch.conn(), import, &keys)?);
    let findings = find(people, &keys, staged, moves)?;
    people.take(findings)?;
    work.breathe()
}

/// Tells new citizens from changed ones; `staged` are their records of the file.
pub(super) fn find(
    people: &mut People,
    keys: &[&str],
    mut staged: Records,
    moves: &[(String, String)],
) -> Result<Findings> {
    let import = people.terms.id();
    let scope = Scope {
        outage: people.terms.scope.outage,
        without: import,
    };
    let db = people.terms.office.db.clone();
    let known = db.read(|conn| staging::with_keys(conn, scope.outage, keys))?;
    let ids: Vec<CaseId> = known.iter().map(|known| known.id).collect();
    let (done, here) = (people.changed(&ids)?, people.here(keys)?);
    let known: HashMap<String, Known> = known
        .into_iter()
        .map(|known| (known.identity_key.clone(), known))
        .collect();
    let is_done = |key: &&str| match known.get(*key) {
        Some(known) => known.import_id == import || done.contains(&known.id),
        None => here.contains(*key),
    };
    let todo: Vec<&str> = keys.iter().copied().filter(|key| !is_done(key)).collect();
    staged.extend(db.read(|conn| transactions::of_keys(conn, scope, &todo))?);
    Ok(sort(&todo, staged, &known, moves))
}

fn sort(
    todo: &[&str],
    mut records: Records,
    known: &HashMap<String, Known>,
    moves: &[(String, String)],
) -> Findings {
    let mut findings = Findings::default();
    // Cases that lose all their records, by key.
    let mut emptied: BTreeMap<&str, &Known> = todo
        .iter()
        .filter(|key| !records.0.contains_key(**key))
        .filter_map(|key| Some((*key, known.get(*key)?)))
        .collect();
    for key in todo {
        let citizen = records.0.remove(*key).and_then(|seen| seen.citizen(key));
        let Some(citizen) = citizen else {
            continue;
        };
        let heir = || {
            moves
                .iter()
                .find(|(from, to)| to == key && emptied.contains_key(from.as_str()))
        };
        match known.get(*key) {
            Some(known) => findings.changed.push((known.clone(), citizen)),
            None => match heir().and_then(|(from, _)| emptied.remove(from.as_str())) {
                Some(known) => findings.changed.push((known.clone(), citizen)),
                None => findings.new.push(citizen),
            },
        }
    }
    findings.emptied = emptied.into_values().cloned().collect();
    findings
}
