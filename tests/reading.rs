//! Commands that only read leave nothing behind, also where nothing is yet.

use crate::harness::{App, program, run};
use std::path::Path;

/// Every command that only reads, and how it ends where there is nothing to read.
const READING: [(&[&str], i32); 11] = [
    (&["--listen", "127.0.0.1:0", "doctor"], 1),
    (&["migrate", "--plan"], 0),
    (&["mail", "classify", "/dev/null"], 0),
    (&["mail", "release"], 1),
    (&["user", "list"], 1),
    (&["token", "list"], 1),
    (&["export", "cases", "--outage", "april"], 1),
    (&["campaign", "status", "--outage", "april"], 1),
    (
        &[
            "campaign",
            "send",
            "--outage",
            "april",
            "--template",
            "apology",
            "--dry-run",
        ],
        1,
    ),
    (&["split", "--outage", "april", "--by", "even", "--dry-run"], 1),
    (
        &[
            "simulate",
            "--citizens",
            "20",
            "--callers",
            "2",
            "--policy",
            "makegood",
            "--seed",
            "1",
        ],
        0,
    ),
];

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_command_that_only_reads_makes_nothing_where_it_stands() {
    for (line, code) in READING {
        let folder = tempfile::tempdir().unwrap();
        let ran = run(program().current_dir(folder.path()).args(line), "").ends_with(code);
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{line:?}");
        if code != 0 {
            let told = [ran.stdout, ran.stderr].concat();
            assert!(told.contains("makegood migrate"), "{line:?}: {told}");
        }
    }
}

#[tokio::test]
async fn a_command_that_only_reads_needs_no_secret_key() {
    let app = App::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = app.program();
    command
        .env_remove("MAKEGOOD_SECRET_KEY")
        .env("MAKEGOOD_DATA_DIR", folder.path())
        .env("MAKEGOOD_DATABASE_URL", app.database_url());
    run(command.args(["user", "list"]), "").ends_with(0);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}
