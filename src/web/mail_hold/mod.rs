//! Holding all e-mail, and releasing it with what waits before one's eyes.

mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::tz::TimeZone;

use crate::domain::role::Role;
use crate::outreach::mail_hold::{Held, Release, Trace};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::messages::words::template;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::time;
use page::{HoldPage, Past, Standing};

/// The hold's addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/mail-hold", read);
    routes.post(Role::Supervisor, "/mail-hold", hold);
    routes.post(Role::Supervisor, "/mail-hold/release", release);
}

const NO_REASON: &str = "Say why all e-mail is to be held: the others read it.";

async fn read(staff: Staff, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    show(&staff, &office, None).await
}

async fn hold(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let (by, why) = (staff.user.clone(), fields.get("why").to_owned());
    if why.is_empty() {
        return show(&staff, &office, Some(NO_REASON.to_owned())).await;
    }
    done(&staff, &office, move |office| office.hold_mail(Some(&by), &why)).await
}

async fn release(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let by = staff.user.clone();
    let how = match fields.get("how") {
        "send" => Release::Send,
        "withdraw" => Release::Withdraw,
        _ => {
            return show(
                &staff,
                &office,
                Some("Choose what becomes of the e-mails that wait.".to_owned()),
            )
            .await;
        }
    };
    done(&staff, &office, move |office| {
        office.release_mail(Some(&by), how).map(|_| ())
    })
    .await
}

/// Does it and shows the page again, or says why it was not done.
async fn done(
    staff: &Staff,
    office: &Office,
    verb: impl FnOnce(&Office) -> outreach::Result<()> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let done = ask(office, move |office| match verb(office) {
        Err(outreach::Error::Conflict(told) | outreach::Error::Invalid { message: told, .. }) => {
            Ok(Some(told))
        }
        done => done.map(|()| None),
    });
    match done.await? {
        None => Ok(see_other("/mail-hold")),
        problem => show(staff, office, problem).await,
    }
}

async fn show(staff: &Staff, office: &Office, problem: Option<String>) -> Result<HttpResponse, Error> {
    let (held, traces) = ask(office, |office| Ok((office.mail_hold()?, office.mail_holds()?))).await?;
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = HoldPage {
        chrome: staff.chrome(),
        standing: held.as_ref().map(standing),
        past: traces.iter().filter_map(past).collect(),
        problem,
    };
    Ok(answer(status, &page))
}

fn standing(held: &Held) -> Standing {
    let rows = held.waiting.iter();
    Standing {
        because: held.hold.because.clone(),
        since: utc(held.hold.held_at),
        waiting: rows
            .map(|row| {
                (
                    row.outage.clone(),
                    template(&row.template_key),
                    count(row.messages),
                )
            })
            .collect(),
        messages: held.messages(),
        send: format!("Send {}", counted(held.messages(), "e-mail", "e-mails")),
    }
}

/// Nothing for the one that stands.
fn past(trace: &Trace) -> Option<Past> {
    let hold = &trace.hold;
    Some(Past {
        because: hold.because.clone(),
        held: utc(hold.held_at),
        released: utc(hold.released_at?),
        by: trace.released_by.clone().unwrap_or_default(),
        withdrawn: hold.withdrawn.map(count).unwrap_or_default(),
    })
}

/// E-mail is held for all outages, so its page is in no outage's zone.
fn utc(at: crate::domain::timestamp::Timestamp) -> String {
    format!(
        "{}, {}",
        time::date(at, &TimeZone::UTC),
        time::clock(at, &TimeZone::UTC)
    )
}
