//! For machines that watch this one: alive, ready, and figures.

use super::routes::Routes;
use crate::db::Trouble;
use crate::outreach::Office;
use actix_web::{HttpResponse, web};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A database that has not answered by then is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

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
    match crate::figures::text() {
        Ok(text) => HttpResponse::Ok()
            .content_type(crate::figures::CONTENT_TYPE)
            .body(text),
        Err(_) => HttpResponse::ServiceUnavailable().body("the figures cannot be written\n"),
    }
}
