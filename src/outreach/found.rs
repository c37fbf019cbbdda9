//! Whom a search showed: whoever found a person may read their case for a shift, and nobody can make such a word for another
//! case or another reader. Nothing is written down while somebody types.

use super::Office;
use super::accounts::User;
use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// So many hours a word opens its case.
const HOURS: i64 = 12;
/// Bytes of the signature that stand in the word: 128 bits cannot be guessed.
const SIGNATURE: usize = 16;
/// Bytes of the hour.
const HOUR: usize = 4;
/// What the key signs here, and nowhere else.
const PURPOSE: &str = "case found by search";

impl Office {
    /// The word with which this reader may open a case that was found for them.
    pub fn word_of_found(&self, reader: &User, case: CaseId) -> String {
        let hour = hour(self.now());
        let signature = self
            .config
            .secret_keys
            .sign(PURPOSE, &content(reader, case, hour));
        let mut bytes = hour.to_be_bytes().to_vec();
        bytes.extend(signature.iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether this reader found the case lately.
    pub(super) fn was_found(&self, reader: &User, case: CaseId, word: &str) -> bool {
        let bytes = URL_SAFE_NO_PAD.decode(word).unwrap_or_default();
        let Some((told, signature)) = bytes.split_at_checked(HOUR) else {
            return false;
        };
        let hour_told = u32::from_be_bytes(told.try_into().unwrap_or_default());
        let age = i64::from(hour(self.now())) - i64::from(hour_told);
        signature.len() == SIGNATURE
            && (0..=HOURS).contains(&age)
            && self
                .config
                .secret_keys
                .verify_start(PURPOSE, &content(reader, case, hour_told), signature)
    }
}

fn hour(at: Timestamp) -> u32 {
    u32::try_from(at.micros() / 3_600_000_000).unwrap_or_default()
}

fn content(reader: &User, case: CaseId, hour: u32) -> Vec<u8> {
    let parts = [
        &reader.id.to_be_bytes()[..],
        &case.to_be_bytes(),
        &hour.to_be_bytes(),
    ];
    parts.concat()
}
