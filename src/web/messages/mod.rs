//! E-mail: what was sent and what became of it, and sending to many.

mod compose;
pub mod page;
mod send;
#[cfg(test)]
mod tests;
pub(super) mod words;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::{CampaignId, MessageId};
use crate::domain::message::MessageState;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::fate::Decision;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;

/// Rows of a page.
const ROWS: i64 = 50;

#[derive(serde::Deserialize)]
struct Asked {
    /// A state.
    state: Option<String>,
    /// The page, from 1.
    page: Option<i64>,
}

/// The e-mail pages' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/messages", log);
    routes.get(Role::Supervisor, "/outages/{slug}/messages/send", send::count);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/send", send::send);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/campaigns", pause);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/campaigns/{id}", steer);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/{id}/settle", settle);
}

async fn log(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let word = asked.state.as_deref().unwrap_or_default();
    let state = MessageState::ALL.into_iter().find(|state| state.as_str() == word);
    let page = asked.page.unwrap_or(1).clamp(1, 1_000_000);
    let (outage, found, now) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let found = office.message_log(outage.id, state, (page - 1) * ROWS, ROWS)?;
        Ok((outage, found, office.now()))
    })
    .await?;
    let chrome = frame(&office, &staff, &outage, Place::Messages).await?;
    let log = compose::Log {
        outage: &outage,
        found: &found,
        state,
        page,
        now,
    };
    Ok(answer(StatusCode::OK, &log.page(chrome, &office.config)))
}

/// A person decides about a message whose fate nobody saw.
async fn settle(
    office: web::Data<Office>,
    path: web::Path<(String, MessageId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, id) = path.into_inner();
    let decision = match fields.get("decision") {
        "again" => Decision::SendAgain,
        _ => Decision::CountAsSent,
    };
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.settle_uncertain(id, decision)?;
        Ok(format!("{}/messages?state=uncertain", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}

/// Holds one mailing, lets it go on, or stops it for good.
async fn steer(
    office: web::Data<Office>,
    path: web::Path<(String, CampaignId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let ((slug, id), to) = (path.into_inner(), fields.get("to").to_owned());
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        match to.as_str() {
            "stopped" => office.stop_campaign(outage.id, id).map(|_| ())?,
            to => office.pause_campaign(outage.id, id, to == "paused")?,
        }
        Ok(format!("{}/messages", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}

/// Holds all mailings of the outage, or lets them go on.
async fn pause(
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, hold) = (slug.into_inner(), fields.get("hold") == "yes");
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.pause_campaigns(outage.id, hold)?;
        Ok(format!("{}/messages", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}
