use super::*;
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use std::path::Path;

const MESSAGE: &[u8] =
    b"From: Revenue <noreply@agency.example>\r\nTo: a@post.example\r\nSubject: Your\r\n  payment\r\n\
    MIME-Version: 1.0\r\n\r\nHello \t there,  \r\n\r\nyes.\r\n\r\n\r\n";

fn key(name: &str) -> DkimKeyFile {
    DkimKeyFile {
        selector: "s1".to_owned(),
        domain: "agency.example".to_owned(),
        path: Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/mail")
            .join(name),
    }
}

fn signed(name: &str) -> (Signer, String) {
    let signer = Signer::load(&[key(name)], "agency.example").unwrap();
    let signed = String::from_utf8(signer.sign(MESSAGE.to_vec()).unwrap()).unwrap();
    (signer, signed)
}

/// The signed text and the signature, taken apart as a receiver does.
fn taken_apart(signed: &str) -> (String, Vec<u8>) {
    let header = &signed[..signed.len() - MESSAGE.len()];
    let (unsigned, value) = header.rsplit_once("b=").unwrap();
    let value: String = value.split_whitespace().collect();
    let text = format!(
        "from:Revenue <noreply@agency.example>\r\nto:a@post.example\r\nsubject:Your payment\r\nmime-version:1.0\r\n{}",
        relaxed_field(&format!("{unsigned}b=")).trim_end()
    );
    (text, STANDARD.decode(value).unwrap())
}

#[test]
fn a_receiver_can_check_both_kinds_of_signature_by_the_published_key() {
    let (signer, with_rsa) = signed("dkim-rsa.pem");
    let (text, signature) = taken_apart(&with_rsa);
    let record = signer.records().remove(0);
    assert_eq!(record.name, "s1._domainkey.agency.example");
    let published = STANDARD
        .decode(record.text.strip_prefix("v=DKIM1; k=rsa; p=").unwrap())
        .unwrap();
    let bare = &published[published.len() - 270..]; // of a key of 2048 bits
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, bare)
        .verify(text.as_bytes(), &signature)
        .unwrap();

    let (signer, with_ed25519) = signed("dkim-ed25519.pem");
    let (text, signature) = taken_apart(&with_ed25519);
    let record = signer.records().remove(0);
    let published = STANDARD
        .decode(record.text.strip_prefix("v=DKIM1; k=ed25519; p=").unwrap())
        .unwrap();
    UnparsedPublicKey::new(&ED25519, published)
        .verify(&Sha256::digest(text.as_bytes()), &signature)
        .unwrap();
}

#[test]
fn a_second_sender_cannot_be_added_and_the_message_itself_is_untouched() {
    let (_, signed) = signed("dkim-rsa.pem");
    assert!(
        signed.contains("h=from:from:to:subject:mime-version;"),
        "{signed}"
    );
    assert!(signed.as_bytes().ends_with(MESSAGE));
    assert!(signed.lines().all(|line| line.len() < 100));
    let digest = STANDARD.encode(Sha256::digest(b"Hello there,\r\n\r\nyes.\r\n"));
    assert!(signed.contains(&format!("bh={digest};")));
}

#[test]
fn an_empty_body_is_nothing() {
    assert_eq!(relaxed_body(b""), b"");
    assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
    assert_eq!(relaxed_body(b"a \t\r\n\r\n"), b"a\r\n");
}

#[test]
fn a_key_of_another_domain_or_none_at_all_is_refused() {
    let other = Signer::load(&[key("dkim-rsa.pem")], "agency.example.evil")
        .err()
        .unwrap();
    assert!(other.to_string().contains("does not vouch for"), "{other}");
    assert!(Signer::load(&[key("dkim-rsa.pem")], "mail.agency.example").is_ok());
    let missing = Signer::load(&[key("none.pem")], "agency.example").err().unwrap();
    assert!(missing.to_string().contains("no private key"), "{missing}");
}
