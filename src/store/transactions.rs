//! Failed transactions: every record of every import that passed, also those outside the window.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{ImportId, OutageId, TransactionId};
use crate::domain::import::Bin;
use crate::domain::timestamp::Timestamp;
use crate::schema::transactions;
use diesel::prelude::*;

/// Among the texts of a record, what stands behind its number.
pub const EXTENSION: &str = "phone_extension";

/// A record on its way in.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewTransaction<'a> {
    pub outage_id: OutageId,
    pub import_id: ImportId,
    pub line: i64,
    pub bin: &'static str,
    /// Equal for two records that are the same transaction.
    pub dedupe_key: &'a [u8],
    pub external_id: Option<&'a str>,
    pub occurred_at: Timestamp,
    pub account_id: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub phone_2: Option<&'a str>,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub folded_name: &'a str,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<&'a str>,
    pub channel: Option<&'a str>,
    pub error_code: Option<&'a str>,
    pub language: Option<&'a str>,
    pub state: Option<&'a str>,
    pub time_zone: Option<&'a str>,
    pub filing_deadline: Option<String>,
    pub address: Option<&'a str>,
    pub memo: Option<&'a str>,
    pub charged: &'static str,
    /// Texts that could not be used as values, by field (JSON).
    pub originals: Option<String>,
    /// Whose it is; accepted records only.
    pub identity_key: Option<String>,
}

/// What an accepted record says about its citizen.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
#[allow(missing_docs)]
pub struct Attempted {
    pub id: TransactionId,
    pub import_id: ImportId,
    /// Where the record starts in its file.
    pub line: i64,
    pub occurred_at: Timestamp,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub phone_2: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub folded_name: String,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub language: Option<String>,
    pub state: Option<String>,
    pub time_zone: Option<String>,
    pub filing_deadline: Option<String>,
    pub charged: String,
    pub identity_key: Option<String>,
    /// Whose it will be when the staged import counts, if that differs.
    pub next_key: Option<String>,
}

impl Attempted {
    /// Whose it is when the staged import counts.
    pub fn key(&self) -> &str {
        let key = self.next_key.as_deref().or(self.identity_key.as_deref());
        key.unwrap_or_default()
    }
}

/// An accepted record without account id: whose it is depends on the others.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
#[allow(missing_docs)]
pub struct Unlinked {
    pub id: TransactionId,
    pub import_id: ImportId,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub folded_name: String,
    pub identity_key: Option<String>,
    pub next_key: Option<String>,
}

/// One transaction as the case's page shows it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
#[allow(missing_docs)]
pub struct Transaction {
    pub id: TransactionId,
    pub import_id: ImportId,
    /// Where the record starts in its file.
    pub line: i64,
    pub external_id: Option<String>,
    pub occurred_at: Timestamp,
    pub amount_cents: Option<i64>,
    pub tax_type: Option<String>,
    pub channel: Option<String>,
    pub error_code: Option<String>,
    pub memo: Option<String>,
    /// A word of `domain::charged::Charged`.
    pub charged: String,
    /// Texts that could not be used as values, by field (JSON).
    pub originals: Option<String>,
    /// The identity key of the citizen whose it was before a later import.
    pub moved_from: Option<String>,
}

/// A record that is in the database already, as far as others are linked through it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
#[allow(missing_docs)]
pub struct Earlier {
    pub id: TransactionId,
    pub outage_id: OutageId,
    pub import_id: ImportId,
    pub line: i64,
    pub bin: String,
    pub dedupe_key: Vec<u8>,
    pub account_id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub folded_name: String,
    pub identity_key: Option<String>,
}

/// A candidate as `domain::identity` asks for them: the value it was found by, key and folded name.
pub type Found = (String, String, String);

/// The transactions of a case that count, latest first.
pub fn of_case(
    conn: &mut Conn,
    outage: OutageId,
    identity_key: &str,
    published: ImportId,
) -> Result<Vec<Transaction>> {
    transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::identity_key.eq(identity_key)),
        )
        .filter(transactions::import_id.le(published))
        .order((transactions::occurred_at.desc(), transactions::id.desc()))
        .select(Transaction::as_select())
        .load(conn)
}

/// The latest extension behind each of these citizens' numbers: key, number and extension.
pub fn extensions(conn: &mut Conn, outage: OutageId, keys: &[&str]) -> Result<Vec<(String, String, String)>> {
    type Row = (Option<String>, Option<String>, Option<String>);
    let rows: Vec<Row> = transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::identity_key.eq_any(keys))
                .and(transactions::originals.like(format!("%{EXTENSION}%"))),
        )
        .order((transactions::occurred_at, transactions::id))
        .select((
            transactions::identity_key,
            transactions::phone,
            transactions::originals,
        ))
        .load(conn)?;
    let extension = |originals: &str| {
        let kept: serde_json::Value = serde_json::from_str(originals).ok()?;
        kept.get(EXTENSION)?.as_str().map(str::to_owned)
    };
    Ok(rows
        .into_iter()
        .filter_map(|(key, phone, originals)| Some((key?, phone?, extension(&originals?)?)))
        .collect())
}

/// Which records are looked at: all of an outage's, staged ones too, but for an import to be undone.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The outage.
    pub outage: OutageId,
    /// The import to be left out; 0: none.
    pub without: ImportId,
}

/// Accepted records without account id after one of them, with an e-mail or without, in order.
pub fn unlinked(
    conn: &mut Conn,
    scope: Scope,
    with_email: bool,
    after: TransactionId,
    limit: i64,
) -> Result<Vec<Unlinked>> {
    let query = transactions::table
        .filter(
            transactions::outage_id
                .eq(scope.outage)
                .and(transactions::id.gt(after)),
        )
        .filter(transactions::import_id.ne(scope.without))
        .filter(
            transactions::bin
                .eq(Bin::Accepted.as_str())
                .and(transactions::account_id.is_null()),
        )
        .order(transactions::id)
        .limit(limit)
        .select(Unlinked::as_select())
        .into_boxed();
    if with_email {
        query.filter(transactions::email.is_not_null()).load(conn)
    } else {
        query.filter(transactions::email.is_null()).load(conn)
    }
}

/// Accepted records of an import after one of them, as (id, key), in order.
pub fn keys_of_import(
    conn: &mut Conn,
    import: ImportId,
    after: TransactionId,
    limit: i64,
) -> Result<Vec<(TransactionId, Option<String>)>> {
    transactions::table
        .filter(transactions::import_id.eq(import).and(transactions::id.gt(after)))
        .filter(transactions::bin.eq(Bin::Accepted.as_str()))
        .order(transactions::id)
        .limit(limit)
        .select((transactions::id, transactions::identity_key))
        .load(conn)
}

/// A record that will be another citizen's when the staged import counts.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Moving {
    pub id: TransactionId,
    pub from: String,
    pub to: String,
}

/// Records that will move when the staged import counts, after one of them, by their new citizen.
pub fn moving(
    conn: &mut Conn,
    outage: OutageId,
    after: (&str, TransactionId),
    limit: i64,
) -> Result<Vec<Moving>> {
    let rows: Vec<(Option<String>, TransactionId, Option<String>)> = transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::next_key.is_not_null())
                .and(transactions::next_key.ge(after.0)),
        )
        .filter(
            transactions::next_key
                .gt(after.0)
                .or(transactions::id.gt(after.1)),
        )
        .order((transactions::next_key, transactions::id))
        .limit(limit)
        .select((
            transactions::next_key,
            transactions::id,
            transactions::identity_key,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(to, id, from)| {
            Some(Moving {
                id,
                from: from?,
                to: to?,
            })
        })
        .collect())
}

/// The accepted records in scope that these citizens have when the staged import counts.
pub fn of_keys(conn: &mut Conn, scope: Scope, keys: &[&str]) -> Result<Vec<Attempted>> {
    let accepted = || {
        transactions::table
            .filter(transactions::outage_id.eq(scope.outage))
            .filter(transactions::import_id.ne(scope.without))
            .filter(transactions::bin.eq(Bin::Accepted.as_str()))
            .select(Attempted::as_select())
    };
    let mut rows: Vec<Attempted> = accepted()
        .filter(
            transactions::identity_key
                .eq_any(keys)
                .and(transactions::next_key.is_null()),
        )
        .load(conn)?;
    let moved: Vec<Attempted> = accepted()
        .filter(
            transactions::next_key
                .is_not_null()
                .and(transactions::next_key.eq_any(keys)),
        )
        .load(conn)?;
    rows.extend(moved);
    Ok(rows)
}

/// Makes the moves count: each record is now its new citizen's and remembers the one before.
pub fn apply_moves(conn: &mut Conn, outage: OutageId) -> Result<usize> {
    let moving = transactions::table.filter(
        transactions::outage_id
            .eq(outage)
            .and(transactions::next_key.is_not_null()),
    );
    diesel::update(moving)
        .set((
            transactions::moved_from.eq(transactions::identity_key),
            transactions::identity_key.eq(transactions::next_key),
            transactions::next_key.eq(None::<String>),
        ))
        .execute(conn)
}

/// How many records would move.
pub fn count_moving(conn: &mut Conn, outage: OutageId) -> Result<i64> {
    transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::next_key.is_not_null()),
        )
        .count()
        .get_result(conn)
}

/// Forgets up to `limit` moves that will not be made; answers how many.
pub fn forget_moves(conn: &mut Conn, outage: OutageId, limit: i64) -> Result<usize> {
    let some: Vec<TransactionId> = transactions::table
        .filter(
            transactions::outage_id
                .eq(outage)
                .and(transactions::next_key.is_not_null()),
        )
        .limit(limit)
        .select(transactions::id)
        .load(conn)?;
    diesel::update(transactions::table.filter(transactions::id.eq_any(&some)))
        .set(transactions::next_key.eq(None::<String>))
        .execute(conn)
}

/// Deletes up to `limit` records of an import; answers how many.
pub fn delete_some(conn: &mut Conn, import: ImportId, limit: i64) -> Result<usize> {
    let some: Vec<TransactionId> = transactions::table
        .filter(transactions::import_id.eq(import))
        .limit(limit)
        .select(transactions::id)
        .load(conn)?;
    if some.is_empty() {
        return Ok(0);
    }
    diesel::delete(transactions::table.filter(transactions::id.eq_any(&some))).execute(conn)
}

/// Whether records of an import are there.
pub fn has_rows(conn: &mut Conn, import: ImportId) -> Result<bool> {
    let records = transactions::table.filter(transactions::import_id.eq(import));
    diesel::select(diesel::dsl::exists(records)).get_result(conn)
}
