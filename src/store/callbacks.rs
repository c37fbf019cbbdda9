//! Promises to call at a time: the ledger. What the queue serves follows from the cases' progress.

use super::Result;
use crate::db::Conn;
use crate::domain::callback::keeps;
use crate::domain::ids::{AnswerId, AttemptId, CallbackId, HouseholdId, OutageId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::schema::{attempts, callbacks};
use diesel::prelude::*;

/// One promise.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = callbacks)]
#[allow(missing_docs)]
pub struct Callback {
    pub id: CallbackId,
    pub outage_id: OutageId,
    pub household_id: HouseholdId,
    /// The call in which it was given; none if the citizen asked for it by link.
    pub attempt_id: Option<AttemptId>,
    pub due_at: Timestamp,
    /// Who promised; none: anyone may keep it.
    pub owner_id: Option<UserId>,
    pub created_at: Timestamp,
    pub kept_at: Option<Timestamp>,
    pub kept_by: Option<AttemptId>,
    pub withdrawn_at: Option<Timestamp>,
}

/// Writes a promise down.
pub fn add(
    conn: &mut Conn,
    (outage, household, attempt): (OutageId, HouseholdId, AttemptId),
    (due_at, owner): (Timestamp, Option<UserId>),
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(callbacks::table)
        .values((
            callbacks::outage_id.eq(outage),
            callbacks::household_id.eq(household),
            callbacks::attempt_id.eq(attempt),
            callbacks::due_at.eq(due_at),
            callbacks::owner_id.eq(owner),
            callbacks::created_at.eq(now),
        ))
        .execute(conn)
}

/// Writes down that a citizen asked by link to be called; anyone may keep it.
pub fn add_asked(
    conn: &mut Conn,
    (outage, household, answer): (OutageId, HouseholdId, AnswerId),
    due_at: Timestamp,
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(callbacks::table)
        .values((
            callbacks::outage_id.eq(outage),
            callbacks::household_id.eq(household),
            callbacks::answer_id.eq(answer),
            callbacks::due_at.eq(due_at),
            callbacks::created_at.eq(now),
        ))
        .execute(conn)
}

/// An answer by link no longer counts: what it asked for is withdrawn.
pub fn withdraw_asked(conn: &mut Conn, answer: AnswerId, now: Timestamp) -> Result<usize> {
    let open = callbacks::table.filter(callbacks::answer_id.eq(answer)).filter(
        callbacks::kept_at
            .is_null()
            .and(callbacks::withdrawn_at.is_null()),
    );
    diesel::update(open)
        .set(callbacks::withdrawn_at.eq(now))
        .execute(conn)
}

/// The times of an outage's open promises from one instant until another, not included.
pub fn booked(
    conn: &mut Conn,
    outage: OutageId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Timestamp>> {
    callbacks::table
        .filter(callbacks::outage_id.eq(outage))
        .filter(callbacks::due_at.ge(from).and(callbacks::due_at.lt(until)))
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .select(callbacks::due_at)
        .load(conn)
}

/// When these households are to be called by the open promises, the next one last.
pub fn due_of(conn: &mut Conn, households: &[HouseholdId]) -> Result<Vec<(HouseholdId, Timestamp)>> {
    callbacks::table
        .filter(callbacks::household_id.eq_any(households))
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .order(callbacks::due_at.desc())
        .select((callbacks::household_id, callbacks::due_at))
        .load(conn)
}

/// A call was made: the open promises to the household whose time has come (`domain::callback::keeps`)
/// are kept by it.
pub fn keep(conn: &mut Conn, household: HouseholdId, by: AttemptId, called_at: Timestamp) -> Result<usize> {
    let mut kept = 0;
    for promise in open_of_household(conn, household, by)? {
        if keeps(promise.due_at, called_at) {
            kept += diesel::update(callbacks::table.find(promise.id))
                .set((callbacks::kept_at.eq(called_at), callbacks::kept_by.eq(by)))
                .execute(conn)?;
        }
    }
    Ok(kept)
}

/// The open promises to a household, but for those that this very attempt gave.
fn open_of_household(conn: &mut Conn, household: HouseholdId, but: AttemptId) -> Result<Vec<Callback>> {
    callbacks::table
        .filter(
            callbacks::household_id
                .eq(household)
                .and(callbacks::attempt_id.ne(but).or(callbacks::attempt_id.is_null())),
        )
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .select(Callback::as_select())
        .load(conn)
}

/// A new promise takes the place of the open ones.
pub fn withdraw_older(
    conn: &mut Conn,
    household: HouseholdId,
    than: AttemptId,
    now: Timestamp,
) -> Result<usize> {
    let older = callbacks::table
        .filter(
            callbacks::household_id
                .eq(household)
                .and(callbacks::attempt_id.ne(than).or(callbacks::attempt_id.is_null())),
        )
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        );
    diesel::update(older)
        .set(callbacks::withdrawn_at.eq(now))
        .execute(conn)
}

/// Another attempt stands for this one: what it promised and what it kept is the other's.
pub fn hand_over(conn: &mut Conn, from: AttemptId, to: AttemptId) -> Result<()> {
    diesel::update(callbacks::table.filter(callbacks::attempt_id.eq(from)))
        .set(callbacks::attempt_id.eq(to))
        .execute(conn)?;
    diesel::update(callbacks::table.filter(callbacks::kept_by.eq(from)))
        .set(callbacks::kept_by.eq(to))
        .execute(conn)?;
    Ok(())
}

/// An attempt no longer counts: its own promise is withdrawn, and what it had kept is open again.
pub fn unwind(conn: &mut Conn, attempt: AttemptId, now: Timestamp) -> Result<()> {
    let own = callbacks::table.filter(
        callbacks::attempt_id
            .eq(attempt)
            .and(callbacks::withdrawn_at.is_null()),
    );
    diesel::update(own)
        .set(callbacks::withdrawn_at.eq(now))
        .execute(conn)?;
    let kept = callbacks::table.filter(callbacks::kept_by.eq(attempt));
    diesel::update(kept)
        .set((
            callbacks::kept_at.eq(None::<Timestamp>),
            callbacks::kept_by.eq(None::<AttemptId>),
        ))
        .execute(conn)?;
    Ok(())
}

/// No case of these households waits for a promised call any more: their open promises are withdrawn.
pub fn withdraw(conn: &mut Conn, households: &[HouseholdId], now: Timestamp) -> Result<usize> {
    let rows = callbacks::table
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .select(callbacks::id);
    let open: Vec<CallbackId> = among!(conn, rows, callbacks::household_id, households)?;
    if open.is_empty() {
        return Ok(0);
    }
    diesel::update(callbacks::table.filter(callbacks::id.eq_any(open)))
        .set(callbacks::withdrawn_at.eq(now))
        .execute(conn)
}

/// The promise to a household for this time stands: it is open again if a call to others of the household, or something
/// that was taken back meanwhile, had ended it; it is written down if it was entered while something else stood before it.
pub fn reopen(
    conn: &mut Conn,
    (outage, household): (OutageId, HouseholdId),
    (due_at, owner): (Timestamp, Option<UserId>),
    now: Timestamp,
) -> Result<usize> {
    let of_time = callbacks::table
        .left_join(attempts::table)
        .filter(
            callbacks::household_id
                .eq(household)
                .and(callbacks::due_at.eq(due_at)),
        )
        .filter(attempts::superseded_at.is_null())
        .select((
            callbacks::id,
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        ))
        .order(callbacks::id);
    let promises: Vec<(CallbackId, bool)> = of_time.load(conn)?;
    match promises.last() {
        _ if promises.iter().any(|(_, is_open)| *is_open) => Ok(0),
        Some((latest, _)) => diesel::update(callbacks::table.find(latest))
            .set((
                callbacks::withdrawn_at.eq(None::<Timestamp>),
                callbacks::kept_at.eq(None::<Timestamp>),
                callbacks::kept_by.eq(None::<AttemptId>),
            ))
            .execute(conn),
        None => {
            let entered: Option<AttemptId> = attempts::table
                .filter(
                    attempts::household_id
                        .eq(household)
                        .and(attempts::callback_at.eq(due_at)),
                )
                .filter(attempts::superseded_at.is_null())
                .order(attempts::id.desc())
                .select(attempts::id)
                .first(conn)
                .optional()?;
            match entered {
                Some(attempt) => add(conn, (outage, household, attempt), (due_at, owner), now),
                None => Ok(0), // asked for by link a moment ago: about to be written down
            }
        }
    }
}

/// The open promises of an outage, the first due first; of one person's own, if named.
pub fn open(conn: &mut Conn, outage: OutageId, owner: Option<UserId>, limit: i64) -> Result<Vec<Callback>> {
    let mut open = callbacks::table
        .filter(callbacks::outage_id.eq(outage))
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .into_boxed();
    if let Some(owner) = owner {
        open = open.filter(callbacks::owner_id.eq(owner));
    }
    open.order((callbacks::due_at, callbacks::id))
        .limit(limit)
        .select(Callback::as_select())
        .load(conn)
}

/// How many promises are open, and how many of these are due before `now`.
pub fn counts(
    conn: &mut Conn,
    outage: OutageId,
    owner: Option<UserId>,
    now: Timestamp,
) -> Result<(i64, i64)> {
    let open = || {
        let open = callbacks::table
            .filter(callbacks::outage_id.eq(outage))
            .filter(
                callbacks::kept_at
                    .is_null()
                    .and(callbacks::withdrawn_at.is_null()),
            )
            .into_boxed();
        match owner {
            Some(owner) => open.filter(callbacks::owner_id.eq(owner)),
            None => open,
        }
    };
    let all = open().count().get_result(conn)?;
    let due = open()
        .filter(callbacks::due_at.le(now))
        .count()
        .get_result(conn)?;
    Ok((all, due))
}
