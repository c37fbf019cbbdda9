//! What taking an import back would do, before it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::check::number;
use super::page::UndoPage;
use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::outreach::Office;
use crate::outreach::import::{Import, ImportKind, ImportState};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::counted;

/// Asks whether it is meant.
pub(super) async fn ask_first(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
) -> Result<HttpResponse, Error> {
    let path = path.into_inner();
    let (outage, import) = ask(&office, move |office| import_of(office, &path)).await?;
    let here = href(&outage, import.id);
    if import.state() != ImportState::Published {
        return Ok(see_other(&here));
    }
    let page = UndoPage {
        chrome: frame(&office, &staff, &outage, Place::Imports).await?,
        file: import.file_name.clone(),
        follows: follows(&import),
        confirm: match import.kind() {
            ImportKind::Failed => "Undo this import",
            ImportKind::Successes => "Undo this reconciliation",
        },
        href: here,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn follows(import: &Import) -> Vec<String> {
    let report = import.told();
    if import.kind() == ImportKind::Failed {
        let rows = report.map_or(0, |report| report.accepted);
        let rows = counted(number(rows), "failed payment", "failed payments");
        return vec![
            format!("{rows} and everybody known only by them leave the outage, at once for all callers."),
            "It is refused when somebody of it was called or written to since.".to_owned(),
            "The same file can be imported again.".to_owned(),
        ];
    }
    let found = report.and_then(|report| report.reconciled);
    let citizens = number(found.map_or(0, |found| found.citizens_paid));
    vec![
        format!(
            "{} back to where the case stood before, unless another payment of theirs is known.",
            counted(citizens, "citizen goes", "citizens go")
        ),
        "Calls return to their lists; promised callbacks and e-mails that were not sent count again."
            .to_owned(),
        "The same file can be reconciled again.".to_owned(),
    ]
}
