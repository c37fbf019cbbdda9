//! Where new citizens' cases stand, and what becomes of those that count already.

use super::citizen::Citizen;
use super::homes;
use super::rows::{self, Rows};
use super::work::Work;
use crate::domain::facts::Facts;
use crate::domain::outcome::Scope as StopScope;
use crate::domain::progress::{Progress, fold};
use crate::domain::score::{self, Pressing, Weights};
use crate::domain::timestamp::Timestamp;
use crate::outreach::Result;
use crate::outreach::rulebook::Rulebook;
use crate::store::staging::{self, Known};
use std::collections::{BTreeSet, HashMap};

/// Rows to write, and the zones they are in.
pub(super) struct Settled {
    pub(super) rows: Rows,
    pub(super) seen: (i64, BTreeSet<String>),
}

/// What must not be contacted, and since when.
struct Stops {
    phones: HashMap<String, Timestamp>,
    emails: HashMap<String, Timestamp>,
}

/// A citizen without a case, and where the case will stand.
pub(super) struct Newcomer {
    pub(super) citizen: Citizen,
    pub(super) progress: Progress,
    pub(super) score: i64,
}

/// Folds new cases and finds everybody's household.
pub(super) fn settle(work: &Work<'_>, new: Vec<Citizen>, changed: Vec<(Known, Citizen)>) -> Result<Settled> {
    let everybody = new.iter().chain(changed.iter().map(|(_, citizen)| citizen));
    let phones: BTreeSet<&str> = everybody.filter_map(|citizen| citizen.phone.as_deref()).collect();
    let phones: Vec<&str> = phones.into_iter().collect();
    let outage = work.import.outage_id;
    let there = work
        .office
        .db
        .read(|conn| staging::homes(conn, outage, &phones))?;
    let stops = stops(work, &new)?;
    let newcomers: Vec<Newcomer> = new
        .into_iter()
        .map(|citizen| newcomer(work, citizen, &stops))
        .collect();
    let mut rows = Rows::default();
    let mut zones = BTreeSet::new();
    homes::house(work, there, &newcomers, &changed, &mut rows, &mut zones);
    rows.cases
        .extend(newcomers.into_iter().map(|newcomer| rows::case(work, newcomer)));
    let import = work.id();
    for (known, citizen) in changed {
        rows.noted.extend(known.household_id);
        rows.changes.push(rows::change(import, &known, citizen));
    }
    Ok(Settled {
        rows,
        seen: (outage, zones),
    })
}

fn stops(work: &Work<'_>, new: &[Citizen]) -> Result<Stops> {
    let phones: Vec<&str> = new
        .iter()
        .flat_map(|citizen| [&citizen.phone, &citizen.phone_2])
        .filter_map(|phone| phone.as_deref())
        .collect();
    let emails: Vec<&str> = new
        .iter()
        .filter_map(|citizen| citizen.email.as_deref())
        .collect();
    work.office.db.read(|conn| {
        let mut of = |kind, values: &[&str]| -> Result<HashMap<String, Timestamp>> {
            let found = staging::suppressed(conn, kind, values)?;
            Ok(found
                .into_iter()
                .filter_map(|(value, at)| Some((value, at?)))
                .collect())
        };
        Ok(Stops {
            phones: of("phone", &phones)?,
            emails: of("email", &emails)?,
        })
    })
}

fn newcomer(work: &Work<'_>, citizen: Citizen, stops: &Stops) -> Newcomer {
    let phones: Vec<String> = [&citizen.phone, &citizen.phone_2]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let stopped = phones.iter().filter_map(|phone| stops.phones.get(phone)).min();
    let facts = Facts {
        suppressed: stopped.map(|at| (*at, StopScope::Calls)),
        has_email: citizen
            .email
            .as_ref()
            .is_some_and(|email| !stops.emails.contains_key(email)),
        zones: citizen.zones.clone(),
        opened_at: work.opened_at,
        phones,
        ..Facts::default()
    };
    Newcomer {
        progress: fold(&facts, &work.book.outcomes, &work.book.hours),
        score: points(&work.book, &citizen),
        citizen,
    }
}

/// As `outreach::standing` scores a case that is there already.
fn points(book: &Rulebook, citizen: &Citizen) -> i64 {
    let end = book.outage.ends_at;
    let pressing = Pressing {
        days_to_deadline: book.days_to(citizen.filing_deadline.as_deref(), &citizen.zones, end),
        amount_cents: citizen.amount_cents,
        charged: citizen.charged,
        failed_attempts: u32::try_from(citizen.transactions).unwrap_or_default(),
        failed_at: citizen.first_failed_at,
        half_tries: 0,
    };
    score::score(&pressing, &Weights::default(), end)
}
