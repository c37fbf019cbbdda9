//! A practice call: the desk with invented people. Every key does what it does, and nothing is saved.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::{Entered, Whom};
use super::compose::{self, Beside};
use super::form::Problem;
use super::people::People;
use super::{Shown, State, callback, words};
use crate::domain::ids::ClaimId;
use crate::outreach::Office;
use crate::outreach::desk::Desk;
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page;
use crate::web::session::Staff;

/// An invented household on the desk.
pub async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    shown: web::Query<Shown>,
) -> Result<HttpResponse, Error> {
    let desk = practice(&office, &staff, slug.into_inner(), fresh()).await?;
    let shown = shown.into_inner();
    let entered = Entered {
        speaking: shown.speaking,
        ..Entered::default()
    };
    let beside = Beside {
        shown,
        entered,
        ..Beside::default()
    };
    answer(&request, &office, &staff, &desk, beside, String::new()).await
}

/// What would follow from the outcome, or the question that it asks.
pub async fn outcome(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: web::Path<(String, ClaimId)>,
    shown: web::Query<Shown>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, claim) = target.into_inner();
    let entered = Entered::read(&fields);
    let desk = practice(&office, &staff, slug.clone(), claim).await?;
    let beside = |problems| Beside {
        shown: shown.into_inner(),
        entered: entered.clone(),
        problems,
        ..Beside::default()
    };
    match played(&desk, &staff, &entered) {
        Played::Asks => {
            answer(
                &request,
                &office,
                &staff,
                &desk,
                beside(Vec::new()),
                String::new(),
            )
            .await
        }
        Played::Wrong(problem) => {
            answer(
                &request,
                &office,
                &staff,
                &desk,
                beside(vec![problem]),
                String::new(),
            )
            .await
        }
        Played::Over(told) => {
            let again = practice(&office, &staff, slug, fresh()).await?;
            answer(&request, &office, &staff, &again, Beside::default(), told).await
        }
    }
}

/// What came of the form.
enum Played {
    /// The outcome, or the skip, asks something first.
    Asks,
    /// Something must be corrected.
    Wrong(Problem),
    /// In words, what a real call would have led to.
    Over(String),
}

fn played(desk: &Desk, staff: &Staff, entered: &Entered) -> Played {
    let Some(call) = &desk.call else {
        return Played::Over(String::new());
    };
    if entered.skip {
        return match entered.skip_reason {
            None => Played::Asks,
            Some(_) => Played::Over("You skipped them: they would come again later.".to_owned()),
        };
    }
    let cases = match entered.for_whom(&desk.book, &People::of(call, entered.on_line())) {
        Whom::All => None,
        Whom::These(cases) => Some(cases),
        Whom::Asked => return Played::Asks,
        Whom::Wait(problem) => return Played::Wrong(problem),
    };
    if entered.looks_around || entered.asks(&desk.book) {
        return Played::Asks;
    }
    let zones = Rulebook::zones(&call.household.time_zone);
    let happened = match entered.happened(&desk.book, &zones, desk.now, cases) {
        Ok(happened) => happened,
        Err(problem) => return Played::Wrong(problem),
    };
    match desk.practised(&staff.user, &happened) {
        Err(problem) => Played::Wrong(Problem::new("callback", problem)),
        Ok(people) => Played::Over(told(desk, entered.outcome(), &people)),
    }
}

fn told(desk: &Desk, outcome: &str, people: &[Case]) -> String {
    let known = desk.book.outcomes.get(outcome);
    let label = known.map_or(outcome, |outcome| &outcome.label);
    let zone = words::zone(&desk.book.outage);
    let whom: Vec<&Case> = people.iter().collect();
    let follows = words::follows(people, known, desk.now, &zone);
    format!(
        "You recorded \u{201c}{label}\u{201d} for {}. {follows}",
        words::together(&whom)
    )
}

/// A call of its own, so that nothing typed before slips into it. No claim has such a number.
fn fresh() -> ClaimId {
    -i64::from(rand::random::<u32>()) - 1
}

async fn practice(office: &Office, staff: &Staff, slug: String, claim: ClaimId) -> Result<Desk, Error> {
    let user = staff.user.clone();
    ask(office, move |office| office.practice(&user, &slug, claim)).await
}

async fn answer(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    desk: &Desk,
    mut beside: Beside,
    told: String,
) -> Result<HttpResponse, Error> {
    if let Some(call) = &desk.call {
        let zones = Rulebook::zones(&call.household.time_zone);
        beside.times = callback::times(office, (&desk.book, zones, desk.now), &beside.entered).await?;
    }
    let status = match beside.problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let chrome = frame(office, staff, &desk.book.outage, Place::Desk).await?;
    let mut page = compose::desk(chrome, staff.user.first_name(), desk, beside);
    page.practice = Some(told);
    page.undo = None;
    page.claim = 0;
    if let State::Call(call) = &mut page.state {
        call.case_href.clear();
        call.case_label.clear();
        call.dial.phone.href = "#who".to_owned(); // dials nobody
    }
    Ok(page::page_or_fragment(request, status, &page, &page.as_main()))
}
