//! The only door for an address: whoever opens one says who may pass it. Pages and the API have one door each.

use crate::domain::role::Role;
use actix_web::guard;
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, web};

/// One address and who may pass it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Its pattern, such as `/outages/{slug}/board`.
    pub path: &'static str,
    /// The least role; `None` is open to everybody.
    pub least: Option<Role>,
    /// Pages ask it by themselves: who only lets a page stand open is not at work.
    pub polled: bool,
}

/// Lets only those through to a route who may pass it.
type Guard = fn(Route, &Declared) -> Route;

/// Collects addresses. All but the open ones need a least role, which the guard checks before their
/// handler runs; there is no way to declare one without.
pub struct Routes {
    guard: Guard,
    collected: Vec<(Declared, Route)>,
}

impl Routes {
    /// Addresses behind this guard.
    pub const fn behind(guard: Guard) -> Self {
        Self {
            guard,
            collected: Vec::new(),
        }
    }

    /// Read by people of at least this role.
    pub fn get<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, Some(least), path, reads().to(handler));
    }

    /// Read by people of at least this role, and by their pages again and again.
    pub fn polled_get<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add_polled(Method::GET, least, path, reads().to(handler));
    }

    /// Done by the pages of people of at least this role again and again.
    pub fn polled_post<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add_polled(Method::POST, least, path, web::post().to(handler));
    }

    /// Done by people of at least this role.
    pub fn post<F, Args>(&mut self, least: Role, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, Some(least), path, web::post().to(handler));
    }

    /// Taken away by people of at least this role.
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
        self.add(Method::GET, None, path, reads().to(handler));
    }

    /// Done by everybody; a form's token is the handler's business.
    pub fn open_post<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, None, path, web::post().to(handler));
    }

    /// Done by other people's programs, which have neither session nor page of ours: the address itself is the
    /// key, and nothing but what it names may change.
    pub fn bare_post<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let declared = declared(Method::POST, None, path);
        self.collected.push((declared, web::post().to(handler)));
    }

    fn add(&mut self, method: Method, least: Option<Role>, path: &'static str, route: Route) {
        self.guard(declared(method, least, path), route);
    }

    fn add_polled(&mut self, method: Method, least: Role, path: &'static str, route: Route) {
        let polled = true;
        let declared = declared(method, Some(least), path);
        self.guard(Declared { polled, ..declared }, route);
    }

    fn guard(&mut self, declared: Declared, route: Route) {
        let guarded = (self.guard)(route, &declared);
        self.collected.push((declared, guarded));
    }

    /// What was declared.
    pub fn declared(&self) -> Vec<Declared> {
        let declared = self.collected.iter().map(|(declared, _)| declared);
        declared.cloned().collect()
    }

    /// The addresses with their guarded routes, in the order in which they were declared.
    pub fn into_routes(self) -> impl Iterator<Item = (Declared, Route)> {
        self.collected.into_iter()
    }
}

/// HEAD is answered as GET, without the body (RFC 9110).
pub(crate) fn reads() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

const fn declared(method: Method, least: Option<Role>, path: &'static str) -> Declared {
    Declared {
        method,
        path,
        least,
        polled: false,
    }
}
