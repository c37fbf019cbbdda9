use super::compose::{Preview, form_page, list_page};
use super::typed::Typed;
use crate::domain::outcome::Outcomes;
use crate::domain::seeded::seeded;
use crate::outreach::outcomes::Effect;
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};

#[test]
fn the_list_says_what_follows_from_each() {
    let html = shown("outcomes", &list_page(chrome(Place::Board), &Outcomes::default()));
    assert!(html.contains("Calls again after 20 minutes"));
    assert!(html.contains("We tried to call"));
}

#[test]
fn every_rule_survives_its_form() {
    for outcome in seeded() {
        let draft = Typed::of(&outcome).draft().unwrap();
        assert_eq!(
            (draft.rule, draft.template_key, draft.hotkey),
            (outcome.rule, outcome.template_key, outcome.hotkey)
        );
    }
}

#[test]
fn a_rule_is_shown_as_a_sentence_with_what_it_would_do() {
    let busy = seeded()
        .into_iter()
        .find(|outcome| outcome.key == "busy")
        .unwrap();
    let effect = Effect {
        people: 45,
        more: false,
        now: [("To call again", 45)].into(),
        then: [("To call again", 31), ("To be e-mailed", 14)].into(),
    };
    let preview = Preview::Effect(busy.rule.clone(), effect);
    let html = shown(
        "outcome",
        &form_page(
            chrome(Place::Board),
            Some(&busy),
            &Typed::of(&busy),
            preview,
            None,
        ),
    );
    assert!(html.contains("to the 45 people whose last outcome is “Busy”"));
    assert!(html.contains("Calls again after 20 minutes"));
}

#[test]
fn what_is_no_number_is_told_where_it_was_typed() {
    let mut typed = Typed::default();
    typed.form.tries = "many".into();
    let problem = typed.draft().unwrap_err();
    assert_eq!(problem.0, "tries");
    let html = shown(
        "outcome-new",
        &form_page(chrome(Place::Board), None, &typed, Preview::None, Some(problem)),
    );
    assert!(html.contains("Write a whole number."));
}
