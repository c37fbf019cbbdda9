//! With a server that takes sender and recipient together (PIPELINING): what is said of a message is the same, and no answer is
//! taken for another's.

use super::*;

fn pipelining(script: impl Fn(Step, usize) -> Act + Send + Sync + 'static) -> Sink {
    Sink::offering("250 PIPELINING", script)
}

fn first(step: Step, act: Act) -> Sink {
    pipelining(move |reached, before| {
        if (reached, before) == (step, 0) {
            act
        } else {
            Act::Usual
        }
    })
}

#[test]
fn sender_and_recipient_go_together_only_where_the_server_says_that_it_can() {
    for (sink, together) in [(pipelining(|_, _| Act::Usual), 3), (Sink::kind(), 0)] {
        let smtp = to(&sink);
        (0..3).for_each(|n| assert!(matches!(deliver(&smtp, n), Delivery::Sent { .. })));
        assert_eq!(
            (sink.together(), sink.connections(), sink.kept().len()),
            (together, 1, 3)
        );
    }
}

#[test]
fn a_refusal_of_either_is_told_of_that_one_and_the_next_message_goes_over_the_same_connection() {
    let answers = ["450 4.7.1 later please", "550 5.1.1 no"];
    for (step, expected, answers) in [
        (Step::Mail, Phase::Sender, &answers[..1]), // 5xx to the sender concerns all messages
        (Step::Rcpt, Phase::Recipient, &answers[..]),
    ] {
        for answer in answers {
            let sink = first(step, Act::Say(answer));
            let smtp = to(&sink);
            let mut looks = 0;
            let delivery = smtp.deliver(&sealed(1), &mut || {
                looks += 1;
                true
            });
            let (Delivery::Deferred { phase, .. } | Delivery::Refused { phase, .. }) = delivery else {
                panic!("{step:?} {answer}: {delivery:?}")
            };
            assert_eq!((phase, looks), (expected, 0));
            let next = deliver(&smtp, 2);
            assert!(
                matches!(next, Delivery::Sent { .. }),
                "{step:?} {answer}: {next:?}"
            );
            assert_eq!((sink.connections(), sink.count(Step::Rset)), (1, 1));
            assert!(
                sink.kept().iter().all(|text| text.contains("m2@")),
                "{:?}",
                sink.kept()
            );
        }
    }
}

#[test]
fn where_the_second_answer_does_not_come_the_connection_is_not_used_again() {
    for second in [Act::Close, Act::Silence, Act::SayAndClose("421 4.3.2 going down")] {
        let sink = pipelining(move |step, before| match (step, before) {
            (Step::Mail, 0) => Act::Say("450 4.7.1 later please"),
            (Step::Rcpt, 0) => second,
            _ => Act::Usual,
        });
        let smtp = to(&sink);
        let delivery = deliver(&smtp, 1);
        assert!(
            matches!(
                delivery,
                Delivery::Deferred {
                    phase: Phase::Sender,
                    code: 450,
                    ..
                }
            ),
            "{second:?}: {delivery:?}"
        );
        assert!(matches!(deliver(&smtp, 2), Delivery::Sent { .. }), "{second:?}");
        assert_eq!((sink.connections(), sink.kept().len()), (2, 1), "{second:?}");
    }
}

#[test]
fn a_connection_that_ends_between_the_two_is_a_plain_retry() {
    for (step, expected) in [(Step::Mail, Phase::Sender), (Step::Rcpt, Phase::Recipient)] {
        for act in [Act::Close, Act::Silence] {
            let sink = pipelining(move |reached, _| if reached == step { act } else { Act::Usual });
            let delivery = deliver(&to(&sink), 1);
            let Delivery::Unreachable { phase, .. } = delivery else {
                panic!("{step:?} {act:?}: {delivery:?}")
            };
            assert_eq!(phase, expected, "{step:?} {act:?}");
            assert!(sink.kept().is_empty());
        }
    }
}

#[test]
fn a_kept_connection_that_was_closed_meanwhile_is_replaced_and_the_message_goes_out_once() {
    for goodbye in [Act::Close, Act::SayAndClose("421 4.4.2 idle too long")] {
        let sink = pipelining(move |step, before| {
            if (step, before) == (Step::Mail, 1) {
                goodbye
            } else {
                Act::Usual
            }
        });
        let smtp = to(&sink);
        (0..2).for_each(|n| assert!(matches!(deliver(&smtp, n), Delivery::Sent { .. })));
        assert_eq!((sink.connections(), sink.kept().len()), (2, 2), "{goodbye:?}");
    }
}

#[test]
fn a_server_that_does_not_want_to_be_greeted_twice_is_talked_to_one_thing_after_the_other() {
    let sink = pipelining(|step, before| match (step, before) {
        (Step::Ehlo, 1) => Act::Say("503 5.5.1 duplicate EHLO"),
        _ => Act::Usual,
    });
    assert!(matches!(deliver(&to(&sink), 1), Delivery::Sent { .. }));
    assert_eq!(sink.together(), 0);
}
