//! The citizen's page: no login, no cookie, no script; the link is the key. GET changes nothing.

mod check;
mod compose;
pub mod page;
#[cfg(test)]
mod tests;
mod unsubscribe;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::reply::Reply;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::outreach::Office;
use crate::outreach::citizen::Opened;
use crate::outreach::citizen::answer::{Answered, Said};
use crate::outreach::citizen::details::Details;
use crate::store::outages::Outage;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::page as html;
use crate::web::routes::Routes;
use page::Problem;

/// The citizen's addresses.
pub fn routes(routes: &mut Routes) {
    routes.open_get("/c/{link}", show);
    routes.open_post("/c/{link}", answer);
    routes.open_post("/c/{link}/details", details);
    routes.open_get("/check", check::show);
    routes.open_post("/check", check::check);
    routes.open_get("/u/{link}", unsubscribe::show);
    routes.bare_post("/u/{link}", unsubscribe::unsubscribe);
}

/// What an address may carry besides the link.
#[derive(serde::Deserialize)]
struct Wish {
    /// `en` or `es`; else the language we know of.
    #[serde(default)]
    lang: String,
    /// The form, though an answer was given.
    #[serde(default)]
    change: String,
}

async fn show(
    office: web::Data<Office>,
    link: web::Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    let form = if wish.change.is_empty() {
        Form::IfNew
    } else {
        Form::Again
    };
    page_of(&office, link.into_inner(), &wish.lang, form).await
}

/// Whether the questions are asked.
#[derive(Clone, Debug)]
enum Form {
    /// Unless there is an answer.
    IfNew,
    /// Also if there is one.
    Again,
    /// What was sent cannot be used.
    Wrong(Problem, Entered),
}

async fn page_of(office: &Office, link: String, lang: &str, form: Form) -> Result<HttpResponse, Error> {
    let key = link.clone();
    let visit = match ask(office, move |office| office.visit(&key)).await? {
        Opened::Welcome(visit) => visit,
        Opened::Expired(outage, language) => return Ok(shut(office, Some((&outage, language)), lang)),
        Opened::Unknown => return Ok(shut(office, None, lang)),
    };
    let language = spoken(lang, visit.case.language.as_deref());
    let seen = compose::Seen {
        link: &link,
        agency: compose::agency(office, &visit.book.outage),
        language,
    };
    Ok(match (&visit.answer, form) {
        (Some(given), Form::IfNew) => private(StatusCode::OK, &compose::done(&visit, given, seen)),
        (_, Form::Wrong(problem, entered)) => {
            let status = match problem {
                Problem::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            private(status, &compose::questions(&visit, seen, &entered, Some(problem)))
        }
        (given, _) => {
            let entered = Entered::of(given.as_ref().map(|given| given.choice.as_str()));
            private(StatusCode::OK, &compose::questions(&visit, seen, &entered, None))
        }
    })
}

/// The form as it was sent.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Entered {
    #[serde(default)]
    choice: String,
    #[serde(default)]
    slot: String,
    #[serde(default)]
    phone: String,
    /// The language of the call.
    #[serde(default)]
    speak: String,
    /// The language of the page.
    #[serde(default)]
    lang: String,
    /// The button of the wrong person, whatever else is chosen.
    #[serde(default)]
    not_me: String,
}

impl Entered {
    fn of(choice: Option<&str>) -> Self {
        Self {
            choice: choice.unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    fn reply(&self) -> Option<Reply> {
        if !self.not_me.is_empty() {
            return Some(Reply::WrongPerson);
        }
        self.choice.parse().ok()
    }
}

async fn answer(
    office: web::Data<Office>,
    link: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Error> {
    let (link, entered) = (link.into_inner(), entered.into_inner());
    let lang = entered.lang.clone();
    let Some(reply) = entered.reply() else {
        return page_of(&office, link, &lang, Form::Wrong(Problem::NoChoice, entered)).await;
    };
    let for_call = if reply == Reply::CallMe && !entered.speak.is_empty() {
        &entered.speak
    } else {
        &entered.lang
    };
    let said = Said {
        reply,
        slot: entered.slot.parse().ok().map(Timestamp::from_micros),
        phone: entered.phone.clone(),
        language: Language::of(for_call),
    };
    let key = link.clone();
    match ask(&office, move |office| office.answer_by_link(&key, &said)).await? {
        Opened::Welcome(Answered::Noted) => {
            let language = Language::of(&lang).code();
            Ok(html::see_other(&format!("/c/{link}?lang={language}")))
        }
        Opened::Welcome(Answered::BadNumber(why)) => {
            page_of(
                &office,
                link,
                &lang,
                Form::Wrong(Problem::BadNumber(why), entered),
            )
            .await
        }
        Opened::Welcome(Answered::NoTime) => {
            page_of(&office, link, &lang, Form::Wrong(Problem::NoTime, entered)).await
        }
        Opened::Welcome(Answered::TooOften(wait)) => {
            let problem = Problem::TooOften((wait + 59) / 60);
            let page = page_of(&office, link, &lang, Form::Wrong(problem, entered)).await?;
            Ok(html::again_after(page, wait))
        }
        Opened::Expired(outage, language) => Ok(shut(&office, Some((&outage, language)), &lang)),
        Opened::Unknown => Ok(shut(&office, None, &lang)),
    }
}

#[derive(serde::Deserialize)]
struct Digits {
    #[serde(default)]
    digits: String,
    #[serde(default)]
    lang: String,
}

async fn details(
    office: web::Data<Office>,
    link: web::Path<String>,
    typed: web::Form<Digits>,
) -> Result<HttpResponse, Error> {
    let (link, typed) = (link.into_inner(), typed.into_inner());
    let (key, digits) = (link.clone(), typed.digits);
    let found = match ask(&office, move |office| office.details_by_link(&key, &digits)).await? {
        Opened::Welcome(found) => found,
        Opened::Expired(outage, language) => {
            return Ok(shut(&office, Some((&outage, language)), &typed.lang));
        }
        Opened::Unknown => return Ok(shut(&office, None, &typed.lang)),
    };
    let problem = match found {
        Details::Shown { book, case, payments } => {
            let language = spoken(&typed.lang, case.language.as_deref());
            let agency = compose::agency(&office, &book.outage);
            let seen = compose::Seen {
                link: &link,
                agency,
                language,
            };
            let page = compose::details(&book, &case, &payments, seen);
            return Ok(private(StatusCode::OK, &page));
        }
        Details::Wrong(left) => Problem::WrongDigits(left),
        Details::Locked => Problem::Locked,
    };
    page_of(
        &office,
        link,
        &typed.lang,
        Form::Wrong(problem, Entered::default()),
    )
    .await
}

/// The language of the page: as wished, else the one we know of.
fn spoken(wished: &str, known: Option<&str>) -> Language {
    match wished {
        "" => Language::of(known.unwrap_or_default()),
        wished => Language::of(wished),
    }
}

/// The page of a link that opens nothing. It says no more of a forged one than of one that never was.
fn shut(office: &Office, expired: Option<(&Outage, Language)>, lang: &str) -> HttpResponse {
    let known = expired.map(|(_, language)| language.code());
    let page = compose::shut(office, expired.map(|(outage, _)| outage), spoken(lang, known));
    let status = if expired.is_some() {
        StatusCode::GONE
    } else {
        StatusCode::NOT_FOUND
    };
    private(status, &page)
}

/// A page that no search engine keeps; that no browser does, `headers` says of all pages.
fn private(status: StatusCode, page: &impl Template) -> HttpResponse {
    let mut answer = html::page(status, page);
    answer.headers_mut().insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex, nofollow, noarchive"),
    );
    answer
}
