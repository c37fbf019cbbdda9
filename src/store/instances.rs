//! The word by which a database is known, how far it has come, and where it lies.

use super::Result;
use crate::db::Conn;
use crate::schema::instances;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// The one row.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[allow(missing_docs)]
pub struct Instance {
    pub id: i64,
    /// Made at random when the database was new; a copy keeps it.
    pub word: String,
    /// Grows while e-mails are sent.
    pub generation: i64,
    /// [`crate::db::home()`] when somebody last looked.
    pub home: String,
    /// What tells the secret key it is used with from others; `None` before the first start with one.
    pub key_fingerprint: Option<String>,
}

/// The row, if the database has one.
pub fn find(conn: &mut Conn) -> Result<Option<Instance>> {
    instances::table
        .order(instances::id)
        .select(Instance::as_select())
        .first(conn)
        .optional()
}

/// Writes the row of a database that has none.
pub fn add(conn: &mut Conn, word: &str, generation: i64, home: &str) -> Result<usize> {
    let row = (
        instances::id.eq(1_i64),
        instances::word.eq(word),
        instances::generation.eq(generation),
        instances::home.eq(home),
    );
    diesel::insert_into(instances::table).values(row).execute(conn)
}

/// The database lies somewhere else, or has come further.
pub fn moved(conn: &mut Conn, generation: i64, home: &str) -> Result<usize> {
    diesel::update(instances::table)
        .set((instances::generation.eq(generation), instances::home.eq(home)))
        .execute(conn)
}

/// From here on the database knows this key, if it knew `before` until now; answers whether it did.
pub fn know_key(conn: &mut Conn, before: Option<&str>, fingerprint: &str) -> Result<bool> {
    let row = diesel::update(instances::table).set(instances::key_fingerprint.eq(fingerprint));
    let changed = match before {
        Some(before) => row.filter(instances::key_fingerprint.eq(before)).execute(conn)?,
        None => row.filter(instances::key_fingerprint.is_null()).execute(conn)?,
    };
    Ok(changed > 0)
}

/// Writes the row as it is, to see whether anything can be written.
pub fn rewrite(conn: &mut Conn) -> Result<usize> {
    diesel::update(instances::table)
        .set(instances::generation.eq(instances::generation))
        .execute(conn)
}

/// One step further; answers the word and how far.
pub fn advance(conn: &mut Conn) -> Result<Option<(String, i64)>> {
    diesel::update(instances::table)
        .set(instances::generation.eq(instances::generation + 1))
        .returning((instances::word, instances::generation))
        .get_result(conn)
        .optional()
}

#[derive(QueryableByName)]
struct Sizes {
    #[diesel(sql_type = BigInt)]
    outages: i64,
    #[diesel(sql_type = BigInt)]
    cases: i64,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = BigInt)]
    messages: i64,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
}

/// How many outages, citizens, calls, e-mails, and e-mails that wait, the database holds.
pub fn sizes(conn: &mut Conn) -> Result<[i64; 5]> {
    let found: Sizes = diesel::sql_query(
        "SELECT (SELECT COUNT(*) FROM outages) AS outages, (SELECT COUNT(*) FROM cases) AS cases, \
         (SELECT COUNT(*) FROM attempts) AS attempts, (SELECT COUNT(*) FROM messages) AS messages, \
         (SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending') AND due_at IS NOT NULL) AS waiting",
    )
    .get_result(conn)?;
    Ok([
        found.outages,
        found.cases,
        found.attempts,
        found.messages,
        found.waiting,
    ])
}
