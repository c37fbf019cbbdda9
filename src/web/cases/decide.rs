//! What a supervisor decides on a case's page: what becomes of it, what is taken back, what is owed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::case_page;
use crate::domain::ids::{CaseId, DecisionId, LetterId};
use crate::domain::verdict::Verdict;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;

/// Decides, or says what has to be corrected.
pub async fn decide(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<CaseId>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (id, by) = (id.into_inner(), staff.user.clone());
    let (verdict, note) = (fields.get("verdict").to_owned(), fields.get("note").to_owned());
    let (said, why) = (verdict.clone(), note.clone());
    let decided = ask(&office, move |office| {
        let decided = match said.parse::<Verdict>() {
            Ok(verdict) => office.decide(&by, id, verdict, &why),
            Err(_) => return Ok(Some("Choose what becomes of the case.".to_owned())),
        };
        match decided {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Some(message)),
            decided => decided.map(|()| None),
        }
    });
    match decided.await? {
        None => Ok(back(id)),
        problem => {
            let mut page = case_page(&staff, &office, id, String::new()).await?;
            (page.problem, page.note) = (problem, note);
            for offered in &mut page.verdicts {
                offered.chosen = offered.key == verdict;
            }
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Takes a decision back.
pub async fn withdraw(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(CaseId, DecisionId)>,
) -> Result<HttpResponse, Error> {
    let (case, id) = path.into_inner();
    ask(&office, move |office| office.withdraw_decision(&staff.user, id)).await?;
    Ok(back(case))
}

/// The letter was not sent after all.
pub async fn withdraw_letter(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(CaseId, LetterId)>,
) -> Result<HttpResponse, Error> {
    let (case, id) = path.into_inner();
    ask(&office, move |office| office.withdraw_letter(&staff.user, id)).await?;
    Ok(back(case))
}

/// What is ticked is owed, what is not is not.
pub async fn remedies(
    staff: Staff,
    office: web::Data<Office>,
    id: web::Path<CaseId>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let id = id.into_inner();
    let owed: Vec<_> = fields
        .all("remedy")
        .filter_map(|kind| kind.parse().ok())
        .collect();
    if owed.is_empty() {
        fields.must_have("shown", "Tick what is owed.")?; // the page shows all of them: none ticked is a choice there
    }
    ask(&office, move |office| office.set_remedies(&staff.user, id, &owed)).await?;
    Ok(back(id))
}

fn back(case: CaseId) -> HttpResponse {
    see_other(&format!("/cases/{case}"))
}
