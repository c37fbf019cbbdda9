//! The search box: who rings in is found by any piece of a name, number, account or case number.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{FindPage, Found};
use crate::outreach::Office;
use crate::store::cases::Case;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::session::Staff;
use crate::web::{page, show};

/// So many are shown.
const SHOWN: usize = 30;

/// Shows who was found. A form posts it, so that no name stands in an address or a log.
pub async fn find(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let sought: String = fields.get("q").chars().take(80).collect();
    let (slug, text) = (slug.into_inner(), sought.clone());
    let (outage, mut found) = ask(&office, move |office| office.find_people(&slug, &text, SHOWN + 1)).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let mut chrome = frame(&office, &staff, &outage, Place::Desk).await?;
    chrome.place = None;
    let href = format!("/outages/{}/desk", outage.slug);
    let found = found.iter().map(row).collect();
    Ok(page::page(
        StatusCode::OK,
        &FindPage {
            chrome,
            href,
            sought,
            found,
            more,
        },
    ))
}

fn row(case: &Case) -> Found {
    let stage = show::stage::shown(&case.stage, case.resolution.as_deref());
    Found {
        name: show::person::name(&case.given_name, &case.family_name),
        case: case.id,
        phone: case.phone.as_deref().map(show::person::phone).unwrap_or_default(),
        account: case.account_id.clone().unwrap_or_default(),
        stage: stage.label,
        state: stage.dot,
        household: case.household_id,
    }
}
