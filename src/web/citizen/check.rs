//! Is this call real? A page for a call-back code and part of a phone number.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use std::time::{Duration, Instant};

use super::page::{CheckPage, Frame, Tongue};
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

pub(super) async fn show(office: web::Data<Office>, wish: web::Query<Wish>) -> HttpResponse {
    private(StatusCode::OK, &page(&office, &wish.lang, None))
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
    let answer = private(status, &page(&office, &lang, Some(checked)));
    Ok(match checked {
        Checked::TooOften(wait) => again_after(answer, wait),
        Checked::Ours | Checked::NotOurs => answer,
    })
}

fn page(office: &Office, lang: &str, checked: Option<Checked>) -> CheckPage {
    CheckPage {
        frame: Frame {
            t: Tongue(spoken(lang, None)),
            agency: office.sender_name().to_owned(),
            action: "/check".to_owned(),
            ..Frame::default()
        },
        checked,
    }
}
