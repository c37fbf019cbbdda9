//! `/api/v1/outages/{slug}/campaigns`: writing to many, and holding it.

use super::Answer;
use super::body::Json;
use super::outages::named;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::ids::CampaignId;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::campaign::{Audience, Wave};
use crate::outreach::message_log::Filter;
use crate::outreach::{Error, Office};
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/api/v1/outages/{slug}/campaigns", list);
    routes.post(Role::Supervisor, "/api/v1/outages/{slug}/campaigns", send);
    routes.post(
        Role::Supervisor,
        "/api/v1/outages/{slug}/campaigns/{id}/state",
        steer,
    );
}

/// A mailing to many; the keys are the flags of `campaign send`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCampaign {
    /// The text's key, such as `apology`.
    template: String,
    /// `everyone`, `language=es`, or a stage such as `stage=new`; may be left out where `at_most` is a number: then everyone.
    only: Option<String>,
    /// Mail first, then call: hold the calls to these people for so many hours. Left out: no call waits.
    hold_calls: Option<u16>,
    /// Write to no more than so many; the next one takes the next. `null`: to all of them; that has to be said.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<i64>, required = true)]
    at_most: Option<Option<i64>>,
    /// Count only; write to nobody.
    #[serde(default)]
    dry_run: bool,
}

/// A value that was sent, be it `null`; only a field that was left out is none.
fn said<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// One campaign and what became of its e-mails.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CampaignJson {
    id: i64,
    template: String,
    only: String,
    /// `running`, `paused` or `stopped`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    calls_held_until: Option<Timestamp>,
    /// How many e-mails are in each state.
    messages: BTreeMap<String, i64>,
}

/// An outage's campaigns, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Campaigns {
    campaigns: Vec<CampaignJson>,
}

/// What a campaign is to do.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewState {
    /// `running`, `paused`, or `stopped`, which is for good and withdraws what was not sent.
    state: String,
}

/// Write to many
///
/// Counts who gets the text and why the others do not, and queues it. Nobody gets a text twice; whoever has paid,
/// answered or must not be written to when their turn comes is left out then.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/campaigns", tag = "e-mail", request_body = NewCampaign,
    params(("slug" = String, Path, description = "The outage")),
    responses((status = 201, description = "Queued; with `dry_run` 200 and only counted", body = Object),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 422, description = "There is no such text or filter", body = Problem)))]
pub(super) async fn send(
    office: web::Data<Office>,
    owner: Owner,
    slug: web::Path<String>,
    new: Json<NewCampaign>,
) -> Answer {
    let new = new.0;
    let only = new.only.as_deref().map(str::trim).unwrap_or_default();
    if only.is_empty() && new.at_most.flatten().is_none() {
        let advice = "Say to whom: everyone, language=es, or a stage; or say at_most.";
        return Err(Problem::invalid("only", advice));
    }
    let advice = "Send how many citizens at most, or null for all of them.";
    let at_most = new.at_most.ok_or_else(|| Problem::invalid("at_most", advice))?;
    let read = only.parse();
    let audience: Audience = read.map_err(|told: String| Problem::invalid("only", told))?;
    let wave = Wave {
        template: new.template,
        audience,
        hold_hours: new.hold_calls,
        at_most,
        seen: None,
    };
    let outage = named(&office, slug.into_inner()).await?;
    let report = done(&office, move |office| {
        office.send_wave(outage.id, &wave, Some(owner.0.id), new.dry_run)
    })
    .await?;
    Ok(match report.campaign {
        Some(_) => HttpResponse::Created().json(report),
        None => HttpResponse::Ok().json(report),
    })
}

/// List the campaigns of an outage
#[utoipa::path(get, path = "/api/v1/outages/{slug}/campaigns", tag = "e-mail",
    params(("slug" = String, Path, description = "The outage")),
    responses((status = 200, description = "The campaigns", body = Campaigns),
              (status = 404, description = "There is no such outage", body = Problem)))]
pub(super) async fn list(office: web::Data<Office>, slug: web::Path<String>) -> Answer {
    let outage = named(&office, slug.into_inner()).await?;
    let log = done(&office, move |office| {
        office.message_log(outage.id, &Filter::default(), 0, 0)
    })
    .await?;
    let messages = |id: CampaignId| {
        let own = log.progress.iter().filter(move |(campaign, ..)| *campaign == id);
        own.map(|(_, state, count)| (state.clone(), *count)).collect()
    };
    let campaigns = log.campaigns.iter().map(|campaign| CampaignJson {
        id: campaign.id,
        template: campaign.template_key.clone(),
        only: campaign.audience.clone(),
        state: campaign.state.clone(),
        created_at: campaign.created_at,
        calls_held_until: campaign.calls_held_until,
        messages: messages(campaign.id),
    });
    Ok(HttpResponse::Ok().json(Campaigns {
        campaigns: campaigns.collect(),
    }))
}

/// Hold a campaign, let it go on, or stop it
#[utoipa::path(post, path = "/api/v1/outages/{slug}/campaigns/{id}/state", tag = "e-mail", request_body = NewState,
    params(("slug" = String, Path, description = "The outage"), ("id" = i64, Path, description = "The campaign")),
    responses((status = 200, description = "Done; `withdrawn` counts the e-mails that are not sent any more", body = Object),
              (status = 404, description = "There is no such campaign in the outage", body = Problem),
              (status = 409, description = "It was stopped", body = Problem),
              (status = 422, description = "There is no such state", body = Problem)))]
pub(super) async fn steer(
    office: web::Data<Office>,
    path: web::Path<(String, CampaignId)>,
    new: Json<NewState>,
) -> Answer {
    let ((slug, id), state) = (path.into_inner(), new.0.state);
    let outage = named(&office, slug).await?;
    let told = state.clone();
    let withdrawn = done(&office, move |office| match state.as_str() {
        "stopped" => office.stop_campaign(outage.id, id),
        "paused" | "running" => {
            let paused = state == "paused";
            office.pause_campaign(outage.id, id, paused).map(|()| 0)
        }
        _ => Err(Error::invalid("state", "Send running, paused or stopped.")),
    })
    .await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({"campaign": id, "state": told, "withdrawn": withdrawn})))
}
