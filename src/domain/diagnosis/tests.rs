use super::*;

fn fault(status: Option<&str>, words: &str) -> Fault {
    let status = best_status(status, words);
    let diagnosis = Diagnosis {
        status: status.as_deref(),
        words,
        transcript: "",
    };
    diagnosis.fault()
}

/// Status, words, and who is at fault. The words are those of real servers.
const SAID: [(&str, &str, Fault); 47] = [
    (
        "5.7.1",
        "550 5.7.1 <mail.agency.example>: Helo command rejected: Host not found",
        Fault::Ours,
    ),
    (
        "5.0.0",
        "550-Verification failed for <bounce@agency.example> 550-Unrouteable address 550 Sender verify failed",
        Fault::Ours,
    ),
    (
        "5.0.0",
        "550 <bounce@agency.example>: Sender address rejected: Domain not found",
        Fault::Ours,
    ),
    (
        "5.0.0",
        "550 <b@agency.example>: Sender address rejected: User unknown in local recipient table",
        Fault::Ours,
    ),
    ("5.1.1", "553 Sender Policy Framework (SPF) fail", Fault::Ours),
    (
        "5.4.4",
        "Name service error for name=citizen.example type=MX: Malformed or unexpected name server reply",
        Fault::Ours,
    ),
    (
        "5.4.6",
        "mail for citizen.example loops back to myself",
        Fault::Ours,
    ),
    (
        "5.0.0",
        "mail for citizen.example loops back to myself",
        Fault::Ours,
    ),
    (
        "5.7.1",
        "550 5.7.1 Client host rejected: cannot find your reverse hostname",
        Fault::Ours,
    ),
    (
        "5.7.1",
        "554 5.7.1 <ana@citizen.example>: Relay access denied",
        Fault::Ours,
    ),
    (
        "5.1.8",
        "550 5.1.8 sender domain does not exist (in reply to RCPT TO command)",
        Fault::Ours,
    ),
    (
        "5.7.25",
        "550 5.7.25 The IP address sending this message does not have a PTR record",
        Fault::Ours,
    ),
    (
        "5.7.1",
        "550 5.7.1 User unknown (in reply to MAIL FROM command)",
        Fault::Ours,
    ),
    (
        "5.1.1",
        "550 5.1.1 <nospam.ana@citizen.example>: Recipient address rejected: User unknown",
        Fault::Address,
    ),
    (
        "5.1.1",
        "550 5.1.1 <blockedrain@citizen.example>: Recipient address rejected: User unknown",
        Fault::Address,
    ),
    (
        "5.1.1",
        "550 5.1.1 <ana@spamfree.example>: Recipient address rejected: User unknown",
        Fault::Address,
    ),
    (
        "5.1.1",
        "host mx1.spamexperts.example[192.0.2.1] said: 550 5.1.1 <a@b.example> User unknown",
        Fault::Address,
    ),
    (
        "5.1.1",
        "550 5.1.1 User unknown (too many bad recipients will get you listed)",
        Fault::Address,
    ),
    (
        "5.0.0",
        "550 ** No mail box available for this user **",
        Fault::Address,
    ),
    ("5.7.1", "550 5.7.1 No mailbox found", Fault::Address),
    ("5.0.0", "554 badrcptto(user mail-box not found)", Fault::Address),
    ("5.0.0", "550 BAD_RECIPIENT", Fault::Address),
    (
        "5.0.0",
        "550 ana@citizen.example is not an active address",
        Fault::Address,
    ),
    ("5.0.0", "550 Recipient rejected", Fault::Address),
    (
        "5.0.0",
        "550 mailbox ana@citizen.example unavailable",
        Fault::Address,
    ),
    (
        "5.0.0",
        "554 RCPT (ana@citizen.example) dosn't exist",
        Fault::Address,
    ),
    ("5.0.0", "550 Nonexistent user", Fault::Address),
    ("5.0.0", "550 User not known", Fault::Address),
    (
        "5.0.0",
        "554 delivery error: dd This mailbox is disabled (554.30)",
        Fault::Address,
    ),
    (
        "5.0.0",
        "554 This account has been disabled or discontinued [#102].",
        Fault::Address,
    ),
    (
        "5.2.1",
        "550-5.2.1 The email account that you tried to reach is inactive",
        Fault::Address,
    ),
    ("5.0.0", "550 El usuario no existe", Fault::Address),
    ("5.0.0", "550 Destinatario desconocido", Fault::Address),
    ("5.0.0", "550 Usuário Inexistente", Fault::Address),
    ("5.1.1", "", Fault::Address),
    (
        "5.1.10",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        Fault::Address,
    ),
    (
        "5.2.1",
        "550 5.2.1 <ana@citizen.example>... User Unknown",
        Fault::Passing,
    ),
    ("5.2.2", "552 5.2.2 over quota", Fault::Passing),
    ("5.1.1", "550 5.1.1 mailbox full", Fault::Passing),
    (
        "5.2.1",
        "550 5.2.1 The email account that you tried to reach is disabled",
        Fault::Passing,
    ),
    ("5.7.1", "550 5.7.1 Message rejected as spam", Fault::Passing),
    (
        "5.7.1",
        "554 5.7.1 Service unavailable; client blocked using a blocklist",
        Fault::Passing,
    ),
    (
        "5.1.3",
        "553 http://www.blocklist.example/query?ip=192.0.2.222",
        Fault::Passing,
    ),
    (
        "5.7.133",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup",
        Fault::Passing,
    ),
    ("4.4.7", "delivery time expired", Fault::Passing),
    ("4.4.3", "Host not found, try again", Fault::Passing),
    ("5.1.1", "x-unix; procmail: no such user", Fault::Passing),
];

#[test]
fn who_is_at_fault_decides_then_the_code_then_the_words() {
    for (status, words, right) in SAID {
        assert_eq!(fault(Some(status), words), right, "{status} {words}");
    }
}

#[test]
fn a_filters_word_after_the_text_is_no_dead_address_unless_it_has_the_code() {
    let diagnosis = |status, words| Diagnosis {
        status: Some(status),
        words,
        transcript: "550 User unknown (in reply to end of DATA command)",
    };
    assert_eq!(diagnosis("5.0.0", "550 User unknown").fault(), Fault::Passing);
    assert_eq!(
        diagnosis("5.1.1", "550 5.1.1 User unknown").fault(),
        Fault::Address
    );
}

#[test]
fn a_disabled_mailbox_that_nobody_has_is_dead_where_its_name_was_refused() {
    let fault = |transcript: &str| {
        let said = Diagnosis {
            status: Some("5.2.1"),
            words: "550 5.2.1 <ana@citizen.example>... User Unknown",
            transcript,
        };
        said.fault()
    };
    assert_eq!(
        fault("User Unknown (in reply to RCPT TO command)"),
        Fault::Address
    );
    assert_eq!(
        fault("(mailbox disabled, not accepting messages)"),
        Fault::Passing
    );
}

/// The same numbers in every run (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        all[usize::try_from(self.0 >> 33).unwrap() % all.len()]
    }
}

/// What servers say, with a place for the address and one for a host.
const PHRASES: [&str; 16] = [
    "550 5.1.1 <{a}>: Recipient address rejected: User unknown in virtual mailbox table",
    "host {h}[192.0.2.7] said: 550 5.1.1 <{a}>... User unknown (in reply to RCPT TO command)",
    "550 {a}: No such user here. See https://{h}/why?address={a}",
    "550 mailbox {a} unavailable",
    "550 The address \"{a}\" does not exist at {h}.",
    "550 5.4.4 Name service error for name={h} type=MX: Host not found",
    "552 5.2.2 <{a}>: Mailbox full",
    "host {h} said: 452 4.2.2 <{a}> over quota, try again later",
    "550 5.7.1 {h} refused {a}: message looks like spam",
    "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using {h}",
    "550 5.7.1 <{h}>: Helo command rejected: Host not found",
    "550-Verification failed for <{a}> 550-Unrouteable address 550 Sender verify failed",
    "550 <{a}>: Sender address rejected: Domain not found",
    "550 5.7.23 SPF check of {h} failed for {a}",
    "550 5.0.0 rejected by {h} for reasons of its own <{a}>",
    "421 4.7.0 {h} is busy, {a} later",
];

/// Addresses that hold words of which none may count.
const ADDRESSES: [&str; 14] = [
    "nospam.ana@citizen.example",
    "blockedrain@citizen.example",
    "user-unknown@citizen.example",
    "no.such.user@citizen.example",
    "does_not_exist@citizen.example",
    "too.many@temporarily.example",
    "helo.kitty@citizen.example",
    "spf@dmarc.example",
    "mailbox.full@overquota.example",
    "ana@spamfree.example",
    "sender.address@rejected.example",
    "unknown@host-unknown.example",
    "blacklist@citizen.example",
    "ana+try.again.later@citizen.example",
];

const HOSTS: [&str; 10] = [
    "mx1.spamexperts.example",
    "blocklist.example",
    "user-unknown.example",
    "no.such.user.example",
    "helo.example",
    "spf.mail-from.example",
    "greylist.citizen.example",
    "mailbox-full.example",
    "quota.exceeded.example",
    "dead.does-not-exist.example",
];

#[test]
fn no_verdict_changes_when_only_the_address_or_the_host_changes() {
    let filled =
        |phrase: &str, address: &str, host: &str| phrase.replace("{a}", address).replace("{h}", host);
    let mut dice = Dice(2_026);
    let mut seen = [0, 0, 0];
    for mixture in 0..500 {
        let phrase = dice.one_of(&PHRASES);
        let (address, host) = (dice.one_of(&ADDRESSES), dice.one_of(&HOSTS));
        let plain = fault(
            None,
            &filled(phrase, "ana.p@citizen.example", "mx.citizen.example"),
        );
        let words = filled(phrase, address, host);
        assert_eq!(fault(None, &words), plain, "{mixture}: {words}");
        seen[plain as usize] += 1;
    }
    assert!(seen.iter().all(|times| *times > 50), "{seen:?}");
}

#[test]
fn one_cause_is_one_cause_for_everybody() {
    let cause = |words: &str| {
        let diagnosis = Diagnosis {
            status: Some("5.7.1"),
            words,
            transcript: "",
        };
        diagnosis.cause()
    };
    let one = cause("550 5.7.1 <mail.agency.example>: Helo command rejected: Host not found; id 7F3A");
    assert_eq!(one, "5.7.1 helo command rejected host not found id");
    let elsewhere = "host mx2.b.example[192.0.2.4] said: 550 5.7.1 <x.y>: Helo command rejected: Host not found; id 99 \
                     (in reply to RCPT TO command)";
    assert_eq!(one, cause(elsewhere));
    assert_eq!(cause(&"word ".repeat(90)).chars().count(), LONGEST_CAUSE);
    assert!(!cause("550 5.7.1 <ana@b.example> no").contains("ana"));
}

#[test]
fn what_no_server_would_say_breaks_nothing() {
    for words in [
        "<",
        ">",
        "<<<>>>",
        "@",
        "é@",
        "\u{130}.\u{130}",
        "a.",
        ".b",
        "'",
        "\"",
        "<a",
        "a>",
    ] {
        fault(None, words);
    }
}
