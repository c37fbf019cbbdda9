use super::page::{AccountRow, Choice, Form, FormPage, FreshLink, ListPage};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::paging::Paging;

fn account(id: i64, name: &str, role: &'static str, active: bool) -> AccountRow {
    AccountRow {
        id,
        name: name.into(),
        email: "someone@revenue.example".into(),
        role,
        languages: "English, Spanish".into(),
        active,
        specialist: id == 2,
        invited: id == 2,
        tokens: 2,
        own: id == 1,
    }
}

fn accounts(fresh: Option<FreshLink>) -> ListPage {
    ListPage {
        chrome: chrome(Place::Board),
        accounts: vec![
            account(1, "Elaine Porter", "Administrator", true),
            account(2, "Maria Delgado", "Caller", true),
            account(3, "Sam Fitzgerald", "Caller", false),
        ],
        paging: Paging::new(1, 50, 3, "/accounts", ""),
        fresh,
    }
}

#[test]
fn nobody_disables_themselves() {
    let html = shown("accounts", &accounts(None));
    assert!(!html.contains("/accounts/1/disable"));
    assert!(html.contains("/accounts/2/disable"));
    assert!(html.contains("/accounts/3/enable"));
}

#[test]
fn a_link_is_shown_once_with_whose_it_is_and_never_a_password() {
    let fresh = |reset| FreshLink {
        name: "Maria Delgado".into(),
        url: Some("https://makegood.example/password/abc".into()),
        reset,
    };
    let html = shown("accounts-link", &accounts(Some(fresh(true))));
    assert!(html.contains("https://makegood.example/password/abc") && html.contains("sessions"));
    let html = shown("accounts-invited", &accounts(Some(fresh(false))));
    assert!(html.contains("Maria Delgado") && !html.contains("sessions"));
    let again = FreshLink {
        url: None,
        ..fresh(true)
    };
    let html = shown("accounts-link-again", &accounts(Some(again)));
    assert!(html.contains("press “New link”") && !html.contains("oncepass"));
}

#[test]
fn a_new_account_has_a_role_and_languages() {
    let choice = |key: &str, label: &str, note| Choice {
        key: key.into(),
        label: label.into(),
        note,
        chosen: key == "caller",
    };
    let page = FormPage {
        chrome: chrome(Place::Board),
        action: "/accounts".into(),
        new: true,
        form: Form {
            name: "Grace Lindqvist".into(),
            email: "grace".into(),
            specialist: false,
        },
        roles: vec![
            choice("caller", "Caller", "Calls citizens from their list"),
            choice("supervisor", "Supervisor", "Imports, splits, watches, sends"),
        ],
        languages: vec![choice("en", "English", ""), choice("es", "Spanish", "")],
        problem: Some(("email".into(), "This is not an e-mail address.".into())),
        tokens: Vec::new(),
        token_base: String::new(),
    };
    assert!(shown("account-new", &page).contains("This is not an e-mail address."));
}
