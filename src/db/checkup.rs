//! What `makegood doctor` asks a database; nothing is changed.

use super::encryption::Server;
use super::postgres::{RUNTIME, dial};
use super::{Conn, Db, Trouble};
use crate::config::DatabaseUrl;
use diesel::result::Error;
use diesel::sql_types::{Bool, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use std::sync::mpsc;
use std::time::Duration;
use tokio_postgres::{Client, SimpleQueryMessage};

/// How long somebody's session is waited for who may stand between two of them.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether a file of SQLite's is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    /// It is.
    Yes,
    /// It is damaged; what SQLite says of it first.
    No(String),
    /// It is too large to say so in the time given.
    Unfinished,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

impl Db {
    /// Whether SQLite's file is whole, by looking at all of its pages for so long; PostgreSQL looks at its own.
    pub fn is_whole(&self, patience: Duration) -> Whole {
        let (tell, told) = mpsc::channel();
        let db = self.clone();
        std::thread::spawn(move || {
            let _ = tell.send(db.looked_through()); // nobody listens any more if it took too long
        });
        match told.recv_timeout(patience) {
            Ok(Ok(None)) => Whole::Yes,
            Ok(Ok(Some(damage))) => Whole::No(damage),
            Ok(Err(error)) => Whole::No(error.to_string()),
            Err(_) => Whole::Unfinished,
        }
    }

    fn looked_through(&self) -> QueryResult<Option<String>> {
        let mut conn = self.reader()?;
        let Conn::Sqlite(sqlite) = &mut **conn else {
            return Ok(None);
        };
        let found: Words =
            sql_query("SELECT quick_check AS words FROM pragma_quick_check LIMIT 1").get_result(sqlite)?;
        Ok((found.words != "ok").then_some(found.words))
    }

    /// How text is stored: `UTF8` as a rule.
    ///
    /// # Errors
    /// What the database says.
    pub fn encoding(&self) -> QueryResult<String> {
        let mut conn = self.reader()?;
        let query = match &**conn {
            Conn::Postgres(_) => "SELECT current_setting('server_encoding') AS words",
            Conn::Sqlite(_) => "SELECT replace(encoding, '-', '') AS words FROM pragma_encoding",
        };
        let found: Words = sql_query(query).get_result(&mut **conn)?;
        Ok(found.words)
    }

    /// Whether what is said to the database is encrypted; `None` where it never leaves this machine.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_encrypted(&self) -> QueryResult<Option<bool>> {
        let mut conn = self.reader()?;
        let Conn::Postgres(_) = &**conn else {
            return Ok(None);
        };
        if !self.is_across_a_network() {
            return Ok(None);
        }
        let query =
            "SELECT COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE) AS holds";
        let found: Fact = sql_query(query).get_result(&mut **conn)?;
        Ok(Some(found.holds))
    }

    fn is_across_a_network(&self) -> bool {
        match &self.url {
            DatabaseUrl::Sqlite(_) => false,
            DatabaseUrl::Postgres(url) => Server::of(url).is_ok_and(|server| server.is_across_a_network()),
        }
    }
}

/// Whether somebody stands between this program and PostgreSQL who gives the statements of one connection to several
/// sessions, as PgBouncer does in transaction mode: what is set in a session, or prepared, is not there at the next statement.
///
/// # Errors
/// The database does not answer.
pub fn shares_sessions(url: &DatabaseUrl) -> QueryResult<bool> {
    let DatabaseUrl::Postgres(url) = url else {
        return Ok(false);
    };
    RUNTIME.handle().block_on(async {
        let (one, other) = (connected(url).await?, connected(url).await?);
        let Ok(before) = tokio::time::timeout(PATIENCE, session(&one)).await else {
            return Ok(false);
        };
        // The other one takes a session and keeps it: the one that was free last, if the first one gave its own back.
        let begun = tokio::time::timeout(PATIENCE, other.batch_execute("BEGIN; SELECT 1")).await;
        if begun.is_err() {
            return Ok(false);
        }
        match tokio::time::timeout(PATIENCE, session(&one)).await {
            Ok(after) => Ok(before? != after?),
            Err(_) => Ok(true), // its session is taken
        }
    })
}

async fn connected(url: &str) -> QueryResult<Client> {
    let (client, wire) = dial(url).await.map_err(failed)?;
    RUNTIME.spawn(wire);
    Ok(client)
}

/// The number of the session that answers.
async fn session(client: &Client) -> QueryResult<String> {
    let told = client
        .simple_query("SELECT pg_backend_pid()")
        .await
        .map_err(failed)?;
    let number = told.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    number.ok_or(Error::NotFound)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Trouble::Away.error(error.to_string())
}
