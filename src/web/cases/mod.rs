//! Cases: the list with its filters, and everything about one of them.

mod compose;
mod decide;
mod history;
pub mod page;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::CaseId;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::cases::{Filter, OnList, State};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page as answer;
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::paging::Paging;

/// Rows of a page.
const ROWS: i64 = 50;

/// What the address asks for; words that mean nothing are passed over.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    /// A stage or a resolution.
    #[serde(default)]
    stage: String,
    /// A call list's id, or `pool`.
    #[serde(default)]
    list: String,
    /// A language's code.
    #[serde(default)]
    language: String,
    /// The page, from 1.
    #[serde(default)]
    page: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Filter {
        let list = match self.list.as_str() {
            "pool" => Some(OnList::Pool),
            id => id.parse().map(OnList::List).ok(),
        };
        let language = Some(self.language.clone()).filter(|code| is_code(code));
        Filter {
            state: State::read(&self.stage),
            list,
            language,
        }
    }

    /// The same, for the links to other pages.
    fn query(&self) -> String {
        let kept = [
            ("stage", State::read(&self.stage).is_some(), &self.stage),
            ("list", self.filter().list.is_some(), &self.list),
            ("language", is_code(&self.language), &self.language),
        ];
        let kept = kept.into_iter().filter(|(_, sound, _)| *sound);
        kept.map(|(key, _, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn is_code(text: &str) -> bool {
    (2..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase())
}

/// The cases' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/cases", list);
    routes.get(Role::Caller, "/cases/{id}", one);
    routes.post(Role::Supervisor, "/cases/{id}/decisions", decide::decide);
    routes.post(
        Role::Supervisor,
        "/cases/{id}/decisions/{decision}/withdraw",
        decide::withdraw,
    );
    routes.post(
        Role::Supervisor,
        "/cases/{id}/letters/{letter}/withdraw",
        decide::withdraw_letter,
    );
    routes.post(Role::Supervisor, "/cases/{id}/remedies", decide::remedies);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (slug, asked) = (slug.into_inner(), asked.into_inner());
    let (filter, page) = (asked.filter(), asked.page.unwrap_or(1).clamp(1, 1_000_000));
    let (outage, found, now) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let found = office.cases(outage.id, &filter, (page - 1) * ROWS, ROWS)?;
        Ok((outage, found, office.now()))
    })
    .await?;
    let address = format!("{}/cases", crate::web::show::address(&outage));
    let paging = Paging::new(page, ROWS, found.total, address, asked.query());
    let chrome = frame(&office, &staff, &outage, Place::Cases).await?;
    Ok(answer(
        StatusCode::OK,
        &compose::list_page(chrome, (&outage, now), &found, &asked, paging),
    ))
}

/// How a case was come by.
#[derive(Default, serde::Deserialize)]
struct By {
    /// The word of the search that showed it.
    #[serde(default)]
    found: String,
}

async fn one(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<CaseId>,
    by: web::Query<By>,
) -> Result<HttpResponse, Error> {
    let page = case_page(&staff, &office, id.into_inner(), by.into_inner().found).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn case_page(
    staff: &Staff,
    office: &web::Data<Office>,
    id: CaseId,
    found: String,
) -> Result<page::CasePage, Error> {
    let reader = staff.user.clone();
    let file = ask(office, move |office| office.case_file_for(&reader, id, &found)).await?;
    let names = ask(office, Office::accounts).await?;
    let chrome = frame(office, staff, &file.book.outage, Place::Cases).await?;
    Ok(compose::case_page(chrome, &file, &names))
}

#[cfg(test)]
mod asked_tests {
    use super::*;

    #[test]
    fn only_words_that_mean_something_stay_in_links() {
        let asked = Asked {
            stage: "tried".into(),
            list: "pool".into(),
            language: "<es>".into(),
            page: Some(2),
        };
        assert_eq!(asked.query(), "stage=tried&list=pool");
        assert_eq!(asked.filter().list, Some(OnList::Pool));
        assert_eq!(Asked::default().filter(), Filter::default());
    }
}
