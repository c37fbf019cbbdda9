//! Records that were not taken, each with its line and the reason; card numbers are masked.

use super::Result;
use crate::db::{Conn, both};
use crate::domain::ids::ImportId;
use crate::schema::import_rejects;
use diesel::prelude::*;

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

/// The rejected records after a line, all or those of one reason.
pub fn page(
    conn: &mut Conn,
    import: ImportId,
    reason: Option<&str>,
    after_line: i64,
    limit: i64,
) -> Result<Vec<Reject>> {
    let mut query = import_rejects::table
        .filter(
            import_rejects::import_id
                .eq(import)
                .and(import_rejects::line.gt(after_line)),
        )
        .order(import_rejects::line)
        .limit(limit)
        .select(Reject::as_select())
        .into_boxed();
    if let Some(reason) = reason {
        query = query.filter(import_rejects::reason.eq(reason.to_owned()));
    }
    query.load(conn)
}
