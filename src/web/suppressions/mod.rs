//! Suppressions: addresses, numbers and people whom nobody may contact, in any outage.

mod page;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::tz::TimeZone;

use crate::domain::ids::SuppressionId;
use crate::domain::reply::Reply;
use crate::domain::role::Role;
use crate::outreach::suppressions::Listed;
use crate::outreach::{self, Office};
use crate::store::suppressions::{Kind, Suppression};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::paging::Paging;
use crate::web::show::{person, time};
use page::{SuppressionRow, SuppressionsPage};

/// Rows of a page.
const ROWS: i64 = 50;

/// The suppressions' addresses. What is sought or added is personal: it never stands in an address.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/suppressions", list);
    routes.post(Role::Supervisor, "/suppressions", add);
    routes.post(Role::Supervisor, "/suppressions/find", find);
    routes.post(Role::Supervisor, "/suppressions/{id}/lift", lift);
}

#[derive(serde::Deserialize)]
struct Asked {
    /// The page, from 1.
    page: Option<i64>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    sought: String,
    whom: String,
    why: String,
    problem: Option<(&'static str, String)>,
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    show(&staff, &office, asked.page.unwrap_or(1), Typed::default()).await
}

async fn find(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let sought = fields.get("q").to_owned();
    show(
        &staff,
        &office,
        1,
        Typed {
            sought,
            ..Typed::default()
        },
    )
    .await
}

async fn add(staff: Staff, office: web::Data<Office>, fields: Fields) -> Result<HttpResponse, Error> {
    let (whom, why) = (fields.get("whom").to_owned(), fields.get("why").to_owned());
    let (by, named, because) = (staff.user.clone(), whom.clone(), why.clone());
    let added = ask(&office, move |office| {
        corrected(office.suppress(&by, &named, &because))
    })
    .await?;
    match added {
        Ok(_) => Ok(see_other("/suppressions")),
        Err(problem) => {
            let problem = Some(problem);
            show(
                &staff,
                &office,
                1,
                Typed {
                    whom,
                    why,
                    problem,
                    ..Typed::default()
                },
            )
            .await
        }
    }
}

async fn lift(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<SuppressionId>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (id, why) = (id.into_inner(), fields.get("why").to_owned());
    let (by, all) = (staff.user.clone(), fields.get("all") == "yes");
    match ask(&office, move |office| {
        corrected(match all {
            true => office.lift_all_alike(&by, id, &why),
            false => office.lift_suppression(&by, id, &why),
        })
    })
    .await?
    {
        Ok(()) => Ok(see_other("/suppressions")),
        Err((_, problem)) => {
            let problem = Some(("lift", problem));
            show(
                &staff,
                &office,
                1,
                Typed {
                    problem,
                    ..Typed::default()
                },
            )
            .await
        }
    }
}

/// What can be corrected is shown on the page; every other failure is one.
fn corrected<T>(done: outreach::Result<T>) -> outreach::Result<Result<T, (&'static str, String)>> {
    match done {
        Err(outreach::Error::Invalid { field, message }) => Ok(Err((field, message))),
        Err(outreach::Error::NotFound("case")) => Ok(Err(("whom", "There is no such case.".to_owned()))),
        done => done.map(Ok),
    }
}

async fn show(staff: &Staff, office: &Office, page: i64, typed: Typed) -> Result<HttpResponse, Error> {
    let sought = typed.sought.clone();
    let listed = ask(office, move |office| {
        if sought.is_empty() {
            office.suppressions((page.max(1) - 1) * ROWS, ROWS)
        } else {
            office.find_suppressions(&sought)
        }
    })
    .await?;
    let status = match typed.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let now = office.now();
    let page = SuppressionsPage {
        chrome: staff.chrome(),
        rows: listed
            .suppressions
            .iter()
            .map(|one| row(one, &listed, now))
            .collect(),
        paging: Paging::new(page, ROWS, listed.total, "/suppressions", ""),
        sought: typed.sought,
        whom: typed.whom,
        why: typed.why,
        problem: typed.problem,
    };
    Ok(answer(status, &page))
}

fn row(one: &Suppression, listed: &Listed, now: crate::domain::timestamp::Timestamp) -> SuppressionRow {
    let when = |at| time::moment(at, now, &TimeZone::UTC);
    let name = |id: Option<i64>| {
        let known = id.and_then(|id| listed.staff.get(&id));
        known
            .map_or("the citizen or the system", String::as_str)
            .to_owned()
    };
    let is_phone = one.kind == Kind::Phone.as_str();
    SuppressionRow {
        id: one.id,
        kind: if is_phone { "Number" } else { "Address" },
        value: if is_phone {
            person::phone(&one.value)
        } else {
            one.value.clone()
        },
        reason: match one.diagnosis_id.and_then(|id| listed.causes.get(&id)) {
            Some((cause, _)) => format!("{}: “{cause}”", reason(one)),
            None => reason(one),
        },
        alike: one
            .diagnosis_id
            .and_then(|id| listed.causes.get(&id))
            .map_or(0, |(_, alike)| *alike),
        since: when(one.created_at),
        by: name(one.created_by),
        lifted: one.lifted_at.map(|at| {
            let why = one
                .lifted_because
                .as_deref()
                .unwrap_or("what had caused it was changed");
            format!("{} by {}: {why}", when(at), name(one.lifted_by))
        }),
    }
}

/// Why, in words; what a supervisor wrote stands as it is, the key of an outcome as words.
fn reason(one: &Suppression) -> String {
    if one.created_by.is_some() || one.reason.contains(' ') {
        return one.reason.clone();
    }
    if let Ok(reply) = one.reason.parse::<Reply>() {
        return format!("They answered by link: “{}”", reply.words());
    }
    match one.reason.as_str() {
        "bounced" => "E-mail came back: no such address".to_owned(),
        "complained" => "They called an e-mail of ours spam".to_owned(),
        "unsubscribed" => "They unsubscribed in their mail program".to_owned(),
        outcome => format!("Said in a call: {}", outcome.replace('_', " ")),
    }
}
