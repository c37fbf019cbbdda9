//! Phones that a person should look at: on the check page, and one with everybody at it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{href, import_of};
use crate::domain::ids::{HouseholdId, ImportId};
use crate::domain::switchboard::SWITCHBOARD;
use crate::outreach::Office;
use crate::outreach::import::{AtPhone, ImportState, SharedPhone};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::{Chrome, Place};
use crate::web::page::page as answer;
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::paging::Paging;
use crate::web::show::person;

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
    /// The people of this page.
    pub people: Vec<PersonRow>,
    /// Which of them.
    pub paging: Paging,
}

/// Somebody at it.
pub struct PersonRow {
    /// The name.
    pub name: String,
    /// The case, once it counts.
    pub href: Option<String>,
    /// The account.
    pub account: String,
    /// The address.
    pub email: String,
    /// Failed payments.
    pub payments: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// The page, from 1.
    page: Option<i64>,
}

/// Everybody at one phone.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId, HouseholdId)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (slug, id, household) = path.into_inner();
    let page = asked.page.unwrap_or(1);
    let (outage, import, phone, people, paging) = ask(&office, move |office| {
        let (outage, import) = import_of(office, &(slug, id))?;
        let phone = office.shared_phone(&outage, &import, household)?;
        let address = format!("{}/phones/{household}", href(&outage, id));
        let paging = Paging::new(page, ROWS, phone.people, address, "");
        let part = (paging.offset(), paging.size());
        let people = office.people_at(&outage, &import, household, part)?;
        Ok((outage, import, phone, people, paging))
    })
    .await?;
    let here = href(&outage, import.id);
    let counts = import.state() == ImportState::Published;
    let page = PhonePage {
        chrome: frame(&office, &staff, &outage, Place::Imports).await?,
        row: row(&phone, &here),
        people: people.into_iter().map(|one| person_row(one, counts)).collect(),
        back: format!("{here}/check"),
        paging,
    };
    Ok(answer(StatusCode::OK, &page))
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

fn person_row(one: AtPhone, counts: bool) -> PersonRow {
    PersonRow {
        name: person::name(&one.given_name, &one.family_name),
        href: counts.then(|| format!("/cases/{}", one.id)),
        account: one.account_id.unwrap_or_default(),
        email: one.email.unwrap_or_default(),
        payments: count(one.transactions),
    }
}
