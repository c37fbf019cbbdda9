//! What e-mails are signed with.

use std::path::PathBuf;

/// A key and the name in the DNS under which its public half is published: `SELECTOR._domainkey.DOMAIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKeyFile {
    /// One word of the name, so that a domain can have several keys.
    pub selector: String,
    /// The domain that vouches for the message: that of `From`, or one above it.
    pub domain: String,
    /// The private key, in PEM.
    pub path: PathBuf,
}

/// Reads `selector:domain:/path/key.pem`, one or several between commas.
pub(super) fn all(text: &str) -> Result<Vec<DkimKeyFile>, String> {
    text.split(',').map(|part| one(part.trim())).collect()
}

fn one(text: &str) -> Result<DkimKeyFile, String> {
    let right = || format!("{text:?} must be written selector:domain:/path/key.pem");
    let (selector, rest) = text.split_once(':').ok_or_else(right)?;
    let (domain, path) = rest.split_once(':').ok_or_else(right)?;
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        !name.is_empty() && name.len() <= 200 && name.chars().all(plain)
    };
    if !is_name(selector) || !is_name(domain) || path.is_empty() {
        return Err(right());
    }
    Ok(DkimKeyFile {
        selector: selector.to_owned(),
        domain: domain.to_ascii_lowercase(),
        path: PathBuf::from(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_may_have_keys_of_both_kinds() {
        let keys = all("r1:Agency.example:/etc/a.pem, e1:agency.example:/etc/b.pem").unwrap();
        assert_eq!(
            (keys[0].selector.as_str(), keys[0].domain.as_str()),
            ("r1", "agency.example")
        );
        assert_eq!(keys[1].path, PathBuf::from("/etc/b.pem"));
    }

    #[test]
    fn a_setting_that_would_break_the_header_is_refused() {
        for wrong in ["", "a:b", "a:b:", "a b:c.example:/k", "a;x=1:c.example:/k"] {
            assert!(all(wrong).unwrap_err().contains("selector:domain:"), "{wrong}");
        }
    }
}
