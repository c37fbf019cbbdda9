//! `makegood migrate`

use super::{Answer, Problem, Result};
use crate::config::Config;
use crate::db::{Db, Planned};
use crate::outreach::Office;
use serde_json::json;
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct Migrate {
    /// Say what would be done, what it locks and what was left half done, and do nothing
    #[arg(long)]
    plan: bool,
    /// How long to wait where others are in the way, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    wait: u64,
}

impl Migrate {
    pub fn run(self, config: &Config) -> Result<Answer> {
        if self.plan {
            return planned(config);
        }
        config
            .make_data_dir()
            .map_err(Problem::io("the data directory"))?;
        let applied = Db::open(&config.database)?.migrate_within(Duration::from_secs(self.wait))?;
        Office::open(config.clone())?;
        let text = match applied {
            0 => "The schema is up to date.".to_owned(),
            1 => "Applied 1 migration.".to_owned(),
            many => format!("Applied {many} migrations."),
        };
        Ok(Answer::new(text, json!({"applied": applied})))
    }
}

fn planned(config: &Config) -> Result<Answer> {
    let is_new = config.database.file().is_some_and(|file| !file.exists());
    let steps = if is_new {
        Db::plan_of_a_new_file()?
    } else {
        Db::open(&config.database)?.plan()?
    };
    let mut lines: Vec<String> = steps.iter().map(told).collect();
    lines.push(match (steps.len(), is_new) {
        (0, _) => "Nothing is pending: the schema is up to date.".to_owned(),
        (count, true) => format!("There is no database yet: {count} steps would make it. Nothing was done."),
        (count, false) => format!("{count} steps are pending. Nothing was done."),
    });
    Ok(Answer::new(
        lines.join("\n"),
        json!({"pending": steps, "new": is_new}),
    ))
}

fn told(step: &Planned) -> String {
    let how = if step.in_transaction {
        "one transaction"
    } else {
        "in no transaction"
    };
    let mut lines = vec![format!("{} ({how})", step.name)];
    let locks = step.locks.iter();
    lines.extend(locks.map(|lock| format!("  locks {}: {}; who waits: {}", lock.on, lock.lock, lock.waits)));
    lines.extend(step.half_done.iter().map(|half| format!("  {half}")));
    lines.join("\n")
}
