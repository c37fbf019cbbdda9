//! The records of one file on their way into the database: they wait in a scratch database of their own until it
//! is known whose they are, and then go over in the order of their citizens.
//!
//! In that order the indexes of a large table grow at their ends, where they are in memory; in the order of the
//! file each record would change a page of its own in every one of them.

use super::transactions::{Attempted, Found, Scope};
use super::{Result, carry};
use crate::db::{Conn, Scratch};
use crate::domain::ids::{ImportId, TransactionId};
use crate::domain::import::Bin;
use crate::schema::transactions;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::path::Path;

/// Memory for pages, in KiB: of the records as they come, which are looked up all over, and of those in order.
const CACHE: u32 = 48_000;
const ORDERED_CACHE: u32 = 16_000;

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
            "{} ALTER TABLE transactions ADD COLUMN next_key; \
             CREATE UNIQUE INDEX transactions_once ON transactions (dedupe_key); BEGIN",
            carry::TRANSACTIONS.scratch_table()
        ),
        CACHE,
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
pub fn gather_candidates(scratch: &mut Conn, by_email: bool) -> Result<()> {
    let (contact, those, these) = if by_email {
        ("email", "account_id IS NOT NULL", "account_id IS NULL")
    } else {
        (
            "phone",
            "(account_id IS NOT NULL OR email IS NOT NULL)",
            "account_id IS NULL AND email IS NULL",
        )
    };
    scratch.batch_execute(&format!(
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
pub fn index_contacts(scratch: &mut Conn) -> Result<()> {
    scratch.batch_execute(
        "CREATE INDEX IF NOT EXISTS transactions_by_email ON transactions (email) WHERE email IS NOT NULL; \
         CREATE INDEX IF NOT EXISTS transactions_by_phone ON transactions (phone) WHERE phone IS NOT NULL;",
    )
}

/// All records are somebody's, for other connections to see; `by_key` says whether they will be asked for by it.
pub fn finish_linking(scratch: &mut Conn, by_key: bool) -> Result<()> {
    if by_key {
        scratch.batch_execute("CREATE INDEX transactions_by_key ON transactions (identity_key)")?;
    }
    scratch.batch_execute("DROP TABLE IF EXISTS candidates; COMMIT; PRAGMA shrink_memory")
}

/// An import's records once more, in the order of their citizens, those that are nobody's first: numbered in that order,
/// in another scratch database.
pub fn put_in_order(scratch: &Scratch, path: &Path, import: ImportId) -> Result<Scratch> {
    let mut ordered = Scratch::create(
        path,
        &format!(
            "{} ALTER TABLE transactions ADD COLUMN next_key",
            carry::TRANSACTIONS.scratch_table()
        ),
        ORDERED_CACHE,
    )?;
    let columns = carry::TRANSACTIONS.columns.join(", ");
    if let Conn::Sqlite(sqlite) = ordered.conn() {
        diesel::sql_query("ATTACH ? AS linked")
            .bind::<Text, _>(scratch.path().to_string_lossy())
            .execute(sqlite)?;
        diesel::sql_query(format!(
            "INSERT INTO main.transactions ({columns}) SELECT {columns} FROM linked.transactions \
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
