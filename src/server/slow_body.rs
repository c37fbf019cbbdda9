//! Cuts off a request whose body comes too slowly. Slow headers and idle connections are actix's own
//! business; a body of one byte a second would hold its place for ever.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};
use std::io;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Every body has this long, and longer for each byte that came.
const GRACE: Duration = Duration::from_secs(30);
/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u32 = 1024;

/// Middleware.
pub(super) async fn cut_off(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let payload: Payload = request.take_payload();
    if !matches!(payload, Payload::None) {
        request.set_payload(Payload::Stream {
            payload: Box::pin(hurried(payload, GRACE)),
        });
    }
    next.call(request).await
}

/// The same stream, ended by an error when it is behind. Only waiting counts: what the reader does
/// between two chunks is not the sender's fault.
fn hurried(
    payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    grace: Duration,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let chunks = stream::unfold((payload, Some(grace)), |(mut payload, left)| async move {
        let left = left?;
        let begun = Instant::now();
        match timeout_at(begun + left, payload.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(chunk))) => {
                let earned =
                    Duration::from_secs(1) / SLOWEST * u32::try_from(chunk.len()).unwrap_or(u32::MAX);
                let left = left.saturating_sub(begun.elapsed()) + earned;
                Some((Ok(chunk), (payload, Some(left.min(GRACE)))))
            }
            Ok(Some(Err(error))) => Some((Err(error), (payload, None))),
            Err(_) => {
                let late = io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly");
                Some((Err(PayloadError::Io(late)), (payload, None)))
            }
        }
    });
    chunks.fuse() // who reads a form asks once more after the end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_stalls_is_cut_off_and_a_quick_one_is_not() {
        let chunk = || Ok(Bytes::from_static(b"x"));
        let quick = Box::pin(stream::iter([chunk(), chunk()]));
        let grace = Duration::from_millis(50);
        assert_eq!(hurried(quick, grace).count().await, 2);
        let stalls = Box::pin(stream::iter([chunk()]).chain(stream::pending()));
        let read: Vec<_> = hurried(stalls, grace).collect().await;
        assert!(matches!(read.as_slice(), [Ok(_), Err(PayloadError::Io(_))]));
    }
}
