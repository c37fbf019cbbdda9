//! Starting while the database is away, and stopping while it is silent.

use super::{over_a_wire, server_of};
use crate::harness::App;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of the program's own, with its standard output.
struct Serving {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    fn start(mut command: Command, arguments: &[&str]) -> Self {
        command.args(["serve", "--listen", "127.0.0.1:0", "--no-worker"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    /// The rest of the next line that begins so.
    fn says(&mut self, begin: &str) -> String {
        let mut lines = self.said.by_ref().map_while(Result::ok);
        let found = lines.find_map(|line| line.strip_prefix(begin).map(str::to_owned));
        found.unwrap_or_else(|| panic!("it never said {begin:?}"))
    }

    fn is_told_to_stop(&self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(told.unwrap().success());
    }

    /// Its exit code, if it ends within so long.
    fn ends_within(&mut self, patience: Duration) -> Option<i32> {
        let told = Instant::now();
        while told.elapsed() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        None
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it has ended, as a rule
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_waits_for_a_database_that_is_away_at_its_start_and_stops_beside_a_silent_one() {
    let Some((app, wire)) = over_a_wire().await else {
        return;
    };
    let (_, with_address) = server_of(&app.program_url());
    let mut program = app.program();
    program.env("MAKEGOOD_DATABASE_URL", with_address(&wire.address));
    wire.cut(true);
    let mut server = Serving::start(program, &[]);
    server.says("waiting for the database: ");
    wire.cut(false);
    let address = server.says("listening on ");
    let sign_in = format!("{address}/readyz");
    assert_eq!(reqwest::get(&sign_in).await.unwrap().status(), 200);
    wire.silence(true);
    let hanging = tokio::spawn(async move { reqwest::get(format!("{address}/sign-in")).await.map(drop) });
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.is_told_to_stop();
    assert!(server.ends_within(Duration::from_secs(40)).is_some(), "it hangs");
    let _ = hanging.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_ends_at_once_where_waiting_mends_nothing() {
    let Some((app, _wire)) = over_a_wire().await else {
        return;
    };
    let (server, _) = server_of(&app.program_url());
    let mut program = app.program();
    program.env(
        "MAKEGOOD_DATABASE_URL",
        format!("postgres://postgres@{server}/there_is_none"),
    );
    let mut server = Serving::start(program, &[]);
    assert_eq!(server.ends_within(Duration::from_secs(60)), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_is_not_ready_and_serves_on() {
    let app = App::start().await;
    let mut server = Serving::start(app.program(), &["--drain", "5"]);
    let address = server.says("listening on ");
    let asks = async |path: &str| {
        reqwest::get(format!("{address}{path}"))
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(asks("/readyz").await, 200);
    server.is_told_to_stop();
    let told = Instant::now();
    while asks("/readyz").await != 503 {
        assert!(told.elapsed() < Duration::from_secs(4), "it is ready still");
    }
    assert_eq!(asks("/sign-in").await, 200);
    assert_eq!(server.ends_within(Duration::from_secs(60)), Some(0));
}
