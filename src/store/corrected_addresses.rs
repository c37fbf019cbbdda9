//! E-mail addresses that staff put right after a message came back.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CaseId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{cases, corrected_addresses, users};
use diesel::prelude::*;

/// One correction.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct CorrectedAddress {
    pub email: String,
    pub at: Timestamp,
    /// Who put it right.
    pub by: String,
}

/// Writes a case's right address down, with the one that it replaces, and writes to it from now on.
pub fn add(
    conn: &mut Conn,
    case: CaseId,
    (email, replaced): (&str, Option<&str>),
    by: UserId,
    now: Timestamp,
) -> Result<()> {
    diesel::insert_into(corrected_addresses::table)
        .values((
            corrected_addresses::case_id.eq(case),
            corrected_addresses::email.eq(email),
            corrected_addresses::replaced.eq(replaced),
            corrected_addresses::user_id.eq(by),
            corrected_addresses::at.eq(now),
        ))
        .execute(conn)?;
    diesel::update(cases::table.find(case))
        .set(cases::email.eq(email))
        .execute(conn)?;
    Ok(())
}

/// The corrections of a case, oldest first.
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<CorrectedAddress>> {
    corrected_addresses::table
        .inner_join(users::table)
        .filter(corrected_addresses::case_id.eq(case))
        .order(corrected_addresses::id)
        .select((corrected_addresses::email, corrected_addresses::at, users::name))
        .load(conn)
}
