//! Searching the cases of all outages, page by page.

use super::Result;
use super::cases::Case;
use super::desk::Sought;
use crate::db::Conn;
use crate::domain::ids::{CaseId, OutageId};
use crate::schema::{cases, outages};
use diesel::prelude::*;

/// Visible cases that are sought, with the slug of their outage, by number beginning after `after`.
pub fn found_after(
    conn: &mut Conn,
    outage: Option<OutageId>,
    sought: &Sought,
    after: CaseId,
    limit: i64,
) -> Result<Vec<(Case, String)>> {
    let mut query = cases::table
        .inner_join(outages::table)
        .filter(cases::import_id.le(outages::published_import_id))
        .filter(cases::transactions.gt(0).and(cases::id.gt(after)))
        .into_boxed();
    if let Some(outage) = outage {
        query = query.filter(cases::outage_id.eq(outage));
    }
    query = match sought {
        Sought::Case(id) => query.filter(cases::id.eq(*id)),
        Sought::Phone(digits) => {
            let anywhere = format!("%{digits}%");
            let second = cases::phone_2.like(anywhere.clone());
            query.filter(cases::phone.like(anywhere).or(second))
        }
        Sought::Text {
            folded,
            account,
            email,
        } => query.filter(
            cases::folded_name
                .like(format!("%{folded}%"))
                .or(cases::account_id.eq(account.clone()))
                .or(cases::email.eq(email.clone())),
        ),
    };
    query
        .order(cases::id)
        .limit(limit)
        .select((Case::as_select(), outages::slug))
        .load(conn)
}
