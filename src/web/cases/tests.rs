use super::page::{CasePage, CaseRow, Choice, HistoryRow, ListPage, PersonRow, StandingRow, TransactionRow};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::paging::Paging;

const BASE: &str = "/outages/apr-14";

fn choices(all: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    let choice = |(key, label): &(&str, &str)| Choice {
        key: (*key).into(),
        label: (*label).into(),
        chosen: *key == chosen,
    };
    all.iter().map(choice).collect()
}

fn case_row(name: &str, dot: &'static str, state: &'static str, next: &str) -> CaseRow {
    CaseRow {
        href: "/cases/1042".into(),
        number: "1042".into(),
        name: name.into(),
        phone: "(423) 555-0142".into(),
        dot,
        state,
        next: next.into(),
        tries: "2".into(),
        list: "Maria Delgado".into(),
        language: "Spanish".into(),
    }
}

fn list_page(cases: Vec<CaseRow>) -> ListPage {
    ListPage {
        chrome: chrome(Place::Cases),
        base: BASE.into(),
        heading: "116 citizens: tried, another try due".into(),
        stages: choices(
            &[("", "All states"), ("tried", "Tried, another try due")],
            "tried",
        ),
        lists: choices(
            &[("", "All lists"), ("pool", "On no list"), ("3", "Maria Delgado")],
            "",
        ),
        languages: choices(&[("", "All languages"), ("es", "Spanish")], ""),
        cases,
        paging: Paging::new(1, 50, 116, "/outages/apr-14/cases", "stage=tried"),
    }
}

#[test]
fn cases_are_listed_with_what_comes_next() {
    let cases = vec![
        case_row(
            "Dorothy M Hensley",
            "tried",
            "Tried, another try due",
            "Thu 9:00 a.m.",
        ),
        case_row("Name not known", "callback", "Callback booked", "8:15 p.m."),
    ];
    let html = shown("cases", &list_page(cases));
    assert!(html.contains("1 to 50 of 116"));
    assert!(html.contains("stage=tried&#38;page=2"));
}

#[test]
fn nobody_found_says_how_to_see_everybody() {
    let html = shown("cases-none", &list_page(Vec::new()));
    assert!(html.contains("No citizen matches these filters."));
    assert!(
        html.contains(r#"method="post" action="/outages/apr-14/find""#),
        "no name stands in an address"
    );
}

fn event(at: &str, dot: &'static str, what: &str, who: &str, note: &str) -> HistoryRow {
    HistoryRow {
        at: at.into(),
        dot,
        what: what.into(),
        who: who.into(),
        note: note.into(),
        superseded: what == "Wrong number",
        late: what == "Left voicemail",
    }
}

#[test]
fn one_case_tells_its_story() {
    let page = CasePage {
        chrome: chrome(Place::Cases),
        base: BASE.into(),
        name: "Dorothy M Hensley".into(),
        number: "1042".into(),
        dot: "callback",
        state: "Callback booked",
        closed: false,
        next: "Maria Delgado promised to call back Thu 9:00 a.m., her time.".into(),
        again: vec![
            "Maria Delgado tried at 5:10 p.m.: no answer.".into(),
            "Tom Becker reached her at 7:02 p.m.: she asked to be called back.".into(),
        ],
        facts: vec![
            ("Phone", "(423) 555-0142".into()),
            ("E-mail", "d•••y@mail.example".into()),
            ("Language", "English".into()),
            ("Local time", "7:44 p.m.".into()),
            ("Account", "T-0012345".into()),
            ("Call list", "Maria Delgado".into()),
            ("Call-back code", "CEDAR 14".into()),
        ],
        people: vec![
            PersonRow {
                href: "/cases/1042".into(),
                name: "Dorothy M Hensley".into(),
                dot: "callback",
                state: "Callback booked",
                here: true,
            },
            PersonRow {
                href: "/cases/1043".into(),
                name: "Walter Hensley".into(),
                dot: "reached",
                state: "Reached, all set",
                here: false,
            },
        ],
        transactions: vec![TransactionRow {
            at: "1:09 p.m.".into(),
            amount: "$1,284.00".into(),
            purpose: "2026 balance due".into(),
            charged: "Not charged",
            source: "failed_txn_2027-04-14.csv, line 214".into(),
        }],
        paid: Vec::new(),
        odd: Vec::new(),
        history: vec![
            event(
                "7:02 p.m.",
                "callback",
                "Call back later",
                "Tom Becker",
                "After 9, the baby sleeps <now>",
            ),
            event("6:31 p.m.", "unreach", "Wrong number", "Tom Becker", ""),
            event("5:58 p.m.", "email", "Apology e-mail sent", "", ""),
            event("5:10 p.m.", "tried", "Left voicemail", "Maria Delgado", ""),
        ],
        household: Some(12),
        verdicts: choices(&[("call_again", "Call again")], ""),
        standing: vec![StandingRow {
            what: "Close: declined".into(),
            when: "7:30 p.m., Sam Rivera".into(),
            action: "/cases/1042/decisions/3/withdraw".into(),
        }],
        costs: Vec::new(),
        remedies: choices(&[("penalty_waived", "Late-filing penalty waived")], ""),
        problem: None,
        note: String::new(),
    };
    let html = shown("case", &page);
    assert!(html.contains("Why is this person called again?"));
    assert!(html.contains("<s>Wrong number</s>"));
    assert!(html.contains("&#60;now&#62;"), "a note is text");
}
