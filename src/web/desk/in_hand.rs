//! The call in hand, as the desk shows it.

use super::answers::Entered;
use super::call::{Call, HistoryLine, Payment, Resend, Tag, Tile};
use super::compose::{self, Beside};
use super::form::{OutcomeForm, Person};
use super::people::{KEYS, People};
use super::there::There;
use super::{dial, money, owing, promises, questions, script, words};
use crate::domain::about::About;
use crate::domain::calling_hours::Window;
use crate::domain::charged::Charged;
use crate::domain::outcome::{Outcome, Rule};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::desk::{Desk, Earlier, InHand, reasons};
use crate::outreach::resend;
use crate::outreach::rulebook::Rulebook;
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::store::desk::FailedPayment;
use crate::store::messages::Message;
use crate::store::note_drafts::NoteDraft;
use crate::web::show;
use jiff::civil::Date;

/// So many lines of history stand on the desk; the case's page has all.
const HISTORY: usize = 6;

/// The household on the desk.
pub fn call(caller: &str, desk: &Desk, call: &InHand, href: &str, beside: &Beside) -> Call {
    let people = People::of(call, beside.entered.speaking);
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
        name: words::together(shown),
        case_href: first
            .map(|case| format!("/cases/{}", case.id))
            .unwrap_or_default(),
        case_label: first.map(|case| format!("Case {}", case.id)).unwrap_or_default(),
        tiles: tiles(desk, &people, &there),
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
    let earlier = call
        .attempts
        .iter()
        .filter(|earlier| other_call(&earlier.attempt));
    tags.push(Tag {
        text: format!("Call {}", earlier.count() + 1),
        tone: "",
    });
    if people.are_several() {
        tags.push(Tag {
            text: format!("{} people, one call", people.here.len()),
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
        .here
        .iter()
        .copied()
        .filter(|case| earlier.is_about(case.id))
        .collect();
    match about.len() {
        0 => String::new(),
        some if some == people.here.len() => String::new(),
        _ => format!(", about {}", words::together(&about)),
    }
}

/// The failed payments of one person; several tries at the same on one day are one row, the day said once.
fn payments(call: &InHand, case: &Case, there: &There) -> Vec<Payment> {
    let mut rows: Vec<(Date, Payment)> = Vec::new();
    let theirs = call
        .payments
        .iter()
        .filter(|one| Some(&case.identity_key) == one.identity_key.as_ref());
    for one in theirs {
        let next = payment(case, one, there);
        let day = there.date(one.occurred_at);
        let same = |(date, row): &&mut (Date, Payment)| {
            *date == day
                && (&row.purpose, &row.amount, &row.charged, &row.problem)
                    == (&next.purpose, &next.amount, &next.charged, &next.problem)
        };
        match rows.iter_mut().find(same) {
            Some((_, row)) => {
                row.when = format!(
                    "{}, {}",
                    row.when,
                    show::time::clock(one.occurred_at, &there.zone)
                )
            }
            None => rows.push((day, next)),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn payment(case: &Case, one: &FailedPayment, there: &There) -> Payment {
    let paid = case.resolution.as_deref() == Some("paid");
    Payment {
        when: there.moment(one.occurred_at),
        purpose: one.tax_type.as_deref().map(plain).unwrap_or_default(),
        amount: one.amount_cents.map(show::count::dollars).unwrap_or_default(),
        charged: charged(&one.charged).to_owned(),
        problem: one.error_code.as_deref().map(plain).unwrap_or_default(),
        paid: if paid { "Yes" } else { "Not that we know" }.to_owned(),
    }
}

fn charged(word: &str) -> &'static str {
    match word.parse() {
        Ok(Charged::ChargedTwice) => "Charged twice",
        Ok(Charged::Charged) => "Charged",
        _ => "",
    }
}

/// A code of the file in plain words: `GATEWAY_TIMEOUT` is `Timed out`; an unknown one is said as it is written.
fn plain(code: &str) -> String {
    let upper = code.to_uppercase();
    if let Some((_, words)) = SIGNS.iter().find(|(sign, _)| upper.contains(sign)) {
        return (*words).to_owned();
    }
    let words = code.replace(['_', '-'], " ").to_lowercase();
    let mut letters = words.trim().chars();
    letters
        .next()
        .map(|first| first.to_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// What a caller can say for the codes that payment systems write; the first that fits.
const SIGNS: [(&str, &str); 9] = [
    ("TIMEOUT", "Timed out"),
    ("504", "Timed out"),
    ("503", "System was down"),
    ("POOL", "System was overloaded"),
    ("LOCK", "System was locked"),
    ("SESSION", "Session ended"),
    ("COMMIT", "Result unknown"),
    ("DECLINED", "Declined by the bank"),
    ("ROUTING", "Bank number not accepted"),
];

fn history(desk: &Desk, call: &InHand, people: &People<'_>, there: &There) -> Vec<HistoryLine> {
    let mut lines: Vec<(Timestamp, &'static str, String)> = Vec::new();
    for earlier in &call.attempts {
        let Earlier { attempt, by, .. } = earlier;
        let colour = desk
            .book
            .outcomes
            .get(&attempt.outcome)
            .map_or("new", words::colour);
        let rang = if attempt.inbound { "They called us: " } else { "" };
        let late = if attempt.late { " (late)" } else { "" };
        let note = if attempt.note.is_empty() {
            String::new()
        } else {
            format!(" “{}”", attempt.note)
        };
        let label = compose::label(&desk.book, attempt);
        let whose = whose(earlier, people);
        lines.push((
            attempt.at,
            colour,
            format!("{rang}{label}{late}{whose}. {by}.{note}"),
        ));
    }
    lines.extend(call.messages.iter().map(|message| email(message)));
    let first = call.people.iter().map(|case| case.first_failed_at).min();
    lines.extend(first.map(|at| (at, "new", failed(call))));
    lines.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let line = |(at, state, text)| HistoryLine {
        time: there.moment(at),
        state,
        text,
    };
    lines.into_iter().take(HISTORY).map(line).collect()
}

/// The e-mail that whoever is on the line can have once more.
fn resend(call: &InHand, case: &Case) -> Option<Resend> {
    let last = resend::lost(case, &call.messages)?;
    let what = plain(&last.template_key).to_lowercase();
    let is_sent = resend::is_on_its_way(last, &call.messages);
    Some(Resend {
        case: case.id,
        words: match is_sent {
            true => format!("E-mail “{what}” is on its way again."),
            false => format!("Send e-mail “{what}” again"),
        },
        is_sent,
    })
}

fn email(message: &Message) -> (Timestamp, &'static str, String) {
    let at = message.sent_at.unwrap_or(message.queued_at);
    (
        at,
        "self",
        format!(
            "E-mail “{}”: {}.",
            plain(&message.template_key).to_lowercase(),
            message.state
        ),
    )
}

fn failed(call: &InHand) -> String {
    let payments = show::count::counted(call.payments.len() as i64, "failed payment", "failed payments");
    let people = show::count::counted(call.people.len() as i64, "person", "people");
    format!("{payments}, {people}, one phone.")
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
    OutcomeForm {
        action: format!("{href}/calls/{}/outcome{}", call.claim.id, beside.shown.query()),
        id: format!("{}-{}", call.claim.id, call.done.len()),
        idempotency_key: beside.key.clone(),
        heading: "What happened?".to_owned(),
        groups: questions::groups(&desk.book, &|outcome| off(outcome, people)),
        chosen: entered.chosen().to_owned(),
        others: questions::others(&desk.book, entered, people),
        question: questions::question(&desk.book, zones, desk.now, entered, asks_whom.is_some()),
        speaking: people
            .speaking
            .filter(|_| people.are_several())
            .map(|case| case.id),
        whom: match people.are_a_switchboard() {
            true => Vec::new(), // they are ticked in the list
            false => entered.whom.clone(),
        },
        people: match people.are_a_switchboard() {
            true => call
                .people
                .iter()
                .map(|case| person(case, people, call, entered))
                .collect(),
            false => Vec::new(),
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
        save_label: if entered.skip {
            "Skip and next call".to_owned()
        } else {
            "Save and next call".to_owned()
        },
        problems: beside.problems.clone(),
    }
}

fn saved(desk: &Desk, draft: &NoteDraft) -> String {
    words::draft_saved(draft.saved_at, &desk.book.outage)
}

/// Why an outcome cannot be pressed now; empty where it can. What is said of a person waits until one is chosen, and nobody
/// whose money was taken says that they will pay.
fn off(outcome: &Outcome, people: &People<'_>) -> String {
    if outcome.rule.about() == About::Number || people.are_a_switchboard() {
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

fn person(case: &Case, people: &People<'_>, call: &InHand, entered: &Entered) -> Person {
    let closed = if call.done.contains(&case.id) {
        "recorded".to_owned()
    } else if words::stage(case).is_open() {
        String::new()
    } else {
        words::closed_because(case)
    };
    Person {
        case: case.id,
        name: people.name(case),
        checked: entered.whom.contains(&case.id),
        closed,
    }
}
