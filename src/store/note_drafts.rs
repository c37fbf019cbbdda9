//! Notes that are typed and not recorded yet, one a claim. A draft is of the time when so many people of the household
//! were recorded: the next outcome leaves it behind, and housekeeping takes it away.

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

/// Keeps what is typed, with `done` people recorded, in place of what was typed before. A unique violation means that the same caller has just kept some.
pub fn keep(conn: &mut Conn, claim: ClaimId, (note, done): (&str, usize), now: Timestamp) -> Result<usize> {
    let typed = (
        note_drafts::note.eq(note),
        note_drafts::done.eq(number(done)),
        note_drafts::saved_at.eq(now),
    );
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

/// What is typed for a claim of which so many people are recorded.
pub fn of_claim(conn: &mut Conn, claim: ClaimId, done: usize) -> Result<Option<NoteDraft>> {
    note_drafts::table
        .find(claim)
        .filter(note_drafts::done.eq(number(done)))
        .select(NoteDraft::as_select())
        .first(conn)
        .optional()
}

/// Nobody comes back to calls of so long ago.
pub fn forget_before(conn: &mut Conn, at: Timestamp) -> Result<usize> {
    diesel::delete(note_drafts::table.filter(note_drafts::saved_at.lt(at))).execute(conn)
}

fn number(done: usize) -> i64 {
    i64::try_from(done).unwrap_or(i64::MAX)
}
