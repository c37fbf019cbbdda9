//! The next household for a caller. A seam: how a row is locked differs between the databases.

use super::Result;
use crate::db::Conn;
use crate::domain::callback::PERSONAL_MINUTES;
use crate::domain::calling_hours::CallingHours;
use crate::domain::chance::Line;
use crate::domain::ids::{CallListId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::queue::{self, LOOK_AHEAD, Turn};
use crate::domain::score::{self, Weights};
use crate::domain::stage::Stage;
use crate::domain::switchboard::SWITCHBOARD;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zones;
use crate::schema::{cases, claims, households};
use crate::store::households::is_switchboard;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
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
    /// Zones (as texts) where citizens may be called now.
    pub open_zones: Vec<String>,
    /// Callbacks promised for up to this moment are offered: now, or a little later in a rush.
    pub callbacks_until: Timestamp,
    /// Languages the caller speaks, with English.
    pub spoken: Vec<String>,
    /// Whether the caller takes the calls that need help.
    pub specialist: bool,
    /// Those who have gone home: anybody keeps what they promised.
    pub gone: Vec<UserId>,
}

/// So many switchboards of one stage are looked at.
const MANY: i64 = 1_000;

/// The groups of the queue, in the order in which they are served (product §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Callbacks due that this caller promised.
    MyCallbacks,
    /// Callbacks due that anyone may keep, and others' that are overdue.
    OpenCallbacks,
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

/// Up to `limit` households of a group that can be called now, the best first.
pub fn candidates(conn: &mut Conn, asking: &Asking, group: Group, limit: i64) -> Result<Vec<HouseholdId>> {
    match group {
        Group::MyCallbacks | Group::OpenCallbacks => callbacks(conn, asking, group, limit),
        Group::Help => in_order(conn, asking, group, &[Stage::NeedsHelp], limit),
        _ => in_order(
            conn,
            asking,
            group,
            &[Stage::New, Stage::Tried, Stage::AwaitingPayment],
            limit,
        ),
    }
}

/// A household with its stored turn and where it is.
type Placed = (Turn, String);

/// The households of these stages in the order in which they are called now.
fn in_order(
    conn: &mut Conn,
    asking: &Asking,
    group: Group,
    stages: &[Stage],
    limit: i64,
) -> Result<Vec<HouseholdId>> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let looked_at = wanted.max(LOOK_AHEAD);
    let mut found: Vec<Placed> = Vec::new();
    for stage in stages {
        found.extend(in_stage(conn, asking, group, *stage, looked_at)?);
    }
    found.sort_unstable();
    found.truncate(looked_at);
    let offices = offices(conn, &found)?;
    let weights = Weights::default();
    let kinds = found
        .into_iter()
        .map(|(turn, zone)| (turn, (zone, offices.contains(&turn.household))));
    let turns = queue::at_this_hour(kinds, |(zone, office)| {
        let line = if *office { Line::Business } else { Line::Personal };
        let zones: Zones = zone.parse().unwrap_or_default();
        score::hour(line, &zones, &asking.hours, &weights, asking.now).points
    });
    Ok(turns
        .into_iter()
        .take(wanted)
        .map(|turn| turn.household)
        .collect())
}

/// Those of which everybody pays the taxes of a business.
fn offices(conn: &mut Conn, found: &[Placed]) -> Result<BTreeSet<HouseholdId>> {
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
        households::table
            .filter(
                households::outage_id
                    .eq($asking.outage)
                    .and(households::stage.eq($stage.as_str())),
            )
            .filter(
                households::due_at
                    .le($until)
                    .and(households::import_id.le($asking.published)),
            )
            .filter(households::time_zone.eq_any($asking.open_zones.clone()))
            .filter(not(exists(
                claims::table
                    .filter(
                        claims::household_id
                            .eq(households::id)
                            .and(claims::released_at.is_null()),
                    )
                    .filter(claims::expires_at.gt($asking.now)),
            )))
    };
}

fn callbacks(conn: &mut Conn, asking: &Asking, group: Group, limit: i64) -> Result<Vec<HouseholdId>> {
    let due = callable!(asking, Stage::Callback, asking.callbacks_until).into_boxed();
    let owner = households::callback_owner_id;
    let due = if group == Group::MyCallbacks {
        due.filter(owner.eq(asking.caller))
    } else {
        let overdue = asking.now.plus_minutes(-PERSONAL_MINUTES);
        let orphaned = owner.eq_any(asking.gone.clone());
        due.filter(owner.is_null().or(households::due_at.le(overdue)).or(orphaned))
    };
    due.order((households::skips, households::due_at, households::id))
        .limit(limit)
        .select(households::id)
        .load(conn)
}

fn in_stage(
    conn: &mut Conn,
    asking: &Asking,
    group: Group,
    stage: Stage,
    most: usize,
) -> Result<Vec<Placed>> {
    let due = callable!(asking, stage, asking.now).into_boxed();
    let language = households::language;
    let due = match group {
        Group::MyLists => due.filter(households::list_id.eq_any(asking.lists.clone())),
        Group::Pool => due
            .filter(households::list_id.is_null())
            .filter(language.is_null().or(language.eq_any(asking.spoken.clone()))),
        Group::PoolOfOtherLanguages => due.filter(households::list_id.is_null()),
        Group::Switchboards => return switchboards(conn, asking, stage),
        Group::Help | Group::MyCallbacks | Group::OpenCallbacks => due,
    };
    let due = match group {
        Group::MyLists | Group::Pool | Group::PoolOfOtherLanguages => {
            due.filter(households::citizens.lt(SWITCHBOARD))
        }
        _ => due,
    };
    due.order((households::skips, households::score.desc(), households::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((
            households::id,
            households::skips,
            households::score,
            households::time_zone,
        ))
        .load::<(HouseholdId, i32, i64, String)>(conn)
        .map(|rows| {
            let placed = |(id, skips, score, zone)| (Turn::new(id, skips, score, 0), zone);
            rows.into_iter().map(placed).collect()
        })
}

/// How many calls are promised for after one moment and until another.
pub fn promised(conn: &mut Conn, outage: OutageId, after: Timestamp, until: Timestamp) -> Result<i64> {
    households::table
        .filter(
            households::outage_id
                .eq(outage)
                .and(households::stage.eq(Stage::Callback.as_str())),
        )
        .filter(households::due_at.gt(after).and(households::due_at.le(until)))
        .count()
        .get_result(conn)
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = BigInt)]
    id: HouseholdId,
}

/// The switchboards of a stage that can be called now. They are few, and found by the index of them alone:
/// asked for what is due as well, the planner would read everything that is due.
fn switchboards(conn: &mut Conn, asking: &Asking, stage: Stage) -> Result<Vec<Placed>> {
    type Row = (HouseholdId, i32, i64, String, Option<Timestamp>, ImportId);
    let held = claims::table
        .filter(
            claims::household_id
                .eq(households::id)
                .and(claims::released_at.is_null()),
        )
        .filter(claims::expires_at.gt(asking.now));
    let rows: Vec<Row> = households::table
        .filter(
            households::outage_id
                .eq(asking.outage)
                .and(households::stage.eq(stage.as_str())),
        )
        .filter(is_switchboard())
        .filter(not(exists(held)))
        .limit(MANY)
        .select((
            households::id,
            households::skips,
            households::score,
            households::time_zone,
            households::due_at,
            households::import_id,
        ))
        .load(conn)?;
    let callable = |row: &Row| {
        let due = row.4.is_some_and(|due| due <= asking.now);
        due && row.5 <= asking.published && asking.open_zones.contains(&row.3)
    };
    let callable = rows.into_iter().filter(callable);
    let placed = |(id, skips, score, zone, ..): Row| (Turn::new(id, skips, score, 0), zone);
    Ok(callable.map(placed).collect())
}

/// Locks the first of these households that nobody else is locking, and answers it. SQLite's writer
/// has the database to itself, so the first is free. PostgreSQL skips the rows that other claims
/// hold: waiting for them would make sixteen callers queue up for one row.
pub fn lock_first(conn: &mut Conn, ids: &[HouseholdId]) -> Result<Option<HouseholdId>> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(ids.first().copied());
    }
    for id in ids {
        let query = format!("SELECT id FROM households WHERE id = {id} FOR UPDATE SKIP LOCKED");
        let locked: Option<Locked> = diesel::sql_query(query).get_result(conn).optional()?;
        if let Some(locked) = locked {
            return Ok(Some(locked.id));
        }
    }
    Ok(None)
}

/// Waits for a household's row and holds it until the transaction ends, so that two writers of one
/// household go one after the other.
pub fn lock(conn: &mut Conn, id: HouseholdId) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        let query = format!("SELECT id FROM households WHERE id = {id} FOR UPDATE");
        let _: Option<Locked> = diesel::sql_query(query).get_result(conn).optional()?;
    }
    Ok(())
}

/// As [`lock`], of many households, in one order for everybody.
pub fn lock_all(conn: &mut Conn, ids: &[HouseholdId]) -> Result<()> {
    if let Conn::Postgres(postgres) = conn {
        let rows = households::table
            .filter(households::id.eq_any(ids))
            .order(households::id);
        let _: Vec<HouseholdId> = rows.select(households::id).for_update().load(postgres)?;
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

/// Households that are alike in what they wait for, and how many.
#[derive(Clone, Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Alike {
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub list_id: Option<CallListId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub callback_owner_id: Option<UserId>,
    /// Whether the due time has not come.
    #[diesel(sql_type = Bool)]
    pub later: bool,
    /// Whether a colleague has it.
    #[diesel(sql_type = Bool)]
    pub claimed: bool,
    #[diesel(sql_type = BigInt)]
    pub households: i64,
    /// The first due time among them.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub due_at: Option<Timestamp>,
}

/// All open households of an outage, counted by what they wait for: why a queue is empty.
pub fn alike(
    conn: &mut Conn,
    outage: OutageId,
    published: ImportId,
    caller: UserId,
    now: Timestamp,
) -> Result<Vec<Alike>> {
    let now = now.micros();
    let query = format!(
        "SELECT stage, time_zone, list_id, callback_owner_id, later, claimed, \
                COUNT(*) AS households, MIN(due_at) AS due_at \
         FROM (SELECT h.stage, h.time_zone, h.list_id, h.callback_owner_id, h.due_at, \
                      COALESCE(h.due_at > {now}, FALSE) AS later, \
                      EXISTS (SELECT 1 FROM claims c WHERE c.household_id = h.id AND c.released_at IS NULL \
                              AND c.expires_at > {now} AND c.user_id <> {caller}) AS claimed \
               FROM households h \
               WHERE h.outage_id = {outage} AND h.import_id <= {published} AND h.stage <> 'closed') AS open \
         GROUP BY stage, time_zone, list_id, callback_owner_id, later, claimed"
    );
    diesel::sql_query(query).load(conn)
}

/// How many open cases have no household to be called in.
pub fn without_phone(conn: &mut Conn, outage: OutageId, published: ImportId) -> Result<i64> {
    cases::table
        .filter(cases::outage_id.eq(outage).and(cases::import_id.le(published)))
        .filter(
            cases::stage
                .ne(Stage::Closed.as_str())
                .and(cases::household_id.is_null()),
        )
        .count()
        .get_result(conn)
}

/// The next households of a group without taking any: what the desk shows as *Next up*.
pub fn next_up(conn: &mut Conn, asking: &Asking, limit: i64) -> Result<Vec<HouseholdId>> {
    let mut found: Vec<HouseholdId> = Vec::new();
    let groups = [
        Group::MyCallbacks,
        Group::OpenCallbacks,
        Group::MyLists,
        Group::Pool,
    ];
    for group in groups {
        for id in candidates(conn, asking, group, limit)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
