//! Rows out of a scratch database into the real one, a range of their numbers at a time. A seam: SQLite reads the scratch
//! database in the very statement that inserts; to PostgreSQL the rows go as CSV, by `COPY`.

use super::Result;
use crate::db::{Conn, Copier};
use crate::domain::ids::OutageId;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// Rows of one table, which has the same name on both sides. In the scratch database they are numbered (`id`).
pub struct Load {
    pub(super) table: &'static str,
    /// The columns that are filled.
    pub columns: &'static [&'static str],
    /// Whether the household that a row does not name is that of its phone.
    find_home: bool,
    /// Whether a row may be there already.
    once: bool,
}

/// Records. What comes later (`moved_from`, `next_key`) is empty.
pub const TRANSACTIONS: Load = Load {
    table: "transactions",
    columns: &[
        "outage_id",
        "import_id",
        "line",
        "bin",
        "dedupe_key",
        "external_id",
        "occurred_at",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "given_name",
        "family_name",
        "folded_name",
        "amount_cents",
        "tax_type",
        "channel",
        "error_code",
        "language",
        "state",
        "time_zone",
        "filing_deadline",
        "address",
        "memo",
        "charged",
        "originals",
        "identity_key",
    ],
    find_home: false,
    once: false,
};

/// New households.
pub const HOUSEHOLDS: Load = Load {
    table: "households",
    columns: &[
        "outage_id",
        "import_id",
        "phone",
        "time_zone",
        "language",
        "stage",
        "due_at",
        "score",
        "skips",
        "tries",
        "citizens",
    ],
    find_home: false,
    once: false,
};

/// New cases.
pub const CASES: Load = Load {
    table: "cases",
    columns: &[
        "outage_id",
        "import_id",
        "identity_key",
        "household_id",
        "given_name",
        "family_name",
        "folded_name",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "language",
        "state",
        "time_zone",
        "amount_cents",
        "tax_type",
        "charged",
        "filing_deadline",
        "first_failed_at",
        "last_failed_at",
        "opened_at",
        "transactions",
        "code",
        "stage",
        "due_at",
        "resolution",
        "resolved_at",
        "tries",
    ],
    find_home: true,
    once: false,
};

/// What changes in cases that count.
pub const CHANGES: Load = Load {
    table: "staged_changes",
    columns: &[
        "case_id",
        "import_id",
        "identity_key",
        "household_id",
        "given_name",
        "family_name",
        "folded_name",
        "account_id",
        "email",
        "phone",
        "phone_2",
        "language",
        "state",
        "time_zone",
        "amount_cents",
        "tax_type",
        "charged",
        "filing_deadline",
        "first_failed_at",
        "last_failed_at",
        "transactions",
    ],
    find_home: true,
    once: false,
};

/// Households to look at again.
pub const NOTES: Load = Load {
    table: "staged_households",
    columns: &["household_id", "import_id"],
    find_home: false,
    once: true,
};

impl Load {
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

/// Copies those rows to PostgreSQL, all of them or none.
pub fn copy(
    copier: &Copier,
    scratch: &mut Conn,
    load: &Load,
    outage: OutageId,
    range: (i64, i64),
) -> Result<()> {
    let (table, columns, csv) = (load.table, load.columns.join(", "), csv(scratch, load, range)?);
    if load.is_plain() {
        return copier.copy(&format!("COPY {table} ({columns}) FROM STDIN (FORMAT csv)"), csv);
    }
    copier.execute(&format!(
        "BEGIN; CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
    ))?;
    copier.copy(&format!("COPY arriving ({columns}) FROM STDIN (FORMAT csv)"), csv)?;
    copier.execute(&format!("{}; COMMIT", load.insert_from("arriving", outage, "")))
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
