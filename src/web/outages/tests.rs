use super::ZONES;
use super::page::{Form, FormPage, ListPage, OutageRow};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};

fn form() -> Form {
    Form {
        name: "April 14 payment outage".into(),
        slug: "apr-14".into(),
        start: "2027-04-14T13:04".into(),
        end: "2027-04-14T13:26".into(),
        zone: "America/New_York".into(),
        calling_from: "08:00".into(),
        calling_until: "21:00".into(),
        account_format: "T-0000000".into(),
        pool_open: "yes".into(),
        agency_name: "Franklin Department of Revenue".into(),
        ..Form::default()
    }
}

fn form_page(problem: Option<(&'static str, &str)>) -> FormPage {
    FormPage {
        chrome: chrome(Place::Board),
        action: "/outages".into(),
        new: true,
        form: form(),
        problems: problem
            .into_iter()
            .map(|(field, message)| (field, message.to_owned()))
            .collect(),
        history: Vec::new(),
        stays: None,
        zones: &ZONES,
        back: "/outages".into(),
    }
}

#[test]
fn a_new_outage_asks_for_its_window_and_calling_hours() {
    let html = shown("outage-new", &form_page(None));
    assert!(html.contains("Calling hours, every day"));
    assert!(!html.contains("aria-invalid"));
}

#[test]
fn a_wrong_field_says_so_in_its_slot_and_keeps_what_was_typed() {
    let html = shown(
        "outage-wrong",
        &form_page(Some(("end", "The end is before the start."))),
    );
    assert!(html.contains(r#"aria-describedby="end-problem""#));
    assert!(html.contains(r#"id="end-problem">The end is before the start."#));
    assert!(html.contains(r#"value="April 14 payment outage""#));
}

#[test]
fn a_problem_of_no_field_stands_on_top() {
    let html = shown(
        "outage-conflict",
        &form_page(Some(("", "The database is busy. Send it again."))),
    );
    assert!(html.contains(r#"role="alert""#));
}

#[test]
fn outages_are_listed_with_their_progress() {
    let row = |name: &str, closed, citizens| OutageRow {
        name: name.into(),
        href: "/outages/apr-14/board".into(),
        window: "April 14, 2027, 1:04 to 1:26 p.m.".into(),
        closed,
        citizens,
        progress: format!("{closed} of {citizens}"),
    };
    let outages = vec![row("April 14 payment outage", 501, 968), row("Rehearsal", 0, 0)];
    let html = shown(
        "outages",
        &ListPage {
            chrome: chrome(Place::Board),
            outages,
        },
    );
    assert!(html.contains("Nothing imported yet"));
}

#[test]
fn without_an_outage_the_page_says_what_to_do() {
    let mut chrome = chrome(Place::Board);
    chrome.outage = None;
    let html = shown(
        "outages-empty",
        &ListPage {
            chrome,
            outages: Vec::new(),
        },
    );
    assert!(html.contains("No outage to work on"));
}
