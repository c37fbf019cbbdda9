//! The one place that turns what went wrong into a problem document (RFC 9457).

use crate::web::log;
use actix_multipart::MultipartError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use futures_util::FutureExt;
use serde::Serialize;
use std::io;
use std::panic::AssertUnwindSafe;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The type of the problem that it is not known whether the request was done: it is not to be sent again without a look,
/// or with the same `Idempotency-Key`.
pub const UNKNOWN: &str = "urn:makegood:problem:unknown-result";

/// What a program is told when its request cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Names the kind of problem; never changes: `urn:makegood:problem:conflict`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do about it.
    pub detail: String,
    /// Each value that cannot be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<BadValue>,
    /// Stands in our log too: tell it to an administrator.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BadValue {
    /// The key of the body, the parameter or the header it stood in.
    pub field: String,
    /// What would be right.
    pub detail: String,
}

impl Problem {
    /// A problem of a kind that its status names.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: kind(status),
            title: title(status),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            reference: log::reference(),
        }
    }

    /// There is nothing at that address, or not for this person.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}."))
    }

    /// The request cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The value of a field cannot be used.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            errors: vec![BadValue {
                field: field.to_owned(),
                detail: detail.clone(),
            }],
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
        }
    }

    /// No token, or one that is nobody's.
    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// More bytes than are taken.
    pub fn too_large(limit: u64) -> Self {
        let detail = format!("The body is larger than {limit} bytes, the most that is taken here.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// A body that would have to be unpacked.
    pub fn packed() -> Self {
        let detail = "Send the body as it is, without Content-Encoding. Nothing was changed.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// A fault of ours; its cause is in the log only.
    pub fn internal() -> Self {
        let detail =
            "Something went wrong on our side. Try again; if it happens again, tell an administrator.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A problem's type.
fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "urn:makegood:problem:malformed",
        401 => "urn:makegood:problem:unauthorized",
        403 => "urn:makegood:problem:forbidden",
        404 => "urn:makegood:problem:not-found",
        405 => "urn:makegood:problem:method-not-allowed",
        408 => "urn:makegood:problem:too-slow",
        409 => "urn:makegood:problem:conflict",
        413 => "urn:makegood:problem:too-large",
        415 => "urn:makegood:problem:unsupported-media-type",
        422 => "urn:makegood:problem:invalid",
        503 => "urn:makegood:problem:busy",
        507 => "urn:makegood:problem:disk-full",
        _ if status.is_server_error() => "urn:makegood:problem:internal",
        _ => "urn:makegood:problem:refused",
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request cannot be read",
        401 => "A token is needed",
        403 => "This token may not do that",
        404 => "There is no such thing",
        409 => "The state of things forbids it",
        413 => "That is too large",
        415 => "That cannot be read in this form",
        422 => "Something in the request cannot be used",
        503 => "Makegood is busy",
        507 => "The disk is full",
        500 => "Something went wrong on our side",
        _ => status.canonical_reason().unwrap_or("The request was refused"),
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status());
        match self.status() {
            StatusCode::UNAUTHORIZED => {
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"makegood\""));
            }
            // Otherwise the rest of an endless body would be read and thrown away.
            StatusCode::PAYLOAD_TOO_LARGE => drop(answer.force_close()),
            StatusCode::SERVICE_UNAVAILABLE if self.kind != UNKNOWN => {
                answer.insert_header((header::RETRY_AFTER, "1"));
            }
            _ => {}
        }
        answer.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
        match serde_json::to_string(self) {
            Ok(json) => answer.body(json),
            Err(_) => answer.finish(),
        }
    }
}

/// A body that broke off, or was cut off because it came too slowly.
impl From<PayloadError> for Problem {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut => Self::new(
                StatusCode::REQUEST_TIMEOUT,
                "The body came too slowly. Nothing was changed.",
            ),
            _ => Self::malformed("The body broke off. Nothing was changed."),
        }
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Payload(error) => error.into(),
            error => Self::malformed(format!("The form cannot be read: {error}.")),
        }
    }
}

/// Middleware around the whole API: whatever else an answer of refusal would be, also that of a
/// panic, becomes a problem document.
pub(super) async fn in_documents(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(answer)) if is_plain_refusal(answer.response()) => {
            let problem = Problem::new(answer.status(), told(answer.status()));
            Ok(answer.into_response(problem.error_response()))
        }
        Ok(Ok(answer)) => Ok(answer.map_into_boxed_body()),
        Ok(Err(error)) if error.as_error::<Problem>().is_some() => Err(error),
        Ok(Err(error)) => {
            let status = error.as_response_error().status_code();
            Err(Problem::new(status, told(status)).into())
        }
        Err(_) => {
            tracing::error!("a handler panicked");
            Err(Problem::internal().into())
        }
    }
}

fn is_plain_refusal(answer: &HttpResponse<impl MessageBody>) -> bool {
    let status = answer.status();
    let documented = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media == MEDIA_TYPE);
    (status.is_client_error() || status.is_server_error()) && !documented
}

fn told(status: StatusCode) -> String {
    format!("{}. Nothing was changed.", title(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::Error;

    #[test]
    fn a_bad_value_is_named_and_a_busy_server_says_when_to_come_back() {
        let problem = Problem::from(Error::invalid("callback_at", "Choose a later time."));
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "urn:makegood:problem:invalid");
        assert_eq!(json["errors"][0]["field"], "callback_at");
        let busy = Problem::from(Error::Crowded).error_response();
        assert_eq!(busy.headers().get("retry-after").unwrap(), "1");
        assert_eq!(busy.headers().get("content-type").unwrap(), MEDIA_TYPE);
    }
}
