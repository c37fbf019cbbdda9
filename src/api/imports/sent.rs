//! The file that a request carries.

use crate::api::problem::Problem;
use crate::web::arriving::{FORM, announced};
use actix_multipart::Multipart;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc::Sender;

/// Sends the file that a request carries, as its body or in the field `file` of its form.
pub(super) async fn send(
    request: &HttpRequest,
    payload: Payload,
    chunks: Sender<Bytes>,
    limit: u64,
) -> Result<(), Problem> {
    if announced(request) > limit.saturating_add(FORM) {
        return Err(Problem::too_large(limit));
    }
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        return pass_on(payload, &chunks, limit).await;
    }
    let mut form = Multipart::new(request.headers(), payload);
    while let Some(field) = form.next().await {
        let field = field?;
        if field.name() == Some("file") {
            return pass_on(field, &chunks, limit).await;
        }
    }
    Err(Problem::malformed("The form has no field called file."))
}

async fn pass_on<E>(
    mut stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
    chunks: &Sender<Bytes>,
    limit: u64,
) -> Result<(), Problem>
where
    Problem: From<E>,
{
    let (mut sent, mut wanted) = (0_u64, true);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        sent = sent.saturating_add(chunk.len() as u64);
        if sent > limit {
            return Err(Problem::too_large(limit));
        }
        // Once the verb has given up the rest is passed over: many read its answer only after they have sent everything.
        if wanted && !chunk.is_empty() {
            wanted = chunks.send(chunk).await.is_ok();
        }
    }
    let _ = chunks.send(Bytes::new()).await; // likewise
    Ok(())
}
