//! The server is killed in the middle of the evening, again and again.
//!
//! Method (reliability 2): each client keeps a ledger of the outcomes that were answered with success.
//! After the last kill the ledger is compared with the database. What was answered must be there, once;
//! a request whose answer was lost is sent again under its key and must not be done twice.

use crate::harness::{Home, Homes, program};
use diesel::prelude::*;
use makegood::config::{Config, Flags};
use makegood::domain::role::Role;
use makegood::outreach::Office;
use makegood::outreach::accounts::NewAccount;
use makegood::schema::{attempts, claims};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const KILLS: usize = 20;
const CLIENTS: usize = 8;
const HOUSEHOLDS: i64 = 4000;
/// Outcomes that are answered at least between two kills, however slow the machine is.
const BETWEEN: usize = 5;

/// What breaks it: a new key for each repetition of a request (a repetition whose first answer was lost is
/// refused with 409, because its outcome is there; without the check of what a claim has recorded already
/// it would be there twice), or an outcome that is answered before its transaction is committed (answered
/// and lost).
#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_under_eight_clients_lose_no_answered_outcome_and_double_none() {
    let folder = tempfile::tempdir().unwrap();
    let (path, begun) = (folder.path().to_owned(), Instant::now());
    let tokens = tokio::task::spawn_blocking(move || prepare(&path)).await.unwrap();
    let address = free_address();
    let mut server = start(folder.path(), &address).await;
    let over = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let lost_answers = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let client = Client {
                http: reqwest::Client::new(),
                base: format!("http://{address}/api/v1"),
                token,
                answered: answered.clone(),
                lost_answers: lost_answers.clone(),
            };
            tokio::spawn(client.works(over.clone()))
        })
        .collect();
    for _ in 0..KILLS {
        some_work(&answered).await;
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..600))).await;
        server.kill().unwrap(); // SIGKILL
        server.wait().unwrap();
        server = start(folder.path(), &address).await;
    }
    over.store(true, Ordering::Relaxed);
    let mut ledger = Vec::new();
    for client in clients {
        ledger.extend(client.await.unwrap());
    }
    server.kill().unwrap();
    server.wait().unwrap();
    println!(
        "{} outcomes answered, {} answers lost and asked for again, {} s",
        ledger.len(),
        lost_answers.load(Ordering::Relaxed),
        begun.elapsed().as_secs()
    );
    assert!(ledger.len() >= KILLS * BETWEEN, "too little happened");
    assert!(lost_answers.load(Ordering::Relaxed) > 0, "no kill hit a request");
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || compare(&path, &ledger))
        .await
        .unwrap();
}

/// Waits until a few more outcomes were answered.
async fn some_work(answered: &AtomicUsize) {
    let before = answered.load(Ordering::Relaxed);
    while answered.load(Ordering::Relaxed) < before + BETWEEN {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// An outcome that was answered with success.
#[derive(Debug)]
struct Answered {
    attempt: i64,
    claim: i64,
    outcome: &'static str,
}

fn open(folder: &Path) -> Office {
    let flags = Flags {
        data_dir: Some(folder.to_str().unwrap().to_owned()),
        ..Flags::default()
    };
    Office::open(Config::load(&flags).unwrap()).unwrap()
}

/// The households and the clients' tokens.
fn prepare(folder: &Path) -> Vec<String> {
    let office = open(folder);
    let homes: Vec<Home> = Homes::of_outage(&office, "april-15", "00:00-24:00").add(&office, HOUSEHOLDS, 1);
    assert_eq!(homes.len() as i64, HOUSEHOLDS);
    (0..CLIENTS)
        .map(|number| {
            let account = NewAccount {
                email: format!("caller{number}@agency.example"),
                name: format!("Caller {number}"),
                role: Role::Caller,
                languages: Vec::new(),
                specialist: false,
            };
            office.add_account(&account, None).unwrap();
            office
                .add_token(&account.email, "crash", None)
                .unwrap()
                .into_fresh()
                .unwrap()
                .token
        })
        .collect()
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Starts the real program and waits until it listens.
async fn start(folder: &Path, address: &str) -> Child {
    let mut command = program();
    command
        .env("MAKEGOOD_DATA_DIR", folder)
        .args(["serve", "--no-worker", "--listen", address])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let started = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listens = lines.any(|line| line.is_ok_and(|line| line.contains("listening on http://")));
        assert!(listens, "the server did not start");
        child
    });
    started.await.unwrap()
}

/// A program that works the queue for one caller.
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
    answered: Arc<AtomicUsize>,
    lost_answers: Arc<AtomicUsize>,
}

impl Client {
    async fn works(self, over: Arc<AtomicBool>) -> Vec<Answered> {
        let mut ledger = Vec::new();
        while !over.load(Ordering::Relaxed) {
            let (status, answer) = self.asks("/outages/april-15/claims", None).await;
            assert!(status.is_success(), "{answer}");
            let claim = answer["claim"]["id"].as_i64().expect("too few households");
            let outcomes = ["all_set", "refused", "no_answer", "will_pay", "voicemail"];
            let outcome = outcomes[rand::random_range(0..outcomes.len())];
            let key = format!("{:032x}", rand::random::<u128>());
            let path = format!("/claims/{claim}/attempts");
            let (status, answer) = self.asks(&path, Some((&key, json!({"outcome": outcome})))).await;
            assert_eq!(status, StatusCode::CREATED, "{answer}");
            let attempt = answer["attempt"]["id"].as_i64().unwrap();
            self.answered.fetch_add(1, Ordering::Relaxed);
            ledger.push(Answered {
                attempt,
                claim,
                outcome,
            });
        }
        ledger
    }

    /// Sends a request until it is answered.
    async fn asks(&self, path: &str, outcome: Option<(&str, Value)>) -> (StatusCode, Value) {
        loop {
            let mut request = self
                .http
                .post(format!("{}{path}", self.base))
                .bearer_auth(&self.token)
                .timeout(Duration::from_secs(20));
            if let Some((key, body)) = &outcome {
                request = request.header("Idempotency-Key", *key).json(body);
            }
            match answer(request).await {
                Ok((status, body)) if !status.is_server_error() => return (status, body),
                Ok(_) => {}
                Err(error) if error.is_connect() => {}
                Err(_) => {
                    self.lost_answers.fetch_add(1, Ordering::Relaxed);
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<(StatusCode, Value)> {
    let answer = request.send().await?;
    Ok((answer.status(), answer.json().await?))
}

#[derive(Queryable)]
struct Kept {
    id: i64,
    claim: Option<i64>,
    household: i64,
    outcome: String,
}

fn compare(folder: &Path, ledger: &[Answered]) {
    let office = open(folder);
    let kept: Vec<Kept> = office
        .db
        .read(|conn| {
            attempts::table
                .select((
                    attempts::id,
                    attempts::claim_id,
                    attempts::household_id,
                    attempts::outcome,
                ))
                .load(conn)
        })
        .unwrap();
    let by_id: HashMap<i64, &Kept> = kept.iter().map(|kept| (kept.id, kept)).collect();
    for answered in ledger {
        let kept = by_id.get(&answered.attempt);
        let kept = kept.unwrap_or_else(|| panic!("answered and lost: {answered:?}"));
        assert_eq!(
            (kept.claim, kept.outcome.as_str()),
            (Some(answered.claim), answered.outcome)
        );
    }
    let answered: HashSet<i64> = ledger.iter().map(|answered| answered.attempt).collect();
    assert_eq!(
        answered.len(),
        ledger.len(),
        "one attempt was told as the answer to two outcomes"
    );
    assert_eq!(
        kept.len(),
        ledger.len(),
        "an outcome is there that nobody was told of: doubled"
    );
    let households: HashSet<i64> = kept.iter().map(|kept| kept.household).collect();
    assert_eq!(households.len(), kept.len(), "a household was recorded twice");
    let live: Vec<i64> = office
        .db
        .read(|conn| {
            claims::table
                .filter(claims::released_at.is_null())
                .select(claims::household_id)
                .load(conn)
        })
        .unwrap();
    let mut claims_of = BTreeMap::new();
    for household in live {
        *claims_of.entry(household).or_insert(0) += 1;
    }
    assert!(claims_of.values().all(|claims| *claims == 1), "{claims_of:?}");
}
