use jiff::civil::date;

use super::*;
use crate::domain::money::Cents;
use crate::domain::outcome::Outcomes;
use crate::domain::story::{denver, on};
use crate::domain::zone::Zone;

type Records = Option<&'static str>;

fn occasion(zone: &Zone) -> Occasion<'_> {
    Occasion {
        agency: "the Franklin Department of Revenue",
        caller: "Maria",
        help_phone: Some("800-555-0134"),
        pay_url: Some("revenue.franklin.example/pay"),
        window: (on(1, "13:04"), on(1, "13:26")),
        now: on(1, "19:44"),
        zone,
        may_leave_message: true,
        purpose: Purpose::Outage,
    }
}

fn dorothy() -> Person<'static> {
    Person {
        given_name: "Dorothy",
        full_name: "Dorothy Hensley",
        is_asked_for: true,
        code: Some("MAPLE 27"),
        tried_at: on(1, "13:09"),
        amount: Some(Cents(128_400)),
        tries: 2,
        charged: Charged::NotCharged,
        deadline: Some(date(2026, 4, 20)),
        purpose: Purpose::Outage,
    }
}

fn walter() -> Person<'static> {
    Person {
        given_name: "Walter",
        full_name: "Walter Hensley",
        is_asked_for: true,
        code: Some("VIOLIN 77"),
        tried_at: on(1, "13:20"),
        amount: Some(Cents(31_250)),
        tries: 1,
        charged: Charged::ChargedTwice,
        deadline: None,
        purpose: Purpose::Outage,
    }
}

fn said(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| piece.text.as_str())
        .collect::<String>()
        .replace('\u{a0}', " ")
}

fn steps(script: &Script) -> Vec<String> {
    script.steps.iter().map(|step| said(&step.says)).collect()
}

fn all_words(script: &Script) -> String {
    let branches = script
        .steps
        .iter()
        .flat_map(|step| step.branches.iter().chain(&step.seldom))
        .map(|branch| said(&branch.pieces));
    steps(script)
        .into_iter()
        .chain(branches)
        .chain([said(&script.doubt)])
        .collect::<Vec<_>>()
        .join("\n")
}

fn alone(language: Language, occasion: &Occasion<'_>, person: Person<'_>) -> Script {
    live(language, occasion, &[person], None)
}

#[test]
fn one_person_hears_who_calls_then_the_code_then_the_question_then_why() {
    let zone = denver();
    let script = alone(Language::english(), &occasion(&zone), dorothy());
    assert_eq!(
        steps(&script),
        [
            "“Hello, this is Maria with the Franklin Department of Revenue. May I speak with Dorothy Hensley?”",
            "“You can check that this call is real: our e-mail to you has the code MAPLE 27. I won’t ask for money, or \
             for any card, bank or Social Security number. Is this Dorothy?”",
            "“Our payment system was down from 1:04 to 1:26 this afternoon. You tried twice, and your payment of \
             $1,284.00 did not go through. We are sorry. We did not take your money. If your bank shows a hold, it \
             should drop off in a few days.”",
            "“Have you been able to pay since then?”",
        ]
    );
    let not_yet = &script.steps[3].branches[1];
    assert_eq!(
        (said(&not_yet.pieces).as_str(), not_yet.outcome),
        (
            "“It works again, at revenue.franklin.example/pay.” “Your due date is Monday, April 20.”",
            Some("will_pay")
        )
    );
}

#[test]
fn a_due_date_that_has_passed_is_told_as_passed() {
    let zone = denver();
    for (now, told) in [
        (on(6, "9:00"), "is Monday, April 20"),
        (on(7, "9:00"), "was Monday, April 20"),
    ] {
        let late = Occasion {
            now,
            ..occasion(&zone)
        };
        let words = all_words(&alone(Language::english(), &late, dorothy()));
        assert!(words.contains(told), "{words}");
    }
}

#[test]
fn a_code_is_spoken_only_of_an_e_mail_that_arrived() {
    let zone = denver();
    for language in [Language::english(), Language::of("es")] {
        let without = Person {
            code: None,
            ..dorothy()
        };
        let words = all_words(&alone(language, &occasion(&zone), without));
        assert!(!words.contains("e-mail") && !words.contains("correo"), "{words}");
        assert!(
            words.contains("800-555-0134"),
            "they can check by calling us: {words}"
        );
    }
}

#[test]
fn what_was_filled_in_is_marked() {
    let zone = denver();
    let script = alone(Language::english(), &occasion(&zone), dorothy());
    let filled: Vec<&str> = script.steps[0]
        .says
        .iter()
        .filter(|p| p.fill)
        .map(|p| p.text.as_str())
        .collect();
    assert_eq!(
        filled,
        ["Maria", "the Franklin Department of Revenue", "Dorothy Hensley"]
    );
}

/// What breaks it: the first person's code, amount or state of money where the second is on the line.
#[test]
fn of_two_people_the_one_on_the_line_hears_their_own_facts_only() {
    let zone = denver();
    let of = |speaking| {
        live(
            Language::english(),
            &occasion(&zone),
            &[dorothy(), walter()],
            speaking,
        )
    };
    let nobody = of(None);
    assert_eq!(
        steps(&nobody),
        [
            "“Hello, this is Maria with the Franklin Department of Revenue. May I speak with Dorothy Hensley or Walter \
          Hensley? Who is this, please?”"
        ],
        "until somebody is chosen there is nothing else to say"
    );
    assert!(!all_words(&nobody).contains("MAPLE") && !all_words(&nobody).contains("VIOLIN"));
    let walter = of(Some(1));
    assert!(steps(&walter)[0].starts_with("“Thank you, Walter. You can check"));
    let words = all_words(&walter);
    for (fact, his) in [
        ("VIOLIN 77", true),
        ("taken twice", true),
        ("$312.50", true),
        ("MAPLE", false),
        ("$1,284.00", false),
        ("did not take", false),
        ("Have you been able to pay", false),
    ] {
        assert_eq!(words.contains(fact), his, "{fact}: {words}");
    }
}

#[test]
fn we_did_not_take_your_money_is_said_only_when_that_is_known() {
    let zone = denver();
    for charged in [Charged::Unknown, Charged::Charged, Charged::ChargedTwice] {
        for (language, claim) in [
            (Language::english(), "did not take"),
            (Language::of("es"), "No le cobramos"),
        ] {
            let person = Person { charged, ..dorothy() };
            let said = all_words(&alone(language, &occasion(&zone), person));
            assert!(!said.contains(claim));
            // Nor did a payment fail that was taken, or may have been.
            for failed in ["did not go through", "no se completó"] {
                assert!(!said.contains(failed), "{said}");
            }
        }
    }
}

#[test]
fn nobody_whose_money_was_taken_is_told_to_pay() {
    let zone = denver();
    for purpose in [
        Purpose::Outage,
        Purpose::Promised(on(1, "17:45")),
        Purpose::Check(on(1, "17:45")),
        Purpose::Specialist,
        Purpose::TheyRang,
    ] {
        for charged in [Charged::Charged, Charged::ChargedTwice] {
            let call = Occasion {
                purpose,
                ..occasion(&zone)
            };
            let person = Person {
                charged,
                purpose,
                ..dorothy()
            };
            let script = alone(Language::english(), &call, person);
            let pays = |branch: &Branch| branch.outcome == Some("will_pay");
            assert!(!script.steps.iter().any(|step| step.branches.iter().any(pays)));
            assert!(!all_words(&script).contains("due date"));
        }
    }
}

#[test]
fn a_promised_call_keeps_the_promise_in_its_first_words() {
    let zone = denver();
    let purpose = Purpose::Promised(on(1, "17:45"));
    let call = Occasion {
        purpose,
        now: on(1, "17:46"),
        ..occasion(&zone)
    };
    let person = Person { purpose, ..dorothy() };
    let told = steps(&alone(Language::english(), &call, person.clone()));
    assert!(
        told[0].contains("I am calling at the time that was agreed"),
        "{}",
        told[0]
    );
    assert!(
        !told[0].contains("5:45") && !told[0].contains("asked"),
        "no reason before Make sure"
    );
    assert!(
        told[2].starts_with("“You asked us to call at 5:45 p.m. Our payment system"),
        "{}",
        told[2]
    );
    let told = steps(&alone(Language::of("es"), &call, person));
    assert!(
        told[2].starts_with("“Nos pidió que le llamáramos a las 5:45 p. m. "),
        "{}",
        told[2]
    );
}

#[test]
fn a_promise_that_is_late_is_not_told_as_kept() {
    let zone = denver();
    let purpose = Purpose::Promised(on(1, "17:45"));
    let call = Occasion {
        purpose,
        now: on(2, "19:30"),
        ..occasion(&zone)
    };
    let person = Person { purpose, ..dorothy() };
    for (language, sorry) in [
        (
            Language::english(),
            "I am calling later than was agreed, and I am sorry.",
        ),
        (
            Language::of("es"),
            "Llamo más tarde de lo acordado, y le pido disculpas.",
        ),
    ] {
        let script = alone(language, &call, person.clone());
        let said = all_words(&script);
        assert!(said.contains(sorry), "{said}");
        for kept in [
            "at the time that was agreed",
            "a la hora acordada",
            "asked us to call at",
            "Nos pidió que le llamáramos",
        ] {
            assert!(!said.contains(kept), "{said}");
        }
    }
}

#[test]
fn a_check_call_asks_one_thing_and_does_not_tell_the_story_again() {
    let zone = denver();
    let purpose = Purpose::Check(on(1, "17:45"));
    let person = Person { purpose, ..dorothy() };
    let told = steps(&alone(Language::english(), &occasion(&zone), person));
    assert_eq!(
        told[2..],
        [
            "“On Wednesday, April 15 you told us that you would pay. I only want to know if it worked.”",
            "“Did the payment work?”"
        ]
    );
}

#[test]
fn a_specialist_tells_nobody_of_a_specialist_who_will_call() {
    let zone = denver();
    let call = Occasion {
        purpose: Purpose::Specialist,
        ..occasion(&zone)
    };
    for (language, other) in [
        (Language::english(), "specialist will"),
        (Language::of("es"), "llamará un especialista"),
    ] {
        for charged in Charged::ALL.iter().copied() {
            let person = Person {
                charged,
                purpose: Purpose::Specialist,
                ..dorothy()
            };
            let words = all_words(&alone(language, &call, person));
            assert!(!words.contains(other), "{words}");
        }
    }
}

#[test]
fn whoever_rang_us_is_not_asked_to_believe_us_nor_for_a_code() {
    let zone = denver();
    let call = Occasion {
        purpose: Purpose::TheyRang,
        ..occasion(&zone)
    };
    let script = alone(Language::english(), &call, dorothy());
    let told = steps(&script);
    assert!(
        told[0].contains("Who am I speaking with?") && !told[0].contains("Dorothy"),
        "{}",
        told[0]
    );
    assert_eq!(
        told[1],
        "“When did you try to pay?” It was at 1:09 p.m. on Wednesday, April 15. Never ask for a number or a code. If they give \
         the code MAPLE 27, it is right."
    );
    assert!(!all_words(&script).contains("this call is real"));
    assert!(script.doubt.is_empty());
}

#[test]
fn no_amount_and_no_reason_is_told_before_it_is_clear_who_speaks() {
    let zone = denver();
    for language in [Language::english(), Language::of("es")] {
        for people in [vec![dorothy()], vec![dorothy(), walter()]] {
            let script = live(language, &occasion(&zone), &people, Some(0));
            let before = script.steps.len() - 2;
            for step in &script.steps[..before] {
                let words = said(&step.says);
                assert!(!words.contains('$') && !words.contains("1:04"), "{words}");
            }
        }
    }
}

/// What breaks it: a message that tells one person of a household, or an office, of the others.
#[test]
fn a_machine_learns_nothing_and_at_most_one_name() {
    let zone = denver();
    for language in [Language::english(), Language::of("es")] {
        let message =
            |people: &[Person<'_>]| said(&voicemail(language, &occasion(&zone), people).steps[0].says);
        let spoken = message(&[dorothy(), walter()]);
        for secret in [
            "$", "pay", "pag", "MAPLE", "1:04", "down", "tax", "impuesto", "Dorothy", "Walter",
        ] {
            assert!(!spoken.contains(secret), "{spoken}");
        }
        assert!(spoken.contains("800-555-0134"));
        assert!(message(&[dorothy()]).contains("Dorothy Hensley"));
    }
}

#[test]
fn no_second_message_is_left_within_three_days() {
    let zone = denver();
    let again = Occasion {
        may_leave_message: false,
        ..occasion(&zone)
    };
    let script = voicemail(Language::english(), &again, &[dorothy()]);
    assert!(!said(&script.steps[0].says).contains("Maria"));
    assert_eq!(script.steps[0].branches[0].outcome, Some("no_answer"));
}

#[test]
fn five_people_on_one_number_are_an_office_that_learns_no_name_and_no_count() {
    let zone = denver();
    let people: Vec<Person<'_>> = (0..5).map(|_| dorothy()).collect();
    let script = live(Language::english(), &occasion(&zone), &people, None);
    let words = all_words(&script);
    assert!(words.contains("tax preparer"));
    assert!(
        !words.contains("Dorothy") && !words.contains("5 people"),
        "{words}"
    );
}

#[test]
fn it_can_be_said_without_any_fact() {
    let zone = denver();
    let bare = Occasion {
        help_phone: None,
        pay_url: None,
        now: on(3, "9:00"),
        ..occasion(&zone)
    };
    let nobody = Person {
        given_name: "",
        full_name: "",
        code: None,
        amount: None,
        tries: 1,
        deadline: None,
        ..dorothy()
    };
    for language in [Language::english(), Language::of("es")] {
        for people in [vec![nobody.clone()], vec![nobody.clone(), nobody.clone()]] {
            let words = all_words(&live(language, &bare, &people, Some(0)));
            assert!(
                !words.contains('{')
                    && !words.contains("  ")
                    && !words.contains(" .")
                    && !words.contains(", ."),
                "{words}"
            );
        }
    }
    let english = all_words(&alone(Language::english(), &bare, nobody));
    assert!(
        english.contains("down on Wednesday, April 15 from 1:04 to 1:26 p.m."),
        "{english}"
    );
}

#[test]
fn it_is_said_in_spanish() {
    let zone = denver();
    let of = |speaking| {
        live(
            Language::of("es"),
            &occasion(&zone),
            &[dorothy(), walter()],
            speaking,
        )
    };
    assert!(steps(&of(None))[0].contains("¿Puedo hablar con Dorothy Hensley o Walter Hensley?"));
    let why = &steps(&of(Some(0)))[1];
    assert!(
        why.contains("no funcionó esta tarde de la 1:04 a la 1:26. Usted lo intentó dos veces"),
        "{why}"
    );
}

#[test]
fn a_spanish_name_with_its_article_melts_into_the_words_before_it() {
    let zone = denver();
    for (purpose, told) in [
        (Purpose::Outage, "le habla Maria, del Departamento de Hacienda."),
        (
            Purpose::TheyRang,
            "Gracias por llamar al Departamento de Hacienda.",
        ),
    ] {
        let call = Occasion {
            agency: "el Departamento de Hacienda",
            purpose,
            ..occasion(&zone)
        };
        let words = all_words(&alone(Language::of("es"), &call, dorothy()));
        assert!(words.contains(told), "{words}");
    }
}

#[test]
fn both_languages_have_the_same_steps_answers_and_facts() {
    let zone = denver();
    let shape = |script: &Script| -> Vec<(usize, Vec<Records>)> {
        let fills = |step: &Step| step.says.iter().filter(|piece| piece.fill).count();
        let outcomes = |step: &Step| {
            let all = step.branches.iter().chain(&step.seldom);
            all.map(|branch| branch.outcome).collect()
        };
        let steps = script.steps.iter();
        steps.map(|step| (fills(step), outcomes(step))).collect()
    };
    for purpose in [
        Purpose::Outage,
        Purpose::Promised(on(1, "17:45")),
        Purpose::Check(on(1, "17:45")),
        Purpose::Specialist,
        Purpose::TheyRang,
    ] {
        for charged in Charged::ALL.iter().copied() {
            let call = Occasion {
                purpose,
                ..occasion(&zone)
            };
            let person = Person {
                charged,
                purpose,
                ..dorothy()
            };
            let [english, spanish] = [Language::english(), Language::of("es")]
                .map(|language| alone(language, &call, person.clone()));
            assert_eq!(shape(&english), shape(&spanish), "{purpose:?} {charged}");
            assert_eq!(english.also.len(), spanish.also.len());
        }
    }
}

#[test]
fn every_answer_is_recorded_by_an_outcome_that_exists() {
    let zone = denver();
    let outcomes = Outcomes::default();
    for purpose in [
        Purpose::Outage,
        Purpose::Check(on(1, "17:45")),
        Purpose::Specialist,
        Purpose::TheyRang,
    ] {
        let call = Occasion {
            purpose,
            ..occasion(&zone)
        };
        for charged in Charged::ALL.iter().copied() {
            let person = Person {
                charged,
                purpose,
                ..dorothy()
            };
            let script = alone(Language::english(), &call, person);
            for branch in script
                .steps
                .iter()
                .flat_map(|step| step.branches.iter().chain(&step.seldom))
            {
                assert!(
                    branch.outcome.is_none_or(|key| outcomes.get(key).is_some()),
                    "{:?}",
                    branch.outcome
                );
            }
        }
    }
}
