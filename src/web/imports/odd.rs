//! Citizens who paid twice or whose payment went back in part: whom a supervisor should look at.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::tz::TimeZone;

use super::check::number;
use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::Office;
use crate::outreach::import::{Fate, ImportState, OddPayer, Report};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page::page as answer;
use crate::web::session::Staff;
use crate::web::show::count::{counted, dollars};
use crate::web::show::time::moment;
use crate::web::show::{oddity, person, zone};

/// Citizens on the page at most.
const ROWS: usize = 100;

/// Those citizens.
#[derive(Template)]
#[template(path = "imports/odd.html", blocks = ["main"])]
pub struct OddPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The import's check.
    pub back: String,
    /// How many there are.
    pub summary: String,
    /// They.
    pub rows: Vec<OddRow>,
}

/// One of them.
pub struct OddRow {
    /// The name.
    pub name: String,
    /// The case, once the import counts.
    pub href: Option<String>,
    /// What is odd.
    pub odd: Vec<String>,
    /// What came and went back.
    pub payments: Vec<String>,
}

/// Those citizens.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
) -> Result<HttpResponse, Error> {
    let path = path.into_inner();
    let (outage, import, payers, now) = ask(&office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        let payers = office.odd_payers(&outage, &import, ROWS)?;
        Ok((outage, import, payers, office.now()))
    })
    .await?;
    let (counts, zone) = (import.state() == ImportState::Published, zone(&outage));
    let summary = match import.told().as_ref().and_then(told) {
        Some(told) if payers.len() == ROWS => format!("{told} The first {ROWS} are shown."),
        Some(told) => told,
        None => "No payment of this file is odd.".to_owned(),
    };
    let page = OddPage {
        chrome: frame(&office, &staff, &outage, Place::Imports).await?,
        back: format!("{}/check", href(&outage, import.id)),
        summary,
        rows: payers
            .iter()
            .map(|payer| row(payer, counts, now, &zone))
            .collect(),
    };
    Ok(answer(StatusCode::OK, &page))
}

fn row(payer: &OddPayer, counts: bool, now: Timestamp, zone: &TimeZone) -> OddRow {
    let flow = |flow: &crate::outreach::import::Flow| {
        let amount = flow
            .amount_cents
            .map_or_else(|| "Not known".to_owned(), |cents| dollars(cents.abs()));
        let at = moment(flow.occurred_at, now, zone);
        match flow.fate == Fate::Refund.as_str() {
            true => format!("{amount} went back, {at}"),
            false => format!("{amount} paid, {at}"),
        }
    };
    OddRow {
        name: person::name(&payer.name.0, &payer.name.1),
        href: counts.then(|| format!("/cases/{}", payer.case)),
        odd: oddity::told(payer.oddity),
        payments: payer.flows.iter().map(flow).collect(),
    }
}

/// How many people of a report paid twice, and of how many a payment went back in part.
pub(super) fn told(report: &Report) -> Option<String> {
    let twice = (report.paid_twice > 0).then(|| {
        counted(
            number(report.paid_twice),
            "person paid twice.",
            "people paid twice.",
        )
    });
    let in_part = (report.refunded_in_part > 0).then(|| {
        let people = (number(report.refunded_in_part), "person", "people");
        format!(
            "Of {} a payment went back in part.",
            counted(people.0, people.1, people.2)
        )
    });
    let told: Vec<String> = twice.into_iter().chain(in_part).collect();
    (!told.is_empty()).then(|| told.join(" "))
}
