//! People on their way into the database: new cases, what changes in cases that count, and households. They are put
//! together in a scratch database and then carried over, each table in its order ([`super::carry`]).

use super::{Result, loads};
use crate::db::{Conn, Scratch};
use crate::domain::ids::{CaseId, HouseholdId, ImportId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, staged_changes, staged_folds, staged_households};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use std::path::Path;

/// Memory for pages, in KiB: rows are added at the end and read in order.
const CACHE: u32 = 8_000;

/// What is known of somebody for the household of their phone.
const MEMBERS: &str = "phone, stage, due_at, language, time_zone, filing_deadline, amount_cents, charged, \
    transactions, first_failed_at, email";

/// Somebody with a phone.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Member {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub phone: String,
    /// None: their case counts already, and will be asked when the import counts.
    #[diesel(sql_type = Nullable<Text>)]
    pub stage: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub due_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    pub language: Option<String>,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub filing_deadline: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount_cents: Option<i64>,
    #[diesel(sql_type = Text)]
    pub charged: String,
    #[diesel(sql_type = Integer)]
    pub transactions: i32,
    #[diesel(sql_type = BigInt)]
    pub first_failed_at: Timestamp,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
}

/// Room for them ([`scratch_rows`](super::scratch_rows) fills it); `searched`: it will be asked who is there already.
pub fn create(path: &Path, searched: bool) -> Result<Scratch> {
    let mut tables: String = [
        &loads::CASES,
        &loads::CHANGES,
        &loads::HOUSEHOLDS,
        &loads::NOTES,
        &loads::FOLDS,
    ]
    .iter()
    .map(|load| load.scratch_table())
    .collect();
    tables.push_str("CREATE UNIQUE INDEX noted_once ON staged_households (household_id);");
    if searched {
        tables.push_str(
            "CREATE INDEX cases_by_identity ON cases (identity_key); \
             CREATE INDEX changes_by_identity ON staged_changes (identity_key); \
             CREATE INDEX changes_by_case ON staged_changes (case_id);",
        );
    }
    tables.push_str("BEGIN");
    Scratch::create(path, &tables, CACHE)
}

/// Notes households to look at again when the import counts.
pub fn note(scratch: &mut Conn, import: ImportId, ids: &[HouseholdId]) -> Result<()> {
    if let Conn::Sqlite(sqlite) = scratch {
        for id in ids {
            diesel::insert_or_ignore_into(staged_households::table)
                .values((
                    staged_households::household_id.eq(*id),
                    staged_households::import_id.eq(import),
                ))
                .execute(sqlite)?;
        }
    }
    Ok(())
}

/// Notes cases whose changes have to count in the same instant as the import.
pub fn note_pressing(scratch: &mut Conn, import: ImportId, ids: &[CaseId]) -> Result<()> {
    if let Conn::Sqlite(sqlite) = scratch {
        for id in ids {
            diesel::insert_into(staged_folds::table)
                .values((staged_folds::case_id.eq(*id), staged_folds::import_id.eq(import)))
                .execute(sqlite)?;
        }
    }
    Ok(())
}

/// Which of these citizens have a case on its way, or one that becomes theirs.
pub fn keys(scratch: &mut Conn, keys: &[&str]) -> Result<Vec<String>> {
    let mut found: Vec<String> = cases::table
        .filter(cases::identity_key.eq_any(keys))
        .select(cases::identity_key)
        .load(scratch)?;
    let changed: Vec<String> = staged_changes::table
        .filter(staged_changes::identity_key.eq_any(keys))
        .select(staged_changes::identity_key)
        .load(scratch)?;
    found.extend(changed);
    Ok(found)
}

/// Which of these cases are changed already.
pub fn changed(scratch: &mut Conn, ids: &[CaseId]) -> Result<Vec<CaseId>> {
    staged_changes::table
        .filter(staged_changes::case_id.eq_any(ids))
        .select(staged_changes::case_id)
        .load(scratch)
}

/// Everybody is there: puts those with a phone in the order of their phones.
pub fn sort_by_phone(scratch: &mut Scratch) -> Result<()> {
    scratch.sort(&format!(
        "CREATE TABLE members (id INTEGER PRIMARY KEY, {MEMBERS}); \
         INSERT INTO members ({MEMBERS}) SELECT {MEMBERS} FROM (\
         SELECT id, {MEMBERS} FROM cases WHERE phone IS NOT NULL \
         UNION ALL SELECT NULL, phone, NULL, NULL, language, time_zone, filing_deadline, amount_cents, charged, \
         transactions, first_failed_at, email FROM staged_changes WHERE phone IS NOT NULL AND household_id IS NULL) \
         ORDER BY phone, id"
    ))
}

/// The next of them.
pub fn members(scratch: &mut Conn, after: i64, limit: i64) -> Result<Vec<Member>> {
    diesel::sql_query(format!(
        "SELECT id, {MEMBERS} FROM members WHERE id > {after} ORDER BY id LIMIT {limit}"
    ))
    .load(scratch)
}

/// Lets other connections see it all.
pub fn finish(scratch: &mut Conn) -> Result<()> {
    scratch.batch_execute("COMMIT; PRAGMA shrink_memory")
}
