//! Accounts of staff.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::schema::users;
use diesel::prelude::*;

/// One account.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)]
pub struct User {
    pub id: UserId,
    /// In lower case.
    pub email: String,
    pub name: String,
    /// A word of `domain::role::Role`.
    pub role: String,
    /// Languages spoken besides English, as subtags between blanks: `es vi`.
    pub languages: String,
    /// Takes the calls that need help.
    pub specialist: bool,
    /// Whether single keys act on the desk (WCAG 2.1.4).
    pub shortcuts: bool,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// When somebody chose or was given the password that holds; none: not since this is kept, or none was set yet.
    pub password_changed_at: Option<Timestamp>,
}

/// The languages besides English that specialists speak who may sign in.
pub fn specialists_languages(conn: &mut Conn) -> Result<Vec<String>> {
    let specialists = users::table.filter(users::specialist.and(users::disabled_at.is_null()));
    let all: Vec<String> = specialists.select(users::languages).load(conn)?;
    let mut languages: Vec<String> = all
        .iter()
        .flat_map(|languages| languages.split_whitespace().map(str::to_owned))
        .collect();
    languages.sort_unstable();
    languages.dedup();
    Ok(languages)
}

/// Who speaks a language besides English, of those who may sign in.
pub fn speaking(conn: &mut Conn, language: &str) -> Result<Vec<UserId>> {
    let all: Vec<(UserId, String)> = users::table
        .filter(users::disabled_at.is_null())
        .select((users::id, users::languages))
        .load(conn)?;
    let speaks = |(_, languages): &(UserId, String)| languages.split(' ').any(|one| one == language);
    Ok(all.into_iter().filter(speaks).map(|(id, _)| id).collect())
}

/// Adds an account; a unique violation means that the address is taken.
pub fn add(
    conn: &mut Conn,
    (email, name, role, languages): (&str, &str, &str, &str),
    specialist: bool,
    password_hash: &str,
    now: Timestamp,
) -> Result<UserId> {
    diesel::insert_into(users::table)
        .values((
            users::email.eq(email),
            users::name.eq(name),
            users::role.eq(role),
            users::languages.eq(languages),
            users::specialist.eq(specialist),
            users::password_hash.eq(password_hash),
            users::shortcuts.eq(true),
            users::created_at.eq(now),
        ))
        .returning(users::id)
        .get_result(conn)
}

/// The account with an id.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    users::table
        .find(id)
        .select(User::as_select())
        .first(conn)
        .optional()
}

/// The account with an address, in lower case.
pub fn with_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    users::table
        .filter(users::email.eq(email))
        .select(User::as_select())
        .first(conn)
        .optional()
}

/// All accounts by name. An agency has hundreds, not millions.
pub fn all(conn: &mut Conn) -> Result<Vec<User>> {
    users::table
        .order((users::name, users::id))
        .select(User::as_select())
        .load(conn)
}

/// The accounts with these ids.
pub fn with_ids(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<User>> {
    if ids.is_empty() {
        return Ok(Vec::new()); // as mostly
    }
    users::table
        .filter(users::id.eq_any(ids))
        .select(User::as_select())
        .load(conn)
}

/// The Argon2id hash of an account's password.
pub fn password_hash(conn: &mut Conn, id: UserId) -> Result<String> {
    users::table.find(id).select(users::password_hash).first(conn)
}

/// Replaces the password's hash; without an instant it is that of a password that nobody knows.
pub fn set_password(conn: &mut Conn, id: UserId, hash: &str, at: Option<Timestamp>) -> Result<usize> {
    diesel::update(users::table.find(id))
        .set((users::password_hash.eq(hash), users::password_changed_at.eq(at)))
        .execute(conn)
}

/// Switches an account off (or on again, with `None`).
pub fn set_disabled(conn: &mut Conn, id: UserId, at: Option<Timestamp>) -> Result<usize> {
    diesel::update(users::table.find(id))
        .set(users::disabled_at.eq(at))
        .execute(conn)
}

/// Changes what an administrator may change.
pub fn update(
    conn: &mut Conn,
    id: UserId,
    (name, role, languages): (&str, &str, &str),
    specialist: bool,
) -> Result<usize> {
    let changes = (
        users::name.eq(name),
        users::role.eq(role),
        users::languages.eq(languages),
        users::specialist.eq(specialist),
    );
    diesel::update(users::table.find(id)).set(changes).execute(conn)
}

/// Whether single keys act on this person's desk.
pub fn set_shortcuts(conn: &mut Conn, id: UserId, on: bool) -> Result<usize> {
    diesel::update(users::table.find(id))
        .set(users::shortcuts.eq(on))
        .execute(conn)
}
