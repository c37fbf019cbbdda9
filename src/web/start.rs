//! Where people arrive, the keys, and how pages look to them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::ask::ask;
use super::error::Error;
use super::fields::Fields;
use super::help::KeysPage;
use super::look::{Look, LookPage};
use super::page::{page, page_or_fragment, see_other};
use super::routes::Routes;
use super::session::Staff;
use crate::domain::role::Role;
use crate::outreach::Office;

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/", start);
    routes.get(Role::Caller, "/outages/{slug}", outage);
    routes.get(Role::Caller, "/help/keys", keys);
    routes.get(Role::Caller, "/look", look);
    routes.post(Role::Caller, "/look", change_look);
    routes.polled_get(Role::Caller, "/here", nothing_new);
    routes.post(Role::Caller, "/here", nothing_new);
}

/// To the outage that this person works on; where there is none, supervisors make one.
async fn start(staff: Staff, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    let user = staff.user.clone();
    match ask(&office, move |office| office.outage_of(&user)).await? {
        Some(outage) => Ok(see_other(&place(&staff, &outage.slug))),
        None if staff.user.role() >= Role::Supervisor => Ok(see_other("/outages")),
        None => Err(Error::NotFound("outage yet: a supervisor has to make one first")),
    }
}

/// A page asks whether the session still lives (GET), or tells that somebody types and moves on it (POST): a long call is work
/// too. What there is to know stands in the status.
async fn nothing_new(_: Staff) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// To a caller's desk or a supervisor's board.
async fn outage(staff: Staff, slug: web::Path<String>) -> HttpResponse {
    see_other(&place(&staff, &slug))
}

fn place(staff: &Staff, slug: &str) -> String {
    let place = if staff.user.role() == Role::Caller {
        "desk"
    } else {
        "board"
    };
    format!("/outages/{slug}/{place}")
}

async fn keys(request: HttpRequest, staff: Staff, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    let outcomes = ask(&office, Office::outcomes).await?;
    let offered: Vec<(String, String)> = outcomes
        .offered()
        .filter_map(|outcome| {
            Some((
                outcome.label.clone(),
                outcome.hotkey?.to_ascii_uppercase().to_string(),
            ))
        })
        .collect();
    let keys = offered.iter().map(|(label, key)| (label.as_str(), key.as_str()));
    let help = KeysPage::new(staff.chrome(), keys);
    Ok(page_or_fragment(&request, StatusCode::OK, &help, &help.as_main()))
}

async fn look(staff: Staff) -> HttpResponse {
    page(
        StatusCode::OK,
        &LookPage {
            chrome: staff.chrome(),
        },
    )
}

/// Keeps the choices: single keys with the account, the rest in this browser. The switch in the
/// list of keys (`part`) says nothing about the rest.
async fn change_look(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    if fields.get("part") != "keys" {
        fields.must_have("theme", "Choose the colors.")?;
    }
    let (user, keys) = (staff.user.id, fields.get("keys") == "on");
    ask(&office, move |office| office.set_shortcuts(user, keys)).await?;
    if fields.get("part") == "keys" {
        return Ok(see_other("/help/keys"));
    }
    let chosen = [fields.get("theme"), fields.get("text")].join(".");
    let look = Look {
        keys,
        ..Look::parse(&chosen)
    };
    let https = request
        .app_data::<web::Data<Office>>()
        .is_some_and(|office| office.config.is_https());
    let mut answer = see_other("/look");
    answer
        .add_cookie(&look.cookie(https))
        .map_err(|_| Error::Internal)?;
    Ok(answer)
}
