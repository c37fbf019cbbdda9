//! Call lists: who has which calls, splitting the pool, moving a leaver's work.

mod compose;
mod order;
pub mod page;
mod rebalance;
mod split;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::role::Role;
use crate::outreach::Office;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;

/// The call lists' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/lists", list);
    routes.get(Role::Supervisor, "/outages/{slug}/lists/split", split::preview);
    routes.post(Role::Supervisor, "/outages/{slug}/lists/split", split::deal);
    routes.post(Role::Supervisor, "/outages/{slug}/lists/order", order::change);
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/lists/rebalance",
        rebalance::preview,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/lists/rebalance",
        rebalance::done,
    );
    routes.post(Role::Supervisor, "/outages/{slug}/lists/undo", undo);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (outage, lists, accounts, step) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let lists = office.lists(outage.id)?;
        let step = office.latest_list_move(outage.id)?;
        Ok((outage, lists, office.accounts()?, step))
    })
    .await?;
    let chrome = frame(&office, &staff, &outage, Place::Lists).await?;
    let page = compose::list_page(chrome, &outage, (&lists, &accounts), step.as_ref());
    Ok(answer(StatusCode::OK, &page))
}

/// Moves back what was moved a moment ago.
async fn undo(
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, step) = (slug.into_inner(), fields.get("step").parse().unwrap_or_default());
    let base = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.undo_list_move(outage.id, step)?;
        Ok(address(&outage))
    })
    .await?;
    Ok(see_other(&format!("{base}/lists")))
}
