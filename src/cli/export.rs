//! `makegood export`

use super::{Answer, Problem, Result};
use crate::outreach::Office;
use crate::outreach::export::{Format, What};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Export {
    /// cases, attempts, messages, remedies or letters
    what: What,
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// csv, xlsx or ndjson
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Write here instead of to standard output
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Export {
    pub fn run(self, office: &Office) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let Some(path) = &self.out else {
            let mut out = BufWriter::new(std::io::stdout());
            office.export(outage.id, self.what, self.format, &mut out)?;
            return Ok(Answer::silence());
        };
        let mut out = created(path)?;
        let rows = office.export(outage.id, self.what, self.format, &mut out)?;
        out.flush().map_err(Problem::io(path.display().to_string()))?;
        let text = format!("Wrote {rows} rows to {}.", path.display());
        Ok(Answer::new(text, json!({"rows": rows, "out": path})))
    }
}

/// An export names people: only this account may read it.
fn created(path: &Path) -> Result<BufWriter<std::fs::File>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    file.map(BufWriter::new)
        .map_err(Problem::io(path.display().to_string()))
}
