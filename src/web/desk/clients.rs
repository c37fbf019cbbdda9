//! The people who gave the number of an office: a list to tick, in which no amount and no code stands.

use super::answers::Entered;
use super::call::{Client, Clients, Tag, Tick};
use super::form::{OutcomeButton, OutcomeGroup};
use super::people::{People, acts_for};
use super::queue::Notice;
use super::there::There;
use super::{questions, words};
use crate::domain::about::About;
use crate::domain::charged::Charged;
use crate::domain::ids::CaseId;
use crate::domain::message::MessageState;
use crate::domain::outcome::{Group, Outcome};
use crate::domain::reply::Reply;
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::outreach::desk::InHand;
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::store::desk::FailedPayment;
use crate::store::messages::Message;
use crate::web::show;

/// So many are shown, and can be ticked, at a time.
const SHOWN: usize = 500;
/// So many times of one person are told.
const TIMES: usize = 3;

/// The list; none where the number is no office's.
pub fn clients(call: &InHand, people: &People<'_>, entered: &Entered, there: &There) -> Option<Clients> {
    if !people.are_a_switchboard() {
        return None;
    }
    let ticked = ticked(entered, people);
    let shown = shown(people);
    let more = people.waiting.len().saturating_sub(SHOWN);
    let is_ticked = |case: &&&Case| ticked.contains(&case.id);
    Some(Clients {
        open: tickable(people),
        ticked: shown.iter().filter(is_ticked).map(|case| full(case)).collect(),
        rows: shown
            .iter()
            .map(|case| client(case, call, people, (entered.home, &ticked), there))
            .collect(),
        none_ticked: none_ticked(entered, people),
        more: match more {
            0 => String::new(),
            more => format!("The first {SHOWN} by name. {more} more come up as these are recorded."),
        },
        home: entered.home,
    })
}

/// Who is ticked of those who wait: by hand, or all or none of them by a button.
pub fn ticked(entered: &Entered, people: &People<'_>) -> Vec<CaseId> {
    match entered.tick.as_str() {
        "none" => Vec::new(),
        "all" => waiting(people).iter().map(|case| case.id).collect(),
        _ => entered.ticked.clone(),
    }
}

/// What to do when nobody is ticked, or nobody any more who waits.
pub fn none_ticked(entered: &Entered, people: &People<'_>) -> String {
    let gone = entered
        .ticked
        .iter()
        .filter_map(|id| people.here.iter().find(|case| case.id == *id));
    match gone.map(|case| meanwhile(case)).collect::<Vec<_>>().as_slice() {
        [] => format!(
            "Tick a client first. Press F to find one, or A for all {}.",
            tickable(people)
        ),
        gone => format!("{} Nothing was recorded.", gone.join(" ")),
    }
}

/// News of those who were ticked and left out, because their case was closed by then.
pub fn left_out(people: &[Case], skipped: &[CaseId]) -> Vec<Notice> {
    let left_out = people.iter().filter(|case| skipped.contains(&case.id));
    let told: Vec<String> = left_out.map(meanwhile).collect();
    match told.as_slice() {
        [] => Vec::new(),
        told => vec![Notice {
            tone: "info",
            strong: told.join(" "),
            text: "Nothing was recorded for them.".to_owned(),
            ..Notice::default()
        }],
    }
}

/// `George Haddad: paid meanwhile.`
fn meanwhile(case: &Case) -> String {
    format!("{}: {} meanwhile.", full(case), words::closed_because(case))
}

/// The outcomes by whom they are for: what is said of the number for all who are open, what is said of a person for those who
/// are ticked.
pub fn groups(book: &Rulebook, people: &People<'_>, entered: &Entered) -> Vec<OutcomeGroup> {
    let (all, ticked) = (open(people), ticked(entered, people).len());
    let headings: [(&str, bool, &[Group]); 4] = [
        (
            "Did not reach the office",
            false,
            &[Group::NotReached, Group::Other],
        ),
        (
            "Reached somebody",
            true,
            &[Group::NotReached, Group::Other, Group::Reached],
        ),
        ("Stop calling", true, &[Group::Stop]),
        ("About the number", false, &[Group::Reached, Group::Stop]),
    ];
    let groups = headings.map(|(label, of_ticked, groups)| {
        let here = |outcome: &&Outcome| {
            groups.contains(&outcome.group) && of_ticked != (outcome.rule.about() == About::Number)
        };
        let hint = match (of_ticked, ticked) {
            (false, _) => format!("For all {all}"),
            (true, 0) => "For those ticked".to_owned(),
            (true, ticked) => format!("For {ticked} ticked"),
        };
        let button = |outcome: &Outcome| OutcomeButton {
            hint: hint.clone(),
            of_ticked,
            ..questions::button(outcome, String::new())
        };
        let offered = book.outcomes.offered().filter(here);
        let (frequent, others) = offered.partition::<Vec<_>, _>(|outcome| questions::is_frequent(outcome));
        OutcomeGroup {
            label: label.to_owned(),
            whom: match (of_ticked, ticked) {
                (false, _) => format!("For all {all} open"),
                (true, 0) => "For those ticked".to_owned(),
                (true, ticked) => format!("For the {ticked} ticked"),
            },
            of_ticked,
            frequent: frequent.into_iter().map(button).collect(),
            others: others.into_iter().map(button).collect(),
        }
    });
    let is_some = |group: &OutcomeGroup| !group.frequent.is_empty() || !group.others.is_empty();
    groups.into_iter().filter(is_some).collect()
}

/// What saving for those who are ticked leaves to do.
pub fn after(book: &Rulebook) -> String {
    let ends = book
        .outcomes
        .get("someone_else")
        .filter(|outcome| !outcome.retired);
    let key = ends.and_then(|outcome| outcome.hotkey);
    let ends = ends.map(|outcome| match key {
        Some(key) => format!(
            " {} {} ends the call for the rest.",
            key.to_ascii_uppercase(),
            outcome.label
        ),
        None => format!(" {} ends the call for the rest.", outcome.label),
    });
    format!(
        "After those ticked are saved, the list stays with the others and nothing ticked.{}",
        ends.unwrap_or_default()
    )
}

/// Those who wait and are shown.
fn waiting<'a>(people: &People<'a>) -> Vec<&'a Case> {
    let mut waiting = people.waiting.clone();
    waiting.sort_by_cached_key(|case| full(case).to_lowercase());
    waiting.truncate(SHOWN);
    waiting
}

/// Those who are shown: everybody, or, if they are too many, those who wait.
fn shown<'a>(people: &People<'a>) -> Vec<&'a Case> {
    if people.here.len() > SHOWN {
        return waiting(people);
    }
    let mut shown = people.here.clone();
    shown.sort_by_cached_key(|case| full(case).to_lowercase());
    shown
}

/// How many wait for an outcome and are open: for so many counts what is said of the number, whether or not all are shown.
fn open(people: &People<'_>) -> usize {
    let is_open = |case: &&&Case| words::stage(case).is_open();
    people.waiting.iter().filter(is_open).count()
}

/// How many of them can be ticked here at once.
fn tickable(people: &People<'_>) -> usize {
    open(people).min(SHOWN)
}

fn full(case: &Case) -> String {
    show::person::name(&case.given_name, &case.family_name)
}

fn client(
    case: &Case,
    call: &InHand,
    people: &People<'_>,
    (home, ticked): (bool, &[CaseId]),
    there: &There,
) -> Client {
    let waits = people.waiting.iter().any(|one| one.id == case.id);
    let resolution: Option<Resolution> = case.resolution.as_deref().and_then(|word| word.parse().ok());
    let tick = match (waits, resolution) {
        (true, _) if ticked.contains(&case.id) => Tick::Ticked,
        (true, _) => Tick::Open,
        (false, Some(Resolution::DoNotContact)) => Tick::Stopped,
        (false, _) => Tick::Done,
    };
    Client {
        case: case.id,
        name: full(case),
        money: money(case),
        tried: tried(case, call, there),
        email: email(case, call),
        state: match people.done.contains(&case.id) {
            true => "Recorded in this call".to_owned(),
            false => state(case, there),
        },
        dot: show::stage::shown(&case.stage, case.resolution.as_deref()).dot,
        tick,
        speak: match waits {
            true if home => "Speak",
            true if acts_for(call, case) => "Authority checked",
            _ => "",
        },
    }
}

fn state(case: &Case, there: &There) -> String {
    match words::stage(case) {
        Stage::New => "Open".to_owned(),
        Stage::Closed => {
            let resolution = case.resolution.as_deref().and_then(|word| word.parse().ok());
            let why = resolution.map_or("Closed", |resolution: Resolution| resolution.words());
            match case.resolved_at {
                Some(at) => format!("{why}, {}", there.moment(at)),
                None => why.to_owned(),
            }
        }
        stage => stage.words().to_owned(),
    }
}

fn money(case: &Case) -> Tag {
    let tag = |text: &str, tone| Tag {
        text: text.to_owned(),
        tone,
    };
    match (case.resolution.as_deref(), case.charged()) {
        (Some("paid"), _) => tag("Paid since", ""),
        (_, Charged::NotCharged) => tag("Not charged", ""),
        (_, Charged::Unknown) => tag("Not sure yet", "warn"),
        (_, Charged::Charged) => tag("Charged, not recorded", "bad"),
        (_, Charged::ChargedTwice) => tag("Charged twice", "bad"),
    }
}

/// `Apr 15, 6:40 p.m., 6:43 p.m.`: the day is said once.
fn tried(case: &Case, call: &InHand, there: &There) -> String {
    let theirs = |one: &&FailedPayment| one.identity_key.as_deref() == Some(case.identity_key.as_str());
    let times: Vec<Timestamp> = call
        .payments
        .iter()
        .filter(theirs)
        .map(|one| one.occurred_at)
        .collect();
    let mut day = None;
    let told = times.iter().take(TIMES).map(|at| {
        let date = there.date(*at);
        match day.replace(date) == Some(date) {
            true => show::time::clock(*at, &there.zone),
            false => there.moment(*at),
        }
    });
    let told = told.collect::<Vec<_>>().join(", ");
    match times.len().saturating_sub(TIMES) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// What they answered by link, else what became of our last e-mail.
fn email(case: &Case, call: &InHand) -> String {
    let answer = call.answers.iter().find(|answer| answer.case_id == case.id);
    if let Some(reply) = answer.and_then(|answer| answer.choice.parse::<Reply>().ok()) {
        return format!("“{}”", reply.words());
    }
    let last: Option<&Message> = call.messages.iter().find(|message| message.case_id == case.id);
    match last.map(|message| message.state.parse()) {
        Some(Ok(MessageState::Sent)) => "Not answered",
        Some(Ok(MessageState::Bounced)) => "Bounced",
        Some(Ok(MessageState::Queued | MessageState::Sending)) => "On its way",
        Some(Ok(MessageState::Failed | MessageState::Uncertain)) => "Not delivered",
        _ => "",
    }
    .to_owned()
}
