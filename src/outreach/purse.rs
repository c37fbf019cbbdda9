//! Whose tries are counted, and how many they have. What may be tried is counted before it is tried: of many tries in the same
//! moment no more than the allowed number passes. Who has none left is told from a read; that writes nothing.

use super::{Error, Office, Result, token};
use crate::db::Conn;
use crate::domain::budget::Budget;
use crate::domain::timestamp::Timestamp;
use crate::store::{self, budgets};

/// The budget of one subject.
pub(super) struct Purse {
    /// Hashed: it may hold an address.
    subject: String,
    budget: Budget,
}

/// What came of a try to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spent {
    /// One was spent; so many more can be at once.
    Left(i64),
    /// None is there, and nothing was spent; seconds until there is.
    Wait(i64),
}

impl Purse {
    pub(super) fn new(budget: Budget, subject: &str) -> Self {
        Self {
            subject: token::hash(subject),
            budget,
        }
    }

    /// Seconds until there is one to spend; 0: now.
    pub(super) fn wait(&self, conn: &mut Conn, now: Timestamp) -> store::Result<i64> {
        let spent = budgets::spent_until(conn, &self.subject)?;
        Ok(self.budget.wait(spent, now))
    }

    /// Spends one in a transaction of the caller's.
    pub(super) fn spend(&self, conn: &mut Conn, now: Timestamp) -> Result<Spent> {
        let spent = budgets::spent_until(conn, &self.subject)?;
        match self.budget.wait(spent, now) {
            0 => {}
            wait => return Ok(Spent::Wait(wait)),
        }
        if !budgets::spend(conn, &self.subject, &self.budget, now)? {
            return Err(Error::Crowded); // another node was first: look again
        }
        let spent = self.budget.after_one(spent, now);
        Ok(Spent::Left(self.budget.left(Some(spent), now)))
    }

    /// Gives one back that was spent by somebody who had the right to.
    pub(super) fn give_back(&self, conn: &mut Conn) -> store::Result<()> {
        budgets::give_back(conn, &self.subject, &self.budget).map(drop)
    }

    /// Fills it up: the right person came.
    pub(super) fn fill(&self, conn: &mut Conn) -> store::Result<()> {
        budgets::forget(conn, &self.subject).map(drop)
    }
}

impl Office {
    /// Spends one of each purse, or none. Who must wait is told so without a write.
    pub(super) fn spend(&self, purses: &[Purse], now: Timestamp) -> Result<Spent> {
        let wait = self.db.read(|conn| longest_wait(conn, purses, now))?;
        if wait > 0 {
            return Ok(Spent::Wait(wait));
        }
        self.db.write(|conn| {
            let wait = longest_wait(conn, purses, now)?;
            if wait > 0 {
                return Ok(Spent::Wait(wait));
            }
            let mut least = i64::MAX;
            for purse in purses {
                match purse.spend(conn, now)? {
                    Spent::Left(left) => least = least.min(left),
                    Spent::Wait(_) => return Err(Error::Crowded),
                }
            }
            Ok(Spent::Left(least))
        })
    }
}

/// Seconds until each purse has one to spend.
pub(super) fn longest_wait(conn: &mut Conn, purses: &[Purse], now: Timestamp) -> store::Result<i64> {
    let mut longest = 0;
    for purse in purses {
        longest = longest.max(purse.wait(conn, now)?);
    }
    Ok(longest)
}
