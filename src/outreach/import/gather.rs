//! The third phase: records into cases and households. What is new is written at once, out of sight;
//! what changes in a case that counts is noted and made when the import counts.
//!
//! Only citizens with a staged or a moving record are looked at, so a small second export is quick
//! however large the outage is.

use super::citizen::Citizen;
use super::rows;
use super::settle::{self, Settled};
use super::work::Work;
use crate::domain::ids::CaseId;
use crate::outreach::Result;
use crate::store::cases::Case;
use crate::store::staging::{self, Change, Known};
use crate::store::transactions::{self, Attempted};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is found out for some citizens before anything is written.
#[derive(Default)]
struct Findings {
    /// Citizens without a case.
    new: Vec<Citizen>,
    /// Cases that count and what they would become.
    changed: Vec<(Known, Citizen)>,
    /// Cases that count and would have no record any more.
    emptied: Vec<Known>,
}

/// Gathers all citizens that this import touches.
pub(super) fn gather(work: &mut Work<'_>) -> Result<()> {
    moving(work)?;
    let (mut after, limit) = ((0, 0), 500);
    loop {
        let import = work.id();
        let page = work
            .office
            .db
            .read(|conn| transactions::keys_of_import(conn, import, after, limit))?;
        let Some((line, id, _)) = page.last() else { break };
        after = (*line, *id);
        let keys: BTreeSet<String> = page.into_iter().filter_map(|(_, _, key)| key).collect();
        gather_some(work, &keys, &[])?;
    }
    Ok(())
}

/// Citizens that lose or win records that count already come first, because a case whose records all
/// move to a citizen without a case goes with them.
fn moving(work: &mut Work<'_>) -> Result<()> {
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
        gather_some(work, &keys, &moves)?;
    }
    Ok(())
}

fn gather_some(work: &mut Work<'_>, keys: &BTreeSet<String>, moves: &[(String, String)]) -> Result<()> {
    let findings = find(work, keys, moves)?;
    let Settled { rows: found, seen } = settle::settle(work, findings.new, findings.changed)?;
    let import = work.id();
    let emptied: Vec<Change> = emptied(work, &findings.emptied)?;
    let noted: Vec<i64> = findings
        .emptied
        .iter()
        .filter_map(|known| known.household_id)
        .collect();
    work.write(|conn| {
        rows::write(conn, import, &found, &seen)?;
        staging::add_changes(conn, &emptied)?;
        Ok(staging::note_households(conn, import, &noted)?)
    })
}

/// Reads the citizens' records and cases, and tells new from changed.
fn find(work: &Work<'_>, keys: &BTreeSet<String>, moves: &[(String, String)]) -> Result<Findings> {
    let (scope, import) = (work.scope, work.id());
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    work.office.db.read(|conn| {
        let known = staging::with_keys(conn, scope.outage, &keys)?;
        let ids: Vec<CaseId> = known.iter().map(|known| known.id).collect();
        let done: HashSet<CaseId> = staging::changed(conn, &ids)?.into_iter().collect();
        let promised: HashSet<String> = staging::changed_to(conn, import, &keys)?.into_iter().collect();
        let known: HashMap<String, Known> = known
            .into_iter()
            .map(|known| (known.identity_key.clone(), known))
            .collect();
        let is_done = |key: &&str| match known.get(*key) {
            Some(known) => known.import_id == import || done.contains(&known.id),
            None => promised.contains(*key),
        };
        let todo: Vec<&str> = keys.iter().copied().filter(|key| !is_done(key)).collect();
        let records = by_key(transactions::of_keys(conn, scope, &todo)?);
        Ok(sort(&todo, &records, &known, moves))
    })
}

fn by_key(records: Vec<Attempted>) -> HashMap<String, Vec<Attempted>> {
    let mut by_key: HashMap<String, Vec<Attempted>> = HashMap::new();
    for record in records {
        by_key.entry(record.key().to_owned()).or_default().push(record);
    }
    by_key
}

fn sort(
    todo: &[&str],
    records: &HashMap<String, Vec<Attempted>>,
    known: &HashMap<String, Known>,
    moves: &[(String, String)],
) -> Findings {
    let mut findings = Findings::default();
    // Cases that lose all their records, by key.
    let mut emptied: BTreeMap<&str, &Known> = todo
        .iter()
        .filter(|key| !records.contains_key(**key))
        .filter_map(|key| Some((*key, known.get(*key)?)))
        .collect();
    for key in todo {
        let Some(citizen) = records.get(*key).and_then(|records| Citizen::of(key, records)) else {
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

/// A case without records stays, with all that happened in it; it is nobody's any more.
fn emptied(work: &Work<'_>, known: &[Known]) -> Result<Vec<Change>> {
    let ids: Vec<CaseId> = known.iter().map(|known| known.id).collect();
    let cases = work
        .office
        .db
        .read(|conn| crate::store::cases::with_ids(conn, &ids))?;
    let import = work.id();
    Ok(cases
        .into_iter()
        .map(|case| without_records(case, import))
        .collect())
}

fn without_records(case: Case, import_id: i64) -> Change {
    Change {
        case_id: case.id,
        import_id,
        identity_key: case.identity_key,
        household_id: case.household_id,
        folded_name: crate::domain::person_name::folded(&case.given_name, &case.family_name),
        given_name: case.given_name,
        family_name: case.family_name,
        account_id: case.account_id,
        email: case.email,
        phone: case.phone,
        phone_2: case.phone_2,
        language: case.language,
        state: case.state,
        time_zone: case.time_zone,
        amount_cents: case.amount_cents,
        tax_type: case.tax_type,
        charged: case
            .charged
            .parse()
            .map_or("unknown", crate::domain::charged::Charged::as_str),
        filing_deadline: case.filing_deadline,
        first_failed_at: case.first_failed_at,
        last_failed_at: case.last_failed_at,
        transactions: 0,
    }
}
