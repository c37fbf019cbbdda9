//! Signing in and out.

use super::ask::ask;
use super::error::Error;
use super::look::Look;
use super::routes::Routes;
use super::session;
use super::sign_in::{SignInPage, own_path};
use super::source::source;
use super::{device, page};
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::sign_in::{Browser, SignIn, Use};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

/// Holds a random key while nobody is signed in, so that the sign-in form has a token too: without
/// one, a stranger's page could sign a caller in as somebody else.
const VISIT: &str = "visit";

/// Seconds after which the crowd is gone: more than the places' work takes.
const AFTER_CROWD: i64 = 3;

pub(super) fn routes(routes: &mut Routes) {
    routes.open_get("/sign-in", show);
    routes.open_post("/sign-in", sign_in);
    routes.post(Role::Caller, "/sign-out", sign_out);
}

#[derive(serde::Deserialize)]
struct Arrival {
    #[serde(default)]
    next: String,
    /// `out` after signing out.
    #[serde(default)]
    news: String,
}

async fn show(
    request: HttpRequest,
    office: web::Data<Office>,
    arrival: web::Query<Arrival>,
) -> Result<HttpResponse, Error> {
    if session::staff(&request, Use::Person).await?.is_some() {
        return Ok(page::see_other(own_path(&arrival.next)));
    }
    let form = SignInPage {
        next: own_path(&arrival.next).to_owned(),
        news: match arrival.news.as_str() {
            "out" => "You are signed out.",
            _ => "",
        },
        ..SignInPage::default()
    };
    Ok(answer(StatusCode::OK, &request, &office, form))
}

#[derive(serde::Deserialize)]
struct Entered {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    csrf: String,
}

async fn sign_in(
    request: HttpRequest,
    office: web::Data<Office>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Error> {
    let Entered {
        email,
        password,
        next,
        csrf,
    } = entered.into_inner();
    let next = own_path(&next).to_owned();
    let again = |status, problem, advice: String| {
        let form = SignInPage {
            next: next.clone(),
            email: email.clone(),
            problem,
            advice,
            ..SignInPage::default()
        };
        answer(status, &request, &office, form)
    };
    let visit = request.cookie(VISIT);
    if !visit.is_some_and(|visit| office.is_form_token(visit.value(), &csrf)) {
        let advice = "Sign in once more. If this page comes again, allow cookies for this site.";
        return Ok(again(
            StatusCode::FORBIDDEN,
            "This page was too old.",
            advice.to_owned(),
        ));
    }
    let from = Browser {
        network: source(&office, &request),
        devices: device::given(&request, &office),
    };
    let (address, older) = (email.clone(), session::key(&request, &office));
    let tried = ask(&office, move |office| {
        let tried = office.sign_in(&address, &password, &from)?;
        if let (SignIn::Welcome { .. }, Some(older)) = (&tried, &older) {
            office.sign_out(older)?;
        }
        Ok(tried)
    });
    Ok(match tried.await? {
        SignIn::Welcome { key, devices, .. } => welcome(&office, &key, devices, &next),
        SignIn::Wrong => again(
            StatusCode::UNAUTHORIZED,
            "E-mail or password is wrong.",
            "Check both and try again.".to_owned(),
        ),
        SignIn::Wait(seconds) => {
            let advice = format!("Try again in {}.", span(seconds));
            let answer = again(StatusCode::TOO_MANY_REQUESTS, "Too many wrong tries.", advice);
            page::again_after(answer, seconds)
        }
        SignIn::Crowd => {
            let advice = "Nothing was checked. Wait a few seconds, then sign in again.".to_owned();
            let crowd = "Too many people are signing in just now.";
            page::again_after(again(StatusCode::SERVICE_UNAVAILABLE, crowd, advice), AFTER_CROWD)
        }
    })
}

async fn sign_out(request: HttpRequest, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    let key = session::key(&request, &office).unwrap_or_default();
    ask(&office, move |office| office.sign_out(&key)).await?;
    let mut answer = page::see_other("/sign-in?news=out");
    keep(&mut answer, &session::cookie("", office.config.is_https()));
    Ok(answer)
}

fn welcome(office: &Office, key: &str, devices: String, next: &str) -> HttpResponse {
    let mut answer = page::see_other(next);
    let https = office.config.is_https();
    keep(&mut answer, &session::cookie(key, https));
    keep(&mut answer, &device::cookie(devices, https));
    answer
}

/// The sign-in page, with a token that belongs to this browser.
fn answer(status: StatusCode, request: &HttpRequest, office: &Office, form: SignInPage) -> HttpResponse {
    let known = request.cookie(VISIT).map(|cookie| cookie.value().to_owned());
    let visit = known.unwrap_or_else(|| format!("{:032x}", rand::random::<u128>()));
    let mut answer = page::page(
        status,
        &SignInPage {
            look: Look::of(request),
            csrf: office.form_token(&visit),
            ..form
        },
    );
    let cookie = Cookie::build(VISIT, visit)
        .path("/sign-in")
        .http_only(true)
        .secure(office.config.is_https())
        .same_site(SameSite::Strict)
        .finish();
    keep(&mut answer, &cookie);
    answer
}

fn keep(answer: &mut HttpResponse, cookie: &Cookie<'_>) {
    if answer.add_cookie(cookie).is_err() {
        tracing::error!("a cookie could not be set");
    }
}

/// A wait in words.
fn span(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    }
}
