//! The promise ledger: every callback, letter and remedy, until when, by whom, and whether it was kept.

mod compose;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::RemedyId;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::promises::Filter;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;
use crate::web::show::paging::Paging;

pub use compose::rate;

/// Rows of a page.
const ROWS: i64 = 50;

/// What the address asks for; words that mean nothing are passed over.
#[derive(Clone, Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    owner: String,
    /// The page, from 1.
    #[serde(default)]
    page: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            kind: self.kind.parse().ok(),
            standing: self.standing.parse().ok(),
            owner: self.owner.parse().ok(),
        }
    }
}

/// The same filter, for the links to other pages.
fn query(filter: &Filter) -> String {
    let kept = [
        filter.kind.map(|kind| format!("kind={kind}")),
        filter.standing.map(|standing| format!("standing={standing}")),
        filter.owner.map(|owner| format!("owner={owner}")),
    ];
    kept.into_iter().flatten().collect::<Vec<_>>().join("&")
}

/// The ledger's addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/promises", list);
    routes.post(Role::Supervisor, "/outages/{slug}/promises/remedies/{id}", mark);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (slug, filter) = (slug.into_inner(), asked.filter());
    let number = asked.page.unwrap_or(1).clamp(1, 1_000_000);
    let wanted = filter.clone();
    let (outage, ledger, accounts) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let ledger = office.promises(outage.id, &wanted, ((number - 1) * ROWS, ROWS))?;
        Ok((outage, ledger, office.accounts()?))
    })
    .await?;
    let paging = Paging::new(
        number,
        ROWS,
        ledger.total,
        format!("{}/promises", address(&outage)),
        query(&filter),
    );
    let chrome = frame(&office, &staff, &outage, Place::Promises).await?;
    let page = compose::ledger_page(chrome, &outage, (&ledger, &accounts), &filter, paging);
    Ok(answer(StatusCode::OK, &page))
}

/// Marks a remedy as done, or as not done.
async fn mark(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, RemedyId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let done = fields.yes_or_no("done", "Choose whether it is done.")?;
    let (slug, id) = path.into_inner();
    let base = ask(&office, move |office| {
        office.keep_remedy(&staff.user, id, done)?;
        Ok(address(&office.outage_named(&slug)?))
    })
    .await?;
    Ok(see_other(&format!("{base}/promises?kind=remedy")))
}
