//! `/api/v1/outages/{slug}/promises`: what was promised, by whom, until when, and whether it was kept.

use super::Answer;
use super::outages::named;
use super::paging::{self, Which};
use super::problem::Problem;
use super::verb::done;
use crate::domain::callback::Kept;
use crate::domain::promise::Promised;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::promises::{Entry, Filter, Ledger, Tally};
use crate::web::routes::Routes;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/api/v1/outages/{slug}/promises", list);
}

/// Which promises.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sought {
    /// `callback`, `letter` or `remedy`; none: all.
    #[param(value_type = Option<String>)]
    kind: Option<Promised>,
    /// `open`, `kept`, `late` or `broken`; none: all.
    #[param(value_type = Option<String>)]
    standing: Option<Kept>,
    /// The id of who promised; none: everybody, and the team.
    owner: Option<i64>,
}

/// A promise and to whom.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PromiseJson {
    /// `callback`, `letter` or `remedy`.
    kind: String,
    /// Which remedy; null for others.
    what: Option<String>,
    /// The case of the person; null if there is none any more.
    case: Option<i64>,
    name: String,
    /// Who promised; null: the team.
    owner: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    kept_at: Option<Timestamp>,
    /// `open`, `kept`, `late` or `broken`.
    standing: String,
}

impl From<Entry> for PromiseJson {
    fn from(entry: Entry) -> Self {
        let promise = entry.promise;
        Self {
            kind: promise.kind,
            what: Some(promise.what).filter(|what| !what.is_empty()),
            case: entry.case,
            name: entry.name,
            owner: promise.owner_id,
            due_at: promise.due_at,
            kept_at: promise.kept_at,
            standing: entry.standing.as_str().to_owned(),
        }
    }
}

/// A page of the ledger.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LedgerJson {
    /// The first due first.
    promises: Vec<PromiseJson>,
    /// How many there are of those sought.
    total: i64,
    /// How all promises of the outage stand: `kept`, `late`, `broken`, `open`.
    #[schema(value_type = Object)]
    tally: Tally,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// The ledger of promises
///
/// Callbacks, letters and remedies, the first due first.
#[utoipa::path(get, path = "/api/v1/outages/{slug}/promises", tag = "promises",
    params(("slug" = String, Path, description = "The outage"), Sought, Which),
    responses((status = 200, description = "The promises", body = LedgerJson),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 422, description = "A word that means nothing here", body = Problem)))]
pub(super) async fn list(
    office: web::Data<Office>,
    slug: web::Path<String>,
    sought: web::Query<Sought>,
    which: web::Query<Which>,
) -> Answer {
    let (from, limit) = which.read()?;
    let outage = named(&office, slug.into_inner()).await?;
    let filter = Filter {
        kind: sought.kind,
        standing: sought.standing,
        owner: sought.owner,
    };
    let ledger: Ledger = done(&office, move |office| {
        office.promises(outage.id, &filter, (from, limit))
    })
    .await?;
    Ok(HttpResponse::Ok().json(LedgerJson {
        next: paging::after((from, ledger.entries.len()), ledger.total),
        promises: ledger.entries.into_iter().map(PromiseJson::from).collect(),
        total: ledger.total,
        tally: ledger.tally,
    }))
}
