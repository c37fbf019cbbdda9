//! Promises to call at a time: the ledger. What the queue serves follows from the cases' progress.

use super::Result;
use crate::db::Conn;
use crate::domain::callback::keeps;
use crate::domain::ids::{AnswerId, AttemptId, CallbackId, CaseId, HouseholdId, ImportId, OutageId, UserId};
use crate::domain::stage::Stage;
use crate::domain::timestamp::Timestamp;
use crate::schema::{answers, attempt_cases, attempts, callbacks, cases, households};
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

/// Up to so many households that wait for something else while the time of a promised call to them is near, with their
/// outages: a call that may wait until `until`, a specialist until `help_until`. Promises older than `from` are not
/// looked at.
pub fn hidden(
    conn: &mut Conn,
    (from, help_until, until): (Timestamp, Timestamp, Timestamp),
    most: i64,
) -> Result<Vec<(OutageId, HouseholdId)>> {
    let can_wait = [Stage::New, Stage::Tried, Stage::AwaitingPayment].map(Stage::as_str);
    let waits = households::stage.eq_any(can_wait);
    let help = households::stage.eq(Stage::NeedsHelp.as_str());
    callbacks::table
        .inner_join(households::table.on(households::id.eq(callbacks::household_id)))
        .filter(callbacks::due_at.ge(from).and(callbacks::due_at.le(until)))
        .filter(
            callbacks::kept_at
                .is_null()
                .and(callbacks::withdrawn_at.is_null()),
        )
        .filter(waits.or(help.and(callbacks::due_at.le(help_until))))
        .order(callbacks::due_at)
        .limit(most)
        .select((callbacks::outage_id, callbacks::household_id))
        .load(conn)
}

/// To whom a callback was promised.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs)]
pub struct Awaiting {
    pub callback: CallbackId,
    pub case: CaseId,
    pub given_name: String,
    pub family_name: String,
}

/// The people to whom these callbacks were promised, or who asked for them: of one callback the one whose payment
/// failed last comes first. A promise of the whole number has several.
pub fn awaiting(conn: &mut Conn, ids: &[CallbackId], published: ImportId) -> Result<Vec<Awaiting>> {
    let visible = cases::import_id.le(published);
    let columns = (callbacks::id, cases::id, cases::given_name, cases::family_name);
    let in_order = (cases::last_failed_at.desc(), cases::id);
    let mut people: Vec<Awaiting> = callbacks::table
        .inner_join(attempt_cases::table.on(attempt_cases::attempt_id.nullable().eq(callbacks::attempt_id)))
        .inner_join(cases::table.on(cases::id.eq(attempt_cases::case_id)))
        .filter(callbacks::id.eq_any(ids).and(visible))
        .order(in_order)
        .select(columns)
        .load(conn)?;
    let asked: Vec<Awaiting> = callbacks::table
        .inner_join(answers::table.on(answers::id.nullable().eq(callbacks::answer_id)))
        .inner_join(cases::table.on(cases::id.eq(answers::case_id)))
        .filter(callbacks::id.eq_any(ids).and(visible))
        .select(columns)
        .load(conn)?;
    people.extend(asked);
    Ok(people)
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

/// Whether a promise that stands was given in this call: a change folds the cases before it follows up.
pub fn is_given_in(conn: &mut Conn, attempt: AttemptId) -> Result<bool> {
    let given = callbacks::table.filter(callbacks::attempt_id.eq(attempt));
    diesel::select(diesel::dsl::exists(
        given.filter(callbacks::withdrawn_at.is_null()),
    ))
    .get_result(conn)
}

/// An attempt no longer counts: its own promise is withdrawn, and what it had kept is kept by what counts instead of it, else
/// open again.
pub fn unwind(
    conn: &mut Conn,
    (attempt, instead): (AttemptId, Option<AttemptId>),
    now: Timestamp,
) -> Result<()> {
    let own = callbacks::table.filter(
        callbacks::attempt_id
            .eq(attempt)
            .and(callbacks::withdrawn_at.is_null()),
    );
    diesel::update(own)
        .set(callbacks::withdrawn_at.eq(now))
        .execute(conn)?;
    let kept = diesel::update(callbacks::table.filter(callbacks::kept_by.eq(attempt)));
    match instead {
        Some(instead) => kept.set(callbacks::kept_by.eq(instead)).execute(conn)?,
        None => kept
            .set((
                callbacks::kept_at.eq(None::<Timestamp>),
                callbacks::kept_by.eq(None::<AttemptId>),
            ))
            .execute(conn)?,
    };
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
