//! The records of one file on their way into the database: they wait in a scratch database of their own until it
//! is known whose they are, and then go over in the order of their citizens.
//!
//! In that order the indexes of a large table grow at their ends, where they are in memory; in the order of the
//! file each record would change a page of its own in every one of them.

use super::scratch_rows::Row;
use super::transactions::{Attempted, Earlier, Found, Scope};
use super::{Result, loads, scratch_rows};
use crate::db::{Conn, Db, Scratch};
use crate::domain::ids::{ImportId, TransactionId};
use crate::domain::import::Bin;
use crate::schema::transactions;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::path::Path;

/// Memory for pages, in KiB: of the records as they come, which are looked up all over, and of those in order.
const CACHE: u32 = 48_000;
const ORDERED_CACHE: u32 = 4_000;

/// Records read at once.
const PAGE: i64 = 2_000;

/// One with the records that are in the database already, and whether there are any. Those whose transaction is there
/// are not taken again.
pub fn create(path: &Path, db: &Db, scope: Scope) -> Result<(Scratch, bool)> {
    let tables: String = [&loads::TRANSACTIONS, &loads::PAYMENTS, &loads::FOLDS]
        .iter()
        .map(|load| load.scratch_table())
        .collect();
    let mut scratch = Scratch::create(
        path,
        &format!("{tables} ALTER TABLE transactions ADD COLUMN next_key"),
        CACHE,
    )?;
    let recalled = match db.file() {
        Some(file) => recall_beside(&mut scratch, file, scope)?,
        None => db.read(|conn| recall(scratch.conn(), conn, scope))?,
    };
    scratch.sort(
        "CREATE UNIQUE INDEX transactions_once ON transactions (dedupe_key); \
         CREATE UNIQUE INDEX payments_once ON payments (dedupe_key); \
         CREATE UNIQUE INDEX folds_once ON staged_folds (case_id)",
    )?;
    scratch.conn().batch_execute("BEGIN")?;
    Ok((scratch, recalled))
}

/// Brings earlier records in from the file that they are in, in the order of an index, so that they need not be sorted.
fn recall_beside(scratch: &mut Scratch, file: &Path, scope: Scope) -> Result<bool> {
    let (outage, without, columns) = (scope.outage, scope.without, Earlier::LOAD.columns.join(", "));
    let recalled = scratch.beside(file, |conn| {
        diesel::sql_query(format!(
            "INSERT INTO main.transactions ({columns}) SELECT {columns} FROM other.transactions \
             WHERE import_id IN (SELECT id FROM other.imports WHERE outage_id = {outage} AND id <> {without}) \
             ORDER BY import_id, id"
        ))
        .execute(conn)
    })?;
    Ok(recalled > 0)
}

/// Brings earlier records in from PostgreSQL.
fn recall(scratch: &mut Conn, conn: &mut Conn, scope: Scope) -> Result<bool> {
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
        scratch_rows::add(scratch, &page)?;
    }
}

/// Says whose records are.
pub fn set_keys(scratch: &mut Conn, keys: &[(TransactionId, String)]) -> Result<()> {
    if let Conn::Sqlite(sqlite) = scratch {
        for (id, key) in keys {
            diesel::update(transactions::table.find(*id))
                .set(transactions::identity_key.eq(key))
                .execute(sqlite)?;
        }
    }
    Ok(())
}

/// Gathers whom records without account id may belong to, for [`candidates`]: all with an account id, by e-mail; or all
/// with an account id or e-mail, by phone. Only contacts that such a record has are looked at.
pub fn gather_candidates(scratch: &mut Scratch, by_email: bool) -> Result<()> {
    let (contact, those, these) = if by_email {
        ("email", "account_id IS NOT NULL", "account_id IS NULL")
    } else {
        (
            "phone",
            "(account_id IS NOT NULL OR email IS NOT NULL)",
            "account_id IS NULL AND email IS NULL",
        )
    };
    scratch.sort(&format!(
        "DROP TABLE IF EXISTS candidates; \
         CREATE TABLE candidates AS SELECT DISTINCT {contact} AS value, coalesce(next_key, identity_key) AS key, \
         folded_name FROM transactions WHERE bin = '{accepted}' AND {those} AND {contact} IN \
         (SELECT {contact} FROM transactions WHERE bin = '{accepted}' AND {these} AND {contact} IS NOT NULL); \
         CREATE INDEX candidates_by_value ON candidates (value)",
        accepted = Bin::Accepted.as_str(),
    ))
}

#[allow(missing_docs)]
mod gathered {
    diesel::table! {
        candidates (value) {
            value -> Text,
            key -> Text,
            folded_name -> Text,
        }
    }
}
use gathered::candidates;

/// Those of them with one of these contacts.
pub fn candidates(scratch: &mut Conn, values: &[&str]) -> Result<Vec<Found>> {
    candidates::table
        .filter(candidates::value.eq_any(values))
        .select((candidates::value, candidates::key, candidates::folded_name))
        .load(scratch)
}

/// All records are in: makes them quick to find by e-mail and by phone.
pub fn index_contacts(scratch: &mut Scratch) -> Result<()> {
    scratch.sort(
        "CREATE INDEX IF NOT EXISTS transactions_by_email ON transactions (email) WHERE email IS NOT NULL; \
         CREATE INDEX IF NOT EXISTS transactions_by_phone ON transactions (phone) WHERE phone IS NOT NULL",
    )
}

/// All records are somebody's, for other connections to see; `by_key` says whether they will be asked for by it.
pub fn finish_linking(scratch: &mut Scratch, by_key: bool) -> Result<()> {
    if by_key {
        scratch.sort("CREATE INDEX transactions_by_key ON transactions (identity_key)")?;
    }
    scratch.conn().batch_execute("DROP TABLE IF EXISTS candidates")?;
    finish(scratch.conn())
}

/// More will be written, all at once.
pub fn go_on(scratch: &mut Conn) -> Result<()> {
    scratch.batch_execute("BEGIN")
}

/// Nothing more will be written: lets other connections see it all, and leaves them the memory.
pub fn finish(scratch: &mut Conn) -> Result<()> {
    scratch.batch_execute("COMMIT; PRAGMA cache_size = -1000; PRAGMA shrink_memory")
}

/// An import's records once more, in the order of their citizens, those that are nobody's first: numbered in that order,
/// in another scratch database.
pub fn put_in_order(scratch: &Scratch, path: &Path, import: ImportId) -> Result<Scratch> {
    let mut ordered = Scratch::create(
        path,
        &format!(
            "{} ALTER TABLE transactions ADD COLUMN next_key",
            loads::TRANSACTIONS.scratch_table()
        ),
        ORDERED_CACHE,
    )?;
    let columns = loads::TRANSACTIONS.columns.join(", ");
    ordered.beside(scratch.path(), |conn| {
        diesel::sql_query(format!(
            "INSERT INTO main.transactions ({columns}) SELECT {columns} FROM other.transactions \
             WHERE import_id = {import} ORDER BY identity_key, id"
        ))
        .execute(conn)
    })?;
    ordered.conn().batch_execute("PRAGMA shrink_memory")?;
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
