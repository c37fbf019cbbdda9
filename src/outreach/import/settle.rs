//! Where new citizens live and where their cases stand: rows ready to be written.

use super::citizen::Citizen;
use super::work::Work;
use crate::db::Conn;
use crate::domain::facts::Facts;
use crate::domain::ids::{HouseholdId, ImportId};
use crate::domain::outcome::Scope as StopScope;
use crate::domain::progress::{Progress, fold};
use crate::domain::queue;
use crate::domain::score::{self, Pressing, Weights};
use crate::domain::stage::{Resolution, Stage};
use crate::domain::timestamp::Timestamp;
use crate::domain::trust_code::trust_code;
use crate::domain::zone::Zones;
use crate::outreach::Result;
use crate::outreach::rulebook::Rulebook;
use crate::store::staging::{self, Change, Home, Known, NewCase, NewHousehold};
use crate::store::{bulk, households};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows to write.
#[derive(Default)]
pub(super) struct Rows {
    cases: Vec<NewCase>,
    changes: Vec<Change>,
    new_homes: Vec<NewHousehold>,
    grown_homes: Vec<Home>,
    /// Households to look at again when the import counts.
    noted: BTreeSet<HouseholdId>,
}

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
struct Newcomer {
    citizen: Citizen,
    progress: Progress,
    score: i64,
}

/// Folds new cases and finds everybody's household.
pub(super) fn settle(work: &Work<'_>, new: Vec<Citizen>, changed: Vec<(Known, Citizen)>) -> Result<Settled> {
    let everybody = new.iter().chain(changed.iter().map(|(_, citizen)| citizen));
    let phones: BTreeSet<&str> = everybody.filter_map(|citizen| citizen.phone.as_deref()).collect();
    let phones: Vec<&str> = phones.into_iter().collect();
    let outage = work.import.outage_id;
    let homes = work
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
    house(work, homes, &newcomers, &changed, &mut rows, &mut zones);
    rows.cases
        .extend(newcomers.into_iter().map(|newcomer| case(work, newcomer)));
    let import = work.id();
    for (known, citizen) in changed {
        rows.noted.extend(known.household_id);
        rows.changes.push(change(import, &known, citizen));
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
        score: points(&work.book, &citizen, work.opened_at),
        citizen,
    }
}

fn points(book: &Rulebook, citizen: &Citizen, now: Timestamp) -> i64 {
    let today = book.hours.home(&citizen.zones).local(now).date();
    let deadline: Option<jiff::civil::Date> = citizen
        .filing_deadline
        .as_deref()
        .and_then(|date| date.parse().ok());
    let pressing = Pressing {
        days_to_deadline: deadline
            .and_then(|date| today.until(date).ok())
            .map(|span| i64::from(span.get_days())),
        amount_cents: citizen.amount_cents,
        charged: citizen.charged,
        failed_attempts: u32::try_from(citizen.transactions).unwrap_or_default(),
        failed_at: citizen.first_failed_at,
    };
    score::score(&pressing, &Weights::default(), now)
}

/// Every phone's household: there already, or new.
fn house(
    work: &Work<'_>,
    homes: Vec<Home>,
    newcomers: &[Newcomer],
    changed: &[(Known, Citizen)],
    rows: &mut Rows,
    zones: &mut BTreeSet<String>,
) {
    let mut members: BTreeMap<&str, Vec<&Newcomer>> = BTreeMap::new();
    for newcomer in newcomers {
        if let Some(phone) = newcomer.citizen.phone.as_deref() {
            members.entry(phone).or_default().push(newcomer);
        }
    }
    let moved_in: BTreeSet<&str> = changed
        .iter()
        .filter_map(|(_, citizen)| citizen.phone.as_deref())
        .collect();
    for phone in &moved_in {
        members.entry(phone).or_default();
    }
    let mut there: HashMap<String, Home> = homes.into_iter().map(|home| (home.phone.clone(), home)).collect();
    for (phone, members) in members {
        match there.remove(phone) {
            None => {
                let home = new_home(work, phone, &members);
                zones.insert(home.time_zone.clone());
                rows.new_homes.push(home);
            }
            Some(home) if home.import_id == work.id() => grow(home, &members, rows, zones),
            Some(home) => {
                rows.noted.insert(home.id);
            }
        }
    }
}

fn new_home(work: &Work<'_>, phone: &str, members: &[&Newcomer]) -> NewHousehold {
    let entry = queue::household(members.iter().map(|member| &member.progress));
    let open: Vec<&&Newcomer> = members
        .iter()
        .filter(|member| member.progress.stage.is_open())
        .collect();
    NewHousehold {
        outage_id: work.import.outage_id,
        import_id: work.id(),
        phone: phone.to_owned(),
        time_zone: zones_of(Zones::unknown(), members).to_string(),
        language: spoken(&open),
        stage: entry.stage.as_str(),
        due_at: entry.due_at,
        score: open.iter().map(|member| member.score).max().unwrap_or_default(),
        skips: 0,
        tries: 0,
        citizens: i32::try_from(open.len()).unwrap_or(i32::MAX),
    }
}

fn zones_of(mut zones: Zones, members: &[&Newcomer]) -> Zones {
    for member in members {
        zones = zones.and(member.citizen.zones.clone());
    }
    zones
}

fn spoken(open: &[&&Newcomer]) -> Option<String> {
    open.iter()
        .find_map(|member| member.citizen.language.clone())
        .filter(|language| language != "en")
}

/// More citizens for a household of this import. Whatever is not plain is looked at again on publishing.
fn grow(mut home: Home, members: &[&Newcomer], rows: &mut Rows, zones: &mut BTreeSet<String>) {
    let new = Stage::New.as_str();
    let plain = home.stage == new && members.iter().all(|member| member.progress.stage == Stage::New);
    if !plain || members.is_empty() {
        rows.noted.insert(home.id);
    }
    home.time_zone = zones_of(Rulebook::zones(&home.time_zone), members).to_string();
    zones.insert(home.time_zone.clone());
    for member in members
        .iter()
        .filter(|member| member.progress.stage == Stage::New)
    {
        home.citizens += 1;
        home.score = home.score.max(member.score);
        home.due_at = home.due_at.into_iter().chain(member.progress.due_at).min();
    }
    rows.grown_homes.push(home);
}

fn case(work: &Work<'_>, newcomer: Newcomer) -> NewCase {
    let Newcomer {
        citizen, progress, ..
    } = newcomer;
    NewCase {
        outage_id: work.import.outage_id,
        import_id: work.id(),
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        code: code(work, &citizen.key),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        opened_at: work.opened_at,
        transactions: citizen.transactions,
        stage: progress.stage.as_str(),
        due_at: progress.due_at,
        resolution: progress.resolution.map(Resolution::as_str),
        resolved_at: progress.resolved_at,
        tries: 0,
    }
}

/// The call-back code: the same for the same citizen of the outage, and known to this installation only.
fn code(work: &Work<'_>, key: &str) -> String {
    let message = format!("{}|{key}", work.import.outage_id);
    let tag = work
        .office
        .config
        .secret_keys
        .sign("call-back code", message.as_bytes());
    let seed = tag
        .iter()
        .take(8)
        .fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    trust_code(seed)
}

fn change(import_id: ImportId, known: &Known, citizen: Citizen) -> Change {
    Change {
        case_id: known.id,
        import_id,
        household_id: None,
        account_id: citizen.account_id().map(str::to_owned),
        identity_key: citizen.key,
        given_name: citizen.given_name,
        family_name: citizen.family_name,
        folded_name: citizen.folded_name,
        email: citizen.email,
        phone: citizen.phone,
        phone_2: citizen.phone_2,
        language: citizen.language,
        state: citizen.state,
        time_zone: citizen.zones.to_string(),
        amount_cents: citizen.amount_cents,
        tax_type: citizen.tax_type,
        charged: citizen.charged.as_str(),
        filing_deadline: citizen.filing_deadline,
        first_failed_at: citizen.first_failed_at,
        last_failed_at: citizen.last_failed_at,
        transactions: citizen.transactions,
    }
}

/// Writes the rows: households first, for cases name theirs.
pub(super) fn write(
    conn: &mut Conn,
    import: ImportId,
    rows: &Rows,
    (outage, zones): &(i64, BTreeSet<String>),
) -> Result<()> {
    for zone in zones {
        households::add_zones(conn, *outage, zone)?;
    }
    let added = bulk::add_households(conn, &rows.new_homes)?;
    for home in &rows.grown_homes {
        staging::set_home(conn, home)?;
    }
    let mut homes: HashMap<String, HouseholdId> = added.into_iter().map(|(id, phone)| (phone, id)).collect();
    let elsewhere: Vec<&str> = rows
        .cases
        .iter()
        .filter_map(|case| case.phone.as_deref())
        .chain(rows.changes.iter().filter_map(|change| change.phone.as_deref()))
        .filter(|phone| !homes.contains_key(*phone))
        .collect();
    let there = staging::homes(conn, *outage, &elsewhere)?;
    homes.extend(there.into_iter().map(|home| (home.phone, home.id)));
    let home_of = |phone: &Option<String>| phone.as_ref().and_then(|phone| homes.get(phone)).copied();
    let mut cases = rows.cases.clone();
    for case in &mut cases {
        case.household_id = home_of(&case.phone);
    }
    bulk::add_cases(conn, &cases)?;
    let mut changes = rows.changes.clone();
    let mut noted: BTreeSet<HouseholdId> = rows.noted.clone();
    for change in &mut changes {
        change.household_id = home_of(&change.phone);
        noted.extend(change.household_id);
    }
    staging::add_changes(conn, &changes)?;
    let noted: Vec<HouseholdId> = noted.into_iter().collect();
    Ok(staging::note_households(conn, import, &noted)?)
}
