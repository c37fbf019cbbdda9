//! The program's command line: exit codes, JSON, and a stop that loses nothing.

use crate::harness::{App, program};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

#[tokio::test]
async fn an_account_made_on_the_command_line_signs_in() {
    let app = App::start().await;
    let add = [
        "--json",
        "user",
        "add",
        "--email",
        "Eve@Agency.example",
        "--name",
        "Eve Stone",
    ];
    let made = app
        .runs(&[&add[..], &["--role", "supervisor", "--language", "es"]].concat())
        .ends_with(0)
        .json();
    let password = made["password"].as_str().unwrap();
    let eve = app.stranger();
    eve.tries_to_sign_in("eve@agency.example", password).await.is(303);
    let listed = app.runs(&["--json", "user", "list"]).ends_with(0).json();
    assert_eq!(listed["users"][0]["languages"], serde_json::json!(["es"]));
    app.runs(&["user", "disable", "--email", "eve@agency.example"])
        .ends_with(0);
    eve.tries_to_sign_in("eve@agency.example", password).await.is(401);
}

#[test]
fn all_that_can_be_said_of_a_file_stands_in_the_documentation() {
    let help = crate::harness::run(program().args(["import", "--help"]), "").ends_with(0);
    let (own, _) = help.stdout.split_once("Settings").unwrap();
    let flags = own.split_whitespace().filter(|word| word.starts_with("--"));
    let told = include_str!("../docs/reader.md");
    let untold: Vec<&str> = flags
        .filter(|flag| !["--outage", "--help", "--json"].contains(flag))
        .filter(|flag| !told.contains(&format!("`{flag} ")) && !told.contains(&format!("`{flag}`")))
        .collect();
    assert!(untold.is_empty(), "{untold:?}");
}

#[tokio::test]
async fn a_password_on_standard_input_is_not_printed() {
    let app = App::start().await;
    let add = [
        "user",
        "add",
        "--email",
        "a@b.example",
        "--name",
        "Ana",
        "--role",
        "caller",
        "--password-stdin",
    ];
    let ran = app.runs_with_input(&add, "copper lake window\n").ends_with(0);
    assert!(!ran.stdout.contains("copper"));
    app.stranger()
        .tries_to_sign_in("a@b.example", "copper lake window")
        .await
        .is(303);
    let reset = ["--json", "user", "reset-password", "--email", "a@b.example"];
    let password = app.runs(&reset).ends_with(0).json();
    app.stranger()
        .tries_to_sign_in("a@b.example", password["password"].as_str().unwrap())
        .await
        .is(303);
}

#[tokio::test]
async fn a_refusal_says_why_on_stderr_and_as_a_problem_for_programs() {
    let app = App::start().await;
    let add = [
        "--json", "user", "add", "--email", "nonsense", "--name", "Ana", "--role", "caller",
    ];
    let ran = app.runs(&add).ends_with(1);
    assert!(ran.stderr.contains("e-mail address"), "{}", ran.stderr);
    let problem = ran.json();
    assert_eq!(
        (&problem["status"], &problem["errors"][0]["field"]),
        (&Value::from(422), &Value::from("email"))
    );
    let unknown = app.runs(&[
        "--json",
        "token",
        "create",
        "--email",
        "x@y.example",
        "--name",
        "t",
    ]);
    assert_eq!(unknown.ends_with(1).json()["status"], 404);
}

#[test]
fn wrong_usage_ends_with_two() {
    for line in [&["dance"][..], &["user", "add"], &["serve", "--frobnicate"], &[]] {
        let ran = crate::harness::run(program().args(line), "").ends_with(2);
        assert!(!ran.stderr.is_empty(), "{line:?}");
    }
}

#[test]
fn a_malformed_setting_is_named_with_what_would_be_right() {
    let ran = crate::harness::run(program().env("MAKEGOOD_LISTEN", "eight").arg("serve"), "").ends_with(1);
    assert!(ran.stderr.contains("MAKEGOOD_LISTEN") && ran.stderr.contains("127.0.0.1:8080"));
    let unknown = program()
        .env("MAKEGOOD_DATABASE_URL", "mysql://localhost/x")
        .arg("migrate")
        .output()
        .unwrap();
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test]
async fn an_outage_is_made_once() {
    let app = App::start().await;
    let create = |end: &'static str| {
        [
            "--json",
            "outage",
            "create",
            "--slug",
            "april-14",
            "--name",
            "April 14",
            "--start",
            "2026-04-14T18:00",
            "--end",
            end,
            "--tz",
            "America/Denver",
            "--account-format",
            "T-0000000",
            "--calling-hours",
            "00:00-24:00",
        ]
    };
    let ran = app.runs(&create("2026-04-14T17:00")).ends_with(1);
    assert_eq!(ran.json()["errors"][0]["field"], "end");
    let made = app.runs(&create("2026-04-15T02:00:00Z")).ends_with(0).json();
    assert_eq!(made["start"], "2026-04-15T00:00:00.000Z");
    assert_eq!(made["calling_hours"], "00:00-24:00");
    let again = app.runs(&create("2026-04-15T02:00:00Z")).ends_with(1).json();
    assert_eq!(again["errors"][0]["field"], "slug");
}

#[tokio::test]
async fn doctor_tells_settings_with_their_source_and_what_is_wrong() {
    let app = App::start().await;
    let well = app
        .runs(&["--json", "--listen", "127.0.0.1:0", "doctor"])
        .ends_with(0);
    assert!(!well.stdout.contains("a key for tests"));
    let well = well.json();
    let settings = well["settings"].as_array().unwrap();
    let from = |name: &str| settings.iter().find(|s| s["setting"] == name).unwrap()["from"].clone();
    assert_eq!(from("MAKEGOOD_DATA_DIR"), "environment");
    assert_eq!(
        (from("MAKEGOOD_LISTEN"), from("MAKEGOOD_LOG")),
        ("flag".into(), "default".into())
    );
    let away = ["--json", "--smtp-url", "smtp://127.0.0.1:1", "doctor"];
    let ill = app.runs(&away).ends_with(1).json();
    let mail = ill["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["check"] == "mail");
    assert_eq!(mail.unwrap()["ok"], false);
}

#[test]
fn migrate_makes_the_database_and_says_how_much_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let migrate = || {
        let mut command = program();
        command.env("MAKEGOOD_DATA_DIR", folder.path());
        crate::harness::run(command.args(["--json", "migrate"]), "")
            .ends_with(0)
            .json()
    };
    let plan = || {
        let mut command = program();
        command.env("MAKEGOOD_DATA_DIR", folder.path());
        crate::harness::run(command.args(["--json", "migrate", "--plan"]), "")
            .ends_with(0)
            .json()
    };
    let planned = plan();
    let count = planned["pending"].as_array().unwrap().len();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "a plan makes nothing"
    );
    assert_eq!(
        (planned["new"].as_bool(), migrate()["applied"].as_u64()),
        (Some(true), Some(count as u64))
    );
    assert_eq!(
        (&migrate()["applied"], &plan()["pending"]),
        (&0.into(), &serde_json::json!([]))
    );
}

#[tokio::test]
async fn a_plan_names_what_each_step_locks() {
    let Some(database) = crate::harness::Database::empty_on_postgres().await else {
        return; // SQLite has one lock
    };
    let mut command = program();
    command
        .env("MAKEGOOD_DATA_DIR", database.folder())
        .env("MAKEGOOD_DATABASE_URL", database.url());
    let told = crate::harness::run(command.args(["migrate", "--plan"]), "")
        .ends_with(0)
        .stdout;
    assert!(told.contains("steps are pending. Nothing was done."), "{told}");
    assert!(
        told.contains("in no transaction") && told.contains("SHARE UPDATE EXCLUSIVE"),
        "{told}"
    );
    assert!(
        told.contains("ACCESS EXCLUSIVE; who waits: readers and writers"),
        "{told}"
    );
}

/// A server process, and what it said where it listens.
fn serves(app: &App, more: &[&str]) -> (Child, String) {
    let mut child = app
        .program()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (child, address)
}

fn tell(child: &Child, signal: &str) {
    let told = std::process::Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(told.unwrap().success());
}

fn ends_within(child: &mut Child, patience: Duration) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    panic!("still running after {patience:?}");
}

#[tokio::test]
async fn told_to_stop_the_server_finishes_what_it_began_and_ends_well() {
    let app = App::start().await;
    let (mut child, address) = serves(&app, &[]);
    assert_eq!(
        reqwest::get(format!("{address}/readyz")).await.unwrap().status(),
        200
    );
    let slow = tokio::spawn(slow_sign_in(address));
    tokio::time::sleep(Duration::from_millis(300)).await;
    tell(&child, "-TERM");
    assert!(
        slow.await.unwrap().starts_with("HTTP/1.1 403"),
        "the request was cut off"
    );
    assert_eq!(ends_within(&mut child, Duration::from_secs(30)), Some(0));
}

/// A form that takes a second to be sent; answers the head of the answer.
async fn slow_sign_in(address: String) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = address.strip_prefix("http://").unwrap();
    let mut socket = tokio::net::TcpStream::connect(host).await.unwrap();
    let body = "email=a%40b.example&password=whatever";
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&body.as_bytes()[..10]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    socket.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_log_is_json_without_queries_and_without_addresses() {
    let app = App::start().await;
    let (mut child, address) = serves(&app, &["--log-format", "json", "--no-worker"]);
    let asked = format!("{address}/sign-in?next=/cases/12&email=ana.secret@agency.example");
    reqwest::get(asked).await.unwrap();
    tell(&child, "-TERM");
    assert_eq!(ends_within(&mut child, Duration::from_secs(30)), Some(0));
    let mut log = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut log).unwrap();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered = lines
        .iter()
        .find(|line| line["route"] == "/sign-in")
        .expect("no line for the request");
    assert_eq!(
        (&answered["method"], &answered["status"]),
        (&Value::from("GET"), &Value::from(200))
    );
    assert!(answered["span"]["id"].is_string(), "{answered}");
    assert!(answered["ms"].is_u64(), "{answered}");
    assert!(!log.contains("secret") && !log.contains("/cases/12"), "{log}");
}

#[tokio::test]
async fn the_simulation_answers_in_the_words_of_the_contract() {
    let app = App::start().await;
    let line = [
        "--json",
        "simulate",
        "--citizens",
        "60",
        "--callers",
        "2",
        "--seed",
        "3",
    ];
    let ours = app
        .runs(&[&line[..], &["--policy", "makegood", "--runs", "2"]].concat())
        .ends_with(0)
        .json();
    assert_eq!(ours["policy"], "makegood");
    assert_eq!((&ours["runs"], &ours["promises_broken"]), (&2.into(), &0.into()));
    for key in ["dials_to_80", "hours_to_80"] {
        assert!(ours[key]["mean"].as_f64() > Some(0.0), "{ours}");
        assert!(ours[key]["ci95"].as_f64() >= Some(0.0), "{ours}");
    }
    let recycled = app
        .runs(&[&line[..], &["--policy", "lead-recycle"]].concat())
        .ends_with(0)
        .json();
    assert_eq!(recycled["dials_to_95"], Value::Null, "{recycled}");
    app.runs(&["simulate", "--forecast", "--runs", "2"]).ends_with(2);
}
