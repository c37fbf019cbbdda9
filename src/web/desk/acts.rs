//! What a caller does at the desk.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::Entered;
use super::compose::Beside;
use super::queue::Notice;
use super::{shows, words};
use crate::domain::ids::{AttemptId, ClaimId, HouseholdId};
use crate::outreach::accounts::User;
use crate::outreach::claim::Claimed;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page;
use crate::web::session::Staff;

/// An outage, and a claim or an attempt of it.
pub(super) type Target = web::Path<(String, i64)>;

/// Takes the next call.
pub async fn claim(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (user, name) = (staff.user.clone(), slug.clone());
    let claimed = ask(&office, move |office| take_next(office, &user, &name)).await?;
    next_call(&request, &office, &staff, &slug, (claimed, Vec::new())).await
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
    next_call(&request, &office, &staff, &slug, (claimed, Vec::new())).await
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

/// Takes the last outcome back; its household and its note are on the desk again.
pub async fn undo(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    target: Target,
) -> Result<HttpResponse, Error> {
    let (slug, attempt): (String, AttemptId) = target.into_inner();
    let user = staff.user.clone();
    let undone = ask(&office, move |office| {
        // Where it stands no more, that is what is told; asked for again it is answered as the first time.
        let gone = |error| office.recorded_outcome(&user, attempt).and(Err(error));
        office.undo(&user, attempt).or_else(gone)
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
    if notices.is_empty() && !page::wants_fragment(&request) {
        let inbound = if undone.inbound { "?inbound=yes" } else { "" };
        return Ok(page::see_other(&format!("/outages/{slug}/desk{inbound}")));
    }
    let beside = Beside {
        entered: Entered {
            inbound: undone.inbound,
            ..Entered::default()
        },
        notices,
        ..Beside::default()
    };
    shows::answer(&request, &office, &staff, &slug, None, beside).await
}

/// News of an act.
pub(super) fn told(tone: &'static str, strong: &str, text: &str) -> Notice {
    Notice {
        tone,
        strong: strong.to_owned(),
        text: text.to_owned(),
        ..Notice::default()
    }
}

/// The next call, or why there is none.
pub(super) fn take_next(office: &Office, caller: &User, slug: &str) -> outreach::Result<Claimed> {
    let outage = office.outage_named(slug)?;
    office.claim_next(caller, outage.id)
}

/// Shows the next call, or why there is none, with news of the one before.
pub(super) async fn next_call(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    slug: &str,
    (claimed, notices): (Claimed, Vec<Notice>),
) -> Result<HttpResponse, Error> {
    let (waiting, rest) = match claimed {
        Claimed::Nobody(waiting) => (Some(waiting), None),
        Claimed::Resting(rest) => (None, Some(rest)),
        _ if page::wants_fragment(request) || !notices.is_empty() => (None, None),
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
            notices,
            ..Beside::default()
        },
    )
    .await
}
