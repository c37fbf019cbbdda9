use std::collections::BTreeSet;

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
        code: Some("MAPLE 27"),
        window: (on(1, "13:04"), on(1, "13:26")),
        now: on(1, "19:44"),
        zone,
        may_leave_message: true,
    }
}

fn dorothy() -> Person<'static> {
    Person {
        given_name: "Dorothy",
        full_name: "Dorothy Hensley",
        amount: Some(Cents(128_400)),
        tries: 2,
        charged: Charged::NotCharged,
        deadline: Some(date(2026, 4, 20)),
    }
}

fn walter() -> Person<'static> {
    Person {
        given_name: "Walter",
        full_name: "Walter Hensley",
        amount: Some(Cents(31_250)),
        tries: 1,
        charged: Charged::ChargedTwice,
        deadline: None,
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
    let step = |step: &Step| {
        step.says
            .iter()
            .map(|say| said(&say.pieces))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    script.steps.iter().map(step).collect()
}

fn all_words(script: &Script) -> String {
    let branches = script
        .steps
        .iter()
        .flat_map(|step| &step.branches)
        .map(|branch| said(&branch.pieces));
    steps(script)
        .into_iter()
        .chain(branches)
        .chain([said(&script.doubt)])
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn one_person_hears_who_calls_then_why_then_the_question() {
    let zone = denver();
    let script = live(Language::English, &occasion(&zone), &[dorothy()]);
    assert_eq!(
        steps(&script),
        [
            "“Hello, this is Maria with the Franklin Department of Revenue. May I speak with Dorothy Hensley?”",
            "“Am I speaking with Dorothy Hensley in person? You can check that this call is real: our e-mail to you \
             has the code MAPLE 27. I won’t ask for money, or for any card, bank or Social Security number.”",
            "“Our payment system was down from 1:04 p.m. to 1:26 p.m. this afternoon. You tried 2 times, and your \
             payment of $1,284.00 did not go through. We are sorry. We did not take your money. If your bank shows a \
             hold, it should drop off in a few days.”",
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
fn what_was_filled_in_is_marked() {
    let zone = denver();
    let script = live(Language::English, &occasion(&zone), &[dorothy()]);
    let filled: Vec<&str> = script.steps[0].says[0]
        .pieces
        .iter()
        .filter(|p| p.fill)
        .map(|p| p.text.as_str())
        .collect();
    assert_eq!(
        filled,
        ["Maria", "the Franklin Department of Revenue", "Dorothy Hensley"]
    );
}

#[test]
fn of_two_people_each_hears_only_their_own_facts() {
    let zone = denver();
    let script = live(Language::English, &occasion(&zone), &[dorothy(), walter()]);
    let why = &script.steps[2];
    assert_eq!(
        [why.says[0].only_to.as_str(), why.says[1].only_to.as_str()],
        ["Only to Dorothy", "Only to Walter"]
    );
    assert!(
        said(&why.says[0].pieces).contains("$1,284.00") && !said(&why.says[0].pieces).contains("$312.50")
    );
    assert!(
        said(&why.says[1].pieces).contains("taken twice")
            && !said(&why.says[1].pieces).contains("did not take")
    );
    let asks: Vec<&str> = script.steps[3..]
        .iter()
        .map(|step| step.says[0].only_to.as_str())
        .collect();
    assert_eq!(asks, ["Only to Walter", "Only to Dorothy"], "the worst first");
}

#[test]
fn we_did_not_take_your_money_is_said_only_when_that_is_known() {
    let zone = denver();
    for charged in [Charged::Unknown, Charged::Charged, Charged::ChargedTwice] {
        for (language, claim) in [
            (Language::English, "did not take"),
            (Language::Spanish, "No le cobramos"),
        ] {
            let person = Person { charged, ..dorothy() };
            assert!(!all_words(&live(language, &occasion(&zone), &[person])).contains(claim));
        }
    }
}

#[test]
fn no_amount_and_no_reason_is_told_before_it_is_clear_who_speaks() {
    let zone = denver();
    for language in [Language::English, Language::Spanish] {
        let script = live(language, &occasion(&zone), &[dorothy(), walter()]);
        for step in &script.steps[..2] {
            let words: String = step.says.iter().map(|say| said(&say.pieces)).collect();
            assert!(!words.contains('$') && !words.contains("1:04"), "{words}");
        }
    }
}

#[test]
fn a_machine_learns_nothing() {
    let zone = denver();
    for language in [Language::English, Language::Spanish] {
        let spoken =
            said(&voicemail(language, &occasion(&zone), &[dorothy(), walter()]).steps[0].says[0].pieces);
        for secret in ["$", "pay", "pag", "MAPLE", "1:04", "down", "tax", "impuesto"] {
            assert!(!spoken.contains(secret), "{spoken}");
        }
        assert!(spoken.contains("800-555-0134"));
    }
}

#[test]
fn no_second_message_is_left_within_three_days() {
    let zone = denver();
    let again = Occasion {
        may_leave_message: false,
        ..occasion(&zone)
    };
    let script = voicemail(Language::English, &again, &[dorothy()]);
    assert!(!said(&script.steps[0].says[0].pieces).contains("Maria"));
    assert_eq!(script.steps[0].branches[0].outcome, Some("no_answer"));
}

#[test]
fn five_people_on_one_number_are_an_office() {
    let zone = denver();
    let people: Vec<Person<'_>> = (0..5).map(|_| dorothy()).collect();
    let script = live(Language::English, &occasion(&zone), &people);
    assert!(said(&script.steps[0].says[0].pieces).contains("tax preparer"));
    assert!(!said(&script.steps[0].says[0].pieces).contains("Dorothy"));
    assert!(said(&script.steps[0].branches[0].pieces).contains("5 people"));
}

#[test]
fn it_can_be_said_without_any_fact() {
    let zone = denver();
    let bare = Occasion {
        help_phone: None,
        pay_url: None,
        code: None,
        now: on(3, "9:00"),
        ..occasion(&zone)
    };
    let nobody = Person {
        given_name: "",
        full_name: "",
        amount: None,
        tries: 1,
        deadline: None,
        ..dorothy()
    };
    for language in [Language::English, Language::Spanish] {
        let words = all_words(&live(language, &bare, &[nobody.clone(), nobody.clone()]));
        assert!(
            !words.contains('{') && !words.contains("  ") && !words.contains(" ."),
            "{words}"
        );
    }
    let english = all_words(&live(Language::English, &bare, &[nobody]));
    assert!(
        english.contains("down on Wednesday, April 15 from 1:04 p.m. to 1:26 p.m."),
        "{english}"
    );
}

#[test]
fn it_is_said_in_spanish() {
    let zone = denver();
    let script = live(Language::Spanish, &occasion(&zone), &[dorothy(), walter()]);
    assert!(steps(&script)[0].contains("¿Puedo hablar con Dorothy Hensley o Walter Hensley?"));
    let why = said(&script.steps[2].says[0].pieces);
    assert!(
        why.contains("no funcionó esta tarde de la 1:04 p. m. a la 1:26 p. m."),
        "{why}"
    );
}

#[test]
fn both_languages_have_the_same_steps_answers_and_facts() {
    let zone = denver();
    let people = [
        dorothy(),
        walter(),
        Person {
            charged: Charged::Unknown,
            ..dorothy()
        },
    ];
    let [english, spanish] =
        [Language::English, Language::Spanish].map(|language| live(language, &occasion(&zone), &people));
    let shape = |script: &Script| -> Vec<(usize, Vec<Records>, BTreeSet<usize>)> {
        let fills = |step: &Step| {
            step.says
                .iter()
                .map(|say| say.pieces.iter().filter(|p| p.fill).count())
                .collect()
        };
        let outcomes = |step: &Step| step.branches.iter().map(|branch| branch.outcome).collect();
        script
            .steps
            .iter()
            .map(|step| (step.says.len(), outcomes(step), fills(step)))
            .collect()
    };
    assert_eq!(shape(&english), shape(&spanish));
    assert_eq!(english.also.len(), spanish.also.len());
}

#[test]
fn every_answer_is_recorded_by_an_outcome_that_exists() {
    let zone = denver();
    let outcomes = Outcomes::default();
    let states = Charged::ALL.iter().map(|charged| Person {
        charged: *charged,
        ..dorothy()
    });
    let people: Vec<Person<'_>> = states.chain([walter()]).collect();
    let script = live(Language::English, &occasion(&zone), &people);
    for branch in script.steps.iter().flat_map(|step| &step.branches) {
        assert!(
            branch.outcome.is_none_or(|key| outcomes.get(key).is_some()),
            "{:?}",
            branch.outcome
        );
    }
}
