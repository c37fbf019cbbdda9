//! What the outage cost a citizen, sent from their page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::page::{Cost, Problem};
use super::{Entered, Form, Wish, closed, compose, page_of, private, spoken};
use crate::domain::words::Language;
use crate::outreach::Office;
use crate::outreach::citizen::Opened;
use crate::outreach::citizen::cost::{Noted, Told};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::page as html;

/// The form as it was sent.
#[derive(serde::Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    digits: String,
    #[serde(default)]
    lang: String,
}

/// Notes it, for somebody who knows the last digits of the account.
pub(super) async fn note(
    office: web::Data<Office>,
    link: web::Path<String>,
    sent: web::Form<Sent>,
) -> Result<HttpResponse, Error> {
    let (link, sent) = (link.into_inner(), sent.into_inner());
    let told = Told {
        kind: sent.kind.parse().ok(),
        amount: sent.amount.clone(),
        words: sent.words.clone(),
        digits: sent.digits.clone(),
    };
    let key = link.clone();
    let problem = match ask(&office, move |office| office.cost_by_link(&key, &told)).await? {
        Opened::Welcome(Noted::Noted) => {
            let language = Language::of(&sent.lang).code();
            return Ok(html::see_other(&format!("/c/{link}/cost?lang={language}")));
        }
        Opened::Welcome(Noted::NoKind) => Problem::NoChoice,
        Opened::Welcome(Noted::NoAmount) => Problem::NoAmount,
        Opened::Welcome(Noted::NoWords) => Problem::NoWords,
        Opened::Welcome(Noted::BadWords) => Problem::BadWords,
        Opened::Welcome(Noted::WrongDigits(left)) => Problem::WrongDigits(left),
        Opened::Welcome(Noted::Locked) => Problem::Locked,
        Opened::Welcome(Noted::TooOften(wait)) => {
            let page = wrong(&office, link, sent, Problem::ManyCosts).await?;
            return Ok(html::again_after(page, wait));
        }
        other => return closed(&office, other, &sent.lang).await,
    };
    wrong(&office, link, sent, problem).await
}

/// The page again, with what was typed but for the digits.
async fn wrong(office: &Office, link: String, sent: Sent, problem: Problem) -> Result<HttpResponse, Error> {
    let entered = Entered {
        cost: Box::new(Cost {
            is_open: true,
            kind: sent.kind,
            amount: sent.amount,
            words: sent.words,
        }),
        ..Entered::default()
    };
    page_of(office, link, &sent.lang, Form::Wrong(problem, entered)).await
}

/// That it is noted, and nothing else.
pub(super) async fn noted(
    office: web::Data<Office>,
    link: web::Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    let link = link.into_inner();
    let key = link.clone();
    let visit = match ask(&office, move |office| office.visit(&key)).await? {
        Opened::Welcome(visit) => visit,
        other => return closed(&office, other, &wish.lang).await,
    };
    let language = spoken(&wish.lang, visit.case.language.as_deref());
    let seen = compose::Seen {
        link: &link,
        agency: office.agency_of(&visit.book.outage, language),
        language,
    };
    Ok(private(StatusCode::OK, &compose::cost(&visit, seen)))
}
