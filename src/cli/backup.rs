//! `makegood backup FILE` and `makegood restore FILE`

use super::{Answer, Result};
use crate::config::Config;
use crate::outreach::Office;
use crate::outreach::backup::{Contents, restore};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Named {
    /// The backup
    file: PathBuf,
}

impl Named {
    pub fn back_up(&self, office: &Office) -> Result<Answer> {
        let contents = office.back_up(&self.file)?;
        let text = format!(
            "Wrote {}: {}.\nIt holds the database. Keep the file secret.key of the data folder (or MAKEGOOD_SECRET_KEY) in another \
             place: without it the links in e-mails end. Keep both encrypted when they leave this machine.",
            self.file.display(),
            told(&contents)
        );
        Ok(Answer::new(
            text,
            json!({"file": self.file, "contents": contents}),
        ))
    }

    pub fn restore(&self, config: &Config) -> Result<Answer> {
        let restored = restore(config, &self.file)?;
        let mut lines = vec![format!(
            "Restored {}: {}.",
            self.file.display(),
            told(&restored.contents)
        )];
        if let Some(kept) = &restored.kept {
            lines.push(format!(
                "The database that was here before is kept as {}.",
                kept.display()
            ));
        }
        lines.push(
            "No e-mail leaves until it is released: `makegood mail release` says what waits.".to_owned(),
        );
        Ok(Answer::new(lines.join("\n"), json!(restored)))
    }
}

fn told(contents: &Contents) -> String {
    format!(
        "{} outages, {} citizens, {} attempts, {} e-mails, of which {} wait to be sent",
        contents.outages, contents.cases, contents.attempts, contents.messages, contents.messages_waiting
    )
}
