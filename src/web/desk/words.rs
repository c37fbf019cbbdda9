//! People, outcomes and what follows, in the words of the desk.

use jiff::tz::TimeZone;

use crate::domain::callback::QuickPick;
use crate::domain::outcome::{Lane, Outcome, Rule};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::outreach::outages::Outage;
use crate::store::cases::Case;
use crate::web::show;

/// The agency's time zone, for times on staff pages.
pub fn zone(outage: &Outage) -> TimeZone {
    TimeZone::get(&outage.time_zone).unwrap_or(TimeZone::UTC)
}

/// Whom to ask for: `Dorothy Hensley`, `Robert and Carla Mills`, `Ana Ruiz, Bo Lee and 3 others`.
pub fn together(people: &[&Case]) -> String {
    let name = |case: &Case| show::person::name(&case.given_name, &case.family_name);
    match people {
        [] => "Nobody".to_owned(),
        [one] => name(one),
        [one, two]
            if one.family_name == two.family_name
                && !one.given_name.is_empty()
                && !two.given_name.is_empty() =>
        {
            format!("{} and {}", show::person::name(&one.given_name, ""), name(two))
        }
        [one, two] => format!("{} and {}", name(one), name(two)),
        [one, two, rest @ ..] => {
            format!(
                "{}, {} and {}",
                name(one),
                name(two),
                show::count::counted(rest.len() as i64, "other", "others")
            )
        }
    }
}

/// A person's given name, or the whole name where another here has the same or there is none.
pub fn short(case: &Case, people: &[&Case]) -> String {
    let same = people
        .iter()
        .filter(|other| other.given_name == case.given_name)
        .count();
    if case.given_name.is_empty() || same > 1 {
        show::person::name(&case.given_name, &case.family_name)
    } else {
        show::person::name(&case.given_name, "")
    }
}

/// Those whose case is open.
pub fn open(people: &[Case]) -> Vec<&Case> {
    people.iter().filter(|case| stage(case).is_open()).collect()
}

/// Where a case stands; a word that is unknown here waits for a supervisor.
pub fn stage(case: &Case) -> Stage {
    case.stage.parse().unwrap_or(Stage::NeedsSupervisor)
}

/// Why a closed case needs nothing more: `paid`, `resolved by call`.
pub fn closed_because(case: &Case) -> String {
    let resolution = case
        .resolution
        .as_deref()
        .and_then(|word| word.parse::<Resolution>().ok());
    resolution.map_or_else(
        || "closed".to_owned(),
        |resolution| resolution.words().to_lowercase(),
    )
}

/// The colour of an outcome's dot.
pub const fn colour(outcome: &Outcome) -> &'static str {
    match &outcome.rule {
        Rule::Close {
            resolution: Resolution::ResolvedByCall,
        } => "reached",
        Rule::Close { .. } | Rule::Suppress { .. } => "dnc",
        Rule::Retry(_) => "tried",
        Rule::Wait { .. } => "paid",
        Rule::Callback => "callback",
        Rule::Escalate {
            to: Lane::Specialists,
            ..
        } => "help",
        Rule::Escalate {
            to: Lane::Supervisor, ..
        } => "dnc",
        Rule::BadNumber => "unreach",
        Rule::Move | Rule::Requeue => "new",
    }
}

/// A sentence's end: `9:00 a.m.` needs no second dot.
pub fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// What follows for these people after this outcome: `Next try after Thu 9:00 a.m.`
pub fn follows(people: &[Case], outcome: Option<&Outcome>, now: Timestamp, zone: &TimeZone) -> String {
    let Some(case) = people.first() else {
        return String::new();
    };
    let due = case
        .due_at
        .map(|at| show::time::moment(at, now, zone))
        .unwrap_or_default();
    match stage(case) {
        Stage::New => "It is back in the queue.".to_owned(),
        Stage::Tried if case.due_at.is_some_and(|at| at <= now) => "The next try may be made now.".to_owned(),
        Stage::Tried => sentence(&format!("Next try after {due}")),
        Stage::Callback => sentence(&format!("Callback at {due}")),
        Stage::AwaitingPayment => format!("A check call after {due}, if they have not paid."),
        Stage::NeedsHelp if outcome.is_some_and(|outcome| matches!(outcome.rule, Rule::Retry(_))) => {
            "A specialist tries again.".to_owned()
        }
        Stage::NeedsHelp => "A specialist calls them.".to_owned(),
        Stage::NeedsSupervisor => "A supervisor decides.".to_owned(),
        Stage::Email => "They are written to by e-mail.".to_owned(),
        Stage::Letter => "They get a letter.".to_owned(),
        Stage::Closed => format!("Closed: {}.", closed_because(case)),
    }
}

/// A quick pick with the time it means there: `In 1 hour, 8:45 p.m.`
pub fn quick_pick(pick: QuickPick, clock: &str) -> String {
    match pick {
        QuickPick::InOneHour => format!("In 1 hour, {clock}"),
        _ => format!("Tomorrow {clock}"),
    }
}

/// `Saved 7:44 p.m., only you see it`
pub fn draft_saved(at: Timestamp, outage: &Outage) -> String {
    format!("Saved {}, only you see it", show::time::clock(at, &zone(outage)))
}

/// The zone as Americans say it: `Eastern`; elsewhere its city.
pub fn zone_name(zone: &str, at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    let abbreviation = TimeZone::get(zone).map(|zone| zone.to_offset_info(instant).abbreviation().to_owned());
    let name = match abbreviation.as_deref() {
        Ok("EST" | "EDT") => "Eastern",
        Ok("CST" | "CDT") => "Central",
        Ok("MST" | "MDT") => "Mountain",
        Ok("PST" | "PDT") => "Pacific",
        Ok("AKST" | "AKDT") => "Alaska",
        Ok("HST" | "HDT") => "Hawaii",
        Ok("AST") => "Atlantic",
        _ => zone.rsplit('/').next().unwrap_or(zone),
    };
    name.replace('_', " ")
}
