//! Where delivery reports arrive: a folder, a mailbox on a mail server, or our own door.

use super::percent_decoded;
use secrecy::SecretString;
use std::net::IpAddr;
use std::path::PathBuf;

/// One place to which reports come.
#[derive(Clone, Debug)]
pub enum BounceBox {
    /// A Maildir that a mail server on this machine delivers into.
    Maildir(PathBuf),
    /// A mailbox that is read over IMAP.
    Imap(ImapUrl),
    /// Programs bring them to `/api/v1/bounces`.
    Webhook,
}

/// How a conversation with an IMAP server is encrypted; the certificate is always checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImapEncryption {
    /// From the first byte (`imaps://`).
    Wrapped,
    /// STARTTLS or nothing (`imap://`).
    StartTls,
    /// None: the server is this machine.
    None,
}

/// A mailbox on an IMAP server. Its `Debug` shows no password.
#[derive(Clone, Debug)]
pub struct ImapUrl {
    /// Name or address; the certificate must be for it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Encryption.
    pub encryption: ImapEncryption,
    /// Who reads.
    pub user: String,
    /// The password; never shown.
    pub password: SecretString,
    /// Which of the mailboxes.
    pub folder: String,
}

const RIGHT: &str = "use maildir: and the path of a folder with new and cur in it, imaps://user:password@host/INBOX, or \
                     webhook; several stand between commas";
const SCHEMES: [&str; 4] = ["maildir:", "imaps://", "imap://", "webhook"];

/// Reads one place or several between commas. Never quotes what it reads: it may hold a password.
pub(super) fn all(text: &str) -> Result<Vec<BounceBox>, String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split(',') {
        let begins = SCHEMES
            .iter()
            .any(|scheme| piece.trim_start().starts_with(scheme));
        match parts.last_mut() {
            Some(last) if !begins => {
                last.push(','); // a comma in a path or a password
                last.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts.iter().map(|part| one(part.trim())).collect()
}

fn one(text: &str) -> Result<BounceBox, String> {
    if text == "webhook" {
        return Ok(BounceBox::Webhook);
    }
    if let Some(path) = text.strip_prefix("maildir:").map(PathBuf::from) {
        // One that is not there yet is made by whoever delivers the first report, or mounted later.
        return match path.is_absolute() && !path.is_file() {
            true => Ok(BounceBox::Maildir(path)),
            false => Err(RIGHT.to_owned()),
        };
    }
    match text.split_once("://") {
        Some(("imaps", rest)) => imap(rest, true).map(BounceBox::Imap),
        Some(("imap", rest)) => imap(rest, false).map(BounceBox::Imap),
        _ => Err(RIGHT.to_owned()),
    }
}

fn imap(rest: &str, wrapped: bool) -> Result<ImapUrl, String> {
    let right = "an IMAP mailbox is written imaps://user:password@host:993/INBOX; special characters in user, password and \
                 folder are percent-encoded, such as %40 for @";
    let (login, place) = rest.rsplit_once('@').ok_or(right)?;
    let (user, password) = login.split_once(':').ok_or(right)?;
    let (authority, folder) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = host_and_port(authority).ok_or(right)?;
    let decoded = |text: &str| {
        let plain = percent_decoded(text)?;
        (!plain.chars().any(char::is_control)).then_some(plain)
    };
    let (user, password) = decoded(user).zip(decoded(password)).ok_or(right)?;
    let folder = match folder {
        "" => "INBOX".to_owned(),
        folder => decoded(folder).filter(|folder| folder.is_ascii()).ok_or(right)?,
    };
    if user.is_empty() || password.is_empty() {
        return Err(right.to_owned());
    }
    let encryption = match wrapped {
        true => ImapEncryption::Wrapped,
        false if is_this_machine(&host) => ImapEncryption::None,
        false => ImapEncryption::StartTls,
    };
    Ok(ImapUrl {
        port: port.unwrap_or(if wrapped { 993 } else { 143 }),
        password: SecretString::from(password),
        host,
        encryption,
        user,
        folder,
    })
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    let port = match port {
        None => None,
        Some(port) => Some(port.parse::<u16>().ok().filter(|port| *port > 0)?),
    };
    (!host.is_empty() && host.chars().all(plain)).then(|| (host.to_owned(), port))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Without the password: safe to show.
impl std::fmt::Display for BounceBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Maildir(path) => write!(f, "maildir:{}", path.display()),
            Self::Webhook => f.write_str("webhook"),
            Self::Imap(url) => {
                let scheme = match url.encryption {
                    ImapEncryption::Wrapped => "imaps",
                    ImapEncryption::StartTls | ImapEncryption::None => "imap",
                };
                let host = if url.host.contains(':') {
                    format!("[{}]", url.host)
                } else {
                    url.host.clone()
                };
                write!(f, "{scheme}://{host}:{}/{}", url.port, url.folder)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn shown(text: &str) -> Vec<String> {
        all(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn several_places_are_read_and_none_shows_a_password() {
        let boxes =
            shown("imaps://ana:s,cret@mail.example/Returned%20mail, webhook,imap://b:c@127.0.0.1:1143");
        assert_eq!(
            boxes,
            [
                "imaps://mail.example:993/Returned mail",
                "webhook",
                "imap://127.0.0.1:1143/INBOX"
            ]
        );
        let boxes = all("imaps://a%40b:s,c%2fret@mail.example").unwrap();
        let [BounceBox::Imap(first), ..] = boxes.as_slice() else {
            panic!("no mailbox");
        };
        assert_eq!(
            (first.user.as_str(), first.password.expose_secret()),
            ("a@b", "s,c/ret")
        );
        assert!(!format!("{first:?}").contains("c/ret"));
    }

    #[test]
    fn a_password_crosses_a_network_only_encrypted() {
        let encryption = |text: &str| match one(text) {
            Ok(BounceBox::Imap(url)) => url.encryption,
            other => panic!("{other:?}"),
        };
        assert_eq!(encryption("imap://a:b@mail.example"), ImapEncryption::StartTls);
        assert_eq!(encryption("imaps://a:b@mail.example"), ImapEncryption::Wrapped);
        assert_eq!(encryption("imap://a:b@[::1]:1143/x"), ImapEncryption::None);
    }

    #[test]
    fn a_wrong_place_is_refused_with_advice_and_without_its_password() {
        for wrong in [
            "pop3://a:s3cret@mail.example",
            "imaps://mail.example",
            "imaps://a@mail.example",
            "imaps://a:s3cret@",
            "imaps://a:s3cret@mail.example:0",
            "imaps://:s3cret@mail.example",
            "imaps://a:s3cret%0d%0aX@mail.example",
            "imaps://a:s3cret%zz@mail.example",
            "maildir:",
            "maildir:a/folder",
            concat!("maildir:", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            "",
        ] {
            let told = all(wrong).unwrap_err();
            assert!(
                told.contains("imaps://user:password@") && !told.contains("s3cret"),
                "{told}"
            );
        }
    }
}
