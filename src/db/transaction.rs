//! One transaction: begun so that it cannot deadlock with another, and at its end known to be done, undone, or unknown.

use super::{Conn, Trouble};
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::result::Error;
use std::time::{Duration, Instant};

/// A transaction that the database refuses for others' sake is tried so often, after pauses of up to so long: those who
/// stood in each other's way would at once do so again.
const TRIES: u32 = 10;
const LONGEST_PAUSE: u64 = 40;

/// What a transaction's body may fail with.
pub trait Failure: From<Error> {
    /// What is wrong with the database; [`Trouble::Fault`] where it is something else.
    fn trouble(&self) -> Trouble;

    /// Whether the database refused the transaction for others' sake (serialisation failure,
    /// deadlock), so that the whole of it may be run again.
    fn asks_for_another_try(&self) -> bool {
        self.trouble() == Trouble::Crowded
    }
}

impl Failure for Error {
    fn trouble(&self) -> Trouble {
        Trouble::of(self)
    }
}

/// How a transaction failed.
pub(super) enum Failed<E> {
    /// Before its COMMIT was sent: surely nothing is left of it.
    Undone(E),
    /// At its COMMIT, as the error says.
    AtCommit(E),
}

impl<E> Failed<E> {
    pub fn into_inner(self) -> E {
        match self {
            Self::Undone(error) | Self::AtCommit(error) => error,
        }
    }
}

/// One transaction, run again as a whole when the database asks for that. `until` is how long it may wait to begin.
pub(super) fn insist<T, E: Failure>(
    conn: &mut Conn,
    until: Instant,
    body: &mut dyn FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, Failed<E>> {
    for tried in 1..TRIES {
        match transaction(conn, until, body) {
            Err(Failed::Undone(error) | Failed::AtCommit(error)) if error.asks_for_another_try() => {}
            done => return done,
        }
        let longest = LONGEST_PAUSE.min(1 << tried);
        std::thread::sleep(Duration::from_millis(rand::random_range(0..longest)));
    }
    transaction(conn, until, body)
}

/// Runs `body` in one transaction. SQLite's begins IMMEDIATE: a deferred one that reads before it
/// writes fails with SQLITE_BUSY however long it waits.
fn transaction<T, E: Failure>(
    conn: &mut Conn,
    until: Instant,
    body: &mut dyn FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, Failed<E>> {
    let begun = match conn {
        Conn::Sqlite(sqlite) => begin(sqlite, until),
        Conn::Postgres(postgres) => AnsiTransactionManager::begin_transaction(postgres),
    };
    begun.map_err(|error| Failed::Undone(error.into()))?;
    match body(conn) {
        Ok(value) => match <Conn as Connection>::TransactionManager::commit_transaction(conn) {
            Ok(()) => Ok(value),
            Err(error) => Err(Failed::AtCommit(doubted(error).into())),
        },
        Err(error) => {
            // The body's error is the one to tell; a connection that cannot roll back is dropped by the pool.
            let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
            Err(Failed::Undone(error))
        }
    }
}

/// What a COMMIT fails with. Whose answer was lost may have been done; a file that could not be synchronised may hold it
/// all the same after the next start.
fn doubted(error: Error) -> Error {
    match Trouble::of(&error) {
        Trouble::Away | Trouble::Unreadable | Trouble::Damaged => Trouble::Unknown.error(error.to_string()),
        _ => error,
    }
}

/// Begins as soon as no other process writes; asks every millisecond.
fn begin(sqlite: &mut diesel::SqliteConnection, until: Instant) -> QueryResult<()> {
    loop {
        match AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE") {
            Err(error) if Trouble::of(&error) == Trouble::Busy && Instant::now() < until => {}
            done => return done,
        }
    }
}
