//! No more e-mail to this address. Mail programs POST (RFC 8058) without cookie or page of ours; GET only asks,
//! because scanners open every link.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::page::{Frame, Tongue, UnsubscribePage};
use super::{private, shut};
use crate::domain::words::Language;
use crate::outreach::Office;
use crate::web::ask::ask;
use crate::web::error::Error;

pub(super) async fn show(office: web::Data<Office>, link: web::Path<String>) -> Result<HttpResponse, Error> {
    let key = link.clone();
    let found = ask(&office, move |office| office.subscribed(&key)).await?;
    Ok(answer(&office, &link, found, false))
}

pub(super) async fn unsubscribe(
    office: web::Data<Office>,
    link: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let key = link.clone();
    let found = ask(&office, move |office| office.unsubscribe(&key)).await?;
    Ok(answer(&office, &link, found, true))
}

fn answer(office: &Office, link: &str, language: Option<Language>, done: bool) -> HttpResponse {
    let Some(language) = language else {
        return shut(office, None, "");
    };
    let frame = Frame {
        t: Tongue(language),
        agency: office.sender_name().to_owned(),
        action: format!("/u/{link}"),
        ..Frame::default()
    };
    private(StatusCode::OK, &UnsubscribePage { frame, done })
}
