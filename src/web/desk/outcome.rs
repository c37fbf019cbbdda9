//! The outcome of a call, as its form was sent: recorded, asked about, corrected, or too late.

use actix_web::{HttpRequest, HttpResponse, web};

use super::acts::{Target, next_call, take_next, told};
use super::answers::{Entered, Whom};
use super::compose::Beside;
use super::form::Problem;
use super::people::People;
use super::queue::Notice;
use super::{Shown, clients, shows};
use crate::domain::ids::ClaimId;
use crate::outreach::accounts::User;
use crate::outreach::claim::Claimed;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page;
use crate::web::session::Staff;

/// The answer to the first press was lost, and another key was pressed then.
const FIRST_ANSWER: &str = "Your first answer was saved. If it was wrong, change it under Recent.";

/// What came of the outcome form.
enum Step {
    /// Recorded or skipped, with news of those who were left out; this is next.
    Next(Claimed, Vec<Notice>),
    /// Recorded for some people, with such news; the others of the household are still to do.
    Rest(Vec<Notice>),
    /// The chosen outcome asks something first, or a skip its reason.
    Ask,
    /// An e-mail was sent once more; the call goes on.
    Sent,
    /// Something must be corrected.
    Correct(Problem),
    /// It was not saved, because something else was before it.
    Late(String),
}

/// Records what happened, or opens the question that the outcome asks, or skips.
pub async fn outcome(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
    shown: web::Query<Shown>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, claim) = target.into_inner();
    let entered = Entered::read(&fields);
    let (user, name, sent) = (staff.user.clone(), slug.clone(), entered.clone());
    let step = ask(&office, move |office| step(office, &user, &name, claim, &sent)).await?;
    let same_call = |problems| Beside {
        shown: shown.into_inner(),
        entered,
        problems,
        ..Beside::default()
    };
    match step {
        Step::Next(claimed, news) => next_call(&request, &office, &staff, &slug, (claimed, news)).await,
        Step::Rest(notices) if page::wants_fragment(&request) || !notices.is_empty() => {
            let beside = Beside {
                notices,
                ..Beside::default()
            };
            shows::answer(&request, &office, &staff, &slug, None, beside).await
        }
        Step::Rest(_) => Ok(page::see_other(&format!("/outages/{slug}/desk"))),
        Step::Ask => {
            shows::answer(
                &request,
                &office,
                &staff,
                &slug,
                Some(claim),
                same_call(Vec::new()),
            )
            .await
        }
        Step::Sent => {
            let sent = told(
                "info",
                "The e-mail goes out again.",
                "So far says when their server has taken it.",
            );
            let beside = Beside {
                notices: vec![sent],
                ..same_call(Vec::new())
            };
            shows::answer(&request, &office, &staff, &slug, Some(claim), beside).await
        }
        Step::Correct(problem) => {
            shows::answer(
                &request,
                &office,
                &staff,
                &slug,
                Some(claim),
                same_call(vec![problem]),
            )
            .await
        }
        Step::Late(why) => {
            let beside = same_call(Vec::new()).too_late(&why);
            shows::answer(&request, &office, &staff, &slug, Some(claim), beside).await
        }
    }
}

fn step(
    office: &Office,
    caller: &User,
    slug: &str,
    claim: ClaimId,
    entered: &Entered,
) -> outreach::Result<Step> {
    if entered.skip {
        let Some(reason) = entered.skip_reason else {
            return Ok(Step::Ask);
        };
        office.skip(caller, claim, reason)?;
        return take_next(office, caller, slug).map(|next| Step::Next(next, Vec::new()));
    }
    if let Some(case) = entered.resend {
        return match office.resend(caller, claim, case) {
            Ok(()) => Ok(Step::Sent),
            Err(outreach::Error::Invalid { field, message }) => Ok(Step::Correct(problem(field, message))),
            Err(error) => Err(error),
        };
    }
    if entered.again {
        return match office.take_again(caller, claim) {
            Ok(_) => Ok(Step::Ask),
            Err(outreach::Error::Conflict(why)) => Ok(Step::Late(why.to_string())),
            Err(error) => Err(error),
        };
    }
    if entered.looks_around {
        return Ok(Step::Ask);
    }
    let (book, call) = office.call(caller, slug, claim)?;
    let cases = match entered.for_whom(&book, &People::of(&call, entered.on_line())) {
        Whom::All => None,
        Whom::These(cases) => Some(cases),
        Whom::Asked => return Ok(Step::Ask),
        Whom::Wait(problem) => return Ok(Step::Correct(problem)),
    };
    if entered.asks(&book) {
        return Ok(Step::Ask);
    }
    let zones = Rulebook::zones(&call.household.time_zone);
    let happened = match entered.happened(&book, &zones, office.now(), cases) {
        Ok(happened) => happened,
        Err(problem) => return Ok(Step::Correct(problem)),
    };
    match office.record(caller, claim, &entered.key, &happened) {
        Ok(recorded) => {
            let news = clients::left_out(&call.people, &recorded.skipped);
            match recorded.claim {
                Some(_) => Ok(Step::Rest(news)),
                None => take_next(office, caller, slug).map(|next| Step::Next(next, news)),
            }
        }
        Err(outreach::Error::Conflict(why)) => Ok(Step::Late(why.to_string())),
        Err(outreach::Error::Invalid {
            field: "idempotency_key",
            ..
        }) => Ok(Step::Late(FIRST_ANSWER.to_owned())),
        Err(outreach::Error::Invalid { field, message }) => Ok(Step::Correct(problem(field, message))),
        Err(error) => Err(error),
    }
}

/// The form's name of a field of the verb.
fn problem(field: &str, message: String) -> Problem {
    match field {
        "callback_at" => Problem::new("callback", message),
        field => Problem::new(field, message),
    }
}
