//! The header `Idempotency-Key`, by which a request that is sent again is known.

use super::body::{LARGEST, whole};
use super::problem::Problem;
use crate::outreach::accounts::User;
use crate::outreach::once::Act;
use crate::web::once::is_kept;
use crate::web::routes::Declared;
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};

/// The header that makes a request safe to repeat.
pub(super) const KEY: &str = "Idempotency-Key";

/// How an address knows a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It need not, or does so in its own way.
    No,
    /// By its address and its body.
    Whole,
    /// By its address; its verb adds the file.
    File,
}

/// How an address knows a request again.
pub(super) fn kept(declared: &Declared) -> Kept {
    let is_file = ["/imports", "/reconciliations"];
    match is_kept(declared) {
        false => Kept::No,
        true if is_file.iter().any(|end| declared.path.ends_with(end)) => Kept::File,
        true => Kept::Whole,
    }
}

/// What a request asks for, if it came with a key.
///
/// # Errors
/// The key or the body cannot be used.
pub(super) async fn of(
    owner: &User,
    kept: Kept,
    request: &mut ServiceRequest,
) -> Result<Option<Act>, Problem> {
    let key = request.headers().get(KEY).filter(|_| kept != Kept::No);
    let Some(key) = key.map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned()) else {
        return Ok(None);
    };
    let mut asked = format!("{} {} ", request.method(), request.uri());
    if kept == Kept::Whole {
        let body = whole(request.take_payload(), LARGEST).await?.freeze();
        asked.push_str(&String::from_utf8_lossy(&body));
        request.set_payload(Payload::from(body));
    }
    Ok(Some(Act::of_program(owner.id, key.trim(), &asked)?))
}
