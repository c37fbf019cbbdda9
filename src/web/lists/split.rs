//! Dealing the pool: first shown, then done with the very choice that was shown.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::PlanPart;
use super::{compose, order};
use crate::domain::hours;
use crate::domain::ids::UserId;
use crate::domain::split::By;
use crate::outreach::lists::{ASSUMED_TENTHS, Split};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::{ask, send_or_show_again};
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page_or_fragment;
use crate::web::session::Staff;

/// The largest share one person can be given.
const LARGEST_SHARE: u32 = 100;

/// What was chosen: on the page that only shows, nobody chosen at all is everybody.
pub(super) fn chosen(fields: &Fields) -> Split {
    let by = fields.get("by").parse().unwrap_or(By::Even);
    let share = |id: UserId| match by {
        By::Time => hours::tenths(fields.get(&format!("hours_{id}"))).unwrap_or(ASSUMED_TENTHS),
        _ => {
            let share = fields.get(&format!("weight_{id}")).parse();
            share.unwrap_or(1).min(LARGEST_SHARE)
        }
    };
    let ticked = |name: &str| fields.get(name) == "yes";
    let callers = fields.all("caller").filter_map(|id| id.parse().ok());
    Split {
        by,
        callers: callers.map(|id| (id, share(id))).collect(),
        seed: fields.get("seed").parse().unwrap_or(1),
        again: ticked("again"),
        keep_tried: ticked("keep_tried"),
        speakers_first: ticked("speakers_first"),
        seen: None,
    }
}

/// Shows who would get what. Nothing moves.
pub(super) async fn preview(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Error> {
    let split = chosen(&Fields(query.into_inner()));
    show(&request, &staff, &office, slug.into_inner(), split, None).await
}

async fn show(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    slug: String,
    split: Split,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let asked = split.clone();
    let (outage, lists, accounts, report, refreshing) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let report = match office.split(outage.id, &asked, true) {
            Err(outreach::Error::Invalid { message, .. }) => Err(message),
            report => Ok(report?),
        };
        let lists = office.lists(outage.id)?;
        let refreshing = office.refreshing(outage.id)?;
        Ok((outage, lists, office.accounts()?, report, refreshing))
    })
    .await?;
    let status = match (&report, &problem) {
        (Ok(_), None) => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut plan = compose::plan((&outage, office.now()), &split, (&lists, &accounts), report);
    plan.problem = problem.or(plan.problem);
    let chrome = frame(office, staff, &outage, Place::Lists).await?;
    let part = PlanPart { plan: plan.clone() };
    let page = compose::split_page(chrome, &outage, &split, (plan, order::part(&outage, refreshing)));
    Ok(page_or_fragment(request, status, &page, &part))
}

/// Deals what stands in the form, if it moves as many calls as the button said; or only counts them.
pub(super) async fn deal(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, split) = (slug.into_inner(), chosen(&fields));
    if fields.only_counts() {
        return show(&request, &staff, &office, slug, split, None).await;
    }
    let nobody = split.callers.is_empty() && split.by != By::Shared;
    if nobody || fields.get("by").is_empty() {
        let problem =
            "Nothing was dealt. Choose how calls are dealt and who gets some; everybody is a choice.";
        return show(&request, &staff, &office, slug, split, Some(problem.to_owned())).await;
    }
    let asked = Split {
        seen: Some(fields.number_seen()),
        ..split.clone()
    };
    let deal = move |office: &Office, outage: &Outage| office.split(outage.id, &asked, false);
    let again = async |(_, told)| show(&request, &staff, &office, slug.clone(), split, Some(told)).await;
    send_or_show_again(&office, &slug, "lists", deal, again).await
}
