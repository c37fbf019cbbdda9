//! `makegood migrate`

use super::{Answer, Result};
use crate::config::Config;
use crate::db::Db;
use crate::outreach::Office;
use serde_json::json;

pub(super) fn run(config: &Config) -> Result<Answer> {
    config
        .make_data_dir()
        .map_err(super::Problem::io("the data directory"))?;
    let applied = Db::open(&config.database)?.migrate()?;
    Office::open(config.clone())?;
    let text = match applied {
        0 => "The schema is up to date.".to_owned(),
        1 => "Applied 1 migration.".to_owned(),
        many => format!("Applied {many} migrations."),
    };
    Ok(Answer::new(text, json!({"applied": applied})))
}
