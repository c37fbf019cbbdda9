//! What the open households of an outage wait for, counted.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{CallListId, ImportId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::schema::cases;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

/// Households that are alike in what they wait for, and how many.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Alike {
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub list_id: Option<CallListId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub callback_owner_id: Option<UserId>,
    /// Whether the due time has not come.
    #[diesel(sql_type = Bool)]
    pub later: bool,
    /// Whether a colleague has it.
    #[diesel(sql_type = Bool)]
    pub claimed: bool,
    #[diesel(sql_type = BigInt)]
    pub households: i64,
    /// The first due time among them.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub due_at: Option<Timestamp>,
}

/// All open households of an outage, counted by what they wait for: why a queue is empty.
pub fn alike(
    conn: &mut Conn,
    outage: OutageId,
    published: ImportId,
    caller: UserId,
    now: Timestamp,
) -> Result<Vec<Alike>> {
    let now = now.micros();
    let query = format!(
        "SELECT stage, time_zone, list_id, callback_owner_id, later, claimed, \
                COUNT(*) AS households, MIN(due_at) AS due_at \
         FROM (SELECT h.stage, h.time_zone, h.list_id, h.callback_owner_id, h.due_at, \
                      COALESCE(h.due_at > {now}, FALSE) AS later, \
                      h.id IN (SELECT c.household_id FROM claims c WHERE c.outage_id = {outage} AND c.released_at IS NULL \
                               AND c.expires_at > {now} AND c.user_id <> {caller}) AS claimed \
               FROM households h \
               WHERE h.outage_id = {outage} AND h.import_id <= {published} AND h.stage <> 'closed') AS open \
         GROUP BY stage, time_zone, list_id, callback_owner_id, later, claimed"
    );
    diesel::sql_query(query).load(conn)
}

/// How many open cases have no household to be called in.
pub fn without_phone(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<i64> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(
            cases::stage
                .ne(Stage::Closed.as_str())
                .and(cases::household_id.is_null()),
        )
        .count()
        .get_result(conn)
}
