//! The API for programs, `/api/v1`: bearer tokens, JSON, and problem documents for whatever goes wrong.
//!
//! It does the same verbs of `outreach` as the pages. A handler reads *who, what, do, answer*; no rule
//! and no query stands here. `/api/openapi.json` describes every address.

mod act;
mod attempts;
mod body;
mod bounces;
mod campaigns;
mod cases;
mod claims;
mod imports;
mod mail_hold;
mod messages;
mod openapi;
mod outages;
mod paging;
pub mod problem;
mod promises;
mod refused;
mod resources;
mod shifts;
mod suppressions;
mod token;
mod verb;

use crate::web::routes::{Declared, Routes};
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, error, web};
use problem::Problem;

const PREFIX: &str = "/api";

/// What a handler answers.
type Answer = Result<HttpResponse, Problem>;

fn all() -> Routes {
    let mut routes = Routes::behind(resources::with_token);
    openapi::routes(&mut routes);
    outages::routes(&mut routes);
    imports::routes(&mut routes);
    claims::routes(&mut routes);
    attempts::routes(&mut routes);
    cases::routes(&mut routes);
    bounces::routes(&mut routes);
    campaigns::routes(&mut routes);
    messages::routes(&mut routes);
    mail_hold::routes(&mut routes);
    suppressions::routes(&mut routes);
    promises::routes(&mut routes);
    shifts::routes(&mut routes);
    routes
}

/// Every address of the API and who may use it.
pub fn declared() -> Vec<Declared> {
    all().declared()
}

/// Registers the API.
pub fn routes(config: &mut web::ServiceConfig) {
    let scope = web::scope(PREFIX)
        .app_data(web::PathConfig::default().error_handler(unreadable_path))
        .app_data(web::QueryConfig::default().error_handler(unreadable_query))
        .default_service(web::to(no_such_address))
        .wrap(from_fn(problem::in_documents));
    let scope = resources::resources(all(), PREFIX)
        .into_iter()
        .fold(scope, |scope, resource| scope.service(resource));
    config.service(scope);
}

async fn no_such_address() -> Answer {
    Err(Problem::not_found(
        "address; /api/openapi.json lists those there are",
    ))
}

/// An id that is no number is nothing's id.
fn unreadable_path(_: error::PathError, _: &actix_web::HttpRequest) -> actix_web::Error {
    Problem::not_found("thing; its id in the address is not a number").into()
}

fn unreadable_query(error: error::QueryPayloadError, _: &actix_web::HttpRequest) -> actix_web::Error {
    Problem::invalid("query", format!("The query cannot be read: {error}.")).into()
}
