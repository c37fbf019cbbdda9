//! `/api/v1/outages`

use super::Answer;
use super::body::Json;
use super::problem::{BadValue, Problem};
use super::token::Owner;
use super::verb::done;
use crate::domain::public_names::{Names, PublicNames};
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::words::Language;
use crate::outreach::Office;
use crate::outreach::outages::{NewOutageTexts, Outage};
use crate::web::routes::Routes;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Supervisor, "/api/v1/outages", create);
    routes.get(Role::Caller, "/api/v1/outages/{slug}", read);
    routes.get(Role::Supervisor, "/api/v1/outages/{slug}/board", board);
}

/// A new outage; the keys are the flags of `outage create`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NewOutage {
    /// Small letters, digits and hyphens.
    slug: String,
    /// The public name.
    name: String,
    /// ISO 8601; without an offset local in `tz`.
    start: String,
    /// Not included.
    end: String,
    /// The agency's IANA zone.
    tz: String,
    /// Such as `T-0000000`, where `0` is a digit; none: any text is an account id.
    #[serde(alias = "account_format")]
    account_format: Option<String>,
    /// Every day, in the citizen's zone; `00:00-24:00` is always; none: `08:00-21:00`.
    #[serde(alias = "calling_hours")]
    calling_hours: Option<String>,
    /// Days on which nobody is called: `federal`, `saturdays`, `sundays` and dates (`2027-04-16`) between commas;
    /// none: every day is a day of calls.
    holidays: Option<String>,
    /// Who calls, as citizens are told.
    #[serde(alias = "agency_name")]
    agency_name: Option<String>,
    /// The number that a doubting citizen may ring; an administrator's to say.
    #[serde(alias = "help_phone")]
    help_phone: Option<String>,
    /// Where citizens pay: an address that begins with `https://`; an administrator's to say.
    #[serde(alias = "pay_url")]
    pay_url: Option<String>,
    /// The number that citizens see on their phone.
    #[serde(alias = "caller_id")]
    caller_id: Option<String>,
    /// The public name in Spanish; none: as in English.
    #[serde(alias = "name_es")]
    name_es: Option<String>,
    /// Who calls, in Spanish; none: as in English.
    #[serde(alias = "agency_name_es")]
    agency_name_es: Option<String>,
    /// What it and who calls are called in further languages, by their codes; what is not there: as in English.
    #[serde(default)]
    names: BTreeMap<String, NamesJson>,
}

/// What an outage and its agency are called in a language.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct NamesJson {
    /// Who calls and writes.
    #[serde(default)]
    agency: String,
    /// The outage's public name.
    #[serde(default)]
    outage: String,
}

impl NewOutage {
    /// Names in a language that there are no texts in are never said, and not kept.
    fn names(&self) -> PublicNames {
        let said = |name: &Option<String>| name.clone().unwrap_or_default();
        let spanish = Names {
            agency: said(&self.agency_name_es),
            outage: said(&self.name_es),
        };
        let mut names = PublicNames::default().with(Language::of("es"), spanish);
        for language in Language::others() {
            if let Some(NamesJson { agency, outage }) = self.names.get(language.code()) {
                let (agency, outage) = (agency.clone(), outage.clone());
                names = names.with(language, Names { agency, outage });
            }
        }
        names
    }
}

impl From<NewOutage> for NewOutageTexts {
    fn from(new: NewOutage) -> Self {
        Self {
            names: new.names(),
            slug: new.slug,
            name: new.name,
            start: new.start,
            end: new.end,
            tz: new.tz,
            account_format: new.account_format,
            calling_hours: new.calling_hours,
            holidays: new.holidays,
            agency_name: new.agency_name,
            help_phone: new.help_phone,
            pay_url: new.pay_url,
            caller_id: new.caller_id,
        }
    }
}

/// An outage; the keys are the flags of `outage create`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct OutageJson {
    id: i64,
    slug: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// Not included.
    #[schema(value_type = String, format = DateTime)]
    end: Timestamp,
    tz: String,
    account_format: Option<String>,
    calling_hours: String,
    /// Days on which nobody is called.
    holidays: String,
    /// Whether callers may take households that are on nobody's list.
    pool_open: bool,
    /// Since when no new call is given out.
    #[schema(value_type = Option<String>, format = DateTime)]
    calls_stopped_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Outage> for OutageJson {
    fn from(outage: Outage) -> Self {
        Self {
            calling_hours: outage.calling_window().to_string(),
            holidays: outage.holidays,
            id: outage.id,
            slug: outage.slug,
            name: outage.name,
            start: outage.starts_at,
            end: outage.ends_at,
            tz: outage.time_zone,
            account_format: outage.account_format,
            pool_open: outage.pool_open,
            calls_stopped_at: outage.calls_stopped_at,
            created_at: outage.created_at,
        }
    }
}

/// Make an outage
#[utoipa::path(post, path = "/api/v1/outages", tag = "outages", request_body = NewOutage,
    responses((status = 201, description = "Made; `Location` leads to it", body = OutageJson),
              (status = 403, description = "Only an administrator says where citizens pay or ring", body = Problem),
              (status = 422, description = "A value cannot be used, or the slug is taken", body = Problem)))]
pub(super) async fn create(office: web::Data<Office>, owner: Owner, new: Json<NewOutage>) -> Answer {
    let new = NewOutageTexts::from(new.0);
    let made = done(&office, move |office| office.create_outage(&new, Some(&owner.0))).await;
    let made = made.map_err(in_the_words_of_the_flags)?;
    let place = format!("/api/v1/outages/{}", made.slug);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(OutageJson::from(made)))
}

/// Read an outage
#[utoipa::path(get, path = "/api/v1/outages/{slug}", tag = "outages",
    params(("slug" = String, Path, description = "Its name in addresses")),
    responses((status = 200, description = "The outage", body = OutageJson),
              (status = 404, description = "There is none", body = Problem)))]
pub(super) async fn read(office: web::Data<Office>, slug: web::Path<String>) -> Answer {
    let outage = named(&office, slug.into_inner()).await?;
    Ok(HttpResponse::Ok().json(OutageJson::from(outage)))
}

/// How far an outage is
///
/// The numbers of the board: citizens and calls by state, callers, callbacks, e-mails, imports.
#[utoipa::path(get, path = "/api/v1/outages/{slug}/board", tag = "outages",
    params(("slug" = String, Path, description = "The outage")),
    responses((status = 200, description = "The numbers", body = Object),
              (status = 404, description = "There is no such outage", body = Problem)))]
pub(super) async fn board(office: web::Data<Office>, slug: web::Path<String>) -> Answer {
    let outage = named(&office, slug.into_inner()).await?;
    let board = done(&office, move |office| office.board(outage.id)).await?;
    Ok(HttpResponse::Ok().json(board))
}

/// The outage with a slug.
pub(super) async fn named(office: &Office, slug: String) -> Result<Outage, Problem> {
    done(office, move |office| office.outage_named(&slug)).await
}

/// The verb's fields are ours; the body's keys are the command line's.
fn in_the_words_of_the_flags(problem: Problem) -> Problem {
    let errors = problem.errors.into_iter().map(|error| BadValue {
        field: error.field.replace('_', "-"),
        ..error
    });
    Problem {
        errors: errors.collect(),
        ..problem
    }
}
