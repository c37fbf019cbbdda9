//! PostgreSQL's `COPY`: Diesel's synchronous traits have none, so it goes through a connection of its own.

use super::patience::Patience;
use super::postgres::{Address, Pulse, RUNTIME, Session, told, within};
use diesel::QueryResult;
use futures_util::SinkExt;
use std::io::Cursor;
use tokio_postgres::Client;

/// A connection that copies rows. What it copies is committed at once, unless it was told to begin a transaction, but not
/// waited for until it is on the disk: it counts for nobody before a later transaction, which is, and with it all before.
pub struct Copier {
    client: Client,
    pulse: Pulse,
}

impl Copier {
    /// Connects.
    pub(super) fn open(url: &str) -> QueryResult<Self> {
        let address = Address::read(url)?;
        let (client, session) = RUNTIME.handle().block_on(async {
            let (client, connection) = address.dial().await?;
            RUNTIME.spawn(connection);
            let session = Session::begin(&client).await?;
            Ok::<_, diesel::result::Error>((client, session))
        })?;
        let relaxed = format!(
            "{}; SET synchronous_commit = off",
            session.limits(Patience::Unhurried)
        );
        let pulse = Pulse {
            address,
            pid: session.pid,
        };
        let copier = Self { client, pulse };
        copier.execute(&relaxed)?;
        Ok(copier)
    }

    /// Runs statements that answer nothing.
    ///
    /// # Errors
    /// What the server says, or that it says nothing any more.
    pub fn execute(&self, statements: &str) -> QueryResult<()> {
        self.wait(self.client.batch_execute(statements))
    }

    /// Runs a `COPY … FROM STDIN` on these bytes.
    ///
    /// # Errors
    /// What the server says, or that it says nothing any more; then nothing was copied.
    pub fn copy(&self, statement: &str, bytes: Vec<u8>) -> QueryResult<()> {
        self.wait(async {
            let sink = self.client.copy_in(statement).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(Cursor::new(bytes)).await?;
            sink.finish().await.map(drop)
        })
    }

    fn wait<T>(&self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> QueryResult<T> {
        let limits = Patience::Unhurried.limits();
        let answered = RUNTIME.handle().block_on(within(&self.pulse, &limits, answer));
        answered.map_err(|unanswered| told(&unanswered))
    }
}
