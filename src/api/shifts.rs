//! `/api/v1/shift` and `/api/v1/break`: the evening of the token's owner.

use super::Answer;
use super::body::Json;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::accounts::User;
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/api/v1/shift", read);
    routes.post(Role::Caller, "/api/v1/shift", set_end);
    routes.post(Role::Caller, "/api/v1/break", set_break);
}

/// A caller's evening; no call is given out that would run past its end or into a break.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ShiftJson {
    /// When it ends; null: that is not known.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    breaks: Vec<BreakJson>,
}

/// A break.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct BreakJson {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// When the shift ends.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndBody {
    /// Within the next 16 hours; null: it is not known. Leaving it out says neither.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// A break from now on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakBody {
    /// 1 to 120; null: they are back. Leaving it out says neither.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    minutes: Option<i64>,
}

/// Read the owner's shift
#[utoipa::path(get, path = "/api/v1/shift", tag = "shifts",
    responses((status = 200, description = "The shift", body = ShiftJson)))]
pub(super) async fn read(office: web::Data<Office>, owner: Owner) -> Answer {
    shown(&office, owner.0).await
}

/// Say when the owner's shift ends
#[utoipa::path(post, path = "/api/v1/shift", tag = "shifts", request_body = EndBody,
    responses((status = 200, description = "The shift as it is now", body = ShiftJson),
              (status = 422, description = "The time has passed or is too far ahead", body = Problem)))]
pub(super) async fn set_end(office: web::Data<Office>, owner: Owner, body: Json<EndBody>) -> Answer {
    let (caller, ends_at) = (owner.0.clone(), body.0.ends_at);
    done(&office, move |office| office.set_shift_end(&caller, ends_at)).await?;
    shown(&office, owner.0).await
}

/// Begin a break, or end it
///
/// What the owner has in hand is given back.
#[utoipa::path(post, path = "/api/v1/break", tag = "shifts", request_body = BreakBody,
    responses((status = 200, description = "The shift as it is now", body = ShiftJson),
              (status = 422, description = "Too long, or no time at all", body = Problem)))]
pub(super) async fn set_break(office: web::Data<Office>, owner: Owner, body: Json<BreakBody>) -> Answer {
    let (caller, minutes) = (owner.0.clone(), body.0.minutes);
    done(&office, move |office| office.set_break(&caller, minutes, false)).await?;
    shown(&office, owner.0).await
}

async fn shown(office: &Office, caller: User) -> Answer {
    let shift = done(office, move |office| office.shift(&caller)).await?;
    let breaks = shift.breaks.into_iter();
    Ok(HttpResponse::Ok().json(ShiftJson {
        ends_at: shift.ends_at,
        breaks: breaks.map(|(from, until)| BreakJson { from, until }).collect(),
    }))
}
