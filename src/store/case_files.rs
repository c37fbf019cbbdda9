//! Browsing cases, and what is known about one of them.

use super::Result;
use super::attempts::Attempt;
use super::cases::Case;
use crate::db::Conn;
use crate::domain::ids::{CallListId, CaseId, HouseholdId, ImportId, OutageId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempt_cases, attempts, callbacks, cases, households, imports, transactions, users};
use diesel::dsl::exists;
use diesel::prelude::*;

/// Which cases; what is none does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    /// A word of `domain::stage::Stage`.
    pub stage: Option<&'a str>,
    /// A word of `domain::stage::Resolution`.
    pub resolution: Option<&'a str>,
    /// A call list; `Some(None)` is the pool.
    pub list: Option<Option<CallListId>>,
    /// A language; `en` also finds those whose language is not known.
    pub language: Option<&'a str>,
}

/// The visible cases of a filter, counted, and one page of them: those due first, then by number.
pub fn page(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    filter: &Filter<'_>,
    (offset, limit): (i64, i64),
) -> Result<(i64, Vec<Case>)> {
    let chosen = || {
        let mut chosen = cases::table
            .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
            .filter(cases::transactions.gt(0))
            .into_boxed();
        if let Some(stage) = filter.stage {
            chosen = chosen.filter(cases::stage.eq(stage));
        }
        if let Some(resolution) = filter.resolution {
            chosen = chosen.filter(cases::stage.eq("closed").and(cases::resolution.eq(resolution)));
        }
        if let Some(language) = filter.language {
            chosen = match language {
                "en" => chosen.filter(cases::language.eq("en").or(cases::language.is_null())),
                other => chosen.filter(cases::language.eq(other)),
            };
        }
        let at_home = || households::table.filter(cases::household_id.eq(households::id.nullable()));
        match filter.list {
            Some(Some(list)) => chosen.filter(exists(at_home().filter(households::list_id.eq(list)))),
            Some(None) => chosen.filter(exists(at_home().filter(households::list_id.is_null()))),
            None => chosen,
        }
    };
    let total = chosen().count().get_result(conn)?;
    let rows = chosen()
        .order((cases::due_at, cases::id))
        .offset(offset)
        .limit(limit)
        .select(Case::as_select())
        .load(conn)?;
    Ok((total, rows))
}

/// The lists that these households are on.
pub fn lists_of(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Vec<(HouseholdId, Option<CallListId>)>> {
    households::table
        .filter(households::id.eq_any(ids))
        .select((households::id, households::list_id))
        .load(conn)
}

/// The languages of an outage's visible cases.
pub fn languages(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<Vec<Option<String>>> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .select(cases::language)
        .distinct()
        .order(cases::language)
        .load(conn)
}

/// One failed payment of a case, with where it came from.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Payment {
    /// The agency's own id of the transaction, if the file had one.
    pub external_id: Option<String>,
    pub occurred_at: Timestamp,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub channel: Option<String>,
    pub error_code: Option<String>,
    /// A word of `domain::charged::Charged`.
    pub charged: String,
    /// Where its record starts in the file.
    pub line: i64,
    pub file_name: String,
}

/// A case's visible failed payments, oldest first, up to `limit`.
pub fn payments(conn: &mut Conn, case: &Case, published: ImportId, limit: i64) -> Result<Vec<Payment>> {
    transactions::table
        .inner_join(imports::table)
        .filter(
            transactions::outage_id
                .eq(case.outage_id)
                .and(transactions::import_id.le(published)),
        )
        .filter(
            transactions::identity_key
                .eq(&case.identity_key)
                .and(transactions::bin.eq("accepted")),
        )
        .order((transactions::occurred_at, transactions::id))
        .limit(limit)
        .select((
            transactions::external_id,
            transactions::occurred_at,
            transactions::amount_cents,
            transactions::tax_type,
            transactions::channel,
            transactions::error_code,
            transactions::charged,
            transactions::line,
            imports::file_name,
        ))
        .load(conn)
}

/// All attempts about a case with who made them, oldest first, those that do not count any more too.
pub fn attempts_of(conn: &mut Conn, case: CaseId) -> Result<Vec<(Attempt, String)>> {
    attempts::table
        .inner_join(users::table)
        .inner_join(attempt_cases::table)
        .filter(attempt_cases::case_id.eq(case))
        .order((attempts::at, attempts::id))
        .select((Attempt::as_select(), users::name))
        .load(conn)
}

/// A household's promises, oldest first.
pub fn promises_of(conn: &mut Conn, household: HouseholdId) -> Result<Vec<super::callbacks::Callback>> {
    callbacks::table
        .filter(callbacks::household_id.eq(household))
        .order(callbacks::id)
        .select(super::callbacks::Callback::as_select())
        .load(conn)
}
