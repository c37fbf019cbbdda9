//! Exports: an outage's records as files for spreadsheets and programs.

pub mod download;
mod page;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::export::{Format, What};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page as answer;
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::address;
use page::{ExportRow, ExportsPage};

/// The exports' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/exports", list);
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/exports/{what}.{format}",
        download::download,
    );
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let outage = ask(&office, move |office| office.outage_named(&slug)).await?;
    let base = address(&outage);
    let page = ExportsPage {
        chrome: frame(&office, &staff, &outage, Place::Cases).await?,
        exports: What::ALL.iter().map(|what| row(*what, &base)).collect(),
    };
    Ok(answer(StatusCode::OK, &page))
}

fn row(what: What, base: &str) -> ExportRow {
    let (name, meaning) = match what {
        What::Cases => (
            "Cases",
            "One row a citizen: who, how to reach them, where they stand",
        ),
        What::Attempts => (
            "Attempts",
            "One row a call and citizen: when, who called, outcome, note",
        ),
        What::Messages => ("E-mails", "One row an e-mail: to whom, when, its fate"),
        What::Remedies => ("Remedies", "What is owed to citizens, for the billing team"),
        What::Letters => (
            "Letters",
            "Addresses of those who get a letter, and which were sent",
        ),
    };
    let file = |format: &Format| {
        let words = match format {
            Format::Csv => "CSV",
            Format::Xlsx => "Excel",
            Format::Ndjson => "NDJSON",
        };
        (words, format!("{base}/exports/{what}.{format}"))
    };
    ExportRow {
        name,
        meaning,
        files: Format::ALL.iter().map(file).collect(),
    }
}
