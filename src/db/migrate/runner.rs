//! Runs the steps on PostgreSQL, beside people who work: a lock that others hold is given up at once and asked for again,
//! and what an earlier run left half done is mended.

use super::step::{Alone, Step};
use super::{ADDS, ADVISORY_LOCK, MigrationError, told, waiting};
use crate::broken::{Variant, leaves_out};
use crate::db::postgres::{RUNTIME, dial};
use std::time::{Duration, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(500);
/// Between two words about it.
const SILENCE: Duration = Duration::from_secs(10);
/// Whoever comes behind a lock that is waited for waits too: readers never longer than this.
const BRIEFLY: &str = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '60s'";
/// Nobody waits behind a step outside of any transaction; it begins anew when it gives up, so it is in no hurry.
const AT_LEISURE: &str = "SET lock_timeout = '30s'; SET statement_timeout = 0";
const NAME: &str = "SET application_name = 'makegood migrate'";

const TABLE: &str = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL";
const NOTED: &str = "SELECT CAST(version AS TEXT) FROM __diesel_schema_migrations";
const NOTE: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES (CAST($1 AS TEXT))";
const INDEX: &str = "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
    WHERE c.oid = to_regclass(CAST($1 AS TEXT))";

/// A step's index, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    Absent,
    /// Left half built: it costs writers and helps nobody.
    Invalid,
    Whole,
}

/// What came of one try.
enum Tried {
    Done,
    /// It would wait for these; nothing was begun.
    Waits(String),
}

/// Runs what is pending of these steps; answers how many that were.
pub(super) fn run(url: &str, steps: &[Step], patience: Duration) -> Result<usize, MigrationError> {
    RUNTIME.handle().block_on(async {
        let runner = Runner::connect(url, patience).await?;
        if runner.pending(steps).await?.is_empty() {
            return Ok(0);
        }
        runner.take_turn().await?;
        let done = runner.all(steps).await;
        let unlock = format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})");
        runner.client.batch_execute(&unlock).await.map_err(told)?;
        done
    })
}

/// A connection on which steps are run, and for how long they may wait.
pub(super) struct Runner {
    client: Client,
    patience: Duration,
    until: Instant,
}

impl Runner {
    pub(super) async fn connect(url: &str, patience: Duration) -> Result<Self, MigrationError> {
        let (client, wire) = dial(url).await.map_err(told)?;
        RUNTIME.spawn(wire);
        client.batch_execute(NAME).await.map_err(told)?;
        Ok(Self {
            client,
            patience,
            until: Instant::now() + patience,
        })
    }

    /// Whether versions are noted here already: else the database is new.
    async fn is_begun(&self) -> Result<bool, MigrationError> {
        let found = self.client.query_one(TABLE, &[]).await.map_err(told)?;
        found.try_get(0).map_err(told)
    }

    /// The versions that the database has; none where it is new.
    async fn noted(&self) -> Result<Vec<String>, MigrationError> {
        if !self.is_begun().await? {
            return Ok(Vec::new());
        }
        let rows = self.client.query(NOTED, &[]).await.map_err(told)?;
        rows.iter().map(|row| row.try_get(0).map_err(told)).collect()
    }

    /// The steps that the database does not have, in their order.
    pub(super) async fn pending<'a>(&self, steps: &'a [Step]) -> Result<Vec<&'a Step>, MigrationError> {
        let noted = self.noted().await?;
        let known: Vec<String> = steps.iter().map(Step::version).collect();
        let is_foreign = |version: &&String| !known.contains(version) && !version.ends_with(ADDS);
        if let Some(newer) = noted.iter().find(is_foreign) {
            return Err(MigrationError::Newer(newer.clone()));
        }
        let is_pending = |step: &&Step| !noted.contains(&step.version());
        Ok(steps.iter().filter(is_pending).collect())
    }

    /// Waits until no other node migrates. It asks again and again: whoever waits inside a statement would be waited for
    /// by the index that the other one builds.
    async fn take_turn(&self) -> Result<(), MigrationError> {
        let ask = format!("SELECT pg_try_advisory_lock({ADVISORY_LOCK})");
        let mut spoken = None;
        loop {
            let row = self.client.query_one(&ask, &[]).await.map_err(told)?;
            if row.try_get(0).map_err(told)? {
                return Ok(());
            }
            let for_whom = waiting::at_work(&self.client, ADVISORY_LOCK)
                .await
                .map_err(told)?;
            self.wait("another makegood that migrates", for_whom, &mut spoken)
                .await?;
        }
    }

    async fn all(&self, steps: &[Step]) -> Result<usize, MigrationError> {
        if !self.is_begun().await? {
            let create = diesel::migration::CREATE_MIGRATIONS_TABLE;
            self.client.batch_execute(create).await.map_err(told)?;
        }
        let mut done = 0;
        for step in self.pending(steps).await? {
            self.patiently(step).await?;
            done += 1;
        }
        Ok(done)
    }

    /// One step, tried until it is done or the patience is at its end.
    async fn patiently(&self, step: &Step) -> Result<(), MigrationError> {
        let mut spoken = None;
        let since = waiting::now(&self.client).await.map_err(told)?;
        loop {
            let for_whom = match self.attempt(step, &since).await {
                Ok(Tried::Done) => return Ok(()),
                Ok(Tried::Waits(for_whom)) => for_whom,
                Err(error) if gives_way(&error) => {
                    let now = waiting::now(&self.client).await.map_err(told)?;
                    waiting::in_the_way(&self.client, step, &now)
                        .await
                        .map_err(told)?
                }
                Err(error) => return Err(failed(step, &error)),
            };
            self.wait(&step.name, for_whom, &mut spoken).await?;
        }
    }

    /// Says now and then what waits for whom, and sleeps.
    async fn wait(
        &self,
        what: &str,
        for_whom: String,
        spoken: &mut Option<Instant>,
    ) -> Result<(), MigrationError> {
        if Instant::now() >= self.until {
            return Err(MigrationError::Waited {
                what: what.to_owned(),
                seconds: self.patience.as_secs(),
                for_whom: if for_whom.is_empty() {
                    "sessions that this account may not see".to_owned()
                } else {
                    for_whom
                },
            });
        }
        if spoken.is_none_or(|at| at.elapsed() >= SILENCE) {
            let left = self.until.saturating_duration_since(Instant::now()).as_secs();
            tracing::warn!(
                step = what,
                for_whom,
                seconds_left = left,
                "the schema's next step waits"
            );
            *spoken = Some(Instant::now());
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }

    /// One try. `since` is when the first one began: what was begun before is waited for before an index is built that
    /// would not be finished.
    async fn attempt(&self, step: &Step, since: &str) -> Result<Tried, Error> {
        let Some(alone) = &step.alone else {
            return self.in_transaction(step).await.map(|()| Tried::Done);
        };
        self.client.batch_execute(AT_LEISURE).await?;
        let found = match alone {
            Alone::Builds(name) | Alone::Drops(name) => self.index(name).await?,
            Alone::Runs => Index::Absent,
        };
        // Whole or gone already: the run before was ended before it noted so.
        let is_done = match alone {
            Alone::Builds(_) => found == Index::Whole,
            Alone::Drops(_) => found == Index::Absent,
            Alone::Runs => false,
        };
        if !is_done {
            let for_whom = waiting::in_the_way(&self.client, step, since).await?;
            if !for_whom.is_empty() {
                return Ok(Tried::Waits(for_whom));
            }
            if let (Alone::Builds(name), Index::Invalid) = (alone, found) {
                self.forget_half(name).await?;
            }
            self.client.batch_execute(&step.sql).await?;
        }
        self.client.execute(NOTE, &[&step.version()]).await?;
        Ok(Tried::Done)
    }

    /// Drops an index that was left half built.
    async fn forget_half(&self, name: &str) -> Result<(), Error> {
        if leaves_out(Variant::NoRetryOfAnIndex) {
            return Ok(());
        }
        tracing::warn!(index = name, "an index was left half built: it is built again");
        let drop = format!("DROP INDEX CONCURRENTLY {name}");
        self.client.batch_execute(&drop).await
    }

    async fn in_transaction(&self, step: &Step) -> Result<(), Error> {
        self.client.batch_execute("BEGIN").await?;
        let done = async {
            self.client.batch_execute(BRIEFLY).await?;
            self.client.batch_execute(&step.sql).await?;
            self.client.execute(NOTE, &[&step.version()]).await?;
            self.client.batch_execute("COMMIT").await
        };
        let done = done.await;
        if done.is_err() {
            // The step's own error is the one to tell; a connection that is gone has rolled back.
            let _ = self.client.batch_execute("ROLLBACK").await;
        }
        done
    }

    /// How the index of this name stands.
    pub(super) async fn index(&self, name: &str) -> Result<Index, Error> {
        let row = self.client.query_opt(INDEX, &[&name]).await?;
        match row.map(|row| row.try_get(0)).transpose()? {
            None => Ok(Index::Absent),
            Some(false) => Ok(Index::Invalid),
            Some(true) => Ok(Index::Whole),
        }
    }
}

/// Whether others were in the way, who may be gone in a moment.
fn gives_way(error: &Error) -> bool {
    let passing = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| passing.contains(&code))
}

fn failed(step: &Step, error: &Error) -> MigrationError {
    let words = error
        .as_db_error()
        .map_or_else(|| error.to_string(), |told| told.message().to_owned());
    MigrationError::Failed(format!("{}: {words}", step.name))
}
