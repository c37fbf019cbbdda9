//! Numbers with many citizens, for callers who choose them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{SwitchboardRow, SwitchboardsPage, compose, words};
use crate::domain::ids::HouseholdId;
use crate::outreach::Office;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::switchboards::{NotNow, Switchboard};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::session::Staff;
use crate::web::show::paging::Paging;
use crate::web::{page, show};

/// Rows of a page.
const ROWS: i64 = 50;
/// So many people are named.
const NAMED: usize = 3;

/// Which page.
#[derive(serde::Deserialize)]
pub struct Asked {
    /// From 1.
    page: Option<i64>,
}

/// The switchboards that wait for a call.
pub async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (slug, number) = (slug.into_inner(), asked.page.unwrap_or(1).clamp(1, 100_000));
    let read = move |office: &Office| {
        let found = office.switchboards(&slug, ((number - 1) * ROWS, ROWS))?;
        Ok((found, office.now()))
    };
    let ((book, found, total), now) = ask(&office, read).await?;
    let href = compose::href(&book);
    let chrome = frame(&office, &staff, &book.outage, Place::Desk).await?;
    let rows = found.iter().map(|one| row(&book, one, now)).collect();
    let page = SwitchboardsPage {
        chrome,
        paging: Paging::new(number, ROWS, total, format!("{href}/switchboards"), ""),
        href,
        switchboards: rows,
    };
    Ok(page::page(StatusCode::OK, &page))
}

fn row(book: &Rulebook, one: &Switchboard, now: crate::domain::timestamp::Timestamp) -> SwitchboardRow {
    let open = words::open(&one.people);
    let names: Vec<String> = open
        .iter()
        .take(NAMED)
        .map(|case| show::person::name(&case.given_name, &case.family_name))
        .collect();
    let more = open.len().saturating_sub(NAMED);
    let due = one.household.due_at.unwrap_or(now);
    SwitchboardRow {
        household: one.household.id,
        phone: show::person::phone(&one.household.phone),
        citizens: open.len(),
        names: match more {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        },
        state: show::stage::shown(&one.household.stage, None).dot,
        stage: show::stage::shown(&one.household.stage, None).label,
        not_now: match one.not_now {
            None => String::new(),
            Some(NotNow::Held) => "A colleague has it".to_owned(),
            Some(NotNow::Later) if due > now => {
                format!(
                    "From {}",
                    show::time::moment(due, now, &words::zone(&book.outage))
                )
            }
            Some(NotNow::Later) => "Outside calling hours there".to_owned(),
        },
    }
}

/// Takes one in hand.
pub async fn claim(
    staff: Staff,
    office: web::Data<Office>,
    target: web::Path<(String, HouseholdId)>,
) -> Result<HttpResponse, Error> {
    let (slug, household) = target.into_inner();
    ask(&office, move |office| {
        office.claim_switchboard(&staff.user, household)
    })
    .await?;
    Ok(page::see_other(&format!("/outages/{slug}/desk")))
}
