//! The first command of README: an evening to look at, with nothing to set up.

use crate::harness::program;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// The demo, killed if a test fails before it has told it to stop.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[tokio::test]
async fn the_demo_lives_through_its_evening_and_takes_its_folder_away() {
    let folder = tempfile::tempdir().unwrap();
    let started = program()
        .args(["demo", "--citizens", "60", "--listen", "127.0.0.1:0"])
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut demo = Running(started);
    let lines = BufReader::new(demo.0.stdout.take().unwrap()).lines();
    let mut told: Vec<String> = Vec::new();
    for line in lines {
        told.push(line.unwrap());
        if told.last().unwrap().starts_with("listening on ") {
            break;
        }
    }
    let address = told.last().unwrap().strip_prefix("listening on ");
    let address = address.unwrap_or_else(|| panic!("it ended before it was ready: {told:?}"));
    let accounts = told.iter().filter(|line| line.contains("@agency.example"));
    assert_eq!(accounts.count(), 10, "{told:?}");
    let page = reqwest::get(format!("{address}/sign-in")).await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let asked = std::process::Command::new("kill")
        .args(["-TERM", &demo.0.id().to_string()])
        .status();
    assert!(asked.unwrap().success());
    assert!(demo.0.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
