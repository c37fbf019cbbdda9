//! JSON that came with a request: whole, not too large, and of the right shape, or a problem that
//! says where it is wrong.

use super::problem::Problem;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Most bytes of JSON that are taken.
pub(super) const LARGEST: usize = 256 * 1024;

/// The body of a request, read as JSON whatever its media type says.
pub(super) struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move { read(&whole(payload, LARGEST).await?).map(Self) })
    }
}

/// The bytes of a body, up to so many.
pub(super) async fn whole(
    mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    largest: usize,
) -> Result<BytesMut, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk?;
        if body.len() + chunk.len() > largest {
            return Err(Problem::too_large(largest as u64));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.trim_ascii().is_empty() {
        return Err(Problem::malformed("The body is empty. Send a JSON object."));
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => Problem::invalid("body", format!("The JSON has another shape: {error}.")),
        _ => Problem::malformed(format!("The body is not JSON: {error}.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Sent {
        outcome: String,
    }

    #[test]
    fn broken_json_is_told_where_it_breaks() {
        let problem = read::<Sent>(b"{\n \"outcome\": nothing}").unwrap_err();
        assert_eq!(problem.status, 400);
        assert!(problem.detail.contains("line 2 column"), "{problem:?}");
        assert_eq!(read::<Sent>(b" ").unwrap_err().status, 400);
    }

    #[test]
    fn json_of_another_shape_is_told_which_key_is_wrong() {
        let problem = read::<Sent>(b"{\"outcome\": 7}").unwrap_err();
        assert_eq!(problem.status, 422);
        let problem = read::<Sent>(b"{}").unwrap_err();
        assert!(problem.detail.contains("`outcome`"), "{problem:?}");
        assert_eq!(read::<Sent>(b"{\"outcome\":\"busy\"}").unwrap().outcome, "busy");
    }
}
