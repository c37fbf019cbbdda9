//! Where reports of e-mails that came back are read, and what stands in the way: any node reads, every page tells.

use super::Result;
use crate::db::Conn;
use crate::domain::timestamp::Timestamp;
use crate::schema::bounce_boxes;
use diesel::prelude::*;

/// One place.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bounce_boxes)]
#[allow(missing_docs)]
pub struct BounceBox {
    /// As in the settings, without its password.
    pub place: String,
    pub looked_at: Timestamp,
    /// Why it could not be read the last time.
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

/// All that were ever read, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<BounceBox>> {
    bounce_boxes::table
        .order(bounce_boxes::place)
        .select(BounceBox::as_select())
        .load(conn)
}

/// Notes that somebody looked, and what stood in the way. A unique violation means that another node noted its first
/// look at this very moment.
pub fn note(conn: &mut Conn, place: &str, trouble: Option<&str>, now: Timestamp) -> Result<usize> {
    let known = bounce_boxes::table.filter(bounce_boxes::place.eq(place));
    let before: Option<Option<Timestamp>> =
        known.select(bounce_boxes::trouble_since).first(conn).optional()?;
    let since = trouble.map(|_| before.flatten().unwrap_or(now));
    let noted = (
        bounce_boxes::looked_at.eq(now),
        bounce_boxes::trouble.eq(trouble),
        bounce_boxes::trouble_since.eq(since),
    );
    match before {
        Some(_) => diesel::update(known).set(noted).execute(conn),
        None => diesel::insert_into(bounce_boxes::table)
            .values((bounce_boxes::place.eq(place), noted))
            .execute(conn),
    }
}
