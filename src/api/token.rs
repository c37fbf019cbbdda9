//! Whose program asks: the bearer token that stands before every address of the API.

use super::act::{self, Kept};
use super::problem::Problem;
use super::verb::done;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::accounts::User;
use crate::outreach::api_tokens::TokenOwner;
use crate::web::once;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::{Ready, ready};

/// The person whose token came with this request. A program does what its owner may do.
#[derive(Clone, Debug)]
pub struct Owner(pub User);

impl FromRequest for Owner {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        ready(found.ok_or_else(Problem::internal))
    }
}

/// Middleware of a route: lets those pass whose token belongs to somebody of at least this role.
/// What has to be done once is known by its key. A token is no cookie: no other site can make a browser send it, so no form token is asked for.
pub(super) async fn admit(
    least: Role,
    kept: Kept,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let office = request
        .app_data::<web::Data<Office>>()
        .ok_or_else(Problem::internal)?;
    let office = office.get_ref().clone();
    let token = token(request.headers()).ok_or_else(|| {
        Problem::unauthorized(
            "Send the header Authorization: Bearer mg_… with a token that you made under My account.",
        )
    })?;
    let owner = done(&office, move |office| office.token_owner(&token)).await?;
    let owner = known(owner)?;
    owner.must_be(least).map_err(Problem::from)?;
    let act = act::of(&owner, kept, &mut request).await?;
    request.extensions_mut().insert(Owner(owner));
    let answer = once::under(act.clone(), next.call(request)).await?;
    debug_assert!(
        once::was_met(act.as_ref(), answer.status()),
        "{}: done, neither by Office::once nor named in WITHOUT_KEY",
        answer.request().path()
    );
    Ok(answer.map_into_boxed_body())
}

/// The owner of a token that is good; of any other, what is the matter with it.
fn known(owner: TokenOwner) -> Result<User, Problem> {
    let why = match owner {
        TokenOwner::Known(user) => return Ok(user),
        TokenOwner::Unknown => "This token is unknown. Look whether it was copied whole.",
        TokenOwner::Revoked => "This token was taken back. Make another under My account.",
        TokenOwner::Expired => "This token has expired. Make another under My account.",
        TokenOwner::SwitchedOff => "This token's account is switched off. Ask an administrator.",
    };
    Err(Problem::unauthorized(why))
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110 §11.1).
fn token(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_a_bearer_token_is_a_token() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            token(&headers)
        };
        assert_eq!(of("Bearer mg_abc").as_deref(), Some("mg_abc"));
        assert_eq!(of("bearer  mg_abc ").as_deref(), Some("mg_abc"));
        assert_eq!(of("Basic bWdfYWJj"), None);
        assert_eq!(of("Bearer "), None);
        assert_eq!(token(&HeaderMap::new()), None);
    }
}
