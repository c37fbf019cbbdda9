//! Mail servers that turned everything away: any node sends, every page tells.

use super::Result;
use crate::db::Conn;
use crate::domain::timestamp::Timestamp;
use crate::schema::mail_servers;
use diesel::prelude::*;

/// One that turns everything away.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mail_servers)]
#[allow(missing_docs)]
pub struct MailServer {
    /// As in the settings, without its password.
    pub place: String,
    /// What stands in the way, in words for an administrator.
    pub trouble: String,
    pub trouble_since: Timestamp,
}

/// The one at a place, if it turns everything away.
pub fn troubled(conn: &mut Conn, place: &str) -> Result<Option<MailServer>> {
    mail_servers::table
        .filter(mail_servers::place.eq(place))
        .select(MailServer::as_select())
        .first(conn)
        .optional()
}

/// Notes what stands in the way, or that nothing does. A unique violation means that another node noted the same at this very
/// moment.
pub fn note(conn: &mut Conn, place: &str, trouble: Option<&str>, now: Timestamp) -> Result<usize> {
    let known = mail_servers::table.filter(mail_servers::place.eq(place));
    let Some(trouble) = trouble else {
        return diesel::delete(known).execute(conn);
    };
    if troubled(conn, place)?.is_some() {
        return diesel::update(known)
            .set(mail_servers::trouble.eq(trouble))
            .execute(conn);
    }
    diesel::insert_into(mail_servers::table)
        .values((
            mail_servers::place.eq(place),
            mail_servers::trouble.eq(trouble),
            mail_servers::trouble_since.eq(now),
        ))
        .execute(conn)
}
