use super::page::{
    Choice, HandRow, Leaver, ListPage, ListRow, Moved, OrderPart, Plan, PlanPart, RebalancePage, SplitPage,
    Way, WeightRow,
};
use crate::web::layout::Place;
use crate::web::sample::{chrome, shown};

const BASE: &str = "/outages/apr-14";

fn row(name: &str, languages: &str, done: i64, of: i64) -> ListRow {
    ListRow {
        name: name.into(),
        owner: name.into(),
        languages: languages.into(),
        href: format!("{BASE}/cases?list=3"),
        calls: of.to_string(),
        citizens: (of + 9).to_string(),
        done,
        of,
        left: (of - done).to_string(),
    }
}

fn list_page(lists: Vec<ListRow>) -> ListPage {
    ListPage {
        chrome: chrome(Place::Lists),
        base: BASE.into(),
        lists,
        pool: "38 calls".into(),
        pool_href: "/outages/apr-14/cases?list=pool".into(),
        pool_note: "Callers take them when their own list is done.",
        moved: Some(Moved {
            step: 4,
            calls: "121 calls".into(),
            at: "7:42 p.m.".into(),
            until: "7:52 p.m.".into(),
        }),
        total: row("All", "", 138, 308),
    }
}

#[test]
fn lists_say_whose_they_are_and_what_is_left() {
    let lists = vec![
        row("Aisha Coleman", "English", 47, 84),
        row("Luis Ortega", "English, Spanish", 38, 78),
    ];
    let html = shown("lists", &list_page(lists));
    assert!(html.contains("On no list"));
    assert!(html.contains("Aisha Coleman: 47 of 84 calls done"));
    assert!(html.contains("121 calls moved at 7:42 p.m."));
}

#[test]
fn without_lists_the_page_offers_to_split() {
    assert!(shown("lists-empty", &list_page(Vec::new())).contains("No call lists yet"));
}

fn hand(user: i64, name: &str, bars: (i64, i64), change: &str) -> HandRow {
    HandRow {
        user,
        name: name.into(),
        languages: "English".into(),
        chosen: true,
        weight: "1".into(),
        hours: "5.3".into(),
        pace: "12/h".into(),
        due_soon: 11,
        done: "10:07 a.m.".into(),
        other_languages: 3,
        now: bars.0.to_string(),
        after: bars.1.to_string(),
        change: change.into(),
        citizens: "34".into(),
        bar_now: bars.0,
        bar_after: bars.1,
    }
}

fn plan(weighted: bool) -> Plan {
    Plan {
        pool: "308 calls".into(),
        moved: 90,
        act: "Move 90 calls".into(),
        rest: "No calls".into(),
        weighted,
        timed: !weighted,
        change: "+90".into(),
        seed: "7".into(),
        hands: vec![
            hand(3, "Aisha Coleman", (37, 67), "+30"),
            hand(4, "Derek Olsen", (51, 81), "+30"),
            hand(5, "Grace Lindqvist", (0, 30), "+30"),
        ],
        now: "88".into(),
        after: "178".into(),
        citizens: "102".into(),
        due_soon: 33,
        finish: "Thu 10:12 a.m.".into(),
        finish_now: "Thu 2:29 p.m.".into(),
        problem: None,
    }
}

fn ways(chosen: &str) -> Vec<Way> {
    [
        ("even", "Evenly", "The same number for everyone"),
        ("time", "By time and pace", "More for people with more hours left"),
        ("weight", "By weight", "You set a share for each person"),
    ]
    .into_iter()
    .map(|(key, label, note)| Way {
        key,
        label,
        note,
        chosen: key == chosen,
    })
    .collect()
}

fn order() -> OrderPart {
    OrderPart {
        first: vec![Choice {
            key: "deadline",
            label: "Due date, soonest",
            chosen: true,
        }],
        then: vec![Choice {
            key: "",
            label: "All other reasons",
            chosen: true,
        }],
        own: false,
        heaviest: 100,
        weights: vec![WeightRow {
            name: "deadline",
            label: "Due date today",
            weight: 6400,
        }],
        progress: Some("1,200 of 5,000".to_owned()),
    }
}

#[test]
fn a_split_is_previewed_and_applied_from_the_same_form() {
    let page = SplitPage {
        chrome: chrome(Place::Lists),
        base: BASE.into(),
        ways: ways("weight"),
        again: true,
        keep_tried: false,
        speakers_first: false,
        order: order(),
        plan: plan(true),
    };
    let html = shown("split", &page);
    assert!(
        html.contains(r#"name="seen" value="90""#),
        "the number on the button is sent along"
    );
    assert!(html.contains(r#"name="weight_4""#));
    assert!(html.contains("Move 90 calls"));
}

#[test]
fn a_split_by_time_asks_for_hours_and_for_no_shares() {
    let page = SplitPage {
        chrome: chrome(Place::Lists),
        base: BASE.into(),
        ways: ways("time"),
        again: true,
        keep_tried: true,
        speakers_first: true,
        order: order(),
        plan: plan(false),
    };
    let html = shown("split-time", &page);
    assert!(!html.contains("weight_4"));
    assert!(html.contains(r#"name="hours_4""#));
    assert!(html.contains(r#"name="again" value="yes" checked"#));
    let part = askama::Template::render(&PlanPart { plan: plan(false) }).unwrap();
    assert!(part.contains(r#"id="plan""#));
}

#[test]
fn a_leavers_calls_move_and_their_callbacks_stay() {
    let leaver = |user, name: &str| Leaver {
        user,
        name: name.into(),
        left: "47 calls".into(),
        chosen: user == 3,
    };
    let page = RebalancePage {
        chrome: chrome(Place::Lists),
        base: BASE.into(),
        from: vec![leaver(3, "Sam Fitzgerald"), leaver(4, "Derek Olsen")],
        to: vec![hand(5, "Grace Lindqvist", (0, 30), "")],
        act: Some("Move 47 calls".into()),
        moved: Some(47),
        to_pool: None,
        gone: true,
        problem: Some("Choose someone else to take them.".into()),
    };
    assert!(shown("rebalance", &page).contains("Callbacks they promised stay theirs"));
}
