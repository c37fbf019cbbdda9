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
    pub created_by: Option<UserId>,
    /// HTML that is written by itself; none: it is made from the body.
    pub html: Option<String>,
}

/// Adds a version; a unique violation means that somebody saved the same one just now.
pub fn add(
    conn: &mut Conn,
    (key, language, version): (&str, &str, i32),
    (subject, body, html): (&str, &str, Option<&str>),
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
            templates::html.eq(html),
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

/// The latest version of every text, by key and language.
pub fn all_latest(conn: &mut Conn) -> Result<Vec<Template>> {
    let mut all: Vec<Template> = templates::table
        .order((templates::key, templates::language, templates::version.desc()))
        .select(Template::as_select())
        .load(conn)?;
    all.dedup_by(|next, kept| (&next.key, &next.language) == (&kept.key, &kept.language));
    Ok(all)
}

/// The versions of a text in a language, the latest first.
pub fn versions(conn: &mut Conn, key: &str, language: &str, limit: i64) -> Result<Vec<Template>> {
    templates::table
        .filter(templates::key.eq(key).and(templates::language.eq(language)))
        .order(templates::version.desc())
        .limit(limit)
        .select(Template::as_select())
        .load(conn)
}

/// One version of a text in a language.
pub fn version(conn: &mut Conn, key: &str, language: &str, version: i32) -> Result<Option<Template>> {
    templates::table
        .filter(templates::key.eq(key).and(templates::language.eq(language)))
        .filter(templates::version.eq(version))
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
