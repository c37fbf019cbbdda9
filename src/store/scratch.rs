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

/// All records are somebody's: puts them in the order of their citizens, for other connections too.
pub fn put_in_order(scratch: &mut Conn) -> Result<()> {
    scratch
        .batch_execute("CREATE INDEX transactions_in_order ON transactions (import_id, identity_key); COMMIT")
}

/// An import's accepted records after those of a citizen, citizen by citizen, each one's in the order they came.
pub fn in_order(scratch: &mut Conn, import: ImportId, after: &str, limit: i64) -> Result<Vec<Attempted>> {
    transactions::table
        .filter(transactions::import_id.eq(import))
        .filter(transactions::identity_key.gt(after))
        .order((transactions::identity_key, transactions::id))
        .limit(limit)
        .select(Attempted::as_select())
        .load(scratch)
}

/// An import's accepted records of these citizens.
pub fn of_keys(scratch: &mut Conn, import: ImportId, keys: &[&str]) -> Result<Vec<Attempted>> {
    transactions::table
        .filter(transactions::import_id.eq(import))
        .filter(transactions::identity_key.eq_any(keys))
        .select(Attempted::as_select())
        .load(scratch)
}

/// The last of an import's next so many records that are nobody's, after one of them.
pub fn next_of_nobody(
    scratch: &mut Conn,
    import: ImportId,
    after: TransactionId,
    limit: i64,
) -> Result<Option<TransactionId>> {
    let next: Vec<TransactionId> = transactions::table
        .filter(
            transactions::import_id
                .eq(import)
                .and(transactions::identity_key.is_null()),
        )
        .filter(transactions::id.gt(after))
        .order(transactions::id)
        .limit(limit)
        .select(transactions::id)
        .load(scratch)?;
    Ok(next.last().copied())
}

/// Records that go over together.
#[derive(Clone, Debug)]
pub enum Batch<'a> {
    /// The accepted ones of the citizens after one, up to another.
    OfCitizens(&'a str, &'a str),
    /// Those outside the window, which are nobody's: after one, up to another.
    OfNobody(TransactionId, TransactionId),
}

/// Brings records over, inside of [`Db::write_beside`](crate::db::Db::write_beside): on SQLite in one statement, else
/// by way of this program.
pub fn deliver(conn: &mut Conn, scratch: &mut Conn, import: ImportId, batch: &Batch<'_>) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => bring_over(sqlite, import, batch),
        Conn::Postgres(_) => {
            let records = load(scratch, import, batch)?;
            super::bulk::add_records(conn, &records)
        }
    }
}

fn bring_over(sqlite: &mut SqliteConnection, import: ImportId, batch: &Batch<'_>) -> Result<()> {
    let copy = |which: &str, order: &str| {
        diesel::sql_query(format!(
            "INSERT INTO main.transactions ({COLUMNS}) SELECT {COLUMNS} FROM scratch.transactions \
             WHERE import_id = ? AND {which} ORDER BY {order}"
        ))
        .bind::<BigInt, _>(import)
    };
    match *batch {
        Batch::OfCitizens(after, until) => copy("identity_key > ? AND identity_key <= ?", "identity_key, id")
            .bind::<Text, _>(after)
            .bind::<Text, _>(until)
            .execute(sqlite)?,
        Batch::OfNobody(after, until) => copy("identity_key IS NULL AND id > ? AND id <= ?", "id")
            .bind::<BigInt, _>(after)
            .bind::<BigInt, _>(until)
            .execute(sqlite)?,
    };
    Ok(())
}

fn load(scratch: &mut Conn, import: ImportId, batch: &Batch<'_>) -> Result<Vec<Record>> {
    let ours = transactions::table
        .filter(transactions::import_id.eq(import))
        .select(Record::as_select());
    match *batch {
        Batch::OfCitizens(after, until) => ours
            .filter(
                transactions::identity_key
                    .gt(after)
                    .and(transactions::identity_key.le(until)),
            )
            .order((transactions::identity_key, transactions::id))
            .load(scratch),
        Batch::OfNobody(after, until) => ours
            .filter(transactions::identity_key.is_null())
            .filter(transactions::id.gt(after).and(transactions::id.le(until)))
            .order(transactions::id)
            .load(scratch),
    }
}
