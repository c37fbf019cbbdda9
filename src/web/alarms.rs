//! What every supervisor has to see, in a bar above whatever page is open.

use super::ask::ask;
use super::error::Error;
use super::page::page;
use super::routes::Routes;
use super::session::Staff;
use super::show::time::moment;
use super::show::{address, zone};
use crate::domain::role::Role;
use crate::outreach::Office;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

/// The bar.
#[derive(Template)]
#[template(path = "alarms.html")]
pub struct Bar {
    /// Callers who need a supervisor.
    pub cries: Vec<CryLine>,
    /// Outages whose calls are stopped.
    pub stopped: Vec<StopLine>,
    /// The token of its forms.
    pub csrf: String,
}

/// A caller who needs a supervisor.
pub struct CryLine {
    /// Their name.
    pub name: String,
    /// Since when, on the outage's clock.
    pub since: String,
    /// The outage's name.
    pub outage: String,
    /// Where *I am coming* is sent.
    pub act: String,
}

/// An outage whose calls are stopped.
pub struct StopLine {
    /// Its name.
    pub outage: String,
    /// Since when, on its clock.
    pub since: String,
    /// Its board.
    pub board: String,
}

/// What is asked for.
#[derive(serde::Deserialize)]
struct Asked {
    /// The outage whose board is open: it says its own.
    but: Option<String>,
}

pub(super) fn routes(routes: &mut Routes) {
    routes.polled_get(Role::Supervisor, "/alarms", show);
}

async fn show(
    staff: Staff,
    office: web::Data<Office>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (alarms, now) = ask(&office, move |office| {
        Ok((office.alarms(asked.but.as_deref())?, office.now()))
    })
    .await?;
    let cries = alarms.cries.into_iter().map(|cry| CryLine {
        since: moment(cry.at, now, &zone(&cry.outage)),
        act: format!("{}/distress/{}", address(&cry.outage), cry.caller),
        outage: cry.outage.name,
        name: cry.name,
    });
    let stopped = alarms.stopped.into_iter().map(|outage| StopLine {
        since: outage
            .calls_stopped_at
            .map(|at| moment(at, now, &zone(&outage)))
            .unwrap_or_default(),
        board: format!("{}/board", address(&outage)),
        outage: outage.name,
    });
    let bar = Bar {
        cries: cries.collect(),
        stopped: stopped.collect(),
        csrf: staff.chrome().csrf,
    };
    Ok(page(StatusCode::OK, &bar))
}
