//! The only door for an address of the API: whoever opens one says who may pass it.

use super::problem::Problem;
use super::token;
use crate::domain::role::Role;
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, ResponseError, Route, web};

/// One address and who may pass it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its method.
    pub method: Method,
    /// Its pattern, such as `/api/v1/claims/{id}`.
    pub path: &'static str,
    /// The least role; `None` is open to everybody.
    pub least: Option<Role>,
}

/// Collects the addresses of the API. All but the open ones need a token and a least role, checked
/// before their handler runs; there is no way to declare one without.
#[derive(Default)]
pub struct Routes {
    collected: Vec<(Declared, Route)>,
}

impl Routes {
    /// Read by owners of a token of at least this role.
    pub fn get<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, Some(least), path, web::get().to(handler));
    }

    /// Done by owners of a token of at least this role.
    pub fn post<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, Some(least), path, web::post().to(handler));
    }

    /// Taken away by owners of a token of at least this role.
    pub fn delete<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::DELETE, Some(least), path, web::delete().to(handler));
    }

    /// Read by everybody.
    pub fn open_get<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, None, path, web::get().to(handler));
    }

    fn add(&mut self, method: Method, least: Option<Role>, path: &'static str, route: Route) {
        let route = match least {
            Some(least) => route.wrap(from_fn(move |request, next| token::admit(least, request, next))),
            None => route,
        };
        self.collected.push((Declared { method, path, least }, route));
    }

    /// What was declared.
    pub fn declared(&self) -> Vec<Declared> {
        self.collected
            .iter()
            .map(|(declared, _)| declared.clone())
            .collect()
    }

    /// One resource for each address under `prefix`, which refuses the methods it does not have.
    pub(super) fn resources(self, prefix: &str) -> Vec<Resource> {
        let mut by_path: Vec<(&'static str, Vec<Method>, Vec<Route>)> = Vec::new();
        for (Declared { method, path, .. }, route) in self.collected {
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
