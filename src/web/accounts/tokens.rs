//! An account's API tokens, taken back by an administrator.

use crate::domain::ids::UserId;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::page::see_other;
use crate::web::session::Staff;
use actix_web::{HttpResponse, web};

/// Takes a token back, if it is this account's.
pub(super) async fn revoke(
    staff: Staff,
    office: web::Data<Office>,
    which: web::Path<(UserId, i64)>,
) -> Result<HttpResponse, Error> {
    let ((owner, token), by) = (which.into_inner(), staff.user.clone());
    ask(&office, move |office| {
        let tokens = office.tokens(Some(owner))?;
        if !tokens.iter().any(|(one, _)| one.id == token) {
            return Err(outreach::Error::NotFound("token"));
        }
        office.revoke_token(token, Some(&by))
    })
    .await?;
    Ok(see_other(&format!("/accounts/{owner}")))
}
