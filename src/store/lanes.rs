//! The lanes of the queue: the households of one list, or those of one language on nobody's. Each is read in the
//! order of an index, so that a claim costs the same among 5,000 and among 500,000.
//!
//! Households whose time has not come would stand in the way: they are kept out of those indexes by
//! `waits_until`. After that time they are [`late`], few as a rule, and when they are many a claim brings them
//! in ([`wake`]).

use super::Result;
use super::queue::Asking;
use crate::db::Conn;
use crate::domain::ids::{CallListId, HouseholdId, ImportId, OutageId};
use crate::domain::queue::Turn;
use crate::domain::stage::Stage;
use crate::domain::switchboard::is_switchboard;
use crate::domain::timestamp::Timestamp;
use crate::schema::households;
use diesel::connection::Connection;
use diesel::dsl::IntoBoxed;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// A household with its stored turn and where it is.
pub type Placed = (Turn, String);

/// The stages of those who wait in a lane.
pub const STAGES: [Stage; 3] = [Stage::New, Stage::Tried, Stage::AwaitingPayment];

/// Later than any time: `waits_until` of households that are in no lane.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// Those who wait for the same callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The households of a list.
    List(CallListId),
    /// Those on nobody's list who speak this; none: English or unknown.
    Pool(Option<String>),
}

/// Until when a household that waits for this stays out of the lanes, seen at `now`; none: it is in one.
pub fn waits_until(stage: &str, due_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let in_lane = STAGES.iter().any(|known| known.as_str() == stage);
    match due_at.filter(|_| in_lane) {
        None => Some(NEVER),
        Some(due) => (due > now).then_some(due),
    }
}

type Source<'a> = IntoBoxed<'a, households::table, <Conn as Connection>::Backend>;

/// All of a lane.
fn of(outage: OutageId, lane: &Lane) -> Source<'_> {
    let those = households::table
        .filter(households::outage_id.eq(outage))
        .into_boxed();
    match lane {
        Lane::List(list) => those.filter(households::list_id.eq(*list)),
        Lane::Pool(None) => those.filter(households::list_id.is_null().and(households::language.is_null())),
        Lane::Pool(Some(language)) => those.filter(
            households::list_id
                .is_null()
                .and(households::language.eq(language)),
        ),
    }
}

/// What of a household says whether it can be called now.
#[derive(Queryable)]
struct Waiting {
    id: HouseholdId,
    skips: i32,
    score: i64,
    zone: String,
    stage: String,
    due_at: Option<Timestamp>,
    import: ImportId,
    citizens: i32,
}

impl Waiting {
    /// Visible, due, inside calling hours, in nobody's hands, no switchboard.
    fn is_callable(&self, asking: &Asking) -> bool {
        STAGES.iter().any(|stage| stage.as_str() == self.stage)
            && self.due_at.is_some_and(|due| due <= asking.now)
            && self.import <= asking.published
            && !is_switchboard(self.citizens)
            && asking.open_zones.contains(&self.zone)
            && !asking.held.contains(&self.id)
    }

    fn placed(self) -> Placed {
        (Turn::new(self.id, self.skips, self.score, 0), self.zone)
    }
}

/// The first of a lane that can be called now, by their stored turns: `wanted` of them if there are so many, out of
/// `looked_at` households or more. Which of them can be called is judged here: with all of that in the query, planners
/// think that few remain, and sort the whole lane to find them.
pub fn first(
    conn: &mut Conn,
    asking: &Asking,
    lane: &Lane,
    (wanted, looked_at): (usize, usize),
) -> Result<Vec<Placed>> {
    let (mut found, mut seen, mut more) = (Vec::new(), 0, looked_at);
    loop {
        let awake = of(asking.outage, lane).filter(households::waits_until.is_null());
        let awake = awake.order((households::skips, households::score.desc(), households::id));
        let rows = waiting(conn, awake, more, seen)?;
        let ended = rows.len() < more;
        seen += rows.len();
        found.extend(rows.into_iter().filter(|row| row.is_callable(asking)));
        if ended || found.len() >= wanted {
            return Ok(found.into_iter().map(Waiting::placed).collect());
        }
        more *= FARTHER;
    }
}

/// So many times more are looked at when too few of the first can be called, because it is too late where they live.
const FARTHER: usize = 8;

/// Those whose time has come and who were not brought in yet, the longest due first, and how many were looked at.
pub fn late(conn: &mut Conn, asking: &Asking, lane: &Lane, most: usize) -> Result<(Vec<Placed>, usize)> {
    let waking = of(asking.outage, lane).filter(households::waits_until.le(asking.now));
    let rows = waiting(conn, waking.order(households::waits_until), most, 0)?;
    let seen = rows.len();
    let callable = rows.into_iter().filter(|row| row.is_callable(asking));
    Ok((callable.map(Waiting::placed).collect(), seen))
}

fn waiting(conn: &mut Conn, those: Source<'_>, most: usize, after: usize) -> Result<Vec<Waiting>> {
    those
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .offset(i64::try_from(after).unwrap_or(i64::MAX))
        .select((
            households::id,
            households::skips,
            households::score,
            households::time_zone,
            households::stage,
            households::due_at,
            households::import_id,
            households::citizens,
        ))
        .load(conn)
}

/// When so many are late in a group, they are brought in, so many of a lane at once: a claim sends away one at
/// most, and it is quickly done.
pub const WAKE: usize = 64;

/// Brings those into their lane whose time has come, the longest due first; who is locked is left to others.
pub fn wake(conn: &mut Conn, outage: OutageId, lane: &Lane, now: Timestamp) -> Result<usize> {
    let ids: Vec<HouseholdId> = of(outage, lane)
        .filter(households::waits_until.le(now))
        .order(households::waits_until)
        .limit(WAKE as i64)
        .select(households::id)
        .load(conn)?;
    let ids = super::queue::lock_free(conn, &ids)?;
    if ids.is_empty() {
        return Ok(0);
    }
    diesel::update(households::table.filter(households::id.eq_any(ids)))
        .filter(households::waits_until.le(now))
        .set(households::waits_until.eq(None::<Timestamp>))
        .execute(conn)
}

/// The languages of those in the pool, English aside.
pub fn languages(conn: &mut Conn, outage: OutageId, now: Timestamp) -> Result<BTreeSet<String>> {
    let pool = || {
        let pool = households::table.filter(households::outage_id.eq(outage));
        pool.filter(households::list_id.is_null()).into_boxed()
    };
    let waking = pool().filter(households::waits_until.le(now));
    let waking: Vec<Option<String>> = waking
        .order(households::waits_until)
        .limit(WAKE as i64)
        .select(households::language)
        .load(conn)?;
    let mut found: BTreeSet<String> = waking.into_iter().flatten().collect();
    let mut last = String::new();
    // One after the other, as they stand in the index: there are few languages and many households.
    loop {
        let next = pool().filter(
            households::waits_until
                .is_null()
                .and(households::language.gt(last)),
        );
        let next: Option<Option<String>> = next
            .order(households::language)
            .select(households::language)
            .first(conn)
            .optional()?;
        let Some(language) = next.flatten() else {
            return Ok(found);
        };
        found.insert(language.clone());
        last = language;
    }
}
