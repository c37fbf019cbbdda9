//! Records that were not taken, each with its line and the reason; card numbers are masked.

use super::Result;
use crate::db::{Conn, both};
use crate::domain::ids::{ImportId, UserId};
use crate::domain::import::ImportState;
use crate::domain::timestamp::Timestamp;
use crate::schema::{import_rejects, imports, users};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// One rejected record.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_rejects)]
#[diesel(treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct Reject {
    pub import_id: ImportId,
    /// Where the record starts in the file.
    pub line: i64,
    /// `malformed`, `bad_timestamp` or `no_identity`.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
    /// Its cells as a JSON array of texts.
    pub record: String,
}

impl Reject {
    /// The cells of the record.
    pub fn cells(&self) -> Vec<String> {
        serde_json::from_str(&self.record).unwrap_or_default()
    }
}

/// Adds rejected records, some hundred at once.
pub fn add(conn: &mut Conn, rejects: &[Reject]) -> Result<usize> {
    if rejects.is_empty() {
        return Ok(0);
    }
    both!(conn, |c| diesel::insert_into(import_rejects::table)
        .values(rejects)
        .execute(c))
}

/// Forgets the rejected records of an import that is read from its start again.
pub fn forget(conn: &mut Conn, import: ImportId) -> Result<usize> {
    diesel::delete(import_rejects::table.filter(import_rejects::import_id.eq(import))).execute(conn)
}

/// The rejected records after a line.
pub fn page(conn: &mut Conn, import: ImportId, after_line: i64, limit: i64) -> Result<Vec<Reject>> {
    import_rejects::table
        .filter(
            import_rejects::import_id
                .eq(import)
                .and(import_rejects::line.gt(after_line)),
        )
        .order(import_rejects::line)
        .limit(limit)
        .select(Reject::as_select())
        .load(conn)
}

/// A rejected record that a person may correct.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Correctable {
    pub line: i64,
    pub reason: String,
    pub detail: String,
    /// Its cells as a JSON array of texts.
    pub record: String,
    /// The same as they were corrected.
    pub corrected: Option<String>,
    taken: Option<ImportId>,
    /// Where the import that took it stands.
    taken_state: Option<String>,
    /// When it was set aside.
    pub set_aside_at: Option<Timestamp>,
    /// By whom.
    pub set_aside_by: Option<String>,
}

impl Correctable {
    /// The cells as they came.
    pub fn original(&self) -> Vec<String> {
        serde_json::from_str(&self.record).unwrap_or_default()
    }

    /// The cells, corrected if they were.
    pub fn cells(&self) -> Vec<String> {
        let told = self.corrected.as_ref().unwrap_or(&self.record);
        serde_json::from_str(told).unwrap_or_default()
    }

    /// The import by which it counts now.
    pub fn taken_by(&self) -> Option<ImportId> {
        let counts = self.taken_state.as_deref() == Some(ImportState::Published.as_str());
        self.taken.filter(|_| counts)
    }
}

/// The rejected records after a line, all or those of one reason.
pub fn correctable(
    conn: &mut Conn,
    import: ImportId,
    reason: Option<&str>,
    after_line: i64,
    limit: i64,
) -> Result<Vec<Correctable>> {
    load(conn, import, reason, (after_line, limit), false)
}

/// Those that were corrected and do not count yet.
pub fn to_be_taken(conn: &mut Conn, import: ImportId) -> Result<Vec<Correctable>> {
    let rows = load(conn, import, None, (0, i64::MAX), true)?;
    Ok(rows.into_iter().filter(|row| row.taken_by().is_none()).collect())
}

fn load(
    conn: &mut Conn,
    import: ImportId,
    reason: Option<&str>,
    (after_line, limit): (i64, i64),
    corrected: bool,
) -> Result<Vec<Correctable>> {
    let mut query = import_rejects::table
        .left_join(imports::table.on(import_rejects::taken_by_import.eq(imports::id.nullable())))
        .left_join(users::table.on(import_rejects::set_aside_by.eq(users::id.nullable())))
        .filter(
            import_rejects::import_id
                .eq(import)
                .and(import_rejects::line.gt(after_line)),
        )
        .order(import_rejects::line)
        .limit(limit)
        .select((
            import_rejects::line,
            import_rejects::reason,
            import_rejects::detail,
            import_rejects::record,
            import_rejects::corrected,
            import_rejects::taken_by_import,
            imports::state.nullable(),
            import_rejects::set_aside_at,
            users::name.nullable(),
        ))
        .into_boxed();
    if let Some(reason) = reason {
        query = query.filter(import_rejects::reason.eq(reason.to_owned()));
    }
    if corrected {
        query = query.filter(import_rejects::corrected.is_not_null());
    }
    query.load(conn)
}

/// The cells of a rejected record as they came.
pub fn original(conn: &mut Conn, import: ImportId, line: i64) -> Result<Option<Vec<String>>> {
    let record: Option<String> = import_rejects::table
        .filter(
            import_rejects::import_id
                .eq(import)
                .and(import_rejects::line.eq(line)),
        )
        .select(import_rejects::record)
        .first(conn)
        .optional()?;
    Ok(record.map(|record| serde_json::from_str(&record).unwrap_or_default()))
}

/// Keeps what a rejected record became, or that it is as it was.
pub fn set_corrected(conn: &mut Conn, import: ImportId, line: i64, cells: Option<&str>) -> Result<usize> {
    let row = import_rejects::table.filter(
        import_rejects::import_id
            .eq(import)
            .and(import_rejects::line.eq(line)),
    );
    diesel::update(row)
        .set(import_rejects::corrected.eq(cells))
        .execute(conn)
}

/// Notes which import brings the corrected records in.
pub fn set_taken(conn: &mut Conn, import: ImportId, lines: &[i64], by: ImportId) -> Result<usize> {
    let rows = import_rejects::table.filter(
        import_rejects::import_id
            .eq(import)
            .and(import_rejects::line.eq_any(lines)),
    );
    diesel::update(rows)
        .set(import_rejects::taken_by_import.eq(by))
        .execute(conn)
}

/// The rejected records of an import with one reason, and what became of them.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Left {
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// All of them.
    #[diesel(sql_type = BigInt)]
    pub rows: i64,
    /// They came in by another import that counts.
    #[diesel(sql_type = BigInt)]
    pub mended: i64,
    /// Of the others those that are set aside.
    #[diesel(sql_type = BigInt)]
    pub aside: i64,
}

/// What is left of the rejected records of an import, by reason.
pub fn left(conn: &mut Conn, import: ImportId) -> Result<Vec<Left>> {
    let mended = "COALESCE(i.state, '') = 'published'";
    diesel::sql_query(format!(
        "SELECT r.reason AS reason, COUNT(*) AS rows, COUNT(CASE WHEN {mended} THEN 1 END) AS mended, \
         COUNT(CASE WHEN NOT {mended} THEN r.set_aside_at END) AS aside \
         FROM import_rejects r LEFT JOIN imports i ON i.id = r.taken_by_import WHERE r.import_id = {import} GROUP BY r.reason"
    ))
    .load(conn)
}

/// Sets records aside that neither came in nor are set aside, all or those of some lines; answers how many.
pub fn set_aside(
    conn: &mut Conn,
    import: ImportId,
    lines: Option<&[i64]>,
    (by, at): (UserId, Timestamp),
) -> Result<usize> {
    let in_by_another = imports::table
        .filter(imports::state.eq(ImportState::Published.as_str()))
        .filter(imports::corrects_import.eq(import))
        .select(imports::id.nullable());
    let open = import_rejects::table.filter(
        import_rejects::import_id
            .eq(import)
            .and(import_rejects::set_aside_at.is_null())
            .and(
                import_rejects::taken_by_import
                    .is_null()
                    .or(import_rejects::taken_by_import.ne_all(in_by_another)),
            ),
    );
    let change = diesel::update(open).set((
        import_rejects::set_aside_at.eq(at),
        import_rejects::set_aside_by.eq(by),
    ));
    match lines {
        Some(lines) => change.filter(import_rejects::line.eq_any(lines)).execute(conn),
        None => change.execute(conn),
    }
}

/// Takes back that records were set aside, all or those of some lines; answers how many.
pub fn take_up_again(conn: &mut Conn, import: ImportId, lines: Option<&[i64]>) -> Result<usize> {
    let aside = import_rejects::table.filter(
        import_rejects::import_id
            .eq(import)
            .and(import_rejects::set_aside_at.is_not_null()),
    );
    let change = diesel::update(aside).set((
        import_rejects::set_aside_at.eq(None::<Timestamp>),
        import_rejects::set_aside_by.eq(None::<UserId>),
    ));
    match lines {
        Some(lines) => change.filter(import_rejects::line.eq_any(lines)).execute(conn),
        None => change.execute(conn),
    }
}
