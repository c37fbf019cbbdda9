use jiff::tz::TimeZone;

use super::chart::{Open, draw};
use super::need::Waiting;
use super::page::{CallbackRow, CallerRow, KeyNumber, Line, Live, Segment, StateRow, States, Team};
use super::{BoardLive, BoardPage};
use crate::domain::timestamp::Timestamp;
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};
use crate::web::show::count::{count, percent_fine};
use crate::web::show::stage;

const PEOPLE: [(&str, i64); 12] = [
    ("paid", 148),
    ("resolved_by_call", 268),
    ("resolved_by_citizen", 57),
    ("letter_sent", 19),
    ("do_not_contact", 9),
    ("new", 200),
    ("tried", 116),
    ("callback", 44),
    ("awaiting_payment", 41),
    ("needs_help", 29),
    ("email", 31),
    ("letter", 6),
];

fn states() -> States {
    let total: i64 = PEOPLE.iter().map(|(_, people)| people).sum();
    let mut states = States {
        total: count(total),
        length: total,
        ..States::default()
    };
    let mut x = 0;
    for (key, people) in PEOPLE {
        let state = stage::ALL.into_iter().find(|state| state.key == key).unwrap();
        let row = StateRow {
            dot: state.dot,
            label: state.label,
            href: format!("/outages/apr-14/cases?stage={key}"),
            count: count(people),
            share: percent_fine(people, total),
        };
        states.bar.push(Segment {
            dot: state.dot,
            x,
            width: people,
            title: format!("{}: {people}", state.label),
        });
        x += people;
        if state.closed {
            states.closed.push(row)
        } else {
            states.open.push(row)
        }
    }
    states.closed_total = "501".into();
    states.open_total = "467".into();
    states
}

fn evening() -> Vec<Open> {
    let start: jiff::Timestamp = "2027-04-14T20:30:00Z".parse().unwrap();
    let start = Timestamp::from_micros(start.as_microsecond());
    [
        968, 960, 945, 930, 905, 880, 850, 822, 790, 760, 720, 690, 660, 625, 590, 560, 520, 490, 467,
    ]
    .into_iter()
    .zip(0_i64..)
    .map(|(people, step)| Open {
        at: start.plus_minutes(step * 10),
        count: people,
    })
    .collect()
}

fn caller_row(name: &str, languages: &str, now: (&str, &'static str), done: i64, of: i64) -> CallerRow {
    CallerRow {
        name: name.into(),
        languages: languages.into(),
        now: now.0.into(),
        now_dot: now.1,
        done,
        of,
        left: count(of - done),
        calls: "18".into(),
        closed: "12".into(),
    }
}

fn callback(name: &str, line: &str, due: &str, badge: &'static str) -> CallbackRow {
    CallbackRow {
        name: name.into(),
        href: "/cases/7".into(),
        line: line.into(),
        due: due.into(),
        badge,
    }
}

fn line(label: &'static str, value: &str, strong: bool) -> Line {
    Line {
        label,
        value: value.into(),
        strong,
    }
}

fn number(
    label: &'static str,
    value: &str,
    beside: &str,
    note: &str,
    meter: Option<(i64, i64)>,
) -> KeyNumber {
    KeyNumber {
        label,
        value: value.into(),
        beside: beside.into(),
        note: note.into(),
        meter,
    }
}

fn live() -> Live {
    let waiting = Waiting {
        callbacks_late: 3,
        oldest_callback: "7:20 p.m., Sam Fitzgerald".into(),
        needs_supervisor: 2,
        pool: 38,
        pool_open: true,
        rejected: 35,
        mail_bounced: 21,
        ..Waiting::default()
    };
    let denver = TimeZone::get("America/New_York").unwrap();
    Live {
        name: "April 14 payment outage".into(),
        summary: "Down 1:04 to 1:26 p.m., 22 minutes. 1,203 failed payments, 968 citizens, 861 calls to make, 37 citizens by e-mail only.".into(),
        base: "/outages/apr-14".into(),
        updated: "7:42 p.m.".into(),
        paused: false,
        stopped: None,
        distress: Vec::new(),
        empty: false,
        numbers: vec![
            number("Citizens closed", "501", "of 968, 52%", "", Some((501, 968))),
            number("Citizens still open", "467", "", "200 not called yet", None),
            number("Calls left", "360", "of 861", "One call for each phone number", None),
            number("Last hour", "92", "citizens closed", "148 calls by 9 callers", None),
        ],
        states: states(),
        chart: draw(&evening(), &denver),
        callers: vec![
            caller_row("Aisha Coleman", "English", ("On a call, under a minute", "reached"), 47, 84),
            caller_row("Derek Olsen", "English", ("Between calls", "self"), 29, 80),
            caller_row("Maria Delgado", "English, Spanish", ("On a call, 2 minutes", "reached"), 31, 62),
            caller_row("Sam Fitzgerald", "English", ("Signed out", "unreach"), 31, 82),
            caller_row("Tom Becker", "English", ("Between calls", "self"), 0, 0),
        ],
        team: Team {
            done: "138 of 308".into(),
            left: "170".into(),
            calls: "148".into(),
            closed: "92".into(),
            note: "4 signed in".into(),
        },
        needs: waiting.needs("/outages/apr-14"),
        callbacks: vec![
            callback("Ruth Abernathy", "Promised 7:20 p.m. Sam Fitzgerald", "22 min late", "badge--bad"),
            callback("Janelle Brooks", "7:50 p.m. Maria Delgado", "in 8 min", "badge--warn"),
            callback("Yusuf Demir", "8:15 p.m. Anyone", "in 33 min", ""),
        ],
        callbacks_booked: "44".into(),
        kept: "94% of 33 promises kept on time.".into(),
        mail: vec![line("Sent", "803", true), line("Queued", "11", false), line("Bounced", "21", false)],
        import: vec![
            line("Rows rejected", "35", true),
            line("Duplicates", "46", false),
            line("Outside the window", "7", false),
            line("Card numbers blocked", "9", false),
        ],
    }
}

#[test]
fn the_board_shows_citizens_and_calls_by_their_names() {
    let html = shown(
        "board",
        &BoardPage {
            csrf: "t0k3n".into(),
            chrome: chrome(Place::Board),
            live: live(),
        },
    );
    assert!(html.contains("Where the 968 citizens are"));
    assert!(html.contains("Calls left"));
    assert!(html.contains("3 callbacks are overdue"));
    assert!(html.contains(r#"hx-trigger="every 5s""#));
}

#[test]
fn a_paused_board_does_not_poll() {
    let html = shown(
        "board-paused",
        &BoardPage {
            csrf: "t0k3n".into(),
            chrome: chrome(Place::Board),
            live: Live {
                paused: true,
                ..live()
            },
        },
    );
    assert!(!html.contains("hx-trigger=\"every"));
    assert!(html.contains("Go on"));
}

#[test]
fn a_board_without_an_import_says_what_to_do() {
    let empty = Live {
        empty: true,
        summary: "Down 1:04 to 1:26 p.m., 22 minutes.".into(),
        ..live()
    };
    let html = shown(
        "board-empty",
        &BoardPage {
            csrf: "t0k3n".into(),
            chrome: chrome(Place::Board),
            live: empty,
        },
    );
    assert!(html.contains("/outages/apr-14/imports/new"));
}

#[test]
fn equal_numbers_have_equal_tags() {
    let (one, other) = (
        live(),
        Live {
            updated: "7:43 p.m.".into(),
            ..live()
        },
    );
    assert_eq!(one.tag(), live().tag());
    assert_ne!(one.tag(), other.tag());
    assert!(
        askama::Template::render(&BoardLive {
            live: one,
            csrf: String::new(),
        })
        .unwrap()
        .starts_with(r#"<div id="live""#)
    );
}
