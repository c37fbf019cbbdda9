//! `/api/v1/outages/{slug}/messages`: every e-mail and its fate, and trying again.

use super::Answer;
use super::body::Json;
use super::outages::named;
use super::paging::Which;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::ids::MessageId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::fate::Decision;
use crate::outreach::message_log::{Filter, Message};
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/api/v1/outages/{slug}/messages", list);
    routes.post(
        Role::Supervisor,
        "/api/v1/outages/{slug}/messages/{id}/retry",
        retry,
    );
    routes.post(
        Role::Supervisor,
        "/api/v1/outages/{slug}/messages/{id}/address",
        correct,
    );
    routes.post(
        Role::Supervisor,
        "/api/v1/outages/{slug}/messages/{id}/settle",
        settle,
    );
}

/// Which messages.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `queued`, `sending`, `sent`, `uncertain`, `bounced`, `failed`, `withdrawn` or `suppressed`.
    state: Option<String>,
    /// A text's key.
    template: Option<String>,
    /// A campaign's number.
    campaign: Option<i64>,
    /// A case's number.
    case: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Result<Filter, Problem> {
        let wrong =
            |error: crate::domain::message::UnknownState| Problem::invalid("state", error.to_string());
        Ok(Filter {
            state: self.state.as_deref().map(str::parse).transpose().map_err(wrong)?,
            template: self.template.clone(),
            campaign: self.campaign,
            case: self.case,
            ..Filter::default()
        })
    }
}

/// One e-mail and its fate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MessageJson {
    id: i64,
    case: i64,
    template: String,
    language: String,
    to: String,
    state: String,
    tries: i32,
    #[schema(value_type = String, format = DateTime)]
    queued_at: Timestamp,
    /// When it is tried next.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// The mail server's last words, or why nothing was sent.
    reply: Option<String>,
    campaign: Option<i64>,
}

impl From<Message> for MessageJson {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            case: message.case_id,
            template: message.template_key,
            language: message.language,
            to: message.to_address,
            state: message.state,
            tries: message.tries,
            queued_at: message.queued_at,
            due_at: message.due_at,
            sent_at: message.sent_at,
            reply: message.reply,
            campaign: message.campaign_id,
        }
    }
}

/// One page of messages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Messages {
    messages: Vec<MessageJson>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// What a person decides about an uncertain message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settled {
    /// `sent`: count it as sent. `again`: send it once more, with the same Message-ID.
    decision: String,
}

/// Where a citizen reads e-mail.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RightAddress {
    email: String,
}

/// List e-mails and their fates
///
/// In the order in which they were written, page by page.
#[utoipa::path(get, path = "/api/v1/outages/{slug}/messages", tag = "e-mail",
    params(("slug" = String, Path, description = "The outage"), Asked, Which),
    responses((status = 200, description = "The messages", body = Messages),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 422, description = "There is no such state or page", body = Problem)))]
pub(super) async fn list(
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
    which: web::Query<Which>,
) -> Answer {
    let (filter, (after, limit)) = (asked.filter()?, which.read()?);
    let outage = named(&office, slug.into_inner()).await?;
    let found = done(&office, move |office| {
        office.messages_after(outage.id, &filter, after, limit + 1)
    });
    let mut found = found.await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let messages = found.into_iter().map(MessageJson::from).collect();
    Ok(HttpResponse::Ok().json(Messages { messages, next }))
}

/// Try an e-mail again
///
/// One that waits for its next try goes at once, one that failed is queued again.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/messages/{id}/retry", tag = "e-mail",
    params(("slug" = String, Path, description = "The outage"), ("id" = i64, Path, description = "The message")),
    responses((status = 204, description = "It is due now"),
              (status = 404, description = "There is no such message in the outage", body = Problem),
              (status = 409, description = "It is in a state that is not tried again", body = Problem)))]
pub(super) async fn retry(office: web::Data<Office>, path: web::Path<(String, MessageId)>) -> Answer {
    let (slug, id) = path.into_inner();
    let outage = named(&office, slug).await?;
    done(&office, move |office| office.retry_message(outage.id, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Correct the address of an e-mail that did not arrive
///
/// The citizen is written to at this address from now on, and gets that text there.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/messages/{id}/address", tag = "e-mail", request_body = RightAddress,
    params(("slug" = String, Path, description = "The outage"), ("id" = i64, Path, description = "The message")),
    responses((status = 204, description = "Corrected"),
              (status = 404, description = "There is no such message in the outage", body = Problem),
              (status = 409, description = "It has not come back, and has not failed", body = Problem),
              (status = 422, description = "No address, or one that cannot be written to", body = Problem)))]
pub(super) async fn correct(
    office: web::Data<Office>,
    owner: Owner,
    path: web::Path<(String, MessageId)>,
    right: Json<RightAddress>,
) -> Answer {
    let ((slug, id), email) = (path.into_inner(), right.0.email);
    let outage = named(&office, slug).await?;
    done(&office, move |office| {
        office.correct_address(&owner.0, outage.id, id, &email)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Decide about an e-mail whose answer nobody saw
#[utoipa::path(post, path = "/api/v1/outages/{slug}/messages/{id}/settle", tag = "e-mail", request_body = Settled,
    params(("slug" = String, Path, description = "The outage"), ("id" = i64, Path, description = "The message")),
    responses((status = 204, description = "Settled"),
              (status = 404, description = "There is no such message", body = Problem),
              (status = 409, description = "It is not uncertain (any more)", body = Problem),
              (status = 422, description = "Neither sent nor again", body = Problem)))]
pub(super) async fn settle(
    office: web::Data<Office>,
    path: web::Path<(String, MessageId)>,
    settled: Json<Settled>,
) -> Answer {
    let (slug, id) = path.into_inner();
    named(&office, slug).await?;
    let decision = match settled.0.decision.as_str() {
        "sent" => Decision::CountAsSent,
        "again" => Decision::SendAgain,
        _ => return Err(Problem::invalid("decision", "Send sent or again.")),
    };
    done(&office, move |office| office.settle_uncertain(id, decision)).await?;
    Ok(HttpResponse::NoContent().finish())
}
