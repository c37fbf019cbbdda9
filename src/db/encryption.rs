//! How a connection to PostgreSQL is encrypted, as its URL says. The driver knows three modes; the others, and the
//! certificates to trust, are read here.

use crate::config::percent_decoded;
use diesel::{ConnectionError, ConnectionResult};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A server as a URL names it, and how its certificate is looked at.
pub(super) struct Server {
    /// Without what is read here.
    pub config: Config,
    roots: Option<PathBuf>,
    any_name: bool,
}

fn wrong(why: impl Into<String>) -> ConnectionError {
    ConnectionError::BadConnection(why.into())
}

impl Server {
    /// Reads `postgres://…?sslmode=…&sslrootcert=…`. The error quotes nothing of the URL but these two.
    pub fn of(url: &str) -> ConnectionResult<Self> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut rest, mut mode, mut roots) = (Vec::new(), None, None);
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = percent_decoded(value),
                _ => rest.push(part),
            }
        }
        let left = match rest.is_empty() {
            true => place.to_owned(),
            false => format!("{place}?{}", rest.join("&")),
        };
        let mut config: Config = left.parse().map_err(|error| wrong(words(&error)))?;
        config.ssl_mode(match mode {
            Some("disable") => SslMode::Disable,
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some("prefer") | None => SslMode::Prefer,
            Some(other) => {
                let right = "disable, prefer, require, verify-ca or verify-full";
                return Err(wrong(format!("sslmode={other} is not known; write {right}")));
            }
        });
        Ok(Self {
            config,
            roots: roots.filter(|path| path != "system").map(PathBuf::from),
            any_name: mode == Some("verify-ca"),
        })
    }

    /// What shakes hands. Whenever a connection is encrypted the server's certificate is checked: against the authorities
    /// that this machine trusts, or those of `sslrootcert` alone.
    pub fn tls(&self) -> ConnectionResult<MakeRustlsConnect> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = Arc::new(self.roots()?);
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(error.to_string()))?;
        if !self.any_name {
            let settings = builder.with_root_certificates(roots).with_no_client_auth();
            return Ok(MakeRustlsConnect::new(settings));
        }
        let verifier = AnyName::trusting(roots, provider)?;
        let settings = builder.dangerous().with_custom_certificate_verifier(verifier);
        Ok(MakeRustlsConnect::new(settings.with_no_client_auth()))
    }

    fn roots(&self) -> ConnectionResult<RootCertStore> {
        let mut roots = RootCertStore::empty();
        let Some(path) = &self.roots else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            return Ok(roots);
        };
        let told = |why: String| wrong(format!("sslrootcert={}: {why}", path.display()));
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| told(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| told(error.to_string()))?;
            roots.add(certificate).map_err(|error| told(error.to_string()))?;
        }
        match roots.is_empty() {
            true => Err(told("it holds no certificate in PEM".to_owned())),
            false => Ok(roots),
        }
    }

    /// Whether what is said to it leaves this machine.
    pub fn is_across_a_network(&self) -> bool {
        let here = |name: &str| {
            let ip = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
            name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
        };
        let addresses = self.config.get_hostaddrs();
        if !addresses.is_empty() {
            return addresses.iter().any(|address| !address.is_loopback());
        }
        self.config.get_hosts().iter().any(|host| match host {
            Host::Tcp(name) => !here(name),
            Host::Unix(_) => false,
        })
    }
}

/// What the driver says, with its cause, without the URL.
pub(super) fn words(error: &tokio_postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(|source| format!(": {source}"));
    format!("{error}{}", cause.unwrap_or_default())
}

/// Checks whose certificate it is not, as `verify-ca` wants it: for a server that is reached by another name.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl AnyName {
    fn trusting(roots: Arc<RootCertStore>, provider: Arc<CryptoProvider>) -> ConnectionResult<Arc<Self>> {
        let built = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
        built
            .map(|verifier| Arc::new(Self(verifier)))
            .map_err(|error| wrong(error.to_string()))
    }
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        // The name is looked at last: by then an authority has vouched for the certificate.
        match self
            .0
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
        {
            Err(Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests;
