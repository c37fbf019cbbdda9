//! An evening in the State of Franklin, to look at and to test the templates with.

use crate::web::layout::{Chrome, OutageTab, Place, Viewer};
use crate::web::look::Look;

use super::call::*;
use super::form::*;
use super::queue::*;
use super::{ChangePage, DeskPage, Promised, State};

fn text(words: &str) -> String {
    words.to_owned()
}

pub fn chrome(place: Place) -> Chrome {
    let viewer = Viewer {
        name: text("Maria Delgado"),
        ..Viewer::default()
    };
    let outage = OutageTab {
        slug: text("apr-14"),
        name: text("Apr 14 payment outage"),
    };
    let other = OutageTab {
        slug: text("jan-31"),
        name: text("Jan 31 payment outage"),
    };
    let mut chrome = Chrome::new(viewer, text("csrf-token"), Look::default()).at(outage.clone(), place);
    chrome.outages = vec![outage, other];
    chrome.due_callbacks = 4;
    chrome
}

pub fn desk(state: State) -> DeskPage {
    DeskPage {
        chrome: chrome(Place::Desk),
        href: text("/outages/apr-14/desk"),
        progress: progress(),
        next_up: next_up(),
        left: 31,
        switchboards: 2,
        recent: recent(),
        undo: None,
        distressed: false,
        practice: None,
        notices: Vec::new(),
        shift: super::queue::ShiftCard {
            words: text("Ends at 9:00 p.m."),
            ends: text("21:00"),
            ..Default::default()
        },
        claim: 5,
        state,
    }
}

pub fn undo() -> Undo {
    Undo {
        action: text("/attempts/77/undo"),
        outcome: text("Left voicemail"),
        name: text("James Okafor"),
        follows: text("Next try after 9:00 a.m. tomorrow."),
        seconds: 300,
    }
}

fn progress() -> Progress {
    let figure = |label: &str, value: &str| Figure {
        label: text(label),
        value: text(value),
    };
    Progress {
        heading: text("My list"),
        closed: 31,
        total: 62,
        figures: vec![figure("Calls today", "49"), figure("Last hour", "10 closed")],
    }
}

fn next_up() -> Vec<NextUp> {
    [
        ("Janelle Brooks", "Promised for 7:50, in 6 min", "callback"),
        ("Anh Tran", "First call. Due date tomorrow", "new"),
        (
            "Robert and Carla Mills",
            "First call. 2 people, 3 payments",
            "new",
        ),
        ("Eileen Garrity", "No answer at 5:31 p.m.", "tried"),
        ("Marcus Boyd", "First call", "new"),
    ]
    .map(|(name, reason, state)| NextUp {
        name: text(name),
        reason: text(reason),
        state,
    })
    .to_vec()
}

pub fn recent() -> Vec<Recent> {
    [
        ("James Okafor", "Left voicemail, 7:40", "tried"),
        ("Linda Petrov", "All set, 7:36", "reached"),
        ("Chris Yoder", "Needs help, 7:31", "help"),
    ]
    .map(|(name, outcome, state)| Recent {
        name: text(name),
        outcome: text(outcome),
        changed: String::new(),
        note: String::new(),
        state,
        change_href: text("/attempts/76/change"),
    })
    .to_vec()
}

pub fn call() -> Call {
    let phone = |href: &str, number: &str| PhoneLink {
        href: text(href),
        text: text(number),
    };
    Call {
        claim: 5,
        tags: vec![
            Tag {
                text: text("Due date tomorrow"),
                tone: "warn",
            },
            Tag {
                text: text("Try 2 of 6"),
                tone: "",
            },
        ],
        name: text("Dorothy Hensley"),
        case_href: text("/cases/412"),
        case_label: text("Case 412"),
        tiles: vec![
            tile(412, "Dorothy Hensley", "f", true),
            tile(413, "Walter Hensley", "g", false),
        ],
        clients: None,
        money: Some(MoneyStrip {
            state: "not",
            strong: text("Dorothy: not charged."),
            text: text("They can pay. Due Tuesday, April 20."),
        }),
        promises: vec![text(
            "Priya Nair promised a call at 5:45 p.m., about Dorothy Hensley, said at 3:10 p.m.",
        )],
        situation: text("English. It is 7:44 p.m. there, OK to call until 9:00."),
        why_again: text("Called again: no answer at 5:12 p.m. (Priya Nair)."),
        dial: Dial {
            state: "on",
            phone: phone("tel:+14235550142", "(423) 555-0142"),
            other_phones: vec![phone("tel:+14235550177", "(423) 555-0177")],
            ..Dial::default()
        },
        payments: payments(),
        tried_heading: "Tried at, there",
        script: script(),
        history: history(),
        resend: None,
        form: form(),
    }
}

fn tile(case: i64, name: &str, key: &'static str, chosen: bool) -> Tile {
    Tile {
        case,
        name: text(name),
        words: text("Not charged. Due Tuesday, April 20."),
        key,
        chosen,
        done: false,
    }
}

fn payments() -> Vec<Payment> {
    [
        (
            "1:09, 1:12 p.m.",
            "2026 balance due",
            "$1,284.00",
            "Timed out, twice",
            "",
        ),
        (
            "1:17 p.m.",
            "Q1 2027 estimate",
            "$312.50",
            "Gateway down",
            "May be charged",
        ),
    ]
    .map(|(when, purpose, amount, problem, charged)| Payment {
        when: text(when),
        purpose: text(purpose),
        amount: text(amount),
        problem: text(problem),
        charged: text(charged),
        paid: text("Not yet"),
    })
    .to_vec()
}

fn pieces(words: &str) -> Vec<Piece> {
    words
        .split('|')
        .enumerate()
        .map(|(at, part)| Piece {
            text: text(part),
            fill: at % 2 == 1,
        })
        .filter(|piece| !piece.text.is_empty())
        .collect()
}

fn script() -> Script {
    let branch = |answer: &str, words: &str, key: &str| Branch {
        answer: text(answer),
        pieces: pieces(words),
        key: text(key),
    };
    let hello = "“Hello, this is |Maria| with the Franklin Department of Revenue. May I speak with |Dorothy or Walter \
        Hensley|? Who is this, please?”";
    let why = "“Our payment system was down from |1:04 to 1:26 this afternoon|. Your payment of |$1,284.00| did not go \
        through. We’re sorry. We did not take the money.”";
    let language = |code: &str, name: &str, current: bool| ScriptLanguage {
        code: text(code),
        name: text(name),
        href: format!("/outages/apr-14/desk?lang={code}"),
        current,
        next: !current,
    };
    Script {
        voicemail: false,
        languages: vec![language("en", "English", true), language("es", "Español", false)],
        switch_href: text("/outages/apr-14/desk?script=voicemail"),
        lang: text("en"),
        steps: vec![
            ScriptStep {
                label: text("Hello"),
                says: pieces(hello),
                branches: Vec::new(),
                seldom: vec![branch(
                    "Somebody else",
                    "“Please ask them to call us.” Say nothing about a payment.",
                    "0",
                )],
            },
            ScriptStep {
                label: text("Why I called"),
                says: pieces(why),
                branches: Vec::new(),
                seldom: Vec::new(),
            },
            ScriptStep {
                label: text("Ask"),
                says: pieces("“Have you been able to pay since then?”"),
                branches: vec![
                    branch("Yes", "“Thank you. There is nothing more to do.”", "3"),
                    branch(
                        "Not yet",
                        "“It works now, at our website. You have until |Tuesday, April 20|.”",
                        "P",
                    ),
                    branch(
                        "It still fails",
                        "“I’ll have a specialist call you. When is good?”",
                        "4",
                    ),
                ],
                seldom: vec![branch("Not a good time", "“When should we call back?”", "5")],
            },
        ],
        doubt: pieces(
            "“You’re right to check. Please hang up, find our number on the Department’s website or on a letter from us, and give the code |MAPLE 27|. They will see this case.” Never ask the person to tell you the code.",
        ),
        also: vec![
            Advice {
                title: text("They are hard of hearing, or a relay operator speaks"),
                text: text("Speak to the person, not to the operator. Short sentences. Wait."),
            },
            Advice {
                title: text("They shout at you"),
                text: text(
                    "“I want to help. If this goes on I will end the call.” Then end it, press R, and tell your supervisor.",
                ),
            },
        ],
    }
}

fn history() -> Vec<HistoryLine> {
    [
        ("5:58 p.m.", "self", "Apology e-mail sent. Link not used yet."),
        ("5:12 p.m.", "tried", "Try 1, no answer. Priya Nair."),
        (
            "4:31 p.m.",
            "new",
            "Imported: 3 failed attempts, 2 people, 1 phone.",
        ),
    ]
    .map(|(time, state, line)| HistoryLine {
        time: text(time),
        state,
        text: text(line),
    })
    .to_vec()
}

fn button(key: &str, label: &str, hint: &str, hotkey: &str, state: &'static str) -> OutcomeButton {
    OutcomeButton {
        of_ticked: false,
        key: text(key),
        label: text(label),
        hint: text(hint),
        hotkey: text(hotkey),
        off: String::new(),
        state,
    }
}

pub fn groups() -> Vec<OutcomeGroup> {
    vec![
        OutcomeGroup {
            whom: String::new(),
            of_ticked: false,
            label: text("Did not reach them"),
            frequent: vec![
                button("no_answer", "No answer", "Saves, next call", "1", "tried"),
                button("voicemail", "Left voicemail", "Saves, next call", "2", "tried"),
            ],
            others: vec![
                button("busy", "Busy", "", "9", "tried"),
                button("technical", "Technical problem", "", "T", "new"),
            ],
        },
        OutcomeGroup {
            whom: String::new(),
            of_ticked: false,
            label: text("Reached them"),
            frequent: vec![
                button("all_set", "All set", "Paid, or knows how", "3", "reached"),
                button("needs_help", "Needs help", "Send to a specialist", "4", "help"),
                button("call_back", "Call back later", "Pick a time", "5", "callback"),
                button(
                    "other_language",
                    "Other language",
                    "Move to that list",
                    "6",
                    "new",
                ),
            ],
            others: vec![
                button("will_pay", "Will pay", "", "P", "reached"),
                button("someone_else", "Someone else", "", "0", "tried"),
                button("refused", "Refused", "", "R", "dnc"),
            ],
        },
        OutcomeGroup {
            whom: String::new(),
            of_ticked: false,
            label: text("Stop calling"),
            frequent: vec![
                button(
                    "wrong_number",
                    "Wrong number",
                    "Tries the next one",
                    "7",
                    "unreach",
                ),
                button("do_not_call", "Do not call", "Ends phone contact", "8", "dnc"),
            ],
            others: vec![
                button("disconnected", "Not in service", "", "X", "unreach"),
                button("deceased", "Deceased", "", "E", "dnc"),
            ],
        },
    ]
}

pub fn form() -> OutcomeForm {
    OutcomeForm {
        action: text("/claims/5/outcome"),
        id: text("5-0"),
        speaking: Some(412),
        idempotency_key: text("k-5-1"),
        heading: text("What happened?"),
        groups: groups(),
        draft_action: text("/claims/5/note"),
        can_skip: true,
        save_label: text("Save and next call"),
        ..OutcomeForm::default()
    }
}

pub fn callback_question() -> Question {
    let quick = [
        ("60", "In 1 hour, 8:45 p.m.", true),
        ("t9", "Tomorrow 9:00 a.m.", false),
        ("t12", "Tomorrow 12:30 p.m.", false),
        ("t17", "Tomorrow 5:30 p.m.", false),
        ("at", "Another time", false),
    ];
    Question::Callback(Box::new(CallbackQuestion {
        legend: "Call back when?",
        asks_who: true,
        quick: quick
            .map(|(value, label, checked)| QuickTime {
                choice: Choice {
                    value: text(value),
                    label: text(label),
                    checked,
                },
                ..QuickTime::default()
            })
            .to_vec(),
        date: text("2027-04-15"),
        min_date: text("2027-04-14"),
        max_date: text("2027-05-14"),
        time: text("17:30"),
        zone: text("Eastern"),
        told: Told {
            said: text("1818452400000000 America/New_York me"),
            whom: text("We will call Maria"),
            when: text("on Thursday, April 15 at 5:30 p.m."),
            follows: text("You keep it. If you are late, anyone on the team gets it at 5:45 p.m."),
            ..Told::default()
        },
        ..CallbackQuestion::default()
    }))
}

pub fn choice_question(field: &'static str, legend: &str, choices: &[&str]) -> Question {
    let choices = choices.iter().map(|label| Choice {
        value: label.to_lowercase(),
        label: text(label),
        checked: false,
    });
    Question::Choice(ChoiceQuestion {
        field,
        legend: text(legend),
        choices: choices.collect(),
        meaning: String::new(),
    })
}

pub fn empty() -> Empty {
    let waiting = |count, reason: &str, state| Waiting {
        count,
        reason: text(reason),
        state,
    };
    Empty {
        heading: text("Nobody to call right now"),
        lead: text("Everybody who may be called was called. The others wait for their time."),
        waiting: vec![
            waiting(12, "their next try, in another part of the day", "tried"),
            waiting(2, "the time they asked for", "callback"),
            waiting(5, "calling hours where they live", "new"),
            waiting(1, "a colleague who has them on the phone", "self"),
            waiting(3, "a supervisor’s decision", "help"),
            waiting(4, "an e-mail or a letter: no phone number", "unreach"),
        ],
        next: text("at 9:00 a.m. tomorrow"),
    }
}

pub fn change() -> ChangePage {
    let form = OutcomeForm {
        action: text("/attempts/76/change"),
        id: text("76"),
        heading: text("What really happened?"),
        save_label: text("Save the change"),
        chosen: text("voicemail"),
        can_skip: false,
        draft_action: String::new(),
        ..form()
    };
    ChangePage {
        chrome: chrome(Place::Recent),
        href: text("/outages/apr-14/desk"),
        name: text("James Okafor"),
        recorded: text("Left voicemail, 7:40 p.m."),
        form,
    }
}

pub fn promised() -> Vec<Promised> {
    vec![
        Promised {
            name: text("Janelle Brooks"),
            when: text("7:50 p.m."),
            theirs: text("6:50 p.m. Central"),
            relative: text("in 6 min"),
            due: false,
            owner: text("You"),
            note: text("After dinner."),
        },
        Promised {
            name: text("Hector Salas"),
            when: text("7:40 p.m."),
            theirs: String::new(),
            relative: text("4 min late"),
            due: true,
            owner: text("You"),
            note: String::new(),
        },
    ]
}
