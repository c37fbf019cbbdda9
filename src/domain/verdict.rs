//! What a supervisor decides about a case.

use std::fmt;
use std::str::FromStr;

use super::stage::Resolution;
use super::text_enum::UnknownWord;

/// The ways on from a supervisor's desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The case is done. As *do not contact* it also stops everything that would still go out.
    Close(Resolution),
    /// Back to the callers, due at once.
    CallAgain,
    /// Write instead of calling: e-mail, else letter.
    Write,
    /// The number at which they are called is not theirs: the next number, else e-mail, else letter.
    NotTheirNumber,
}

impl Verdict {
    /// What a supervisor may choose, the gentlest first. *Unreachable* and *letter sent* follow from what was
    /// written, *resolved by citizen* from their own answer: nobody decides them.
    pub const OFFERED: [Self; 8] = [
        Self::CallAgain,
        Self::Write,
        Self::NotTheirNumber,
        Self::Close(Resolution::ResolvedByCall),
        Self::Close(Resolution::Paid),
        Self::Close(Resolution::Declined),
        Self::Close(Resolution::NotAffected),
        Self::Close(Resolution::DoNotContact),
    ];

    /// The word in the database and in forms: for a closed case that of its resolution.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Close(resolution) => resolution.as_str(),
            Self::CallAgain => "call_again",
            Self::Write => "write",
            Self::NotTheirNumber => "not_their_number",
        }
    }

    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CallAgain => "Call again",
            Self::Write => "Write instead of calling",
            Self::NotTheirNumber => "Not their number",
            Self::Close(Resolution::ResolvedByCall) => "Close: resolved by call",
            Self::Close(Resolution::Paid) => "Close: paid",
            Self::Close(Resolution::Declined) => "Close: declined",
            Self::Close(Resolution::NotAffected) => "Close: not affected",
            Self::Close(Resolution::DoNotContact) => "Close: do not contact",
            Self::Close(Resolution::ResolvedByCitizen) => "Close: resolved by citizen",
            Self::Close(Resolution::Unreachable) => "Close: unreachable",
            Self::Close(Resolution::LetterSent) => "Close: letter sent",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "call_again" => Ok(Self::CallAgain),
            "write" => Ok(Self::Write),
            "not_their_number" => Ok(Self::NotTheirNumber),
            word => word.parse().map(Self::Close).map_err(|_| UnknownWord {
                of: "Verdict",
                word: word.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_word_is_read_back() {
        for verdict in Verdict::OFFERED {
            assert_eq!(verdict.as_str().parse::<Verdict>().unwrap(), verdict);
        }
        assert!("burn".parse::<Verdict>().is_err());
    }
}
