//! Who is at the browser, and the check that stands before every staff page ([`mod@super::routes`]).

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, HttpMessage, HttpRequest, Route, web};
use std::future::{Ready, ready};

use super::ask::ask;
use super::error::Error;
use super::fields::Fields;
use super::form_token;
use super::layout::{Chrome, Viewer};
use super::look::Look;
use super::once;
use super::page::wants_fragment;
use super::routes::Declared;
use crate::db::Trouble;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::accounts::User;
use crate::outreach::once::Act;
use crate::outreach::sign_in::Use;

/// Somebody signed in, in this request.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who.
    pub user: User,
    /// What their forms carry: the session's token, and a key that is new each time a page is made.
    pub form_token: String,
    /// How pages look to them.
    pub look: Look,
}

impl Staff {
    /// Refuses a role below `least`.
    pub fn must_be(&self, least: Role) -> Result<(), Error> {
        self.user.must_be(least).map_err(Error::from)
    }

    /// What stands around a page that is about no outage.
    pub fn chrome(&self) -> Chrome {
        let role = self.user.role();
        let viewer = Viewer {
            name: self.user.name.clone(),
            email: self.user.email.clone(),
            supervises: role >= Role::Supervisor,
            administers: role >= Role::Admin,
        };
        let look = Look {
            keys: self.user.shortcuts,
            ..self.look
        };
        Chrome::new(viewer, self.form_token.clone(), look)
    }
}

impl FromRequest for Staff {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        ready(found.ok_or(Error::SignedOut { next: None }))
    }
}

/// The person whose session the request's cookie names, if it lives.
pub(super) async fn staff(request: &HttpRequest, used: Use) -> Result<Option<Staff>, Error> {
    let office = office(request)?;
    let Some(key) = key(request, &office) else {
        return Ok(None);
    };
    let form_token = form_token::fresh(&office, &key);
    let user = ask(&office, move |office| office.session_user(&key, used)).await?;
    Ok(user.map(|user| Staff {
        user,
        form_token,
        look: Look::of(request),
    }))
}

/// What stands before each page: staff routes need a session and a role, all others their own page's form.
pub(super) fn guarded(route: Route, declared: &Declared) -> Route {
    let kept = once::is_kept(declared);
    let used = if declared.polled { Use::Poll } else { Use::Person };
    match declared.least {
        Some(least) => route.wrap(from_fn(move |request, next| {
            admit(least, (kept, used), request, next)
        })),
        None => route.wrap(from_fn(from_our_own_page)),
    }
}

/// Middleware of a staff route: lets those pass who are signed in with at least this role and, where
/// something may change, whose form is ours. What has to be done once (`kept`) is known by its form.
async fn admit(
    least: Role,
    (kept, used): (bool, Use),
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(staff) = staff(request.request(), used).await? else {
        let next = came_from(request.request());
        return Err(Error::SignedOut { next }.into());
    };
    let mut act = None;
    if !request.method().is_safe() {
        let office = office(request.request())?;
        let key = form_token::check(&office, &staff.form_token, &mut request).await?;
        act = key.filter(|_| kept).map(|key| act_of(&staff, &key, &request));
    }
    staff.must_be(least)?;
    request.extensions_mut().insert(staff);
    let answer = once::under(act.clone(), next.call(request)).await?;
    if is_unknown(&answer) {
        let page = Error::unknown(answer.request().path(), act.is_some());
        return Ok(answer.into_response(page));
    }
    debug_assert!(
        once::was_met(act.as_ref(), answer.status()),
        "{}: done, neither by Office::once nor named in WITHOUT_KEY",
        answer.request().path()
    );
    Ok(answer)
}

/// Whether it is not known if what was asked for was done.
fn is_unknown(answer: &ServiceResponse<BoxBody>) -> bool {
    let error = answer.response().error().and_then(|error| error.as_error());
    matches!(error, Some(Error::Database(Trouble::Unknown)))
}

/// What a form asks for: where it was sent, and all that was entered. Of an upload its verb adds the file.
fn act_of(staff: &Staff, key: &str, request: &ServiceRequest) -> Act {
    let entered = request.extensions().get::<Fields>().map(Fields::entered);
    let asked = format!("{} {}", request.uri(), entered.unwrap_or_default());
    Act::of_form(staff.user.id, key, &asked)
}

/// Middleware of an open route: what may change something must come from our own page.
async fn from_our_own_page(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !request.method().is_safe() {
        form_token::from_our_own_page(&office(request.request())?, &request)?;
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// The page to come back to after signing in: only one that was asked for by itself. What was typed
/// into a form or on the desk must not be lost, so there the answer leaves it where it is.
fn came_from(request: &HttpRequest) -> Option<String> {
    let page = request.method().is_safe() && !wants_fragment(request);
    page.then(|| request.uri().to_string())
}

/// The office, which every server has.
pub fn office(request: &HttpRequest) -> Result<Office, Error> {
    let office = request.app_data::<web::Data<Office>>().ok_or(Error::Internal)?;
    Ok(office.get_ref().clone())
}

/// The session's key, if the browser sent one.
pub fn key(request: &HttpRequest, office: &Office) -> Option<String> {
    request
        .cookie(name(office.config.is_https()))
        .map(|cookie| cookie.value().to_owned())
}

/// The cookie that holds a new session's key and ends with the browser; an empty key removes it.
pub fn cookie(key: &str, https: bool) -> Cookie<'static> {
    let mut cookie = Cookie::build(name(https), key.to_owned())
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .finish();
    if key.is_empty() {
        cookie.make_removal();
    }
    cookie
}

/// The prefix binds the cookie to this host and to https; browsers refuse it on plain http.
const fn name(https: bool) -> &'static str {
    if https { "__Host-makegood" } else { "makegood" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let https = cookie("k", true).to_string();
        assert_eq!(https, "__Host-makegood=k; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert!(!cookie("k", false).to_string().contains("Secure"));
    }
}
