use super::page::{CallRow, EnterPage, EnterRow, ListPage, ListRow, SheetPage};
use crate::web::layout::Place;
use crate::web::look::Look;
use crate::web::sample::{chrome, shown};

fn outcomes() -> Vec<(String, String)> {
    [("no_answer", "No answer"), ("call_back", "Call back later")]
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .into()
}

#[test]
fn a_sheet_has_boxes_to_tick_and_no_amounts() {
    let call = CallRow {
        people: "Robert Mills, Carla Mills".into(),
        phone: "(423) 555-0173".into(),
        tried: "First".into(),
        failed: "3 payments".into(),
        code: "DELTA 61".into(),
        language: String::new(),
    };
    let page = SheetPage {
        look: Look::default(),
        caller: "Maria Delgado".into(),
        outage: "April 14 payment outage".into(),
        printed: "7:44 p.m.".into(),
        hours: "8:30 a.m. to 9:00 p.m.".into(),
        agency: "the Department of Revenue".into(),
        down: "1:04 to 1:26 p.m.".into(),
        outcomes: outcomes(),
        calls: vec![call],
    };
    let html = shown("paper-sheet", &page);
    assert!(html.contains("<li><b></b>No answer</li>"));
    assert!(!html.contains('$'));
}

#[test]
fn a_line_that_cannot_be_saved_stays_as_it_was_typed() {
    let row = EnterRow {
        household: 7,
        people: "Anh Tran".into(),
        phone: "(423) 555-0116".into(),
        outcome: "call_back".into(),
        at: "2027-04-14T19:44".into(),
        callback: String::new(),
        language: String::new(),
        note: "after work".into(),
        whom: Vec::new(),
        problem: "Enter the time that was promised.".into(),
    };
    let page = EnterPage {
        chrome: chrome(Place::Lists),
        base: "/outages/apr-14".into(),
        list: 4,
        caller: "Maria Delgado".into(),
        outcomes: outcomes(),
        languages: vec![("es", "Spanish".into())],
        calls: vec![row],
        saved: 3,
    };
    let html = shown("paper-enter", &page);
    assert!(html.contains(r#"value="call_back" selected"#));
    assert!(html.contains("after work"));
}

#[test]
fn paper_lists_say_what_is_left() {
    let page = ListPage {
        chrome: chrome(Place::Lists),
        base: "/outages/apr-14".into(),
        callers: vec![(3, "Maria Delgado".into())],
        lists: vec![ListRow {
            id: 4,
            caller: "Maria Delgado".into(),
            printed: "7:44 p.m.".into(),
            left: "12 calls".into(),
        }],
        problem: None,
    };
    assert!(shown("paper", &page).contains("Enter results"));
}
