//! E-mail: what was sent and what became of it, and sending to many.

mod compose;
mod filter;
mod log;
pub mod page;
mod recipients;
mod send;
#[cfg(test)]
mod tests;
pub(super) mod words;

use actix_web::{HttpResponse, web};

use crate::domain::ids::{CampaignId, DiagnosisId, MessageId};
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::fate::Decision;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::{Fields, missing};
use crate::web::page::see_other;
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;

/// Rows of a page.
const ROWS: i64 = 50;

/// The e-mail pages' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/messages", log::log);
    routes.get(Role::Supervisor, "/outages/{slug}/messages/log.csv", log::csv);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/find", log::find);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/retry", log::retry_all);
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/messages/{id}/retry",
        log::retry,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/messages/{id}/address",
        log::correct,
    );
    routes.get(Role::Supervisor, "/outages/{slug}/messages/send", send::count);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/send", send::send);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/campaigns", pause);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/campaigns/{id}", steer);
    routes.post(Role::Supervisor, "/outages/{slug}/messages/{id}/settle", settle);
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/messages/diagnoses/{id}",
        believe,
    );
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
        "sent" => Decision::CountAsSent,
        _ => {
            return Err(missing(
                "decision",
                "Choose whether it counts as sent or is sent again.",
            ));
        }
    };
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.settle_uncertain(id, decision)?;
        Ok(format!("{}/messages?state=uncertain", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}

/// Believes what servers say of many addresses at once, or takes all of it back.
async fn believe(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, DiagnosisId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let believed = fields.yes_or_no("believe", "Choose whether these addresses are dead.")?;
    let ((slug, id), why) = (path.into_inner(), fields.get("why").to_owned());
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        match believed {
            true => office.believe(&staff.user, id)?,
            false => office.disbelieve(&staff.user, id, &why)?,
        }
        Ok(format!("{}/messages", address(&outage)))
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
    if !["running", "paused", "stopped"].contains(&to.as_str()) {
        return Err(missing(
            "to",
            "Choose whether the mailing is held, goes on, or stops for good.",
        ));
    }
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
    let hold = fields.yes_or_no("hold", "Choose whether the mailings are held or go on.")?;
    let slug = slug.into_inner();
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.pause_campaigns(outage.id, hold)?;
        Ok(format!("{}/messages", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}
