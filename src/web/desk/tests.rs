//! Each state of the desk, rendered. The pages are left in `target/pages` to look at.

use std::path::Path;

use askama::Template;

use super::form::{OutcomeForm, Problem};
use super::queue::Notice;
use super::*;
use crate::web::help::KeysPage;
use crate::web::layout::Place;
use crate::web::look::{Look, LookPage};
use crate::web::sign_in::SignInPage;

fn show(name: &str, page: &impl Template) -> String {
    let html = page.render().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
    assert!(
        !html.contains(" style=") && !html.contains("<style"),
        "the policy forbids inline style"
    );
    assert!(
        !html.contains(" onclick=") && !html.contains("<script>"),
        "the policy forbids inline script"
    );
    html
}

fn on_the_desk(form: OutcomeForm) -> DeskPage {
    sample::desk(State::Call(Box::new(call::Call {
        form,
        ..sample::call()
    })))
}

#[test]
fn a_call_shows_the_person_the_number_and_every_outcome_with_its_key() {
    let html = show("desk-ready", &on_the_desk(sample::form()));
    assert!(html.contains(r#"href="tel:+14235550142""#));
    for group in sample::groups() {
        for out in group.frequent.iter().chain(&group.others) {
            assert!(html.contains(&format!(
                r#"value="{}" data-key="{}""#,
                out.key,
                out.hotkey.to_lowercase()
            )));
        }
    }
}

#[test]
fn the_form_belongs_to_its_claim_so_that_no_note_slips_into_the_next_call() {
    let html = on_the_desk(sample::form()).render().unwrap();
    for id in ["form-5-0", "note-5-0", "saved-5-0"] {
        assert!(html.contains(&format!(r#"id="{id}""#)));
    }
}

#[test]
fn a_chosen_outcome_asks_its_one_question() {
    let form = OutcomeForm {
        chosen: "call_back".to_owned(),
        question: Some(sample::callback_question()),
        note: "At work now. Walter handles the payments, ask for him. ".to_owned(),
        draft_saved: "Saved 7:44 p.m.".to_owned(),
        ..sample::form()
    };
    let page = DeskPage {
        undo: Some(sample::undo()),
        ..on_the_desk(form)
    };
    let html = show("desk-callback", &page);
    assert!(html.contains("Call back when?"));
    let form = html.split("data-outcomes").nth(1).unwrap();
    assert_eq!(form.matches(r#"aria-pressed="true""#).count(), 1);
    assert_eq!(
        html.matches("autofocus").count(),
        1,
        "focus goes to the first quick time"
    );
}

#[test]
fn other_questions_are_a_choice() {
    for (name, key, field, legend, choices) in [
        (
            "desk-help",
            "needs_help",
            "reason",
            "Help with what?",
            ["It still fails", "Was charged", "Other"],
        ),
        (
            "desk-language",
            "other_language",
            "language",
            "Which language?",
            ["Spanish", "Vietnamese", "Other"],
        ),
        (
            "desk-stop",
            "do_not_call",
            "scope",
            "Stop what?",
            ["Phone calls", "All contact", "This number"],
        ),
    ] {
        let form = OutcomeForm {
            chosen: key.to_owned(),
            question: Some(sample::choice_question(field, legend, &choices)),
            ..sample::form()
        };
        assert!(show(name, &on_the_desk(form)).contains(legend));
    }
}

#[test]
fn what_was_wrong_stands_at_its_field_and_what_was_typed_is_kept() {
    let problem = |field: &str, message: &str| Problem {
        field: field.to_owned(),
        message: message.to_owned(),
    };
    let form = OutcomeForm {
        chosen: "call_back".to_owned(),
        question: Some(sample::callback_question()),
        note: "He read me a number".to_owned(),
        problems: vec![
            problem("callback", "Pick a time from 8:00 a.m. to 9:00 p.m. Eastern."),
            problem("note", "This looks like a card number. It was not saved."),
        ],
        ..sample::form()
    };
    let html = show("desk-wrong", &on_the_desk(form));
    assert!(html.contains("Pick a time from") && html.contains("looks like a card number"));
    assert!(html.contains(">He read me a number</textarea>"));
}

#[test]
fn an_empty_queue_says_why_and_when() {
    let html = show("desk-empty", &sample::desk(State::Empty(sample::empty())));
    assert!(html.contains("calling hours where they live") && html.contains("at 9:00 a.m. tomorrow"));
    show("desk-start", &sample::desk(State::Ready));
}

#[test]
fn news_stands_above_the_call() {
    let news = |tone, strong: &str, text: &str, next: &str| Notice {
        tone,
        strong: strong.to_owned(),
        text: text.to_owned(),
        next: next.to_owned(),
        ..Notice::default()
    };
    let mut page = on_the_desk(sample::form());
    page.notices = vec![
        news(
            "error",
            "All calls are stopped.",
            "The site is down again. Finish your call, then wait.",
            "",
        ),
        news(
            "success",
            "No need to call. Dorothy and Walter paid at 7:41 p.m.",
            "The case closed by itself.",
            "/outages/apr-14/desk/calls/5/next",
        ),
        news(
            "warning",
            "Priya Nair has this household now.",
            "What you record is kept and marked late.",
            "",
        ),
    ];
    if let State::Call(call) = &mut page.state {
        call.dial.no_dial = Some(call::NoDial {
            fact: "It is 9:02 p.m. there.".to_owned(),
            advice: "Calls start again at 8:00 a.m. A supervisor can allow one call.".to_owned(),
        });
    }
    let html = show("desk-news", &page);
    assert!(!html.contains("href=\"tel:"), "no dialling outside calling hours");
}

#[test]
fn names_are_text_everywhere() {
    let mut call = sample::call();
    call.name = "<img src=x onerror=alert(1)>".to_owned();
    call.tiles[0].name = "\"><script>alert(1)</script>".to_owned();
    let html = sample::desk(State::Call(Box::new(call))).render().unwrap();
    assert!(!html.contains("<img") && !html.contains("<script>"));
}

#[test]
fn the_other_pages_render() {
    let (chrome, href) = (sample::chrome(Place::Recent), "/outages/apr-14/desk".to_owned());
    show(
        "desk-recent",
        &RecentPage {
            chrome: chrome.clone(),
            href: href.clone(),
            recent: sample::recent(),
        },
    );
    let callbacks = sample::promised();
    show(
        "desk-callbacks",
        &CallbacksPage {
            chrome: sample::chrome(Place::Callbacks),
            href,
            callbacks,
        },
    );
    show("desk-change", &sample::change());
    let groups = sample::groups();
    let outcomes = groups
        .iter()
        .flat_map(|group| group.frequent.iter().chain(&group.others));
    let keys = outcomes.map(|out| (out.label.as_str(), out.hotkey.as_str()));
    show("help-keys", &KeysPage::new(chrome.clone(), keys));
    show(
        "look",
        &LookPage {
            chrome: Chrome {
                look: Look {
                    theme: "dark",
                    ..Look::default()
                },
                ..chrome
            },
        },
    );
    show("sign-in", &SignInPage::default());
    let wrong = SignInPage {
        email: "maria@example.org".to_owned(),
        problem: "The e-mail or the password is not right.",
        advice: "Check both and try again.".to_owned(),
        ..SignInPage::default()
    };
    assert!(show("sign-in-wrong", &wrong).contains(r#"role="alert""#));
}
