//! Rows of cases and households, ready to be written.

use super::citizen::Citizen;
use super::settle::Newcomer;
use super::work::Work;
use crate::db::Conn;
use crate::domain::ids::{HouseholdId, ImportId, OutageId};
use crate::domain::stage::Resolution;
use crate::domain::trust_code::trust_code;
use crate::outreach::Result;
use crate::store::staging::{self, Change, Home, Known, NewCase, NewHousehold};
use crate::store::{bulk, households};
use std::collections::{BTreeSet, HashMap};

/// Rows to write.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) cases: Vec<NewCase>,
    pub(super) changes: Vec<Change>,
    pub(super) new_homes: Vec<NewHousehold>,
    pub(super) grown_homes: Vec<Home>,
    /// Households to look at again when the import counts.
    pub(super) noted: BTreeSet<HouseholdId>,
}

/// The row of a new case; its household is known when it is written.
pub(super) fn case(work: &Work<'_>, newcomer: Newcomer) -> NewCase {
    let Newcomer {
        citizen, progress, ..
    } = newcomer;
    NewCase {
        outage_id: work.import.outage_id,
        import_id: work.id(),
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        code: code(work, &citizen.key),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        opened_at: work.opened_at,
        transactions: citizen.transactions,
        stage: progress.stage.as_str(),
        due_at: progress.due_at,
        resolution: progress.resolution.map(Resolution::as_str),
        resolved_at: progress.resolved_at,
        tries: 0,
    }
}

/// The call-back code: the same for the same citizen of the outage, and known to this installation only.
fn code(work: &Work<'_>, key: &str) -> String {
    let message = format!("{}|{key}", work.import.outage_id);
    let tag = work
        .office
        .config
        .secret_keys
        .sign("call-back code", message.as_bytes());
    let seed = tag
        .iter()
        .take(8)
        .fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    trust_code(seed)
}

/// What becomes of a case that counts.
pub(super) fn change(import_id: ImportId, known: &Known, citizen: Citizen) -> Change {
    Change {
        case_id: known.id,
        import_id,
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        transactions: citizen.transactions,
    }
}

/// Writes the rows: households first, for cases name theirs, which is filled in here.
pub(super) fn write(
    conn: &mut Conn,
    import: ImportId,
    rows: &mut Rows,
    (outage, zones): &(OutageId, BTreeSet<String>),
) -> Result<()> {
    for zone in zones {
        households::add_zones(conn, *outage, zone)?;
    }
    let homes = write_homes(conn, *outage, rows)?;
    let home_of = |phone: &Option<String>| phone.as_ref().and_then(|phone| homes.get(phone)).copied();
    for case in &mut rows.cases {
        case.household_id = home_of(&case.phone);
    }
    bulk::add_cases(conn, &rows.cases)?;
    let mut noted: BTreeSet<HouseholdId> = rows.noted.clone();
    for change in &mut rows.changes {
        change.household_id = home_of(&change.phone);
        noted.extend(change.household_id);
    }
    staging::add_changes(conn, &rows.changes)?;
    let noted: Vec<HouseholdId> = noted.into_iter().collect();
    Ok(staging::note_households(conn, import, &noted)?)
}

/// Writes new and grown households; answers the household of every phone.
fn write_homes(conn: &mut Conn, outage: OutageId, rows: &Rows) -> Result<HashMap<String, HouseholdId>> {
    let added = bulk::add_households(conn, &rows.new_homes)?;
    for home in &rows.grown_homes {
        staging::set_home(conn, home)?;
    }
    let mut homes: HashMap<String, HouseholdId> = added.into_iter().map(|(id, phone)| (phone, id)).collect();
    let of_cases = rows.cases.iter().filter_map(|case| case.phone.as_deref());
    let of_changes = rows.changes.iter().filter_map(|change| change.phone.as_deref());
    let elsewhere: Vec<&str> = of_cases
        .chain(of_changes)
        .filter(|phone| !homes.contains_key(*phone))
        .collect();
    let there = staging::homes(conn, outage, &elsewhere)?;
    homes.extend(there.into_iter().map(|home| (home.phone, home.id)));
    Ok(homes)
}
