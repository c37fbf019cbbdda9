//! The cookie by which a browser is known that somebody signed in with before.

use crate::outreach::Office;
use crate::outreach::sign_in::DEVICE_DAYS;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// What the browser sent; may be empty.
pub(super) fn given(request: &HttpRequest, office: &Office) -> String {
    let cookie = request.cookie(name(office.config.is_https()));
    cookie.map(|cookie| cookie.value().to_owned()).unwrap_or_default()
}

/// The cookie for a browser that was just used to sign in. It opens nothing.
pub(super) fn cookie(devices: String, https: bool) -> Cookie<'static> {
    Cookie::build(name(https), devices)
        .path("/")
        .max_age(Duration::days(DEVICE_DAYS))
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .finish()
}

/// The prefix binds the cookie to this host and to https; browsers refuse it on plain http.
const fn name(https: bool) -> &'static str {
    if https {
        "__Host-makegood-device"
    } else {
        "makegood-device"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_stays_for_half_a_year_out_of_reach_of_scripts_and_other_sites() {
        let https = cookie("k".to_owned(), true).to_string();
        let expected = "__Host-makegood-device=k; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=15552000";
        assert_eq!(https, expected);
        assert!(!cookie("k".to_owned(), false).to_string().contains("Secure"));
    }
}
