//! What was spent of each budget, as the instant when all of it is back. In the database, so that every node counts the same.

use super::Result;
use crate::db::{Conn, both};
use crate::domain::budget::Budget;
use crate::domain::timestamp::Timestamp;
use crate::schema::{budgets, guesses, sign_in_failures};
use diesel::prelude::*;

/// Until when a subject (hashed) has spent; `None`: nothing.
pub fn spent_until(conn: &mut Conn, subject: &str) -> Result<Option<Timestamp>> {
    budgets::table
        .find(subject)
        .select(budgets::spent_until)
        .first(conn)
        .optional()
}

/// Spends one try of a subject, whoever else spends at the same moment; whether there was one left.
pub fn spend(conn: &mut Conn, subject: &str, budget: &Budget, now: Timestamp) -> Result<bool> {
    let step = budget.step_seconds() * 1_000_000;
    let begun = diesel::dsl::case_when(budgets::spent_until.gt(now), budgets::spent_until).otherwise(now);
    let some_left = budgets::spent_until.le(budget.latest(now));
    let spent = diesel::update(budgets::table.find(subject).filter(some_left))
        .set(budgets::spent_until.eq(begun + step))
        .execute(conn)?;
    if spent > 0 {
        return Ok(true);
    }
    let first = (
        budgets::subject.eq(subject),
        budgets::spent_until.eq(budget.after_one(None, now)),
    );
    let begun = both!(conn, |conn| diesel::insert_into(budgets::table)
        .values(first)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(begun > 0)
}

/// Gives one try back.
pub fn give_back(conn: &mut Conn, subject: &str, budget: &Budget) -> Result<usize> {
    let step = budget.step_seconds() * 1_000_000;
    diesel::update(budgets::table.find(subject))
        .set(budgets::spent_until.eq(budgets::spent_until - step))
        .execute(conn)
}

/// Forgets what a subject has spent: the right person came.
pub fn forget(conn: &mut Conn, subject: &str) -> Result<usize> {
    diesel::delete(budgets::table.find(subject)).execute(conn)
}

/// Forgets the budgets that are whole again.
pub fn forget_whole(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    diesel::delete(budgets::table.filter(budgets::spent_until.lt(now))).execute(conn)
}

/// Forgets what nodes of the version before have counted until `before`; it no longer counts for them either.
pub fn forget_lists(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::at.lt(before))).execute(conn)?;
    diesel::delete(guesses::table.filter(guesses::at.lt(before))).execute(conn)
}
