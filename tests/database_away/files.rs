//! The answer about a file is lost: brought or taken back again as one is told, it counts once.

use super::over_a_wire;
use super::wire::Wire;
use crate::harness::{App, Page, Person, fresh_key};
use crate::once::rows;
use makegood::api::problem::UNKNOWN;
use makegood::domain::role::Role;
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};

/// People who failed to pay, or paid the day after.
const PEOPLE: u32 = 20;

/// A file of one payment a person on this day.
fn payments(kind: &str, day: &str) -> String {
    let mut csv = "transaction_id,timestamp,account_id,email,phone\n".to_owned();
    for row in 0..PEOPLE {
        csv.push_str(&format!(
            "{kind}-{row},{day}T18:{:02}:00-04:00,T-{row:07},p{row}@example.org,+1423{:07}\n",
            41 + row % 19,
            5_000_000 + row
        ));
    }
    csv
}

/// A supervisor's program behind a wire that loses answers.
struct Program {
    app: App,
    wire: Wire,
    eve: Person,
    token: String,
}

impl Program {
    async fn start() -> Option<Self> {
        let (app, wire) = over_a_wire().await?;
        app.homes(1).await;
        let eve = app.hires("Eve", Role::Supervisor).await;
        let token = eve.token().await;
        Some(Self {
            app,
            wire,
            eve,
            token,
        })
    }

    async fn asks(&self, (method, path): (Method, &str), key: &str, body: &str) -> Page {
        let request = self.eve.request(method, path).bearer_auth(&self.token);
        let request = request.header("Idempotency-Key", key).body(body.to_owned());
        self.eve.asks(request).await
    }

    /// Asks while the answers to two COMMITs are lost, and twice more, as it is told to.
    async fn asks_till_told(&self, (method, path): (Method, &str), body: &str) -> Page {
        let key = fresh_key();
        self.wire.swallow_commits(2);
        let told = self.asks((method.clone(), path), &key, body).await;
        self.wire.swallow_commits(0);
        if told.status == 503 {
            assert_eq!(told.json()["type"], UNKNOWN, "{}", told.body);
        } else {
            assert!(told.status < 400, "{}", told.body); // what works in the background lost its answers
        }
        let first = self.asks((method.clone(), path), &key, body).await;
        let again = self.asks((method, path), &key, body).await;
        assert!(
            first.status < 400 && again.status < 400,
            "{}\n{}",
            first.body,
            again.body
        );
        first
    }

    async fn standing(&self, place: &str) -> Value {
        let request = self.eve.request(Method::GET, place).bearer_auth(&self.token);
        let asked = self.eve.asks(request).await;
        match asked.status {
            200 => asked.json(),
            _ => Value::Null,
        }
    }

    /// Waits until an import stands so, and nothing follows it any more.
    async fn until(&self, place: &str, status: &str) -> Value {
        let asked = Instant::now();
        loop {
            let told = self.standing(place).await;
            if told["status"] == status && told["following"] != true {
                return told;
            }
            assert!(asked.elapsed() < Duration::from_secs(100), "{told}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reconciliation_and_its_undo_whose_answers_were_lost_count_once() {
    let Some(program) = Program::start().await else {
        return;
    };
    let failed = payments("TX", "2026-04-15");
    let path = "/api/v1/outages/april/imports";
    let place = program
        .asks((Method::POST, path), &fresh_key(), &failed)
        .await
        .is(202);
    program.until(place.leads_to(), "applied").await;
    let before = (
        rows(&program.app, "imports").await,
        rows(&program.app, "payments").await,
    );

    let paid = payments("OK", "2026-04-16");
    let path = "/api/v1/outages/april/reconciliations";
    let place = program
        .asks_till_told((Method::POST, path), &paid)
        .await
        .leads_to()
        .to_owned();
    let report = program.until(&place, "applied").await;
    assert_eq!(report["citizens_paid"], PEOPLE, "{report}");
    assert_eq!(
        rows(&program.app, "imports").await,
        before.0 + 1,
        "one file, one import"
    );
    assert_eq!(rows(&program.app, "payments").await, before.1 + i64::from(PEOPLE));

    program.asks_till_told((Method::DELETE, &place), "").await;
    program.until(&place, "undone").await;
    assert_eq!(rows(&program.app, "payments").await, before.1, "nobody has paid");
    assert_eq!(rows(&program.app, "cases WHERE resolution = 'paid'").await, 0);
}
