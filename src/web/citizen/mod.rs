//! The citizen's page: no login, no cookie, no script; the link is the key. GET changes nothing.

mod calendar;
mod check;
mod compose;
mod cost;
pub mod page;
#[cfg(test)]
mod tests;
mod times;
mod told;
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
use crate::store::answers::Answer;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::page as html;
use crate::web::routes::Routes;
use crate::web::show;
use page::{Problem, Shut};

/// The citizen's addresses.
pub fn routes(routes: &mut Routes) {
    routes.open_get("/c/{link}", show);
    routes.open_post("/c/{link}", answer);
    routes.open_post("/c/{link}/details", details);
    routes.open_post("/c/{link}/letter", letter);
    routes.open_get("/c/{link}/cost", cost::noted);
    routes.open_post("/c/{link}/cost", cost::note);
    routes.open_get("/c/{link}/call.ics", call);
    routes.open_get("/check", check::show);
    routes.open_post("/check", check::check);
    routes.open_get("/u/{link}", unsubscribe::show);
    routes.bare_post("/u/{link}", unsubscribe::unsubscribe);
}

/// What an address may carry besides the link.
#[derive(serde::Deserialize)]
struct Wish {
    /// A language's code; else the language we know of.
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
        other => return closed(office, other, lang).await,
    };
    let language = spoken(lang, visit.case.language.as_deref());
    let seen = compose::Seen {
        link: &link,
        agency: office.agency_of(&visit.book.outage, language),
        language,
    };
    let charged = visit.case.charged();
    // Asked again: what does not fit what became known of the money since, and what a stranger said of another address.
    let counts = |given: &&Answer| match given.choice.parse::<Reply>() {
        Ok(reply) => reply != Reply::WrongPerson && reply.is_offered(charged),
        Err(_) => false,
    };
    let given = visit.answer.as_ref().filter(counts);
    Ok(match (given, form) {
        (Some(given), Form::IfNew) => private(StatusCode::OK, &compose::done(&visit, given, seen)),
        (_, Form::Wrong(problem, entered)) => {
            let status = match problem {
                Problem::TooOften(_) | Problem::ManyCosts => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            private(status, &compose::questions(&visit, seen, &entered, Some(problem)))
        }
        (given, _) => {
            let entered = given.map(Entered::of).unwrap_or_default();
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
    /// What was typed was for the letter.
    #[serde(skip)]
    for_letter: bool,
    /// What it cost them, if that was sent.
    #[serde(skip)]
    cost: Box<page::Cost>,
    /// The button of the wrong person, whatever else is chosen.
    #[serde(default)]
    not_me: String,
}

impl Entered {
    /// The form as an answer was given in it.
    fn of(given: &Answer) -> Self {
        let call_at = given.call_at.map(|at| at.micros().to_string());
        Self {
            choice: given.choice.clone(),
            slot: call_at.unwrap_or_default(),
            phone: given
                .phone
                .as_deref()
                .map(show::person::phone)
                .unwrap_or_default(),
            speak: given.language.clone(),
            ..Self::default()
        }
    }

    /// The time chosen for a call.
    fn time(&self) -> Option<Timestamp> {
        self.slot.parse().ok().map(Timestamp::from_micros)
    }

    /// The language chosen for a call.
    fn spoken(&self) -> Option<Language> {
        Some(self.speak.as_str())
            .filter(|code| !code.is_empty())
            .map(Language::of)
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
    let for_call = entered.spoken().filter(|_| reply == Reply::CallMe);
    let said = Said {
        reply,
        slot: entered.time(),
        phone: entered.phone.clone(),
        language: for_call.unwrap_or(Language::of(&entered.lang)),
    };
    let key = link.clone();
    let problem = match ask(&office, move |office| office.answer_by_link(&key, &said)).await? {
        Opened::Welcome(Answered::Noted) => {
            let language = Language::of(&lang).code();
            return Ok(html::see_other(&format!("/c/{link}?lang={language}")));
        }
        Opened::Welcome(Answered::NotOffered) => Problem::NoChoice,
        Opened::Welcome(Answered::BadNumber(why)) => Problem::BadNumber(why),
        Opened::Welcome(Answered::NoTime) => Problem::NoTime,
        Opened::Welcome(Answered::Full) => Problem::Full,
        Opened::Welcome(Answered::TooOften(wait)) => {
            let problem = Problem::TooOften((wait + 59) / 60);
            let page = page_of(&office, link, &lang, Form::Wrong(problem, entered)).await?;
            return Ok(html::again_after(page, wait));
        }
        other => return closed(&office, other, &lang).await,
    };
    page_of(&office, link, &lang, Form::Wrong(problem, entered)).await
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
    behind_digits(&office, link.into_inner(), typed.into_inner(), false).await
}

async fn letter(
    office: web::Data<Office>,
    link: web::Path<String>,
    typed: web::Form<Digits>,
) -> Result<HttpResponse, Error> {
    behind_digits(&office, link.into_inner(), typed.into_inner(), true).await
}

/// What only somebody sees who knows the last digits of the account: the amounts, or the letter.
async fn behind_digits(
    office: &Office,
    link: String,
    typed: Digits,
    for_letter: bool,
) -> Result<HttpResponse, Error> {
    let (key, digits) = (link.clone(), typed.digits);
    let found = match ask(office, move |office| office.details_by_link(&key, &digits)).await? {
        Opened::Welcome(found) => found,
        other => return closed(office, other, &typed.lang).await,
    };
    let problem = match found {
        Details::Shown { book, case, payments } => {
            let language = spoken(&typed.lang, case.language.as_deref());
            let seen = compose::Seen {
                link: &link,
                agency: office.agency_of(&book.outage, language),
                language,
            };
            let shown = (seen, office.now());
            return Ok(match for_letter {
                true => private(StatusCode::OK, &compose::letter(&book, &case, &payments, shown)),
                false => private(StatusCode::OK, &compose::details(&book, &case, &payments, shown)),
            });
        }
        Details::Wrong(left) => Problem::WrongDigits(left),
        Details::Locked => Problem::Locked,
    };
    let entered = Entered {
        for_letter,
        ..Entered::default()
    };
    page_of(office, link, &typed.lang, Form::Wrong(problem, entered)).await
}

/// The call that was chosen, for a calendar; whoever has chosen none is shown the page.
async fn call(
    office: web::Data<Office>,
    link: web::Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Error> {
    let key = link.into_inner();
    let page = format!("/c/{key}?lang={}", Language::of(&wish.lang).code());
    let visit = match ask(&office, move |office| office.visit(&key)).await? {
        Opened::Welcome(visit) => visit,
        other => {
            let mut page = closed(&office, other, &wish.lang).await?;
            if page.status().is_success() {
                page.head_mut().status = StatusCode::GONE; // a page is no call to keep
            }
            return Ok(page);
        }
    };
    let language = spoken(&wish.lang, visit.case.language.as_deref());
    let agency = office.agency_of(&visit.book.outage, language);
    Ok(match compose::call(&visit, &agency.name, language) {
        Some(file) => HttpResponse::Ok()
            .content_type("text/calendar; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"call.ics\""))
            .body(file),
        None => html::see_other(&page),
    })
}

/// The language of the page: as wished, else the one we know of.
fn spoken(wished: &str, known: Option<&str>) -> Language {
    match wished {
        "" => Language::of(known.unwrap_or_default()),
        wished => Language::of(wished),
    }
}

/// The page of a link that lets nobody in.
async fn closed<T>(office: &Office, opened: Opened<T>, lang: &str) -> Result<HttpResponse, Error> {
    let (why, status, outage, known) = match opened {
        Opened::Expired(outage, known) => (Shut::Expired, StatusCode::GONE, outage, known),
        Opened::NotTheirs(outage, known) => (Shut::NotTheirs, StatusCode::OK, outage, known),
        Opened::Welcome(_) | Opened::Unknown => return unknown(office, lang).await,
    };
    let language = spoken(lang, Some(known.code()));
    let agency = office.agency_of(&outage, language);
    Ok(private(
        status,
        &compose::shut(why, agency, Some(&outage), language),
    ))
}

/// The page of a link that opens nothing. It says no more of a forged one than of one that never was.
async fn unknown(office: &Office, lang: &str) -> Result<HttpResponse, Error> {
    let language = spoken(lang, None);
    let agency = ask(office, move |office| office.agency(language)).await?;
    let page = compose::shut(Shut::Unknown, agency, None, language);
    Ok(private(StatusCode::NOT_FOUND, &page))
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
