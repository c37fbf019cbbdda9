//! The call in hand, as the desk shows it.

use super::call::{Call, Tag, Tile};
use super::compose::{self, Beside};
use super::form::OutcomeForm;
use super::history::{history, resend};
use super::payments::payments;
use super::people::{KEYS, People};
use super::there::There;
use super::told::Aloud;
use super::{callback, clients, dial, money, news, owing, promises, questions, script, words};
use crate::domain::about::About;
use crate::domain::calling_hours::Window;
use crate::domain::ids::{AttemptId, ClaimId};
use crate::domain::outcome::{Group, Outcome, Rule};
use crate::domain::stage::Stage;
use crate::domain::zone::Zones;
use crate::outreach::desk::{Desk, Earlier, InHand, reasons};
use crate::outreach::rulebook::Rulebook;
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::store::note_drafts::NoteDraft;
use crate::web::show;
use std::collections::BTreeSet;

/// The household on the desk.
pub fn call(caller: &str, desk: &Desk, call: &InHand, href: &str, beside: &Beside) -> Call {
    let people = People::of(call, beside.entered.on_line());
    let zones = Rulebook::zones(&call.household.time_zone);
    let shown = match people.waiting.as_slice() {
        [] => &people.here,
        waiting => waiting,
    };
    let first = people.speaking.or_else(|| shown.first().copied());
    let there = There::of(desk, &zones);
    Call {
        claim: call.claim.id,
        tags: tags(desk, call, &people),
        name: name(&people, shown, beside),
        case_href: first
            .map(|case| format!("/cases/{}", case.id))
            .unwrap_or_default(),
        case_label: first.map(|case| format!("Case {}", case.id)).unwrap_or_default(),
        tiles: tiles(desk, &people, &there),
        clients: clients::clients(call, &people, &beside.entered, &there),
        money: people.speaking.map(|case| money::strip(case, &people, &there)),
        promises: promises::promises(desk, call, &people, &there),
        situation: situation(desk, call, &zones),
        why_again: why_again(desk, call, &people, &there),
        dial: dial::dial(&desk.book, call, desk.now, beside.entered.inbound),
        payments: people
            .speaking
            .map(|case| payments(call, case, &there))
            .unwrap_or_default(),
        tried_heading: there.heading(),
        script: script::script(caller, desk, call, &people, href, beside),
        history: history(desk, call, &people, &there),
        resend: people.speaking.and_then(|case| resend(call, case)),
        form: form(desk, call, &people, &zones, href, beside),
    }
}

/// Whom to ask for. Nobody tells an office about whom.
fn name(people: &People<'_>, shown: &[&Case], beside: &Beside) -> String {
    match people.speaking {
        Some(speaking) if people.are_a_switchboard() => words::together(&[speaking]),
        None if people.are_a_switchboard() && beside.entered.home => "A home with many people".to_owned(),
        None if people.are_a_switchboard() => "An office or a preparer".to_owned(),
        _ => words::together(shown),
    }
}

fn tags(desk: &Desk, call: &InHand, people: &People<'_>) -> Vec<Tag> {
    let pressing = people
        .speaking
        .map(|case| reasons(&desk.book, case, people.here.len(), desk.now))
        .unwrap_or_default();
    let urgent = |reason: &str| reason.starts_with("Due date") || reason.starts_with("Charged");
    let mut tags: Vec<Tag> = pressing
        .into_iter()
        .filter(|part| urgent(&part.reason))
        .map(|part| Tag {
            text: part.reason,
            tone: "warn",
        })
        .collect();
    let other_call = |attempt: &Attempt| !attempt.inbound && attempt.claim_id != Some(call.claim.id);
    let earlier = call.attempts.iter().map(|earlier| &earlier.attempt);
    // What was recorded of two people in one call is one call.
    let calls: BTreeSet<(Option<ClaimId>, Option<AttemptId>)> = earlier
        .filter(|attempt| other_call(attempt))
        .map(|attempt| (attempt.claim_id, attempt.claim_id.is_none().then_some(attempt.id)))
        .collect();
    tags.push(Tag {
        text: format!("Call {}", calls.len() + 1),
        tone: "",
    });
    let open = people.waiting.iter().filter(|case| words::stage(case).is_open());
    let several = match people.are_a_switchboard() {
        true => format!("{} people, {} open", people.here.len(), open.count()),
        false => format!("{} people, one call", people.here.len()),
    };
    if people.are_several() {
        tags.push(Tag {
            text: several,
            tone: "",
        });
    }
    if call.household.stage == Stage::Callback.as_str() {
        tags.push(Tag {
            text: "Promised callback".to_owned(),
            tone: "info",
        });
    }
    tags
}

/// Whoever is at the number, to say who is on the line; at a switchboard they are ticked instead.
fn tiles(desk: &Desk, people: &People<'_>, there: &There) -> Vec<Tile> {
    if !people.are_several() || people.are_a_switchboard() {
        return Vec::new();
    }
    let tile = |(place, case): (usize, &&Case)| {
        let done = !people.waiting.iter().any(|other| other.id == case.id);
        Tile {
            case: case.id,
            name: words::together(&[case]),
            words: match done {
                true => "Recorded in this call.".to_owned(),
                false => money::known(case, desk.now, there),
            },
            key: KEYS.get(place).filter(|_| !done).copied().unwrap_or_default(),
            chosen: people.speaking.is_some_and(|speaking| speaking.id == case.id),
            done,
        }
    };
    people.here.iter().enumerate().map(tile).collect()
}

fn situation(desk: &Desk, call: &InHand, zones: &Zones) -> String {
    let home = desk.book.hours.home(zones);
    let language = call.household.language.as_deref().unwrap_or("en");
    let there = home.clock(desk.now);
    let until = if desk.book.hours.window() == Window::ALWAYS {
        "OK to call at any hour".to_owned()
    } else if desk.book.hours.open_at(desk.now, zones) {
        format!(
            "OK to call until {}",
            home.clock(desk.book.hours.closing(desk.now, zones))
        )
    } else {
        "outside calling hours".to_owned()
    };
    let sure = if zones.is_unknown() {
        " (we do not know where they are)"
    } else {
        ""
    };
    let language = show::person::language(language);
    words::sentence(&format!("{language}. It is {there} there{sure}, {until}"))
}

/// The latest call before this one, and whom it was about.
fn why_again(desk: &Desk, call: &InHand, people: &People<'_>, there: &There) -> String {
    let concerns = |earlier: &&Earlier| people.speaking.is_none_or(|case| earlier.is_about(case.id));
    let Some(last) = call.attempts.iter().find(concerns) else {
        return String::new();
    };
    let what = compose::recorded(&desk.book, &last.attempt, desk.now, &there.zone);
    let note = match last.attempt.note.as_str() {
        "" => String::new(),
        note => format!(" “{note}”"),
    };
    format!("Before{}: {what}, {}.{note}", whose(last, people), last.by)
}

/// `, about Rosa`, where an attempt was not about everybody at the number.
pub(super) fn whose(earlier: &Earlier, people: &People<'_>) -> String {
    let about: Vec<&Case> = people
        .all
        .iter()
        .filter(|case| earlier.is_about(case.id))
        .collect();
    match about.len() {
        0 => String::new(),
        all if all == people.all.len() => String::new(),
        _ => format!(", about {}", words::together(&about)),
    }
}

fn form(
    desk: &Desk,
    call: &InHand,
    people: &People<'_>,
    zones: &Zones,
    href: &str,
    beside: &Beside,
) -> OutcomeForm {
    let entered = &beside.entered;
    let asks_whom = questions::whom(&desk.book, entered, people);
    let asked = callback::Asked {
        book: &desk.book,
        zones,
        now: desk.now,
        whom: whom(people),
        times: beside.times.as_ref(),
        aloud: Aloud::of(
            script::language(call, beside).code(),
            &call.household.phone,
            people.speaking.and_then(|case| script::code(call, case)),
        ),
    };
    let question = questions::question(entered, &asked, asks_whom.is_some());
    OutcomeForm {
        action: format!("{href}/calls/{}/outcome{}", call.claim.id, beside.shown.query()),
        id: news::form_id(call),
        idempotency_key: beside.key.clone(),
        heading: "What happened?".to_owned(),
        groups: match (news::is_recorded(call), people.are_a_switchboard()) {
            (true, _) => Vec::new(),
            (_, true) => clients::groups(&desk.book, people, entered),
            _ => questions::groups(&desk.book, &|outcome| off(outcome, people, entered.inbound)),
        },
        chosen: entered.chosen().to_owned(),
        others: questions::others(&desk.book, entered, people),
        picked: questions::picked(&desk.book, entered, question.as_ref()),
        question,
        speaking: people
            .speaking
            .filter(|_| people.are_several())
            .map(|case| case.id),
        whom: match people.are_a_switchboard() {
            true => Vec::new(), // they are ticked in the list
            false => questions::answered_whom(&desk.book, entered, people),
        },
        people: Vec::new(),
        home: entered.home,
        after: match people.are_a_switchboard() {
            true => clients::after(&desk.book),
            false => String::new(),
        },
        asks_whom,
        remedies: owing::choices(call, people, entered),
        remedies_mean: owing::meaning(desk),
        note: match (&call.draft, entered.note.as_str()) {
            (Some(draft), "") => draft.note.clone(),
            (_, typed) => typed.to_owned(),
        },
        draft_action: match call.claim.id {
            ..=0 => String::new(), // practice keeps nothing
            id => format!("{href}/calls/{id}/note"),
        },
        done: call.done.len(),
        draft_saved: call
            .draft
            .as_ref()
            .map(|draft| saved(desk, draft))
            .unwrap_or_default(),
        inbound: entered.inbound,
        can_skip: true,
        over: news::is_recorded(call),
        save_label: if entered.skip {
            "Skip and next call".to_owned()
        } else {
            "Save and next call".to_owned()
        },
        problems: beside.problems.clone(),
    }
}

/// Who is called back: whoever is on the line, or all at the number.
fn whom(people: &People<'_>) -> String {
    match people.speaking {
        Some(case) => people.name(case),
        None if people.are_a_switchboard() => "this number".to_owned(),
        None => words::together(&people.waiting),
    }
}

fn saved(desk: &Desk, draft: &NoteDraft) -> String {
    words::draft_saved(draft.saved_at, &desk.book.outage)
}

/// Why an outcome cannot be pressed now; empty where it can. What is said of a person waits until one is chosen, and nobody
/// whose money was taken says that they will pay.
fn off(outcome: &Outcome, people: &People<'_>, inbound: bool) -> String {
    if inbound && (outcome.group == Group::NotReached || matches!(outcome.rule, Rule::BadNumber)) {
        return "Off: they rang us".to_owned();
    }
    if outcome.rule.about() == About::Number {
        return String::new();
    }
    match people.speaking {
        None => format!("Press {} first", people.keys()),
        Some(case) if matches!(outcome.rule, Rule::Wait { .. }) && money::was_taken(case) => {
            "Off: they must not pay".to_owned()
        }
        Some(_) => String::new(),
    }
}
