//! The number that citizens are told to ring, to check that a call is real.

use super::contact::{NotDialed, Phone};
use std::fmt;

/// Longest number as written, in characters.
const LONGEST: usize = 40;
/// Fewest digits: `311`.
const SHORTEST: usize = 3;

/// A number as citizens read it: `800-555-0134`, `311`, `+1 303 555 0101 ext. 7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpNumber(String);

/// Why a text is no number for citizens to ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHelpNumber {
    /// Letters, too few digits, control characters.
    #[error("enter the number that citizens can ring as digits, such as 800-555-0134")]
    NotANumber,
    /// Whoever rings it pays extra.
    #[error("citizens would pay extra for this number; enter an ordinary one, such as 800-555-0134")]
    Costly,
}

impl HelpNumber {
    /// Reads a number as an administrator enters it; blanks around it do not count.
    ///
    /// # Errors
    /// It is none, or one that costs extra.
    pub fn read(text: &str) -> Result<Self, NoHelpNumber> {
        let text = text.trim_matches(' ');
        let spelled = ["ext.", "ext", "x"].iter().find_map(|word| {
            text.split_once(word)
                .map(|(number, more)| format!("{number}{more}"))
        });
        let bare = spelled.as_deref().unwrap_or(text);
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        let plain = |c: char| c.is_ascii_digit() || " +-.()".contains(c);
        if digits < SHORTEST || text.len() > LONGEST || !bare.chars().all(plain) {
            return Err(NoHelpNumber::NotANumber);
        }
        match Phone::left_by_stranger(text) {
            Err(NotDialed::Costly) => Err(NoHelpNumber::Costly),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HelpNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_as_it_is_written() {
        for text in ["800-555-0134", "(303) 555-0101", "+1 303 555 0101 ext. 7", "311"] {
            assert_eq!(HelpNumber::read(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_number_or_costs_extra_is_refused() {
        for (text, why) in [
            ("", NoHelpNumber::NotANumber),
            ("call us", NoHelpNumber::NotANumber),
            ("303-555-0101\n", NoHelpNumber::NotANumber),
            ("12", NoHelpNumber::NotANumber),
            ("https://evil.example", NoHelpNumber::NotANumber),
            ("+1 900 555 0199", NoHelpNumber::Costly),
        ] {
            assert_eq!(HelpNumber::read(text), Err(why), "{text:?}");
        }
    }
}
