//! The keys that sign links and sessions.

use super::{ConfigError, private_dir};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// One key or several, newest first: the first signs, all verify, so that a key can be rotated. Empty where none is set
/// and none was made yet; then nothing can be signed, and nothing is.
#[derive(Clone, Debug)]
pub struct SecretKeys(Vec<SecretString>);

impl SecretKeys {
    /// The keys given as a setting, else the one kept in the data directory, if it is there.
    pub(super) fn given_or_kept(given: Option<SecretString>, data_dir: &Path) -> Result<Self, ConfigError> {
        if let Some(given) = given {
            return Self::given(&given);
        }
        let path = key_path(data_dir);
        match kept(&path) {
            Ok(key) => Ok(Self(key.into_iter().collect())),
            Err(error) => Err(ConfigError::SecretKey(path, error)),
        }
    }

    /// Makes the key of this data directory, unless there is one.
    pub(super) fn make(&mut self, data_dir: &Path) -> Result<(), ConfigError> {
        if self.is_missing() {
            let path = key_path(data_dir);
            let made = made(&path, data_dir).map_err(|error| ConfigError::SecretKey(path, error))?;
            self.0.push(made);
        }
        Ok(())
    }

    /// The keys of the setting, between commas.
    ///
    /// # Errors
    /// There is none, or one can be guessed.
    pub fn given(setting: &SecretString) -> Result<Self, ConfigError> {
        let malformed = |problem: String| ConfigError::Malformed {
            setting: "MAKEGOOD_SECRET_KEY",
            from: "settings",
            problem,
        };
        let keys = setting
            .expose_secret()
            .split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty());
        let keys: Vec<SecretString> = keys.map(SecretString::from).collect();
        if keys.is_empty() {
            return Err(malformed(format!("it holds no key; {RIGHT}")));
        }
        match keys.iter().find_map(|key| weakness(key.expose_secret())) {
            Some(weakness) => Err(malformed(weakness)),
            None => Ok(Self(keys)),
        }
    }

    /// Whether none is set and none was made yet.
    pub const fn is_missing(&self) -> bool {
        self.0.is_empty()
    }

    /// What tells each key from others, newest first, without telling anything else of it: no two databases, which
    /// differ in their `word`, know the same key by the same fingerprint.
    pub fn fingerprints(&self, word: &str) -> Vec<String> {
        let of = |key| URL_SAFE_NO_PAD.encode(tag(key, "fingerprint", word.as_bytes()));
        self.0.iter().map(of).collect()
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

/// Where the key of a data directory is kept.
fn key_path(data_dir: &Path) -> PathBuf {
    data_dir.join("secret.key")
}

/// Bytes of a key of the shortest kind, and how many of them must differ.
const SHORTEST: usize = 32;
const DIFFERENT: usize = 10;
const RIGHT: &str = "`openssl rand -base64 32` makes a good one";

/// Why a key can be guessed, if it can. One in hexadecimal holds half a byte in each of its digits, which may be few
/// of sixteen; of any other text each byte counts.
fn weakness(key: &str) -> Option<String> {
    let is_hex = key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = if is_hex { key.len() / 2 } else { key.len() };
    if bytes < SHORTEST {
        let how = if is_hex { "hexadecimal digits" } else { "bytes" };
        let told = format!("a key of {} {how} can be guessed", key.len());
        return Some(format!("{told}; it needs {SHORTEST} random bytes: {RIGHT}"));
    }
    let different = key.bytes().collect::<BTreeSet<u8>>().len();
    (different < DIFFERENT || repeats(key.as_bytes()))
        .then(|| format!("a key that repeats itself can be guessed; {RIGHT}"))
}

/// Whether a text is a shorter one again and again.
fn repeats(text: &[u8]) -> bool {
    (1..=text.len() / 2).any(|period| text.iter().zip(text.iter().skip(period)).all(|(a, b)| a == b))
}

/// Reads the key, if it is there.
fn kept(path: &Path) -> io::Result<Option<SecretString>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text.trim().to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match weakness(&text) {
        Some(weakness) => Err(io::Error::new(io::ErrorKind::InvalidData, weakness)),
        None => Ok(Some(SecretString::from(text))),
    }
}

/// Makes a key that only this account can read. Two nodes that start together on one folder end with the same key: the
/// file is linked into place whole, and the loser reads the winner's.
fn made(path: &Path, data_dir: &Path) -> io::Result<SecretString> {
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
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => kept(path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "the first key of a small agency 1998";
    const NEW: &str = "the other key of a small agency 2027";

    fn given(text: &str) -> Result<SecretKeys, ConfigError> {
        SecretKeys::given(&SecretString::from(text.to_owned()))
    }

    #[test]
    fn an_older_key_still_verifies_and_is_known_by_its_fingerprint() {
        let old = given(OLD).unwrap();
        let rotated = given(&format!("{NEW}, {OLD}")).unwrap();
        let signature = old.sign("link", b"7");
        assert!(rotated.verify("link", b"7", &signature));
        assert!(!rotated.verify("session", b"7", &signature));
        assert!(!rotated.verify("link", b"8", &signature));
        let known = old.fingerprints("w");
        assert_eq!(rotated.fingerprints("w").get(1), known.first());
        assert_ne!(
            old.fingerprints("another database"),
            known,
            "one database says nothing of another"
        );
    }

    #[test]
    fn a_key_that_can_be_guessed_is_refused_with_advice() {
        let hex = "00112233445566778899aabbccddeeff";
        for weak in [
            "",
            " , ",
            "aaaaaaaaaaaaaaaa",
            "sixteen letters!",
            &"a".repeat(64),
            &"bench".repeat(8),
            hex,
            &hex.repeat(2),
            &format!("{OLD},short"),
        ] {
            let told = given(weak).unwrap_err().to_string();
            assert!(
                told.contains("openssl rand") && told.contains("SECRET_KEY"),
                "{told}"
            );
            assert!(weak.trim().is_empty() || !told.contains(weak), "{told}");
        }
        for good in [
            OLD,
            "6f1d2c3b4a5968778695a4b3c2d1e0ff102132435465768798a9bacbdcedfe0f",
            "u5f9Q3kE8hXw0bZr7TtN2mYc6LpVd1sAgJ4iOqKxHvM",
            "u5f9Q3kE8hXw0bZr7TtN2mYc6LpVd1sAgJ4iOqKxHvM=",
        ] {
            assert!(given(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_key_is_made_once_when_it_is_needed_and_kept_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let mut first = SecretKeys::given_or_kept(None, dir.path()).unwrap();
        assert!(first.is_missing() && !dir.path().join("secret.key").exists());
        first.make(dir.path()).unwrap();
        let second = SecretKeys::given_or_kept(None, dir.path()).unwrap();
        assert_eq!(first.sign("x", b"y"), second.sign("x", b"y"));
        let mode = std::fs::metadata(dir.path().join("secret.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn without_a_key_nothing_is_signed_and_nothing_verifies() {
        let none = SecretKeys(Vec::new());
        assert!(none.sign("x", b"y").is_empty());
        assert!(!none.verify("x", b"y", &[]) && !none.verify_start("x", b"y", &[]));
    }
}
