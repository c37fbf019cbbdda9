//! The board: how far this outage is, polled every five seconds.

pub mod chart;
mod compose;
pub mod need;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page::{page, see_other, wants_fragment};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;
use page::Live;

/// The whole board.
#[derive(Template)]
#[template(path = "board/page.html")]
pub struct BoardPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The part that is polled.
    pub live: Live,
    /// The token of its form.
    pub csrf: String,
}

/// The part that is polled, for the page's own script.
#[derive(Template)]
#[template(path = "board/live.html")]
pub struct BoardLive {
    /// The part that is polled.
    pub live: Live,
    /// The token of its form.
    pub csrf: String,
}

/// What the address may ask for.
#[derive(serde::Deserialize)]
struct Asked {
    /// Anything here: the numbers stand still.
    paused: Option<String>,
}

/// The board's address.
pub fn routes(routes: &mut Routes) {
    routes.polled_get(Role::Supervisor, "/outages/{slug}/board", show);
    routes.post(Role::Supervisor, "/outages/{slug}/calls", stop);
    routes.post(Role::Supervisor, "/outages/{slug}/distress/{id}", come);
}

async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (outage, board) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let board = office.board(outage.id)?;
        Ok((outage, board))
    })
    .await?;
    let live = compose::live(&outage, &board, asked.paused.is_some());
    if wants_fragment(&request) {
        return Ok(fragment(&request, live, staff.chrome().csrf));
    }
    let chrome = frame(&office, &staff, &outage, Place::Board).await?;
    let csrf = chrome.csrf.clone();
    Ok(page(StatusCode::OK, &BoardPage { chrome, live, csrf }))
}

/// Stops all calls, or lets them go on.
async fn stop(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let stop = fields.yes_or_no("stop", "Choose whether calls stop or go on.")?;
    let (slug, by) = (slug.into_inner(), staff.user.id);
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.stop_calls(outage.id, stop, Some(by))?;
        Ok(format!("{}/board", address(&outage)))
    });
    Ok(see_other(&back.await?))
}

/// Comes to a caller who needs a supervisor.
async fn come(
    staff: Staff,
    office: web::Data<Office>,
    target: web::Path<(String, UserId)>,
) -> Result<HttpResponse, Error> {
    let ((slug, caller), by) = (target.into_inner(), staff.user.clone());
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.answer_distress(&by, outage.id, caller)?;
        Ok(format!("{}/board", address(&outage)))
    });
    Ok(see_other(&back.await?))
}

/// The moving part, unless the page has this very one.
fn fragment(request: &HttpRequest, live: Live, csrf: String) -> HttpResponse {
    let tag = format!("\"{}\"", live.tag());
    let seen = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|seen| seen.to_str().ok());
    if seen == Some(tag.as_str()) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    let mut answer = page(StatusCode::OK, &BoardLive { live, csrf });
    if let Ok(tag) = tag.parse() {
        answer.headers_mut().insert(ETAG, tag);
    }
    answer
}
