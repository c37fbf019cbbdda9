//! Signing e-mails for a domain (DKIM, RFC 6376; Ed25519 by RFC 8463), so that receivers know they are ours and
//! unchanged. Both parts are canonicalised *relaxed*: relays fold headers and trim blanks.

use crate::config::DkimKeyFile;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// What is signed, where it is there; *From* is named twice, so that nobody can add a second one.
const SIGNED: [&str; 12] = [
    "from",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// Longest line of the signature, in characters.
const WIDTH: usize = 72;

/// A key that cannot be used, and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    /// The file cannot be read, or is no private key.
    #[error("{0} holds no private key in PEM: {1}")]
    File(PathBuf, String),
    /// The key is of another kind, or too short.
    #[error("{0} holds a key that cannot sign; make an RSA key of 2048 to 4096 bits or an Ed25519 key: {1}")]
    Key(PathBuf, String),
    /// Receivers compare the two.
    #[error(
        "{domain} does not vouch for {from}: the domain must be that of MAKEGOOD_MAIL_FROM or one above it"
    )]
    OtherDomain {
        /// The domain of the setting.
        domain: String,
        /// The domain of the sender.
        from: String,
    },
    /// The signature failed.
    #[error("the message could not be signed")]
    Signature,
}

enum Key {
    Rsa(Box<rsa::KeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

struct Signature {
    selector: String,
    domain: String,
    key: Key,
}

/// Signs with every key of the settings.
#[derive(Default)]
pub struct Signer(Vec<Signature>);

/// What has to be published in the DNS for receivers to believe a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsRecord {
    /// The name.
    pub name: String,
    /// The text of its TXT record.
    pub text: String,
}

impl Signer {
    /// Reads the keys. `from` is the domain of the sender.
    pub fn load(files: &[DkimKeyFile], from: &str) -> Result<Self, DkimError> {
        let signatures = files.iter().map(|file| {
            let from = from.to_ascii_lowercase();
            if from != file.domain && !from.ends_with(&format!(".{}", file.domain)) {
                let domain = file.domain.clone();
                return Err(DkimError::OtherDomain { domain, from });
            }
            Ok(Signature {
                selector: file.selector.clone(),
                domain: file.domain.clone(),
                key: Key::load(&file.path)?,
            })
        });
        signatures.collect::<Result<_, _>>().map(Self)
    }

    /// The message, header and body with lines that end in CRLF, with its signatures on top. Without keys as it is.
    pub fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, DkimError> {
        if self.0.is_empty() {
            return Ok(message);
        }
        let (header, body) = halves(&message);
        let digest = STANDARD.encode(Sha256::digest(relaxed_body(body)));
        let fields = fields(header);
        let mut signed = Vec::with_capacity(message.len() + 1000);
        for signature in &self.0 {
            signed.extend_from_slice(signature.header(&fields, &digest)?.as_bytes());
        }
        signed.extend_from_slice(&message);
        Ok(signed)
    }

    /// What has to be published for each key.
    pub fn records(&self) -> Vec<DnsRecord> {
        let record = |signature: &Signature| DnsRecord {
            name: format!("{}._domainkey.{}", signature.selector, signature.domain),
            text: match &signature.key {
                Key::Rsa(key) => {
                    let public = STANDARD.encode(subject_public_key(key.public().as_ref()));
                    format!("v=DKIM1; k=rsa; p={public}")
                }
                Key::Ed25519(key) => {
                    format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key()))
                }
            },
        };
        self.0.iter().map(record).collect()
    }
}

impl Key {
    fn load(path: &PathBuf) -> Result<Self, DkimError> {
        let pem = PrivateKeyDer::from_pem_file(path)
            .map_err(|error| DkimError::File(path.clone(), error.to_string()))?;
        let unusable = |error: ring::error::KeyRejected| DkimError::Key(path.clone(), error.to_string());
        match &pem {
            PrivateKeyDer::Pkcs1(der) => {
                let key = rsa::KeyPair::from_der(der.secret_pkcs1_der()).map_err(unusable)?;
                Ok(Self::Rsa(Box::new(key)))
            }
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
                    return Ok(Self::Ed25519(Box::new(key)));
                }
                let key = rsa::KeyPair::from_pkcs8(der).map_err(unusable)?;
                Ok(Self::Rsa(Box::new(key)))
            }
            _ => Err(DkimError::Key(path.clone(), "it is of another kind".to_owned())),
        }
    }

    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, DkimError> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
                    .map_err(|_| DkimError::Signature)?;
                Ok(signature)
            }
            Self::Ed25519(key) => Ok(key.sign(&Sha256::digest(text)).as_ref().to_vec()),
        }
    }
}

impl Signature {
    /// The whole header field, over these fields and this digest of the body.
    fn header(&self, fields: &[(String, String)], digest: &str) -> Result<String, DkimError> {
        let mut names: Vec<&str> = Vec::new();
        let mut text = String::new();
        for name in SIGNED {
            let again = names.contains(&name);
            match fields.iter().find(|(known, _)| known == name) {
                Some(_) if again => names.push(name), // named once more than it is there
                Some((_, field)) => {
                    names.push(name);
                    text.push_str(field);
                }
                None => {}
            }
        }
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; q=dns/txt;\r\n h={};\r\n bh={digest};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            names.join(":"),
        );
        text.push_str(relaxed_field(&unsigned).trim_end());
        let value = STANDARD.encode(self.key.sign(text.as_bytes())?);
        let mut signed = unsigned;
        for (at, letter) in value.chars().enumerate() {
            if at > 0 && at % WIDTH == 0 {
                signed.push_str("\r\n  ");
            }
            signed.push(letter);
        }
        signed.push_str("\r\n");
        Ok(signed)
    }
}

/// Header and body, without the empty line between them.
fn halves(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    match end.and_then(|end| Some((message.get(..end)?, message.get(end + 4..)?))) {
        Some(halves) => halves,
        None => (message, b""),
    }
}

/// The header's fields by name, each as it is signed.
fn fields(header: &[u8]) -> Vec<(String, String)> {
    let header = String::from_utf8_lossy(header);
    let mut whole: Vec<String> = Vec::new();
    for line in header.split("\r\n") {
        match whole.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => whole.push(line.to_owned()),
        }
    }
    let named = whole.iter().filter_map(|field| {
        let (name, _) = field.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), relaxed_field(field)))
    });
    named.collect()
}

/// RFC 6376 §3.4.2.
fn relaxed_field(field: &str) -> String {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    format!("{}:{}\r\n", name.trim().to_ascii_lowercase(), words.join(" "))
}

/// RFC 6376 §3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let mut out = String::with_capacity(text.len() + 2);
    for line in text.split("\r\n") {
        let mut blank = false;
        for letter in line.trim_end_matches([' ', '\t']).chars() {
            let is_blank = matches!(letter, ' ' | '\t');
            if !is_blank {
                out.push(letter);
            } else if !blank {
                out.push(' ');
            }
            blank = is_blank;
        }
        out.push_str("\r\n");
    }
    while out.ends_with("\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == "\r\n" {
        out.clear();
    }
    out.into_bytes()
}

/// RSA's public key as the DNS wants it: `SubjectPublicKeyInfo` (RFC 5280) around the bare key.
fn subject_public_key(bare: &[u8]) -> Vec<u8> {
    // SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
    const RSA: [u8; 15] = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let mut bits = vec![0]; // no unused bits
    bits.extend_from_slice(bare);
    let mut inner = RSA.to_vec();
    inner.extend(der(0x03, &bits));
    der(0x30, &inner)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let size = content.len().to_be_bytes();
    let size: Vec<u8> = size.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match size.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests;
