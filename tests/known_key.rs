//! Every node of one database has the same secret key, or does not start.

use crate::harness::{App, Ran, program, run};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const FIRST: &str = "a key for tests and for nothing else"; // the harness's
const OTHER: &str = "another key for tests and nothing else";

/// Works the outbox on this app's database with this key; it opens the database as `serve` does.
fn with_key(app: &App, key: &str, arguments: &[&str]) -> Ran {
    run(app.program().env("MAKEGOOD_SECRET_KEY", key).args(arguments), "")
}

const WORK: [&str; 3] = ["mail", "work", "--until-empty"];

#[tokio::test]
async fn a_node_with_another_key_does_not_start_and_says_what_to_do() {
    let app = App::start().await;
    with_key(&app, FIRST, &WORK).ends_with(0);
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let refused = with_key(&app, OTHER, &serve).ends_with(1);
    for words in [
        "MAKEGOOD_SECRET_KEY from environment",
        "accept-key",
        "newest first",
    ] {
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    assert!(!refused.stderr.contains(OTHER), "{}", refused.stderr);
    with_key(&app, FIRST, &WORK).ends_with(0);
}

#[tokio::test]
async fn a_new_node_that_was_given_no_key_makes_none_of_its_own() {
    let app = App::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut node = app.program();
    node.env_remove("MAKEGOOD_SECRET_KEY")
        .env("MAKEGOOD_DATA_DIR", folder.path())
        .env("MAKEGOOD_DATABASE_URL", app.database_url());
    let refused = run(node.args(WORK), "").ends_with(1);
    assert!(
        refused.stderr.contains("here is none") && refused.stderr.contains("secret.key"),
        "{}",
        refused.stderr
    );
    assert!(!folder.path().join("secret.key").exists());
}

#[tokio::test]
async fn keys_are_rotated_where_the_old_one_is_among_them() {
    let app = App::start().await;
    with_key(&app, &format!("{OTHER},{FIRST}"), &WORK).ends_with(0);
    with_key(&app, OTHER, &WORK).ends_with(0);
    with_key(&app, FIRST, &WORK).ends_with(1);
    with_key(&app, &format!("{FIRST},{OTHER}"), &WORK).ends_with(0);
}

#[tokio::test]
async fn after_a_lost_key_somebody_says_that_another_one_holds() {
    let app = App::start().await;
    let accepts =
        |key| with_key(&app, key, &["--json", "accept-key"]).ends_with(0).json()["links_ended"].clone();
    assert_eq!(accepts(FIRST), false, "it was known");
    with_key(&app, OTHER, &WORK).ends_with(1);
    assert_eq!(accepts(OTHER), true);
    with_key(&app, OTHER, &WORK).ends_with(0);
    with_key(&app, FIRST, &WORK).ends_with(1);
}

/// The server signs with the key that its first start makes: else no form would ever be taken.
#[tokio::test]
async fn a_first_start_makes_the_key_with_which_it_signs() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = program()
        .env("MAKEGOOD_DATA_DIR", folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--no-worker"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(server.stdout.take().unwrap());
    while !line.starts_with("listening on ") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it does not listen");
    }
    let address = format!("{}/sign-in", line.trim().trim_start_matches("listening on "));
    let browser = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let page = browser.get(&address).send().await.unwrap().text().await.unwrap();
    let token = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let form = [
        ("email", "ana@agency.example"),
        ("password", "whatever it is"),
        ("csrf", token),
    ];
    let answer = browser.post(&address).form(&form).send().await.unwrap();
    assert_eq!(
        answer.status(),
        401,
        "the form was taken, and the password was not"
    );
    assert!(folder.path().join("secret.key").exists());
    server.kill().unwrap();
    server.wait().unwrap();
}
