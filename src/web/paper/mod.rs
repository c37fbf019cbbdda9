//! Paper lists: calls printed for somebody without a screen, and their results entered later.

mod enter;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::ids::{CallListId, UserId};
use crate::domain::role::Role;
use crate::outreach::paper::PaperList;
use crate::outreach::{self, Office};
use crate::store::cases::Case;
use crate::store::households::Household;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::look::Look;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::counted;
use crate::web::show::{address, person, time, zone};
use page::{CallRow, ListPage, ListRow, SheetPage};

/// The paper lists' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/paper", list);
    routes.post(Role::Supervisor, "/outages/{slug}/paper", print);
    routes.get(Role::Supervisor, "/outages/{slug}/paper/{id}", sheet);
    routes.get(Role::Supervisor, "/outages/{slug}/paper/{id}/enter", enter::show);
    routes.post(Role::Supervisor, "/outages/{slug}/paper/{id}/enter", enter::save);
    routes.post(Role::Supervisor, "/outages/{slug}/paper/{id}/back", give_back);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    show(&staff, &office, slug.into_inner(), None).await
}

async fn show(
    staff: &Staff,
    office: &Office,
    slug: String,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let (outage, lists, accounts, now) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let lists = office.paper_lists(outage.id)?;
        Ok((outage, lists, office.accounts()?, office.now()))
    })
    .await?;
    let name = |id: Option<UserId>| {
        let user = accounts.iter().find(|user| Some(user.id) == id);
        user.map(|user| user.name.clone()).unwrap_or_default()
    };
    let zone = zone(&outage);
    let rows = lists.iter().map(|(list, left)| ListRow {
        id: list.id,
        caller: name(list.paper_for),
        printed: time::moment(list.created_at, now, &zone),
        left: counted(i64::try_from(*left).unwrap_or(i64::MAX), "call", "calls"),
    });
    let on = accounts.iter().filter(|user| user.disabled_at.is_none());
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = ListPage {
        chrome: frame(office, staff, &outage, Place::Lists).await?,
        base: address(&outage),
        callers: on.map(|user| (user.id, user.name.clone())).collect(),
        lists: rows.collect(),
        problem,
    };
    Ok(answer(status, &page))
}

/// Puts calls on paper and shows the sheet.
async fn print(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (Ok(caller), Ok(calls)) = (
        fields.get("caller").parse::<UserId>(),
        fields.get("calls").parse(),
    ) else {
        let problem = "Choose who makes the calls, and how many there are.".to_owned();
        return show(&staff, &office, slug, Some(problem)).await;
    };
    let (user, name) = (staff.user.clone(), slug.clone());
    let printed = ask(&office, move |office| {
        let outage = office.outage_named(&name)?;
        let accounts = office.accounts()?;
        let caller = accounts.iter().find(|user| user.id == caller);
        let caller = caller.ok_or(outreach::Error::NotFound("account"))?;
        match office.print_calls(&user, outage.id, caller, calls) {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            printed => printed.map(|list| Ok(format!("{}/paper/{list}", address(&outage)))),
        }
    })
    .await?;
    match printed {
        Ok(sheet) => Ok(see_other(&sheet)),
        Err(problem) => show(&staff, &office, slug, Some(problem)).await,
    }
}

/// The sheet, to be printed from the browser.
async fn sheet(
    request: HttpRequest,
    office: web::Data<Office>,
    target: web::Path<(String, CallListId)>,
) -> Result<HttpResponse, Error> {
    let (paper, caller) = read(&office, target.into_inner().1).await?;
    let outage = &paper.book.outage;
    let zone = zone(outage);
    let page = SheetPage {
        look: Look::of(&request),
        caller,
        outage: outage.name.clone(),
        printed: time::moment(paper.list.created_at, office.now(), &zone),
        hours: outage.calling_window().words(),
        agency: outage.agency_name.clone(),
        down: time::window(outage.starts_at, outage.ends_at, &zone),
        outcomes: outcomes(&paper),
        calls: paper
            .calls
            .iter()
            .map(|(household, people)| call(household, people))
            .collect(),
    };
    Ok(answer(StatusCode::OK, &page))
}

/// A paper list, and whose calls it holds.
async fn read(office: &Office, id: CallListId) -> Result<(PaperList, String), Error> {
    ask(office, move |office| {
        let paper = office.paper_list(id)?;
        let caller = office
            .accounts()?
            .into_iter()
            .find(|user| Some(user.id) == paper.list.paper_for);
        Ok((paper, caller.map(|user| user.name).unwrap_or_default()))
    })
    .await
}

/// The outcomes that are ticked on paper, each with the key it has on the desk.
fn outcomes(paper: &PaperList) -> Vec<(String, String)> {
    let offered = paper.book.outcomes.offered();
    offered
        .map(|outcome| (outcome.key.clone(), outcome.label.clone()))
        .collect()
}

/// Everyone at a number who is still open.
fn names(people: &[Case]) -> String {
    let open = people.iter().filter(|case| case.stage != "closed");
    let names: Vec<String> = open
        .map(|case| person::name(&case.given_name, &case.family_name))
        .collect();
    names.join(", ")
}

fn call(household: &Household, people: &[Case]) -> CallRow {
    let open: Vec<&Case> = people.iter().filter(|case| case.stage != "closed").collect();
    let payments: i64 = open.iter().map(|case| i64::from(case.transactions)).sum();
    CallRow {
        people: names(people),
        phone: person::phone(&household.phone),
        tried: match household.tries / 2 {
            0 => "First".to_owned(),
            1 => "2nd".to_owned(),
            2 => "3rd".to_owned(),
            more => format!("{}th", more + 1),
        },
        failed: counted(payments, "payment", "payments"),
        code: open.first().map(|case| case.code.clone()).unwrap_or_default(),
        language: household
            .language
            .as_deref()
            .map(person::language)
            .unwrap_or_default(),
    }
}

/// What has no result goes back to the caller's list.
async fn give_back(
    staff: Staff,
    office: web::Data<Office>,
    target: web::Path<(String, CallListId)>,
) -> Result<HttpResponse, Error> {
    let (slug, id) = target.into_inner();
    ask(&office, move |office| office.give_paper_back(&staff.user, id)).await?;
    Ok(see_other(&format!("/outages/{slug}/paper")))
}
