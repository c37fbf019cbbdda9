//! Outages: which there are, a new one, its settings.

mod edit;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::calling_hours::Window;
use crate::domain::role::Role;
use crate::outreach::board::Board;
use crate::outreach::outages::{NewOutageTexts, Outage, Problems};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::layout::{Chrome, OutageTab};
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::count;
use crate::web::show::time::minute_input;
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
    routes.get(Role::Supervisor, "/outages/{slug}/edit", edit::edit);
    routes.post(Role::Supervisor, "/outages/{slug}/edit", edit::change);
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
        &form_page(staff.chrome(), None, form, Vec::new()),
    ))
}

fn form_page(chrome: Chrome, base: Option<&str>, form: Form, problems: Problems) -> FormPage {
    FormPage {
        chrome,
        action: base.map_or_else(|| "/outages".to_owned(), |base| format!("{base}/edit")),
        back: base.map_or_else(|| "/outages".to_owned(), |base| format!("{base}/board")),
        new: base.is_none(),
        form,
        problems,
        history: Vec::new(),
        stays: None,
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
    let (form, by) = (Form::read(&fields), staff.user.clone());
    let asked = form.clone();
    let made = ask(&office, move |office| {
        let texts = texts(&asked);
        let problems = texts.problems();
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let made = office.create_outage(&texts, Some(&by)).and_then(|outage| {
            let window = (outage.starts_at, outage.ends_at);
            office.change_outage(outage.id, &edit::changes(&asked, &outage, window), Some(&by))?;
            Ok(outage)
        });
        match made {
            Err(outreach::Error::Invalid { field, message }) => Ok(Err(vec![(field, message)])),
            made => made.map(|outage| Ok(address(&outage))),
        }
    });
    match made.await? {
        Ok(base) => Ok(see_other(&format!("{base}/imports/new"))),
        Err(problems) => {
            let page = form_page(staff.chrome(), None, form, problems);
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The form in the words of the command line.
fn texts(form: &Form) -> NewOutageTexts {
    NewOutageTexts {
        slug: form.slug.clone(),
        name: form.name.clone(),
        start: form.start.clone(),
        end: form.end.clone(),
        tz: form.zone.clone(),
        account_format: Some(form.account_format.clone()),
        calling_hours: Some(calling_hours(form)),
        holidays: Some(form.holidays()),
        agency_name: Some(form.agency_name.clone()),
        help_phone: Some(form.help_phone.clone()),
        pay_url: Some(form.pay_url.clone()),
        caller_id: Some(form.caller_id.clone()),
        names: form.names.clone(),
    }
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
