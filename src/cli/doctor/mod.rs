//! `makegood doctor`: every setting with its source, and whether everything is there to work with. It makes nothing and
//! changes nothing, and whatever would keep `serve` from starting is a problem here.

mod database;
mod finding;
mod folder;
mod listen;
mod mail;
mod settings;

use super::{Answer, Result};
use crate::config::{Config, Origin};
use finding::{Finding, Severity};
use serde_json::json;

pub(super) fn run(config: &Config) -> Result<Answer> {
    let groups = [
        settings::checks(config),
        folder::checks(config),
        database::checks(config),
        mail::checks(config),
        listen::checks(config),
    ];
    let findings: Vec<Finding> = groups.into_iter().flatten().collect();
    let done = findings
        .iter()
        .all(|finding| finding.severity != Severity::Problem);
    let mut lines = vec!["Settings".to_owned()];
    lines.extend(config.origins.iter().map(told));
    lines.push("Checks".to_owned());
    lines.extend(findings.iter().map(ToString::to_string));
    let checks: Vec<_> = findings.iter().map(Finding::json).collect();
    Ok(Answer {
        text: lines.join("\n"),
        json: json!({"settings": config.origins, "checks": checks, "ok": done}),
        done,
    })
}

fn told(origin: &Origin) -> String {
    let file = origin.file.as_ref();
    let file = file.map_or_else(String::new, |file| format!(", read from {}", file.display()));
    format!(
        "  {:<26} {}  ({}{file})",
        origin.setting, origin.value, origin.from
    )
}
