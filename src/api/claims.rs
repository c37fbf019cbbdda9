//! `/api/v1/outages/{slug}/claims` and `/api/v1/claims/{id}`: the next household, and holding it.

use super::Answer;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::role::Role;
use crate::domain::shift::Rest;
use crate::domain::skip_reason::SkipReason;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::accounts::User;
use crate::outreach::case_file::Payment;
use crate::outreach::cases::Case;
use crate::outreach::claim::Claimed;
use crate::outreach::claim_view::ClaimView;
use crate::outreach::waiting::Waiting;
use crate::web::routes::Routes;
use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Caller, "/api/v1/outages/{slug}/claims", next);
    routes.get(Role::Caller, "/api/v1/claims/{id}", read);
    routes.delete(Role::Caller, "/api/v1/claims/{id}", give_back);
    routes.post(Role::Caller, "/api/v1/claims/{id}/extend", extend);
    routes.post(Role::Caller, "/api/v1/claims/{id}/skip", skip);
}

/// A household in the hands of the token's owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ClaimJson {
    id: i64,
    /// When another may take the household, unless the claim is extended.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The number to call, E.164.
    phone: String,
    /// Those who wait for an outcome.
    cases: Vec<ClaimedCase>,
}

/// A citizen of the household.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ClaimedCase {
    id: i64,
    name: String,
    /// A language's code; none: English or not known.
    language: Option<String>,
    /// The failed payments, oldest first.
    transactions: Vec<FailedPayment>,
}

/// A failed payment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FailedPayment {
    /// The agency's own id, if the file had one.
    transaction_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    failed_at: Timestamp,
    /// In units of the currency, such as `1284.00`.
    amount: Option<String>,
    amount_cents: Option<i64>,
    tax_type: Option<String>,
    channel: Option<String>,
    error_code: Option<String>,
    /// `not_charged`, `unknown`, `charged` or `charged_twice`.
    charged: String,
}

impl From<ClaimView> for ClaimJson {
    fn from(claim: ClaimView) -> Self {
        Self {
            id: claim.id,
            expires_at: claim.expires_at,
            phone: claim.phone,
            cases: claim.cases.into_iter().map(claimed).collect(),
        }
    }
}

fn claimed((case, payments): (Case, Vec<Payment>)) -> ClaimedCase {
    ClaimedCase {
        id: case.id,
        name: case.full_name(),
        language: case.language,
        transactions: payments.into_iter().map(FailedPayment::from).collect(),
    }
}

impl From<Payment> for FailedPayment {
    fn from(payment: Payment) -> Self {
        Self {
            transaction_id: payment.external_id,
            failed_at: payment.occurred_at,
            amount: payment.amount_cents.map(units),
            amount_cents: payment.amount_cents,
            tax_type: payment.tax_type,
            channel: payment.channel,
            error_code: payment.error_code,
            charged: payment.charged,
        }
    }
}

/// Minor units as a plain decimal number.
fn units(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// A claim, or why there is none.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct ClaimAnswer {
    pub(super) claim: Option<ClaimJson>,
    /// Households that cannot be called now, by the reason; only without a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    waiting: Option<Waiting>,
    /// The caller's shift is over or nearly so, or it is time for a break.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    rest: Option<Rest>,
    /// A supervisor has stopped all calls since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    calls_stopped_at: Option<Timestamp>,
}

/// Claim the next household
///
/// In the order of the queue: callbacks due, the caller's lists, the pool. Whoever holds one gets it again.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/claims", tag = "claims",
    params(("slug" = String, Path, description = "The outage")),
    responses((status = 201, description = "A new claim; `Location` leads to it", body = ClaimAnswer),
              (status = 200, description = "The same claim again, or none and why", body = ClaimAnswer),
              (status = 404, description = "There is no such outage", body = Problem)))]
pub(super) async fn next(office: web::Data<Office>, owner: Owner, slug: web::Path<String>) -> Answer {
    let (slug, caller) = (slug.into_inner(), owner.0);
    let asked = done(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let claimed = office.claim_next(&caller, outage.id)?;
        let view = match &claimed {
            Claimed::New(claim) | Claimed::Same(claim) => Some(office.view_of(claim)?),
            _ => None,
        };
        Ok((claimed, view))
    });
    let (claimed, view) = asked.await?;
    let with_claim = ClaimAnswer {
        claim: view.map(ClaimJson::from),
        ..ClaimAnswer::default()
    };
    match claimed {
        Claimed::New(claim) => {
            let place = format!("/api/v1/claims/{}", claim.id);
            let mut answer = HttpResponse::Created();
            answer.insert_header((header::LOCATION, place));
            Ok(answer.json(with_claim))
        }
        Claimed::Same(_) => Ok(HttpResponse::Ok().json(with_claim)),
        Claimed::Nobody(waiting) => Ok(HttpResponse::Ok().json(ClaimAnswer {
            waiting: Some(waiting),
            ..ClaimAnswer::default()
        })),
        Claimed::Resting(rest) => Ok(HttpResponse::Ok().json(ClaimAnswer {
            rest: Some(rest),
            ..ClaimAnswer::default()
        })),
        Claimed::Stopped { since } => Ok(HttpResponse::Ok().json(ClaimAnswer {
            waiting: Some(Waiting::default()),
            calls_stopped_at: Some(since),
            ..ClaimAnswer::default()
        })),
    }
}

/// Read a claim
#[utoipa::path(get, path = "/api/v1/claims/{id}", tag = "claims",
    params(("id" = i64, Path, description = "A live claim of the token's owner")),
    responses((status = 200, description = "The claim", body = ClaimAnswer),
              (status = 404, description = "There is none, it lapsed, or it is another's", body = Problem)))]
pub(super) async fn read(office: web::Data<Office>, owner: Owner, id: web::Path<i64>) -> Answer {
    shown(&office, HttpResponse::Ok(), owner.0, id.into_inner()).await
}

/// Extend a claim
#[utoipa::path(post, path = "/api/v1/claims/{id}/extend", tag = "claims",
    params(("id" = i64, Path, description = "A live claim of the token's owner")),
    responses((status = 200, description = "The claim with its new end", body = ClaimAnswer),
              (status = 404, description = "There is none, or it is another's", body = Problem),
              (status = 409, description = "It has lapsed; an outcome can still be recorded", body = Problem)))]
pub(super) async fn extend(office: web::Data<Office>, owner: Owner, id: web::Path<i64>) -> Answer {
    let (id, caller) = (id.into_inner(), owner.0);
    let extended = done(&office, move |office| {
        office.extend_claim(&caller, id).map(|_| caller)
    });
    let caller = extended.await?;
    shown(&office, HttpResponse::Ok(), caller, id).await
}

/// Give a claim back
#[utoipa::path(delete, path = "/api/v1/claims/{id}", tag = "claims",
    params(("id" = i64, Path, description = "A claim of the token's owner")),
    responses((status = 204, description = "The household can be claimed by others"),
              (status = 404, description = "There is none, or it is another's", body = Problem)))]
pub(super) async fn give_back(office: web::Data<Office>, owner: Owner, id: web::Path<i64>) -> Answer {
    let id = id.into_inner();
    done(&office, move |office| office.release_claim(&owner.0, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How often a household was passed over.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Skipped {
    skips: i32,
}

/// Why a household is skipped.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct SkipBody {
    /// `not_now`, `language`, `colleague`, `know_them` or `looks_wrong`; `not_now` unless said.
    #[serde(default = "not_now")]
    #[schema(value_type = String)]
    reason: SkipReason,
}

const fn not_now() -> SkipReason {
    SkipReason::NotNow
}

/// Skip a household
///
/// It comes back at the end of its group; after five skips a supervisor sees it, with the reasons.
#[utoipa::path(post, path = "/api/v1/claims/{id}/skip", tag = "claims",
    params(("id" = i64, Path, description = "A claim of the token's owner")),
    request_body = SkipBody,
    responses((status = 200, description = "Given back; how often it was skipped", body = Skipped),
              (status = 404, description = "There is none, or it is another's", body = Problem)))]
pub(super) async fn skip(
    office: web::Data<Office>,
    owner: Owner,
    id: web::Path<i64>,
    body: web::Json<SkipBody>,
) -> Answer {
    let (id, reason) = (id.into_inner(), body.into_inner().reason);
    let skips = done(&office, move |office| office.skip(&owner.0, id, reason)).await?;
    Ok(HttpResponse::Ok().json(Skipped { skips }))
}

/// Answers with a claim as it stands now.
pub(super) async fn shown(office: &Office, mut answer: HttpResponseBuilder, caller: User, id: i64) -> Answer {
    let view = done(office, move |office| office.claim_view(&caller, id)).await?;
    Ok(answer.json(ClaimAnswer {
        claim: Some(view.into()),
        ..ClaimAnswer::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_plain_number() {
        assert_eq!(units(128_400), "1284.00");
        assert_eq!(units(5), "0.05");
        assert_eq!(units(-1_205), "-12.05");
    }
}
