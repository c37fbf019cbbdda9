//! Is this call real? A page for a call-back code and part of a phone number.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use std::time::{Duration, Instant};

use super::compose::frame_of;
use super::page::{CheckPage, Frame};
use super::{private, spoken};
use crate::outreach::Office;
use crate::outreach::citizen::check::Checked;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::page::again_after;
use crate::web::source::source;

/// Every answer takes so long: how fast it comes must not tell whether a code exists.
const PACE: Duration = Duration::from_millis(500);

#[derive(serde::Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    lang: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    code: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    lang: String,
}

pub(super) async fn show(office: web::Data<Office>, wish: web::Query<Wish>) -> Result<HttpResponse, Error> {
    Ok(private(StatusCode::OK, &page(&office, &wish.lang, None).await?))
}

pub(super) async fn check(
    request: HttpRequest,
    office: web::Data<Office>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Error> {
    let begun = Instant::now();
    let (Entered { code, phone, lang }, from) = (entered.into_inner(), source(&office, &request));
    let checked = ask(&office, move |office| office.check_code(&code, &phone, from)).await?;
    rt::time::sleep(PACE.saturating_sub(begun.elapsed())).await;
    let status = match checked {
        Checked::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
        Checked::Ours | Checked::NotOurs => StatusCode::OK,
    };
    let answer = private(status, &page(&office, &lang, Some(checked)).await?);
    Ok(match checked {
        Checked::TooOften(wait) => again_after(answer, wait),
        Checked::Ours | Checked::NotOurs => answer,
    })
}

async fn page(office: &Office, lang: &str, checked: Option<Checked>) -> Result<CheckPage, Error> {
    let language = spoken(lang, None);
    let agency = ask(office, move |office| office.agency(language)).await?;
    Ok(CheckPage {
        frame: Frame {
            action: "/check".to_owned(),
            ..frame_of(agency, language)
        },
        checked,
    })
}
