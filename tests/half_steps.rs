//! Half a step of the schema never stands in the way: on PostgreSQL, with steps that are kept with the tests.

use crate::harness::Database;
use makegood::db::MigrationError;
use makegood::db::migrate::{Step, on_postgres, plan_on_postgres};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_postgres::{Client, NoTls};

/// Longer than anything here takes, also on a busy machine.
const PATIENT: Duration = Duration::from_secs(120);
/// Rows, of which each costs the index a twentieth of a second.
const PEOPLE: i64 = 60;

struct Schema {
    database: Database,
    steps: Vec<Step>,
}

impl Schema {
    /// A database with the first of the steps and people in it; none where the tests run on SQLite, whose steps are all
    /// or nothing.
    async fn with_people() -> Option<Self> {
        leave_out();
        let database = Database::empty_on_postgres().await?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/migrations/steps");
        let steps = Step::in_folder(&folder).unwrap();
        let schema = Self { database, steps };
        assert_eq!(schema.migrates(1, PATIENT).await.unwrap().unwrap(), 1);
        let people = format!("INSERT INTO people SELECT n, 'name ' || n FROM generate_series(1, {PEOPLE}) n");
        schema.says(&people).await;
        Some(schema)
    }

    /// Runs so many of the steps as a node does.
    fn migrates(&self, steps: usize, patience: Duration) -> JoinHandle<Result<usize, MigrationError>> {
        let (url, steps) = (self.database.url(), self.steps[..steps].to_vec());
        spawn_blocking(move || on_postgres(&url, &steps, patience))
    }

    async fn half_done(&self) -> Vec<String> {
        let (url, steps) = (self.database.url(), self.steps.clone());
        let planned = spawn_blocking(move || plan_on_postgres(&url, &steps));
        let planned = planned.await.unwrap().unwrap();
        planned.into_iter().filter_map(|step| step.half_done).collect()
    }

    async fn somebody(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.database.url(), NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
    }

    async fn says(&self, statements: &str) {
        self.somebody().await.batch_execute(statements).await.unwrap();
    }

    /// Without its sleep, for tests that do not need it.
    async fn quick(&self) {
        self.says(
            "CREATE OR REPLACE FUNCTION slowly(name TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$ SELECT name $$",
        )
        .await;
    }

    /// Whether the index is there, and whether it is whole.
    async fn index(&self) -> Option<bool> {
        let found = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('people_by_name')";
        let row = self.somebody().await.query_opt(found, &[]).await.unwrap();
        row.map(|row| row.get(0))
    }
}

/// Tests of a build with broken variants leave the guard out that the environment names, and have to fail.
fn leave_out() {
    #[cfg(feature = "broken-variants")]
    #[allow(clippy::disallowed_methods)] // no setting of the program
    if let Ok(name) = std::env::var("MAKEGOOD_BROKEN") {
        makegood::broken::choose(&name).unwrap();
    }
}

#[tokio::test]
async fn an_index_whose_build_was_ended_in_the_middle_is_built_again() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    let migrates = schema.migrates(2, PATIENT);
    let begun = Instant::now();
    while schema.index().await.is_none() {
        assert!(begun.elapsed() < PATIENT, "no index is built");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    schema
        .says(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'makegood migrate'",
        )
        .await;
    assert!(migrates.await.unwrap().is_err());
    assert_eq!(schema.index().await, Some(false), "it was left half built");
    let told = schema.half_done().await;
    assert!(
        told.len() == 1 && told[0].contains("people_by_name") && told[0].contains("built again"),
        "{told:?}"
    );
    schema.quick().await;
    assert_eq!(schema.migrates(2, PATIENT).await.unwrap().unwrap(), 1);
    assert_eq!(schema.index().await, Some(true));
}

#[tokio::test]
async fn an_index_that_an_older_program_left_half_built_is_mended() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    schema.quick().await;
    schema
        .says("INSERT INTO people VALUES (-1, 'the same'), (-2, 'the same')")
        .await;
    let broken = "CREATE UNIQUE INDEX CONCURRENTLY people_by_name ON people (slowly(name))";
    schema.somebody().await.batch_execute(broken).await.unwrap_err();
    assert_eq!(schema.index().await, Some(false));
    assert_eq!(schema.migrates(3, PATIENT).await.unwrap().unwrap(), 2);
    assert_eq!(schema.index().await, Some(true));
}

#[tokio::test]
async fn what_was_done_and_not_noted_is_taken_as_done() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    schema.quick().await;
    schema
        .says("CREATE INDEX people_by_name ON people (slowly(name))")
        .await;
    let told = schema.half_done().await;
    assert!(
        told.len() == 1 && told[0].contains("is there already"),
        "{told:?}"
    );
    assert_eq!(schema.migrates(3, PATIENT).await.unwrap().unwrap(), 2);
    schema.says("DROP INDEX people_by_name").await;
    assert_eq!(schema.migrates(4, PATIENT).await.unwrap().unwrap(), 1);
    assert_eq!(schema.half_done().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_reader_who_is_idle_for_a_while_is_waited_for_and_nobody_waits_behind_the_step() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    schema.quick().await;
    let reader = schema.somebody().await;
    reader.batch_execute("BEGIN; SELECT * FROM people").await.unwrap();
    let migrates = schema.migrates(4, PATIENT);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        let read = schema.says("SELECT count(*) FROM people");
        let read = tokio::time::timeout(Duration::from_secs(30), read).await;
        assert!(read.is_ok(), "a reader waits behind the step that waits");
    }
    assert!(!migrates.is_finished());
    reader.batch_execute("COMMIT").await.unwrap();
    assert_eq!(migrates.await.unwrap().unwrap(), 3);
}

#[tokio::test]
async fn a_running_dump_is_waited_for_and_named() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    schema.quick().await;
    let dump = schema.somebody().await;
    let begin =
        "SET application_name = 'pg_dump'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM pg_class";
    dump.batch_execute(begin).await.unwrap();
    let told = schema
        .migrates(2, Duration::from_secs(2))
        .await
        .unwrap()
        .unwrap_err();
    let told = told.to_string();
    for words in ["people_by_name", "pg_dump", "idle in transaction", "--wait"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let migrates = schema.migrates(2, PATIENT);
    tokio::time::sleep(Duration::from_secs(2)).await;
    dump.batch_execute("COMMIT").await.unwrap();
    assert_eq!(migrates.await.unwrap().unwrap(), 1);
    assert_eq!(schema.index().await, Some(true));
}

#[tokio::test]
async fn two_nodes_that_migrate_at_once_take_turns() {
    let Some(schema) = Schema::with_people().await else {
        return;
    };
    let (one, other) = (schema.migrates(4, PATIENT), schema.migrates(4, PATIENT));
    let done = one.await.unwrap().unwrap() + other.await.unwrap().unwrap();
    assert_eq!(done, 3);
}
