//! Cases and households on behalf of an import that does not count yet: new ones, and what it would
//! change in those that do.

use super::claims::cases_in_hand;
use super::{Result, staged_folds};
use crate::db::{Conn, both};
use crate::domain::ids::{CaseId, HouseholdId, ImportId, OutageId};
use crate::domain::import::ImportState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, claims, households, imports, staged_changes, staged_households};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// A case on its way in; the fields are those of `store::cases::Case`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewCase {
    pub outage_id: OutageId,
    pub import_id: ImportId,
    pub identity_key: String,
    pub household_id: Option<HouseholdId>,
    pub given_name: String,
    pub family_name: String,
    pub folded_name: String,
    pub account_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_2: Option<String>,
    pub language: Option<String>,
    pub state: Option<String>,
    pub time_zone: String,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub charged: &'static str,
    pub filing_deadline: Option<String>,
    pub first_failed_at: Timestamp,
    pub last_failed_at: Timestamp,
    pub opened_at: Timestamp,
    pub transactions: i32,
    pub code: String,
    pub stage: &'static str,
    pub due_at: Option<Timestamp>,
    pub resolution: Option<&'static str>,
    pub resolved_at: Option<Timestamp>,
    pub tries: i32,
}

/// A household on its way in; the fields are those of `store::households::Household`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewHousehold {
    pub outage_id: OutageId,
    pub import_id: ImportId,
    pub phone: String,
    pub time_zone: String,
    pub language: Option<String>,
    pub stage: &'static str,
    pub due_at: Option<Timestamp>,
    pub score: i64,
    pub skips: i32,
    pub tries: i32,
    pub citizens: i32,
}

/// What a staged import would make of a case that counts already.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Change {
    pub case_id: CaseId,
    pub import_id: ImportId,
    pub identity_key: String,
    pub household_id: Option<HouseholdId>,
    pub given_name: String,
    pub family_name: String,
    pub folded_name: String,
    pub account_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_2: Option<String>,
    pub language: Option<String>,
    pub state: Option<String>,
    pub time_zone: String,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub charged: &'static str,
    pub filing_deadline: Option<String>,
    pub first_failed_at: Timestamp,
    pub last_failed_at: Timestamp,
    pub transactions: i32,
}

/// A case that is there: id, import, key, household, and how it is reached.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cases)]
#[allow(missing_docs)]
pub struct Known {
    pub id: CaseId,
    pub import_id: ImportId,
    pub identity_key: String,
    pub household_id: Option<HouseholdId>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// How many people an outage has.
#[derive(Clone, Copy, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Count {
    #[diesel(sql_type = BigInt)]
    pub citizens: i64,
    #[diesel(sql_type = BigInt)]
    pub households: i64,
    #[diesel(sql_type = BigInt)]
    pub with_phone: i64,
    #[diesel(sql_type = BigInt)]
    pub email_only: i64,
}

/// The cases with these keys.
pub fn with_keys(conn: &mut Conn, outage: OutageId, keys: &[&str]) -> Result<Vec<Known>> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::identity_key.eq_any(keys)))
        .select(Known::as_select())
        .load(conn)
}

/// Notes households to look at again when the import counts.
pub fn note_households(conn: &mut Conn, import: ImportId, ids: &[HouseholdId]) -> Result<()> {
    let row = |id: &HouseholdId| {
        (
            staged_households::household_id.eq(*id),
            staged_households::import_id.eq(import),
        )
    };
    let rows: Vec<_> = ids.iter().map(row).collect();
    if !rows.is_empty() {
        both!(conn, |c| diesel::insert_into(staged_households::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Cases of an import after one of them that live in households of other imports, as (case, household).
pub fn homes_elsewhere(
    conn: &mut Conn,
    import: ImportId,
    after: CaseId,
    limit: i64,
) -> Result<Vec<(CaseId, HouseholdId)>> {
    cases::table
        .inner_join(households::table)
        .filter(cases::import_id.eq(import).and(cases::id.gt(after)))
        .filter(households::import_id.ne(import))
        .order(cases::id)
        .limit(limit)
        .select((cases::id, households::id))
        .load(conn)
}

/// Some of the households to look at again.
pub fn noted_households(conn: &mut Conn, import: ImportId, limit: i64) -> Result<Vec<HouseholdId>> {
    staged_households::table
        .filter(staged_households::import_id.eq(import))
        .order(staged_households::household_id)
        .limit(limit)
        .select(staged_households::household_id)
        .load(conn)
}

/// These households were looked at.
pub fn forget_households(conn: &mut Conn, ids: &[HouseholdId]) -> Result<usize> {
    diesel::delete(staged_households::table.filter(staged_households::household_id.eq_any(ids))).execute(conn)
}

/// Makes those changes count that cannot wait: whose cases are noted to be folded again. They stay noted.
pub fn apply_pressing(conn: &mut Conn, import: ImportId) -> Result<usize> {
    let pressing = format!("SELECT case_id FROM staged_folds WHERE import_id = {import}");
    apply(conn, import, &pressing)
}

/// Makes the changes of these cases count. They stay noted: the cases have to be folded again.
pub fn apply_changes(conn: &mut Conn, import: ImportId, ids: &[CaseId]) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    apply(conn, import, &ids.join(", "))
}

/// `+` keeps SQLite from reading all changes of the import to find these.
fn apply(conn: &mut Conn, import: ImportId, which: &str) -> Result<usize> {
    diesel::sql_query(format!(
        "UPDATE cases SET identity_key = n.identity_key, household_id = n.household_id, given_name = n.given_name, \
         family_name = n.family_name, folded_name = n.folded_name, account_id = n.account_id, \
         email = coalesce((SELECT a.email FROM corrected_addresses a WHERE a.case_id = cases.id ORDER BY a.id DESC LIMIT 1), \
         n.email), \
         phone = n.phone, phone_2 = n.phone_2, language = n.language, state = n.state, time_zone = n.time_zone, \
         amount_cents = n.amount_cents, tax_type = n.tax_type, charged = n.charged, \
         filing_deadline = n.filing_deadline, first_failed_at = n.first_failed_at, \
         last_failed_at = n.last_failed_at, transactions = n.transactions \
         FROM staged_changes n WHERE n.case_id = cases.id AND +n.import_id = {import} AND n.case_id IN ({which})"
    ))
    .execute(conn)
}

/// Some of the cases an import changes.
pub fn changed_cases(conn: &mut Conn, import: ImportId, limit: i64) -> Result<Vec<CaseId>> {
    staged_changes::table
        .filter(staged_changes::import_id.eq(import))
        .order((staged_changes::identity_key, staged_changes::case_id)) // as an index has them: nothing is sorted
        .limit(limit)
        .select(staged_changes::case_id)
        .load(conn)
}

/// Those whose household a caller has in hand.
pub fn changed_in_hand(conn: &mut Conn, outage: OutageId, import: ImportId) -> Result<Vec<CaseId>> {
    let changed: Vec<(CaseId, ImportId)> = staged_changes::table
        .filter(staged_changes::case_id.eq_any(cases_in_hand(outage))) // a few; all of an import may be very many
        .select((staged_changes::case_id, staged_changes::import_id))
        .load(conn)?;
    let ours = changed.into_iter().filter(|(_, of)| *of == import);
    Ok(ours.map(|(case, _)| case).collect())
}

/// Those of a household whose import counts already, with that import.
pub fn changed_of_household(conn: &mut Conn, household: HouseholdId) -> Result<Vec<(CaseId, ImportId)>> {
    let members = cases::table
        .filter(cases::household_id.eq(household))
        .select(cases::id);
    staged_changes::table
        .inner_join(imports::table)
        .filter(staged_changes::case_id.eq_any(members))
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .select((staged_changes::case_id, staged_changes::import_id))
        .load(conn)
}

/// These cases were folded again.
pub fn forget_changes(conn: &mut Conn, ids: &[CaseId]) -> Result<usize> {
    diesel::delete(staged_changes::table.filter(staged_changes::case_id.eq_any(ids))).execute(conn)
}

/// Whether cases or households have still to be looked at because of an import.
pub fn has_marks(conn: &mut Conn, import: ImportId) -> Result<bool> {
    let changed = !changed_cases(conn, import, 1)?.is_empty();
    Ok(changed
        || !staged_folds::some(conn, import, 1)?.is_empty()
        || !noted_households(conn, import, 1)?.is_empty())
}

/// How many cases and households have still to be looked at because of an import.
pub fn count_marks(conn: &mut Conn, import: ImportId) -> Result<i64> {
    let counted: Answer = diesel::sql_query(format!(
        "SELECT (SELECT COUNT(*) FROM staged_changes WHERE import_id = {import}) \
         + (SELECT COUNT(*) FROM staged_folds WHERE import_id = {import}) \
         + (SELECT COUNT(*) FROM staged_households WHERE import_id = {import}) AS found"
    ))
    .get_result(conn)?;
    Ok(counted.found)
}

/// How many rows of an import there are: records, payments, cases and households.
pub fn count_rows(conn: &mut Conn, import: ImportId) -> Result<i64> {
    let counted: Answer = diesel::sql_query(format!(
        "SELECT (SELECT COUNT(*) FROM transactions WHERE import_id = {import}) \
         + (SELECT COUNT(*) FROM payments WHERE import_id = {import}) \
         + (SELECT COUNT(*) FROM cases WHERE import_id = {import}) \
         + (SELECT COUNT(*) FROM households WHERE import_id = {import}) AS found"
    ))
    .get_result(conn)?;
    Ok(counted.found)
}

/// Whether anything of an import is there besides its records.
pub fn has_rows(conn: &mut Conn, import: ImportId) -> Result<bool> {
    use diesel::dsl::exists;
    let of_cases =
        diesel::select(exists(cases::table.filter(cases::import_id.eq(import)))).get_result(conn)?;
    let homes = households::table.filter(households::import_id.eq(import));
    Ok(of_cases || diesel::select(exists(homes)).get_result(conn)? || has_marks(conn, import)?)
}

/// How many people the outage has.
pub fn count_published(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<Count> {
    diesel::sql_query(format!(
        "SELECT COUNT(*) AS citizens, COUNT(DISTINCT phone) AS households, COUNT(phone) AS with_phone, \
         COUNT(CASE WHEN phone IS NULL THEN email END) AS email_only FROM cases \
         WHERE outage_id = {outage} AND import_id <= {published} AND transactions > 0"
    ))
    .get_result(conn)
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Whether somebody was called since, who is known through this import or of whom it has a record. (`+`, here and below, keeps
/// SQLite from beginning with everybody of the import: those who were called or written to are fewer.)
pub fn was_called(conn: &mut Conn, outage: OutageId, import: ImportId, since: Timestamp) -> Result<bool> {
    let since = since.micros();
    let answer: Answer = diesel::sql_query(format!(
        "SELECT COUNT(*) AS found FROM attempts a JOIN attempt_cases ac ON ac.attempt_id = a.id \
         JOIN cases c ON c.id = ac.case_id WHERE a.outage_id = {outage} AND a.at >= {since} \
         AND (c.import_id = {import} OR EXISTS (SELECT 1 FROM transactions t WHERE t.outage_id = c.outage_id \
         AND t.identity_key = c.identity_key AND +t.import_id = {import}))"
    ))
    .get_result(conn)?;
    Ok(answer.found > 0)
}

/// Whether an e-mail to somebody known through this import is written and not withdrawn.
pub fn was_written_to(conn: &mut Conn, import: ImportId) -> Result<bool> {
    let answer: Answer = diesel::sql_query(format!(
        "SELECT COUNT(*) AS found FROM messages m JOIN cases c ON c.id = m.case_id \
         WHERE +c.import_id = {import} AND m.state NOT IN ('withdrawn', 'suppressed')"
    ))
    .get_result(conn)?;
    Ok(answer.found > 0)
}

/// Ends the claims on an import's households.
pub fn release_claims(conn: &mut Conn, import: ImportId, now: Timestamp) -> Result<usize> {
    let now = now.micros();
    diesel::sql_query(format!(
        "UPDATE claims SET released_at = {now} WHERE released_at IS NULL \
         AND EXISTS (SELECT 1 FROM households h WHERE h.id = claims.household_id AND h.import_id = {import})"
    ))
    .execute(conn)
}

/// How many people the outage has when imports up to `until` count and the staged changes are made.
/// Cases whose records all moved elsewhere are nobody.
pub fn count(conn: &mut Conn, outage: OutageId, until: ImportId) -> Result<Count> {
    diesel::sql_query(format!(
        "SELECT COUNT(*) AS citizens, COUNT(DISTINCT phone) AS households, COUNT(phone) AS with_phone, \
         COUNT(CASE WHEN phone IS NULL THEN email END) AS email_only FROM (\
         SELECT CASE WHEN n.case_id IS NULL THEN c.phone ELSE n.phone END AS phone, \
         CASE WHEN n.case_id IS NULL THEN c.email ELSE n.email END AS email \
         FROM cases c LEFT JOIN staged_changes n ON n.case_id = c.id \
         WHERE c.outage_id = {outage} AND c.import_id <= {until} \
         AND CASE WHEN n.case_id IS NULL THEN c.transactions ELSE n.transactions END > 0) AS people"
    ))
    .get_result(conn)
}

/// Deletes up to `limit` of an import's cases, with what was never sent to them, and then of its
/// households, with the claims on them and why they were skipped; answers how many went.
pub fn delete_some(conn: &mut Conn, import: ImportId, limit: i64) -> Result<usize> {
    use crate::schema::{messages, skips};
    let some: Vec<CaseId> = cases::table
        .filter(cases::import_id.eq(import))
        .limit(limit)
        .select(cases::id)
        .load(conn)?;
    if !some.is_empty() {
        diesel::delete(messages::table.filter(messages::case_id.eq_any(&some))).execute(conn)?;
        return diesel::delete(cases::table.filter(cases::id.eq_any(&some))).execute(conn);
    }
    let some: Vec<HouseholdId> = households::table
        .filter(households::import_id.eq(import))
        .limit(limit)
        .select(households::id)
        .load(conn)?;
    if some.is_empty() {
        return Ok(0);
    }
    diesel::delete(skips::table.filter(skips::household_id.eq_any(&some))).execute(conn)?;
    diesel::delete(claims::table.filter(claims::household_id.eq_any(&some))).execute(conn)?;
    diesel::delete(households::table.filter(households::id.eq_any(&some))).execute(conn)
}

/// Forgets up to `limit` changes and notes of an import; answers how many.
pub fn delete_marks(conn: &mut Conn, import: ImportId, limit: i64) -> Result<usize> {
    let changes: Vec<CaseId> = staged_changes::table
        .filter(staged_changes::import_id.eq(import))
        .limit(limit)
        .select(staged_changes::case_id)
        .load(conn)?;
    let notes = noted_households(conn, import, limit)?;
    let folds = staged_folds::some(conn, import, limit)?;
    let gone = staged_folds::forget(conn, &folds)?;
    let gone = gone
        + diesel::delete(staged_changes::table.filter(staged_changes::case_id.eq_any(&changes)))
            .execute(conn)?;
    Ok(gone + forget_households(conn, &notes)?)
}

/// Locks an outage's row for this transaction, so that two imports of it do not begin at once.
pub fn lock(conn: &mut Conn, outage: OutageId) -> Result<usize> {
    diesel::sql_query(format!(
        "UPDATE outages SET published_import_id = published_import_id WHERE id = {outage}"
    ))
    .execute(conn)
}
