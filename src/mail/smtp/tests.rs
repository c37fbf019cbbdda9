use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

mod together;

use super::*;
use crate::mail::sink::{Act, Sink, Step};

fn patience() -> Patience {
    let short = Duration::from_millis(150);
    Patience {
        command: short,
        data: short,
        dot: short,
        goodbye: short,
    }
}

fn smtp(url: &str) -> Smtp {
    Smtp::with_patience(SmtpUrl::parse(url).unwrap(), patience()).unwrap()
}

fn to(sink: &Sink) -> Smtp {
    smtp(&format!("smtp://127.0.0.1:{}", sink.port))
}

fn sealed(number: usize) -> Sealed {
    Sealed {
        message_id: format!("m{number}@agency.example"),
        return_path: "noreply@agency.example".parse().unwrap(),
        to: "ana@example.com".parse().unwrap(),
        bytes: format!("Message-ID: <m{number}@agency.example>\r\n\r\nHello\r\n.dot\r\nend").into_bytes(),
    }
}

fn deliver(smtp: &Smtp, number: usize) -> Delivery {
    smtp.deliver(&sealed(number), &mut || true)
}

fn outcome(step: Step, act: Act) -> (Delivery, Sink) {
    let sink = Sink::at(step, act);
    (deliver(&to(&sink), 1), sink)
}

fn assert_unreachable(step: Step, act: Act, expected: Phase) {
    let (delivery, sink) = outcome(step, act);
    let Delivery::Unreachable { phase, reason } = &delivery else {
        panic!("{step:?} {act:?}: {delivery:?}")
    };
    assert_eq!(
        (*phase, reason.is_empty()),
        (expected, false),
        "{step:?} {act:?}: {reason}"
    );
    assert!(sink.kept().is_empty());
}

#[test]
fn an_accepted_message_is_sent_with_the_servers_words_and_arrives_byte_for_byte() {
    let sink = Sink::kind();
    assert_eq!(
        deliver(&to(&sink), 1),
        Delivery::Sent {
            reply: "250 2.0.0 queued".to_owned()
        }
    );
    assert_eq!(
        sink.kept(),
        ["Message-ID: <m1@agency.example>\r\n\r\nHello\r\n..dot\r\nend\r\n"]
    );
}

#[test]
fn a_4xx_at_any_step_defers_and_a_5xx_refuses_the_message_or_us() {
    for (step, phase) in [
        (Step::Mail, Phase::Sender),
        (Step::Rcpt, Phase::Recipient),
        (Step::Data, Phase::Text),
        (Step::Dot, Phase::Dot),
    ] {
        let reply = "4.7.1 later please".to_owned();
        let (delivery, sink) = outcome(step, Act::Say("450 4.7.1 later please"));
        assert_eq!(
            delivery,
            Delivery::Deferred {
                phase,
                code: 450,
                reply
            }
        );
        assert!(sink.kept().is_empty());
        let (delivery, _) = outcome(step, Act::Say("550-5.1.1 no such\r\n550 5.1.1 person"));
        if step == Step::Mail {
            assert!(
                delivery.is_relay_trouble(),
                "no message pays for it: {delivery:?}"
            );
            assert!(delivery.words().contains("MAKEGOOD_MAIL_FROM"), "{delivery:?}");
            continue;
        }
        let Delivery::Refused {
            phase: at,
            code: 550,
            reply,
        } = delivery
        else {
            panic!("{step:?} {delivery:?}")
        };
        assert_eq!(at, phase);
        assert!(reply.contains("no such") && reply.contains("person"), "{reply}");
        let (delivery, _) = outcome(step, Act::SayAndClose("421 4.3.2 going down"));
        assert!(
            matches!(delivery, Delivery::Deferred { code: 421, .. }),
            "{step:?} {delivery:?}"
        );
        assert!(delivery.is_relay_trouble());
    }
}

#[test]
fn a_connection_lost_or_silent_before_the_dot_is_a_plain_retry() {
    for (step, phase) in [
        (Step::Greeting, Phase::Connection),
        (Step::Ehlo, Phase::Connection),
        (Step::Mail, Phase::Sender),
        (Step::Rcpt, Phase::Recipient),
        (Step::Data, Phase::Text),
    ] {
        assert_unreachable(step, Act::Close, phase);
        assert_unreachable(step, Act::Silence, phase);
        assert_unreachable(step, Act::Say("what?"), phase);
    }
}

#[test]
fn a_connection_lost_or_silent_after_the_dot_is_uncertain() {
    for act in [
        Act::Close,
        Act::KeepAndClose,
        Act::Silence,
        Act::Say("what?"),
        Act::Say("354 more"),
        Act::Say("199 hm"),
    ] {
        let (delivery, sink) = outcome(Step::Dot, act);
        assert!(
            matches!(delivery, Delivery::Uncertain { .. }),
            "{act:?}: {delivery:?}"
        );
        assert_eq!(sink.kept().len(), usize::from(act == Act::KeepAndClose));
        assert_eq!(sink.count(Step::Dot), 1, "never sent again by itself");
    }
}

#[test]
fn a_connection_lost_in_the_middle_of_the_text_is_never_called_sent() {
    let sink = Sink::at(Step::Text, Act::Close);
    let long = Sealed {
        bytes: b"0123456789abcdef\r\n".repeat(1_000_000),
        ..sealed(1)
    };
    let delivery = to(&sink).deliver(&long, &mut || true);
    let known = matches!(
        delivery,
        Delivery::Unreachable {
            phase: Phase::Text,
            ..
        }
    );
    assert!(
        known || matches!(delivery, Delivery::Uncertain { .. }),
        "{delivery:?}"
    );
}

#[test]
fn a_server_out_of_step_is_never_taken_for_an_acceptance() {
    let (delivery, _) = outcome(Step::Data, Act::Say("250 of the command before"));
    assert!(
        matches!(
            delivery,
            Delivery::Unreachable {
                phase: Phase::Text,
                ..
            }
        ),
        "{delivery:?}"
    );
}

#[test]
fn a_refusal_of_us_is_not_held_against_the_message() {
    assert_unreachable(
        Step::Greeting,
        Act::Say("554 5.7.1 you are listed"),
        Phase::Connection,
    );
    assert_unreachable(Step::Ehlo, Act::Say("550 no"), Phase::Connection);
    for step in [Step::Mail, Step::Rcpt] {
        assert_unreachable(
            step,
            Act::Say("530 5.7.0 Must issue a STARTTLS command first"),
            Phase::Connection,
        );
    }
    let (delivery, _) = outcome(Step::Greeting, Act::Say("421 4.7.0 too many connections"));
    assert!(delivery.is_relay_trouble(), "{delivery:?}");
}

#[test]
fn a_server_that_is_not_there_is_named_with_advice() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let Delivery::Unreachable { reason, .. } = deliver(&smtp(&format!("smtp://127.0.0.1:{port}")), 1) else {
        panic!()
    };
    assert!(
        reason.contains("nothing listens") && reason.contains("MAKEGOOD_SMTP_URL"),
        "{reason}"
    );
}

#[test]
fn a_connection_is_used_again_also_after_a_refused_recipient() {
    let sink = Sink::start(|step, before| match (step, before) {
        (Step::Rcpt, 1) => Act::Say("550 5.1.1 no such person"),
        _ => Act::Usual,
    });
    let smtp = to(&sink);
    let fates: Vec<bool> = (0..4)
        .map(|n| matches!(deliver(&smtp, n), Delivery::Sent { .. }))
        .collect();
    assert_eq!(fates, [true, false, true, true]);
    assert_eq!(
        (sink.connections(), sink.count(Step::Rset), sink.kept().len()),
        (1, 1, 3)
    );
}

#[test]
fn a_kept_connection_that_the_server_closed_is_replaced_and_the_message_goes_out_once() {
    for goodbye in [Act::Close, Act::SayAndClose("421 4.4.2 idle too long")] {
        let sink = Sink::start(move |step, before| {
            if (step, before) == (Step::Mail, 1) {
                goodbye
            } else {
                Act::Usual
            }
        });
        let smtp = to(&sink);
        let mut looks = 0;
        for n in 0..2 {
            let delivery = smtp.deliver(&sealed(n), &mut || {
                looks += 1;
                true
            });
            assert!(matches!(delivery, Delivery::Sent { .. }), "{delivery:?}");
        }
        assert_eq!((sink.connections(), sink.kept().len(), looks), (2, 2, 2));
    }
}

#[test]
fn a_connection_carries_a_limited_number_of_messages() {
    let sink = Sink::kind();
    let smtp = to(&sink);
    (0..=MOST_MESSAGES as usize).for_each(|n| assert!(matches!(deliver(&smtp, n), Delivery::Sent { .. })));
    assert_eq!(sink.connections(), 2);
}

#[test]
fn eight_threads_share_eight_connections_and_lose_nothing() {
    let sink = Sink::kind();
    let (smtp, next) = (to(&sink), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let n @ ..200 = next.fetch_add(1, Ordering::SeqCst) {
                    assert!(matches!(deliver(&smtp, n), Delivery::Sent { .. }));
                }
            });
        }
    });
    let mut kept = sink.kept();
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), 200);
    assert!(sink.connections() <= 8, "{}", sink.connections());
}

#[test]
fn a_message_withdrawn_at_the_last_look_is_not_sent_and_the_connection_stays() {
    let sink = Sink::kind();
    let smtp = to(&sink);
    assert_eq!(smtp.deliver(&sealed(1), &mut || false), Delivery::Withheld);
    assert_eq!(
        (sink.count(Step::Data), sink.count(Step::Rset), sink.kept().len()),
        (0, 1, 0)
    );
    assert!(matches!(deliver(&smtp, 2), Delivery::Sent { .. }));
    assert_eq!(sink.connections(), 1);
}

#[test]
fn nobody_is_asked_for_a_last_look_when_the_recipient_is_refused() {
    let sink = Sink::at(Step::Rcpt, Act::Say("550 no"));
    let mut looks = 0;
    to(&sink).deliver(&sealed(1), &mut || {
        looks += 1;
        true
    });
    assert_eq!(looks, 0);
}

#[test]
fn without_starttls_nothing_is_sent_and_the_reason_says_what_to_do() {
    let sink = Sink::kind();
    let smtp = smtp(&format!("smtp://127.0.0.1:{}?tls=required", sink.port));
    let Delivery::Unreachable {
        phase: Phase::Connection,
        reason,
    } = deliver(&smtp, 1)
    else {
        panic!()
    };
    assert!(
        reason.contains("offers no STARTTLS") && reason.contains("?tls=none"),
        "{reason}"
    );
    assert_eq!((sink.count(Step::Mail), sink.kept().len()), (0, 0));
}

#[test]
fn an_unknown_certificate_is_refused_where_encryption_is_required() {
    for (scheme, query) in [("smtp", "?tls=required"), ("smtps", "")] {
        let sink = Sink::offering("250 STARTTLS", |_, _| Act::Usual);
        let Delivery::Unreachable { reason, .. } =
            deliver(&smtp(&format!("{scheme}://localhost:{}{query}", sink.port)), 1)
        else {
            panic!()
        };
        assert_eq!(sink.count(Step::Mail), 0);
        let expected = if scheme == "smtp" {
            "certificate"
        } else {
            "does not speak TLS"
        };
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn on_this_machine_encryption_is_used_if_offered_with_any_certificate() {
    let sink = Sink::offering("250 STARTTLS", |_, _| Act::Usual);
    let delivery = deliver(&smtp(&format!("smtp://localhost:{}", sink.port)), 1);
    assert!(matches!(delivery, Delivery::Sent { .. }), "{delivery:?}");
    assert_eq!(
        sink.count(Step::Ehlo),
        3,
        "EHLO is said again inside the encryption, and once to hear all of what the server can"
    );
}

#[test]
fn a_login_is_made_and_a_wrong_password_stops_the_relay_and_not_the_message() {
    let good = Sink::offering("250 AUTH PLAIN LOGIN", |_, _| Act::Usual);
    let url = |sink: &Sink| format!("smtp://ana:s3cret@127.0.0.1:{}", sink.port);
    assert!(matches!(deliver(&smtp(&url(&good)), 1), Delivery::Sent { .. }));
    assert_eq!(good.count(Step::Auth), 1);

    let wrong = |step, _| {
        if step == Step::Auth {
            Act::Say("535 5.7.8 bad credentials")
        } else {
            Act::Usual
        }
    };
    let strict = Sink::offering("250 AUTH PLAIN", wrong);
    let without = Sink::kind();
    for (sink, words) in [
        (strict, "did not accept the user name"),
        (without, "offers no login"),
    ] {
        let Delivery::Unreachable {
            phase: Phase::Connection,
            reason,
        } = deliver(&smtp(&url(&sink)), 1)
        else {
            panic!()
        };
        assert!(reason.contains(words) && !reason.contains("s3cret"), "{reason}");
        assert_eq!(sink.count(Step::Mail), 0);
    }
}

#[test]
fn closing_says_goodbye_on_idle_connections() {
    let sink = Sink::kind();
    let smtp = Arc::new(to(&sink));
    deliver(&smtp, 1);
    smtp.close();
    deliver(&smtp, 2);
    assert_eq!(sink.connections(), 2);
}
