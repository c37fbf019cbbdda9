//! Who is at the browser, and whether a form is theirs to send.
//!
//! [`guard`] stands before every staff page: without a live session there is no page, and without
//! the session's token no form. A route inside its scope cannot forget to ask.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::{Ready, ready};

use super::error::Error;
use super::layout::{Chrome, Viewer};
use super::look::Look;
use super::page::wants_fragment;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::accounts::User;

/// Somebody signed in, in this request.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who.
    pub user: User,
    /// The token that their forms carry.
    pub form_token: String,
    /// How pages look to them.
    pub look: Look,
}

impl Staff {
    /// Refuses a role below `least`.
    pub fn must_be(&self, least: Role) -> Result<(), Error> {
        if self.user.role() >= least {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
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
        ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or(Error::SignedOut { next: None }),
        )
    }
}

/// A posted form: its fields in order, some of them several times.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field of a name, trimmed; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Every field of a name, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }
}

impl FromRequest for Fields {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kept = request.extensions().get::<Self>().cloned();
        ready(kept.ok_or_else(|| {
            Error::invalid(
                "form",
                "This form could not be read. Reload the page and send it again.",
            )
        }))
    }
}

/// Middleware: lets through who is signed in, and a form only with their token.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let staff = identify(&request).await?;
    if !request.method().is_safe() {
        check_form(&mut request, &staff).await?;
    }
    request.extensions_mut().insert(staff);
    next.call(request).await
}

async fn identify(request: &ServiceRequest) -> Result<Staff, Error> {
    let office = office(request.request())?;
    let nobody = || Error::SignedOut {
        next: came_from(request.request()),
    };
    let key = key(request.request(), &office).ok_or_else(nobody)?;
    let form_token = office.form_token(&key);
    let user = web::block(move || office.session_user(&key))
        .await
        .map_err(|_| Error::Busy)??;
    Ok(Staff {
        user: user.ok_or_else(nobody)?,
        form_token,
        look: Look::of(request.request()),
    })
}

/// The page to come back to after signing in: only one that was asked for by itself.
fn came_from(request: &HttpRequest) -> Option<String> {
    let page = request.method() == Method::GET && !wants_fragment(request);
    page.then(|| request.uri().to_string())
}

async fn check_form(request: &mut ServiceRequest, staff: &Staff) -> Result<(), Error> {
    if !is_from_here(request.request()) {
        return Err(Error::Expired);
    }
    if request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        return Ok(()); // an upload; its handler checks the token, which is the first part
    }
    let body = request
        .extract::<web::Bytes>()
        .await
        .map_err(|_| Error::Expired)?;
    let fields = read(request.request(), body.clone()).await?;
    request.set_payload(Payload::from(body)); // for a handler that reads the form into a type of its own
    if !staff.sent(fields.get("csrf")) {
        return Err(Error::Expired);
    }
    request.extensions_mut().insert(fields);
    Ok(())
}

async fn read(request: &HttpRequest, body: web::Bytes) -> Result<Fields, Error> {
    if body.is_empty() {
        return Ok(Fields::default());
    }
    let form = web::Form::<Vec<(String, String)>>::from_request(request, &mut Payload::from(body)).await;
    Ok(Fields(form.map_err(|_| Error::Expired)?.into_inner()))
}

impl Staff {
    /// Whether a form's token is the one of this session.
    pub fn sent(&self, token: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.form_token.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// Whether a form was sent by a page of ours, as far as the browser says.
pub fn is_from_here(request: &HttpRequest) -> bool {
    let said = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = said("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = said("origin") else {
        return true;
    };
    let host = said("host").unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, from)| from == host)
}

/// The office, which every server has.
pub fn office(request: &HttpRequest) -> Result<Office, Error> {
    let office = request.app_data::<web::Data<Office>>().ok_or(Error::Internal)?;
    Ok(office.get_ref().clone())
}

/// The session's key, if the browser sent one.
pub fn key(request: &HttpRequest, office: &Office) -> Option<String> {
    request
        .cookie(name(is_https(office)))
        .map(|cookie| cookie.value().to_owned())
}

/// The cookie that holds a new session's key; an empty key removes it.
pub fn cookie(key: &str, office: &Office) -> Cookie<'static> {
    let https = is_https(office);
    let mut cookie = Cookie::build(name(https), key.to_owned())
        .path("/")
        .secure(https)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    if key.is_empty() {
        cookie.make_removal();
    }
    cookie
}

/// Whether people reach this server over https.
pub fn is_https(office: &Office) -> bool {
    office.base_url().starts_with("https://")
}

/// The prefix binds the cookie to this host and to https; browsers refuse it on plain http.
const fn name(https: bool) -> &'static str {
    if https { "__Host-makegood" } else { "makegood" }
}
