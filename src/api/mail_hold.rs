//! `/api/v1/mail-hold`: holding all e-mail of all outages, and releasing it.

use super::Answer;
use super::body::Json;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::mail_hold::{Held, Release};
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/api/v1/mail-hold", read);
    routes.post(Role::Supervisor, "/api/v1/mail-hold", hold);
    routes.post(Role::Supervisor, "/api/v1/mail-hold/release", release);
}

/// Why all e-mail is held.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHold {
    /// For the others; not empty.
    why: String,
}

/// What becomes of the e-mails that wait.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Released {
    /// `send`, or `withdraw` what was queued before the hold: another instance has sent it.
    how: String,
}

/// Whether e-mail is held.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct HoldJson {
    held: bool,
    because: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// What would go out without the hold.
    waiting: Vec<WaitingJson>,
}

/// E-mails of one text that wait.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WaitingJson {
    /// The outage's name.
    outage: String,
    template: String,
    messages: i64,
}

impl From<Option<Held>> for HoldJson {
    fn from(held: Option<Held>) -> Self {
        let Some(held) = held else {
            return Self {
                held: false,
                because: None,
                since: None,
                waiting: Vec::new(),
            };
        };
        let waiting = held.waiting.into_iter().map(|row| WaitingJson {
            outage: row.outage,
            template: row.template_key,
            messages: row.messages,
        });
        Self {
            held: true,
            because: Some(held.hold.because),
            since: Some(held.hold.held_at),
            waiting: waiting.collect(),
        }
    }
}

/// Whether all e-mail is held, and what waits
#[utoipa::path(get, path = "/api/v1/mail-hold", tag = "e-mail",
    responses((status = 200, description = "How it stands", body = HoldJson)))]
pub(super) async fn read(office: web::Data<Office>) -> Answer {
    let held = done(&office, Office::mail_hold).await?;
    Ok(HttpResponse::Ok().json(HoldJson::from(held)))
}

/// Hold all e-mail of all outages
///
/// At once, on every server: what a mail server is being handed at this moment still goes.
#[utoipa::path(post, path = "/api/v1/mail-hold", tag = "e-mail", request_body = NewHold,
    responses((status = 204, description = "Held"),
              (status = 409, description = "It is held already", body = Problem),
              (status = 422, description = "No reason, or one that must not be kept", body = Problem)))]
pub(super) async fn hold(office: web::Data<Office>, owner: Owner, new: Json<NewHold>) -> Answer {
    let why = new.0.why;
    if why.trim().is_empty() {
        return Err(Problem::invalid("why", "Say why: the others read it."));
    }
    done(&office, move |office| office.hold_mail(Some(&owner.0), &why)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Release e-mail
#[utoipa::path(post, path = "/api/v1/mail-hold/release", tag = "e-mail", request_body = Released,
    responses((status = 200, description = "Released; `withdrawn` counts the e-mails that are not sent any more", body = Object),
              (status = 409, description = "Nothing is held", body = Problem),
              (status = 422, description = "Neither send nor withdraw", body = Problem)))]
pub(super) async fn release(office: web::Data<Office>, owner: Owner, released: Json<Released>) -> Answer {
    let how = match released.0.how.as_str() {
        "send" => Release::Send,
        "withdraw" => Release::Withdraw,
        _ => return Err(Problem::invalid("how", "Send send or withdraw.")),
    };
    let withdrawn = done(&office, move |office| office.release_mail(Some(&owner.0), how)).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({"withdrawn": withdrawn})))
}
