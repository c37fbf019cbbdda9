use proptest::prelude::*;

use super::*;
use crate::domain::card_number::refuses_note;
use crate::domain::contact::Email;
use crate::mail::facts::Facts;
use crate::mail::template::Template;
use crate::mail::words::Language;

const OURS: [&str; 8] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

fn sender() -> Sender {
    Sender::parse("Franklin Department of Revenue <notices@revenue.example>").unwrap()
}

fn content(subject: &str, body: &str) -> Content {
    Content {
        subject: subject.to_owned(),
        text: body.to_owned(),
        html: format!("<p>{body}</p>"),
    }
}

fn letter<'a>(from: &'a Sender, content: &'a Content) -> Letter<'a> {
    Letter {
        message_id: "m42.0123456789abcdef@revenue.example",
        from,
        return_path: None,
        reply_to: None,
        to_name: None,
        to_address: "ana@example.com",
        date: Timestamp::from_micros(1_776_300_000_000_000),
        unsubscribe: None,
        content,
    }
}

/// Header names of the sealed message, in order; folded lines belong to the header before.
fn header_names(sealed: &Sealed) -> Vec<String> {
    let text = String::from_utf8(sealed.bytes.clone()).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']), "{head}");
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded
        .split("\r\n")
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

fn assert_only_our_headers(name: &str, subject: &str, body: &str) {
    let (from, content) = (sender(), content(subject, body));
    let sealed = Letter {
        to_name: Some(name),
        ..letter(&from, &content)
    }
    .seal()
    .unwrap();
    let mut names = header_names(&sealed);
    names.sort();
    let mut ours = OURS.map(str::to_owned).to_vec();
    ours.sort();
    assert_eq!(names, ours, "{name:?} {subject:?}");
    assert!(sealed.bytes.is_ascii());
    assert!(
        sealed
            .bytes
            .split(|byte| *byte == b'\n')
            .all(|line| line.len() < 998)
    );
}

#[test]
fn a_message_has_exactly_our_headers_and_is_the_same_on_every_try() {
    let (from, content) = (sender(), content("Your payment", "Hello Ana,\nwe are sorry."));
    let sealed = letter(&from, &content).seal().unwrap();
    let text = String::from_utf8(sealed.bytes.clone()).unwrap();
    for line in [
        "Message-ID: <m42.0123456789abcdef@revenue.example>\r\n",
        "To: ana@example.com\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Date: Thu, 16 Apr 2026 00:40:00 +0000\r\n",
        "multipart/alternative",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(letter(&from, &content).seal().unwrap().bytes, sealed.bytes);
}

#[test]
fn unsubscribing_is_offered_only_when_given() {
    let (from, content) = (sender(), content("Your payment", "Hello"));
    let link = "https://makegood.example/u/abc?x=1";
    let sealed = Letter {
        unsubscribe: Some(link),
        ..letter(&from, &content)
    }
    .seal()
    .unwrap();
    let text = String::from_utf8(sealed.bytes).unwrap();
    assert!(text.contains("List-Unsubscribe: <https://makegood.example/u/abc?x=1>\r\n"));
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    for bad in [
        "http://a.example/",
        "https://a.example/\r\nBcc: x@y.example",
        "https://a.example/ b",
        "",
    ] {
        let letter = Letter {
            unsubscribe: Some(bad),
            ..letter(&from, &content)
        };
        assert!(matches!(letter.seal(), Err(BuildError::Unsubscribe)), "{bad}");
    }
}

#[test]
fn a_bounce_goes_to_the_return_path_and_an_answer_to_the_reply_address() {
    let (from, content) = (sender(), content("Your payment", "Hello"));
    let path = crate::domain::mail_id::return_path(b"key", 42, from.domain());
    let letter = Letter {
        return_path: Some(&path),
        reply_to: Some("help@revenue.example"),
        ..letter(&from, &content)
    };
    let sealed = letter.seal().unwrap();
    assert_eq!(sealed.return_path.to_string(), path);
    assert!(
        String::from_utf8(sealed.bytes)
            .unwrap()
            .contains("Reply-To: help@revenue.example\r\n")
    );
}

#[test]
fn an_address_that_no_server_takes_is_an_error_and_not_a_panic() {
    let (from, content) = (sender(), content("Your payment", "Hello"));
    for bad in [
        "",
        "@",
        "ana",
        "ana@",
        "@example.com",
        "a b@example.com",
        "ana@example.com\r\nBcc: x@y.example",
        "añá@example.com",
    ] {
        let letter = Letter {
            to_address: bad,
            ..letter(&from, &content)
        };
        assert!(matches!(letter.seal(), Err(BuildError::Recipient)), "{bad:?}");
    }
    let sealed = Letter {
        to_address: "ana@correo-ñandú.example",
        ..letter(&from, &content)
    }
    .seal()
    .unwrap();
    assert_eq!(sealed.to.to_string(), "ana@xn--correo-and-z9a5i.example");
}

#[test]
fn a_sender_without_an_address_is_refused_with_advice() {
    assert!(
        Sender::parse("Makegood")
            .unwrap_err()
            .to_string()
            .contains("Name <name@domain>")
    );
    assert_eq!(
        Sender::parse("Makegood <noreply@localhost>").unwrap().domain(),
        "localhost"
    );
}

#[test]
fn naughty_strings_make_no_header_and_no_panic() {
    let naughty = [
        "Eve\r\nBcc: all@example.com",
        "\r\n\r\n<script>",
        "a\0b",
        "\u{202e}txt.exe",
        "\"; DROP TABLE x; --",
        "<<<>>>",
        "\"\"\"",
        "\\",
        "((((",
        "name <x@y.example>",
        "=?utf-8?q?=0d=0aBcc:_x?=",
        "\u{feff}",
        "𝕿𝖍𝖊",
        "Ω≈ç√∫˜µ≤≥÷",
        "👩‍👩‍👧‍👦",
        "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
        "()&%<acx><ScRiPt >",
        ",,,",
        ".",
        "..",
        "\u{85}\u{2028}\u{2029}",
        "{{ 7*7 }}",
        "%0d%0aBcc:x",
        "\t\u{b}\u{c}",
        "",
        " ",
        "١٢٣",
        "ﬀ",
        "\u{fdfd}\u{fdfd}",
        "田中さんにあげて下さい",
    ];
    for text in naughty {
        assert_only_our_headers(text, text, text);
        assert_only_our_headers(&text.repeat(80), &text.repeat(80), &text.repeat(80));
    }
}

/// The big list of naughty strings (MIT, licence beside it): as a name, as part of a subject, as a note.
#[test]
fn no_string_of_the_big_list_makes_a_header_or_markup_or_breaks_anything() {
    let list = include_str!("../../../tests/data/mail/naughty_strings.json");
    let list: Vec<String> = serde_json::from_str(list).unwrap();
    assert_eq!(list.len(), 515);
    let (subject, body) = (
        "For {{ given_name }}, about {{ outage_name }}",
        "Hello {{ given_name }}.",
    );
    let text = Template::parse(Language::english(), subject, body).unwrap();
    for naughty in &list {
        let facts = Facts {
            given_name: Some(naughty.clone()),
            outage_name: Some(naughty.clone()),
            ..Facts::sample()
        };
        let content = text.fill(&facts).unwrap();
        assert_only_our_headers(naughty, &content.subject, &content.text);
        assert_only_our_headers(naughty, naughty, naughty);
        let html = content.html.to_lowercase();
        assert!(
            !["<script", "<img", "<iframe", "<svg"]
                .iter()
                .any(|tag| html.contains(tag)),
            "{naughty:?}"
        );
        let _ = refuses_note(naughty);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_at_all_adds_a_header_or_panics(
        name in any::<String>(), subject in any::<String>(), body in any::<String>(),
    ) {
        assert_only_our_headers(&name, &subject, &body);
    }

    #[test]
    fn nor_do_texts_made_of_dangerous_pieces(
        pieces in prop::collection::vec(
            prop::sample::select(vec!["\r", "\n", "\0", "<", ">", "\"", "\\", "@", ",", ":", "Bcc:", " ", "é", "=?", "?=", "\u{202e}", ";", "(", ")"]),
            0..40,
        ),
    ) {
        let text = pieces.concat();
        assert_only_our_headers(&text, &text, &text);
    }

    /// One validator at import and at sending.
    #[test]
    fn whatever_is_read_as_an_address_can_be_sent_to(
        local in "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,12}",
        domain in prop::collection::vec("[a-z0-9-]{1,8}|xn--[a-z0-9-]{1,8}|[äßéñ中]{1,4}", 2..4),
    ) {
        if let Some(address) = Email::read(&format!("{local}@{}", domain.join("."))) {
            let (from, content) = (sender(), content("x", "y"));
            let letter = Letter { to_address: address.as_str(), ..letter(&from, &content) };
            prop_assert!(letter.seal().is_ok(), "{address}");
        }
    }

    #[test]
    fn no_address_panics(address in any::<String>()) {
        let (from, content) = (sender(), content("x", "y"));
        let _ = Letter { to_address: &address, ..letter(&from, &content) }.seal();
    }
}
