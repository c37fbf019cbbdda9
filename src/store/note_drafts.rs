//! Notes that are typed and not recorded yet, one a claim.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::ClaimId;
use crate::domain::timestamp::Timestamp;
use crate::schema::note_drafts;
use diesel::prelude::*;

/// What is typed so far.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = note_drafts)]
#[allow(missing_docs)]
pub struct NoteDraft {
    pub note: String,
    pub saved_at: Timestamp,
}

/// Keeps what is typed in place of what was typed before. A unique violation means that the same caller has just kept some.
pub fn keep(conn: &mut Conn, claim: ClaimId, note: &str, now: Timestamp) -> Result<usize> {
    let typed = (note_drafts::note.eq(note), note_drafts::saved_at.eq(now));
    let changed = diesel::update(note_drafts::table.find(claim))
        .set(typed)
        .execute(conn)?;
    if changed > 0 {
        return Ok(changed);
    }
    diesel::insert_into(note_drafts::table)
        .values((note_drafts::claim_id.eq(claim), typed))
        .execute(conn)
}

/// What is typed for a claim.
pub fn of_claim(conn: &mut Conn, claim: ClaimId) -> Result<Option<NoteDraft>> {
    note_drafts::table
        .find(claim)
        .select(NoteDraft::as_select())
        .first(conn)
        .optional()
}

/// It is recorded, or not wanted.
pub fn forget(conn: &mut Conn, claim: ClaimId) -> Result<usize> {
    diesel::delete(note_drafts::table.find(claim)).execute(conn)
}

/// Nobody comes back to calls of so long ago.
pub fn forget_before(conn: &mut Conn, at: Timestamp) -> Result<usize> {
    diesel::delete(note_drafts::table.filter(note_drafts::saved_at.lt(at))).execute(conn)
}
