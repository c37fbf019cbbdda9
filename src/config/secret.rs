//! The keys that sign links and sessions.

use super::{ConfigError, private_dir};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// One key or several, newest first: the first signs, all verify, so that a key can be rotated.
#[derive(Clone, Debug)]
pub struct SecretKeys(Vec<SecretString>);

impl SecretKeys {
    /// The keys given as a setting, else the one kept in the data directory, which is made if it is not there.
    pub(super) fn given_or_kept(given: Option<SecretString>, data_dir: &Path) -> Result<Self, ConfigError> {
        if let Some(given) = given {
            return Self::given(&given);
        }
        let path = data_dir.join("secret.key");
        kept(&path, data_dir)
            .map(|key| Self(vec![key]))
            .map_err(|error| ConfigError::SecretKey(path, error))
    }

    /// The keys of the setting, between commas.
    ///
    /// # Errors
    /// One is so short that it can be guessed.
    pub fn given(setting: &SecretString) -> Result<Self, ConfigError> {
        let keys = setting
            .expose_secret()
            .split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty());
        let keys: Vec<SecretString> = keys.map(SecretString::from).collect();
        if let Some(short) = keys.iter().find(|key| key.expose_secret().len() < 16) {
            return Err(ConfigError::Malformed {
                setting: "MAKEGOOD_SECRET_KEY",
                from: "settings",
                problem: format!(
                    "a key of {} characters can be guessed; use 32 or more",
                    short.expose_secret().len()
                ),
            });
        }
        Ok(Self(keys))
    }

    /// The keys themselves, newest first, for names that carry a tag of their own (`domain::mail_id`).
    pub fn bytes(&self) -> Vec<&[u8]> {
        self.0.iter().map(|key| key.expose_secret().as_bytes()).collect()
    }

    /// HMAC-SHA-256 over `purpose` and `message` with the newest key: 32 bytes.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> Vec<u8> {
        self.0
            .first()
            .map(|key| tag(key, purpose, message))
            .unwrap_or_default()
    }

    /// Whether one of the keys made `signature`; compared in constant time.
    pub fn verify(&self, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
        signature.len() == SIGNATURE && self.verify_start(purpose, message, signature)
    }

    /// [`Self::verify`] for a signature of which only the first bytes were kept; the caller decides how many
    /// are enough.
    pub fn verify_start(&self, purpose: &str, message: &[u8], start: &[u8]) -> bool {
        use subtle::ConstantTimeEq;
        self.0.iter().any(|key| {
            let tag = tag(key, purpose, message);
            !start.is_empty()
                && tag
                    .get(..start.len())
                    .is_some_and(|own| bool::from(own.ct_eq(start)))
        })
    }
}

/// Bytes of a whole signature.
const SIGNATURE: usize = 32;

fn tag(key: &SecretString, purpose: &str, message: &[u8]) -> Vec<u8> {
    // A key of any length is a key to HMAC; there is no error to meet.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else {
        return Vec::new();
    };
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Reads the key, or makes one that only this account can read. Two nodes that start together on one
/// folder end with the same key: the file is linked into place whole, and the loser reads the winner's.
fn kept(path: &Path, data_dir: &Path) -> std::io::Result<SecretString> {
    if let Ok(text) = std::fs::read_to_string(path) {
        return Ok(SecretString::from(text.trim().to_owned()));
    }
    private_dir(data_dir)?;
    let fresh = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let temporary = data_dir.join(format!(".secret.key.{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(fresh.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(SecretString::from(
            std::fs::read_to_string(path)?.trim().to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> SecretKeys {
        SecretKeys::given_or_kept(Some(SecretString::from(text.to_owned())), Path::new("/nowhere")).unwrap()
    }

    #[test]
    fn an_older_key_still_verifies() {
        let old = keys("old-old-old-old-old");
        let rotated = keys("new-new-new-new-new, old-old-old-old-old");
        let signature = old.sign("link", b"7");
        assert!(rotated.verify("link", b"7", &signature));
        assert!(!rotated.verify("session", b"7", &signature));
        assert!(!rotated.verify("link", b"8", &signature));
    }

    #[test]
    fn a_key_is_made_once_and_kept_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let first = SecretKeys::given_or_kept(None, dir.path()).unwrap();
        let second = SecretKeys::given_or_kept(None, dir.path()).unwrap();
        assert_eq!(first.sign("x", b"y"), second.sign("x", b"y"));
        let mode = std::fs::metadata(dir.path().join("secret.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
