use super::page::{AccountPage, FreshRow, TokenRow};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};

fn page() -> AccountPage {
    let token = |id, label: &str, soon| TokenRow {
        id,
        label: label.into(),
        ending: "h7Qd".into(),
        made: "March 10, 2027".into(),
        used: "6:00 a.m.".into(),
        ends: "June 8, 2027".into(),
        soon,
    };
    AccountPage {
        chrome: chrome(Place::Board),
        languages: "English, Spanish".into(),
        changed: "March 2, 2027".into(),
        just_changed: false,
        tokens: vec![token(1, "Night report", false), token(2, "Phone system", true)],
        fresh: None,
        made_before: false,
        problem: None,
    }
}

#[test]
fn the_page_has_a_password_and_tokens_and_nothing_that_is_not_there() {
    let html = shown("account", &page());
    assert!(html.contains("Last changed March 2, 2027") && html.contains("mg_…h7Qd"));
    assert!(html.contains("/account/tokens/2/revoke"));
    assert!(!html.contains("asskey") && !html.contains("uthenticator"));
}

#[test]
fn a_token_is_shown_once_and_a_wrong_password_at_its_field() {
    let fresh = FreshRow {
        label: "Shift script".into(),
        token: "mg_secret".into(),
        ends: "June 8, 2027".into(),
    };
    let with_fresh = AccountPage {
        fresh: Some(fresh),
        ..page()
    };
    assert!(shown("account-token", &with_fresh).contains("mg_secret"));
    let again = AccountPage {
        made_before: true,
        ..page()
    };
    assert!(shown("account-token-again", &again).contains("take it back and make another"));
    let wrong = AccountPage {
        problem: Some(("new_password", "This password is a row of keys.".into())),
        ..page()
    };
    let html = shown("account-wrong", &wrong);
    assert!(html.contains(r#"aria-describedby="new_password-problem""#));
    assert!(html.contains(r#"id="new_password-problem">This password is a row of keys."#));
}
