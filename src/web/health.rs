//! For machines that watch this one: alive, ready, and figures.

use super::routes::Routes;
use crate::db::Trouble;
use crate::outreach::Office;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A database that has not answered by then is not ready.
const PATIENCE: Duration = Duration::from_secs(2);
/// Upper bounds of the histogram, in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

pub(super) fn routes(routes: &mut Routes) {
    routes.open_get("/healthz", alive);
    routes.open_get("/readyz", ready);
    routes.open_get("/metrics", figures);
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Whether this node was told to stop: whoever sends people here is to send them elsewhere.
#[derive(Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// From here on the node is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the database answers, has a schema that fits, and takes changes. Why not is said in general words: anybody
/// may ask.
async fn ready(office: web::Data<Office>, draining: web::Data<Draining>) -> HttpResponse {
    if draining.0.load(Ordering::Relaxed) {
        return unready("This node was told to stop");
    }
    let asked = web::block(move || office.db.readiness());
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(Ok(()))) => HttpResponse::Ok().body("ready\n"),
        Ok(Ok(Err(why))) => unready(&why.to_string()),
        _ => unready(Trouble::Away.title()),
    }
}

fn unready(why: &str) -> HttpResponse {
    HttpResponse::ServiceUnavailable().body(format!("not ready: {why}\n"))
}

async fn figures() -> HttpResponse {
    match recorder() {
        Some(recorder) => HttpResponse::Ok()
            .content_type(ContentType::plaintext())
            .body(recorder.render()),
        None => HttpResponse::ServiceUnavailable().body("no figures are kept\n"),
    }
}

/// What was measured stands in a list until it is counted into the histogram, which is done so often whoever asks for figures.
const UPKEEP: Duration = Duration::from_secs(2);

/// The process's one recorder; the first call begins the counting.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let installed = RECORDER.get_or_init(|| {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &BUCKETS)
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(|error| tracing::warn!(%error, "no figures are kept"))
            .ok()
            .filter(keeps_up)
    });
    installed.as_ref()
}

/// Starts the thread that keeps the figures small; whether there is one. Without it none are shown, so that it is noticed.
fn keeps_up(recorder: &PrometheusHandle) -> bool {
    let recorder = recorder.clone();
    let keeping = std::thread::Builder::new()
        .name("figures".to_owned())
        .spawn(move || {
            loop {
                std::thread::sleep(UPKEEP);
                recorder.run_upkeep();
            }
        });
    keeping
        .map_err(|error| tracing::warn!(%error, "no figures are kept"))
        .is_ok()
}

/// Begins the counting.
pub fn begin() {
    recorder();
}
