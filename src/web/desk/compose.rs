//! The desk as a page, from what was read.

use jiff::tz::TimeZone;

use super::answers::Entered;
use super::form::Problem;
use super::queue::{Empty, Figure, NextUp, Notice, Progress, Recent, Undo, Waiting};
use super::{DeskPage, Shown, State, in_hand, news, shift, words};
use crate::domain::shift::Rest;
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::outreach::desk::{Desk, Done, reasons};
use crate::outreach::distress::Distress;
use crate::outreach::free_times::FreeTimes;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::undo::UNDO_MINUTES;
use crate::outreach::waiting::Waiting as Counts;
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::store::households::Household;
use crate::web::layout::Chrome;
use crate::web::show;

/// What is to be shown beside what was read.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Which script, in which language.
    pub shown: Shown,
    /// What was entered so far.
    pub entered: Entered,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The free times for a callback, where one is asked for.
    pub times: Option<FreeTimes>,
    /// Why nobody can be called.
    pub waiting: Option<Counts>,
    /// Why this caller is offered no call.
    pub rest: Option<Rest>,
    /// What was sent came too late: nothing of it was saved.
    pub late: bool,
    /// News of the last act.
    pub notices: Vec<Notice>,
    /// For the next outcome.
    pub key: String,
}

impl Beside {
    /// The same call after something else was recorded for it, or somebody else has it: nothing of the form was saved, and of
    /// what was entered the note stays.
    pub fn too_late(self, why: &str) -> Self {
        let entered = Entered {
            note: self.entered.note,
            speaking: self.entered.speaking,
            inbound: self.entered.inbound,
            ..Entered::default()
        };
        let notice = Notice {
            tone: "warning",
            strong: "What you pressed last was not saved.".to_owned(),
            text: why.to_owned(),
            ..Notice::default()
        };
        Self {
            entered,
            late: true,
            notices: vec![notice],
            ..self
        }
    }
}

/// The desk.
pub fn desk(chrome: Chrome, caller: &str, desk: &Desk, beside: Beside) -> DeskPage {
    let zone = words::zone(&desk.book.outage);
    let href = href(&desk.book);
    let mut notices = beside.notices.clone();
    notices.extend(news::news(&href, &desk.book, desk.call.as_ref(), desk.now));
    notices.extend(news::late(desk.recent.first(), desk.now));
    notices.extend(news::distress(desk.distress.as_ref(), desk.now, &zone));
    let state = match (&desk.call, &beside.waiting, beside.rest) {
        (Some(call), ..) if call.claim.id < 0 => {
            let here = format!("{href}/practice");
            State::Call(Box::new(in_hand::call(caller, desk, call, &here, &beside)))
        }
        (Some(call), ..) => State::Call(Box::new(in_hand::call(caller, desk, call, &href, &beside))),
        (None, Some(counts), _) => State::Empty(empty(counts, desk, &zone)),
        (None, None, Some(rest)) => State::Empty(shift::resting(&desk.book.outage, rest)),
        (None, None, None) => State::Ready,
    };
    DeskPage {
        progress: progress(desk),
        next_up: desk
            .coming
            .iter()
            .map(|(household, people)| next_up(desk, household, people, &zone))
            .collect(),
        left: desk.progress.1 - desk.progress.0,
        switchboards: desk.switchboards,
        recent: desk
            .recent
            .iter()
            .map(|done| recent(&href, &desk.book, done, desk.now, &zone))
            .collect(),
        undo: undo(&href, desk, &zone),
        distressed: matches!(desk.distress, Some(Distress::Raised { .. })),
        shift: shift::card(&desk.book.outage, &desk.shift, desk.call.is_some(), desk.now),
        claim: desk.call.as_ref().map_or(0, |call| call.claim.id),
        notices,
        practice: None,
        state,
        chrome,
        href,
    }
}

/// Address of an outage's desk.
pub fn href(book: &Rulebook) -> String {
    format!("/outages/{}/desk", book.outage.slug)
}

fn progress(desk: &Desk) -> Progress {
    let figure = |label: &str, value: i64| Figure {
        label: label.to_owned(),
        value: show::count::count(value),
    };
    Progress {
        heading: desk
            .list
            .as_ref()
            .map_or("Shared calls", |_| "My list")
            .to_owned(),
        closed: desk.progress.0,
        total: desk.progress.1,
        figures: vec![
            figure("Calls today", desk.recorded.0),
            figure("Last hour", desk.recorded.1),
        ],
    }
}

fn next_up(desk: &Desk, household: &Household, people: &[Case], zone: &TimeZone) -> NextUp {
    let open = words::open(people);
    NextUp {
        name: words::together(&open),
        reason: reason(desk, household, &open, zone),
        state: show::stage::shown(&household.stage, None).dot,
    }
}

/// Why a household comes now: the promise, the earlier try, or what presses most.
fn reason(desk: &Desk, household: &Household, people: &[&Case], zone: &TimeZone) -> String {
    let due = household.due_at.unwrap_or(desk.now);
    let clock = show::time::moment(due, desk.now, zone);
    let pressing = people.first().and_then(|case| {
        reasons(&desk.book, case, people.len(), desk.now)
            .into_iter()
            .next()
    });
    let pressing = pressing
        .map(|part| format!(". {}", part.reason))
        .unwrap_or_default();
    match household.stage.parse() {
        Ok(Stage::Callback) => format!("Promised for {clock}, {}", show::time::due(due, desk.now).text),
        Ok(Stage::Tried) => format!("Called before{pressing}"),
        Ok(Stage::AwaitingPayment) => "Check call: have they paid?".to_owned(),
        Ok(Stage::NeedsHelp) => "Needs help from a specialist".to_owned(),
        _ => format!("First call{pressing}"),
    }
}

/// One of the caller's earlier outcomes.
pub fn recent(href: &str, book: &Rulebook, done: &Done, now: Timestamp, zone: &TimeZone) -> Recent {
    let people: Vec<&Case> = done.people.iter().collect();
    let outcome = book.outcomes.get(&done.attempt.outcome);
    Recent {
        name: words::together(&people),
        outcome: recorded(book, &done.attempt, now, zone),
        changed: changed(done, now, zone),
        note: done.attempt.note.clone(),
        state: outcome.map_or("new", words::colour),
        change_href: format!("{href}/attempts/{}/change", done.attempt.id),
    }
}

/// `Eve Stone changed it, 8:02 p.m.`; empty if nobody else did.
fn changed(done: &Done, now: Timestamp, zone: &TimeZone) -> String {
    match (&done.changed_by, done.attempt.changed_at) {
        (Some(editor), Some(at)) => format!("{editor} changed it, {}", show::time::moment(at, now, zone)),
        _ => String::new(),
    }
}

/// `Left voicemail, 7:40 p.m.`
pub fn recorded(book: &Rulebook, attempt: &Attempt, now: Timestamp, zone: &TimeZone) -> String {
    format!(
        "{}, {}",
        label(book, attempt),
        show::time::moment(attempt.at, now, zone)
    )
}

/// The words of an attempt's outcome.
pub fn label(book: &Rulebook, attempt: &Attempt) -> String {
    book.outcomes
        .get(&attempt.outcome)
        .map_or_else(|| attempt.outcome.clone(), |outcome| outcome.label.clone())
}

fn undo(href: &str, desk: &Desk, zone: &TimeZone) -> Option<Undo> {
    let last = desk.recent.first()?;
    let until = last.attempt.at.plus_minutes(UNDO_MINUTES);
    if desk.now > until {
        return None;
    }
    let outcome = desk.book.outcomes.get(&last.attempt.outcome);
    let people: Vec<&Case> = last.people.iter().collect();
    Some(Undo {
        action: format!("{href}/attempts/{}/undo", last.attempt.id),
        outcome: label(&desk.book, &last.attempt),
        name: words::together(&people),
        follows: words::follows(&last.people, outcome, desk.now, zone),
        seconds: (until.micros() - desk.now.micros()) / 1_000_000,
    })
}

fn empty(counts: &Counts, desk: &Desk, zone: &TimeZone) -> Empty {
    let rows = [
        (
            counts.retry_later,
            "their next try, in another part of the day",
            "tried",
        ),
        (
            counts.callback_later,
            "the time they asked for, or the colleague who promised",
            "callback",
        ),
        (counts.outside_hours, "calling hours where they live", "new"),
        (
            counts.awaiting_payment,
            "their payment: they said they would pay",
            "paid",
        ),
        (
            counts.claimed_by_others,
            "a colleague who has them on the phone",
            "self",
        ),
        (counts.other_list, "a colleague: they are on another list", "new"),
        (counts.needs_supervisor, "a supervisor’s decision", "help"),
        (
            counts.no_phone,
            "an e-mail or a letter: no number to call",
            "unreach",
        ),
    ];
    let waiting: Vec<Waiting> = rows
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, reason, state)| Waiting {
            count,
            reason: reason.to_owned(),
            state,
        })
        .collect();
    let (heading, lead) = if waiting.is_empty() {
        (
            "Everybody is done",
            "Nobody in this outage waits for a call any more.",
        )
    } else {
        (
            "Nobody to call right now",
            "Everybody you can call was called. The others wait, each for this:",
        )
    };
    let next = counts
        .next_at
        .map(|at| format!("at {}", show::time::moment(at, desk.now, zone)));
    Empty {
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        waiting,
        next: next.unwrap_or_default().trim_end_matches('.').to_owned(),
    }
}
