//! The button for the call that is too much: a supervisor is called to this desk, or sent away again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::outreach::Office;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page;
use crate::web::session::Staff;

/// The button, turned over after it was pressed.
#[derive(Template)]
#[template(path = "desk/distress.html")]
struct Card {
    chrome: Chrome,
    href: String,
    distressed: bool,
    said: &'static str,
}

/// A supervisor is needed at this desk, or (`done`) not any more.
pub async fn turn(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (user, name, done) = (staff.user.clone(), slug.clone(), fields.get("done") == "yes");
    let outage = ask(&office, move |office| {
        let outage = office.outage_named(&name)?;
        match done {
            true => office.withdraw_distress(&user, outage.id),
            false => office.raise_distress(&user, outage.id),
        }?;
        Ok(outage)
    })
    .await?;
    let href = format!("/outages/{slug}/desk");
    if !page::wants_fragment(&request) {
        return Ok(page::see_other(&href));
    }
    let card = Card {
        chrome: frame(&office, &staff, &outage, Place::Desk).await?,
        href,
        distressed: !done,
        said: match done {
            true => "Your supervisors are told.",
            false => "A supervisor is called.",
        },
    };
    Ok(page::page(StatusCode::OK, &card))
}
