//! Passwords: Argon2id with the library's defaults (19 MiB, two passes, one lane: OWASP's minimum).

use super::hashing::{Lane, Place};
use super::{Error, Office, Result};
use crate::domain::password_rule::LONGEST;
use rand::seq::IndexedRandom;

pub(super) use argon2::password_hash::phc::PasswordHash;

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
    /// The hash of a password for an account.
    pub(super) fn hash(&self, password: &str) -> Result<String> {
        let place = self.hashing.place(Lane::Known).ok_or(Error::Overrun)?;
        place.hash(password)
    }
}

/// Whether the password fits. Without a hash (no such account) it takes the same time and says no.
pub(super) fn fits(place: Place, password: &str, hash: Option<&PasswordHash>) -> Result<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$m5BIIJyIZRTXbvBSWCkYZIBrvY0SxsCYR2A2gWJXqRo";
    let compared = match hash {
        Some(hash) => hash.clone(),
        None => PasswordHash::new(NOBODY).map_err(Error::internal)?,
    };
    let short = password.chars().count() <= LONGEST;
    Ok(place.fits(password, compared)? && short && hash.is_some())
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
