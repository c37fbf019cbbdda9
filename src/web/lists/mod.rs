//! Call lists: who has which calls, splitting the pool, moving a leaver's work.

mod compose;
pub mod page;
mod split;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::outreach::{self, Office};
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
    routes.get(Role::Supervisor, "/outages/{slug}/lists/rebalance", choose_leaver);
    routes.post(Role::Supervisor, "/outages/{slug}/lists/rebalance", rebalance);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (outage, lists, accounts) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let lists = office.lists(outage.id)?;
        Ok((outage, lists, office.accounts()?))
    })
    .await?;
    let chrome = frame(&office, &staff, &outage, Place::Lists).await?;
    Ok(answer(
        StatusCode::OK,
        &compose::list_page(chrome, &outage, &lists, &accounts),
    ))
}

async fn choose_leaver(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    show_rebalance(&staff, &office, slug.into_inner(), Vec::new(), None).await
}

async fn rebalance(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, from) = (slug.into_inner(), fields.get("from").parse().unwrap_or_default());
    let to: Vec<UserId> = fields.all("to").filter_map(|id| id.parse().ok()).collect();
    let moved = {
        let (slug, to) = (slug.clone(), to.clone());
        ask(&office, move |office| {
            let outage = office.outage_named(&slug)?;
            match office.rebalance(outage.id, from, &to, false) {
                Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
                moved => moved.map(|_| Ok(address(&outage))),
            }
        })
        .await?
    };
    match moved {
        Ok(base) => Ok(see_other(&format!("{base}/lists"))),
        Err(problem) => show_rebalance(&staff, &office, slug, to, Some((from, problem))).await,
    }
}

async fn show_rebalance(
    staff: &Staff,
    office: &Office,
    slug: String,
    to: Vec<UserId>,
    problem: Option<(UserId, String)>,
) -> Result<HttpResponse, Error> {
    let (outage, lists, accounts) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let lists = office.lists(outage.id)?;
        Ok((outage, lists, office.accounts()?))
    })
    .await?;
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let chrome = frame(office, staff, &outage, Place::Lists).await?;
    let page = compose::rebalance_page(chrome, &outage, &lists, &accounts, (&to, problem));
    Ok(answer(status, &page))
}
