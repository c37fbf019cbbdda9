//! PostgreSQL without libpq: the asynchronous driver behind Diesel's synchronous traits.
//!
//! Diesel's own `PgConnection` would make every user install libpq, SQLite users too, and neither it nor what wraps the
//! asynchronous driver for it hands on the codes of errors or limits how long it waits. Every call here blocks, so it is
//! made only from blocking threads. Each connection has a runtime of its own that runs while somebody waits for an answer,
//! on the thread that waits: a claim and an outcome are some seventy statements, and to wake another thread for each would
//! cost more than most of them.

mod answer;
mod connection;
mod dial;
mod row;
mod runtime;
mod statement;

pub(in crate::db) use answer::{Pulse, Unanswered, told, within};
pub(in crate::db) use dial::{Address, Session, dial};
pub use row::{PgRow, Rows};
pub(in crate::db) use runtime::RUNTIME;

use super::Trouble;
use super::patience::Patience;
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, DynInstrumentation, TransactionManager};
use diesel::result::Error;
use runtime::Own;
use statement::{Built, Prepared, Sent};
use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// A connection that answered so shortly before is not looked at: a request uses several, one after the other. If it has
/// ended since, whoever gets it is the first to hear, and goes on with another that is asked first.
const JUST_NOW: Duration = Duration::from_millis(50);
/// A connection that was there so shortly before is not asked again whether it is.
const SURE_FOR: Duration = Duration::from_secs(1);
/// What needs neither a lock nor the disk (BEGIN, ROLLBACK, a question whether somebody is there) is answered by then.
const SOON: Duration = Duration::from_millis(800);

/// One connection to PostgreSQL.
pub struct PgConn {
    client: Client,
    runtime: Own,
    /// The server's last words on it.
    end: Arc<OnceLock<Error>>,
    session: Session,
    pulse: Pulse,
    patience: Patience,
    prepared: Prepared,
    transactions: AnsiTransactionManager,
    instrumentation: DynInstrumentation,
    /// When the server last answered.
    heard: Instant,
    /// Whether whoever uses it now has had an answer.
    answered: bool,
    /// When it was last asked something.
    asked: Instant,
    /// Nothing more can be asked on it.
    lost: bool,
    /// The server takes no changes: a standby.
    only_reads: bool,
    /// A statement of the transaction has failed, so that a COMMIT would be answered and undo it all.
    failed: bool,
}

impl PgConn {
    /// Connects.
    ///
    /// # Errors
    /// Nobody answers, or the server refuses.
    pub(super) fn open(address: &Address) -> QueryResult<Self> {
        let runtime = Own::new()?;
        let end = Arc::new(OnceLock::new());
        let patience = Patience::Brisk;
        let (client, session) = runtime.block_on(async {
            let (client, mut wire) = address.dial().await?;
            let ended = Arc::clone(&end);
            tokio::spawn(async move {
                while let Some(message) = poll_fn(|context| wire.poll_message(context)).await {
                    if let Err(error) = message {
                        let _ = ended.set(told(&Unanswered::Told(error)));
                        break;
                    }
                }
            });
            let session = Session::begin(&client).await?;
            let limited = answer::soon(SOON, client.batch_execute(&session.limits(patience))).await;
            limited.map_err(|unanswered| told(&unanswered))?;
            Ok::<_, Error>((client, session))
        })?;
        let pulse = Pulse {
            address: address.clone(),
            pid: session.pid,
        };
        Ok(Self {
            client,
            runtime,
            end,
            session,
            pulse,
            patience,
            prepared: Prepared::default(),
            transactions: AnsiTransactionManager::default(),
            instrumentation: DynInstrumentation::default_instrumentation(),
            heard: Instant::now(),
            answered: false,
            asked: Instant::now(),
            lost: false,
            only_reads: false,
            failed: false,
        })
    }

    /// Whether the server is there, as far as that can be known without asking it; if nothing was heard for a while, or
    /// nothing since others are known to have been ended (`doubted`), it is asked.
    pub(super) fn answers(&mut self, doubted: Option<Instant>) -> QueryResult<()> {
        let trusted = doubted.is_none_or(|at| self.heard > at);
        if !self.lost && trusted && self.heard.elapsed() < JUST_NOW {
            return Ok(());
        }
        self.runtime.block_on(async {
            for _ in 0..3 {
                tokio::task::yield_now().await; // what has arrived meanwhile is read: a farewell, an end
            }
        });
        if self.client.is_closed() {
            self.lost = true;
            return Err(self.farewell());
        }
        if trusted && self.heard.elapsed() < SURE_FOR {
            return Ok(());
        }
        self.at_once("")
    }

    /// When the server last answered.
    pub(super) const fn heard(&self) -> Instant {
        self.heard
    }

    /// Since when the server has been silent, if it has not said farewell.
    pub(super) fn silent_since(&self) -> Option<Instant> {
        (self.lost && !self.client.is_closed()).then_some(self.asked)
    }

    /// Whether whoever uses it now has had an answer on it.
    pub(super) const fn has_answered(&self) -> bool {
        self.answered
    }

    /// Whether its server takes no changes; another one may.
    pub(super) const fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// Whether the server has ended it, so that nothing of an open transaction is left.
    pub(super) fn has_ended(&self) -> bool {
        self.lost && self.client.is_closed()
    }

    /// Whether nobody else is to use it.
    pub(super) fn is_spoilt(&mut self) -> bool {
        self.lost || self.only_reads || AnsiTransactionManager::is_broken_transaction_manager(self)
    }

    /// From here on it is waited for in this way.
    pub(super) fn take(&mut self, patience: Patience) -> QueryResult<()> {
        if self.patience != patience {
            self.at_once(&self.session.limits(patience))?;
            self.patience = patience;
        }
        self.answered = false;
        Ok(())
    }

    /// Runs what is answered at once or not at all.
    fn at_once(&mut self, query: &str) -> QueryResult<()> {
        self.sound()?;
        let asked = self.client.batch_execute(query);
        let answered = self.runtime.block_on(answer::soon(SOON, asked));
        self.noted(answered)
    }

    /// Waits for an answer as long as the server is at work on it.
    fn wait<T>(
        &mut self,
        ask: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> QueryResult<T> {
        self.sound()?;
        let limits = self.patience.limits();
        let asked = ask(&self.client);
        let answered = self.runtime.block_on(within(&self.pulse, &limits, asked));
        self.noted(answered)
    }

    fn sound(&mut self) -> QueryResult<()> {
        if self.lost {
            return Err(self.farewell());
        }
        self.asked = Instant::now();
        Ok(())
    }

    fn noted<T>(&mut self, answered: Result<T, Unanswered>) -> QueryResult<T> {
        let unanswered = match answered {
            Ok(value) => {
                self.heard = Instant::now();
                self.answered = true;
                return Ok(value);
            }
            Err(unanswered) => unanswered,
        };
        self.failed = true;
        let error = told(&unanswered);
        let ended = match &unanswered {
            Unanswered::Silent => true,
            Unanswered::Told(error) => {
                self.client.is_closed() || error.as_db_error().is_some_and(answer::ends_session)
            }
        };
        self.lost |= ended;
        match Trouble::of(&error) {
            Trouble::Away => self.lost = true,
            Trouble::ReadOnly => self.only_reads = true,
            _ => self.heard = Instant::now(),
        }
        let is_plain = matches!(&unanswered, Unanswered::Told(error) if error.is_closed());
        Err(if is_plain { self.farewell() } else { error })
    }

    /// Why nothing can be asked on it any more.
    fn farewell(&self) -> Error {
        let words = self.end.get().map(ToString::to_string);
        Trouble::Away.error(words.unwrap_or_else(|| "the connection is lost".to_owned()))
    }

    /// A query whose statement is prepared now, and found again by its key.
    fn prepare(&mut self, built: Built, sql: &str) -> QueryResult<Sent> {
        let types = &built.types;
        let statement = self.wait(async |client| client.prepare_typed(sql, types).await)?;
        if let Some(key) = built.key {
            self.prepared.insert(key, statement.clone());
        }
        Ok(Sent::Prepared(statement, built.values))
    }
}
