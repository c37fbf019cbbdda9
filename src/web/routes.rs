//! The only door for a page's address: whoever opens one says who may pass it.

use super::session;
use crate::domain::role::Role;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, Responder, Route, web};

/// One address and who may pass it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// GET or POST.
    pub method: Method,
    /// Its pattern, such as `/outages/{slug}/board`.
    pub path: &'static str,
    /// The least role; `None` is open to everybody.
    pub least: Option<Role>,
}

/// Collects the addresses of all pages. A staff route needs a session and a least role, both checked
/// before its handler runs; there is no way to declare one without.
pub struct Routes<'a> {
    config: &'a mut web::ServiceConfig,
    declared: &'a mut Vec<Declared>,
}

impl<'a> Routes<'a> {
    /// Registers into `config` and notes in `declared`.
    pub fn new(config: &'a mut web::ServiceConfig, declared: &'a mut Vec<Declared>) -> Self {
        Self { config, declared }
    }

    /// A page for staff of at least this role.
    pub fn get<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, Some(least), path, web::get().to(handler));
    }

    /// A form's address for staff of at least this role. The form's token was checked when its handler runs.
    pub fn post<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, Some(least), path, web::post().to(handler));
    }

    /// A page for everybody.
    pub fn open_get<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, None, path, web::get().to(handler));
    }

    /// A form's address for everybody: it must come from our own page; a token is the handler's business.
    pub fn open_post<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, None, path, web::post().to(handler));
    }

    fn add(&mut self, method: Method, least: Option<Role>, path: &'static str, route: Route) {
        let route = match least {
            Some(least) => route.wrap(from_fn(move |request, next| session::admit(least, request, next))),
            None => route.wrap(from_fn(session::from_our_own_page)),
        };
        self.config.route(path, route);
        self.declared.push(Declared { method, path, least });
    }
}
