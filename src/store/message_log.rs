//! Browsing the outbox.

use super::Result;
use super::messages::Message;
use crate::db::Conn;
use crate::domain::ids::{CaseId, OutageId};
use crate::schema::{cases, messages};
use diesel::prelude::*;

/// A message with whom it is to.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Logged {
    pub message: Message,
    pub case: CaseId,
    pub given_name: String,
    pub family_name: String,
}

/// One page of an outage's messages, all or those in one state, the latest first.
pub fn page(
    conn: &mut Conn,
    outage: OutageId,
    state: Option<&str>,
    (offset, limit): (i64, i64),
) -> Result<Vec<Logged>> {
    let mut chosen = messages::table
        .inner_join(cases::table)
        .filter(messages::outage_id.eq(outage))
        .into_boxed();
    if let Some(state) = state {
        chosen = chosen.filter(messages::state.eq(state));
    }
    chosen
        .order(messages::id.desc())
        .offset(offset)
        .limit(limit)
        .select((
            Message::as_select(),
            cases::id,
            cases::given_name,
            cases::family_name,
        ))
        .load(conn)
}
