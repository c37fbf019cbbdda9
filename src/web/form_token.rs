//! The check that a form is our own: where it comes from, and the token of the session it carries. Behind the token, after
//! a dot, stands a key that is new each time a page is made: by it a form that is sent twice is known.

use super::error::Error;
use super::fields::Fields;
use crate::outreach::Office;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::{ErrorRequestTimeout, PayloadError};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{HttpMessage, web};
use futures_util::StreamExt;
use futures_util::stream;
use subtle::ConstantTimeEq;

/// Largest form that is not an upload, in bytes.
pub const LARGEST_FORM: usize = 256 * 1024;
/// The token stands at the very beginning of an upload.
const TOKEN_WITHIN: usize = 4 * 1024;

/// What the forms of a page carry that is made now.
pub(super) fn fresh(office: &Office, session_key: &str) -> String {
    let token = office.form_token(session_key);
    format!("{token}.{:032x}", rand::random::<u128>())
}

/// The token and the key of what a form carries; a form that was made by others may have no key.
fn apart(carried: &str) -> (&str, Option<&str>) {
    match carried.split_once('.') {
        Some((token, key)) => (token, Some(key).filter(|key| !key.is_empty())),
        None => (carried, None),
    }
}

/// Refuses a request that does not come from our own page with the session's token; answers the form's key.
pub(super) async fn check(
    office: &Office,
    expected: &str,
    request: &mut ServiceRequest,
) -> Result<Option<String>, actix_web::Error> {
    from_our_own_page(office, request)?;
    let in_header = request
        .headers()
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let in_body = in_body(request).await?;
    let carried = in_header.or(in_body).unwrap_or_default();
    let ((token, key), (expected, _)) = (apart(&carried), apart(expected));
    if bool::from(token.as_bytes().ct_eq(expected.as_bytes())) {
        Ok(key.map(str::to_owned))
    } else {
        Err(Error::Expired.into())
    }
}

/// Refuses a request that a page of somebody else's sent.
///
/// Browsers say so in `Sec-Fetch-Site`, but only over https and on this machine; else `Origin` tells,
/// unless it is `null`, which it is for our own forms too (`Referrer-Policy: no-referrer`): then the
/// token alone decides.
pub(super) fn from_our_own_page(office: &Office, request: &ServiceRequest) -> Result<(), Error> {
    let host = request.connection_info().host().to_owned();
    if is_ours(request.headers(), &host, &office.base_url()) {
        Ok(())
    } else {
        Err(Error::Expired)
    }
}

fn is_ours(headers: &HeaderMap, host: &str, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match text(header::ORIGIN.as_str()) {
        None | Some("null") => true,
        Some(origin) => origin == base_url || origin.split_once("://").is_some_and(|(_, own)| own == host),
    }
}

/// The form's field `csrf`; the body is as before afterwards.
async fn in_body(request: &mut ServiceRequest) -> Result<Option<String>, actix_web::Error> {
    match request.content_type() {
        "application/x-www-form-urlencoded" => in_form(request).await,
        "multipart/form-data" => in_upload(request).await,
        _ => Ok(None),
    }
}

async fn in_form(request: &mut ServiceRequest) -> Result<Option<String>, actix_web::Error> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        body.extend_from_slice(&chunk.map_err(cut_off)?);
        if body.len() > LARGEST_FORM {
            let advice = "This form holds more than 256 KiB. Shorten it and send it again.";
            return Err(Error::invalid("form", advice).into());
        }
    }
    let body = body.freeze();
    let read = std::str::from_utf8(&body)
        .ok()
        .and_then(|text| web::Query::<Vec<(String, String)>>::from_query(text).ok());
    let fields = Fields(read.map(web::Query::into_inner).unwrap_or_default());
    request.set_payload(Payload::from(body)); // for a handler that reads the form into a type of its own
    let token = fields.get("csrf").to_owned();
    request.extensions_mut().insert(fields);
    Ok(Some(token))
}

/// An upload is never held in memory: its first part is read, and put back before the rest.
async fn in_upload(request: &mut ServiceRequest) -> Result<Option<String>, actix_web::Error> {
    let mut payload = request.take_payload();
    let mut read = BytesMut::new();
    let token = loop {
        let token = first_part(&read);
        if token.is_some() || read.len() > TOKEN_WITHIN {
            break token;
        }
        match payload.next().await {
            Some(chunk) => read.extend_from_slice(&chunk.map_err(cut_off)?),
            None => break None,
        }
    };
    let read: Result<Bytes, PayloadError> = Ok(read.freeze());
    let whole = stream::once(std::future::ready(read)).chain(payload);
    request.set_payload(Payload::Stream {
        payload: Box::pin(whole),
    });
    Ok(token)
}

/// The value of the first part of a multipart body, if that is the field `csrf` and came in whole.
fn first_part(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body.get(..body.len().min(TOKEN_WITHIN))?);
    let (boundary, rest) = text.split_once("\r\n")?;
    let (headers, rest) = rest.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once(&format!("\r\n{boundary}"))?;
    let named = headers
        .split([';', '\r', '\n'])
        .any(|word| word.trim() == "name=\"csrf\"");
    (boundary.starts_with("--") && named).then(|| value.to_owned())
}

/// A body that did not come in whole.
fn cut_off(_: PayloadError) -> actix_web::Error {
    ErrorRequestTimeout("The request did not come in whole. Nothing was changed; send it again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn ours(given: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_ours(&headers, "127.0.0.1:8080", "https://makegood.agency.example")
    }

    #[test]
    fn another_sites_form_is_not_ours() {
        assert!(!ours(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://127.0.0.1:8080")
        ]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
        assert!(!ours(&[("origin", "https://evil.example")]));
        assert!(!ours(&[("origin", "https://127.0.0.1:8080.evil.example")]));
    }

    #[test]
    fn our_own_form_is_ours_also_before_a_proxy_and_without_an_origin() {
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(ours(&[("origin", "https://makegood.agency.example")]));
        assert!(ours(&[("origin", "http://127.0.0.1:8080")]));
        assert!(ours(&[("origin", "null")]));
        assert!(ours(&[]));
    }

    #[test]
    fn a_key_stands_behind_the_token() {
        assert_eq!(apart("t0k3n.k3y"), ("t0k3n", Some("k3y")));
        assert_eq!(apart("t0k3n."), ("t0k3n", None));
        assert_eq!(apart("t0k3n"), ("t0k3n", None));
    }

    #[test]
    fn the_token_is_the_first_part_of_an_upload() {
        let upload =
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt0k3n\r\n--b\r\nContent-Disp";
        assert_eq!(first_part(upload.as_bytes()).as_deref(), Some("t0k3n"));
        assert_eq!(first_part(&upload.as_bytes()[..60]), None, "not whole yet");
        let other = upload.replace("csrf", "file");
        assert_eq!(first_part(other.as_bytes()), None);
    }
}
