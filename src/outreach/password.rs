//! Passwords: Argon2id with the library's defaults (19 MiB, two passes, one lane: OWASP's minimum).

use super::{Error, Office, Result};
use crate::domain::password_rule::LONGEST;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::seq::IndexedRandom;

/// Without the letters and digits that are mistaken for one another when read aloud.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
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
    use crate::domain::password_rule;

    #[test]
    fn a_made_up_password_is_accepted_and_never_the_same() {
        assert_ne!(made_up(), made_up());
        assert_eq!(password_rule::check(&made_up(), ["Makegood"]), Ok(()));
        assert_eq!(made_up().len(), 23);
    }
}
