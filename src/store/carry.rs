//! Rows out of a scratch database into the real one, a range of their numbers at a time. A seam: SQLite reads the scratch
//! database in the very statement that inserts; to PostgreSQL the rows go as CSV, by `COPY`.

use super::Result;
use crate::db::{Conn, Copier};
use crate::domain::ids::OutageId;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use std::sync::mpsc::SyncSender;

/// Rows of one table, which has the same name on both sides. In the scratch database they are numbered (`id`).
pub struct Load {
    pub(super) table: &'static str,
    /// The columns that are filled.
    pub columns: &'static [&'static str],
    /// Those of them by which its rows are found later.
    pub(super) searched: &'static [&'static str],
    /// Whether the household that a row does not name is that of its phone.
    pub(super) find_home: bool,
    /// Whether a row may be there already.
    pub(super) once: bool,
}

impl Load {
    /// The table's name.
    pub const fn table(&self) -> &'static str {
        self.table
    }

    /// Its table, for a scratch database.
    pub fn scratch_table(&self) -> String {
        format!(
            "CREATE TABLE {} (id INTEGER PRIMARY KEY, {});",
            self.table,
            self.columns.join(", ")
        )
    }

    /// The statement that takes rows from where they lie.
    fn insert_from(&self, source: &str, outage: OutageId, which: &str) -> String {
        let home = format!(
            "coalesce(s.household_id, \
             (SELECT h.id FROM households h WHERE h.outage_id = {outage} AND h.phone = s.phone))"
        );
        let one = |column: &&str| match *column {
            "household_id" if self.find_home => home.clone(),
            column => format!("s.{column}"),
        };
        let values: Vec<String> = self.columns.iter().map(one).collect();
        let once = if self.once { "ON CONFLICT DO NOTHING" } else { "" };
        let (table, columns, values) = (self.table, self.columns.join(", "), values.join(", "));
        format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {source} s {which} {once}")
    }

    /// Whether the rows can go into their table as they are.
    const fn is_plain(&self) -> bool {
        !self.find_home && !self.once
    }
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
}

/// The number of the last row.
pub fn last(scratch: &mut Conn, load: &Load) -> Result<i64> {
    let last: Last =
        diesel::sql_query(format!("SELECT max(id) AS id FROM {}", load.table)).get_result(scratch)?;
    Ok(last.id.unwrap_or(0))
}

/// Inserts the rows after one of them, up to another; inside of
/// [`Db::write_beside`](crate::db::Db::write_beside).
pub fn insert(conn: &mut Conn, load: &Load, outage: OutageId, (after, until): (i64, i64)) -> Result<()> {
    let source = format!("scratch.{}", load.table);
    let which = format!("WHERE s.id > {after} AND s.id <= {until} ORDER BY s.id");
    diesel::sql_query(load.insert_from(&source, outage, &which))
        .execute(conn)
        .map(drop)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Writes rows out for [`copy`], so many at once, from the first up to `last`; ends early when nobody wants them.
pub fn write_out(
    scratch: &mut Conn,
    load: &Load,
    (last, at_once): (i64, i64),
    to: &SyncSender<Result<Vec<u8>>>,
) {
    let mut after = 0;
    while after < last {
        let until = last.min(after + at_once);
        if to.send(csv(scratch, load, (after, until))).is_err() {
            return;
        }
        after = until;
    }
}

/// Copies written out rows to PostgreSQL, all of them or none.
pub fn copy(copier: &Copier, load: &Load, outage: OutageId, csv: Vec<u8>) -> Result<()> {
    let (table, columns) = (load.table, load.columns.join(", "));
    if load.is_plain() {
        return copier.copy(&format!("COPY {table} ({columns}) FROM STDIN (FORMAT csv)"), csv);
    }
    copier.execute(&format!(
        "BEGIN; CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
    ))?;
    copier.copy(&format!("COPY arriving ({columns}) FROM STDIN (FORMAT csv)"), csv)?;
    copier.execute(&format!("{}; COMMIT", load.insert_from("arriving", outage, "")))
}

/// Lets PostgreSQL look at what a table holds now: by what it knew before, it may well read all of it for each citizen.
/// When it cannot, it does so by itself some time later.
pub fn count_up(copier: &Copier, load: &Load) {
    let (table, columns) = (load.table, load.searched.join(", "));
    let told = copier.execute(&format!("SET lock_timeout = '1s'; ANALYZE {table} ({columns})"));
    if let Err(error) = told {
        tracing::debug!(table, %error, "not analysed");
    }
}

/// The rows as SQLite writes them out: every value in quotes, nothing for none.
fn csv(scratch: &mut Conn, load: &Load, (after, until): (i64, i64)) -> Result<Vec<u8>> {
    let quoted = |column: &&str| match *column {
        "dedupe_key" => format!("'\\x' || hex({column})"),
        column => format!("ifnull('\"' || replace({column}, '\"', '\"\"') || '\"', '')"),
    };
    let values: Vec<String> = load.columns.iter().map(quoted).collect();
    let lines: Vec<Line> = diesel::sql_query(format!(
        "SELECT concat_ws(',', {}) AS line FROM {} WHERE id > {after} AND id <= {until} ORDER BY id",
        values.join(", "),
        load.table
    ))
    .load(scratch)?;
    let mut csv = Vec::with_capacity(lines.iter().map(|row| row.line.len() + 1).sum());
    for row in lines {
        csv.extend_from_slice(row.line.as_bytes());
        csv.push(b'\n');
    }
    Ok(csv)
}
