//! What people type about citizens.

use super::accounts::User;
use super::lease::own;
use super::{Error, Office, Result, crowded};
use crate::domain::card_number::refuses_note;
use crate::domain::ids::ClaimId;
use crate::domain::timestamp::Timestamp;
use crate::store::{attempts, note_drafts};

/// Longest note, in characters.
const LONGEST: usize = 4000;

impl Office {
    /// Keeps what a caller has typed so far about the call in hand; answers when. It goes with the call's outcome. What arrives
    /// after one, because so many people (`done`) were recorded when it was typed, is not kept: it is not about those left.
    ///
    /// # Errors
    /// It is too long, or has a number that must not be kept; the call is another's.
    pub fn keep_draft(
        &self,
        caller: &User,
        claim: ClaimId,
        (note, done): (&str, usize),
    ) -> Result<Timestamp> {
        allowed(note)?;
        let now = self.now();
        self.db.write(|conn| {
            let claim = own(conn, claim, caller)?;
            let is_over = claim.released_at.is_some();
            if !is_over && attempts::cases_done_by_claim(conn, &claim)?.len() == done {
                note_drafts::keep(conn, claim.id, (note, done), now).map_err(crowded)?;
            }
            Ok(now)
        })
    }
}

/// The note as it is kept, trimmed.
///
/// # Errors
/// It is too long, or has a number that must not be kept.
pub(super) fn allowed(text: &str) -> Result<&str> {
    if text.chars().count() > LONGEST {
        return Err(Error::invalid(
            "note",
            format!("A note has up to {LONGEST} characters."),
        ));
    }
    match refuses_note(text) {
        Some(refusal) => Err(Error::invalid("note", refusal.to_string())),
        None => Ok(text.trim()),
    }
}
