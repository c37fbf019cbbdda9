//! For whom a step of the schema waits.

use super::statement::locks;
use super::step::{Alone, Step};
use std::fmt::Write;
use tokio_postgres::{Client, Error, Row};

/// Sessions whose transactions began before `$3`: those that hold a lock on one of the tables `$2`, or, for a step outside
/// of any transaction (`$1`), that see the database as it was. Who may not look at the sessions of others sees none.
const IN_THE_WAY: &str = "SELECT a.pid, COALESCE(a.application_name, ''), COALESCE(a.state, 'working'), \
    CAST(EXTRACT(EPOCH FROM clock_timestamp() - a.xact_start) AS BIGINT) \
    FROM pg_stat_activity a \
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend' \
    AND a.xact_start < CAST(CAST($3 AS TEXT) AS TIMESTAMPTZ) \
    AND CASE WHEN $1 THEN a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL \
    ELSE EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.granted \
    AND l.relation IN (SELECT to_regclass(name) FROM unnest(CAST($2 AS TEXT[])) AS named (name))) END \
    ORDER BY a.xact_start LIMIT 3";

/// Those that have the turn to migrate.
const AT_WORK: &str = "SELECT a.pid, COALESCE(a.application_name, ''), COALESCE(a.state, 'working'), \
    CAST(EXTRACT(EPOCH FROM clock_timestamp() - a.backend_start) AS BIGINT) \
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
    WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND (CAST(l.classid AS BIGINT) << 32 | CAST(l.objid AS BIGINT)) = $1";

/// The time by the database's clock, as text.
pub(super) async fn now(client: &Client) -> Result<String, Error> {
    let row = client
        .query_one("SELECT CAST(clock_timestamp() AS TEXT)", &[])
        .await?;
    row.try_get(0)
}

/// Who is in the way of this step since before `since`, in words; empty if nobody that can be seen is.
pub(super) async fn in_the_way(client: &Client, step: &Step, since: &str) -> Result<String, Error> {
    let tables: Vec<String> = locks(&step.sql).into_iter().map(|lock| lock.on).collect();
    let sees = matches!(step.alone, Some(Alone::Builds(_) | Alone::Drops(_)));
    let rows = client.query(IN_THE_WAY, &[&sees, &tables, &since]).await?;
    sessions(&rows)
}

/// Who has the turn to migrate, in words.
pub(super) async fn at_work(client: &Client, lock: i64) -> Result<String, Error> {
    sessions(&client.query(AT_WORK, &[&lock]).await?)
}

fn sessions(rows: &[Row]) -> Result<String, Error> {
    let mut told = String::new();
    for row in rows {
        let (pid, application, state): (i32, &str, &str) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let seconds: i64 = row.try_get(3)?;
        let name = if application.is_empty() {
            "without a name"
        } else {
            application
        };
        let between = if told.is_empty() { "" } else { "; " };
        // Writing to a text cannot fail.
        let _ = write!(told, "{between}session {pid} ({name}, {state}, for {seconds} s)");
    }
    Ok(told)
}
