use super::filter::Asked;
use super::page::{CampaignRow, Choice, Count, CountPart, LogPage, MessageRow, SendPage, StateFilter, Total};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::paging::Paging;

const BASE: &str = "/outages/apr-14";

fn message(name: &str, address: &str, dot: &'static str, state: &'static str, detail: &str) -> MessageRow {
    MessageRow {
        id: 9,
        at: "5:58 p.m.".into(),
        name: name.into(),
        href: "/cases/1042".into(),
        address: address.into(),
        template: "Apology".into(),
        language: "English".into(),
        dot,
        state,
        detail: detail.into(),
        tries: "1".into(),
        uncertain: state == "Uncertain",
        retry: state == "Queued",
        astray: state == "Bounced",
    }
}

fn log(files_only: bool, messages: Vec<MessageRow>) -> LogPage {
    let total = |label, dot, value: &str| Total {
        label,
        dot,
        value: value.into(),
    };
    LogPage {
        chrome: chrome(Place::Messages),
        base: BASE.into(),
        running: true,
        paused: false,
        channel: "Sent over smtp.franklin.example, at most 50 each second.".into(),
        files_only,
        stands: None,
        questions: Vec::new(),
        campaigns: vec![CampaignRow {
            template: "Apology".into(),
            by: "Everyone who is still open".into(),
            begun: "5:40 p.m.".into(),
            id: 3,
            state: "running".into(),
            progress: (806, 817),
            told: "771 of 817 sent, 11 waiting.".into(),
        }],
        totals: vec![
            total("Sent", "reached", "771"),
            total("Waiting", "tried", "11"),
            total("Came back", "help", "21"),
            total("Uncertain", "callback", "2"),
            total("Not sent", "unreach", "12"),
        ],
        states: vec![
            StateFilter {
                label: "All 817".into(),
                href: format!("{BASE}/messages"),
                current: true,
            },
            StateFilter {
                label: "Bounced 21".into(),
                href: format!("{BASE}/messages?state=bounced"),
                current: false,
            },
        ],
        texts: vec![Choice {
            key: "apology".into(),
            label: "Apology".into(),
            chosen: true,
        }],
        mailings: Vec::new(),
        asked: Asked::default(),
        narrowed: true,
        sought: String::new(),
        query: "template=apology".into(),
        again: Some("Try 11 e-mails now".into()),
        troubles: vec![
            "imaps://mail.example:993/INBOX: the mail server does not accept the password.".into(),
        ],
        messages,
        paging: Paging::new(1, 50, 817, "/outages/apr-14/messages", ""),
    }
}

#[test]
fn the_log_shows_each_fate_with_its_address_masked() {
    let messages = vec![
        message(
            "Nora Feld",
            "n•••d@post.example",
            "reached",
            "Sent",
            "250 queued as 4ZzQ",
        ),
        message(
            "Peter Vance",
            "p•••e@old.example",
            "help",
            "Bounced",
            "No such address. The case is called instead.",
        ),
        message(
            "Walt Pruitt",
            "w•••t@mail.example",
            "callback",
            "Uncertain",
            "The connection ended before the server answered.",
        ),
        message(
            "Carla Mills",
            "c•••s@work.example",
            "tried",
            "Queued",
            "Server busy. Next try 7:55 p.m.",
        ),
    ];
    let html = shown("messages", &log(false, messages));
    assert_eq!(
        html.matches("/messages/9/settle").count(),
        1,
        "only an uncertain one is for a person to decide"
    );
    assert!(html.contains("1 to 50 of 817"));
    assert_eq!(
        html.matches("/messages/9/retry").count(),
        1,
        "the one that waits can be tried now"
    );
    assert!(html.contains("cannot be read") && html.contains("imaps://mail.example:993"));
    assert!(html.contains(r#"href="/outages/apr-14/messages/log.csv?template=apology""#));
    assert!(!html.contains("Nobody gets these e-mails"));
}

#[test]
fn without_a_mail_server_the_page_says_that_nobody_gets_it() {
    assert!(shown("messages-files", &log(true, Vec::new())).contains("Nobody gets these e-mails"));
}

fn counted(to_send: i64) -> Count {
    Count {
        to_send,
        act: format!("Send {to_send} e-mails"),
        shown: to_send.to_string(),
        to_know: vec!["2 citizens have no first name: their letter begins without".into()],
        left_out: vec![
            ("No e-mail address", "94".into()),
            ("Closed already", "71".into()),
        ],
        problem: None,
    }
}

#[test]
fn sending_to_many_counts_before_it_sends() {
    let choice = |key: &str, label: &str| Choice {
        key: key.into(),
        label: label.into(),
        chosen: false,
    };
    let page = SendPage {
        chrome: chrome(Place::Messages),
        base: BASE.into(),
        files_only: false,
        templates: vec![choice("apology", "Apology")],
        filters: vec![
            choice("", "Everyone affected"),
            choice("no_phone", "Those without a phone"),
        ],
        hold: String::new(),
        most: String::new(),
        count: counted(803),
        problem: None,
    };
    assert!(shown("messages-send", &page).contains("Send 803 e-mails"));
    let wrong = SendPage {
        most: "-1".into(),
        problem: Some(("most", "Enter how many citizens at most.".into())),
        ..page
    };
    let html = shown("messages-send-wrong", &wrong);
    assert!(html.contains(r#"aria-describedby="most-hint most-problem""#));
    let (before, _) = html.split_once(r#"id="count""#).unwrap();
    assert!(
        before.contains("Enter how many citizens at most."),
        "where it was entered"
    );
}

#[test]
fn nobody_to_send_to_sends_nothing() {
    let html = askama::Template::render(&CountPart { count: counted(0) }).unwrap();
    assert!(html.contains(r#"type="submit" disabled"#));
}
