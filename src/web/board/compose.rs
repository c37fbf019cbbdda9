//! From the board's numbers to what the page prints.

use jiff::tz::TimeZone;

use super::chart::{Open, draw};
use super::need::{Need, Waiting};
use super::page::{CallbackRow, CallerRow, KeyNumber, Line, Live, Segment, StateRow, States, Team};
use crate::domain::timestamp::Timestamp;
use crate::outreach::board::{Board, Caller, Citizens, Promise};
use crate::outreach::outages::Outage;
use crate::web::show::count::{count, counted, percent, percent_fine};
use crate::web::show::stage::ALL;
use crate::web::show::time::{clock, due, moment, span};
use crate::web::show::{address, outage_window, person};

/// The polled part of the board.
pub fn live(outage: &Outage, board: &Board, paused: bool) -> Live {
    let zone = crate::web::show::zone(outage);
    let base = address(outage);
    Live {
        name: outage.name.clone(),
        summary: summary(outage, board, &zone),
        updated: clock(board.at, &zone),
        paused,
        stopped: outage
            .calls_stopped_at
            .map(|since| moment(since, board.at, &zone)),
        distress: board
            .distress
            .iter()
            .map(|call| {
                (
                    call.user_id,
                    call.caller.clone(),
                    moment(call.at, board.at, &zone),
                )
            })
            .collect(),
        empty: board.citizens.total == 0,
        numbers: numbers(board),
        states: states(&board.citizens, &base),
        chart: draw(&history(board), &zone),
        callers: board
            .callers
            .iter()
            .map(|caller| caller_row(caller, board.at))
            .collect(),
        team: team(board),
        needs: needs(outage, board, &zone, &base),
        callbacks: board
            .callbacks
            .next
            .iter()
            .map(|promise| callback(promise, board.at, &zone))
            .collect(),
        callbacks_booked: count(board.callbacks.booked),
        kept: crate::web::promises::rate(&board.promises),
        mail: mail(board),
        import: import(board),
        base,
    }
}

fn summary(outage: &Outage, board: &Board, zone: &TimeZone) -> String {
    let Citizens {
        total, email_only, ..
    } = board.citizens;
    let down = format!("Down {}.", outage_window(outage, zone));
    if total == 0 {
        return down;
    }
    format!(
        "{down} {}, {}, {}, {} by e-mail only.",
        counted(board.failed_payments, "failed payment", "failed payments"),
        counted(total, "citizen", "citizens"),
        counted(board.calls.total, "call to make", "calls to make"),
        counted(email_only, "citizen", "citizens"),
    )
}

fn numbers(board: &Board) -> Vec<KeyNumber> {
    let Citizens {
        total, closed, open, ..
    } = board.citizens;
    let new = board.citizens.by_state.get("new").copied().unwrap_or_default();
    let hour = &board.last_hour;
    vec![
        KeyNumber {
            label: "Citizens closed",
            value: count(closed),
            beside: format!("of {}, {}", count(total), percent(closed, total)),
            note: String::new(),
            meter: Some((closed, total)),
        },
        KeyNumber {
            label: "Citizens still open",
            value: count(open),
            beside: String::new(),
            note: format!("{} not called yet", count(new)),
            meter: None,
        },
        KeyNumber {
            label: "Calls left",
            value: count(board.calls.left),
            beside: format!("of {}", count(board.calls.total)),
            note: "One call for each phone number".to_owned(),
            meter: None,
        },
        KeyNumber {
            label: "Last hour",
            value: count(hour.closed),
            beside: if hour.closed == 1 {
                "citizen closed"
            } else {
                "citizens closed"
            }
            .to_owned(),
            note: format!(
                "{} by {}",
                counted(hour.calls, "call", "calls"),
                counted(small(hour.callers), "caller", "callers")
            ),
            meter: None,
        },
    ]
}

fn small(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn states(citizens: &Citizens, base: &str) -> States {
    let mut states = States {
        total: count(citizens.total),
        length: citizens.total,
        closed_total: count(citizens.closed),
        open_total: count(citizens.open),
        ..States::default()
    };
    let mut x = 0;
    for state in ALL {
        let Some(&people) = citizens.by_state.get(state.key).filter(|people| **people > 0) else {
            continue;
        };
        let title = format!("{}: {}", state.label, count(people));
        states.bar.push(Segment {
            dot: state.dot,
            x,
            width: people,
            title,
        });
        x += people;
        let list = if state.closed {
            &mut states.closed
        } else {
            &mut states.open
        };
        list.push(StateRow {
            dot: state.dot,
            label: state.label,
            href: format!("{base}/cases?stage={}", state.key),
            count: count(people),
            share: percent_fine(people, citizens.total),
        });
    }
    states
}

/// The history as it is drawn. Its last point is the minute begun, so that the picture, and with it the
/// board's tag, stays the same until there is something new to see.
fn history(board: &Board) -> Vec<Open> {
    let minute = Timestamp::from_micros(board.at.micros().div_euclid(60_000_000) * 60_000_000);
    let points = board.history.iter();
    points
        .map(|point| Open {
            at: if point.at > minute { minute } else { point.at },
            count: point.open,
        })
        .collect()
}

fn caller_row(caller: &Caller, now: Timestamp) -> CallerRow {
    let (now, now_dot) = match (caller.on_call_since, caller.signed_in) {
        (Some(since), _) => (
            format!("On a call, {}", span(now.seconds_since(since))),
            "reached",
        ),
        (None, true) => ("Between calls".to_owned(), "self"),
        (None, false) => ("Not here".to_owned(), "unreach"),
    };
    CallerRow {
        name: caller.name.clone(),
        languages: person::languages(&caller.languages),
        now,
        now_dot,
        done: caller.calls - caller.left,
        of: caller.calls,
        left: count(caller.left),
        calls: count(caller.calls_last_hour),
        closed: count(caller.closed_last_hour),
    }
}

fn team(board: &Board) -> Team {
    let sum = |number: fn(&Caller) -> i64| board.callers.iter().map(number).sum::<i64>();
    let here = board.callers.iter().filter(|caller| caller.signed_in).count();
    let (calls, left) = (sum(|caller| caller.calls), sum(|caller| caller.left));
    Team {
        done: format!("{} of {}", count(calls - left), count(calls)),
        left: count(left),
        calls: count(sum(|caller| caller.calls_last_hour)),
        closed: count(sum(|caller| caller.closed_last_hour)),
        note: format!("{} here now", count(small(here))),
    }
}

fn needs(outage: &Outage, board: &Board, zone: &TimeZone, base: &str) -> Vec<Need> {
    let state = |key: &str| board.citizens.by_state.get(key).copied().unwrap_or_default();
    let mail = |key: &str| board.messages.get(key).copied().unwrap_or_default();
    let oldest = board.callbacks.next.first().map(|promise| {
        let owner = promise.owner.as_deref().unwrap_or("anyone");
        format!("{}, {owner}", moment(promise.due_at, board.at, zone))
    });
    let waiting = Waiting {
        callbacks_late: board.callbacks.due,
        oldest_callback: oldest.unwrap_or_default(),
        needs_supervisor: state("needs_supervisor"),
        pool: board.calls.pool,
        pool_open: outage.pool_open,
        imports_to_confirm: board.imports.to_confirm,
        rejected: i64::try_from(board.imports.rejected).unwrap_or(i64::MAX),
        to_mend_in: board.imports.to_mend_in,
        mail_trouble: board.mail.trouble.clone(),
        mail_questions: board.mail.questions,
        mail_uncertain: mail("uncertain"),
        mail_bounced: mail("bounced") + mail("failed"),
        letters: state("letter"),
    };
    waiting.needs(base)
}

fn callback(promise: &Promise, now: Timestamp, zone: &TimeZone) -> CallbackRow {
    let owner = promise.owner.as_deref().unwrap_or("Anyone");
    let (time, due) = (moment(promise.due_at, now, zone), due(promise.due_at, now));
    let late = promise.due_at < now;
    CallbackRow {
        name: person::name(&promise.name, ""),
        href: promise
            .case
            .map(|case| format!("/cases/{case}"))
            .unwrap_or_default(),
        line: format!("{}{time} {owner}", if late { "Promised " } else { "" }),
        due: due.text,
        badge: due.badge,
    }
}

fn mail(board: &Board) -> Vec<Line> {
    let state = |key: &str| board.messages.get(key).copied().unwrap_or_default();
    if board.messages.values().all(|messages| *messages == 0) {
        return Vec::new();
    }
    let line = |label, number: i64| Line {
        label,
        value: count(number),
        strong: label == "Sent",
    };
    vec![
        line("Sent", state("sent")),
        line("Waiting", state("queued") + state("sending")),
        line("Uncertain", state("uncertain")),
        line("Bounced", state("bounced")),
        line("Failed", state("failed")),
        line("Withdrawn", state("withdrawn")),
        line("Must not be written to", state("suppressed")),
    ]
}

fn import(board: &Board) -> Vec<Line> {
    let line = |label, number: u64| Line {
        label,
        value: count(i64::try_from(number).unwrap_or(i64::MAX)),
        strong: label == "Rows rejected",
    };
    let issues = &board.imports;
    vec![
        line("Rows rejected", issues.rejected),
        line("Duplicates", issues.duplicates),
        line("Outside the window", issues.outside_window),
        line("Card numbers masked", issues.card_numbers),
        line(
            "Citizens by e-mail only",
            board.citizens.email_only.unsigned_abs(),
        ),
        line(
            "Citizens by letter only",
            board.citizens.letter_only.unsigned_abs(),
        ),
    ]
}
