//! The three parts of a citizen's day. Somebody who does not answer in one may answer in another.

use super::text_enum::text_enum;

text_enum! {
    /// A part of the day, by the citizen's clock.
    pub enum DayPart {
        /// 8:00 to 12:00.
        Morning = "morning",
        /// 12:00 to 17:00.
        Afternoon = "afternoon",
        /// 17:00 to 21:00.
        Evening = "evening",
    }
}

impl DayPart {
    /// The part that holds a minute of the day; none between 21:00 and 8:00.
    pub fn of(minute: u16) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|part| part.minutes().contains(&minute))
    }

    /// Its minutes of the day; the end is not included.
    pub const fn minutes(self) -> std::ops::Range<u16> {
        match self {
            Self::Morning => 8 * 60..12 * 60,
            Self::Afternoon => 12 * 60..17 * 60,
            Self::Evening => 17 * 60..21 * 60,
        }
    }

    /// The words in a sentence: "in the morning".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Morning => "in the morning",
            Self::Afternoon => "in the afternoon",
            Self::Evening => "in the evening",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_cut_at_eight_noon_five_and_nine() {
        let parts = [
            (479, None),
            (480, Some(DayPart::Morning)),
            (719, Some(DayPart::Morning)),
        ];
        let later = [
            (720, Some(DayPart::Afternoon)),
            (1020, Some(DayPart::Evening)),
            (1260, None),
        ];
        for (minute, part) in parts.into_iter().chain(later) {
            assert_eq!(DayPart::of(minute), part, "{minute}");
        }
    }
}
