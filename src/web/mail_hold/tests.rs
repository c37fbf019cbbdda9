use super::page::{HoldPage, Past, Standing};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};

#[test]
fn what_would_be_sent_stands_before_the_button_that_sends_it() {
    let page = HoldPage {
        chrome: chrome(Place::Messages),
        standing: Some(Standing {
            because: "This database was restored from a backup.".into(),
            since: "April 14, 2027, 7:42 p.m.".into(),
            waiting: vec![("April 14".into(), "Apology".into(), "11".into())],
            messages: 11,
            send: "Send 11 e-mails".into(),
        }),
        past: vec![Past {
            because: "Rehearsal".into(),
            held: "April 1, 2027, 9:00 a.m.".into(),
            released: "April 1, 2027, 9:30 a.m.".into(),
            by: "Elaine Porter".into(),
            withdrawn: "3".into(),
        }],
        problem: None,
    };
    let html = shown("mail-hold", &page);
    let list = html.find("Apology").unwrap();
    assert!(list < html.find("Send 11 e-mails").unwrap());
    assert!(html.contains("Elaine Porter"));
}
