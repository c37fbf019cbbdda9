//! The database knows the secret key it is used with, by a fingerprint: a node with another one makes links and forms that
//! the others refuse, so it does not start.

use super::{Error, Office, Result};
use crate::config::{Config, SecretKeys};
use crate::db::Conn;
use crate::store::instances;
use std::fmt;

/// How this node's keys stand to the one that the database knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownKey {
    /// The database knows none yet.
    First,
    /// The newest one is known.
    Same,
    /// An older one is known: the keys were rotated.
    Rotated,
    /// None of them is known.
    Other,
}

/// A node whose keys the database does not know; says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Where the node's own keys came from; none if it has none.
    own: Option<String>,
}

impl ForeignKey {
    /// Of a node with these settings.
    pub fn of(config: &Config) -> Self {
        let mut origins = config.origins.iter();
        let origin =
            origins.find(|origin| origin.setting == "MAKEGOOD_SECRET_KEY" && origin.from != "default");
        let kept = || config.data_dir.join("secret.key").display().to_string();
        let named = origin.map_or_else(kept, |origin| format!("MAKEGOOD_SECRET_KEY from {}", origin.from));
        Self {
            own: (!config.secret_keys.is_missing()).then_some(named),
        }
    }
}

impl fmt::Display for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.own {
            Some(own) => write!(
                f,
                "the secret key ({own}) is not the one that this database is used with"
            )?,
            None => f.write_str("this database is used with a secret key, and here is none")?,
        }
        f.write_str(
            "; set the same MAKEGOOD_SECRET_KEY or MAKEGOOD_SECRET_KEY_FILE for every node and every command, or copy the file \
             secret.key into this data folder. To change keys set the new one and the old one, newest first. If the old one is \
             lost, `makegood accept-key` goes on with this one: links in e-mails sent so far end then",
        )
    }
}

/// What a key was accepted in place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// This key, or an older one of these keys, was known already: nothing ended.
    Known,
    /// Another one, whose links have ended.
    InPlaceOfAnother,
}

impl Office {
    /// How this node's keys stand to the one that the database knows. Changes nothing.
    pub fn known_key(&self) -> Result<KnownKey> {
        let keys = &self.config.secret_keys;
        self.db.read(|conn| standing(conn, keys).map(|(known, ..)| known))
    }

    /// The same; from here on the database knows the newest key of this node, if it knew none or an older one of them.
    pub(super) fn know_the_key(&self) -> Result<KnownKey> {
        let keys = &self.config.secret_keys;
        if self.known_key()? == KnownKey::Same {
            return Ok(KnownKey::Same); // as a rule: nothing is written
        }
        self.db.write(|conn| {
            let (known, before, newest) = standing(conn, keys)?;
            if matches!(known, KnownKey::First | KnownKey::Rotated) {
                remember(conn, before.as_deref(), newest)?;
            }
            Ok(known)
        })
    }

    /// From here on the database knows this node's newest key, whichever it knew.
    pub(super) fn accept_key(&self) -> Result<Accepted> {
        let keys = &self.config.secret_keys;
        self.db.write(|conn| {
            let (known, before, newest) = standing(conn, keys)?;
            if known != KnownKey::Same {
                remember(conn, before.as_deref(), newest)?;
            }
            Ok(match known {
                KnownKey::Other => Accepted::InPlaceOfAnother,
                _ => Accepted::Known,
            })
        })
    }
}

/// How the keys stand, the fingerprint that the database knows, and that of the newest key.
fn standing(conn: &mut Conn, keys: &SecretKeys) -> Result<(KnownKey, Option<String>, Option<String>)> {
    let Some(found) = instances::find(conn)? else {
        return Ok((KnownKey::First, None, None));
    };
    let own = keys.fingerprints(&found.word);
    let at = found
        .key_fingerprint
        .as_ref()
        .map(|known| own.iter().position(|own| own == known));
    let known = match at {
        None => KnownKey::First,
        Some(Some(0)) => KnownKey::Same,
        Some(Some(_)) => KnownKey::Rotated,
        Some(None) => KnownKey::Other,
    };
    Ok((known, found.key_fingerprint, own.into_iter().next()))
}

/// Another node that writes its own at the same moment decides: then the transaction is run again and meets it.
fn remember(conn: &mut Conn, before: Option<&str>, newest: Option<String>) -> Result<()> {
    let newest = newest.ok_or_else(|| Error::internal("there is no secret key to remember"))?;
    match instances::know_key(conn, before, &newest)? {
        true => Ok(()),
        false => Err(Error::Crowded),
    }
}
