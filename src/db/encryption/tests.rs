//! A server that speaks TLS and then turns everybody away with words of its own.

use super::*;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::io::{Read, Write};
use std::net::TcpListener;

/// Where a server listens whose certificate is for `db.agency.example`, and the file of the authority that vouches for it.
fn server(folder: &std::path::Path) -> (u16, PathBuf) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let named = CertificateParams::new(vec!["db.agency.example".to_owned()]).unwrap();
    let certificate = named.signed_by(&key, &authority).unwrap();
    let path = folder.join("authority.pem");
    std::fs::write(&path, authority.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let settings =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let settings = Arc::new(settings);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut asks = [0; 8];
            socket.read_exact(&mut asks).unwrap();
            socket.write_all(b"S").unwrap();
            let session = rustls::ServerConnection::new(settings.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(session, socket);
            if stream.read(&mut [0; 512]).is_ok() {
                let told = b"SFATAL\0C28000\0Mthe handshake is over\0\0";
                let length = u32::try_from(told.len() + 4).unwrap().to_be_bytes();
                let _ = stream.write_all(&[b"E", &length[..], told].concat());
                let _ = stream.flush();
            }
        }
    });
    (port, path)
}

/// What comes of connecting.
fn answer(url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = match Server::of(url) {
            Ok(server) => server,
            Err(error) => return error.to_string(),
        };
        let tls = match server.tls() {
            Ok(tls) => tls,
            Err(error) => return error.to_string(),
        };
        match server.config.connect(tls).await {
            Ok(_) => "connected".to_owned(),
            Err(error) => words(&error),
        }
    })
}

#[test]
fn a_server_is_believed_as_its_url_says() {
    let folder = tempfile::tempdir().unwrap();
    let (port, authority) = server(folder.path());
    let asked = |query: &str| answer(&format!("postgres://ana@127.0.0.1:{port}/makegood?{query}"));
    let over = "the handshake is over";
    let known = format!("sslrootcert={}", authority.display());
    let right_name = format!("postgres://ana@db.agency.example:{port}/makegood?hostaddr=127.0.0.1&{known}");
    assert!(answer(&format!("{right_name}&sslmode=verify-full")).contains(over));
    assert!(asked(&format!("sslmode=verify-ca&{known}")).contains(over));
    for refused in ["verify-full", "require", "prefer"] {
        let told = asked(&format!("sslmode={refused}&{known}"));
        assert!(
            !told.contains(over) && told.contains("certificate"),
            "{refused}: {told}"
        );
    }
    for mode in ["verify-full", "verify-ca"] {
        let told = asked(&format!("sslmode={mode}"));
        assert!(
            !told.contains(over),
            "an authority that nobody knows vouches for nobody: {told}"
        );
    }
}

#[test]
fn a_url_that_cannot_be_followed_says_why_and_never_its_password() {
    let url = |query: &str| format!("postgres://ana:s3cret@db.example/makegood?{query}");
    for (query, words) in [
        ("sslmode=allow", "verify-full"),
        (
            "sslmode=verify-full&sslrootcert=/nowhere/at/all.pem",
            "/nowhere/at/all.pem",
        ),
        ("passfile=/x", "passfile"),
    ] {
        let told = answer(&url(query));
        assert!(told.contains(words) && !told.contains("s3cret"), "{told}");
    }
}

#[test]
fn what_leaves_this_machine_is_known() {
    let leaves = |url: &str| Server::of(url).unwrap().is_across_a_network();
    for here in [
        "postgres://ana@localhost/m",
        "postgres://ana@127.0.0.1/m?sslmode=disable",
        "postgres://ana@[::1]/m",
        "postgres:///m?host=/run/postgresql",
    ] {
        assert!(!leaves(here), "{here}");
    }
    for there in [
        "postgres://ana@db.agency.example/m",
        "postgres://ana@localhost,10.0.0.7/m",
    ] {
        assert!(leaves(there), "{there}");
    }
}
