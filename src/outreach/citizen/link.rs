//! The link in an e-mail: a case and an end, signed. It holds no personal data, and nobody can make one
//! for another case or a later end.

use crate::config::SecretKeys;
use crate::domain::ids::CaseId;
use crate::domain::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A link opens its page for so many days.
const DAYS: i64 = 14;
/// Bytes of the signature that stand in the link: 128 bits cannot be guessed.
const SIGNATURE: usize = 16;
/// A case's id and the minute of the end.
const CONTENT: usize = 12;
/// What the key signs here, and nowhere else.
const PURPOSE: &str = "citizen's page";

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) case: CaseId,
    /// When it opens nothing any more; a whole minute.
    pub(super) until: Timestamp,
}

const MINUTE: i64 = 60_000_000;

impl Link {
    /// The link to a case in an e-mail of that time.
    pub(super) const fn of(case: CaseId, sent_at: Timestamp) -> Self {
        let end = sent_at.plus_hours(24 * DAYS).micros();
        Self {
            case,
            until: Timestamp::from_micros(end - end.rem_euclid(MINUTE)),
        }
    }

    /// When the e-mail that it stands in was queued, to the minute before.
    pub(super) const fn sent_at(self) -> Timestamp {
        self.until.plus_hours(-24 * DAYS)
    }

    /// Signed with the newest key: 38 characters that are safe in an address.
    pub(super) fn sealed(self, keys: &SecretKeys) -> String {
        let minute = u32::try_from(self.until.micros() / MINUTE).unwrap_or_default();
        let mut bytes = self.case.to_be_bytes().to_vec();
        bytes.extend(minute.to_be_bytes());
        let signature = keys.sign(PURPOSE, &bytes);
        bytes.extend(signature.iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a link says, if one of the keys has signed it.
    pub(super) fn read(text: &str, keys: &SecretKeys) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (content, signature) = bytes.split_at_checked(CONTENT)?;
        if signature.len() != SIGNATURE || !keys.verify_start(PURPOSE, content, signature) {
            return None;
        }
        let (case, minute) = content.split_at_checked(8)?;
        let minute = u32::from_be_bytes(minute.try_into().ok()?);
        Some(Self {
            case: CaseId::from_be_bytes(case.try_into().ok()?),
            until: Timestamp::from_micros(i64::from(minute) * MINUTE),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    fn keys(text: &str) -> SecretKeys {
        SecretKeys::given(&SecretString::from(text.to_owned())).unwrap()
    }

    fn link() -> Link {
        Link::of(42, Timestamp::from_micros(1_776_186_540_000_001))
    }

    #[test]
    fn a_link_lasts_fourteen_days_and_a_change_of_keys() {
        let old = keys("an old key of the agency of 1998");
        let sealed = link().sealed(&old);
        assert_eq!(sealed.len(), 38);
        let rotated = keys("the new key of the agency of 2027, an old key of the agency of 1998");
        assert_eq!(Link::read(&sealed, &rotated), Some(link()));
        assert_eq!(
            Link::read(&sealed, &keys("the new key of the agency of 2027")),
            None
        );
        assert_eq!(
            link()
                .until
                .seconds_since(Timestamp::from_micros(1_776_186_540_000_000)),
            14 * 86_400
        );
    }

    #[test]
    fn nobody_makes_a_link_by_changing_one() {
        let keys = keys("the one key of the agency of 1998");
        let sealed = link().sealed(&keys);
        for at in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(Link::read(&forged, &keys), None, "{forged}");
        }
        for text in ["", "x", "sample", "é", &sealed[..20], &format!("{sealed}AAAA")] {
            assert_eq!(Link::read(text, &keys), None, "{text}");
        }
    }
}
