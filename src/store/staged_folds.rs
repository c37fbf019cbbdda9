//! Cases whose standing changes when an import counts, because of a payment. They are folded again
//! right after it is published, in short transactions; a claim folds those it meets before.

use super::Result;
use super::claims::cases_in_hand;
use crate::db::{Conn, both};
use crate::domain::ids::{CaseId, HouseholdId, ImportId, OutageId};
use crate::domain::import::ImportState;
use crate::schema::{cases, imports, staged_folds};
use diesel::prelude::*;

/// Notes cases.
pub fn note(conn: &mut Conn, import: ImportId, ids: &[CaseId]) -> Result<()> {
    let row = |id: &CaseId| (staged_folds::case_id.eq(*id), staged_folds::import_id.eq(import));
    let rows: Vec<_> = ids.iter().map(row).collect();
    if !rows.is_empty() {
        both!(conn, |c| diesel::insert_into(staged_folds::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Some of the cases that an import has noted.
pub fn some(conn: &mut Conn, import: ImportId, limit: i64) -> Result<Vec<CaseId>> {
    staged_folds::table
        .filter(staged_folds::import_id.eq(import))
        .order(staged_folds::case_id)
        .limit(limit)
        .select(staged_folds::case_id)
        .load(conn)
}

/// Those whose household a caller has in hand.
pub fn in_hand(conn: &mut Conn, outage: OutageId, import: ImportId) -> Result<Vec<CaseId>> {
    let noted: Vec<(CaseId, ImportId)> = staged_folds::table
        .filter(staged_folds::case_id.eq_any(cases_in_hand(outage))) // a few; all of an import may be very many
        .select((staged_folds::case_id, staged_folds::import_id))
        .load(conn)?;
    let ours = noted.into_iter().filter(|(_, of)| *of == import);
    Ok(ours.map(|(case, _)| case).collect())
}

/// Those of a household whose import counts already.
pub fn of_household(conn: &mut Conn, household: HouseholdId) -> Result<Vec<CaseId>> {
    let members = cases::table
        .filter(cases::household_id.eq(household))
        .select(cases::id);
    staged_folds::table
        .inner_join(imports::table)
        .filter(staged_folds::case_id.eq_any(members))
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .select(staged_folds::case_id)
        .load(conn)
}

/// These cases were folded again, or need not be.
pub fn forget(conn: &mut Conn, ids: &[CaseId]) -> Result<usize> {
    diesel::delete(staged_folds::table.filter(staged_folds::case_id.eq_any(ids))).execute(conn)
}
