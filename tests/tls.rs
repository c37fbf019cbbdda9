//! The server with a certificate of its own, without a proxy in front.

use crate::harness::App;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// Asks for a page over TLS, trusting just this certificate; answers what came back.
fn asks(address: &str, trusted: &str, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Err(error) if answer.is_empty() => Err(error),
        _ => Ok(answer),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_certificate_pages_come_over_tls_and_say_so_to_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    let app = App::start_with(|flags| {
        flags.tls_cert = Some(certificate.to_str().unwrap().to_owned());
        flags.tls_key = Some(key.to_str().unwrap().to_owned());
    })
    .await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let (own, other) = (own.cert.pem(), other.cert.pem());
    let asked = tokio::task::spawn_blocking(move || {
        (
            asks(&address, &own, "/sign-in").unwrap(),
            asks(&address, &other, "/sign-in"),
        )
    });
    let (page, stranger) = asked.await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.to_lowercase().contains("strict-transport-security:"));
    assert!(stranger.is_err(), "another certificate is not taken for ours");
}
