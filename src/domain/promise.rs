//! Promises that are not calls: until when a letter is sent and a remedy is done.

use super::text_enum::text_enum;
use super::timestamp::Timestamp;

text_enum! {
    /// What was promised.
    pub enum Promised {
        /// To call at a time.
        Callback = "callback",
        /// To write a letter, because nothing else reaches them.
        Letter = "letter",
        /// To waive, extend or pay back.
        Remedy = "remedy",
    }
}

/// A letter is sent within so many days after it was found to be needed.
const LETTER_DAYS: i64 = 3;
/// A remedy is done within so many days after it was noted.
const REMEDY_DAYS: i64 = 14;

/// Until when a letter is promised that was found to be needed at an instant.
pub const fn letter_due(needed_at: Timestamp) -> Timestamp {
    needed_at.plus_hours(24 * LETTER_DAYS)
}

/// Until when a remedy is promised that was noted at an instant.
pub const fn remedy_due(noted_at: Timestamp) -> Timestamp {
    noted_at.plus_hours(24 * REMEDY_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_promised_sooner_than_a_remedy() {
        let now = Timestamp::from_micros(0);
        assert_eq!(letter_due(now), now.plus_hours(72));
        assert!(letter_due(now) < remedy_due(now));
    }
}
