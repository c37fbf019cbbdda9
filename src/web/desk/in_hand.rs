//! The call in hand, as the desk shows it.

use jiff::tz::TimeZone;

use super::call::{Call, HistoryLine, NoDial, Payment, PhoneLink, Tag};
use super::compose::{self, Beside};
use super::form::{OutcomeForm, Person};
use super::{questions, script, words};
use crate::domain::calling_hours::Window;
use crate::domain::charged::Charged;
use crate::domain::stage::Stage;
use crate::domain::switchboard::is_switchboard;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::outreach::desk::{Desk, InHand, reasons};
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::store::desk::FailedPayment;
use crate::store::messages::Message;
use crate::web::show;

/// So many lines of history stand on the desk; the case's page has all.
const HISTORY: usize = 6;

/// The household on the desk.
pub fn call(caller: &str, desk: &Desk, call: &InHand, href: &str, beside: &Beside) -> Call {
    let open = words::open(&call.people);
    let people: Vec<&Case> = if open.is_empty() {
        call.people.iter().collect()
    } else {
        open
    };
    let zones = Rulebook::zones(&call.household.time_zone);
    let first = people.first().copied();
    let others: Vec<&Case> = people.iter().skip(1).copied().collect();
    Call {
        claim: call.claim.id,
        tags: tags(desk, call, first),
        name: first.map(|case| words::together(&[case])).unwrap_or_default(),
        case_href: first
            .map(|case| format!("/cases/{}", case.id))
            .unwrap_or_default(),
        case_label: first.map(|case| format!("Case {}", case.id)).unwrap_or_default(),
        others: also(&others),
        situation: situation(desk, call, &zones),
        why_again: why_again(desk, call),
        phone: PhoneLink {
            text: show::person::with_extension(&call.household.phone, call.extension.as_deref()),
            ..phone(&call.household.phone)
        },
        other_phones: other_phones(&call.household.phone, &people),
        caller_id: show::person::phone(&desk.book.outage.caller_id),
        no_dial: no_dial(desk, &zones, beside.entered.inbound),
        payments: call.payments.iter().map(|one| payment(desk, call, one)).collect(),
        paid_heading: "Paid since?".to_owned(),
        script: script::script(caller, desk, call, &people, href, beside),
        history: history(desk, call),
        form: form(desk, call, &people, &zones, href, beside),
    }
}

fn tags(desk: &Desk, call: &InHand, first: Option<&Case>) -> Vec<Tag> {
    let pressing = first
        .map(|case| {
            let people = usize::try_from(call.household.citizens).unwrap_or_default();
            reasons(&desk.book, case, people, desk.now)
        })
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
    let number = call
        .attempts
        .iter()
        .filter(|(attempt, _)| !attempt.inbound)
        .count()
        + 1;
    tags.push(Tag {
        text: format!("Call {number}"),
        tone: "",
    });
    if call.household.stage == Stage::Callback.as_str() {
        tags.push(Tag {
            text: "Promised callback".to_owned(),
            tone: "info",
        });
    }
    tags
}

fn also(others: &[&Case]) -> String {
    match others.len() {
        0 => String::new(),
        count => format!(
            "{}. One call covers {}.",
            words::together(others),
            if count == 1 { "both" } else { "all" }
        ),
    }
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

fn why_again(desk: &Desk, call: &InHand) -> String {
    let Some((last, who)) = call.attempts.first() else {
        return String::new();
    };
    let zone = words::zone(&desk.book.outage);
    let what = compose::recorded(&desk.book, last, desk.now, &zone);
    let note = if last.note.is_empty() {
        String::new()
    } else {
        format!(" “{}”", last.note)
    };
    format!("Before: {what}, {who}.{note}")
}

fn phone(number: &str) -> PhoneLink {
    PhoneLink {
        href: format!("tel:{number}"),
        text: show::person::phone(number),
    }
}

fn other_phones(dialed: &str, people: &[&Case]) -> Vec<PhoneLink> {
    let mut numbers: Vec<&str> = people
        .iter()
        .flat_map(|case| [&case.phone, &case.phone_2])
        .flatten()
        .map(String::as_str)
        .collect();
    numbers.retain(|number| *number != dialed);
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().take(3).map(phone).collect()
}

fn no_dial(desk: &Desk, zones: &Zones, inbound: bool) -> Option<NoDial> {
    let home = desk.book.hours.home(zones);
    if inbound {
        let fact = "They are on the line.".to_owned();
        return Some(NoDial {
            fact,
            advice: "Make sure who is speaking before you say anything.".to_owned(),
        });
    }
    if desk.book.outage.calls_stopped_at.is_some() {
        let fact = "All calls are stopped.".to_owned();
        return Some(NoDial {
            fact,
            advice: "Wait for a supervisor.".to_owned(),
        });
    }
    (!desk.book.hours.open_at(desk.now, zones)).then(|| NoDial {
        fact: format!("It is {} there.", home.clock(desk.now)),
        advice: words::sentence(&format!(
            "Calls start again at {}",
            home.clock(desk.book.hours.next_opening(desk.now, zones))
        )),
    })
}

fn payment(desk: &Desk, call: &InHand, one: &FailedPayment) -> Payment {
    let zone = words::zone(&desk.book.outage);
    let everybody: Vec<&Case> = call.people.iter().collect();
    let whose = call
        .people
        .iter()
        .find(|case| Some(&case.identity_key) == one.identity_key.as_ref());
    let paid = whose.is_some_and(|case| case.resolution.as_deref() == Some("paid"));
    Payment {
        when: show::time::moment(one.occurred_at, desk.now, &zone),
        who: whose
            .map(|case| words::short(case, &everybody))
            .unwrap_or_default(),
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

fn history(desk: &Desk, call: &InHand) -> Vec<HistoryLine> {
    let zone = words::zone(&desk.book.outage);
    let mut lines: Vec<(Timestamp, &'static str, String)> = Vec::new();
    for (attempt, who) in &call.attempts {
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
        lines.push((attempt.at, colour, format!("{rang}{label}{late}. {who}.{note}")));
    }
    lines.extend(call.messages.iter().map(|message| email(message)));
    let first = call.people.iter().map(|case| case.first_failed_at).min();
    lines.extend(first.map(|at| (at, "new", failed(call))));
    lines.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let line = |(at, state, text)| HistoryLine {
        time: moment(at, desk.now, &zone),
        state,
        text,
    };
    lines.into_iter().take(HISTORY).map(line).collect()
}

fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    show::time::moment(at, now, zone)
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
    people: &[&Case],
    zones: &Zones,
    href: &str,
    beside: &Beside,
) -> OutcomeForm {
    let entered = &beside.entered;
    OutcomeForm {
        action: format!("{href}/calls/{}/outcome{}", call.claim.id, beside.shown.query()),
        id: call.claim.id,
        idempotency_key: beside.key.clone(),
        heading: "What happened?".to_owned(),
        groups: questions::groups(&desk.book),
        chosen: entered.chosen().to_owned(),
        question: questions::question(&desk.book, zones, desk.now, entered),
        people: call
            .people
            .iter()
            .map(|case| person(case, people, call, entered))
            .collect(),
        note: entered.note.clone(),
        inbound: entered.inbound,
        can_skip: true,
        save_label: if entered.skip {
            "Skip and next call".to_owned()
        } else {
            "Save and next call".to_owned()
        },
        problems: beside.problems.clone(),
        ..OutcomeForm::default()
    }
}

fn person(case: &Case, people: &[&Case], call: &InHand, entered: &super::answers::Entered) -> Person {
    let closed = if call.done.contains(&case.id) {
        "recorded".to_owned()
    } else if words::stage(case).is_open() {
        String::new()
    } else {
        words::closed_because(case)
    };
    Person {
        case: case.id,
        name: words::short(case, people),
        // With many on one number an outcome is hardly ever for all of them.
        checked: match entered.cases.is_empty() {
            true => !is_switchboard(call.household.citizens),
            false => entered.cases.contains(&case.id),
        },
        closed,
    }
}
