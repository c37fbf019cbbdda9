//! What a caller must know at once: calls stopped, paid meanwhile, the household is a colleague's now.

use jiff::tz::TimeZone;

use super::queue::Notice;
use super::{compose, words};
use crate::domain::reply::Reply;
use crate::domain::switchboard::is_switchboard;
use crate::domain::timestamp::Timestamp;
use crate::outreach::desk::{Done, InHand};
use crate::outreach::distress::Distress;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::undo::UNDO_MINUTES;
use crate::store::answers::Answer;
use crate::store::cases::Case;
use crate::web::show;

/// The news about the outage and about the call in hand.
pub fn news(href: &str, book: &Rulebook, call: Option<&InHand>, now: Timestamp) -> Vec<Notice> {
    let mut news: Vec<Notice> = stopped(book, now).into_iter().collect();
    if let Some(call) = call {
        let about = recorded(book, call, now)
            .or_else(|| settled(call))
            .or_else(|| silenced(call))
            .or_else(|| lost(book, call, now));
        if about.is_none() {
            news.extend(answered(book, call));
        }
        news.extend(about.map(|notice| Notice {
            next: format!("{href}/calls/{}/next", call.claim.id),
            ..notice
        }));
    }
    news
}

/// Why the number of a call must not be dialled, if it must not: the same states that make the news. Whether all calls are
/// stopped, and the hours, are looked at by themselves.
pub fn forbids(call: &InHand, now: Timestamp) -> Option<&'static str> {
    if is_recorded(call) {
        Some("This call is recorded.")
    } else if is_settled(call) {
        Some("There is no need to call.")
    } else if is_silenced(call) {
        Some("Nobody else here is to be called at this number.")
    } else if call.taken_over.is_some() {
        Some("A colleague has this household.")
    } else if call.claim.expires_at <= now {
        Some("This call is not held for you.")
    } else if all_answered(call) {
        Some("They have just answered by link.")
    } else {
        None
    }
}

/// The call has its outcome for everybody, perhaps in another tab.
pub fn is_recorded(call: &InHand) -> bool {
    let is_done = |case: &Case| call.done.contains(&case.id) || !words::stage(case).is_asked_about();
    !call.done.is_empty() && call.people.iter().all(is_done)
}

fn recorded(book: &Rulebook, call: &InHand, now: Timestamp) -> Option<Notice> {
    let last = call
        .attempts
        .iter()
        .find(|earlier| earlier.attempt.claim_id == Some(call.claim.id))?;
    is_recorded(call).then(|| Notice {
        tone: "info",
        strong: words::sentence(&format!(
            "You recorded this call: {}",
            compose::recorded(book, &last.attempt, now, &words::zone(&book.outage))
        )),
        text: "Nothing was saved twice. If it was wrong, change it under Recent.".to_owned(),
        ..Notice::default()
    })
}

fn stopped(book: &Rulebook, now: Timestamp) -> Option<Notice> {
    let since = show::time::moment(book.outage.calls_stopped_at?, now, &words::zone(&book.outage));
    Some(Notice {
        tone: "error",
        strong: words::sentence(&format!("All calls are stopped since {since}")),
        text:
            "Finish the call you are on and record it. Dial nobody until a supervisor lets the calls go on."
                .to_owned(),
        ..Notice::default()
    })
}

/// Everybody of this household is settled without this call.
fn is_settled(call: &InHand) -> bool {
    let mut others = call
        .people
        .iter()
        .filter(|case| !call.done.contains(&case.id))
        .peekable();
    others.peek().is_some() && !others.any(|case| words::stage(case).is_open())
}

fn settled(call: &InHand) -> Option<Notice> {
    let others: Vec<&Case> = call
        .people
        .iter()
        .filter(|case| !call.done.contains(&case.id))
        .collect();
    if !is_settled(call) {
        return None;
    }
    let why = others
        .first()
        .map(|case| words::closed_because(case))
        .unwrap_or_default();
    Some(Notice {
        tone: "success",
        strong: format!("No need to call {}: {why}.", words::together(&others)),
        text: "It was closed meanwhile. If you spoke with them already, you can still record it.".to_owned(),
        ..Notice::default()
    })
}

/// What was recorded of one person leaves nobody to be called at the number, as when it must not be dialled any more.
fn is_silenced(call: &InHand) -> bool {
    let mut others = asked_about(call).peekable();
    !call.done.is_empty() && others.peek().is_some() && !others.any(|case| words::stage(case).is_call())
}

fn silenced(call: &InHand) -> Option<Notice> {
    let others: Vec<&Case> = asked_about(call).collect();
    is_silenced(call).then(|| Notice {
        tone: "warning",
        strong: format!("Do not dial this number for {}.", words::together(&others)),
        text: "They are written to. If you are speaking with them now, record it; else go on with the next call."
            .to_owned(),
        ..Notice::default()
    })
}

/// Those of whom this call has still to say something.
fn asked_about(call: &InHand) -> impl Iterator<Item = &Case> {
    call.people
        .iter()
        .filter(|case| !call.done.contains(&case.id) && words::stage(case).is_asked_about())
}

/// Nobody is left who has not just answered by link, or one of a household has asked to be called later. One of the clients
/// of an office speaks for themselves only.
fn all_answered(call: &InHand) -> bool {
    let Some(last) = answered_meanwhile(call) else {
        return false;
    };
    let office = i32::try_from(call.people.len()).is_ok_and(is_switchboard);
    let answered = |case: &Case| {
        let theirs = call.answers.iter().filter(|answer| answer.case_id == case.id);
        theirs
            .map(|answer| answer.at)
            .any(|at| at > call.claim.created_at)
    };
    (last.call_at.is_some() && !office) || asked_about(call).all(answered)
}

/// Somebody of this household answered by link since the call was begun.
fn answered_meanwhile(call: &InHand) -> Option<&Answer> {
    call.answers
        .iter()
        .rfind(|answer| answer.at > call.claim.created_at)
}

fn answered(book: &Rulebook, call: &InHand) -> Option<Notice> {
    let answer = answered_meanwhile(call)?;
    let who: Vec<&Case> = call
        .people
        .iter()
        .filter(|case| case.id == answer.case_id)
        .collect();
    let reply: Reply = answer.choice.parse().ok()?;
    let zone = words::zone(&book.outage);
    let when = answer
        .call_at
        .map(|at| format!(" {}", show::time::moment(at, answer.at, &zone)))
        .unwrap_or_default();
    Some(Notice {
        tone: "info",
        strong: format!(
            "{} just answered by link: “{}”{when}.",
            words::together(&who),
            reply.words()
        ),
        text: match all_answered(call) {
            true => {
                "If you are not on the phone yet, go on with the next call. If you are, record what happens."
            }
            false => "The others at this number wait for your call.",
        }
        .to_owned(),
        ..Notice::default()
    })
}

/// What makes the ids of a call's form its own: the call, and how many of its people are recorded.
pub fn form_id(call: &InHand) -> String {
    format!("{}-{}", call.claim.id, call.done.len())
}

fn lost(book: &Rulebook, call: &InHand, now: Timestamp) -> Option<Notice> {
    let zone = words::zone(&book.outage);
    if let Some((who, at)) = &call.taken_over {
        return Some(Notice {
            tone: "warning",
            strong: words::sentence(&format!(
                "{who} has this household since {}",
                show::time::moment(*at, now, &zone)
            )),
            text: "Do not dial. If you spoke with them before, record it: it is kept, and marked late."
                .to_owned(),
            ..Notice::default()
        });
    }
    let is_free = call.claim.released_at.is_none();
    (call.claim.expires_at <= now).then(|| Notice {
        tone: "warning",
        strong: words::sentence(&format!(
            "This call is not held for you since {}",
            show::time::clock(call.claim.expires_at, &zone)
        )),
        text: match is_free {
            true => {
                "Nobody has taken it. Take it again before you dial; what you typed stays. If you spoke with them, record it \
                 now: it is kept."
            }
            false => "A colleague may get it. If you spoke with them, record it now: it is kept.",
        }
        .to_owned(),
        again: match is_free {
            true => form_id(call),
            false => String::new(),
        },
        ..Notice::default()
    })
}

/// The supervisor whom the caller needs.
pub fn distress(distress: Option<&Distress>, now: Timestamp, zone: &TimeZone) -> Option<Notice> {
    let (tone, strong, text) = match distress? {
        Distress::Raised { at } => (
            "warning",
            words::sentence(&format!(
                "You called a supervisor at {}",
                show::time::moment(*at, now, zone)
            )),
            "They see it on the board. You may end a call that hurts you: say goodbye and hang up.",
        ),
        Distress::Answered { by, at } => (
            "success",
            words::sentence(&format!(
                "{by} comes to you, since {}",
                show::time::moment(*at, now, zone)
            )),
            "Take a break if you need one.",
        ),
    };
    Some(Notice {
        tone,
        strong,
        text: text.to_owned(),
        ..Notice::default()
    })
}

/// The last outcome came after a colleague had taken the household.
pub fn late(last: Option<&Done>, now: Timestamp) -> Option<Notice> {
    let last = last.filter(|done| done.attempt.late && now <= done.attempt.at.plus_minutes(UNDO_MINUTES))?;
    let people: Vec<&Case> = last.people.iter().collect();
    Some(Notice {
        tone: "info",
        strong: format!("A colleague had {} meanwhile.", words::together(&people)),
        text: "What you recorded is kept in the history and marked late.".to_owned(),
        ..Notice::default()
    })
}
