//! The search box: who rings in is found by any piece of a name, number, account or case number.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{FindPage, Found, FoundPart};
use crate::domain::role::Role;
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
/// So many under the box while somebody types.
const TYPING: usize = 8;

/// Shows who was found. A form posts it, so that no name stands in an address or a log.
pub async fn find(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let sought: String = fields.get("q").chars().take(80).collect();
    let typing = page::wants_fragment(&request);
    if typing && sought.is_empty() {
        return Ok(HttpResponse::Ok().finish());
    }
    let shown = if typing { TYPING } else { SHOWN };
    let (slug, text) = (slug.into_inner(), sought.clone());
    let (outage, mut found) = ask(&office, move |office| office.find_people(&slug, &text, shown + 1)).await?;
    let more = found.len() > shown;
    found.truncate(shown);
    let href = format!("/outages/{}/desk", outage.slug);
    let reads_all = staff.user.must_be(Role::Supervisor).is_ok();
    let address = |case: &Case| match reads_all {
        true => format!("/cases/{}", case.id),
        false => format!(
            "/cases/{}?found={}",
            case.id,
            office.word_of_found(&staff.user, case.id)
        ),
    };
    let found = found.iter().map(|case| row(case, address(case))).collect();
    if typing {
        let chrome = staff.chrome();
        let part = FoundPart {
            chrome,
            href,
            found,
            more,
        };
        return Ok(page::page(StatusCode::OK, &part));
    }
    let mut chrome = frame(&office, &staff, &outage, Place::Desk).await?;
    chrome.place = None;
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

fn row(case: &Case, case_href: String) -> Found {
    let stage = show::stage::shown(&case.stage, case.resolution.as_deref());
    Found {
        name: show::person::name(&case.given_name, &case.family_name),
        case: case.id,
        case_href,
        phone: case.phone.as_deref().map(show::person::phone).unwrap_or_default(),
        account: case.account_id.clone().unwrap_or_default(),
        stage: stage.label,
        state: stage.dot,
        household: case.household_id,
    }
}
