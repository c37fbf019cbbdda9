//! PostgreSQL's `COPY`: Diesel's synchronous traits have none, so it goes through a connection of its own.

use super::Trouble;
use super::postgres::RUNTIME;
use diesel::QueryResult;
use diesel::result::Error;
use futures_util::SinkExt;
use std::io::Cursor;
use tokio_postgres::Client;

/// A connection that copies rows. What it copies is committed at once, unless it was told to begin a transaction, but not
/// waited for until it is on the disk: it counts for nobody before a later transaction, which is, and with it all before.
pub struct Copier(Client);

impl Copier {
    /// Connects.
    pub(super) fn open(url: &str) -> QueryResult<Self> {
        RUNTIME.handle().block_on(async {
            let dialled = super::postgres::dial(url).await;
            let (client, connection) = dialled.map_err(|error| Trouble::Away.error(error.to_string()))?;
            RUNTIME.spawn(connection);
            let relaxed = client.batch_execute("SET synchronous_commit = off").await;
            relaxed.map(|()| Self(client)).map_err(told)
        })
    }

    /// Runs statements that answer nothing.
    ///
    /// # Errors
    /// What the server says.
    pub fn execute(&self, statements: &str) -> QueryResult<()> {
        RUNTIME
            .handle()
            .block_on(self.0.batch_execute(statements))
            .map_err(told)
    }

    /// Runs a `COPY … FROM STDIN` on these bytes.
    ///
    /// # Errors
    /// What the server says; then nothing was copied.
    pub fn copy(&self, statement: &str, bytes: Vec<u8>) -> QueryResult<()> {
        RUNTIME.handle().block_on(async {
            let sink = self.0.copy_in(statement).await.map_err(told)?;
            let mut sink = std::pin::pin!(sink);
            sink.send(Cursor::new(bytes)).await.map_err(told)?;
            sink.finish().await.map(drop).map_err(told)
        })
    }
}

/// The server's own words, else those of the connection. Rows stand in the server's details, not in its message.
fn told(error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(answer) => Trouble::by_sqlstate(answer.code().code()).error(answer.message()),
        None => Trouble::Away.error(error.to_string()),
    }
}
