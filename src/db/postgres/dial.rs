//! Connecting to a PostgreSQL server, and what is agreed with it before anything else.

use super::answer::{Unanswered, told};
use crate::db::Trouble;
use crate::db::encryption::{Server, words};
use crate::db::patience::{Limits, Patience};
use diesel::result::Error;
use diesel::{ConnectionError, QueryResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::config::Config;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// So long one address may take to answer, and so long the greetings after that, for each of a URL's hosts.
const ADDRESS: Duration = Duration::from_millis(1000);
const HOST: Duration = Duration::from_millis(1500);
/// A host from which no packet comes back is given up after so long, and one from which none is expected is asked after so
/// long, instead of the driver's two hours.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);
const DRIVERS_IDLE: Duration = Duration::from_secs(2 * 60 * 60);
/// A transaction of which nothing is heard any more, because its node has stopped, holds its locks so long.
const ABANDONED: Duration = Duration::from_secs(60);

/// What serves a connection's socket; it ends when its client is gone.
pub(in crate::db) type Wire =
    tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// Where a server is and how it is greeted, read from a URL once.
#[derive(Clone)]
pub(in crate::db) struct Address(Arc<(Config, MakeRustlsConnect)>);

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// It cannot be followed; waiting does not mend that.
    pub fn read(url: &str) -> QueryResult<Self> {
        let unreadable = |error: ConnectionError| Trouble::Refused.error(error.to_string());
        let server = Server::of(url).map_err(unreadable)?;
        let tls = server.tls().map_err(unreadable)?;
        let mut config = server.config;
        if config.get_application_name().is_none() {
            config.application_name(own_name());
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(ADDRESS);
        }
        // What nobody acknowledges is given up by this machine itself: also where nobody asks whether the server is at work.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        if config.get_keepalives_idle() == DRIVERS_IDLE {
            config.keepalives_idle(UNACKNOWLEDGED);
        }
        Ok(Self(Arc::new((config, tls))))
    }

    /// Connects.
    ///
    /// # Errors
    /// Nobody answers in time, or the server does not let us in. Never the URL.
    pub async fn dial(&self) -> QueryResult<(Client, Wire)> {
        let (config, tls) = &*self.0;
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
        let patience = HOST * u32::try_from(hosts).unwrap_or(1).max(1);
        match timeout(patience, config.connect(tls.clone())).await {
            Ok(Ok(connected)) => Ok(connected),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => Err(Trouble::Away.error("the server did not answer in time")),
        }
    }
}

/// Connects with the server of a URL, once.
///
/// # Errors
/// As [`Address::dial`].
pub(in crate::db) async fn dial(url: &str) -> QueryResult<(Client, Wire)> {
    Address::read(url)?.dial().await
}

/// By which a database's administrator knows whose session it is.
fn own_name() -> String {
    let host = hostname::get().unwrap_or_default();
    let host: String = host
        .to_string_lossy()
        .chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect();
    format!("makegood/{host}")
}

fn refused(error: &tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(answer) => Trouble::by_sqlstate(answer.code().code()).error(answer.message()),
        None => Trouble::Away.error(words(error)),
    }
}

/// What is known of a session since its beginning.
pub(in crate::db) struct Session {
    /// The server's process for it.
    pub pid: i64,
    /// The limits that the database's administrator or the URL set, in milliseconds; 0: none. Ours never exceed them.
    statement: u64,
    lock: u64,
    idle: u64,
}

/// Answers one row: the server's process, how it stores text, and its limits in milliseconds.
const GREETING: &str = "SET client_min_messages = warning; SET TIME ZONE 'UTC'; SELECT pg_backend_pid(), \
    current_setting('server_encoding'), \
    CAST(1000 * EXTRACT(EPOCH FROM CAST(current_setting('statement_timeout') AS interval)) AS bigint), \
    CAST(1000 * EXTRACT(EPOCH FROM CAST(current_setting('lock_timeout') AS interval)) AS bigint), \
    CAST(1000 * EXTRACT(EPOCH FROM CAST(current_setting('idle_in_transaction_session_timeout') AS interval)) AS bigint)";

impl Session {
    /// Begins one.
    ///
    /// # Errors
    /// The server's words, or that it stores text in a way that cannot hold everybody's name.
    pub async fn begin(client: &Client) -> QueryResult<Self> {
        let greeted = timeout(HOST, client.simple_query(GREETING)).await;
        let answers = greeted
            .map_err(|_| Unanswered::Silent)
            .and_then(|answer| answer.map_err(Unanswered::Told))
            .map_err(|unanswered| told(&unanswered))?;
        let row = answers.into_iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let word = |at: usize| row.as_ref().and_then(|row| row.get(at)).unwrap_or_default();
        let number = |at: usize| word(at).parse().unwrap_or(0);
        // SQL_ASCII keeps bytes as they are, and ours are always UTF-8.
        let encoding = word(1);
        if !matches!(encoding, "UTF8" | "SQL_ASCII") {
            let told = format!(
                "it stores text as {encoding}, which cannot hold every name; make a database with ENCODING 'UTF8'"
            );
            return Err(Trouble::Refused.error(told));
        }
        Ok(Self {
            pid: word(0).parse().unwrap_or(0),
            statement: number(2),
            lock: number(3),
            idle: number(4),
        })
    }

    /// The statement that sets a session's limits.
    pub fn limits(&self, patience: Patience) -> String {
        let Limits { statement, lock, .. } = patience.limits();
        let statement = within(statement, self.statement);
        let lock = within(lock, self.lock);
        let idle = within(ABANDONED, self.idle);
        format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
             SET idle_in_transaction_session_timeout = {idle}"
        )
    }
}

/// A limit of ours in milliseconds, or the stricter one that was set by others; 0: they set none.
fn within(ours: Duration, theirs: u64) -> u64 {
    let ours = u64::try_from(ours.as_millis()).unwrap_or(u64::MAX);
    if theirs == 0 { ours } else { ours.min(theirs) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_of_two_limits_holds() {
        let second = Duration::from_secs(1);
        assert_eq!(within(second, 0), 1000);
        assert_eq!(within(second, 150), 150);
        assert_eq!(within(second, 5000), 1000);
    }

    #[test]
    fn a_url_that_cannot_be_read_is_not_waited_for() {
        let refused = Address::read("postgres://u@h:notaport/db")
            .err()
            .map(|error| Trouble::of(&error));
        assert_eq!(refused, Some(Trouble::Refused));
    }
}
