//! Runs the steps on PostgreSQL, beside people who work: a lock that others hold is given up at once and asked for again,
//! and what an earlier run left half done is mended.

use super::step::{Alone, Step};
use super::{ADDS, ADVISORY_LOCK, MigrationError, told, waiting};
use crate::broken::{Variant, leaves_out};
use crate::db::patience::Limits;
use crate::db::postgres::{self, Address, Pulse, RUNTIME, Session, Unanswered, within};
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

/// An index of a large table takes its time: while the server says on another connection that it is at work on it, it is
/// waited for; a server that has fallen silent is given up soon.
const LIMITS: Limits = Limits {
    quiet: Duration::from_secs(2),
    pulse: Duration::from_secs(5),
    statement: Duration::from_secs(24 * 60 * 60),
    lock: Duration::from_secs(30),
};

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
        let done = runner.all(steps).await?; // without an end to the turn: it ends with the session
        let unlock = format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})");
        runner
            .answered(runner.client.batch_execute(&unlock))
            .await
            .map_err(no_answer)?;
        Ok(done)
    })
}

/// A connection on which steps are run, and for how long they may wait.
pub(super) struct Runner {
    client: Client,
    pulse: Pulse,
    patience: Duration,
    until: Instant,
}

impl Runner {
    pub(super) async fn connect(url: &str, patience: Duration) -> Result<Self, MigrationError> {
        let address = Address::read(url).map_err(told)?;
        let (client, wire) = address.dial().await.map_err(told)?;
        RUNTIME.spawn(wire);
        let pid = Session::begin(&client).await.map_err(told)?.pid;
        let runner = Self {
            client,
            pulse: Pulse { address, pid },
            patience,
            until: Instant::now() + patience,
        };
        runner
            .answered(runner.client.batch_execute(NAME))
            .await
            .map_err(no_answer)?;
        Ok(runner)
    }

    /// Waits for an answer as long as the server is at work on it.
    async fn answered<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Unanswered> {
        within(&self.pulse, &LIMITS, answer).await
    }

    /// Whether versions are noted here already: else the database is new.
    async fn is_begun(&self) -> Result<bool, MigrationError> {
        let found = self.answered(self.client.query_one(TABLE, &[])).await;
        let found = found.map_err(no_answer)?;
        found.try_get(0).map_err(told)
    }

    /// The versions that the database has; none where it is new.
    async fn noted(&self) -> Result<Vec<String>, MigrationError> {
        if !self.is_begun().await? {
            return Ok(Vec::new());
        }
        let rows = self.answered(self.client.query(NOTED, &[])).await;
        let rows = rows.map_err(no_answer)?;
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
            let row = self.answered(self.client.query_one(&ask, &[])).await;
            let row = row.map_err(no_answer)?;
            if row.try_get(0).map_err(told)? {
                return Ok(());
            }
            let for_whom = self.answered(waiting::at_work(&self.client, ADVISORY_LOCK)).await;
            let for_whom = for_whom.map_err(no_answer)?;
            self.wait("another makegood that migrates", for_whom, &mut spoken)
                .await?;
        }
    }

    async fn all(&self, steps: &[Step]) -> Result<usize, MigrationError> {
        if !self.is_begun().await? {
            let create = diesel::migration::CREATE_MIGRATIONS_TABLE;
            self.answered(self.client.batch_execute(create))
                .await
                .map_err(no_answer)?;
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
        let since = self
            .answered(waiting::now(&self.client))
            .await
            .map_err(no_answer)?;
        loop {
            let for_whom = match self.attempt(step, &since).await {
                Ok(Tried::Done) => return Ok(()),
                Ok(Tried::Waits(for_whom)) => for_whom,
                Err(error) if gives_way(&error) => {
                    let now = self
                        .answered(waiting::now(&self.client))
                        .await
                        .map_err(no_answer)?;
                    let asked = waiting::in_the_way(&self.client, step, &now);
                    self.answered(asked).await.map_err(no_answer)?
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
    async fn attempt(&self, step: &Step, since: &str) -> Result<Tried, Unanswered> {
        let Some(alone) = &step.alone else {
            return self.in_transaction(step).await.map(|()| Tried::Done);
        };
        self.answered(self.client.batch_execute(AT_LEISURE)).await?;
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
            let asked = waiting::in_the_way(&self.client, step, since);
            let for_whom = self.answered(asked).await?;
            if !for_whom.is_empty() {
                return Ok(Tried::Waits(for_whom));
            }
            if let (Alone::Builds(name), Index::Invalid) = (alone, found) {
                self.forget_half(name).await?;
            }
            self.answered(self.client.batch_execute(&step.sql)).await?;
        }
        self.note(step).await?;
        Ok(Tried::Done)
    }

    /// Drops an index that was left half built.
    async fn forget_half(&self, name: &str) -> Result<(), Unanswered> {
        if leaves_out(Variant::NoRetryOfAnIndex) {
            return Ok(());
        }
        tracing::warn!(index = name, "an index was left half built: it is built again");
        let drop = format!("DROP INDEX CONCURRENTLY {name}");
        self.answered(self.client.batch_execute(&drop)).await
    }

    /// Notes that the database has a step.
    async fn note(&self, step: &Step) -> Result<u64, Unanswered> {
        let version = step.version();
        self.answered(self.client.execute(NOTE, &[&version])).await
    }

    async fn in_transaction(&self, step: &Step) -> Result<(), Unanswered> {
        self.answered(self.client.batch_execute("BEGIN")).await?;
        let done = async {
            self.answered(self.client.batch_execute(BRIEFLY)).await?;
            self.answered(self.client.batch_execute(&step.sql)).await?;
            self.note(step).await?;
            self.answered(self.client.batch_execute("COMMIT")).await
        };
        let done = done.await;
        if matches!(done, Err(Unanswered::Told(_))) {
            // The step's own error is the one to tell; a connection that is gone has rolled back.
            let _ = self.answered(self.client.batch_execute("ROLLBACK")).await;
        }
        done
    }

    /// How the index of this name stands.
    pub(super) async fn index(&self, name: &str) -> Result<Index, Unanswered> {
        let row = self.answered(self.client.query_opt(INDEX, &[&name])).await?;
        match row
            .map(|row| row.try_get(0))
            .transpose()
            .map_err(Unanswered::Told)?
        {
            None => Ok(Index::Absent),
            Some(false) => Ok(Index::Invalid),
            Some(true) => Ok(Index::Whole),
        }
    }
}

/// Whether others were in the way, who may be gone in a moment.
fn gives_way(error: &Unanswered) -> bool {
    let Unanswered::Told(error) = error else {
        return false;
    };
    let passing = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| passing.contains(&code))
}

fn failed(step: &Step, error: &Unanswered) -> MigrationError {
    MigrationError::Failed(format!("{}: {}", step.name, postgres::told(error)))
}

/// Why there is no answer to a question that belongs to no step.
pub(super) fn no_answer(why: Unanswered) -> MigrationError {
    told(postgres::told(&why))
}
