//! Phones that a person should look at: on the check page, and one with everybody at it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::tz::TimeZone;

use super::{href, import_of};
use crate::domain::ids::{CaseId, DecisionId, HouseholdId, ImportId};
use crate::domain::switchboard::SWITCHBOARD;
use crate::domain::timestamp::Timestamp;
use crate::outreach::case_file::Decision;
use crate::outreach::import::{AtPhone, ImportState, SharedPhone};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::paging::Paging;
use crate::web::show::time::moment;
use crate::web::show::{person, zone};

/// Phones on the check page at most.
pub(super) const SHOWN: i64 = 5;
/// People of a page.
const ROWS: i64 = 25;

/// One phone to look at.
pub struct PhoneRow {
    /// Its page.
    pub href: String,
    /// As it is dialled.
    pub phone: String,
    /// How many people are at it.
    pub people: String,
    /// Why it should be looked at.
    pub why: String,
}

/// Everybody at one phone.
#[derive(Template)]
#[template(path = "imports/phone.html", blocks = ["main"])]
pub struct PhonePage {
    /// What stands around it.
    pub chrome: Chrome,
    /// The import's check.
    pub back: String,
    /// The phone.
    pub row: PhoneRow,
    /// This page's address.
    pub href: String,
    /// Which page of them, from 1.
    pub page: i64,
    /// What was wrong with the last choice.
    pub problem: Option<String>,
    /// The import counts: people can be parted from the number.
    pub counts: bool,
    /// The people of this page.
    pub people: Vec<PersonRow>,
    /// Which of them.
    pub paging: Paging,
}

/// Somebody at it.
pub struct PersonRow {
    /// The case's number.
    pub id: CaseId,
    /// The name.
    pub name: String,
    /// The account.
    pub account: String,
    /// The address.
    pub email: String,
    /// Failed payments.
    pub payments: String,
    /// The decision that it is not their number, and who made it when.
    pub parted: Option<(DecisionId, String)>,
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// The page, from 1.
    page: Option<i64>,
}

type Path = web::Path<(String, ImportId, HouseholdId)>;

/// Everybody at one phone.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    render(&staff, &office, path.into_inner(), asked.page.unwrap_or(1), None).await
}

/// The number is not that of the people who were chosen.
pub(super) async fn part(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, by) = (path.into_inner(), staff.user.clone());
    let chosen: Vec<CaseId> = fields.all("case").filter_map(|id| id.parse().ok()).collect();
    let here = path.clone();
    let parted = ask(&office, move |office| {
        let (slug, id, household) = here;
        let (outage, import) = import_of(office, &(slug, id))?;
        office.shared_phone(&outage, &import, household)?;
        match office.part(&by, household, &chosen) {
            Err(outreach::Error::Invalid { message, .. } | outreach::Error::Conflict(message)) => {
                Ok(Err(message))
            }
            parted => parted.map(|()| Ok(address_of(&href(&outage, id), household))),
        }
    });
    match parted.await? {
        Ok(here) => Ok(see_other(&here)),
        Err(problem) => {
            let page = fields.get("page").parse().unwrap_or(1);
            render(&staff, &office, path, page, Some(problem)).await
        }
    }
}

/// It is their number after all.
pub(super) async fn take_back(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let decision: Option<DecisionId> = fields.get("decision").parse().ok();
    let here = ask(&office, move |office| {
        let (slug, id, household) = path.into_inner();
        let (outage, _) = import_of(office, &(slug, id))?;
        let decision = decision.ok_or(outreach::Error::NotFound("decision"))?;
        office.withdraw_decision(&staff.user, decision)?;
        Ok(address_of(&href(&outage, id), household))
    });
    Ok(see_other(&here.await?))
}

fn address_of(import: &str, household: HouseholdId) -> String {
    format!("{import}/phones/{household}")
}

async fn render(
    staff: &Staff,
    office: &web::Data<Office>,
    (slug, id, household): (String, ImportId, HouseholdId),
    page: i64,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let (outage, import, phone, people, paging) = ask(office, move |office| {
        let (outage, import) = import_of(office, &(slug, id))?;
        let phone = office.shared_phone(&outage, &import, household)?;
        let address = address_of(&href(&outage, id), household);
        let paging = Paging::new(page, ROWS, phone.people, address, "");
        let part = (paging.offset(), paging.size());
        let people = office.people_at(&outage, &import, household, part)?;
        let ids: Vec<CaseId> = people.iter().map(|one| one.id).collect();
        let parted = office.parted(&ids, &phone.phone)?;
        let people = told(people, &parted, office.now(), &zone(&outage));
        Ok((outage, import, phone, people, paging))
    })
    .await?;
    let here = href(&outage, import.id);
    let counts = import.state() == ImportState::Published;
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = PhonePage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        row: row(&phone, &here),
        href: address_of(&here, household),
        page,
        problem,
        people,
        counts,
        back: format!("{here}/check"),
        paging,
    };
    Ok(answer(status, &shown))
}

/// The people as the page shows them, with who of them was parted from the number.
fn told(
    people: Vec<AtPhone>,
    parted: &[(Decision, String)],
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<PersonRow> {
    let row = |one: AtPhone| {
        let parted = parted.iter().find(|(decision, _)| decision.case_id == one.id);
        let parted =
            parted.map(|(decision, who)| (decision.id, format!("{who}, {}", moment(decision.at, now, zone))));
        person_row(one, parted)
    };
    people.into_iter().map(row).collect()
}

/// The phones on the check page.
pub(super) fn rows(phones: &[SharedPhone], here: &str) -> Vec<PhoneRow> {
    phones.iter().map(|phone| row(phone, here)).collect()
}

fn row(phone: &SharedPhone, here: &str) -> PhoneRow {
    let names = counted(phone.names, "family name", "family names");
    PhoneRow {
        href: format!("{here}/phones/{}", phone.household),
        phone: person::phone(&phone.phone),
        people: counted(phone.people, "person", "people"),
        why: match phone.people >= i64::from(SWITCHBOARD) {
            true => format!("{names}. So many people behind one phone are called in a lane of their own."),
            false => format!("{names}: perhaps not one household."),
        },
    }
}

fn person_row(one: AtPhone, parted: Option<(DecisionId, String)>) -> PersonRow {
    PersonRow {
        id: one.id,
        name: person::name(&one.given_name, &one.family_name),
        account: one.account_id.unwrap_or_default(),
        email: one.email.unwrap_or_default(),
        payments: count(one.transactions),
        parted,
    }
}
