//! The ledger of promises: callbacks, letters and remedies in one order of time.

use super::Result;
use crate::db::Conn;
use crate::domain::callback::{Kept, PERSONAL_MINUTES};
use crate::domain::ids::{CaseId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::promise::{Promised, letter_due};
use crate::domain::timestamp::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// One promise.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Promise {
    /// A word of `domain::promise::Promised`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The callback, the remedy, or the case that a letter is for.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Which remedy; empty for others.
    #[diesel(sql_type = Text)]
    pub what: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub household_id: Option<HouseholdId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub case_id: Option<CaseId>,
    /// Who promised; none: the team.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = BigInt)]
    pub due_at: Timestamp,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub kept_at: Option<Timestamp>,
    /// A word of `domain::callback::Kept`.
    #[diesel(sql_type = Text)]
    pub standing: String,
}

/// Which promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Filter {
    pub kind: Option<Promised>,
    pub standing: Option<Kept>,
    pub owner: Option<UserId>,
}

/// How many promises stand somehow.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct StandingCount {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub standing: String,
    #[diesel(sql_type = BigInt)]
    pub promises: i64,
}

/// All promises of an outage that were not withdrawn, each with how it stands now.
fn ledger(outage: OutageId, published: ImportId, now: Timestamp) -> String {
    let zero = Timestamp::from_micros(0);
    let letter_days = letter_due(zero).micros();
    let grace = zero.plus_minutes(PERSONAL_MINUTES).micros();
    let now = now.micros();
    let visible = format!("k.outage_id = {outage} AND k.import_id <= {published} AND k.transactions > 0");
    format!(
        "SELECT p.*, CASE WHEN kept_at <= due_at + {grace} THEN 'kept' WHEN kept_at IS NOT NULL THEN 'late' \
                          WHEN due_at + {grace} >= {now} THEN 'open' ELSE 'broken' END AS standing FROM ( \
         SELECT 'callback' AS kind, c.id AS id, '' AS what, c.household_id AS household_id, \
                CAST(NULL AS BIGINT) AS case_id, c.owner_id AS owner_id, c.due_at AS due_at, c.kept_at AS kept_at \
         FROM callbacks c WHERE c.outage_id = {outage} AND c.withdrawn_at IS NULL \
         UNION ALL SELECT 'letter', k.id, '', k.household_id, k.id, CAST(NULL AS BIGINT), \
                k.due_at + {letter_days}, CAST(NULL AS BIGINT) \
         FROM cases k WHERE {visible} AND k.stage = 'letter' AND k.due_at IS NOT NULL \
         UNION ALL SELECT 'letter', k.id, '', k.household_id, k.id, l.user_id, \
                COALESCE(l.due_at, l.sent_at), l.sent_at \
         FROM letters l JOIN cases k ON k.id = l.case_id WHERE {visible} AND l.withdrawn_at IS NULL \
         UNION ALL SELECT 'remedy', r.id, r.kind, k.household_id, k.id, r.user_id, \
                COALESCE(r.due_at, r.at), r.kept_at \
         FROM remedies r JOIN cases k ON k.id = r.case_id WHERE {visible} AND r.withdrawn_at IS NULL) AS p"
    )
}

/// The rows of a ledger that a filter lets through. Its words are an enum's, its owner a number.
fn filtered(filter: &Filter) -> String {
    let mut wanted = vec!["1 = 1".to_owned()];
    wanted.extend(filter.kind.map(|kind| format!("kind = '{kind}'")));
    wanted.extend(filter.standing.map(|standing| format!("standing = '{standing}'")));
    wanted.extend(filter.owner.map(|owner| format!("owner_id = {owner}")));
    wanted.join(" AND ")
}

/// A page of the ledger, the first due first; and how many the filter lets through.
pub fn page(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    filter: &Filter,
    (offset, limit): (i64, i64),
    now: Timestamp,
) -> Result<(Vec<Promise>, i64)> {
    #[derive(QueryableByName)]
    struct Total {
        #[diesel(sql_type = BigInt)]
        total: i64,
    }
    let (ledger, wanted) = (ledger(outage, published, now), filtered(filter));
    let count = format!("SELECT COUNT(*) AS total FROM ({ledger}) AS s WHERE {wanted}");
    let total: Total = diesel::sql_query(count).get_result(conn)?;
    let rows = format!(
        "SELECT * FROM ({ledger}) AS s WHERE {wanted} ORDER BY due_at, kind, id LIMIT {limit} OFFSET {offset}"
    );
    Ok((diesel::sql_query(rows).load(conn)?, total.total))
}

/// How the promises of an outage stand.
pub fn standings(
    conn: &mut Conn,
    (outage, published): (OutageId, ImportId),
    now: Timestamp,
) -> Result<Vec<StandingCount>> {
    let ledger = ledger(outage, published, now);
    let query =
        format!("SELECT kind, standing, COUNT(*) AS promises FROM ({ledger}) AS s GROUP BY kind, standing");
    diesel::sql_query(query).load(conn)
}
