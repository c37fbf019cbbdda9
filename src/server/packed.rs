//! Refuses requests whose body is packed (`Content-Encoding`). A few kilobytes can unpack to gigabytes, and neither browsers nor
//! the programs that use the API pack what they send: whatever reads a body later reads what came over the wire.

use crate::api;
use crate::web::error::Error;
use crate::web::form_token::LARGEST_FORM;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::CONTENT_ENCODING;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use futures_util::StreamExt;

/// Middleware.
pub(super) async fn refuse(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !is_packed(request.request()) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let whole = passed_over(request.take_payload()).await;
    let mut answer = refusal(request.path());
    if !whole {
        answer
            .head_mut()
            .set_connection_type(actix_web::http::ConnectionType::Close);
    }
    Ok(request.into_response(answer))
}

fn is_packed(request: &HttpRequest) -> bool {
    let plain =
        |value: &[u8]| value.trim_ascii().is_empty() || value.trim_ascii().eq_ignore_ascii_case(b"identity");
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    encodings.any(|value| !value.as_bytes().split(|byte| *byte == b',').all(plain))
}

/// Reads a body as large as a form and throws it away, so that the sender gets to read the answer; whether that was all.
async fn passed_over(mut body: Payload) -> bool {
    let mut read = 0;
    while let Some(chunk) = body.next().await {
        let Ok(chunk) = chunk else { return false };
        read += chunk.len();
        if read > LARGEST_FORM {
            return false;
        }
    }
    true
}

fn refusal(path: &str) -> HttpResponse {
    if path.starts_with("/api/") {
        api::problem::Problem::packed().error_response()
    } else {
        Error::Packed.error_response()
    }
}
