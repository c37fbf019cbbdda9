//! Affected citizens. A case is visible when its import is published.

use super::Result;
use crate::db::Conn;
use crate::domain::charged::Charged;
use crate::domain::due_date::DueDate;
use crate::domain::ids::{CaseId, HouseholdId, ImportId, OutageId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{answers, cases, decisions, households, outages};
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// One case.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cases)]
#[allow(missing_docs)]
pub struct Case {
    pub id: CaseId,
    pub outage_id: OutageId,
    /// The import that made it.
    pub import_id: ImportId,
    /// `A:` and the account, `E:` and the e-mail, or `P:` and phone and folded name.
    pub identity_key: String,
    pub household_id: Option<HouseholdId>,
    pub given_name: String,
    pub family_name: String,
    pub account_id: Option<String>,
    pub email: Option<String>,
    /// E.164, the one to call first.
    pub phone: Option<String>,
    pub phone_2: Option<String>,
    pub language: Option<String>,
    pub state: Option<String>,
    /// `domain::zone::Zones` as text; empty: unknown.
    pub time_zone: String,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    /// A word of `domain::charged::Charged`.
    pub charged: String,
    /// `2026-04-15`.
    pub filing_deadline: Option<String>,
    pub first_failed_at: Timestamp,
    pub last_failed_at: Timestamp,
    /// From when on it may be called.
    pub opened_at: Timestamp,
    /// Accepted failed transactions.
    pub transactions: i32,
    /// The call-back code.
    pub code: String,
    /// A word of `domain::stage::Stage`.
    pub stage: String,
    pub due_at: Option<Timestamp>,
    pub resolution: Option<String>,
    pub resolved_at: Option<Timestamp>,
    /// In halves.
    pub tries: i32,
}

impl Case {
    /// Given and family name, as far as known.
    pub fn full_name(&self) -> String {
        [self.given_name.as_str(), self.family_name.as_str()]
            .join(" ")
            .trim()
            .to_owned()
    }

    /// What became of the money.
    pub fn charged(&self) -> Charged {
        self.charged.parse().unwrap_or(Charged::Unknown)
    }

    /// The last day to pay, if one is known, on a day of the citizen's.
    pub fn due_date(&self, today: NaiveDate) -> Option<DueDate> {
        let last = self.filing_deadline.as_deref()?.parse().ok()?;
        Some(DueDate::on(last, today))
    }
}

/// The case with an id, visible or not.
pub fn find(conn: &mut Conn, id: CaseId) -> Result<Option<Case>> {
    cases::table
        .find(id)
        .select(Case::as_select())
        .first(conn)
        .optional()
}

/// The visible cases that a call to a household is for, the one that failed last first.
pub fn of_household(conn: &mut Conn, household: HouseholdId, published: ImportId) -> Result<Vec<Case>> {
    // Whom a supervisor has parted from the number stays in its household while they are written to.
    let parted = decisions::table
        .inner_join(households::table.on(decisions::phone.eq(households::phone.nullable())))
        .filter(
            decisions::case_id
                .eq(cases::id)
                .and(decisions::withdrawn_at.is_null()),
        )
        .filter(households::id.eq(household));
    cases::table
        .filter(
            cases::household_id
                .eq(household)
                .and(cases::import_id.le(published)),
        )
        .filter(not(exists(parted)))
        .order((cases::last_failed_at.desc(), cases::id))
        .select(Case::as_select())
        .load(conn)
}

/// The cases of some households, the one that failed last first.
pub fn of_households(conn: &mut Conn, households: &[HouseholdId]) -> Result<Vec<Case>> {
    let rows = cases::table
        .order((cases::last_failed_at.desc(), cases::id))
        .select(Case::as_select());
    among!(conn, rows, cases::household_id, households)
}

/// The cases with these ids.
pub fn with_ids(conn: &mut Conn, ids: &[CaseId]) -> Result<Vec<Case>> {
    let rows = cases::table.order(cases::id).select(Case::as_select());
    among!(conn, rows, cases::id, ids)
}

/// The household and the stage of each of these cases.
pub fn stages(conn: &mut Conn, ids: &[CaseId]) -> Result<Vec<(CaseId, Option<HouseholdId>, String)>> {
    cases::table
        .filter(cases::id.eq_any(ids))
        .select((cases::id, cases::household_id, cases::stage))
        .load(conn)
}

/// Where a case stands, as `domain::progress` folded it.
#[derive(Clone, Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct Standing {
    pub household_id: Option<HouseholdId>,
    pub stage: String,
    pub due_at: Option<Timestamp>,
    pub resolution: Option<String>,
    pub resolved_at: Option<Timestamp>,
    pub tries: i32,
}

/// Whether a visible case has this call-back code and a number that ends in these digits: one of the file, or the one at which
/// its citizen asked by link to be called.
pub fn has_code(conn: &mut Conn, code: &str, last_digits: &str) -> Result<bool> {
    let ending = format!("%{last_digits}");
    let asked = answers::table
        .filter(
            answers::case_id
                .eq(cases::id)
                .and(answers::superseded_at.is_null()),
        )
        .filter(answers::phone.like(&ending));
    let found = cases::table
        .inner_join(outages::table)
        .filter(cases::code.eq(code))
        .filter(cases::import_id.le(outages::published_import_id))
        .filter(
            cases::phone
                .like(&ending)
                .or(cases::phone_2.like(&ending))
                .or(exists(asked)),
        );
    diesel::select(exists(found)).get_result(conn)
}

/// The next visible cases after an id.
pub fn page(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    after: CaseId,
    limit: i64,
) -> Result<Vec<Case>> {
    cases::table
        .filter(
            cases::outage_id
                .eq(outage)
                .and(cases::import_id.le(published))
                .and(cases::id.gt(after)),
        )
        .order(cases::id)
        .limit(limit)
        .select(Case::as_select())
        .load(conn)
}
