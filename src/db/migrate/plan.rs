//! What a migration would do, without doing it.

use super::MigrationError;
use super::runner::{Index, Runner, no_answer};
use super::statement::{Lock, locks};
use super::step::{Alone, Step};
use crate::db::postgres::RUNTIME;
use serde::Serialize;
use std::time::Duration;

/// A step that the database does not have yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// The version under which it will be noted.
    pub version: String,
    /// The step's name.
    pub name: String,
    /// Whether it is one transaction.
    pub in_transaction: bool,
    /// What it locks while people work.
    pub locks: Vec<Lock>,
    /// What an earlier run left behind that was ended in the middle of it, and what becomes of that.
    pub half_done: Option<String>,
}

/// What is pending of these steps.
pub(super) fn plan(url: &str, steps: &[Step]) -> Result<Vec<Planned>, MigrationError> {
    RUNTIME.handle().block_on(async {
        let runner = Runner::connect(url, Duration::ZERO).await?;
        let mut planned = Vec::new();
        for step in runner.pending(steps).await? {
            planned.push(Planned {
                version: step.version(),
                name: step.name.clone(),
                in_transaction: step.alone.is_none(),
                locks: locks(&step.sql),
                half_done: half_done(&runner, step).await?,
            });
        }
        Ok(planned)
    })
}

async fn half_done(runner: &Runner, step: &Step) -> Result<Option<String>, MigrationError> {
    let index = match &step.alone {
        Some(Alone::Builds(index)) => index,
        _ => return Ok(None),
    };
    Ok(match runner.index(index).await.map_err(no_answer)? {
        Index::Absent => None,
        Index::Invalid => Some(format!(
            "the index {index} was left half built; it will be built again"
        )),
        Index::Whole => Some(format!("the index {index} is there already; it will be noted so")),
    })
}
