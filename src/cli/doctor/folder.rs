//! The data folder: whether it can be written, who else can read it, and how much room there is.

use super::finding::Finding;
use crate::config::Config;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Rights of this account's group and of everybody else.
const OTHERS: u32 = 0o077;
/// Free room, in bytes: below this nothing goes on for long, and below that an evening may fill it.
const NONE_LEFT: u64 = 64 << 20;
const LITTLE: u64 = 1 << 30;
/// SQLite's log is brought into its file as a rule before it is so large, in bytes.
const LONG_LOG: u64 = 256 << 20;

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    let dir = &config.data_dir;
    let mut found = vec![Finding::of("data directory", writable(dir))];
    if dir.is_dir() {
        found.push(rights(config));
        found.extend(log(config));
    }
    found.extend(room(dir));
    found
}

fn writable(dir: &Path) -> Result<String, String> {
    let shown = dir.display();
    if !dir.exists() {
        return Ok(format!("{shown} would be made at the first start"));
    }
    // Asks for the right to write there without writing.
    rustix::fs::access(dir, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
        .map(|()| format!("{shown} can be written"))
        .map_err(|error| {
            format!("{shown} cannot be written: {error}; it must belong to the account that runs makegood")
        })
}

/// What of the data other accounts of this machine can read.
fn rights(config: &Config) -> Finding {
    let dir = &config.data_dir;
    let mut places = vec![
        dir.clone(),
        dir.join("secret.key"),
        config.uploads_dir(),
        config.mail_dir(),
    ];
    if let Some(file) = config.database.file() {
        places.extend(["", "-wal", "-shm"].map(|end| with_end(file, end)));
    }
    let files = config.origins.iter().filter_map(|origin| origin.file.clone());
    let loose: Vec<String> = places
        .into_iter()
        .chain(files)
        .filter_map(|path| loose(&path))
        .collect();
    match loose.is_empty() {
        true => Finding::ok("rights", "only this account can read the data"),
        false => {
            let told = format!(
                "other accounts of this machine are let in: {}; take their rights away with `chmod go= FILE`",
                loose.join(", ")
            );
            Finding::warning("rights", told)
        }
    }
}

fn loose(path: &Path) -> Option<String> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & OTHERS != 0).then(|| format!("{} ({mode:04o})", path.display()))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn room(dir: &Path) -> Option<Finding> {
    let there = dir.ancestors().find(|path| path.exists());
    let there = there.unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(there).ok()?;
    Some(room_of(found.f_bavail.saturating_mul(found.f_frsize)))
}

/// What so many free bytes mean.
fn room_of(free: u64) -> Finding {
    let told = format!("{} MiB are free where the data are", free >> 20);
    let more =
        "make room: SQLite's log alone may take 200 MiB on a busy evening, an upload as much as its file";
    match free {
        free if free < NONE_LEFT => Finding::problem("room", format!("{told}; {more}")),
        free if free < LITTLE => Finding::warning("room", format!("{told}; {more}")),
        _ => Finding::ok("room", told),
    }
}

/// How long SQLite's log is.
fn log(config: &Config) -> Option<Finding> {
    let path = with_end(config.database.file()?, "-wal");
    Some(log_of(&path, std::fs::metadata(&path).ok()?.len()))
}

/// What a log of so many bytes means.
fn log_of(path: &Path, bytes: u64) -> Finding {
    let told = format!("{} MiB in {}", bytes >> 20, path.display());
    match bytes > LONG_LOG {
        true => Finding::warning(
            "log",
            format!("{told}: something reads for very long, so that it is not brought into the file; end it"),
        ),
        false => Finding::ok("log", told),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn a_full_disk_and_a_long_log_are_told_with_what_to_do() {
        let of = |finding: &Finding| (finding.severity, finding.to_string());
        assert_eq!(of(&room_of(LITTLE)).0, Severity::Ok);
        let (severity, told) = of(&room_of(LITTLE - 1));
        assert_eq!(severity, Severity::Warning);
        assert!(
            told.contains("MiB are free") && told.contains("make room"),
            "{told}"
        );
        assert_eq!(of(&room_of(NONE_LEFT - 1)).0, Severity::Problem);
        assert_eq!(of(&room_of(0)).0, Severity::Problem);
        let path = Path::new("makegood.db-wal");
        assert_eq!(of(&log_of(path, LONG_LOG)).0, Severity::Ok);
        let (severity, told) = of(&log_of(path, LONG_LOG + 1));
        assert_eq!(severity, Severity::Warning);
        assert!(
            told.contains("makegood.db-wal") && told.contains("end it"),
            "{told}"
        );
    }

    #[test]
    fn a_file_that_others_can_read_is_named_with_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        assert_eq!(loose(&path), None);
        std::fs::write(&path, "x").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(loose(&path).unwrap().ends_with("secret.key (0644)"));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(loose(&path), None);
    }
}
