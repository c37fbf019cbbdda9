//! One step of the schema on PostgreSQL: a script, and whether it is one transaction.

use super::statement::{self, Statement};
use std::io;
use std::path::Path;

/// The steps that this program was built with.
#[derive(rust_embed::Embed)]
#[folder = "migrations/postgres"]
struct Scripts;

/// A script that brings the schema one step further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The folder's name: a stamp, and what it is about.
    pub name: String,
    /// The statements.
    pub sql: String,
    /// What it does outside of any transaction, where it may be left half done; as a rule a step is one transaction.
    pub alone: Option<Alone>,
}

/// What is done outside of any transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alone {
    /// Builds the index of this name.
    Builds(String),
    /// Drops it.
    Drops(String),
    /// Anything else; it must not matter whether it is done twice.
    Runs,
}

impl Step {
    /// The steps that this program was built with, in their order.
    pub fn own() -> Vec<Self> {
        let text =
            |path: String| Scripts::get(&path).map(|file| String::from_utf8_lossy(&file.data).into_owned());
        let folders: Vec<String> = Scripts::iter()
            .filter_map(|path| path.strip_suffix("/up.sql").map(str::to_owned))
            .collect();
        let steps = folders.into_iter().filter_map(|name| {
            let sql = text(format!("{name}/up.sql"))?;
            let metadata = text(format!("{name}/metadata.toml")).unwrap_or_default();
            Some(Self::read(name, sql, &metadata))
        });
        in_order(steps.collect())
    }

    /// The steps in a folder, in their order.
    ///
    /// # Errors
    /// The folder, or a step's `up.sql` in it, cannot be read.
    pub fn in_folder(folder: &Path) -> io::Result<Vec<Self>> {
        let mut steps = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let sql = std::fs::read_to_string(entry.path().join("up.sql"))?;
            let metadata = std::fs::read_to_string(entry.path().join("metadata.toml")).unwrap_or_default();
            let name = entry.file_name().to_string_lossy().into_owned();
            steps.push(Self::read(name, sql, &metadata));
        }
        Ok(in_order(steps))
    }

    fn read(name: String, sql: String, metadata: &str) -> Self {
        let metadata: toml::Table = metadata.parse().unwrap_or_default();
        let in_transaction = metadata.get("run_in_transaction");
        let alone = in_transaction.and_then(toml::Value::as_bool) == Some(false);
        let does = |sql: &str| match statement::all(sql).as_slice() {
            [only] => Statement::of(only).alone(),
            _ => Alone::Runs,
        };
        let alone = alone.then(|| does(&sql));
        Self { name, sql, alone }
    }

    /// The version under which it is noted in the database: the digits of the stamp.
    pub fn version(&self) -> String {
        let stamp = self.name.split('_').next().unwrap_or_default();
        stamp.replace('-', "")
    }
}

fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(Step::version);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_steps_are_read_in_their_order_with_what_they_do_alone() {
        let steps = Step::own();
        assert_eq!(steps[0].version(), "20261122000000");
        let of = |name: &str| steps.iter().find(|step| step.name.ends_with(name)).unwrap();
        assert_eq!(
            of("_waking").alone,
            Some(Alone::Builds("households_waking".to_owned()))
        );
        assert_eq!(
            of("_not_by_due").alone,
            Some(Alone::Drops("messages_by_due".to_owned()))
        );
        assert_eq!(of("_one_evening").alone, None);
        assert!(steps.iter().all(|step| step.alone != Some(Alone::Runs)));
    }
}
