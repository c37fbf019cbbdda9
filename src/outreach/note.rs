//! What people type about citizens.

use super::{Error, Result};
use crate::domain::card_number::refuses_note;

/// Longest note, in characters.
const LONGEST: usize = 4000;

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
