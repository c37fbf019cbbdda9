//! Personal data never reaches the log, however much it is asked to tell.

use crate::harness::{App, Homes};
use makegood::domain::role::Role;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

/// A citizen of the imported file, and words that people typed. Digits and letters that occur nowhere else.
const FILE: &str = "Transaction ID,Timestamp,Status,First name,Last name,Email,Phone,Amount\n\
    TX-77001,2026-04-15T22:45:00Z,FAILED,Zqgiven,Zqfamily,zqmail@post.example,(423) 555-7391,10.00\n";

/// A server that tells everything, what it said where it listens, and its log to come.
fn tells_everything(app: &App) -> (Child, String) {
    let mut child = app
        .program()
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "trace"])
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

/// Ends a server; answers its log.
fn log_of(mut child: Child, reader: std::thread::JoinHandle<String>) -> String {
    let id = child.id().to_string();
    let told = std::process::Command::new("kill").args(["-TERM", &id]).status();
    assert!(told.unwrap().success());
    child.wait().unwrap();
    reader.join().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_trace_the_log_holds_nothing_of_citizens_and_nothing_that_was_typed() {
    let app = App::start().await;
    app.does(|office| Ok(Homes::of_outage(office, "april", "00:00-24:00").add(office, 1, 1)))
        .await
        .unwrap();
    let supervisor = app.hires("Zqsupervisor", Role::Supervisor).await;
    let token = supervisor.token().await;
    let file = app.folder().join("failed.csv");
    std::fs::write(&file, FILE).unwrap();
    let import = ["--log", "trace", "import", "--outage", "april"];
    let ran = app.runs(&[&import[..], &[file.to_str().unwrap()]].concat());
    let mut log = ran.ends_with(0).stderr;

    let (mut child, address) = tells_everything(&app);
    let mut stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let asks = async |path: &str| {
        let request = http.get(format!("{address}{path}")).bearer_auth(&token);
        request.send().await.unwrap().text().await.unwrap()
    };
    let found = asks("/api/v1/cases?q=Zqfamily").await;
    assert!(found.contains("Zqgiven"), "{found}");
    asks("/api/v1/cases?phone=4235557391").await;
    asks("/api/v1/cases/Zqmistyped0x").await;
    asks("/api/v1/Zqnowhere?q=Zqquery").await;
    asks("/Zqpage/zqmail@post.example").await;
    asks("/c/Zqlink").await;
    asks("/password/Zqlink").await;
    asks("/u/Zqlink").await;
    let page = asks("/sign-in").await;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap();
    let form = [
        ("csrf", csrf),
        ("email", supervisor.email.as_str()),
        ("password", "Zqpassword here"),
    ];
    let typed = http.post(format!("{address}/sign-in")).form(&form).send().await;
    assert_eq!(typed.unwrap().status(), 401);
    log.push_str(&log_of(child, reader));

    assert!(log.contains("answered"), "it logged nothing");
    let told: Vec<&str> = log
        .lines()
        .filter(|line| {
            let line = line.to_lowercase();
            ["zq", "5557391", "555-7391", "tx-77001"]
                .iter()
                .any(|canary| line.contains(canary))
                || line.contains(&token.to_lowercase())
                // `Zq` and `zq` as PostgreSQL's driver writes bound values: bytes.
                || line.contains("122, 113")
                || line.contains("90, 113")
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
