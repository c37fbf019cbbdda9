//! Texts of e-mails: every version is kept, the latest one is used.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::templates;
use diesel::prelude::*;

/// One version of one text in one language.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = templates)]
#[allow(missing_docs)]
pub struct Template {
    pub id: i64,
    pub key: String,
    pub language: String,
    pub version: i32,
    pub subject: String,
    /// Markdown with placeholders.
    pub body: String,
    pub created_at: Timestamp,
}

/// Adds a version; a unique violation means that somebody saved the same one just now.
pub fn add(
    conn: &mut Conn,
    (key, language, version): (&str, &str, i32),
    (subject, body): (&str, &str),
    by: Option<UserId>,
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(templates::table)
        .values((
            templates::key.eq(key),
            templates::language.eq(language),
            templates::version.eq(version),
            templates::subject.eq(subject),
            templates::body.eq(body),
            templates::created_at.eq(now),
            templates::created_by.eq(by),
        ))
        .execute(conn)
}

/// The latest version of a text in a language.
pub fn latest(conn: &mut Conn, key: &str, language: &str) -> Result<Option<Template>> {
    templates::table
        .filter(templates::key.eq(key).and(templates::language.eq(language)))
        .order(templates::version.desc())
        .select(Template::as_select())
        .first(conn)
        .optional()
}

/// The keys of all texts.
pub fn keys(conn: &mut Conn) -> Result<Vec<String>> {
    templates::table
        .select(templates::key)
        .distinct()
        .order(templates::key)
        .load(conn)
}
