//! No more e-mail to this address. Mail programs POST (RFC 8058) without cookie or page of ours; GET only asks,
//! because scanners open every link.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::compose::frame_of;
use super::page::{Frame, UnsubscribePage};
use super::{private, unknown};
use crate::outreach::Office;
use crate::outreach::unsubscribe::Subscribed;
use crate::web::ask::ask;
use crate::web::error::Error;

pub(super) async fn show(office: web::Data<Office>, link: web::Path<String>) -> Result<HttpResponse, Error> {
    let key = link.clone();
    let found = ask(&office, move |office| office.subscribed(&key)).await?;
    answer(&office, &link, found, false).await
}

pub(super) async fn unsubscribe(
    office: web::Data<Office>,
    link: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let key = link.clone();
    let found = ask(&office, move |office| office.unsubscribe(&key)).await?;
    answer(&office, &link, found, true).await
}

async fn answer(
    office: &Office,
    link: &str,
    found: Option<Subscribed>,
    done: bool,
) -> Result<HttpResponse, Error> {
    let Some(Subscribed { outage, language }) = found else {
        return unknown(office, "").await;
    };
    let frame = Frame {
        action: format!("/u/{link}"),
        ..frame_of(office.agency_of(&outage, language), language)
    };
    Ok(private(StatusCode::OK, &UnsubscribePage { frame, done }))
}
