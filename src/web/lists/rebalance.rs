//! Moving one person's calls to others: first shown, then done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::compose;
use crate::domain::ids::UserId;
use crate::outreach::lists::Rebalance;
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::{ask, send_or_show_again};
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page_or_fragment;
use crate::web::session::Staff;

/// What a form says besides: with nobody ticked, the calls go to nobody's list. Without it a page may have lost its boxes.
const POOL: &str = "pool";

/// Whether it says who takes the calls: people, or nobody's list.
fn says_who(fields: &Fields) -> bool {
    let is_said = |to: &str| to == POOL || to.parse::<UserId>().is_ok();
    fields.has("to") && fields.all("to").all(is_said)
}

fn chosen(fields: &Fields) -> Rebalance {
    Rebalance {
        from: fields.get("from").parse().unwrap_or_default(),
        to: fields.all("to").filter_map(|id| id.parse().ok()).collect(),
        gone: fields.get("gone") == "yes",
        seen: None,
    }
}

/// Whoever leaves may have been ticked before they were chosen to leave.
fn leave_out_the_leaver(wish: &mut Rebalance) {
    let from = wish.from;
    wish.to.retain(|id| *id != from);
}

/// Shows who would take over how much. Nothing moves.
pub(super) async fn preview(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let mut wish = chosen(&Fields(query.into_inner()));
    leave_out_the_leaver(&mut wish);
    show(&request, &staff, &office, slug.into_inner(), wish, None).await
}

/// Moves what stands in the form, if it is as many calls as the button said; or only counts them.
pub(super) async fn done(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, mut wish) = (slug.into_inner(), chosen(&fields));
    if fields.only_counts() {
        leave_out_the_leaver(&mut wish);
        return show(&request, &staff, &office, slug, wish, None).await;
    }
    if wish.from == 0 {
        let problem = "Nothing was moved. Choose whose calls are moved.";
        return show(&request, &staff, &office, slug, wish, Some(problem.to_owned())).await;
    }
    if !says_who(&fields) {
        let problem = "Nothing was moved. Choose who takes the calls, or nobody\u{2019}s list. (The field \"to\" is missing: \
                       accounts, or \"pool\".)";
        return show(&request, &staff, &office, slug, wish, Some(problem.to_owned())).await;
    }
    let asked = Rebalance {
        seen: Some(fields.number_seen()),
        ..wish.clone()
    };
    let move_calls = move |office: &Office, outage: &Outage| office.rebalance(outage.id, &asked, false);
    let again = async |(_, told)| show(&request, &staff, &office, slug.clone(), wish, Some(told)).await;
    send_or_show_again(&office, &slug, "lists", move_calls, again).await
}

async fn show(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    slug: String,
    wish: Rebalance,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let asked = wish.clone();
    let (outage, lists, accounts, report) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let report = match asked.from {
            0 => Ok(None), // nobody is chosen yet
            _ => match office.rebalance(outage.id, &asked, true) {
                Err(outreach::Error::Invalid { message, .. }) => Err(message),
                report => Ok(Some(report?)),
            },
        };
        let lists = office.lists(outage.id)?;
        Ok((outage, lists, office.accounts()?, report))
    })
    .await?;
    let status = match (&report, &problem) {
        (Ok(_), None) => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let chrome = frame(office, staff, &outage, Place::Lists).await?;
    let mut page = compose::rebalance_page(chrome, &outage, (&lists, &accounts), &wish, report);
    page.problem = problem.or(page.problem);
    Ok(page_or_fragment(request, status, &page, &page.as_main()))
}
