//! One text of a language.

use serde::{Deserialize, Deserializer};
use std::fmt;
use std::ops::Deref;

/// A text with the places in it that are filled in. It is kept for as long as the program runs: each is read once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub(in crate::domain) &'static str);

impl Phrase {
    /// The text with a value in the place of that name.
    pub fn with(self, name: &str, value: impl fmt::Display) -> String {
        let place = place(name);
        debug_assert!(self.0.contains(&place), "{place} has no place in: {}", self.0);
        self.0.replace(&place, &value.to_string())
    }

    /// The text with two values in the places of those names.
    pub fn with_both(self, one: (&str, &str), other: (&str, &str)) -> String {
        let place = place(other.0);
        debug_assert!(self.0.contains(&place), "{place} has no place in: {}", self.0);
        // Cut first: a value that looks like a place is none.
        let parts = self
            .0
            .split(&place)
            .map(|part| part.replace(&self::place(one.0), one.1));
        parts.collect::<Vec<_>>().join(other.1)
    }

    /// What stands before and after the place of that name, for a value that is marked on the page.
    pub fn around(self, name: &str) -> (&'static str, &'static str) {
        let place = place(name);
        debug_assert!(self.0.contains(&place), "{place} has no place in: {}", self.0);
        self.0.split_once(&place).unwrap_or((self.0, ""))
    }

    /// The text.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

fn place(name: &str) -> String {
    format!("{{{name}}}")
}

impl Deref for Phrase {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Phrase {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(from)?.leak()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_to_stand_in_its_place_and_is_no_place_itself() {
        let phrase = Phrase("from {from} to {until}");
        assert_eq!(phrase.around("until"), ("from {from} to ", ""));
        assert_eq!(Phrase("Hello {name}.").with("name", "Ana"), "Hello Ana.");
        assert_eq!(
            phrase.with_both(("from", "{until}"), ("until", "1:26")),
            "from {until} to 1:26"
        );
    }
}
