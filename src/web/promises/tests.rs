use super::page::{Choice, LedgerPage, Mark, PromiseRow};
use crate::outreach::promises::Tally;
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::paging::Paging;

fn row(what: &str, standing: &'static str, badge: &'static str, remedy: Option<Mark>) -> PromiseRow {
    PromiseRow {
        due: "7:30 p.m.".into(),
        what: what.into(),
        name: "Robert Mills".into(),
        href: Some("/cases/418".into()),
        owner: "Maria Delgado".into(),
        standing,
        badge,
        kept: String::new(),
        remedy,
    }
}

fn choice(label: &str) -> Vec<Choice> {
    vec![Choice {
        key: String::new(),
        label: label.into(),
        chosen: true,
    }]
}

#[test]
fn every_promise_says_who_owes_it_and_how_it_stands() {
    let mark = Mark {
        action: "/outages/apr-14/promises/remedies/3".into(),
        done: false,
    };
    let page = LedgerPage {
        chrome: chrome(Place::Promises),
        base: "/outages/apr-14".into(),
        rate: super::compose::rate(&Tally {
            kept: 31,
            late: 1,
            broken: 1,
            open: 11,
        }),
        tally: vec![("Kept on time", "31".into(), "reached")],
        kinds: choice("All promises"),
        standings: choice("However they stand"),
        owners: choice("Everybody’s"),
        promises: vec![
            row("Callback", "Overdue", "badge--bad", None),
            row("Late-filing penalty waived", "Not due yet", "", Some(mark)),
        ],
        paging: Paging::new(1, 50, 2, "/outages/apr-14/promises", ""),
    };
    let html = shown("promises", &page);
    assert!(html.contains("94% of 33 promises kept on time"));
    assert!(html.contains("Mark as done"));
}

#[test]
fn before_the_first_is_due_there_is_no_rate() {
    assert_eq!(
        super::compose::rate(&Tally::default()),
        "No promise has been due yet."
    );
}
