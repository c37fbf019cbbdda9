//! What supervisors decided about cases.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, DecisionId, ImportId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{decisions, users};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// One decision.
#[derive(Clone, Debug, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct Decision {
    pub id: DecisionId,
    pub case_id: CaseId,
    /// A word of `domain::verdict::Verdict`.
    pub verdict: String,
    pub note: String,
    pub user_id: UserId,
    pub at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// Who took it back.
    pub withdrawn_by: Option<UserId>,
    /// The number that it is about, E.164, if it is about one.
    pub phone: Option<String>,
}

/// A decision that stands, as it bears on its case: its word, when it was made, and the number that it is about.
pub type Standing = (String, Timestamp, Option<String>);

/// A decision that is not made yet.
#[derive(Clone, Copy, Debug, Insertable)]
#[diesel(table_name = decisions)]
#[allow(missing_docs)]
pub struct NewDecision<'a> {
    pub case_id: CaseId,
    pub verdict: &'a str,
    pub note: &'a str,
    pub user_id: UserId,
    pub at: Timestamp,
    pub phone: Option<&'a str>,
}

/// Writes a decision down.
pub fn add(conn: &mut Conn, new: &NewDecision<'_>) -> Result<usize> {
    diesel::insert_into(decisions::table).values(*new).execute(conn)
}

/// The decision with an id.
pub fn find(conn: &mut Conn, id: DecisionId) -> Result<Option<Decision>> {
    decisions::table
        .find(id)
        .select(Decision::as_select())
        .first(conn)
        .optional()
}

/// The decisions about a case with who made them, oldest first, those taken back too.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<(Decision, String)>> {
    decisions::table
        .inner_join(users::table)
        .filter(decisions::case_id.eq(case))
        .order(decisions::id)
        .select((Decision::as_select(), users::name))
        .load(conn)
}

/// The decisions about these cases that stand, oldest first.
pub fn standing(conn: &mut Conn, cases: &[CaseId]) -> Result<Vec<(CaseId, Standing)>> {
    decisions::table
        .filter(decisions::case_id.eq_any(cases))
        .filter(decisions::withdrawn_at.is_null())
        .order(decisions::id)
        .select((
            decisions::case_id,
            (decisions::verdict, decisions::at, decisions::phone),
        ))
        .load(conn)
}

/// The decisions about this number that stand, of these cases, with who made them, oldest first.
pub fn about_number(conn: &mut Conn, cases: &[CaseId], phone: &str) -> Result<Vec<(Decision, String)>> {
    decisions::table
        .inner_join(users::table)
        .filter(decisions::case_id.eq_any(cases))
        .filter(decisions::phone.eq(phone).and(decisions::withdrawn_at.is_null()))
        .order(decisions::id)
        .select((Decision::as_select(), users::name))
        .load(conn)
}

/// Takes a decision back; 0 if it was before.
pub fn withdraw(conn: &mut Conn, id: DecisionId, by: UserId, now: Timestamp) -> Result<usize> {
    let standing = decisions::table.filter(decisions::id.eq(id).and(decisions::withdrawn_at.is_null()));
    diesel::update(standing)
        .set((decisions::withdrawn_at.eq(now), decisions::withdrawn_by.eq(by)))
        .execute(conn)
}

/// Whether anybody decided, wrote a letter or noted a remedy for a case that an import made, or its citizen answered.
pub fn touch_import(conn: &mut Conn, import: ImportId) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Touched {
        #[diesel(sql_type = BigInt)]
        tables: i64,
    }
    // `+` keeps SQLite from beginning with everybody of the import: those who were decided about are fewer.
    let of = |table: &str| {
        format!(
            "CASE WHEN EXISTS (SELECT 1 FROM {table} t JOIN cases c ON c.id = t.case_id WHERE +c.import_id = {import}) \
             THEN 1 ELSE 0 END"
        )
    };
    let tables = ["decisions", "letters", "remedies", "answers"]
        .map(of)
        .join(" + ");
    let found: Touched =
        diesel::sql_query(format!("SELECT CAST({tables} AS BIGINT) AS tables")).get_result(conn)?;
    Ok(found.tables > 0)
}
