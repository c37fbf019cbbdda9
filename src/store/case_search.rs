//! Finding cases by any piece of their text. A seam: SQLite has an index of pieces of three letters (FTS5's
//! trigrams), PostgreSQL an inverted index over the same pieces, which needs no extension and no superuser.
//! Both are filled in the background; what is not in them yet is read through.

use super::Result;
use super::cases::Case;
use super::fixed::fixed;
use crate::db::Conn;
use crate::domain::ids::{CaseId, ImportId, OutageId};
use crate::domain::search::{PIECE, Sought, text};
use crate::domain::timestamp::Timestamp;
use crate::schema::{answers, cases, imports, outages, stale_texts};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

/// The index is asked for so many times the cases wanted: some lie in another outage, or are not visible.
const MORE: i64 = 4;

/// Which cases, and how many.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Within {
    pub outage: Option<OutageId>,
    /// Only cases with a larger number.
    pub after: CaseId,
    pub limit: i64,
}

/// Visible cases that are sought, with the slug of their outage, in the order of their numbers.
pub fn found(conn: &mut Conn, within: Within, sought: &Sought) -> Result<Vec<(Case, String)>> {
    let pieces = match sought {
        Sought::Case(id) => return visible(conn, within, &[*id]),
        Sought::Pieces(pieces) => pieces,
    };
    let mut found = unindexed(conn, within, pieces)?;
    found.extend(indexed(conn, within, pieces)?);
    found.sort_by_key(|(case, _)| case.id);
    found.dedup_by_key(|(case, _)| case.id);
    found.truncate(usize::try_from(within.limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// From the index, in strides, until there are enough.
fn indexed(conn: &mut Conn, within: Within, pieces: &[String]) -> Result<Vec<(Case, String)>> {
    let (mut found, mut after) = (Vec::new(), within.after);
    let wanted = usize::try_from(within.limit).unwrap_or(usize::MAX);
    let mut stride = within.limit.saturating_mul(MORE);
    loop {
        let ids = ids(conn, pieces, after, stride)?;
        found.extend(visible(conn, within, &ids)?);
        match ids.last() {
            Some(last)
                if found.len() < wanted && ids.len() >= usize::try_from(stride).unwrap_or(usize::MAX) =>
            {
                after = *last;
                stride = (stride * MORE).min(8_000);
            }
            _ => return Ok(found),
        }
    }
}

/// Those of these cases that may be seen, in the order of their numbers.
fn visible(conn: &mut Conn, within: Within, ids: &[CaseId]) -> Result<Vec<(Case, String)>> {
    let mut query = cases::table
        .inner_join(outages::table)
        .filter(cases::id.eq_any(ids).and(cases::id.gt(within.after)))
        .filter(cases::import_id.le(outages::published_import_id))
        .filter(cases::transactions.gt(0))
        .into_boxed();
    if let Some(outage) = within.outage {
        query = query.filter(cases::outage_id.eq(outage));
    }
    query
        .order(cases::id)
        .limit(within.limit)
        .select((Case::as_select(), outages::slug))
        .load(conn)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: CaseId,
}

/// The next cases in the index that hold all pieces. What somebody looks for is bound, never part of the statement:
/// databases log those that fail or are slow.
fn ids(conn: &mut Conn, pieces: &[String], after: CaseId, limit: i64) -> Result<Vec<CaseId>> {
    let found: Vec<Id> = match conn {
        Conn::Sqlite(sqlite) => {
            let alike = vec!["text LIKE ?"; pieces.len()].join(" AND ");
            let mut query = diesel::sql_query(format!(
                "SELECT rowid AS id FROM case_texts WHERE {alike} AND rowid > {after} ORDER BY rowid LIMIT {limit}"
            ))
            .into_boxed();
            for piece in pieces {
                query = query.bind::<Text, _>(format!("%{piece}%"));
            }
            query.load(sqlite)?
        }
        Conn::Postgres(postgres) => {
            let mut query = diesel::sql_query(inverted(pieces, after, limit)).into_boxed();
            for piece in pieces {
                query = query.bind::<Text, _>(piece);
            }
            query.load(postgres)?
        }
    };
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// PostgreSQL's statement, in which `$1` is the first piece.
fn inverted(pieces: &[String], after: CaseId, limit: i64) -> String {
    let numbered = || (1..).zip(pieces);
    let alike = numbered().map(|(n, _)| format!("text LIKE '%' || ${n} || '%'"));
    let alike = alike.collect::<Vec<_>>().join(" AND ");
    let held = numbered()
        .filter(|(_, piece)| piece.chars().count() >= PIECE)
        .map(|(n, _)| format!("makegood_pieces(text) @> makegood_pieces(${n})"));
    let held = held.collect::<Vec<_>>().join(" AND ");
    if held.is_empty() {
        // Too short for the index, and so common that the table read in order has enough of them soon.
        return format!(
            "SELECT case_id AS id FROM case_texts WHERE {alike} AND case_id > {after} ORDER BY case_id LIMIT {limit}"
        );
    }
    // The hits first, then their order: or the planner reads the whole table in order of numbers.
    format!(
        "WITH hits AS MATERIALIZED (SELECT case_id FROM case_texts WHERE {held} AND {alike}) \
         SELECT case_id AS id FROM hits WHERE case_id > {after} ORDER BY case_id LIMIT {limit}"
    )
}

/// Read through: the cases of imports that are not in the index yet, and those whose text has changed.
fn unindexed(conn: &mut Conn, within: Within, pieces: &[String]) -> Result<Vec<(Case, String)>> {
    let pending: Vec<ImportId> = imports::table
        .filter(
            imports::published_at
                .is_not_null()
                .and(imports::findable_at.is_null()),
        )
        .select(imports::id)
        .load(conn)?;
    let stale = exists(stale_texts::table.filter(stale_texts::case_id.eq(cases::id)));
    let few_stale = stale_texts::table.count().get_result::<i64>(conn)?;
    if pending.is_empty() && few_stale == 0 {
        return Ok(Vec::new());
    }
    let mut query = cases::table
        .inner_join(outages::table)
        .filter(cases::import_id.eq_any(pending).or(stale))
        .filter(cases::import_id.le(outages::published_import_id))
        .filter(cases::transactions.gt(0).and(cases::id.gt(within.after)))
        .into_boxed();
    if let Some(outage) = within.outage {
        query = query.filter(cases::outage_id.eq(outage));
    }
    for piece in pieces {
        query = query.filter(
            diesel::dsl::sql::<diesel::sql_types::Bool>(
                "REPLACE(REPLACE(REPLACE(LOWER(folded_name || ' ' || COALESCE(phone, '') || ' ' || COALESCE(phone_2, '') \
                 || ' ' || COALESCE((SELECT a.phone FROM answers a WHERE a.case_id = cases.id AND a.superseded_at IS NULL), '') \
                 || ' ' || COALESCE(account_id, '') || ' ' || COALESCE(email, '') || ' ' || CAST(cases.id AS TEXT)), \
                 '-', ''), '.', ''), '@', '') LIKE ",
            )
            .bind::<Text, _>(format!("%{piece}%")),
        );
    }
    query
        .order(cases::id)
        .limit(within.limit)
        .select((Case::as_select(), outages::slug))
        .load(conn)
}

/// What a case is found by.
type Searchable = (
    CaseId,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn text_of((id, name, phone, phone_2, asked, account, email): &Searchable) -> String {
    let others = [phone, phone_2, asked, account, email].into_iter().flatten();
    text(name, others.map(String::as_str), *id)
}

/// The answer by link that counts: it may ask for a call at a number that no file has.
macro_rules! answering {
    () => {
        answers::table.on(answers::case_id
            .eq(cases::id)
            .and(answers::superseded_at.is_null()))
    };
}

macro_rules! searchable {
    () => {
        cases::table.left_join(answering!()).select((
            cases::id,
            cases::folded_name,
            cases::phone,
            cases::phone_2,
            answers::phone.nullable(),
            cases::account_id,
            cases::email,
        ))
    };
}

/// Puts the next cases of a published import into the index; answers how many, none when nothing is left to do.
pub fn index_some(conn: &mut Conn, limit: i64, now: Timestamp) -> Result<Option<usize>> {
    let pending: Option<(ImportId, Option<CaseId>)> = imports::table
        .filter(
            imports::published_at
                .is_not_null()
                .and(imports::findable_at.is_null()),
        )
        .order(imports::id)
        .select((imports::id, imports::findable_to))
        .first(conn)
        .optional()?;
    let Some((import, done_to)) = pending else {
        return index_stale(conn, limit);
    };
    let next: Vec<Searchable> = searchable!()
        .filter(
            cases::import_id
                .eq(import)
                .and(cases::id.gt(done_to.unwrap_or(0))),
        )
        .order(cases::id)
        .limit(limit)
        .load(conn)?;
    let all = next.len() < usize::try_from(limit).unwrap_or(usize::MAX);
    let done_to = done_to.unwrap_or(0);
    let to = next.last().map_or(done_to, |(id, ..)| *id);
    let at = all
        .then_some(now.micros())
        .map_or_else(|| "NULL".to_owned(), |at| at.to_string());
    // Another node may have done the same batch meanwhile.
    let mine = diesel::sql_query(format!(
        "UPDATE imports SET findable_to = {to}, findable_at = {at} \
         WHERE id = {import} AND findable_at IS NULL AND COALESCE(findable_to, 0) = {done_to}"
    ))
    .execute(conn)?;
    if mine == 1 {
        put(conn, &next)?;
    }
    Ok(Some(next.len()))
}

/// A case is found by something else from now on.
pub fn set_stale(conn: &mut Conn, case: CaseId) -> Result<usize> {
    let told = format!("INSERT INTO stale_texts (case_id) VALUES ({case}) ON CONFLICT DO NOTHING");
    diesel::sql_query(told).execute(conn)
}

/// Brings texts up to date that have changed.
fn index_stale(conn: &mut Conn, limit: i64) -> Result<Option<usize>> {
    let stale: Vec<CaseId> = stale_texts::table
        .select(stale_texts::case_id)
        .limit(limit)
        .load(conn)?;
    if stale.is_empty() {
        return Ok(None);
    }
    diesel::delete(stale_texts::table.filter(stale_texts::case_id.eq_any(&stale))).execute(conn)?;
    let changed: Vec<Searchable> = searchable!().filter(cases::id.eq_any(&stale)).load(conn)?;
    put(conn, &changed)?;
    Ok(Some(stale.len()))
}

/// Writes the texts of these cases, in the place of earlier ones.
fn put(conn: &mut Conn, rows: &[Searchable]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let key = match conn {
        Conn::Sqlite(_) => "rowid",
        Conn::Postgres(_) => "case_id",
    };
    let ids: Vec<String> = rows.iter().map(|(id, ..)| id.to_string()).collect();
    diesel::sql_query(format!(
        "DELETE FROM case_texts WHERE {key} IN ({})",
        ids.join(",")
    ))
    .execute(conn)?;
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in rows {
                fixed("INSERT INTO case_texts (rowid, text) VALUES (?, ?)")
                    .bind::<BigInt, _>(row.0)
                    .bind::<Text, _>(text_of(row))
                    .execute(sqlite)?;
            }
        }
        Conn::Postgres(postgres) => {
            let (ids, texts): (Vec<i64>, Vec<String>) = rows.iter().map(|row| (row.0, text_of(row))).unzip();
            fixed("INSERT INTO case_texts (case_id, text) SELECT * FROM unnest(?, ?)")
                .bind::<Array<BigInt>, _>(ids)
                .bind::<Array<Text>, _>(texts)
                .execute(postgres)?;
        }
    }
    Ok(())
}

/// Whether everything that can be seen is in the index.
pub fn is_complete(conn: &mut Conn) -> Result<bool> {
    let pending = imports::table.filter(
        imports::published_at
            .is_not_null()
            .and(imports::findable_at.is_null()),
    );
    let pending: bool = diesel::select(exists(pending)).get_result(conn)?;
    let stale = stale_texts::table.filter(stale_texts::case_id.is_not_null());
    let stale: bool = diesel::select(exists(stale)).get_result(conn)?;
    Ok(!pending && !stale)
}
