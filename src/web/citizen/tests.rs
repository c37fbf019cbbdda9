use super::page::{
    Day, DetailsPage, DonePage, FailedRow, Frame, Problem, QuestionsPage, ShutPage, SlotChoice, Tongue,
};
use crate::domain::words::Language;
use crate::web::sample::shown;

fn frame(language: Language) -> Frame {
    Frame {
        t: Tongue(language),
        agency: "Department of Revenue".into(),
        about: "April 14 payment outage".into(),
        action: "/c/sample".into(),
        name: "Dorothy".into(),
        help: ("8005550134".into(), "800-555-0134".into()),
    }
}

fn questions(language: Language) -> QuestionsPage {
    let slot = |name, times: &str| SlotChoice {
        value: "1776250800000000".into(),
        name,
        times: times.into(),
        chosen: false,
    };
    QuestionsPage {
        frame: frame(language),
        day: language.day(chrono::NaiveDate::from_ymd_opt(2026, 4, 14).unwrap()),
        time: language.clock(13, 9),
        not_charged: true,
        settled: false,
        pay: (
            "https://revenue.franklin.example/pay".into(),
            "revenue.franklin.example/pay".into(),
        ),
        choice: String::new(),
        days: vec![Day {
            name: "Thursday, April 15".into(),
            slots: vec![slot("Morning", "8–12"), slot("Evening", "5–9")],
        }],
        phone: String::new(),
        has_phone: true,
        has_details: true,
        problem: None,
        until: "April 28".into(),
        code: "MAPLE 27".into(),
    }
}

#[test]
fn the_page_asks_in_both_languages_and_nothing_is_chosen_beforehand() {
    let english = shown("citizen", &questions(Language::English));
    assert!(english.contains("Hello Dorothy.") && english.contains("We did not take your money."));
    assert!(!english.contains("checked") && !english.contains("<script"));
    let spanish = shown("citizen-es", &questions(Language::Spanish));
    assert!(spanish.contains(r#"<html lang="es">"#) && spanish.contains("Hola, Dorothy."));
    assert!(!spanish.contains("Send my answer"));
}

#[test]
fn money_is_called_safe_only_where_that_is_known() {
    let unknown = QuestionsPage {
        not_charged: false,
        ..questions(Language::English)
    };
    let html = shown("citizen-unknown", &unknown);
    assert!(!html.contains("did not take") && html.contains("look at your bank"));
}

#[test]
fn what_cannot_be_used_is_said_where_it_stands() {
    let wrong = QuestionsPage {
        problem: Some(Problem::WrongDigits(3)),
        ..questions(Language::English)
    };
    let html = shown("citizen-digits", &wrong);
    assert!(html.contains("Tries left: 3") && html.contains("<details class=\"mt5\" open>"));
}

#[test]
fn the_answer_is_told_back_and_can_be_changed() {
    let done = DonePage {
        frame: frame(Language::English),
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
    assert!(!html.contains("Pay now"));
}

#[test]
fn details_say_that_several_tries_are_one_payment() {
    let row = |when: &str| FailedRow {
        when: when.into(),
        tax: "income".into(),
        amount: "$1,284.00".into(),
    };
    let page = DetailsPage {
        frame: frame(Language::English),
        payments: vec![
            row("Tuesday, April 14, at 1:09 p.m."),
            row("Tuesday, April 14, at 1:11 p.m."),
        ],
        deadline: "Monday, April 20".into(),
    };
    assert!(shown("citizen-details", &page).contains("only once"));
}

#[test]
fn a_link_that_opens_nothing_says_what_to_do() {
    for expired in [true, false] {
        let page = ShutPage {
            frame: frame(Language::English),
            expired,
        };
        let html = shown(
            if expired {
                "citizen-expired"
            } else {
                "citizen-forged"
            },
            &page,
        );
        assert_eq!(html.contains("14 days"), expired);
        assert!(html.contains("call us") && !html.contains("/c/sample\""));
    }
}
