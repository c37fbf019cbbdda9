//! Letters: to whom, and which of them were sent.

mod page;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::CaseId;
use crate::domain::role::Role;
use crate::outreach::Office;
use crate::outreach::letters::ToWrite;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::{Fields, missing};
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::counted;
use crate::web::show::time::moment;
use crate::web::show::{address, person, zone};
use page::{LetterRow, LettersPage};

/// Rows of a page.
const ROWS: i64 = 50;

/// Where the page begins.
#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    /// The last case of the page before.
    #[serde(default)]
    after: CaseId,
}

/// The letters' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/letters", list);
    routes.post(Role::Supervisor, "/outages/{slug}/letters", send);
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let (slug, after) = (slug.into_inner(), asked.after);
    let (outage, letters, to_send, now) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let letters = office.letters(outage.id, after, ROWS + 1)?;
        let to_send = office.letters_to_send(outage.id)?;
        Ok((outage, letters, to_send, office.now()))
    })
    .await?;
    let (zone, base) = (zone(&outage), address(&outage));
    let shown = || letters.iter().take(usize::try_from(ROWS).unwrap_or_default());
    let more = shown().next_back().filter(|_| letters.len() > shown().count());
    let page = LettersPage {
        chrome: frame(&office, &staff, &outage, Place::Cases).await?,
        heading: counted(to_send, "letter has to be sent", "letters have to be sent"),
        next: more.map(|last| format!("{base}/letters?after={}", last.case.id)),
        letters: shown()
            .map(|letter| {
                row(
                    letter,
                    letter.sent.as_ref().map(|sent| moment(sent.sent_at, now, &zone)),
                )
            })
            .collect(),
        after,
        base,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn row(letter: &ToWrite, sent: Option<String>) -> LetterRow {
    let case = &letter.case;
    LetterRow {
        case: case.id,
        href: format!("/cases/{}", case.id),
        name: person::name(&case.given_name, &case.family_name),
        address: letter
            .address
            .clone()
            .unwrap_or_else(|| "Not in the files".to_owned()),
        language: person::language(case.language.as_deref().unwrap_or_default()),
        account: case.account_id.clone().unwrap_or_else(|| "Not known".to_owned()),
        sent,
    }
}

/// Marks the ticked ones, or all of the page, as sent.
async fn send(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let which = if fields.get("which") == "all" {
        "shown"
    } else {
        "case"
    };
    let cases: Vec<CaseId> = fields.all(which).filter_map(|id| id.parse().ok()).collect();
    if cases.is_empty() {
        return Err(missing(
            which,
            "Tick the letters that were sent, or mark all of the page.",
        ));
    }
    let (slug, after) = (
        slug.into_inner(),
        fields.get("after").parse::<CaseId>().unwrap_or(0),
    );
    let back = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        office.send_letters(&staff.user, &cases)?;
        Ok(format!("{}/letters?after={after}", address(&outage)))
    })
    .await?;
    Ok(see_other(&back))
}
