//! Account ids: what the agency knows a citizen by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{card_number, cell};

/// A normalised account id. Equal ids are one citizen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AccountId(String);

impl AccountId {
    /// The id as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How account ids of an outage look, such as `T-0000000`: a `0` is a digit, everything else stands for
/// itself. Without a pattern an id is any text up to 64 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountFormat(String);

/// A pattern without a `0`, or with characters an id cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an account format is made of letters, hyphens and at least one 0 for each digit, as in T-0000000")]
pub struct InvalidFormat;

/// Longest account id, in characters.
pub const LONGEST_ACCOUNT: usize = 64;

impl AccountFormat {
    /// Ids of any form.
    pub const fn any() -> Self {
        Self(String::new())
    }

    /// The pattern; empty for any form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads an account id. With a pattern, case, blanks and a missing separator do not matter, a
    /// spreadsheet's `.0` is dropped and bare digits are padded with zeros on the left. `None` when the
    /// cell is missing or does not fit, or holds a card number, a masked number or scientific notation.
    pub fn read(&self, text: &str) -> Option<AccountId> {
        let value = cell::value(text)?;
        let bare = cell::without_spreadsheet_marks(&value);
        if self.0.is_empty() {
            free_text(bare)
        } else {
            self.fit(bare)
        }
    }

    /// Whether a cell is written as the pattern is, every fixed sign of it included; never by a pattern of digits alone.
    pub fn is_in_full(&self, text: &str) -> bool {
        let fixed = self.0.bytes().any(|byte| byte != b'0');
        fixed && self.is_exactly(&cell::clean(text).to_uppercase())
    }

    /// Whether ids have no pattern.
    pub const fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    fn fit(&self, text: &str) -> Option<AccountId> {
        let digits = self.0.bytes().filter(|byte| *byte == b'0').count();
        if cell::is_digits(text) {
            return (text.len() <= digits).then(|| self.fill(&format!("{text:0>digits$}")));
        }
        if self.is_exactly(text) {
            return Some(AccountId(text.to_owned()));
        }
        let mut typed = text
            .chars()
            .filter(|c| *c != ' ')
            .flat_map(char::to_uppercase)
            .peekable();
        let mut found = String::with_capacity(digits);
        for wanted in self.0.chars() {
            match typed.peek().copied() {
                Some(c) if wanted == '0' && c.is_ascii_digit() => found.push(c),
                Some(c) if wanted != '0' && c == wanted => {}
                _ if !wanted.is_alphanumeric() => continue,
                _ => return None,
            }
            typed.next();
        }
        typed.next().is_none().then(|| self.fill(&found))
    }

    /// Whether the text is written as the pattern is, as nearly all are.
    fn is_exactly(&self, text: &str) -> bool {
        let fits = |(wanted, typed): (u8, u8)| {
            (wanted == b'0' && typed.is_ascii_digit()) || (wanted != b'0' && wanted == typed)
        };
        text.len() == self.0.len() && self.0.bytes().zip(text.bytes()).all(fits)
    }

    /// The pattern with these digits in place of its zeros.
    fn fill(&self, digits: &str) -> AccountId {
        let mut digits = digits.chars();
        AccountId(
            self.0
                .chars()
                .map(|c| if c == '0' { digits.next().unwrap_or(c) } else { c })
                .collect(),
        )
    }
}

fn free_text(text: &str) -> Option<AccountId> {
    let unusable = text.is_empty()
        || text.chars().count() > LONGEST_ACCOUNT
        || cell::is_scientific(text)
        || text.starts_with('#')
        || card_number::is_masked(text)
        || card_number::mask(text).1 > 0;
    (!unusable).then(|| AccountId(text.to_uppercase()))
}

impl FromStr for AccountFormat {
    type Err = InvalidFormat;

    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        let pattern = text.trim().to_uppercase();
        let fits = |c: char| c == '0' || c.is_ascii_alphabetic() || matches!(c, '-' | '/' | '.' | '_');
        if pattern.is_empty() {
            return Ok(Self::any());
        }
        let sound = pattern.len() <= LONGEST_ACCOUNT && pattern.contains('0') && pattern.chars().all(fits);
        if sound {
            Ok(Self(pattern))
        } else {
            Err(InvalidFormat)
        }
    }
}

impl TryFrom<String> for AccountFormat {
    type Error = InvalidFormat;

    fn try_from(text: String) -> Result<Self, InvalidFormat> {
        text.parse()
    }
}

impl From<AccountFormat> for String {
    fn from(format: AccountFormat) -> Self {
        format.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let format: AccountFormat = "T-0000000".parse().unwrap();
        format.read(text).map(AccountId::into_string)
    }

    #[test]
    fn a_pattern_is_read_with_tolerance() {
        for (text, id) in [
            ("T-1234567", "T-1234567"),
            ("t-1234567", "T-1234567"),
            ("T1234567", "T-1234567"),
            (" T 1234567", "T-1234567"),
            ("12345", "T-0012345"),
            ("0012345", "T-0012345"),
            ("12345.0", "T-0012345"),
            ("'7", "T-0000007"),
        ] {
            assert_eq!(read(text).as_deref(), Some(id), "{text}");
        }
    }

    #[test]
    fn in_full_means_with_every_fixed_sign() {
        let format: AccountFormat = "T-0000000".parse().unwrap();
        assert!(
            format.is_in_full("t-1234567") && !format.is_in_full("T1234567") && !format.is_in_full("1234567")
        );
        let digits: AccountFormat = "0000000".parse().unwrap();
        assert!(!digits.is_in_full("1234567") && !AccountFormat::any().is_in_full("T-1"));
    }

    #[test]
    fn what_does_not_fit_is_no_account() {
        for text in [
            "",
            "NULL",
            "T-12345",
            "1.23E+09",
            "4111 1111 1111 1111",
            "XXXX1234",
            "T-12345678",
            "12345678",
            "12-34567",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn without_a_pattern_any_text_is_an_account() {
        let any = AccountFormat::any();
        assert_eq!(
            any.read(" ab-9 \u{e9}").map(AccountId::into_string).as_deref(),
            Some("AB-9 \u{c9}")
        );
        for text in [
            "\u{2022}\u{2022}\u{2022}\u{2022}4471",
            "XXXX1234",
            "1.23E+09",
            "4111111111111111",
            "n/a",
        ] {
            assert_eq!(any.read(text), None, "{text}");
        }
        assert_eq!(any.read(&"a".repeat(65)), None);
    }

    #[test]
    fn a_pattern_needs_a_digit() {
        assert!("T-0000000".parse::<AccountFormat>().is_ok());
        assert!("TT".parse::<AccountFormat>().is_err() && "T%0".parse::<AccountFormat>().is_err());
    }
}
