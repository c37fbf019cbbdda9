//! The headers that make a browser careful: nothing loads from elsewhere, no inline script or
//! style, no framing, no sniffing, no referrer, and no copy of a page on disk.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};

/// Whether people reach this server over https (its base URL says so): then browsers are told to
/// insist on it.
#[derive(Clone, Copy, Debug)]
pub struct Https(pub bool);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
    frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
    (
        header::PERMISSIONS_POLICY,
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Middleware: adds each header unless the handler chose its own. Also on errors.
pub async fn careful(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let https = request
        .app_data::<web::Data<Https>>()
        .is_some_and(|https| https.0);
    match next.call(request).await {
        Ok(mut response) => {
            add(response.headers_mut(), https);
            Ok(response)
        }
        Err(error) => {
            let mut response = error.error_response();
            add(response.headers_mut(), https);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

fn add(headers: &mut HeaderMap, https: bool) {
    for (name, value) in ALWAYS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if https {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test};

    use super::*;

    #[actix_web::test]
    async fn every_answer_is_careful_also_one_for_an_unknown_page() {
        let app = App::new()
            .wrap(from_fn(careful))
            .route("/", web::get().to(HttpResponse::Ok));
        let app = test::init_service(app).await;
        for path in ["/", "/nothing-here"] {
            let answer = test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
            for (name, value) in ALWAYS {
                assert_eq!(answer.headers().get(&name).unwrap(), value, "{path}");
            }
            assert!(!answer.headers().contains_key("strict-transport-security"));
        }
    }

    #[actix_web::test]
    async fn https_is_insisted_on_only_where_the_base_url_has_it() {
        let app = App::new()
            .app_data(web::Data::new(Https(true)))
            .wrap(from_fn(careful));
        let app = test::init_service(app).await;
        let answer = test::call_service(&app, test::TestRequest::get().to_request()).await;
        assert!(answer.headers().contains_key("strict-transport-security"));
    }
}
