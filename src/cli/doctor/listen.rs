//! The address that is served, and how it is encrypted.

use super::finding::Finding;
use crate::config::Config;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::net::TcpListener;

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    vec![
        Finding::of("listen", listen(config)),
        Finding::of("tls", tls(config)),
    ]
}

/// Whether `serve` could listen there.
fn listen(config: &Config) -> Result<String, String> {
    let address = config.listen;
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_served(config) => Ok(format!(
            "{address} is in use; a server is at work on this data folder"
        )),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(format!(
            "{address} is in use by another program; stop that, or set MAKEGOOD_LISTEN to another port"
        )),
        Err(error) => Err(format!(
            "{address}: {error}; set MAKEGOOD_LISTEN to an address of this machine and a port above 1023"
        )),
    }
}

/// Whether a server on this folder holds its lock.
fn is_served(config: &Config) -> bool {
    let locked = File::open(config.serving_path()).map(|file| file.try_lock());
    matches!(locked, Ok(Err(TryLockError::WouldBlock)))
}

fn tls(config: &Config) -> Result<String, String> {
    match &config.tls {
        None if config.is_https() => Ok("a proxy speaks https for this server".to_owned()),
        None => Ok("not used: pages are served over http".to_owned()),
        Some((certificate, key)) => crate::server::check_certificate(certificate, key)
            .map(|()| "certificate and key can be used".to_owned())
            .map_err(|error| error.to_string()),
    }
}
