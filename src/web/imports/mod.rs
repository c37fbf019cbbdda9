//! Imports and reconciliations: upload, match the columns, check, confirm; and what became of each file.

mod aside;
mod asked;
mod cards;
mod check;
mod columns;
mod correct;
mod faults;
mod found;
mod given;
mod lane;
pub mod matched;
mod odd;
mod page;
mod phones;
mod questions;
mod rejects;
mod run;
#[cfg(test)]
mod tests;
mod timeline;
mod understood;
mod undo;
mod upload;
mod will_do;
mod words;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::domain::ids::{ImportId, UserId};
use crate::domain::role::Role;
use crate::outreach::accounts::User;
use crate::outreach::import::{Import, ImportKind, ImportState, Layout};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page as answer;
use crate::web::routes::Routes;
use crate::web::session::Staff;
use crate::web::show::count::count;
use crate::web::show::paging::Paging;
use crate::web::show::time::moment;
use crate::web::show::{address, zone};
use page::{ImportRow, ListPage};

/// The four steps of an import, or of a reconciliation (`successes`), and what each is for.
pub const fn steps(successes: &bool) -> [(&'static str, &'static str); 4] {
    [
        ("Upload", "CSV or Excel"),
        ("Questions", "Only what is not sure"),
        ("Check", "Nothing counts yet"),
        if *successes {
            ("Reconcile", "Close their cases")
        } else {
            ("Import", "Make the calls")
        },
    ]
}

/// Rows of a page.
const ROWS: usize = 25;

/// The imports' addresses.
pub fn routes(routes: &mut Routes) {
    routes.get(Role::Supervisor, "/outages/{slug}/imports", list);
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/new",
        upload::ask_for_file,
    );
    routes.post(Role::Supervisor, "/outages/{slug}/imports", upload::take);
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/reconciliations/new",
        upload::ask_for_payments,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/reconciliations",
        upload::take_payments,
    );
    routes.polled_get(Role::Supervisor, "/outages/{slug}/imports/{id}", run::show);
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/columns",
        columns::show,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/columns",
        columns::keep,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/questions",
        questions::show,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/questions",
        questions::keep,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/weigh",
        questions::weigh,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/understood",
        understood::show,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/look",
        columns::look,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/sheet",
        columns::choose_sheet,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/forget",
        columns::forget,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/match",
        run::match_anew,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/check",
        check::show,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects.csv",
        rejects::download,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/publish",
        run::publish,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/discard",
        run::discard,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects",
        correct::show,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects",
        correct::keep,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects/set-aside",
        aside::set_aside,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects/take-up-again",
        aside::take_up_again,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/rejects/mend",
        faults::mend,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/phones/{household}",
        phones::show,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/phones/{household}",
        phones::part,
    );
    routes.post(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/phones/{household}/take-back",
        phones::take_back,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/payments-to-look-at",
        odd::show,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/payments.csv",
        found::download,
    );
    routes.get(
        Role::Supervisor,
        "/outages/{slug}/imports/{id}/undo",
        undo::ask_first,
    );
    routes.post(Role::Supervisor, "/outages/{slug}/imports/{id}/undo", run::undo);
}

/// An import of this outage.
fn import_of(office: &Office, (slug, id): &(String, ImportId)) -> outreach::Result<(Outage, Import)> {
    let (outage, import) = (office.outage_named(slug)?, office.import(*id)?);
    if import.outage_id == outage.id {
        Ok((outage, import))
    } else {
        Err(outreach::Error::NotFound("import"))
    }
}

fn href(outage: &Outage, id: ImportId) -> String {
    format!("{}/imports/{id}", address(outage))
}

/// Where a file that nobody has begun with wants the person: its questions, what is known of it, or its columns.
fn first_step(layout: &Layout) -> &'static str {
    if layout.problem().is_some() {
        "columns"
    } else if !layout.questions.is_empty() {
        "questions"
    } else if layout.known.is_some() || layout.remembered {
        "understood"
    } else {
        "columns"
    }
}

fn name_of(id: Option<UserId>, staff: &[User]) -> &str {
    let user = staff.iter().find(|user| Some(user.id) == id);
    user.map_or("The command line", |user| user.name.as_str())
}

#[derive(serde::Deserialize)]
struct Asked {
    /// The page, from 1.
    page: Option<i64>,
}

async fn list(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let slug = slug.into_inner();
    let (outage, imports, accounts, now) = ask(&office, move |office| {
        let outage = office.outage_named(&slug)?;
        let imports = office.imports(outage.id)?;
        Ok((outage, imports, office.accounts()?, office.now()))
    })
    .await?;
    let chrome = frame(&office, &staff, &outage, Place::Imports).await?;
    let base = address(&outage);
    let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let (page, all) = (asked.page.unwrap_or(1), number(imports.len()));
    let paging = Paging::new(page, number(ROWS), all, format!("{base}/imports"), "");
    let before = usize::try_from(paging.offset()).unwrap_or_default();
    let zone = zone(&outage);
    let row = |import: &Import| {
        let by = name_of(import.created_by, &accounts);
        import_row(
            &outage,
            import,
            format!("{by}, {}", moment(import.created_at, now, &zone)),
        )
    };
    let imports = imports.iter().skip(before).take(ROWS).map(row).collect();
    Ok(answer(
        StatusCode::OK,
        &ListPage {
            chrome,
            base,
            imports,
            paging,
        },
    ))
}

fn import_row(outage: &Outage, import: &Import, by: String) -> ImportRow {
    let report = import.told();
    let rows = |rows: u64| count(i64::try_from(rows).unwrap_or(i64::MAX));
    let told = |number: fn(&outreach::import::Report) -> u64| {
        report
            .as_ref()
            .map_or_else(String::new, |report| rows(number(report)))
    };
    ImportRow {
        href: href(outage, import.id),
        file: import.file_name.clone(),
        kind: match import.kind() {
            ImportKind::Failed => "Failed payments",
            ImportKind::Successes => "Successful payments",
        },
        state: run::stands_as(import),
        badge: match import.state() {
            ImportState::Published => "badge--ok",
            ImportState::Received | ImportState::Checked => "badge--warn",
            ImportState::Checking | ImportState::Undoing => "badge--info",
            ImportState::Refused => "badge--bad",
            ImportState::Discarded | ImportState::Undone => "",
        },
        rows: told(|report| report.rows),
        accepted: told(|report| report.accepted),
        rejected: told(outreach::import::Report::rejects),
        by,
    }
}
