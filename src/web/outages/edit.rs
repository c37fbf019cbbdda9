//! An outage's settings, changed later, and what was changed before.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::page::{ChangeRow, Form, FormPage};
use super::{calling_hours, form_page};
use crate::domain::calling_hours::Window;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::outreach::outage_settings::OutageChange;
use crate::outreach::outage_window::WindowTexts;
use crate::outreach::outages::{Outage, OutageChanges, Problems};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::time::{input, minute_input, moment};
use crate::web::show::{address, zone};

/// The form as the settings are.
pub(super) async fn edit(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let outage = ask(&office, move |office| office.outage_named(&slug)).await?;
    let page = filled(&staff, &office, &outage, (settings(&outage), Vec::new())).await?;
    Ok(answer(StatusCode::OK, &page))
}

/// The form with what was entered, what is wrong with it, and what was changed before.
async fn filled(
    staff: &Staff,
    office: &Office,
    outage: &Outage,
    (form, problems): (Form, Problems),
) -> Result<FormPage, Error> {
    let id = outage.id;
    let history = ask(office, move |office| office.outage_history(id)).await?;
    let chrome = frame(office, staff, outage, Place::Board).await?;
    let stays = ask(office, move |office| office.window_stays(id)).await?;
    let now = office.now();
    let rows = history.into_iter().map(|change| row(change, outage, now));
    Ok(FormPage {
        history: rows.collect(),
        stays,
        ..form_page(chrome, Some(&address(outage)), form, problems)
    })
}

fn row(change: OutageChange, outage: &Outage, now: Timestamp) -> ChangeRow {
    let shown = |value: String| {
        if value.is_empty() {
            "Nothing".to_owned()
        } else {
            value
        }
    };
    ChangeRow {
        when: moment(change.at, now, &zone(outage)),
        what: label(&change.field),
        old: shown(change.old_value),
        new: shown(change.new_value),
        by: change.by.unwrap_or_else(|| "Command line".to_owned()),
    }
}

/// A setting as its field is called.
fn label(field: &str) -> String {
    let in_language = |prefix: &str| field.strip_prefix(prefix).and_then(Language::known);
    if let Some(language) = in_language("agency_name_") {
        return format!("Who calls, in {}", language.in_english());
    }
    if let Some(language) = in_language("name_") {
        return format!("Name, in {}", language.in_english());
    }
    let label = match field {
        "name" => "Name",
        "starts_at" => "Down from",
        "ends_at" => "Back at",
        "calling_hours" => "Calling hours",
        "holidays" => "No calls",
        "pool_open" => "Calls that are on no list",
        "agency_name" => "Who calls",
        "help_phone" => "Number to check that a call is real",
        "pay_url" => "Where they can pay",
        "caller_id" => "Number they see when we call",
        "calls_stopped_at" => "Calls",
        "weights" => "Order of calls",
        _ => "Another setting",
    };
    label.to_owned()
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
        names: outage.public_names(),
    }
}

/// What the form says about everything that can be changed; hours that cannot be read stay as they are.
pub(super) fn changes(
    form: &Form,
    outage: &Outage,
    (starts_at, ends_at): (Timestamp, Timestamp),
) -> OutageChanges {
    let hours: Option<Window> = calling_hours(form).parse().ok();
    let (from, until) = hours.map_or((outage.calling_from, outage.calling_until), |hours| {
        (hours.from().into(), hours.until().into())
    });
    OutageChanges {
        name: form.name.clone(),
        starts_at,
        ends_at,
        calling_from: from,
        calling_until: until,
        holidays: form.holidays(),
        pool_open: form.pool_open == "yes",
        agency_name: form.agency_name.clone(),
        help_phone: form.help_phone.clone(),
        pay_url: form.pay_url.clone(),
        caller_id: form.caller_id.clone(),
        names: outage.public_names().changed_to(&form.names).written(),
    }
}

/// What was sent; what the form did not show stays as it is.
fn entered(fields: &Fields, outage: &Outage) -> Form {
    let form = Form::read(fields);
    let kept = |name: &str, sent: &str, before: &str| match fields.has(name) {
        true => sent.to_owned(),
        false => before.to_owned(),
    };
    let fixed = settings(outage);
    Form {
        help_phone: kept("help_phone", &form.help_phone, &outage.help_phone),
        pay_url: kept("pay_url", &form.pay_url, &outage.pay_url),
        slug: fixed.slug,
        start: kept("start", &form.start, &fixed.start),
        end: kept("end", &form.end, &fixed.end),
        zone: fixed.zone,
        account_format: fixed.account_format,
        ..form
    }
}

/// The window that was entered. The form shows minutes: what it shows unchanged stays to the second.
fn window(form: &Form, outage: &Outage) -> Result<(Timestamp, Timestamp), Problems> {
    let shown = settings(outage);
    let texts = WindowTexts {
        start: (form.start != shown.start).then_some(&form.start),
        end: (form.end != shown.end).then_some(&form.end),
    };
    texts.read(outage)
}

/// Saves what was sent, or shows all that is wrong with it.
pub(super) async fn change(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (slug, by) = (slug.into_inner(), staff.user.clone());
    let (outage, form, moved, problems) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let form = entered(&fields, &outage);
        let (window, mut problems) = match window(&form, &outage) {
            Ok(window) => (window, Vec::new()),
            Err(problems) => ((outage.starts_at, outage.ends_at), problems),
        };
        let to = changes(&form, &outage, window);
        to.may_be_made_by(&by, &outage)?;
        problems.extend(to.problems(&outage));
        if calling_hours(&form).parse::<Window>().is_err() {
            let right = "Calling hours begin before they end.".to_owned();
            problems.push(("calling_hours", right));
        }
        if problems.is_empty() {
            match office.change_outage(outage.id, &to, Some(&by)) {
                Err(outreach::Error::Invalid { field, message }) => problems.push((field, message)),
                changed => changed?,
            }
        }
        let moved = to.moves(&outage);
        Ok((outage, form, moved, problems))
    })
    .await?;
    if problems.is_empty() {
        // By another window a file that waited is to be looked at again.
        let next = if moved { "imports" } else { "board" };
        return Ok(see_other(&format!("{}/{next}", address(&outage))));
    }
    let page = filled(&staff, &office, &outage, (form, problems)).await?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
