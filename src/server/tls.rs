//! TLS without a proxy.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Reads a certificate chain and its key, both PEM.
pub(super) fn config(certificate: &Path, key: &Path) -> io::Result<ServerConfig> {
    let unreadable = |path: &Path, problem: String| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{}: {problem}", path.display()),
        )
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(certificate, error.to_string()))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error.to_string()))?;
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| unreadable(key, error.to_string()))
}
