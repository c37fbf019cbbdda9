//! The records of one file on their way into the database: they wait in a scratch database of their own until it
//! is known whose they are, and then go over in the order of their citizens.
//!
//! In that order the indexes of a large table grow at their ends, where they are in memory; in the order of the
//! file each record would change a page of its own in every one of them.

use super::Result;
use super::transactions::{Attempted, Record, Scope};
use crate::db::{Conn, Scratch};
use crate::domain::ids::{ImportId, TransactionId};
use crate::schema::transactions;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::path::Path;

/// What a record has before it counts: the columns of `transactions`, but for those that come later.
const COLUMNS: &str = "outage_id, import_id, line, bin, dedupe_key, external_id, occurred_at, account_id, email, \
    phone, phone_2, given_name, family_name, folded_name, amount_cents, tax_type, channel, error_code, language, \
    state, time_zone, filing_deadline, address, memo, charged, originals, identity_key";

/// Records read at once.
const PAGE: i64 = 2_000;

/// A record that is in the database already, as far as others are linked through it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = transactions)]
#[diesel(treat_none_as_default_value = false)]
struct Earlier {
    id: TransactionId,
    outage_id: i64,
    import_id: ImportId,
    line: i64,
    bin: String,
    dedupe_key: Vec<u8>,
    account_id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    folded_name: String,
    identity_key: Option<String>,
}

/// An empty one. Records whose transaction is there already are not taken.
pub fn create(path: &Path) -> Result<Scratch> {
    Scratch::create(
        path,
        &format!(
            "CREATE TABLE transactions (id INTEGER PRIMARY KEY, {COLUMNS}, moved_from, next_key); \
             CREATE UNIQUE INDEX transactions_once ON transactions (dedupe_key); BEGIN"
        ),
    )
}

/// Brings in the records that are in the database already; says whether there are any.
pub fn recall(scratch: &mut Conn, conn: &mut Conn, scope: Scope) -> Result<bool> {
    let mut after = 0;
    loop {
        let page: Vec<Earlier> = transactions::table
            .filter(
                transactions::outage_id
                    .eq(scope.outage)
                    .and(transactions::id.gt(after)),
            )
            .filter(transactions::import_id.ne(scope.without))
            .order(transactions::id)
            .limit(PAGE)
            .select(Earlier::as_select())
            .load(conn)?;
        let Some(last) = page.last() else {
            return Ok(after > 0);
        };
        after = last.id;
        if let Conn::Sqlite(sqlite) = &mut *scratch {
            for record in &page {
                diesel::insert_into(transactions::table)
                    .values(record)
                    .execute(sqlite)?;
            }
        }
    }
}

/// All records are in: makes them quick to find by e-mail and by phone.
pub fn prepare_to_link(scratch: &mut Conn) -> Result<()> {
    scratch.batch_execute(
        "CREATE INDEX transactions_by_email ON transactions (email) WHERE email IS NOT NULL; \
         CREATE INDEX transactions_by_phone ON transactions (phone) WHERE phone IS NOT NULL;",
    )
}

/// All records are somebody's, for other connections to see; `by_key` says whether they will be asked for by it.
pub fn finish_linking(scratch: &mut Conn, by_key: bool) -> Result<()> {
    if by_key {
        scratch.batch_execute("CREATE INDEX transactions_by_key ON transactions (identity_key)")?;
    }
    scratch.batch_execute("COMMIT; PRAGMA shrink_memory")
}

/// An import's records once more, in the order of their citizens, those that are nobody's first: numbered in that order,
/// in another scratch database.
pub fn put_in_order(scratch: &Scratch, path: &Path, import: ImportId) -> Result<Scratch> {
    let mut ordered = Scratch::create(
        path,
        &format!("CREATE TABLE transactions (id INTEGER PRIMARY KEY, {COLUMNS}, moved_from, next_key)"),
    )?;
    if let Conn::Sqlite(sqlite) = ordered.conn() {
        diesel::sql_query("ATTACH ? AS linked")
            .bind::<Text, _>(scratch.path().to_string_lossy())
            .execute(sqlite)?;
        diesel::sql_query(format!(
            "INSERT INTO main.transactions ({COLUMNS}) SELECT {COLUMNS} FROM linked.transactions \
             WHERE import_id = ? ORDER BY identity_key, id"
        ))
        .bind::<BigInt, _>(import)
        .execute(sqlite)?;
        sqlite.batch_execute("DETACH linked; PRAGMA shrink_memory")?;
    }
    Ok(ordered)
}

/// Records after one of them, in their order.
pub fn page(ordered: &mut Conn, after: TransactionId, limit: i64) -> Result<Vec<Attempted>> {
    transactions::table
        .filter(transactions::id.gt(after))
        .order(transactions::id)
        .limit(limit)
        .select(Attempted::as_select())
        .load(ordered)
}

/// An import's accepted records of these citizens.
pub fn of_keys(scratch: &mut Conn, import: ImportId, keys: &[&str]) -> Result<Vec<Attempted>> {
    transactions::table
        .filter(transactions::import_id.eq(import))
        .filter(transactions::identity_key.eq_any(keys))
        .select(Attempted::as_select())
        .load(scratch)
}

/// Brings the records after one of them, up to another, over, inside of
/// [`Db::write_beside`](crate::db::Db::write_beside): on SQLite in one statement, else by way of this program.
pub fn deliver(
    conn: &mut Conn,
    ordered: &mut Conn,
    (after, until): (TransactionId, TransactionId),
) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => diesel::sql_query(format!(
            "INSERT INTO main.transactions ({COLUMNS}) SELECT {COLUMNS} FROM scratch.transactions \
             WHERE id > ? AND id <= ? ORDER BY id"
        ))
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(until)
        .execute(sqlite)
        .map(drop),
        Conn::Postgres(_) => {
            let records: Vec<Record> = transactions::table
                .filter(transactions::id.gt(after).and(transactions::id.le(until)))
                .order(transactions::id)
                .select(Record::as_select())
                .load(ordered)?;
            super::bulk::add_records(conn, &records)
        }
    }
}
