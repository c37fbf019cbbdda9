//! What the program keeps is for its own account only, in whatever folder it lies.

use crate::harness::{App, program, run};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const CREATE: [&str; 12] = [
    "outage",
    "create",
    "--slug",
    "april",
    "--name",
    "April",
    "--start",
    "2026-04-14T18:00",
    "--end",
    "2026-04-14T20:00",
    "--tz",
    "America/Denver",
];

/// What others may do with each file and folder below this one, where they may do anything.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = path.metadata().unwrap();
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            open.push(format!("{} {mode:o}", path.display()));
        }
        if found.is_dir() {
            open.extend(open_to_others(&path));
        }
    }
    open
}

fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Runs the program on SQLite in a folder, as a shell with the usual umask does.
fn runs(folder: &Path, arguments: &[&str]) {
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", "umask 022 && exec \"$0\" \"$@\""])
        .arg(program().get_program())
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("MAKEGOOD_DATA_DIR", folder.join("data"));
    run(&mut shell, "").ends_with(0);
}

#[test]
fn nothing_made_in_a_folder_that_was_open_before_can_be_read_by_others() {
    let folder = open_folder();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/small.csv");
    runs(folder.path(), &CREATE);
    runs(
        folder.path(),
        &["import", "--outage", "april", file, "--rejects", "rejects.csv"],
    );
    runs(
        folder.path(),
        &[
            "export",
            "cases",
            "--outage",
            "april",
            "--format",
            "csv",
            "--out",
            "cases.csv",
        ],
    );
    runs(folder.path(), &["backup", "copy.db"]);
    for name in ["rejects.csv", "cases.csv", "copy.db", "data/makegood.db"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    assert_eq!(open_to_others(folder.path()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_an_older_version_are_closed_at_the_start() {
    let app = App::start().await;
    let key = app.folder().join("secret.key");
    std::fs::write(&key, "an older key for tests and for nothing else").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    app.runs(&CREATE).ends_with(0); // commands that only read change nothing
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
