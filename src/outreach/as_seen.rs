//! An act does what the page said: the number on its button comes along, and where it would be another number now, nothing happens.

use super::{Error, Result};

/// The field with the number on the button.
pub const SEEN: &str = "seen";

/// Refuses an act that is no longer what was seen.
///
/// # Errors
/// It would be so many of `things` now, and the button said another number.
pub(super) fn as_seen(seen: Option<i64>, now: impl TryInto<i64>, things: &str) -> Result<()> {
    let now = now.try_into().unwrap_or(i64::MAX);
    match seen {
        Some(seen) if seen != now => {
            let told = format!(
                "Nothing was done yet: it would be {now} {things} now. Look, and press again if that is right."
            );
            Err(Error::invalid(SEEN, told))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_than_was_seen_is_refused_and_a_program_that_saw_none_is_not() {
        assert!(as_seen(Some(3), 3_usize, "calls").is_ok() && as_seen(None, 3_i64, "calls").is_ok());
        let told = as_seen(Some(1777), 3_i64, "e-mails").unwrap_err().to_string();
        assert!(told.contains("it would be 3 e-mails now"), "{told}");
    }
}
