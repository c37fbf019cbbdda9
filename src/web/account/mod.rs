//! My account: each person keeps their own ways in.

mod compose;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::role::Role;
use crate::outreach::own_password::OwnPassword;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::{self, Staff};
use compose::Told;
pub use compose::token_rows;

/// The addresses of one's own account.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/account", show);
    routes.post(Role::Caller, "/account/password", change_password);
    routes.post(Role::Caller, "/account/tokens", add_token);
    routes.post(Role::Caller, "/account/tokens/{id}/revoke", revoke_token);
}

#[derive(serde::Deserialize)]
struct Arrival {
    /// `password` after it was changed.
    #[serde(default)]
    news: String,
}

async fn show(
    staff: Staff,
    office: web::Data<Office>,
    arrival: web::Query<Arrival>,
) -> Result<HttpResponse, Error> {
    let told = match arrival.news.as_str() {
        "password" => Told::PasswordChanged,
        _ => Told::Nothing,
    };
    page_with(&staff, &office, StatusCode::OK, told).await
}

async fn page_with(
    staff: &Staff,
    office: &Office,
    status: StatusCode,
    told: Told,
) -> Result<HttpResponse, Error> {
    let id = staff.user.id;
    let (tokens, zone) = ask(office, move |office| {
        let newest = office.newest_outage()?;
        Ok((office.tokens(Some(id))?, newest))
    })
    .await?;
    let page = compose::page(staff, &tokens, (office.now(), zone.as_ref()), told);
    Ok(answer(status, &page))
}

/// Changes the password; this browser goes on under a fresh key, all others are signed out.
async fn change_password(
    staff: Staff,
    office: web::Data<Office>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (user, with_tokens) = (staff.user.clone(), fields.get("end_tokens") == "yes");
    // Blanks at the ends of a password belong to it.
    let as_typed = |name: &str| fields.untrimmed(name).to_owned();
    let (now_is, shall_be) = (as_typed("password"), as_typed("new_password"));
    let changed = ask(&office, move |office| {
        match office.change_own_password(&user, (&now_is, &shall_be), with_tokens) {
            Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
            changed => changed.map(Ok),
        }
    });
    let problem = match changed.await? {
        Ok(OwnPassword::Changed { key }) => {
            let mut answer = see_other("/account?news=password");
            let cookie = session::cookie(&key, office.config.is_https());
            answer.add_cookie(&cookie).map_err(|_| Error::Internal)?;
            return Ok(answer);
        }
        Ok(OwnPassword::Wrong) => ("password", "This is not your password.".to_owned()),
        Ok(OwnPassword::Wait) => {
            let told = "Too many wrong tries. Try again in a few minutes.";
            ("password", told.to_owned())
        }
        Err(problem) => problem,
    };
    page_with(
        &staff,
        &office,
        StatusCode::UNPROCESSABLE_ENTITY,
        Told::Wrong(problem),
    )
    .await
}

/// Makes a token and shows it, this once: so this answer is the page, not the way to it.
async fn add_token(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let (email, label) = (staff.user.email.clone(), fields.get("name").to_owned());
    let days: i64 = fields.get("days").parse().unwrap_or_default();
    let made = ask(&office, move |office| {
        match office.add_token(&email, &label, Some(days)) {
            Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
            made => made.map(|made| Ok(made.into_fresh())),
        }
    });
    let (status, told) = match made.await? {
        Ok(made) => (StatusCode::OK, made.map_or(Told::TokenBefore, Told::Token)),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, Told::Wrong(problem)),
    };
    page_with(&staff, &office, status, told).await
}

async fn revoke_token(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<i64>,
) -> Result<HttpResponse, Error> {
    let (id, by) = (id.into_inner(), staff.user.clone());
    ask(&office, move |office| office.revoke_token(id, Some(&by))).await?;
    Ok(see_other("/account"))
}
