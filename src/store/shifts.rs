//! Callers' shifts and breaks, as entered.

use super::Result;
use crate::db::Conn;
use crate::domain::ids::{OutageId, UserId};
use crate::domain::shift::{ENOUGH, Shift, Span};
use crate::domain::timestamp::Timestamp;
use crate::schema::shifts;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use std::collections::HashMap;

/// Breaks that began longer ago than this are of another day.
const BREAK_HOURS: i64 = 24;

/// Enters a span of a caller's time; a shift takes the place of the one before.
pub fn add(
    conn: &mut Conn,
    user: UserId,
    kind: Span,
    (starts_at, ends_at): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<usize> {
    diesel::insert_into(shifts::table)
        .values((
            shifts::user_id.eq(user),
            shifts::kind.eq(kind.as_str()),
            shifts::starts_at.eq(starts_at),
            shifts::ends_at.eq(ends_at),
            shifts::entered_at.eq(now),
        ))
        .execute(conn)
}

/// Takes back what a caller entered of a kind: her shift has no known end, or she is back from the break.
pub fn withdraw(conn: &mut Conn, user: UserId, kind: Span, now: Timestamp) -> Result<usize> {
    let standing = shifts::table
        .filter(shifts::user_id.eq(user).and(shifts::kind.eq(kind.as_str())))
        .filter(shifts::withdrawn_at.is_null());
    diesel::update(standing)
        .set(shifts::withdrawn_at.eq(now))
        .execute(conn)
}

/// What stands and is not of another day, in the order in which it was entered.
macro_rules! spans {
    ($now:expr) => {
        shifts::table
            .filter(shifts::withdrawn_at.is_null())
            .filter(shifts::ends_at.ge($now.plus_hours(-BREAK_HOURS)))
            .order(shifts::id)
            .select((shifts::user_id, shifts::kind, shifts::starts_at, shifts::ends_at))
    };
}

/// What is known of a caller's evening.
pub fn of_user(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Shift> {
    let rows = spans!(now).filter(shifts::user_id.eq(user)).load(conn)?;
    Ok(gathered(rows).remove(&user).unwrap_or_default())
}

/// What is known of everybody's evening.
pub fn all(conn: &mut Conn, now: Timestamp) -> Result<HashMap<UserId, Shift>> {
    Ok(gathered(spans!(now).load(conn)?))
}

/// A row: whose, what, from, until.
type Row = (UserId, String, Timestamp, Timestamp);

fn gathered(rows: Vec<Row>) -> HashMap<UserId, Shift> {
    let mut all: HashMap<UserId, Shift> = HashMap::new();
    for (user, kind, from, until) in rows {
        let shift = all.entry(user).or_default();
        match kind.parse() {
            Ok(Span::Shift) => shift.ends_at = Some(until), // the latest entered counts
            Ok(Span::Break) => shift.breaks.push((from, until)),
            Err(_) => {}
        }
    }
    all
}

/// How long calls of an outage took lately, in seconds, from claim to outcome; none: too few to tell.
pub fn handling_seconds(conn: &mut Conn, outage: OutageId) -> Result<Option<i64>> {
    #[derive(QueryableByName)]
    struct Measured {
        #[diesel(sql_type = Nullable<BigInt>)]
        micros: Option<i64>,
        #[diesel(sql_type = BigInt)]
        calls: i64,
    }
    let query = format!(
        "SELECT CAST(AVG(took) AS BIGINT) AS micros, COUNT(*) AS calls FROM ( \
         SELECT a.at - c.created_at AS took FROM attempts a JOIN claims c ON c.id = a.claim_id \
         WHERE a.outage_id = {outage} AND a.superseded_at IS NULL AND NOT a.late \
         ORDER BY a.at DESC LIMIT 100) AS lately"
    );
    let measured: Measured = diesel::sql_query(query).get_result(conn)?;
    let believed = measured.micros.filter(|_| measured.calls >= ENOUGH);
    Ok(believed.map(|micros| micros / 1_000_000))
}
