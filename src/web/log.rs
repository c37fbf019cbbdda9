//! One line in the log for each request, but for those that are refused for now: its id, method, route, status and milliseconds. The route's
//! pattern stands for the address, so that no query, no case and no name gets into a log.

use super::error::Error;
use super::refusals::Refusals;
use crate::figures::{self, Answered};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error as Failure, ResponseError};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::Instrument;

/// Answers 503 and 507.
static REFUSED: Refusals = Refusals::none();

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static REFERENCE: String;
}

/// The id of the request being answered, to be told to an administrator; empty outside one.
pub fn reference() -> String {
    REFERENCE.try_with(Clone::clone).unwrap_or_default()
}

/// Middleware, outside all that may panic: gives the request its id, answers a panic, writes the line and counts.
pub async fn each_request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Failure> {
    let id = format!("{:012x}", rand::random::<u64>() >> 16);
    let method = request.method().clone();
    let route = request.match_pattern().unwrap_or_else(|| "(no route)".to_owned());
    let span = tracing::info_span!("request", id);
    let begun = Instant::now();
    let answering = AssertUnwindSafe(next.call(request)).catch_unwind();
    let answered = REFERENCE
        .scope(id.clone(), answering.instrument(span.clone()))
        .await;
    let mut answered = match answered {
        Ok(Ok(response)) => Ok(response.map_into_boxed_body()),
        Ok(Err(error)) => Err((error.error_response(), error)),
        Err(_) => {
            let page = REFERENCE.sync_scope(id.clone(), || Error::Internal.error_response());
            Err((page, Error::Internal.into()))
        }
    };
    let (status, headers) = match &mut answered {
        Ok(response) => (response.status(), response.headers_mut()),
        Err((response, _)) => (response.status(), response.headers_mut()),
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    span.in_scope(|| note(&method, &route, status, begun));
    answered.map_err(|(response, error)| InternalError::from_response(error, response).into())
}

fn note(method: &Method, route: &str, status: StatusCode, begun: Instant) {
    let took = begun.elapsed();
    // JSON knows no 128 bits: such a number would be written as text.
    let (status, ms) = (
        status.as_u16(),
        u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    );
    let quiet = matches!(route, "/healthz" | "/readyz" | "/metrics") || route.starts_with("/a/");
    if matches!(status, 503 | 507) {
        if let Some(refused) = REFUSED.count(Instant::now()) {
            tracing::warn!(%method, route, status, refused, "refused for now; so many since the last such line");
        }
    } else if status >= 500 {
        tracing::error!(%method, route, status, ms, "answered");
    } else if quiet {
        tracing::debug!(%method, route, status, ms, "answered");
    } else {
        tracing::info!(%method, route, status, ms, "answered");
    }
    let answered = Answered {
        method: method_label(method),
        route: route.to_owned(),
        status,
    };
    figures::answered(&answered, took);
}

/// Anybody may invent a method; a label of its own for each would fill our memory.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}
