use proptest::prelude::*;

use super::*;
use crate::domain::mail_id;

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/bounces/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// File, who was not reached, dead or not, status.
const BOUNCES: [(&str, &str, bool, Option<&str>); 11] = [
    (
        "lhost-postfix-01",
        "r@p351355.pool.example.ne.jp",
        false,
        Some("5.1.1"),
    ),
    (
        "lhost-postfix-49",
        "kijitora-neko-nyaan@ntt.example.ne.jp",
        false,
        Some("4.0.0"),
    ),
    (
        "lhost-sendmail-54",
        "kijitora@neko.example.jp",
        false,
        Some("4.4.7"),
    ),
    ("lhost-exim-30", "kijitora@exmaple.ch", true, Some("5.7.1")),
    ("lhost-qmail-08", "shironeko@example.ad.jp", false, None),
    ("lhost-gmail-01", "userunknown@example.jp", true, Some("5.1.1")),
    ("lhost-exchange2003-07", "kijitora@example.org", true, None),
    (
        "lhost-office365-02",
        "kijitora@example.onmicrosoft.com",
        true,
        Some("5.1.1"),
    ),
    ("lhost-kddi-02", "kijitora@00000000000000.dion.ne.jp", false, None),
    ("lhost-opensmtpd-12", "neko@nyaan.jp", false, Some("4.0.0")),
    (
        "lhost-amazonses-05",
        "bounce@simulator.amazonses.com",
        true,
        Some("5.1.1"),
    ),
];

#[test]
fn real_bounces_name_who_was_not_reached_and_whether_the_address_is_dead() {
    for (name, recipient, hard, status) in BOUNCES {
        let reading = read(&file(name));
        let bounce = reading.bounce().unwrap_or_else(|| panic!("{name}: {reading:?}"));
        assert_eq!(bounce.recipients, [recipient], "{name}");
        assert_eq!(
            (bounce.is_hard(), bounce.status.as_deref()),
            (hard, status),
            "{name}"
        );
    }
}

#[test]
fn line_ends_of_any_kind_change_nothing() {
    for (name, ..) in BOUNCES {
        let lf = String::from_utf8_lossy(&file(name)).replace("\r\n", "\n");
        let reading = read(lf.as_bytes());
        assert_eq!(
            read(lf.replace('\n', "\r\n").as_bytes()),
            reading,
            "{name} with CRLF"
        );
        assert_eq!(read(lf.replace('\n', "\r").as_bytes()), reading, "{name} with CR");
    }
}

#[test]
fn complaints_automatic_answers_and_letters_are_no_bounces() {
    assert_eq!(read(&file("arf-01")), Reading::Complaint);
    for name in ["rfc3834-02", "rfc3834-06", "rb-issue-368-bug"] {
        assert_eq!(read(&file(name)), Reading::AutomaticReply, "{name}");
    }
    assert_eq!(read(&file("is-not-bounce-02")), Reading::Letter);
}

#[test]
fn whoever_is_at_fault_in_invented_reports_is_found_and_nobody_is_dead_who_is_not() {
    let (mut right, mut all) = (0, 0);
    let list = include_str!("../../../tests/data/bounces/invented.csv");
    for row in list.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let name = columns[0].trim_end_matches(".eml");
        let is_dead = columns[1] == "true" && columns[2] == "true";
        let reading = read(&file(&format!("invented/{name}")));
        let said = reading.bounce().map(Bounce::is_hard);
        assert!(is_dead || said != Some(true), "{name} is read as dead");
        all += 1;
        right += usize::from(said.is_some() == (columns[1] == "true") && (said == Some(true)) == is_dead);
    }
    assert!(right * 100 >= all * 95, "{right} of {all}");
}

#[test]
fn good_news_receipts_and_what_people_write_are_no_bounces() {
    for name in ["delivered_ok", "relayed_ok", "mdn"] {
        assert_eq!(
            read(&file(&format!("invented/{name}"))),
            Reading::Arrived,
            "{name}"
        );
    }
    for name in ["ooo_plain", "reply_human"] {
        assert_eq!(
            read(&file(&format!("invented/{name}"))),
            Reading::Letter,
            "{name}"
        );
    }
    assert_eq!(read(&file("invented/ooo_es")), Reading::AutomaticReply);
}

#[test]
fn the_servers_own_words_are_kept_and_whom_they_are_about() {
    let reading = read(&file("invented/dead_plain"));
    let bounce = reading.bounce().unwrap();
    let said = "550 5.1.1 <ana.p@citizen.example>: Recipient address rejected: User unknown in virtual mailbox table";
    assert_eq!(bounce.words, said);
    assert_eq!(
        bounce.cause,
        "5.1.1 recipient address rejected user unknown in virtual mailbox table"
    );
    assert!(bounce.is_about("Ana.P@citizen.example") && !bounce.is_about("ana@citizen.example"));
}

#[test]
fn the_returned_message_is_known_by_its_id() {
    let reading = read(&file("lhost-office365-02"));
    let id = reading.bounce().unwrap().message_id.as_deref();
    assert_eq!(
        id,
        Some("c302b7e8-9b97-40ef-90eb-313cc6c25133@NYAAAAN.example.org")
    );
}

#[test]
fn an_unreadable_bounce_still_finds_its_message_by_the_return_path() {
    let path = mail_id::return_path(b"key", 42, "agency.example");
    let raw = format!("From: MAILER-DAEMON\nTo: <{path}>\nSubject: ???\n\n\u{1}\u{2}");
    let found: Vec<_> = addressed_to(raw.as_bytes())
        .iter()
        .filter_map(|to| mail_id::bounced_message(&[b"key"], to))
        .collect();
    assert_eq!(found, [42]);
}

#[test]
fn a_report_of_success_is_no_bounce_and_a_delay_is_never_hard() {
    let report = |action: &str| {
        format!(
            "From: MAILER-DAEMON@a.example\nSubject: Report\nContent-Type: multipart/report; boundary=b\n\n--b\n\nHello\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; ana@example.com\n\
             Action: {action}\nStatus: 5.1.1\n\n--b--\n"
        )
    };
    for good in ["delivered", "relayed", "expanded"] {
        assert_eq!(read(report(good).as_bytes()), Reading::Arrived);
    }
    let delayed = read(report("delayed").as_bytes());
    assert!(!delayed.bounce().unwrap().is_hard() && delayed.bounce().unwrap().delayed);
    assert!(read(report("failed").as_bytes()).bounce().unwrap().is_hard());
}

#[test]
fn the_command_prints_nulls_for_what_is_no_bounce() {
    let line = serde_json::to_string(&Classified::read("x.eml", &file("is-not-bounce-02"))).unwrap();
    let nulls = "\"recipient\":null,\"recipients\":null,\"hard\":null,\"status\":null,\"message_id\":null";
    assert_eq!(line, format!("{{\"file\":\"x.eml\",\"bounce\":false,{nulls}}}"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes);
    }

    #[test]
    fn nor_does_a_bounce_cut_and_spoilt_anywhere(cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (name, ..) = BOUNCES[cut.index(BOUNCES.len())];
        let mut raw = file(name);
        let at = at.index(raw.len());
        raw[at] = byte;
        read(&raw);
        raw.truncate(at);
        read(&raw);
    }
}
