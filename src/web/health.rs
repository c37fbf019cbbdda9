//! For machines that watch this one: alive, ready, and figures.

use super::routes::Routes;
use crate::outreach::Office;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
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

/// Whether the database answers and has this program's schema.
async fn ready(office: web::Data<Office>) -> HttpResponse {
    let asked = web::block(move || office.db.is_migrated());
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(true)) => HttpResponse::Ok().body("ready\n"),
        _ => HttpResponse::ServiceUnavailable()
            .body("not ready: the database does not answer or its schema is not up to date\n"),
    }
}

async fn figures() -> HttpResponse {
    match recorder() {
        Some(recorder) => {
            recorder.run_upkeep();
            HttpResponse::Ok()
                .content_type(ContentType::plaintext())
                .body(recorder.render())
        }
        None => HttpResponse::ServiceUnavailable().body("no figures are kept\n"),
    }
}

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
    });
    installed.as_ref()
}

/// Begins the counting.
pub fn begin() {
    recorder();
}
