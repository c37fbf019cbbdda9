//! The delivery log: looked through, written out, and tried again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::ROWS;
use super::compose;
use super::filter::Asked;
use crate::domain::ids::{CaseId, MessageId};
use crate::outreach::Office;
use crate::outreach::export::Format;
use crate::outreach::message_log::Filter;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::exports::download::written;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::{address, zone};

/// Most messages that a search by name or address shows: it has no pages, which would carry it in their addresses.
const FOUND: i64 = 200;

/// Shows what is asked for.
pub(super) async fn log(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    show(&staff, &office, slug.into_inner(), asked.into_inner(), None).await
}

/// Finds messages by a name, an address or a case number, and shows them or writes them out.
pub(super) async fn find(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, sought) = (slug.into_inner(), fields.get("q").to_owned());
    let number = sought.to_lowercase();
    let number = number.trim_start_matches("case").trim().trim_start_matches('#');
    if let Ok(case) = number.parse::<CaseId>() {
        return Ok(see_other(&format!("/outages/{slug}/messages?case={case}")));
    }
    if sought.is_empty() {
        return Ok(see_other(&format!("/outages/{slug}/messages")));
    }
    if fields.get("as") == "csv" {
        let filter = Filter {
            part: Some(sought),
            ..Filter::default()
        };
        return file(&office, slug, move |_| filter).await;
    }
    show(&staff, &office, slug, Asked::default(), Some(sought)).await
}

/// Writes out what is asked for.
pub(super) async fn csv(
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let asked = asked.into_inner();
    file(&office, slug.into_inner(), move |zone| asked.filter(zone)).await
}

async fn file(
    office: &Office,
    slug: String,
    filter: impl FnOnce(&jiff::tz::TimeZone) -> Filter,
) -> Result<HttpResponse, Error> {
    let outage = ask(office, move |office| office.outage_named(&slug)).await?;
    let filter = filter(&zone(&outage));
    let name = format!("{}-e-mails.csv", outage.slug);
    Ok(written(office, &name, Format::Csv, move |office, out| {
        office.export_log(outage.id, &filter, Format::Csv, out)
    }))
}

async fn show(
    staff: &Staff,
    office: &Office,
    slug: String,
    asked: Asked,
    sought: Option<String>,
) -> Result<HttpResponse, Error> {
    let (page, rows) = match sought {
        Some(_) => (1, FOUND),
        None => (asked.page(), ROWS),
    };
    let (filtered, part) = (asked.clone(), sought.clone());
    let (outage, found, post, now) = ask(office, move |office| {
        let outage = office.outage_named(&slug)?;
        let filter = Filter {
            part,
            ..filtered.filter(&zone(&outage))
        };
        let found = office.message_log(outage.id, &filter, (page - 1) * rows, rows)?;
        let post = (
            office.mail_trouble()?,
            office.questions()?,
            office.bounce_troubles()?,
        );
        Ok((outage, found, post, office.now()))
    })
    .await?;
    let chrome = frame(office, staff, &outage, Place::Messages).await?;
    let log = compose::Log {
        outage: &outage,
        found: &found,
        asked: &asked,
        sought: sought.as_deref().unwrap_or_default(),
        stands: post.0.as_ref(),
        questions: &post.1,
        troubles: &post.2,
        now,
    };
    Ok(answer(StatusCode::OK, &log.page(chrome, &office.config)))
}

/// Tries one message again.
pub(super) async fn retry(
    office: web::Data<Office>,
    path: web::Path<(String, MessageId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let ((slug, id), asked) = (path.into_inner(), Asked::of(&fields));
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.retry_message(outage.id, id)?;
        Ok(address(&outage))
    })
    .await?;
    Ok(see_other(&format!("{back}/messages?{}", asked.query(None))))
}

/// Puts an address right and sends there what did not arrive.
pub(super) async fn correct(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, MessageId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let ((slug, id), email) = (path.into_inner(), fields.get("email").to_owned());
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.correct_address(&staff.user, outage.id, id, &email)?;
        Ok(address(&outage))
    })
    .await?;
    Ok(see_other(&format!("{back}/messages")))
}

/// Tries all again that are shown and wait or failed.
pub(super) async fn retry_all(
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    fields.must_have("state", "Choose which e-mails are tried again.")?;
    let (slug, asked) = (slug.into_inner(), Asked::of(&fields));
    let state = asked.state.clone();
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.retry_messages(outage.id, &asked.filter(&zone(&outage)))?;
        Ok(address(&outage))
    })
    .await?;
    let then = if state == "failed" {
        "queued"
    } else {
        state.as_str()
    };
    Ok(see_other(&format!("{back}/messages?state={then}")))
}
