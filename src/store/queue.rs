//! The next household for a caller. A seam: how a row is locked differs between the databases.

use super::Result;
use crate::db::Conn;
use crate::domain::callback::PERSONAL_MINUTES;
use crate::domain::calling_hours::CallingHours;
use crate::domain::chance::Line;
use crate::domain::ids::{CallListId, ClaimId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::queue::{self, LOOK_AHEAD, Turn};
use crate::domain::score::{self, Weights};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::schema::{cases, claims, households as rows, users as accounts};
use crate::store::households::{self, Household, is_switchboard};
use crate::store::lanes::{self, Lane, Placed};
use crate::store::users;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use std::collections::BTreeSet;

/// Who asks, and what is open to them now.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Asking {
    pub outage: OutageId,
    pub published: ImportId,
    pub now: Timestamp,
    pub caller: UserId,
    /// Lists that this caller works.
    pub lists: Vec<CallListId>,
    /// When citizens may be called.
    pub hours: CallingHours,
    /// What puts a call before others.
    pub weights: Weights,
    /// Zones (as texts) where citizens may be called now.
    pub open_zones: Vec<String>,
    /// Callbacks promised for up to this moment are offered: now, or a little later in a rush.
    pub callbacks_until: Timestamp,
    /// Languages the caller speaks, with English.
    pub spoken: Vec<String>,
    /// Whether the caller takes the calls that need help.
    pub specialist: bool,
    /// Those who have gone home: anybody keeps what they promised, as of those whose account is switched off.
    pub gone: Vec<UserId>,
    /// Households in somebody's hands.
    pub held: BTreeSet<HouseholdId>,
}

/// So many switchboards are looked at.
const MANY: i64 = 1_000;

/// The groups of the queue, in the order in which they are served (product §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Callbacks due: those that this caller promised, then those that anyone may keep, and others' that are overdue.
    Callbacks,
    /// Calls that need help, for specialists.
    Help,
    /// The caller's lists.
    MyLists,
    /// Nobody's, in a language that the caller speaks.
    Pool,
    /// Nobody's, in other languages: better than no call.
    PoolOfOtherLanguages,
    /// Numbers with many citizens, on whosever list.
    Switchboards,
}

/// Households that can be called now, the best first, and how many of them stand outside their lanes.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Candidates {
    pub ids: Vec<HouseholdId>,
    pub waking: usize,
}

/// Up to `limit` households of a group that can be called now.
pub fn candidates(conn: &mut Conn, asking: &Asking, group: Group, limit: i64) -> Result<Candidates> {
    match group {
        Group::Callbacks => {
            let ids = callbacks(conn, asking, limit)?;
            Ok(Candidates { ids, waking: 0 })
        }
        _ => in_order(conn, asking, group, limit),
    }
}

/// The households of a group in the order in which they are called now.
fn in_order(conn: &mut Conn, asking: &Asking, group: Group, limit: i64) -> Result<Candidates> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let looked_at = wanted.max(LOOK_AHEAD);
    let mut waking = 0;
    let mut found: Vec<Placed> = match group {
        Group::Help => need_help(conn, asking, looked_at)?,
        Group::Switchboards => switchboards(conn, asking)?,
        _ => {
            let mut found = Vec::new();
            for lane in lanes_of(conn, asking, group)? {
                found.extend(lanes::first(conn, asking, &lane, (wanted, looked_at))?);
                let (late, seen) = lanes::late(conn, asking, &lane, looked_at)?;
                waking += seen;
                found.extend(late);
            }
            found
        }
    };
    found.sort_unstable();
    found.truncate(looked_at);
    let offices = offices(conn, &found)?;
    let kinds = found
        .into_iter()
        .map(|(turn, zone)| (turn, (zone, offices.contains(&turn.household))));
    let turns = queue::at_this_hour(kinds, |(zone, office)| {
        let line = if *office { Line::Business } else { Line::Personal };
        let zones: Zones = zone.parse().unwrap_or_default();
        score::hour(line, &zones, &asking.hours, &asking.weights, asking.now).points
    });
    let ids = turns.into_iter().take(wanted).map(|turn| turn.household);
    Ok(Candidates {
        ids: ids.collect(),
        waking,
    })
}

/// Those of which everybody pays the taxes of a business.
fn offices(conn: &mut Conn, found: &[Placed]) -> Result<BTreeSet<HouseholdId>> {
    if found.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<HouseholdId> = found.iter().map(|(turn, _)| turn.household).collect();
    let taxes: Vec<(Option<HouseholdId>, Option<String>)> = cases::table
        .filter(cases::household_id.eq_any(ids))
        .select((cases::household_id, cases::tax_type))
        .load(conn)?;
    let line = |tax: &Option<String>| Line::of_tax(tax.as_deref());
    let (offices, homes): (Vec<_>, Vec<_>) = taxes.iter().partition(|(_, tax)| line(tax) == Line::Business);
    let homes: BTreeSet<HouseholdId> = homes.into_iter().filter_map(|(id, _)| *id).collect();
    let offices = offices.into_iter().filter_map(|(id, _)| *id);
    Ok(offices.filter(|id| !homes.contains(id)).collect())
}

/// What can be called now at all: visible, due, inside calling hours, in nobody's hands.
macro_rules! callable {
    ($asking:expr, $stage:expr, $until:expr) => {
        rows::table
            .filter(
                rows::outage_id
                    .eq($asking.outage)
                    .and(rows::stage.eq($stage.as_str())),
            )
            .filter(rows::due_at.le($until).and(rows::import_id.le($asking.published)))
            .filter(rows::time_zone.eq_any($asking.open_zones.clone()))
            .filter(rows::id.ne_all(&$asking.held))
    };
}

fn callbacks(conn: &mut Conn, asking: &Asking, limit: i64) -> Result<Vec<HouseholdId>> {
    let owner = rows::callback_owner_id;
    let overdue = asking.now.plus_minutes(-PERSONAL_MINUTES);
    let mine = owner.eq(asking.caller);
    let switched_off = accounts::table.filter(accounts::disabled_at.is_not_null());
    let switched_off = switched_off.select(accounts::id.nullable());
    let orphaned = owner.eq_any(&asking.gone).or(owner.eq_any(switched_off));
    let open = owner.is_null().or(rows::due_at.le(overdue)).or(orphaned);
    let own_first = case_when(mine, 0.into_sql::<Integer>()).otherwise(1.into_sql::<Integer>());
    let in_order = (own_first, rows::skips, rows::due_at, rows::id);
    callable!(asking, Stage::Callback, asking.callbacks_until)
        .filter(mine.or(open))
        .order(in_order)
        .limit(limit)
        .select(rows::id)
        .load(conn)
}

/// The lanes of a group.
fn lanes_of(conn: &mut Conn, asking: &Asking, group: Group) -> Result<Vec<Lane>> {
    let spoken = asking.spoken.iter().filter(|language| *language != "en");
    Ok(match group {
        Group::MyLists => asking.lists.iter().copied().map(Lane::List).collect(),
        Group::Pool => std::iter::once(Lane::Pool(None))
            .chain(spoken.cloned().map(Some).map(Lane::Pool))
            .collect(),
        Group::PoolOfOtherLanguages => lanes::languages(conn, asking.outage, asking.now)?
            .into_iter()
            .filter(|language| !asking.spoken.contains(language))
            .map(|language| Lane::Pool(Some(language)))
            .collect(),
        _ => Vec::new(),
    })
}

/// Brings those of a group into its lanes whose time has come; answers how many.
pub fn wake(conn: &mut Conn, asking: &Asking, group: Group) -> Result<usize> {
    let mut woken = 0;
    for lane in lanes_of(conn, asking, group)? {
        woken += lanes::wake(conn, asking.outage, &lane, asking.now)?;
    }
    Ok(woken)
}

/// The calls that need a specialist; not those in a language that only another specialist speaks.
fn need_help(conn: &mut Conn, asking: &Asking, most: usize) -> Result<Vec<Placed>> {
    let theirs = users::specialists_languages(conn)?;
    let elsewhere = theirs
        .into_iter()
        .filter(|language| !asking.spoken.contains(language));
    let mine = rows::language
        .is_null()
        .or(rows::language.ne_all(elsewhere.collect::<Vec<_>>()));
    let due = callable!(asking, Stage::NeedsHelp, asking.now).filter(mine);
    due.order((rows::skips, rows::score.desc(), rows::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((rows::id, rows::skips, rows::score, rows::time_zone))
        .load::<(HouseholdId, i32, i64, String)>(conn)
        .map(|rows| {
            let placed = |(id, skips, score, zone)| (Turn::new(id, skips, score, 0), zone);
            rows.into_iter().map(placed).collect()
        })
}

/// How many calls are promised for after one moment and until another.
pub fn promised(conn: &mut Conn, outage: OutageId, after: Timestamp, until: Timestamp) -> Result<i64> {
    rows::table
        .filter(
            rows::outage_id
                .eq(outage)
                .and(rows::stage.eq(Stage::Callback.as_str())),
        )
        .filter(rows::due_at.gt(after).and(rows::due_at.le(until)))
        .count()
        .get_result(conn)
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = BigInt)]
    id: HouseholdId,
}

/// The switchboards that can be called now. They are few, and found by the index of them alone:
/// asked for what is due as well, the planner would read everything that is due.
fn switchboards(conn: &mut Conn, asking: &Asking) -> Result<Vec<Placed>> {
    type Row = (HouseholdId, i32, i64, String, Option<Timestamp>, ImportId);
    let rows: Vec<Row> = rows::table
        .filter(
            rows::outage_id
                .eq(asking.outage)
                .and(rows::stage.eq_any(lanes::STAGES.map(Stage::as_str))),
        )
        .filter(is_switchboard())
        .limit(MANY)
        .select((
            rows::id,
            rows::skips,
            rows::score,
            rows::time_zone,
            rows::due_at,
            rows::import_id,
        ))
        .load(conn)?;
    let callable = |row: &Row| {
        let due = row.4.is_some_and(|due| due <= asking.now);
        let open = asking.open_zones.contains(&row.3) && !asking.held.contains(&row.0);
        due && open && row.5 <= asking.published
    };
    let callable = rows.into_iter().filter(callable);
    let placed = |(id, skips, score, zone, ..): Row| (Turn::new(id, skips, score, 0), zone);
    Ok(callable.map(placed).collect())
}

/// Locks the first of these households that nobody else is locking, and answers it. SQLite's writer
/// has the database to itself, so the first is free. PostgreSQL skips the rows that other claims
/// hold: waiting for them would make sixteen callers queue up for one row.
pub fn lock_first(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Option<Household>> {
    let Some((first, others)) = ids.split_first() else {
        return Ok(None);
    };
    let Conn::Postgres(postgres) = conn else {
        return households::find(conn, *first);
    };
    let free: Option<Household> = rows::table
        .find(first)
        .select(Household::as_select())
        .for_update()
        .skip_locked()
        .first(postgres)
        .optional()?;
    if free.is_some() || others.is_empty() {
        return Ok(free);
    }
    let query = format!(
        "SELECT h.id FROM unnest(ARRAY[{}]::BIGINT[]) WITH ORDINALITY AS wished (id, place) \
         JOIN households h ON h.id = wished.id ORDER BY wished.place LIMIT 1 FOR UPDATE OF h SKIP LOCKED",
        listed(others)
    );
    let locked: Option<Locked> = diesel::sql_query(query).get_result(conn).optional()?;
    match locked {
        Some(locked) => households::find(conn, locked.id),
        None => Ok(None),
    }
}

/// Locks those of these households that nobody else is locking, and answers them.
pub fn lock_free(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Vec<HouseholdId>> {
    if ids.is_empty() || matches!(conn, Conn::Sqlite(_)) {
        return Ok(ids.to_vec());
    }
    let query = format!(
        "SELECT id FROM households WHERE id IN ({}) FOR UPDATE SKIP LOCKED",
        listed(ids)
    );
    let locked: Vec<Locked> = diesel::sql_query(query).load(conn)?;
    Ok(locked.into_iter().map(|locked| locked.id).collect())
}

fn listed(ids: &[HouseholdId]) -> String {
    let ids: Vec<String> = ids.iter().map(HouseholdId::to_string).collect();
    ids.join(",")
}

/// Waits for a household's row and holds it until the transaction ends, so that two writers of one
/// household go one after the other. Answers the household as it is then.
pub fn lock(conn: &mut Conn, id: HouseholdId) -> Result<Option<Household>> {
    let Conn::Postgres(postgres) = conn else {
        return households::find(conn, id);
    };
    rows::table
        .find(id)
        .select(Household::as_select())
        .for_update()
        .first(postgres)
        .optional()
}

/// As [`lock`], of the household of a claim, so that what is read of the claim then is true until the transaction ends.
pub fn lock_claimed(conn: &mut Conn, claim: ClaimId) -> Result<Option<Household>> {
    let claimed = claims::table.find(claim).select(claims::household_id);
    let household = rows::table.filter(rows::id.eq_any(claimed));
    let Conn::Postgres(postgres) = conn else {
        return household.select(Household::as_select()).first(conn).optional();
    };
    let locked = household.for_update();
    locked.select(Household::as_select()).first(postgres).optional()
}

/// As [`lock`], of many households, in one order for everybody.
pub fn lock_all(conn: &mut Conn, ids: &[HouseholdId]) -> Result<()> {
    if let Conn::Postgres(postgres) = conn {
        let rows = rows::table.filter(rows::id.eq_any(ids)).order(rows::id);
        let _: Vec<HouseholdId> = rows.select(rows::id).for_update().load(postgres)?;
    }
    Ok(())
}

/// Waits for an outage's turn to book promised calls and holds it until the transaction ends, so that no
/// two citizens get the last place. Keys that point at the outage are not in its way.
pub fn lock_bookings(conn: &mut Conn, outage: OutageId) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        let query = format!("SELECT id FROM outages WHERE id = {outage} FOR NO KEY UPDATE");
        let _: Option<Locked> = diesel::sql_query(query).get_result(conn).optional()?;
    }
    Ok(())
}

/// The next households of a group without taking any: what the desk shows as *Next up*.
pub fn next_up(conn: &mut Conn, asking: &Asking, limit: i64) -> Result<Vec<HouseholdId>> {
    let mut found: Vec<HouseholdId> = Vec::new();
    let groups = [Group::Callbacks, Group::MyLists, Group::Pool];
    for group in groups {
        for id in candidates(conn, asking, group, limit)?.ids {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
