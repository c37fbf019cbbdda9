//! `/api/v1/suppressions`: whom nobody may contact, in any outage.

use super::Answer;
use super::body::Json;
use super::paging::{self, Which};
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::ids::SuppressionId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::store::suppressions::Suppression;
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/api/v1/suppressions", list);
    routes.post(Role::Supervisor, "/api/v1/suppressions", add);
    routes.post(Role::Supervisor, "/api/v1/suppressions/{id}/lift", lift);
}

/// Whom nobody may contact, and why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSuppression {
    /// An address, a phone number, or `case 412`: all numbers and the address of that person.
    whom: String,
    /// For others to understand later.
    why: String,
}

/// Why somebody may be contacted again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lifted {
    /// For others to understand later.
    why: String,
}

/// An address or a number that nobody may contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SuppressionJson {
    id: i64,
    /// `email` or `phone`.
    kind: String,
    value: String,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    lifted_at: Option<Timestamp>,
    lifted_because: Option<String>,
}

impl From<Suppression> for SuppressionJson {
    fn from(one: Suppression) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            value: one.value,
            reason: one.reason,
            created_at: one.created_at,
            lifted_at: one.lifted_at,
            lifted_because: one.lifted_because,
        }
    }
}

/// One page, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Suppressions {
    suppressions: Vec<SuppressionJson>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// List whom nobody may contact
///
/// Those that were lifted stand there too: nothing is deleted.
#[utoipa::path(get, path = "/api/v1/suppressions", tag = "suppressions", params(Which),
    responses((status = 200, description = "The latest first", body = Suppressions),
              (status = 422, description = "No such page", body = Problem)))]
pub(super) async fn list(office: web::Data<Office>, which: web::Query<Which>) -> Answer {
    let (from, limit) = which.read()?;
    let listed = done(&office, move |office| office.suppressions(from, limit)).await?;
    Ok(HttpResponse::Ok().json(Suppressions {
        next: paging::after((from, listed.suppressions.len()), listed.total),
        suppressions: listed
            .suppressions
            .into_iter()
            .map(SuppressionJson::from)
            .collect(),
    }))
}

/// Suppress somebody
#[utoipa::path(post, path = "/api/v1/suppressions", tag = "suppressions", request_body = NewSuppression,
    responses((status = 201, description = "`added` counts those that were not suppressed before", body = Object),
              (status = 404, description = "There is no such case", body = Problem),
              (status = 422, description = "Nobody is named, or no reason", body = Problem)))]
pub(super) async fn add(office: web::Data<Office>, owner: Owner, new: Json<NewSuppression>) -> Answer {
    let new = new.0;
    let added = done(&office, move |office| {
        office.suppress(&owner.0, &new.whom, &new.why)
    })
    .await?;
    Ok(HttpResponse::Created().json(serde_json::json!({"added": added})))
}

/// Lift a suppression
#[utoipa::path(post, path = "/api/v1/suppressions/{id}/lift", tag = "suppressions", request_body = Lifted,
    params(("id" = i64, Path, description = "The suppression")),
    responses((status = 204, description = "They can be contacted again"),
              (status = 404, description = "There is no such suppression", body = Problem),
              (status = 409, description = "It was lifted before", body = Problem),
              (status = 422, description = "No reason", body = Problem)))]
pub(super) async fn lift(
    office: web::Data<Office>,
    owner: Owner,
    id: web::Path<SuppressionId>,
    lifted: Json<Lifted>,
) -> Answer {
    let (id, why) = (id.into_inner(), lifted.0.why);
    done(&office, move |office| office.lift_suppression(&owner.0, id, &why)).await?;
    Ok(HttpResponse::NoContent().finish())
}
