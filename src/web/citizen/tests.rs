use super::page::{
    Cost, Day, DetailsPage, DonePage, FailedRow, Frame, PartOfDay, Problem, QuestionsPage, Shut, ShutPage,
    TimeChoice,
};
use super::told::Told;
use crate::domain::charged::Charged;
use crate::domain::words::Language;
use crate::web::sample::shown;

fn frame(language: Language) -> Frame {
    Frame {
        language,
        agency: "Department of Revenue".into(),
        about: "April 14 payment outage".into(),
        action: "/c/sample".into(),
        name: "Dorothy".into(),
        help: ("8005550134".into(), "800-555-0134".into()),
    }
}

fn told(language: Language, charged: Charged) -> Told {
    let asks = charged.may_ask_to_pay();
    let pay = |address: &str| if asks { address.to_owned() } else { String::new() };
    Told {
        language,
        charged,
        due: pay("Monday, April 20"),
        passed: false,
        pay: (
            pay("https://revenue.franklin.example/pay"),
            pay("revenue.franklin.example/pay"),
        ),
    }
}

fn questions(language: Language) -> QuestionsPage {
    questions_of(language, Charged::NotCharged)
}

fn questions_of(language: Language, charged: Charged) -> QuestionsPage {
    let time = |time: &str| TimeChoice {
        value: "1776250800000000".into(),
        time: time.into(),
        chosen: false,
    };
    let part = |name, times: &[&str]| PartOfDay {
        name,
        times: times.iter().map(|at| time(at)).collect(),
    };
    QuestionsPage {
        frame: frame(language),
        day: language.day(chrono::NaiveDate::from_ymd_opt(2026, 4, 14).unwrap()),
        time: language.clock(13, 9),
        window: Some((language.clock(13, 4), language.clock(13, 26))),
        told: told(language, charged),
        settled: false,
        choice: String::new(),
        days: vec![Day {
            name: "Thursday, April 15".into(),
            free: 3,
            open: true,
            parts: vec![
                part("Morning", &["9:00 a.m.", "9:15 a.m."]),
                part("Evening", &["5:30 p.m."]),
            ],
        }],
        nearest: Vec::new(),
        zone: "EDT".into(),
        phone: String::new(),
        speak: language.code().into(),
        has_phone: true,
        has_details: true,
        problem: None,
        for_letter: false,
        cost: Cost::default(),
        until: "April 28".into(),
        code: "MAPLE 27".into(),
    }
}

#[test]
fn the_page_asks_in_both_languages_and_nothing_is_chosen_beforehand() {
    let english = shown("citizen", &questions(Language::english()));
    assert!(english.contains("Hello Dorothy.") && english.contains("We did not take your money."));
    assert!(english.contains("at 1:09\u{a0}p.m. Your payment"), "{english}");
    assert!(!english.contains("checked") && !english.contains("<script"));
    let spanish = shown("citizen-es", &questions(Language::of("es")));
    assert!(spanish.contains(r#"<html lang="es">"#) && spanish.contains("Hola, Dorothy."));
    assert!(!spanish.contains("Send my answer"));
}

#[test]
fn each_state_of_the_money_has_a_page_of_its_own_and_one_of_them_asks_to_pay() {
    let pages = [
        (Charged::Unknown, "wait before you pay", "espere antes de pagar"),
        (Charged::Charged, "We have your money", "Tenemos su dinero"),
        (
            Charged::ChargedTwice,
            "took your payment two times",
            "Le cobramos dos veces",
        ),
    ];
    for (charged, english, spanish) in pages {
        for (language, said) in [(Language::english(), english), (Language::of("es"), spanish)] {
            let name = format!("citizen-{}-{}", charged.as_str(), language.code());
            let html = shown(&name, &questions_of(language, charged));
            assert!(html.contains(said), "{html}");
            for asking in [
                "Pay now",
                "Pagar ahora",
                "did not take",
                "cobramos nada",
                "can pay",
                "April 20",
                "did not go through",
                "have_paid",
            ] {
                assert!(!html.contains(asking), "{asking}: {html}");
            }
        }
    }
    let html = shown("citizen", &questions(Language::english()));
    assert!(html.contains("Pay now") && html.contains("Your due date is Monday, April 20."));
}

#[test]
fn a_due_date_that_is_over_is_told_as_over() {
    let mut late = questions(Language::english());
    late.told.passed = true;
    let html = shown("citizen-late", &late);
    assert!(html.contains("Your due date has passed: Monday, April 20. You can still pay."));
    assert!(!html.contains("Your due date is"));
}

#[test]
fn what_cannot_be_used_is_said_where_it_stands() {
    let wrong = QuestionsPage {
        problem: Some(Problem::WrongDigits(3)),
        ..questions(Language::english())
    };
    let html = shown("citizen-digits", &wrong);
    assert!(html.contains("Tries left: 3") && html.contains("<details class=\"fold\" open>"));
}

#[test]
fn the_answer_is_told_back_and_can_be_changed() {
    let done = DonePage {
        frame: frame(Language::english()),
        told: told(Language::english(), Charged::Charged),
        choice: "call_me".into(),
        call: Some(("Thursday, April 15".into(), "5:45 p.m.".into())),
        other_phone: false,
        language: "English",
        caller_id: "(423) 555-0199".into(),
        pay: Default::default(),
        until: "April 28".into(),
        code: "MAPLE 27".into(),
    };
    let html = shown("citizen-done", &done);
    assert!(html.contains("5:45 p.m.") && html.contains("/c/sample?change=1"));
    assert!(!html.contains("Pay now") && html.contains("Do not pay again"));
}

#[test]
fn details_say_that_several_tries_are_one_payment() {
    let row = |when: &str| FailedRow {
        when: when.into(),
        tax: "income".into(),
        amount: "$1,284.00".into(),
    };
    let page = DetailsPage {
        frame: frame(Language::english()),
        payments: vec![
            row("Tuesday, April 14, at 1:09 p.m."),
            row("Tuesday, April 14, at 1:11 p.m."),
        ],
        told: told(Language::english(), Charged::NotCharged),
    };
    assert!(shown("citizen-details", &page).contains("only once"));
}

#[test]
fn a_link_that_opens_nothing_says_what_to_do() {
    for why in [Shut::Unknown, Shut::Expired, Shut::NotTheirs] {
        let page = ShutPage {
            frame: Frame {
                name: String::new(),
                action: String::new(),
                ..frame(Language::english())
            },
            why,
        };
        let html = shown(&format!("citizen-{why:?}").to_lowercase(), &page);
        assert_eq!(html.contains("14 days"), why == Shut::Expired);
        assert_eq!(html.contains("shows nothing more"), why == Shut::NotTheirs);
        assert!(html.contains("call us") && html.contains("800-555-0134"));
    }
}
