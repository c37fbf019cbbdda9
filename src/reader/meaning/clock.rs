//! In which zone times are meant that carry none: as a person said, as the column beside them says, as their header says, as
//! the known export does; else the outage's own, unless another zone fits the outage better.

use super::draft::{Draft, Trial};
use super::question::{About, Choice, Question, flag};
use super::switch::stands;
use super::words;
use crate::broken::Variant;
use crate::domain::clock_zone::ClockZone;
use crate::domain::field::Field;
use crate::domain::header::Recognition;
use crate::domain::import::ImportKind;
use crate::domain::terms::Terms;
use crate::domain::timestamp::Timestamp;
use crate::domain::window::Side;
use crate::reader::Error;
use std::collections::BTreeSet;

/// Settles the clock, or asks.
pub(super) fn settle(draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(said) = &draft.hints.times_in {
        let zone: ClockZone = said.parse().map_err(|_| Error::NoSuchZone(said.clone()))?;
        no_zone_beside(draft);
        draft.terms.zone = Some(zone.to_string());
        return Ok(());
    }
    let time = draft
        .column_of(Field::Timestamp)
        .or_else(|| draft.column_of(Field::Time))
        .or_else(|| draft.column_of(Field::Date));
    let Some(time) = time else { return Ok(()) };
    let beside = zone_beside(draft);
    if !is_unsaid(&draft.as_it_stands()) && !draft.is_said(Field::TimestampZone) {
        not_of_citizens(draft);
        return Ok(());
    }
    if let Some(column) = beside
        && take_beside(draft, column)
    {
        return Ok(());
    }
    if draft.terms.zone.is_some() {
        return Ok(());
    }
    let day = draft.column_of(Field::Date);
    let said = words::zone_in(draft.header(time)).or_else(|| words::zone_in(draft.header(day?)));
    if let Some(zone) = said {
        let why = format!("Times are in {zone}: the header says so.");
        draft.settle(About::Clock, time, why);
        draft.terms.zone = Some(zone.to_string());
    } else if !draft.clock_known {
        of_the_outage(draft, time);
    }
    Ok(())
}

/// Whether a time carries no zone.
fn is_unsaid(trial: &Trial) -> bool {
    let failed = trial.failed.iter().map(|(failed, _)| failed);
    failed.chain(&trial.paid).any(|row| row.zone_unsaid)
}

/// A column of zones that does not speak of the citizen.
fn zone_beside(draft: &Draft<'_>) -> Option<usize> {
    if let Some(column) = draft.column_of(Field::TimestampZone) {
        return Some(column);
    }
    let open = draft.open_columns().into_iter();
    let mut found = open.filter(|column| {
        let header = draft.header(*column);
        let named = draft.named(*column).is_some_and(|(field, recognition)| {
            matches!(field, Field::TimeZone | Field::TimestampZone) && recognition == Recognition::Usual
        });
        (named || words::is_zone(header)) && !words::is_of_person(header) && are_zones(draft, *column)
    });
    found.next()
}

fn are_zones(draft: &Draft<'_>, column: usize) -> bool {
    draft.values(column).next().is_some()
        && draft.share(column, |value| ClockZone::read(value).is_some()) > 0.8
}

/// A column that names clocks and not places says nothing about where citizens are.
fn not_of_citizens(draft: &mut Draft<'_>) {
    if let Some(column) = draft
        .column_of(Field::TimeZone)
        .filter(|column| !draft.is_chosen(*column))
    {
        let is_place = |value: &str| matches!(ClockZone::read(value), Some(ClockZone::Place(_)));
        if draft.values(column).next().is_some() && draft.share(column, is_place) < 0.5 {
            draft.give(column, None, true);
        }
    }
}

fn no_zone_beside(draft: &mut Draft<'_>) {
    if let Some(column) = draft.column_of(Field::TimestampZone) {
        draft.give(column, None, true);
    }
    not_of_citizens(draft);
}

/// The column is the clock's; where it says the outage's own zone throughout, it may as well be where people live, and nothing
/// changes. Where it takes rows out of the outage that are in it by the outage's own clock, it may be the citizens' after all.
/// Says whether the column decides.
fn take_beside(draft: &mut Draft<'_>, column: usize) -> bool {
    let own = ClockZone::from(draft.around.zone.clone());
    if !draft.is_chosen(column)
        && draft
            .values(column)
            .all(|value| ClockZone::read(value).as_ref() == Some(&own))
    {
        return false;
    }
    let without = draft.trial(&draft.fields_with(column, None), draft.terms.clone());
    let with = draft.trial(
        &draft.fields_with(column, Some(Field::TimestampZone)),
        draft.terms.clone(),
    );
    let chosen = draft.is_chosen(column);
    draft.give(column, Some(Field::TimestampZone), true);
    if chosen || with.inside() >= without.inside() || !stands(Variant::ClockNotAsked) {
        let why = format!(
            "{:?} says for each row in which zone its time is.",
            draft.shown(column)
        );
        draft.settle(About::Clock, column, why);
        return true;
    }
    // Asked only where the outage's own clock puts more rows into it; that one is proposed.
    let header = draft.header(column).to_owned();
    let choices = [
        (
            "The times are in these zones",
            flag("--map", &format!("timestamp_zone={header}")),
            with,
        ),
        (
            "The zones are where people live",
            flag("--map", &format!("time_zone={header}")),
            without,
        ),
    ];
    let choices = choices.map(|(answer, flag, trial)| choice(draft, answer.to_owned(), flag, &trial));
    let why = format!(
        "{:?} names zones beside times that carry none.",
        draft.shown(column)
    );
    draft
        .questions
        .push(Question::new(About::Clock, &header, why, (choices.to_vec(), 1)));
    true
}

fn choice(draft: &Draft<'_>, answer: String, flag: String, trial: &Trial) -> Choice {
    Choice {
        answer,
        flag,
        consequence: trial.told(&draft.around.zone),
        rows_in_outage: Some(trial.inside()),
        people: Some(trial.people()),
    }
}

/// Nobody says it: the outage's own zone, if no other would put more rows into the outage. In a reconciliation, if no other
/// would put a payment on the other side of it.
fn of_the_outage(draft: &mut Draft<'_>, time: usize) {
    let others = others(draft);
    draft.terms.other_zones = others.iter().map(ToString::to_string).collect();
    if !stands(Variant::ClockNotAsked) {
        return;
    }
    let own = draft.as_it_stands();
    let sides = |trial: &Trial| -> Vec<Side> {
        let sides = trial.paid.iter().filter(|paid| !paid.day_only);
        sides
            .map(|paid| draft.around.window.side(paid.occurred_at))
            .collect()
    };
    let trials: Vec<(ClockZone, Trial)> = others
        .into_iter()
        .map(|zone| (zone.clone(), in_zone(draft, &zone)))
        .collect();
    let failed = draft.around.kind == ImportKind::Failed;
    let doubtful = |trial: &Trial| match failed {
        true => trial.inside() > own.inside(),
        false => sides(trial) != sides(&own),
    };
    if !trials.iter().any(|(_, trial)| doubtful(trial)) {
        return;
    }
    let best = trials
        .iter()
        .enumerate()
        .max_by_key(|(at, (_, trial))| (trial.inside(), std::cmp::Reverse(*at)));
    let proposed = if failed {
        best.map_or(0, |(at, _)| at + 1)
    } else {
        0
    };
    let zone = draft.around.zone.to_string();
    let mut choices = vec![choice(
        draft,
        format!("{zone}, as the outage"),
        flag("--times-in", &zone),
        &own,
    )];
    for (other, trial) in &trials {
        let name = other.to_string();
        choices.push(choice(draft, name.clone(), flag("--times-in", &name), trial));
    }
    let header = draft.header(time).to_owned();
    let example = draft.values(time).next().unwrap_or_default();
    let why = format!(
        "Times in {:?}, such as {example:?}, do not say in which zone they are.",
        draft.shown(time)
    );
    draft
        .questions
        .push(Question::new(About::Clock, &header, why, (choices, proposed)));
}

fn in_zone(draft: &Draft<'_>, zone: &ClockZone) -> Trial {
    let terms = Terms {
        zone: Some(zone.to_string()),
        ..draft.terms.clone()
    };
    draft.trial(&draft.fields(), terms)
}

/// Zones that may be meant instead: UTC, and those that the file names.
fn others(draft: &Draft<'_>) -> Vec<ClockZone> {
    let own = ClockZone::from(draft.around.zone.clone());
    let zones =
        (0..draft.columns.len()).filter(|column| are_zones(draft, *column) && draft.different(*column) <= 12);
    let named: BTreeSet<String> = zones
        .flat_map(|column| {
            draft
                .values(column)
                .filter_map(ClockZone::read)
                .collect::<Vec<_>>()
        })
        .filter(|zone| *zone != own && *zone != ClockZone::utc())
        .map(|zone| zone.to_string())
        .collect();
    let named = named.iter().filter_map(|name| ClockZone::read(name));
    let utc = (own != ClockZone::utc()).then(ClockZone::utc);
    utc.into_iter().chain(named).collect()
}

/// What a time that carries no zone would be in another one.
pub fn elsewhere(at: Timestamp, own: &ClockZone, other: &ClockZone) -> Option<Timestamp> {
    other.at(own.local(at))
}

/// The question of a file whose first rows did not tell that another clock fits the outage better: each clock, and how many
/// failed rows are in the outage by it.
pub fn clock_question(header: &str, own: (String, u64), other: (String, u64)) -> Question {
    let choice = |(zone, inside): (String, u64)| Choice {
        answer: zone.clone(),
        flag: flag("--times-in", &zone),
        consequence: format!("{inside} failed rows in the outage"),
        rows_in_outage: Some(inside),
        people: None,
    };
    let why = format!("Times in {header:?} do not say in which zone they are.");
    Question::new(About::Clock, header, why, (vec![choice(own), choice(other)], 1))
}
