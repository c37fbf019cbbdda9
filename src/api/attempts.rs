//! `/api/v1/claims/{id}/attempts` and `/api/v1/attempts/{id}/undo`: what happened in a call.

use super::Answer;
use super::act::KEY;
use super::body::Json;
use super::claims::ClaimJson;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::outcome::{OthersWish, Scope};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::record::{CallbackFor, Happened, Recorded};
use crate::web::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Caller, "/api/v1/claims/{id}/attempts", record);
    routes.post(Role::Caller, "/api/v1/attempts/{id}/undo", undo);
}

/// What happened in a call.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAttempt {
    /// Key of an outcome, such as `no_answer`.
    outcome: String,
    /// Card and social security numbers are refused.
    note: Option<String>,
    /// The time promised, or a good time to call; RFC 3339 with an offset, inside calling hours.
    #[schema(format = DateTime)]
    callback_at: Option<String>,
    /// Who keeps it: `me` or `anyone` (the default).
    callback_for: Option<String>,
    /// The language asked for, with `other_language`.
    language: Option<String>,
    /// How far *do not call* goes: `calls` (the default) or `all`.
    scope: Option<String>,
    /// Whether *do not call* is also the wish of those who share the number and are not named: `no`, or `not_known` (the
    /// default: nobody is called there any more). If it is theirs too, name them in `cases`.
    others: Option<String>,
    /// The cases it is about. None: all of the household, for an outcome that is said of the number; one that is said of a
    /// person needs them where several are open.
    cases: Option<Vec<i64>>,
    /// The citizen rang us.
    #[serde(default)]
    inbound: bool,
}

impl NewAttempt {
    fn happened(self) -> Result<Happened, Problem> {
        Ok(Happened {
            outcome: self.outcome,
            note: self.note.unwrap_or_default(),
            callback_at: self.callback_at.as_deref().map(instant).transpose()?,
            callback_for: match self.callback_for.as_deref() {
                Some("me") => CallbackFor::Me,
                Some("anyone") | None => CallbackFor::Anyone,
                Some(_) => return Err(Problem::invalid("callback_for", "Choose me or anyone.")),
            },
            language: self.language,
            scope: self.scope.as_deref().map(scope).transpose()?,
            others: self.others.as_deref().map(others).transpose()?,
            cases: self.cases,
            inbound: self.inbound,
            remedies: Vec::new(),
        })
    }
}

fn instant(text: &str) -> Result<Timestamp, Problem> {
    let read = chrono::DateTime::parse_from_rfc3339(text.trim());
    read.map(|time| time.to_utc().into()).map_err(|_| {
        let right = "Write the time as RFC 3339 with an offset, such as 2026-04-16T10:30:00-04:00.";
        Problem::invalid("callback_at", right)
    })
}

fn others(text: &str) -> Result<OthersWish, Problem> {
    text.parse()
        .map_err(|_| Problem::invalid("others", "Choose no or not_known."))
}

fn scope(text: &str) -> Result<Scope, Problem> {
    text.parse()
        .map_err(|_| Problem::invalid("scope", "Choose calls or all."))
}

/// What was recorded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AttemptAnswer {
    attempt: AttemptJson,
    /// The claim, if others of the household still wait for an outcome.
    claim: Option<OpenClaim>,
    /// Of several named, the cases that were closed meanwhile: nothing is recorded for them.
    skipped: Vec<i64>,
}

/// An attempt.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AttemptJson {
    id: i64,
    /// The lease had lapsed and a colleague had taken the household: kept, and flagged.
    late: bool,
}

/// A claim that stays open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OpenClaim {
    id: i64,
    cases: Vec<OpenCase>,
}

/// A case that still waits for an outcome.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OpenCase {
    id: i64,
}

impl From<Recorded> for AttemptAnswer {
    fn from(recorded: Recorded) -> Self {
        let Recorded {
            attempt,
            late,
            claim,
            rest,
            skipped,
        } = recorded;
        let cases = rest.into_iter().map(|id| OpenCase { id }).collect();
        Self {
            attempt: AttemptJson { id: attempt, late },
            claim: claim.map(|id| OpenClaim { id, cases }),
            skipped,
        }
    }
}

/// Record an outcome
///
/// Attempt, standing of the cases, callback and e-mail in one transaction. The same `Idempotency-Key`
/// again gets the same answer and changes nothing.
#[utoipa::path(post, path = "/api/v1/claims/{id}/attempts", tag = "attempts", request_body = NewAttempt,
    params(("id" = i64, Path, description = "A claim of the token's owner, live or lapsed"),
           ("Idempotency-Key" = String, Header, description = "1 to 200 characters, new for each outcome")),
    responses((status = 201, description = "Recorded, now or by the same request before", body = AttemptAnswer),
              (status = 400, description = "No Idempotency-Key, or no JSON", body = Problem),
              (status = 404, description = "There is no such claim, or it is another's", body = Problem),
              (status = 409, description = "The call is recorded already", body = Problem),
              (status = 422, description = "A value cannot be used, the key was used for another request, or
                it has to be said for whom (`…:for-whom`)",
               body = Problem)))]
pub(super) async fn record(
    request: HttpRequest,
    office: web::Data<Office>,
    owner: Owner,
    claim: web::Path<i64>,
    new: Json<NewAttempt>,
) -> Answer {
    let key = key(&request)?;
    let happened = new.0.happened()?;
    let claim = claim.into_inner();
    let recorded = done(&office, move |office| {
        office.record(&owner.0, claim, &key, &happened)
    });
    Ok(HttpResponse::Created().json(AttemptAnswer::from(recorded.await?)))
}

fn key(request: &HttpRequest) -> Result<String, Problem> {
    let key = request.headers().get(KEY).and_then(|value| value.to_str().ok());
    let key = key.map(str::trim).filter(|key| !key.is_empty());
    key.map(str::to_owned).ok_or_else(|| {
        let right = "Send the header Idempotency-Key with a new key for each outcome, and the same one when you repeat a request.";
        Problem::malformed(right)
    })
}

/// What came of an undo.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct UndoAnswer {
    /// The household is in the caller's hands again, unless a colleague has it.
    claim: Option<ClaimJson>,
    /// An e-mail went out before it could be withdrawn.
    message_was_sent: bool,
}

/// Undo an outcome
///
/// Within five minutes. The household comes back; what the outcome caused is withdrawn.
#[utoipa::path(post, path = "/api/v1/attempts/{id}/undo", tag = "attempts",
    params(("id" = i64, Path, description = "An attempt of the token's owner")),
    responses((status = 200, description = "Undone", body = UndoAnswer),
              (status = 404, description = "There is no such attempt, or it is another's", body = Problem),
              (status = 409, description = "Too late, or undone before", body = Problem)))]
pub(super) async fn undo(office: web::Data<Office>, owner: Owner, id: web::Path<i64>) -> Answer {
    let (id, caller) = (id.into_inner(), owner.0);
    let undone = done(&office, move |office| {
        let undone = office.undo(&caller, id)?;
        let claim = match undone.claim {
            Some(claim) => Some(office.claim_view(&caller, claim.id)?),
            None => None,
        };
        Ok((claim, undone.message_was_sent))
    });
    let (claim, message_was_sent) = undone.await?;
    Ok(HttpResponse::Ok().json(UndoAnswer {
        claim: claim.map(ClaimJson::from),
        message_was_sent,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(json: &str) -> Result<Happened, Problem> {
        serde_json::from_str::<NewAttempt>(json).unwrap().happened()
    }

    #[test]
    fn the_body_of_the_contract_is_understood() {
        let happened = sent(r#"{"outcome":"no_answer","note":"","callback_at":null}"#).unwrap();
        assert_eq!(happened.outcome, "no_answer");
        assert_eq!(happened.callback_for, CallbackFor::Anyone);
        let body = r#"{"outcome":"call_back","callback_at":"2026-04-16T10:30:00-04:00","callback_for":"me","cases":[7]}"#;
        let happened = sent(body).unwrap();
        assert_eq!(
            happened.callback_at.unwrap().rfc3339(),
            "2026-04-16T14:30:00.000Z"
        );
        assert_eq!(happened.callback_for, CallbackFor::Me);
        assert_eq!(happened.cases, Some(vec![7]));
    }

    #[test]
    fn a_time_without_offset_is_refused_at_its_field() {
        let problem = sent(r#"{"outcome":"call_back","callback_at":"2026-04-16T10:30:00"}"#).unwrap_err();
        assert_eq!(
            (problem.status, problem.errors[0].field.as_str()),
            (422, "callback_at")
        );
        let problem = sent(r#"{"outcome":"call_back","callback_for":"you"}"#).unwrap_err();
        assert_eq!(problem.errors[0].field, "callback_for");
    }
}
