//! Outcomes: what callers can press, and what follows, as administrators set it.

mod compose;
pub mod page;
#[cfg(test)]
mod tests;
mod typed;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::role::Role;
use crate::outreach::outcomes::Draft;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use compose::Preview;
use typed::Typed;

/// The outcomes' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Admin, "/outcomes", list);
    routes.get(Role::Admin, "/outcomes/new", new);
    routes.post(Role::Admin, "/outcomes", add);
    routes.get(Role::Admin, "/outcomes/{key}", edit);
    routes.post(Role::Admin, "/outcomes/{key}", change);
    routes.post(Role::Admin, "/outcomes/{key}/place", place);
}

async fn list(staff: Staff, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    let outcomes = ask(&office, Office::outcomes).await?;
    Ok(answer(
        StatusCode::OK,
        &compose::list_page(staff.chrome(), &outcomes),
    ))
}

async fn new(staff: Staff) -> Result<HttpResponse, Error> {
    let page = compose::form_page(staff.chrome(), None, &Typed::default(), Preview::None, None);
    Ok(answer(StatusCode::OK, &page))
}

/// Adds an outcome, or shows its rule as a sentence first.
async fn add(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let typed = Typed::read(&fields);
    let draft = match typed.draft() {
        Ok(draft) => draft,
        Err(problem) => return Ok(refused(&staff, None, &typed, problem)),
    };
    if fields.get("go") == "preview" {
        let page = compose::form_page(staff.chrome(), None, &typed, Preview::Sentence(draft.rule), None);
        return Ok(answer(StatusCode::OK, &page));
    }
    let (user, key) = (staff.user.clone(), typed.form.key.clone());
    let added = ask(&office, move |office| {
        told(office.add_outcome(&user, &key, &draft))
    })
    .await?;
    match added {
        Ok(()) => Ok(see_other("/outcomes")),
        Err(problem) => Ok(refused(&staff, None, &typed, problem)),
    }
}

async fn edit(
    staff: Staff,
    office: web::Data<Office>,
    key: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let outcomes = ask(&office, Office::outcomes).await?;
    let outcome = outcomes.get(&key).ok_or(outreach::Error::NotFound("outcome"))?;
    let typed = Typed::of(outcome);
    let page = compose::form_page(staff.chrome(), Some(outcome), &typed, Preview::None, None);
    Ok(answer(StatusCode::OK, &page))
}

/// Changes an outcome, or shows what its rule would do first.
async fn change(
    staff: Staff,
    office: web::Data<Office>,
    key: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let key = key.into_inner();
    let outcomes = ask(&office, Office::outcomes).await?;
    let outcome = outcomes.get(&key).ok_or(outreach::Error::NotFound("outcome"))?;
    let typed = Typed::read(&fields);
    let draft: Draft = match typed.draft() {
        Ok(draft) => draft,
        Err(problem) => return Ok(refused(&staff, Some(outcome), &typed, problem)),
    };
    if fields.get("go") == "preview" {
        let (asked, rule) = (draft.clone(), draft.rule);
        let effect = ask(&office, move |office| office.effect_of_rule(&key, &asked)).await?;
        let preview = Preview::Effect(rule, effect);
        let page = compose::form_page(staff.chrome(), Some(outcome), &typed, preview, None);
        return Ok(answer(StatusCode::OK, &page));
    }
    let user = staff.user.clone();
    let changed = ask(&office, move |office| {
        told(office.change_outcome(&user, &key, &draft))
    })
    .await?;
    match changed {
        Ok(()) => Ok(see_other("/outcomes")),
        Err(problem) => Ok(refused(&staff, Some(outcome), &typed, problem)),
    }
}

/// Moves an outcome up or down, takes it off the desk or puts it back.
async fn place(
    staff: Staff,
    office: web::Data<Office>,
    key: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (key, to) = (key.into_inner(), fields.get("to").to_owned());
    ask(&office, move |office| match to.as_str() {
        "up" | "down" => office.move_outcome(&staff.user, &key, to == "up"),
        "retired" | "offered" => office.retire_outcome(&staff.user, &key, to == "retired"),
        _ => Err(outreach::Error::NotFound("place")),
    })
    .await?;
    Ok(see_other("/outcomes"))
}

type Problem = (&'static str, String);

/// What was typed wrong is shown where it was typed.
fn told(done: outreach::Result<()>) -> outreach::Result<Result<(), Problem>> {
    match done {
        Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
        done => done.map(Ok),
    }
}

fn refused(
    staff: &Staff,
    outcome: Option<&crate::domain::outcome::Outcome>,
    typed: &Typed,
    problem: Problem,
) -> HttpResponse {
    let page = compose::form_page(staff.chrome(), outcome, typed, Preview::None, Some(problem));
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
