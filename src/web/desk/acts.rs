//! What a caller does at the desk.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::{Entered, Whom};
use super::compose::Beside;
use super::form::Problem;
use super::people::People;
use super::queue::Notice;
use super::{Shown, shows, words};
use crate::domain::ids::{AttemptId, ClaimId, HouseholdId};
use crate::outreach::accounts::User;
use crate::outreach::claim::Claimed;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page;
use crate::web::session::Staff;

type Target = web::Path<(String, i64)>;

/// Takes the next call.
pub async fn claim(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (user, name) = (staff.user.clone(), slug.clone());
    let claimed = ask(&office, move |office| take_next(office, &user, &name)).await?;
    next_call(&request, &office, &staff, &slug, claimed).await
}

/// Takes a household in hand whose people are on the line.
pub async fn claim_household(
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
) -> Result<HttpResponse, Error> {
    let (slug, household): (String, HouseholdId) = target.into_inner();
    let user = staff.user.clone();
    ask(&office, move |office| office.claim_household(&user, household)).await?;
    Ok(page::see_other(&format!("/outages/{slug}/desk?inbound=yes")))
}

/// What came of the outcome form.
enum Step {
    /// Recorded or skipped; this is next.
    Next(Claimed),
    /// Recorded for some people; the others of the household are still to do.
    Rest,
    /// The chosen outcome asks something first, or a skip its reason.
    Ask,
    /// An e-mail was sent once more; the call goes on.
    Sent,
    /// Something must be corrected.
    Correct(Problem),
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
        Step::Next(claimed) => next_call(&request, &office, &staff, &slug, claimed).await,
        Step::Rest if page::wants_fragment(&request) => {
            shows::answer(&request, &office, &staff, &slug, None, Beside::default()).await
        }
        Step::Rest => Ok(page::see_other(&format!("/outages/{slug}/desk"))),
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
        return take_next(office, caller, slug).map(Step::Next);
    }
    if let Some(case) = entered.resend {
        return match office.resend(caller, claim, case) {
            Ok(()) => Ok(Step::Sent),
            Err(outreach::Error::Invalid { field, message }) => Ok(Step::Correct(problem(field, message))),
            Err(error) => Err(error),
        };
    }
    if entered.looks_around {
        return Ok(Step::Ask);
    }
    let (book, call) = office.call(caller, slug, claim)?;
    let cases = match entered.for_whom(&book, &People::of(&call, entered.speaking)) {
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
        Ok(recorded) if recorded.claim.is_some() => Ok(Step::Rest),
        Ok(_) => take_next(office, caller, slug).map(Step::Next),
        Err(outreach::Error::Invalid { field, message }) => Ok(Step::Correct(problem(field, message))),
        Err(error) => Err(error),
    }
}

/// The form's name of a field of the verb.
fn problem(field: &str, message: String) -> Problem {
    match field {
        "callback_at" => Problem::new("callback", message),
        "idempotency_key" => Problem::new(
            "outcome",
            "Your first answer was recorded. If it was wrong, change it under Recent.",
        ),
        field => Problem::new(field, message),
    }
}

/// Gives the call back without an outcome and takes the next.
pub async fn next(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
) -> Result<HttpResponse, Error> {
    let (slug, claim): (String, ClaimId) = target.into_inner();
    let (user, name) = (staff.user.clone(), slug.clone());
    let claimed = ask(&office, move |office| {
        office.release_claim(&user, claim)?;
        take_next(office, &user, &name)
    });
    let claimed = claimed.await?;
    next_call(&request, &office, &staff, &slug, claimed).await
}

/// The page is open: the household stays with the caller.
pub async fn extend(staff: Staff, office: web::Data<Office>, target: Target) -> Result<HttpResponse, Error> {
    let (user, claim) = (staff.user.clone(), target.1);
    ask(&office, move |office| office.extend_claim(&user, claim)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keeps the note as it is typed.
pub async fn keep_note(
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, claim) = target.into_inner();
    let (user, note) = (staff.user.clone(), fields.get("note").to_owned());
    let done = fields.get("done").parse().unwrap_or_default();
    let (at, book) = ask(&office, move |office| {
        Ok((
            office.keep_draft(&user, claim, (&note, done))?,
            office.rules(&slug)?,
        ))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html")
        .body(words::draft_saved(at, &book.outage)))
}

/// The page was closed: the household is soon free.
pub async fn leave(staff: Staff, office: web::Data<Office>, target: Target) -> Result<HttpResponse, Error> {
    let (user, claim) = (staff.user.clone(), target.1);
    ask(&office, move |office| office.leave_claim(&user, claim)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A supervisor is needed at this desk, or (`done`) not any more.
pub async fn distress(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (user, name, done) = (staff.user.clone(), slug.clone(), fields.get("done") == "yes");
    ask(&office, move |office| {
        let outage = office.outage_named(&name)?;
        match done {
            true => office.withdraw_distress(&user, outage.id),
            false => office.raise_distress(&user, outage.id),
        }
    })
    .await?;
    if !page::wants_fragment(&request) {
        return Ok(page::see_other(&format!("/outages/{slug}/desk")));
    }
    Ok(HttpResponse::Ok().content_type("text/html").body(match done {
        true => "",
        false => "A supervisor is called.",
    }))
}

/// Takes the last outcome back; its household and its note are on the desk again.
pub async fn undo(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
) -> Result<HttpResponse, Error> {
    let (slug, attempt): (String, AttemptId) = target.into_inner();
    let user = staff.user.clone();
    let (note, undone) = ask(&office, move |office| {
        // Where it stands no more, that is what is told; asked for again it is answered as the first time.
        let gone = |error| office.recorded_outcome(&user, attempt).and(Err(error));
        let undone = office.undo(&user, attempt).or_else(gone)?;
        let (_, _, done) = office.first_outcome(&user, attempt)?;
        Ok((done.attempt.note, undone))
    })
    .await?;
    let mut notices = Vec::new();
    if undone.claim.is_none() {
        notices.push(told(
            "warning",
            "Taken back.",
            "A colleague has this household on the phone now.",
        ));
    }
    if undone.message_was_sent {
        notices.push(told(
            "info",
            "The e-mail had gone out already.",
            "It cannot be taken back.",
        ));
    }
    let note = if undone.claim.is_some() {
        note
    } else {
        String::new()
    };
    let beside = Beside {
        entered: Entered {
            note,
            ..Entered::default()
        },
        notices,
        ..Beside::default()
    };
    shows::answer(&request, &office, &staff, &slug, None, beside).await
}

fn told(tone: &'static str, strong: &str, text: &str) -> Notice {
    Notice {
        tone,
        strong: strong.to_owned(),
        text: text.to_owned(),
        ..Notice::default()
    }
}

fn take_next(office: &Office, caller: &User, slug: &str) -> outreach::Result<Claimed> {
    let outage = office.outage_named(slug)?;
    office.claim_next(caller, outage.id)
}

/// Shows the next call, or why there is none.
async fn next_call(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    slug: &str,
    claimed: Claimed,
) -> Result<HttpResponse, Error> {
    let (waiting, rest) = match claimed {
        Claimed::Nobody(waiting) => (Some(waiting), None),
        Claimed::Resting(rest) => (None, Some(rest)),
        _ if page::wants_fragment(request) => (None, None),
        _ => return Ok(page::see_other(&format!("/outages/{slug}/desk"))),
    };
    shows::answer(
        request,
        office,
        staff,
        slug,
        None,
        Beside {
            waiting,
            rest,
            ..Beside::default()
        },
    )
    .await
}
