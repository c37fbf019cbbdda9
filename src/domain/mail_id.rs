//! The two names a message carries out into the world: its Message-ID, the same on every try, and
//! its return path, which ties a bounce to it even when the report cannot be read (VERP).
//!
//! Both end in a keyed tag, so that a stranger can neither guess one nor forge a bounce.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ids::MessageId;

const BOUNCE: &str = "bounce+";

/// The Message-ID of an outbox row without its angle brackets, such as `m42.0f3a…@revenue.example`.
pub fn message_id(key: &[u8], id: MessageId, domain: &str) -> String {
    format!("m{id}.{}@{domain}", tag(key, "message-id", id))
}

/// The envelope sender of an outbox row, such as `bounce+42.0f3a…@revenue.example`.
pub fn return_path(key: &[u8], id: MessageId, domain: &str) -> String {
    format!("{BOUNCE}{id}.{}@{domain}", tag(key, "return-path", id))
}

/// The message that a bounce's recipient address belongs to; `None` for a stranger's address or a
/// forged tag. `keys` are all keys still in use, newest first.
pub fn bounced_message(keys: &[&[u8]], address: &str) -> Option<MessageId> {
    let (local, _) = address.rsplit_once('@')?;
    let local = local.to_ascii_lowercase();
    let (id, given) = local.strip_prefix(BOUNCE)?.split_once('.')?;
    let id: MessageId = id.parse().ok()?;
    keys.iter()
        .any(|key| bool::from(tag(key, "return-path", id).as_bytes().ct_eq(given.as_bytes())))
        .then_some(id)
}

/// 64 bits of an HMAC, in hexadecimal: mail servers on the way may change the case of a local part.
fn tag(key: &[u8], purpose: &str, id: MessageId) -> String {
    let mut block = [0_u8; 64];
    for (place, byte) in block.iter_mut().zip(Sha256::digest(key)) {
        *place = byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(format!("makegood {purpose} {id}").as_bytes());
    let digest = mac.finalize().into_bytes();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key";

    #[test]
    fn a_message_keeps_its_id_and_two_messages_never_share_one() {
        assert_eq!(message_id(KEY, 42, "a.example"), message_id(KEY, 42, "a.example"));
        assert_ne!(message_id(KEY, 42, "a.example"), message_id(KEY, 43, "a.example"));
        assert_ne!(
            message_id(KEY, 42, "a.example"),
            message_id(b"another", 42, "a.example")
        );
    }

    #[test]
    fn a_bounce_finds_its_message_also_in_capitals_and_after_a_key_change() {
        let path = return_path(KEY, 42, "a.example");
        assert_eq!(bounced_message(&[KEY], &path), Some(42));
        assert_eq!(bounced_message(&[b"new", KEY], &path.to_uppercase()), Some(42));
        assert_eq!(bounced_message(&[b"new"], &path), None);
    }

    #[test]
    fn a_forged_bounce_belongs_to_nothing() {
        let path = return_path(KEY, 42, "a.example");
        let other = path.replacen("42.", "43.", 1);
        for forged in [
            other.as_str(),
            "bounce+42.@a.example",
            "bounce+42@a.example",
            "ana@a.example",
            "",
            "@",
            "bounce+.x@y",
        ] {
            assert_eq!(bounced_message(&[KEY], forged), None, "{forged}");
        }
    }

    #[test]
    fn a_return_path_fits_a_local_part() {
        let path = return_path(KEY, i64::MAX, "a.example");
        assert!(path.split('@').next().unwrap().len() <= 64);
    }
}
