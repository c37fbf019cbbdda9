//! Changing an outcome recorded earlier: the old one is kept in the history, what it caused is withdrawn.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::{Entered, Whom};
use super::form::{OutcomeForm, Person, Problem};
use super::people::People;
use super::told::Aloud;
use super::{ChangePage, callback, compose, questions, words};
use crate::domain::ids::AttemptId;
use crate::domain::outcome::Rule;
use crate::domain::timestamp::Timestamp;
use crate::domain::zone::Zone;
use crate::outreach::desk::Done;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{self, Office};
use crate::store::attempts::Attempt;
use crate::store::cases::Case;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page;
use crate::web::session::Staff;

type Target = web::Path<(String, AttemptId)>;

/// The form, with what was recorded.
pub async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
) -> Result<HttpResponse, Error> {
    answer(&request, &office, &staff, target.1, None, Vec::new()).await
}

/// Changes it, or opens the question that the new outcome asks.
pub async fn change(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, id) = target.into_inner();
    let entered = Entered::read(&fields);
    let (user, sent) = (staff.user.clone(), entered.clone());
    let problems = ask(&office, move |office| {
        let (book, household, done) = office.first_outcome(&user, id)?;
        let cases = match sent.for_whom(&book, &whom(&done)) {
            Whom::All => None,
            Whom::These(cases) => Some(cases),
            Whom::Asked | Whom::Wait(_) if !sent.whom.is_empty() => Some(sent.whom.clone()),
            Whom::Asked | Whom::Wait(_) => {
                return Ok(Some(vec![Problem::new("cases", "Tick whom it is for.")]));
            }
        };
        if sent.asks(&book) {
            return Ok(Some(Vec::new()));
        }
        let zones = Rulebook::zones(&household.time_zone);
        let sent = as_promised(
            sent,
            &done.attempt,
            (&book, book.hours.home(&zones)),
            office.now(),
        );
        let happened = match sent.happened(&book, &zones, office.now(), cases) {
            Ok(happened) => happened,
            Err(problem) => return Ok(Some(vec![problem])),
        };
        match office.change(&user, id, &happened) {
            Ok(_) => Ok(None),
            Err(outreach::Error::Invalid {
                field: "callback_at",
                message,
            }) => Ok(Some(vec![Problem::new("callback", message)])),
            Err(outreach::Error::Invalid { field, message }) => Ok(Some(vec![Problem::new(field, message)])),
            Err(error) => Err(error),
        }
    });
    match problems.await? {
        None => Ok(changed(&request, &slug)),
        Some(problems) => answer(&request, &office, &staff, id, Some(entered), problems).await,
    }
}

/// The time that was promised stands in the panel until another one is chosen.
fn as_promised(
    entered: Entered,
    attempt: &Attempt,
    (book, home): (&Rulebook, &Zone),
    now: Timestamp,
) -> Entered {
    // Of a wish, such as when a specialist suits, *any time* is an answer.
    let must = book
        .outcomes
        .get(entered.outcome())
        .is_some_and(|outcome| outcome.rule == Rule::Callback);
    let untouched = must && entered.quick.is_empty() && entered.outcome() == attempt.outcome;
    let promised = attempt.callback_at.filter(|at| *at > now && untouched);
    let Some(at) = promised.map(|at| home.local(at)) else {
        return entered;
    };
    Entered {
        quick: callback::FIELDS.to_owned(),
        date: at.date().to_string(),
        time: at.strftime("%H:%M").to_string(),
        anyone: attempt.callback_owner_id.is_none(),
        ..entered
    }
}

/// Whom the outcome was recorded for: nobody of them is on the line any more.
fn whom(done: &Done) -> People<'_> {
    People::recorded(&done.people)
}

fn changed(request: &HttpRequest, slug: &str) -> HttpResponse {
    let recent = format!("/outages/{slug}/desk/recent");
    if page::wants_fragment(request) {
        HttpResponse::NoContent()
            .insert_header(("HX-Redirect", recent))
            .finish()
    } else {
        page::see_other(&recent)
    }
}

async fn answer(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    id: AttemptId,
    entered: Option<Entered>,
    problems: Vec<Problem>,
) -> Result<HttpResponse, Error> {
    let user = staff.user.clone();
    let read = move |office: &Office| Ok((office.recorded_outcome(&user, id)?, office.now()));
    let ((book, household, done), now) = ask(office, read).await?;
    let zones = Rulebook::zones(&household.time_zone);
    let entered =
        entered.map(|entered| as_promised(entered, &done.attempt, (&book, book.hours.home(&zones)), now));
    let times = match &entered {
        Some(entered) => callback::times(office, (&book, zones.clone(), now), entered).await?,
        None => None,
    };
    let asked = callback::Asked {
        book: &book,
        zones: &zones,
        now,
        whom: words::together(&done.people.iter().collect::<Vec<_>>()),
        times: times.as_ref(),
        aloud: Aloud::default(), // nobody is on the line
    };
    let chrome = frame(office, staff, &book.outage, Place::Recent).await?;
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let people: Vec<&Case> = done.people.iter().collect();
    let href = compose::href(&book);
    let zone = words::zone(&book.outage);
    let page = ChangePage {
        name: words::together(&people),
        recorded: words::sentence(&compose::recorded(&book, &done.attempt, now, &zone)),
        form: form(&href, &asked, &done, entered, problems),
        chrome,
        href,
    };
    Ok(page::page_or_fragment(request, status, &page, &page.as_main()))
}

fn form(
    href: &str,
    asked: &callback::Asked<'_>,
    done: &Done,
    entered: Option<Entered>,
    problems: Vec<Problem>,
) -> OutcomeForm {
    let question = entered
        .as_ref()
        .and_then(|entered| questions::question(entered, asked, false));
    let before = Entered {
        chosen: done.attempt.outcome.clone(),
        note: done.attempt.note.clone(),
        inbound: done.attempt.inbound,
        ..Entered::default()
    };
    let entered = entered.unwrap_or(before);
    let people = whom(done);
    OutcomeForm {
        action: format!("{href}/attempts/{}/change", done.attempt.id),
        id: done.attempt.id.to_string(),
        people: match people.are_several() {
            true => people
                .here
                .iter()
                .map(|case| person(case, &people, &entered))
                .collect(),
            false => Vec::new(),
        },
        heading: "What really happened?".to_owned(),
        groups: questions::groups(asked.book, &|_| String::new()),
        chosen: entered.outcome().to_owned(),
        others: questions::others(asked.book, &entered, &people),
        question,
        note: entered.note,
        inbound: entered.inbound,
        save_label: "Save the change".to_owned(),
        problems,
        ..OutcomeForm::default()
    }
}

fn person(case: &Case, people: &People<'_>, entered: &Entered) -> Person {
    Person {
        case: case.id,
        name: people.name(case),
        checked: entered.whom.contains(&case.id),
    }
}
