//! Waiting for a server's answer. A server that is slow is at work, and says so to whoever asks on another connection;
//! one that says nothing there either, or is not at work for this session, will not answer any more.

use super::dial::Address;
use crate::broken::{Variant, leaves_out};
use crate::db::Trouble;
use crate::db::encryption::words;
use crate::db::patience::Limits;
use diesel::result::{DatabaseErrorKind, Error};
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_postgres::error::{DbError, Severity};

/// An answer may be under way while the server already says that it is done.
const UNDER_WAY: Duration = Duration::from_millis(200);
/// A statement that ends by the server's own time limit says so a little later.
const OVERTIME: Duration = Duration::from_secs(1);

/// Why there is no answer.
pub(in crate::db) enum Unanswered {
    /// The server or the driver says why.
    Told(tokio_postgres::Error),
    /// The server has fallen silent.
    Silent,
}

/// The session in which an answer is waited for.
pub(in crate::db) struct Pulse {
    pub address: Address,
    /// The server's process for it.
    pub pid: i64,
}

impl Pulse {
    /// Whether the server is at work for this session.
    async fn beats(&self, patience: Duration) -> bool {
        timeout(patience, self.at_work()).await.unwrap_or(false)
    }

    async fn at_work(&self) -> bool {
        let (client, wire) = match self.address.dial().await {
            Ok(connected) => connected,
            Err(error) => return Trouble::of(&error) == Trouble::Busy, // it answers, and has no place for one more
        };
        let served = tokio::spawn(wire);
        let asked = format!(
            "SELECT 1 FROM pg_stat_activity WHERE pid = {} AND (state IS NULL OR state NOT LIKE 'idle%')",
            self.pid
        );
        let answer = client.simple_query(&asked).await;
        served.abort();
        answer.is_ok_and(|answer| {
            let mut rows = answer.iter();
            rows.any(|one| matches!(one, tokio_postgres::SimpleQueryMessage::Row(_)))
        })
    }
}

/// Waits for an answer as long as the server is at work on it and the limit allows.
pub(in crate::db) async fn within<T>(
    pulse: &Pulse,
    limits: &Limits,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Unanswered> {
    if leaves_out(Variant::NoLimitOnAWait) {
        return answer.await.map_err(Unanswered::Told);
    }
    let mut answer = pin!(answer);
    let begun = Instant::now();
    let end = limits.statement + OVERTIME;
    let mut quiet = limits.quiet;
    loop {
        if let Ok(answered) = timeout(quiet, &mut answer).await {
            return answered.map_err(Unanswered::Told);
        }
        if begun.elapsed() >= end {
            return Err(Unanswered::Silent);
        }
        tokio::select! {
            answered = &mut answer => return answered.map_err(Unanswered::Told),
            beats = pulse.beats(limits.pulse) => if !beats {
                let last = timeout(UNDER_WAY, &mut answer).await;
                return last.map_err(|_| Unanswered::Silent)?.map_err(Unanswered::Told);
            }
        }
        quiet = limits.quiet * 3;
    }
}

/// Waits for an answer that is given at once or not at all.
pub(super) async fn soon<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Unanswered> {
    if leaves_out(Variant::NoLimitOnAWait) {
        return answer.await.map_err(Unanswered::Told);
    }
    let answered = timeout(limit, answer).await;
    answered
        .map_err(|_| Unanswered::Silent)?
        .map_err(Unanswered::Told)
}

/// As a query's error. Rows stand in the server's details, which are left out, not in its message.
pub(in crate::db) fn told(unanswered: &Unanswered) -> Error {
    match unanswered {
        Unanswered::Silent => Trouble::Away.error("the server has fallen silent"),
        Unanswered::Told(error) => match error.as_db_error() {
            Some(answer) => of_server(answer),
            None if error.is_closed() => Trouble::Away.error(error.to_string()),
            None => Trouble::Fault.error(words(error)),
        },
    }
}

/// What the server itself says.
pub(super) fn of_server(answer: &DbError) -> Error {
    let code = answer.code().code();
    let kind = match code {
        "23505" => DatabaseErrorKind::UniqueViolation,
        "23503" => DatabaseErrorKind::ForeignKeyViolation,
        "23502" => DatabaseErrorKind::NotNullViolation,
        "23514" => DatabaseErrorKind::CheckViolation,
        "40001" => DatabaseErrorKind::SerializationFailure,
        _ => DatabaseErrorKind::Unknown,
    };
    Trouble::by_sqlstate(code).error_of_kind(kind, answer.message())
}

/// Whether these are a session's last words.
pub(super) fn ends_session(answer: &DbError) -> bool {
    matches!(answer.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}
