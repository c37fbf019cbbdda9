//! Passwords: Argon2id with the library's defaults (19 MiB, two passes, one lane: OWASP's minimum).

use super::{Error, Office, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::seq::IndexedRandom;

/// Shortest password that a person may choose, in characters.
const SHORTEST: usize = 12;
/// Longest: hashing must not become a way to burn our time.
const LONGEST: usize = 128;
/// Without the letters and digits that are mistaken for one another when read aloud.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// What everybody tries first, and what a person would add to reach the length.
const WELL_KNOWN: [&str; 8] = [
    "password",
    "makegood",
    "123456789",
    "qwertyuiop",
    "letmeinletmein",
    "welcome",
    "taxseason",
    "administrator",
];

/// A password nobody chose: four groups of five, about 99 bits.
pub(super) fn made_up() -> String {
    let mut rng = rand::rng();
    let letters: Vec<char> = (0..20)
        .filter_map(|_| ALPHABET.choose(&mut rng))
        .map(|byte| char::from(*byte))
        .collect();
    letters
        .chunks(5)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// Refuses what would be guessed.
pub(super) fn accept(password: &str) -> Result<()> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        let told = format!(
            "A password has {SHORTEST} to {LONGEST} characters. A few words in a row are easy to keep in mind."
        );
        return Err(Error::invalid("password", told));
    }
    let plain = password.to_lowercase();
    let distinct = plain.chars().collect::<std::collections::HashSet<_>>().len();
    if distinct < 5
        || WELL_KNOWN
            .iter()
            .any(|known| plain.replace(*known, "").chars().count() < 5)
    {
        return Err(Error::invalid(
            "password",
            "This password would be guessed first. Choose a few unrelated words.",
        ));
    }
    Ok(())
}

impl Office {
    pub(super) fn hash(&self, password: &str) -> Result<String> {
        let _one_at_a_time = self.hashing.lock();
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(Error::internal)
    }

    /// Whether the password fits. Without a hash (no such account) it takes the same time and says no.
    pub(super) fn fits(&self, password: &str, hash: Option<&str>) -> bool {
        const NOBODY: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$m5BIIJyIZRTXbvBSWCkYZIBrvY0SxsCYR2A2gWJXqRo";
        let _one_at_a_time = self.hashing.lock();
        let short = password.chars().count() <= LONGEST;
        PasswordHash::new(hash.unwrap_or(NOBODY)).is_ok_and(|parsed| {
            short
                && Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok()
                && hash.is_some()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_password_is_accepted_and_never_the_same() {
        assert_ne!(made_up(), made_up());
        assert!(accept(&made_up()).is_ok());
        assert_eq!(made_up().len(), 23);
    }

    #[test]
    fn what_would_be_guessed_is_refused() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "makegood2026", "password1234"] {
            assert!(accept(weak).is_err(), "{weak}");
        }
        assert!(accept("copper lake window").is_ok());
    }
}
