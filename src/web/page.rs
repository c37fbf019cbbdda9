//! Answers in HTML: a whole page, a fragment of one, or "go there".

use actix_web::http::header::{self, ContentType};
use actix_web::http::{StatusCode, header::HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

/// Renders a template as the answer. A template that cannot be rendered is an internal error.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => html_answer(status, html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            html_answer(
                StatusCode::INTERNAL_SERVER_ERROR,
                "This page could not be shown.".to_owned(),
            )
        }
    }
}

/// Renders the fragment for a request of the page's own script, the whole page for any other.
/// Both come from the same template: `fragment` is its `main` block (`template.as_main()`).
pub fn page_or_fragment(
    request: &HttpRequest,
    status: StatusCode,
    whole: &impl Template,
    fragment: &impl Template,
) -> HttpResponse {
    let mut answer = if wants_fragment(request) {
        page(status, fragment)
    } else {
        page(status, whole)
    };
    answer
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("HX-Request"));
    answer
}

/// Whether the page's script asks (htmx sets the header), so that a fragment is enough.
pub fn wants_fragment(request: &HttpRequest) -> bool {
    request.headers().contains_key("hx-request")
}

/// "Saved, now look there": the answer to a form, so that reloading never sends it again.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}

/// The same answer, with the seconds after which it is worth trying again.
pub fn again_after(mut answer: HttpResponse, seconds: i64) -> HttpResponse {
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

fn html_answer(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(ContentType::html())
        .body(html)
}
