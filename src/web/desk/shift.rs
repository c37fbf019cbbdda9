//! The caller's own shift and breaks.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::queue::{Empty, ShiftCard};
use super::{ShiftPart, compose, words};
use crate::domain::shift::{Rest, Shift};
use crate::domain::timestamp::Timestamp;
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page;
use crate::web::session::Staff;
use crate::web::show::time::clock;

/// Says when the shift ends; an empty time: it is not known.
pub async fn set_end(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (user, name, typed) = (
        staff.user.clone(),
        slug.into_inner(),
        fields.get("ends").to_owned(),
    );
    let said = fields.has("ends");
    let set = move |office: &Office| {
        if !said {
            return Err(outreach::Error::invalid("ends", "Enter when your shift ends."));
        }
        let outage = office.outage_named(&name)?;
        let end = match typed.is_empty() {
            true => None,
            false => Some(next_time(&outage, &typed, office.now())?),
        };
        office.set_shift_end(&user, end)
    };
    shown(&request, &office, &staff, set).await
}

/// Begins a break of so many minutes, now or after the call in hand, or (0) ends it.
pub async fn set_break(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (user, minutes) = (staff.user.clone(), fields.get("minutes").parse::<i64>());
    let after_call = fields.get("after") == "call";
    let gives_back = matches!(minutes, Ok(1..)) && !after_call;
    let answer = shown(&request, &office, &staff, move |office| match minutes {
        Ok(0) => office.set_break(&user, None, false),
        Ok(minutes) => office.set_break(&user, Some(minutes), after_call),
        Err(_) => Err(outreach::Error::invalid(
            "minutes",
            "Choose how many minutes your break is.",
        )),
    })
    .await?;
    // The call that was given back leaves the desk.
    match gives_back && answer.status() == StatusCode::OK {
        true => {
            let desk = request.path().trim_end_matches("/break").to_owned();
            Ok(HttpResponse::NoContent()
                .insert_header(("HX-Redirect", desk))
                .finish())
        }
        false => Ok(answer),
    }
}

/// The next time at which the agency's clock shows `21:00`.
fn next_time(outage: &Outage, typed: &str, now: Timestamp) -> outreach::Result<Timestamp> {
    let time: jiff::civil::Time = typed
        .parse()
        .map_err(|_| outreach::Error::invalid("ends", "Write the time as 21:00."))?;
    let zone = outage.zone();
    let today = zone.local(now).date();
    let tomorrow = today.tomorrow().unwrap_or(today);
    let at = |day: jiff::civil::Date| zone.at(day.to_datetime(time)).instant();
    Ok(if at(today) > now { at(today) } else { at(tomorrow) })
}

/// Does it, and shows the shift as it stands then.
async fn shown(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    set: impl FnOnce(&Office) -> outreach::Result<()> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let slug = request.match_info().get("slug").unwrap_or_default().to_owned();
    let user = staff.user.clone();
    let (book, shift, problem, (now, in_call)) = ask(office, move |office| {
        let problem = match set(office) {
            Err(outreach::Error::Invalid { message, .. }) => message,
            set => set.map(|()| String::new())?,
        };
        let book = office.rules(&slug)?;
        let in_call = office.live_claim(&user, book.outage.id)?.is_some();
        Ok((book, office.shift(&user)?, problem, (office.now(), in_call)))
    })
    .await?;
    let href = compose::href(&book);
    if !page::wants_fragment(request) && problem.is_empty() {
        return Ok(page::see_other(&href));
    }
    let mut card = card(&book.outage, &shift, in_call, now);
    card.problem = problem;
    let part = ShiftPart {
        chrome: staff.chrome(),
        href,
        shift: card,
    };
    let status = match part.shift.problem.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page::page(status, &part))
}

/// A shift as it is shown.
pub fn card(outage: &Outage, shift: &Shift, in_call: bool, now: Timestamp) -> ShiftCard {
    let zone = words::zone(outage);
    let end = shift.end(now);
    let breaks = shift
        .breaks
        .iter()
        .find(|(from, until)| *from <= now && now < *until);
    ShiftCard {
        words: match end {
            Some(end) if end <= now => format!("Ended at {}", clock(end, &zone)),
            Some(end) => format!("Ends at {}", clock(end, &zone)),
            None => "No end is entered".to_owned(),
        },
        ends: end
            .map(|end| outage.zone().local(end).strftime("%H:%M").to_string())
            .unwrap_or_default(),
        on_break: breaks.map(|(_, until)| clock(*until, &zone)),
        in_call,
        problem: String::new(),
    }
}

/// What the desk says when no call is offered because of the shift.
pub fn resting(outage: &Outage, rest: Rest) -> Empty {
    let zone = words::zone(outage);
    let time = |at| clock(at, &zone);
    let (heading, lead) = match rest {
        Rest::ShiftOver { since } => (
            format!("Your shift ended at {}", time(since)),
            "Thank you for tonight. What you promised is kept by the team. If you stay longer, change when your shift ends.".to_owned(),
        ),
        Rest::ShiftEnds { at } => (
            format!("Your shift ends at {}", time(at)),
            "Another call would run past it, so there is none for you. Thank you for tonight. If you stay longer, change when your shift ends.".to_owned(),
        ),
        Rest::OnBreak { until } => (
            format!("You are on a break until {}", time(until)),
            "No call is waiting for you. Press \u{201c}I am back\u{201d} when you are.".to_owned(),
        ),
        Rest::BreakComes { at } => (
            format!("Your break is at {}", time(at)),
            "Another call would run into it. Take it a little early.".to_owned(),
        ),
    };
    Empty {
        heading,
        lead,
        ..Empty::default()
    }
}
