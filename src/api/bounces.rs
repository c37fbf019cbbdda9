//! `/api/v1/bounces`: what came back, brought by a mail server or a provider's webhook.

use super::Answer;
use super::body::whole;
use super::problem::Problem;
use super::verb::done;
use crate::domain::role::Role;
use crate::mail::imap::LARGEST;
use crate::outreach::Office;
use crate::outreach::bounces::Taken;
use crate::web::routes::Routes;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Serialize;

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Caller, "/api/v1/bounces", take);
}

/// What came of a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Noted {
    /// `hard`: the address is dead; `doubted`: it is said to be, as of too many others, and a
    /// supervisor decides; `soft`: it did not arrive this time; `unreadable`: a person decides; `complaint`: its
    /// reader called it spam and is not written to again; `delayed`: the
    /// server is still trying; `not_ours`: of nothing that we sent, or known already; `no_bounce`: something else.
    taken: &'static str,
    /// Our message that it is about.
    message: Option<i64>,
}

/// Bring a message that came back
///
/// The body is the message as it lies in a mailbox, header and body. It belongs to the e-mail whose return path it was
/// sent to (a header `To`, `Delivered-To`, `X-Original-To` or `Envelope-To` names it), which only we can make: a forged
/// one changes nothing, nor does the same one again. Any account's token may bring it.
#[utoipa::path(post, path = "/api/v1/bounces", tag = "e-mail",
    request_body(content = String, content_type = "message/rfc822", description = "The message, up to 8 MiB"),
    responses((status = 200, description = "Read", body = Noted),
              (status = 409, description = "E-mails leave without return paths of their own: MAKEGOOD_BOUNCES is not set", body = Problem),
              (status = 413, description = "Larger than 8 MiB", body = Problem),
              (status = 503, description = "Our server has not yet said that it took the e-mail: bring it again in a minute", body = Problem)))]
pub(super) async fn take(office: web::Data<Office>, payload: web::Payload) -> Answer {
    if office.config.bounces.is_empty() {
        let told = "E-mails leave without return paths of their own, so nothing that comes back can be tied to one. Start \
                    with MAKEGOOD_BOUNCES=webhook.";
        return Err(Problem::new(StatusCode::CONFLICT, told));
    }
    let raw = whole(payload, LARGEST).await?;
    if raw.trim_ascii().is_empty() {
        return Err(Problem::malformed(
            "The body is empty. Send the message that came back.",
        ));
    }
    let taken = done(&office, move |office| office.take_bounce(&raw)).await?;
    let (taken, message) = match taken {
        Taken::Hard(id) => ("hard", Some(id)),
        Taken::Doubted(id) => ("doubted", Some(id)),
        Taken::Soft(id) => ("soft", Some(id)),
        Taken::Unreadable(id) => ("unreadable", Some(id)),
        Taken::Complaint(id) => ("complaint", Some(id)),
        Taken::Delayed => ("delayed", None),
        Taken::NotOurs => ("not_ours", None),
        Taken::NoBounce => ("no_bounce", None),
        Taken::TooEarly => return Ok(too_early()),
    };
    Ok(HttpResponse::Ok().json(Noted { taken, message }))
}

fn too_early() -> HttpResponse {
    let told = "The e-mail is still being handed over. Bring the report again in a minute.";
    let mut answer = Problem::new(StatusCode::SERVICE_UNAVAILABLE, told).error_response();
    let minute = header::HeaderValue::from_static("60");
    answer.headers_mut().insert(header::RETRY_AFTER, minute);
    answer
}
