//! Named sets of households with an owner.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CallListId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::call_lists;
use diesel::prelude::*;

/// One list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = call_lists)]
#[allow(missing_docs)]
pub struct CallList {
    pub id: CallListId,
    pub outage_id: OutageId,
    pub name: String,
    /// None: everyone who speaks its language.
    pub owner_id: Option<UserId>,
    pub language: Option<String>,
    pub created_at: Timestamp,
}

/// Adds a list; a unique violation means that the outage has one of this name.
pub fn add(
    conn: &mut Conn,
    outage: OutageId,
    name: &str,
    (owner, language): (Option<UserId>, Option<&str>),
    now: Timestamp,
) -> Result<CallListId> {
    diesel::insert_into(call_lists::table)
        .values((
            call_lists::outage_id.eq(outage),
            call_lists::name.eq(name),
            call_lists::owner_id.eq(owner),
            call_lists::language.eq(language),
            call_lists::created_at.eq(now),
        ))
        .returning(call_lists::id)
        .get_result(conn)
}

/// All lists of an outage by name.
pub fn all(conn: &mut Conn, outage: OutageId) -> Result<Vec<CallList>> {
    call_lists::table
        .filter(call_lists::outage_id.eq(outage))
        .order((call_lists::name, call_lists::id))
        .select(CallList::as_select())
        .load(conn)
}

/// A person's own list, if there is one.
pub fn of_owner(conn: &mut Conn, outage: OutageId, owner: UserId) -> Result<Option<CallListId>> {
    call_lists::table
        .filter(
            call_lists::outage_id
                .eq(outage)
                .and(call_lists::owner_id.eq(owner)),
        )
        .order(call_lists::id)
        .select(call_lists::id)
        .first(conn)
        .optional()
}
