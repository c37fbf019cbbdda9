//! The API's addresses as resources, each of which says which methods it takes.

use super::problem::Problem;
use super::{act, token};
use crate::web::routes::{Declared, Routes};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, Resource, ResponseError, Route, web};

/// All but the open addresses need a token.
pub(super) fn with_token(route: Route, declared: &Declared) -> Route {
    let kept = act::kept(declared);
    match declared.least {
        Some(least) => route.wrap(from_fn(move |request, next| {
            token::admit(least, kept, request, next)
        })),
        None => route,
    }
}

/// One resource for each address under `prefix`, which refuses the methods it does not have.
pub(super) fn resources(routes: Routes, prefix: &str) -> Vec<Resource> {
    let mut by_path: Vec<(&'static str, Vec<Method>, Vec<Route>)> = Vec::new();
    for (Declared { method, path, .. }, route) in routes.into_routes() {
        match by_path.iter_mut().find(|(known, ..)| *known == path) {
            Some((_, methods, routes)) => {
                methods.push(method);
                routes.push(route);
            }
            None => by_path.push((path, vec![method], vec![route])),
        }
    }
    by_path
        .into_iter()
        .map(|(path, methods, routes)| {
            let path = path.strip_prefix(prefix).unwrap_or(path);
            let refuse = web::to(move || std::future::ready(other_method(&methods)));
            let resource = web::resource(path).default_service(refuse);
            routes.into_iter().fold(resource, Resource::route)
        })
        .collect()
}

fn other_method(allowed: &[Method]) -> HttpResponse {
    let allowed: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let allowed = allowed.join(", ");
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("This address takes {allowed}."),
    );
    let mut answer = problem.error_response();
    if let Ok(value) = header::HeaderValue::from_str(&allowed) {
        answer.headers_mut().insert(header::ALLOW, value);
    }
    answer
}
