//! What a caller looks at: the desk, its news, recent outcomes, promised callbacks.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::Entered;
use super::callback as asking;
use super::compose::{self, Beside};
use super::{CallbacksPage, NewsPart, Promised, RecentPage, Shown, dial, news, words};
use crate::domain::ids::ClaimId;
use crate::outreach::Office;
use crate::outreach::desk::Promised as Promise;
use crate::outreach::rulebook::Rulebook;
use crate::store::cases::Case;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::session::Staff;
use crate::web::{page, show};

/// So many of a caller's outcomes are listed.
const RECENT: i64 = 100;

/// The desk as it stands.
pub async fn desk(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    shown: web::Query<Shown>,
) -> Result<HttpResponse, Error> {
    let shown = shown.into_inner();
    let entered = Entered {
        inbound: shown.inbound == "yes",
        speaking: shown.speaking,
        home: shown.home == "yes",
        ..Entered::default()
    };
    let beside = Beside {
        shown,
        entered,
        ..Beside::default()
    };
    answer(&request, &office, &staff, &slug, None, beside).await
}

/// The desk after an act: a correction (422) where something entered was wrong, else 200.
pub async fn answer(
    request: &HttpRequest,
    office: &Office,
    staff: &Staff,
    slug: &str,
    sent: Option<ClaimId>,
    mut beside: Beside,
) -> Result<HttpResponse, Error> {
    let (user, name) = (staff.user.clone(), slug.to_owned());
    let desk = ask(office, move |office| office.desk(&user, &name, sent)).await?;
    let chrome = frame(office, staff, &desk.book.outage, Place::Desk).await?;
    if let Some(call) = &desk.call {
        let zones = Rulebook::zones(&call.household.time_zone);
        beside.times = asking::times(office, (&desk.book, zones, desk.now), &beside.entered).await?;
    }
    beside.key = format!("{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>());
    let status = match (beside.late, beside.problems.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = compose::desk(chrome, staff.user.first_name(), &desk, beside);
    Ok(page::page_or_fragment(request, status, &page, &page.as_main()))
}

/// Which call a page shows.
#[derive(serde::Deserialize)]
pub struct OnDesk {
    #[serde(default)]
    claim: ClaimId,
    /// What the page says of the number: `on`, `off` or `inbound`.
    #[serde(default)]
    dial: String,
}

/// What changed while the call goes on; asked for every few seconds.
pub async fn notices(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    on_desk: web::Query<OnDesk>,
) -> Result<HttpResponse, Error> {
    let OnDesk { claim, dial: shown } = on_desk.into_inner();
    let (user, slug) = (staff.user.clone(), slug.into_inner());
    let read = move |office: &Office| {
        let now = office.now();
        let (book, call) = match claim {
            ..=0 => (office.rules(&slug)?, None),
            _ => office
                .call(&user, &slug, claim)
                .map(|(book, call)| (book, Some(call)))?,
        };
        let distress = office.distress_of(&user, book.outage.id)?;
        Ok((book, call, distress, now))
    };
    let (book, call, distress, now) = ask(&office, read).await?;
    let mut notices = news::news(&compose::href(&book), &book, call.as_ref(), now);
    let dial = call.filter(|_| ["on", "off", "inbound"].contains(&shown.as_str()));
    let dial = dial.map(|call| dial::dial(&book, &call, now, shown == "inbound"));
    let dial = dial.filter(|dial| dial.state != shown);
    notices.extend(news::distress(distress.as_ref(), now, &words::zone(&book.outage)));
    Ok(page::page(
        StatusCode::OK,
        &NewsPart {
            chrome: staff.chrome(),
            notices,
            over: dial.as_ref().is_some_and(|dial| dial.state == "over"),
            dial,
        },
    ))
}

/// The caller's outcomes.
pub async fn recent(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (user, slug) = (staff.user.clone(), slug.into_inner());
    let read = move |office: &Office| Ok((office.recorded_by(&user, &slug, RECENT)?, office.now()));
    let ((book, done), now) = ask(&office, read).await?;
    let (zone, href) = (words::zone(&book.outage), compose::href(&book));
    let recent = done
        .iter()
        .map(|done| compose::recent(&href, &book, done, now, &zone))
        .collect();
    let chrome = frame(&office, &staff, &book.outage, Place::Recent).await?;
    Ok(page::page(StatusCode::OK, &RecentPage { chrome, href, recent }))
}

/// The callbacks that the caller promised.
pub async fn callbacks(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (user, slug) = (staff.user.clone(), slug.into_inner());
    let read = move |office: &Office| Ok((office.promised_by(&user, &slug)?, office.now()));
    let ((book, promised), now) = ask(&office, read).await?;
    let callbacks = promised
        .iter()
        .map(|promise| callback(&book, promise, now))
        .collect();
    let chrome = frame(&office, &staff, &book.outage, Place::Callbacks).await?;
    Ok(page::page(
        StatusCode::OK,
        &CallbacksPage {
            chrome,
            href: compose::href(&book),
            callbacks,
        },
    ))
}

fn callback(book: &Rulebook, promise: &Promise, now: crate::domain::timestamp::Timestamp) -> Promised {
    let zones = Rulebook::zones(&promise.household.time_zone);
    let home = book.hours.home(&zones);
    let (ours, theirs) = (words::zone(&book.outage), home.clock(promise.due_at));
    let people: Vec<&Case> = promise.people.iter().collect();
    let due = show::time::due(promise.due_at, now);
    let same = show::time::clock(promise.due_at, &ours) == theirs;
    Promised {
        name: words::together(&people),
        when: show::time::moment(promise.due_at, now, &ours),
        theirs: if same {
            String::new()
        } else {
            format!("{theirs} {}", words::zone_name(home.name(), now))
        },
        relative: due.text,
        due: promise.due_at <= now,
        owner: if promise.mine { "You" } else { "Anyone" }.to_owned(),
        note: promise.note.clone(),
    }
}
