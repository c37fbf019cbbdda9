//! Outages: which there are, a new one, its settings.

pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::calling_hours::Window;
use crate::domain::role::Role;
use crate::outreach::board::Board;
use crate::outreach::outages::{NewOutageTexts, Outage, OutageChanges};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, OutageTab, Place};
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::count;
use crate::web::show::time::{input, minute_input};
use crate::web::show::{address, outage_window, zone};
use page::{Form, FormPage, ListPage, OutageRow};

/// The zones offered first: those of the United States, by the names people use for them.
pub const ZONES: [(&str, &str); 9] = [
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Mountain, no daylight saving (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
    ("Pacific/Guam", "Chamorro (Guam)"),
];

/// The outages' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Caller, "/outages", list);
    routes.get(Role::Supervisor, "/outages/new", new);
    routes.post(Role::Supervisor, "/outages", create);
    routes.get(Role::Supervisor, "/outages/{slug}/edit", edit);
    routes.post(Role::Supervisor, "/outages/{slug}/edit", change);
}

async fn list(staff: Staff, office: web::Data<Office>) -> Result<HttpResponse, Error> {
    let outages = ask(&office, |office| {
        let outages = office.outages()?.into_iter();
        outages
            .map(|outage| Ok((office.board(outage.id)?, outage)))
            .collect::<outreach::Result<Vec<_>>>()
    })
    .await?;
    let mut chrome = staff.chrome();
    chrome.outages = outages.iter().map(|(_, outage)| tab(outage)).collect();
    let outages = outages.iter().map(|(board, outage)| row(outage, board)).collect();
    Ok(answer(StatusCode::OK, &ListPage { chrome, outages }))
}

fn tab(outage: &Outage) -> OutageTab {
    OutageTab {
        slug: outage.slug.clone(),
        name: outage.name.clone(),
    }
}

fn row(outage: &Outage, board: &Board) -> OutageRow {
    let citizens = &board.citizens;
    OutageRow {
        name: outage.name.clone(),
        href: address(outage),
        window: outage_window(outage, &zone(outage)),
        closed: citizens.closed,
        citizens: citizens.total,
        progress: format!("{} of {}", count(citizens.closed), count(citizens.total)),
    }
}

async fn new(staff: Staff) -> Result<HttpResponse, Error> {
    let form = Form {
        zone: "America/New_York".to_owned(),
        calling_from: minute_input(Window::DEFAULT.from().into()),
        calling_until: minute_input(Window::DEFAULT.until().into()),
        pool_open: "yes".to_owned(),
        ..Form::default()
    };
    Ok(answer(
        StatusCode::OK,
        &form_page(staff.chrome(), None, form, None),
    ))
}

fn form_page(chrome: Chrome, base: Option<&str>, form: Form, problem: Option<(&str, String)>) -> FormPage {
    FormPage {
        chrome,
        action: base.map_or_else(|| "/outages".to_owned(), |base| format!("{base}/edit")),
        back: base.map_or_else(|| "/outages".to_owned(), |base| format!("{base}/board")),
        new: base.is_none(),
        form,
        problem: problem.map(|(field, message)| (field.to_owned(), message)),
        zones: &ZONES,
    }
}

/// The calling hours of a form as the command line writes them. The last minute of the day means its end.
fn calling_hours(form: &Form) -> String {
    let until = match form.calling_until.as_str() {
        "23:59" | "00:00" => "24:00",
        until => until,
    };
    format!("{}-{until}", form.calling_from)
}

async fn create(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let (form, by) = (Form::read(&fields), staff.user.id);
    let asked = form.clone();
    let made = ask(&office, move |office| {
        let entered = NewOutageTexts {
            slug: asked.slug.clone(),
            name: asked.name.clone(),
            start: asked.start.clone(),
            end: asked.end.clone(),
            tz: asked.zone.clone(),
            account_format: Some(asked.account_format.clone()),
            calling_hours: Some(calling_hours(&asked)),
            holidays: Some(asked.holidays()),
            agency_name: Some(asked.agency_name.clone()),
            help_phone: Some(asked.help_phone.clone()),
            pay_url: Some(asked.pay_url.clone()),
            caller_id: Some(asked.caller_id.clone()),
        };
        let made = office.create_outage(&entered, Some(by)).and_then(|outage| {
            office.change_outage(outage.id, &changes(&asked, &outage))?;
            Ok(outage)
        });
        match made {
            Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
            made => made.map(|outage| Ok(address(&outage))),
        }
    });
    match made.await? {
        Ok(base) => Ok(see_other(&format!("{base}/imports/new"))),
        Err(problem) => {
            let page = form_page(staff.chrome(), None, form, Some(problem));
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// What the form says about everything that can be changed; hours that cannot be read stay as they are.
fn changes(form: &Form, outage: &Outage) -> OutageChanges {
    let hours: Option<Window> = calling_hours(form).parse().ok();
    let (from, until) = hours.map_or((outage.calling_from, outage.calling_until), |hours| {
        (hours.from().into(), hours.until().into())
    });
    OutageChanges {
        name: form.name.clone(),
        calling_from: from,
        calling_until: until,
        holidays: form.holidays(),
        pool_open: form.pool_open == "yes",
        agency_name: form.agency_name.clone(),
        help_phone: form.help_phone.clone(),
        pay_url: form.pay_url.clone(),
        caller_id: form.caller_id.clone(),
    }
}

async fn edit(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let outage = ask(&office, move |office| office.outage_named(&slug)).await?;
    let chrome = frame(&office, &staff, &outage, Place::Board).await?;
    let page = form_page(chrome, Some(&address(&outage)), settings(&outage), None);
    Ok(answer(StatusCode::OK, &page))
}

fn settings(outage: &Outage) -> Form {
    let (zone, days_off) = (zone(outage), outage.days_off());
    let ticked = |on: bool| if on { "yes" } else { "" }.to_owned();
    Form {
        name: outage.name.clone(),
        slug: outage.slug.clone(),
        start: input(outage.starts_at, &zone),
        end: input(outage.ends_at, &zone),
        zone: outage.time_zone.clone(),
        calling_from: minute_input(outage.calling_from.into()),
        calling_until: minute_input(outage.calling_until.into()),
        account_format: outage.account_format.clone().unwrap_or_default(),
        federal: ticked(days_off.federal),
        saturdays: ticked(days_off.saturdays),
        sundays: ticked(days_off.sundays),
        days_off: days_off.written_dates(),
        pool_open: ticked(outage.pool_open),
        agency_name: outage.agency_name.clone(),
        help_phone: outage.help_phone.clone(),
        pay_url: outage.pay_url.clone(),
        caller_id: outage.caller_id.clone(),
    }
}

async fn change(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, form) = (slug.into_inner(), Form::read(&fields));
    let asked = form.clone();
    let (outage, changed) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let unreadable = calling_hours(&asked).parse::<Window>().is_err();
        let changed = match unreadable {
            true => Err(outreach::Error::invalid(
                "calling_hours",
                "Calling hours begin before they end.",
            )),
            false => office.change_outage(outage.id, &changes(&asked, &outage)),
        };
        match changed {
            Err(outreach::Error::Invalid { field, message }) => Ok((outage, Err((field, message)))),
            changed => changed.map(|()| (outage, Ok(()))),
        }
    })
    .await?;
    let base = address(&outage);
    let Err(problem) = changed else {
        return Ok(see_other(&format!("{base}/board")));
    };
    let chrome = frame(&office, &staff, &outage, Place::Board).await?;
    let fixed = settings(&outage);
    let form = Form {
        slug: fixed.slug,
        start: fixed.start,
        end: fixed.end,
        zone: fixed.zone,
        account_format: fixed.account_format,
        ..form
    };
    let page = form_page(chrome, Some(&base), form, Some(problem));
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[cfg(test)]
mod form_tests {
    use super::*;

    #[test]
    fn the_last_minute_of_the_day_is_its_end() {
        let hours = |from: &str, until: &str| {
            calling_hours(&Form {
                calling_from: from.into(),
                calling_until: until.into(),
                ..Form::default()
            })
        };
        assert_eq!(hours("08:00", "21:00"), "08:00-21:00");
        assert_eq!(hours("00:00", "23:59"), "00:00-24:00");
    }
}
