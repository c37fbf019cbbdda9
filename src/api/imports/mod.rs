//! `/api/v1/outages/{slug}/imports` and `/api/v1/imports/{id}`: files in, and what became of them.

pub(super) mod aside;
mod sent;

use super::Answer;
use super::outages::named;
use super::problem::Problem;
use super::token::Owner;
use super::verb::done;
use crate::domain::role::Role;
use crate::outreach::import::{Hints, Import, ImportKind, ImportState, Received, Report, Status, Then};
use crate::outreach::{self, Office};
use crate::web::arriving::pipe;
use crate::web::routes::Routes;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) fn routes(routes: &mut Routes) {
    routes.post(Role::Supervisor, "/api/v1/outages/{slug}/imports", upload);
    routes.post(
        Role::Supervisor,
        "/api/v1/outages/{slug}/reconciliations",
        reconcile,
    );
    routes.get(Role::Supervisor, "/api/v1/imports/{id}", read);
    routes.delete(Role::Supervisor, "/api/v1/imports/{id}", take_back);
    routes.post(Role::Supervisor, "/api/v1/imports/{id}/answers", answers);
    aside::routes(routes);
}

/// What a person says about a file, in the words of the command line.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct Answers {
    /// Each a flag with its value, as a question proposes it (`--times-in UTC`), or word by word.
    flags: Vec<String>,
}

/// Answer what is asked of a file
///
/// Of an import whose `status` is `needs_answers`. What is still open after these answers is asked again; else the file is read.
#[utoipa::path(post, path = "/api/v1/imports/{id}/answers", tag = "imports",
    params(("id" = i64, Path, description = "The import's number")),
    request_body = Answers,
    responses((status = 202, description = "Taken; `Location` tells how far it is", body = Taken),
              (status = 404, description = "There is none", body = Problem),
              (status = 409, description = "Nothing is asked of it any more", body = Problem),
              (status = 422, description = "A flag is none, or names nothing in the file", body = Problem)))]
pub(super) async fn answers(
    office: web::Data<Office>,
    id: web::Path<i64>,
    body: web::Json<Answers>,
) -> Answer {
    let (id, flags) = (id.into_inner(), body.into_inner().flags);
    let accept = flags.iter().any(|flag| flag == "--accept-guesses");
    let status = done(&office, move |office| {
        let layout = office.answer_import(id, &flags)?;
        if !layout.questions.is_empty() {
            return Ok(Status::NeedsAnswers.as_str());
        }
        let hints = Hints {
            accept_guesses: accept,
            ..Hints::default()
        };
        office.start_import(id, hints, Then::Publish)?;
        Ok("received")
    });
    Ok(taken(id, status.await?, ""))
}

/// A file was taken in and is being read, or is being taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Taken {
    /// The import's number.
    import: i64,
    /// `received`, `already_imported` if this very file counts already, or `undoing`.
    status: &'static str,
}

/// Import a file of failed payments
///
/// The body is the file (CSV in any dialect, or XLSX), or a form with the file in `file`. It is read in the
/// background and counts as soon as it is read; `Location` tells how far it is, then its report, and in it whether cases
/// still follow.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/imports", tag = "imports",
    params(("slug" = String, Path, description = "The outage"),
           ("name" = Option<String>, Query, description = "The file's name, unless the form tells it"),
           ("columns" = Option<String>, Query, description = "`a,b,_`: there is no header, these are the columns"),
           ("map" = Option<Vec<String>>, Query, description = "`field=HEADER`, as often as needed"),
           ("times_in" = Option<String>, Query, description = "The zone of times that carry none"),
           ("failed" = Option<Vec<String>>, Query, description = "A value of the status that means failed"),
           ("paid" = Option<Vec<String>>, Query, description = "A value of the status that means paid"),
           ("refunded" = Option<Vec<String>>, Query, description = "A value of the status that means refunded"),
           ("leave_out" = Option<Vec<String>>, Query, description = "A value of the status that counts for nothing"),
           ("leave_out_others" = Option<bool>, Query, description = "All other values of the status that nobody knows count for nothing"),
           ("day_first" = Option<Vec<String>>, Query, description = "The header of a column with the day first"),
           ("month_first" = Option<Vec<String>>, Query, description = "The header of a column with the month first"),
           ("decimal_comma" = Option<Vec<String>>, Query, description = "The header of a column with a comma before the cents"),
           ("decimal_point" = Option<Vec<String>>, Query, description = "The header of a column with a point before the cents"),
           ("ignore" = Option<Vec<String>>, Query, description = "The header of a column that is not read"),
           ("accept_guesses" = Option<bool>, Query, description = "What would be asked is taken as it is proposed"),
           ("sheet" = Option<String>, Query, description = "The sheet of a workbook")),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses((status = 202, description = "Taken in", body = Taken),
              (status = 400, description = "The upload broke off, or its form has no file", body = Problem),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 413, description = "Larger than the limit of uploads", body = Problem)))]
pub(super) async fn upload(
    request: HttpRequest,
    office: web::Data<Office>,
    owner: Owner,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
    payload: web::Payload,
) -> Answer {
    take_in(
        ImportKind::Failed,
        request,
        office,
        owner,
        (slug.into_inner(), query.into_inner()),
        payload,
    )
    .await
}

/// Reconcile with a file of successful payments
///
/// Taken in as a file of failed payments is. As soon as it is read, the cases of those who have paid since
/// close as *paid*.
#[utoipa::path(post, path = "/api/v1/outages/{slug}/reconciliations", tag = "imports",
    params(("slug" = String, Path, description = "The outage"),
           ("name" = Option<String>, Query, description = "The file's name, unless the form tells it"),
           ("columns" = Option<String>, Query, description = "`a,b,_`: there is no header, these are the columns"),
           ("map" = Option<Vec<String>>, Query, description = "`field=HEADER`, as often as needed"),
           ("times_in" = Option<String>, Query, description = "The zone of times that carry none"),
           ("failed" = Option<Vec<String>>, Query, description = "A value of the status that means failed"),
           ("paid" = Option<Vec<String>>, Query, description = "A value of the status that means paid"),
           ("refunded" = Option<Vec<String>>, Query, description = "A value of the status that means refunded"),
           ("leave_out" = Option<Vec<String>>, Query, description = "A value of the status that counts for nothing"),
           ("leave_out_others" = Option<bool>, Query, description = "All other values of the status that nobody knows count for nothing"),
           ("day_first" = Option<Vec<String>>, Query, description = "The header of a column with the day first"),
           ("month_first" = Option<Vec<String>>, Query, description = "The header of a column with the month first"),
           ("decimal_comma" = Option<Vec<String>>, Query, description = "The header of a column with a comma before the cents"),
           ("decimal_point" = Option<Vec<String>>, Query, description = "The header of a column with a point before the cents"),
           ("ignore" = Option<Vec<String>>, Query, description = "The header of a column that is not read"),
           ("accept_guesses" = Option<bool>, Query, description = "What would be asked is taken as it is proposed"),
           ("sheet" = Option<String>, Query, description = "The sheet of a workbook")),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses((status = 202, description = "Taken in", body = Taken),
              (status = 400, description = "The upload broke off, or its form has no file", body = Problem),
              (status = 404, description = "There is no such outage", body = Problem),
              (status = 413, description = "Larger than the limit of uploads", body = Problem)))]
pub(super) async fn reconcile(
    request: HttpRequest,
    office: web::Data<Office>,
    owner: Owner,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
    payload: web::Payload,
) -> Answer {
    take_in(
        ImportKind::Successes,
        request,
        office,
        owner,
        (slug.into_inner(), query.into_inner()),
        payload,
    )
    .await
}

async fn take_in(
    kind: ImportKind,
    request: HttpRequest,
    office: web::Data<Office>,
    owner: Owner,
    (slug, query): (String, Vec<(String, String)>),
    payload: web::Payload,
) -> Answer {
    let outage = named(&office, slug).await?;
    let limit = office.config.upload_limit;
    let (chunks, taking) = pipe();
    let by = owner.0.id;
    let sent = sent::send(&request, payload, chunks, limit);
    let name = file_name(&request, &query);
    let kept = done(&office, move |office| {
        office.receive(outage.id, kind, &name, Some(by), taking)
    });
    let (sent, kept) = futures_util::join!(sent, kept);
    sent?;
    match kept? {
        Received::New(id) => {
            done(&office, move |office| match office.import(id)?.state() {
                ImportState::Received => office.start_import(id, hints(query)?, Then::Publish),
                _ => Ok(()), // sent again: it is being read, or was
            })
            .await?;
            Ok(taken(id, "received", ""))
        }
        Received::Already(id) => Ok(taken(id, "already_imported", "?again=true")),
    }
}

fn taken(import: i64, status: &'static str, query: &str) -> HttpResponse {
    HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/api/v1/imports/{import}{query}")))
        .json(Taken { import, status })
}

/// What the query says the file is called, or its media type.
fn file_name(request: &HttpRequest, query: &[(String, String)]) -> String {
    if let Some((_, name)) = query.iter().find(|(key, _)| key == "name") {
        return name.clone();
    }
    let media = request.headers().get(header::CONTENT_TYPE);
    let sheet = media.is_some_and(|media| media.as_bytes().windows(5).any(|part| part == b"sheet"));
    if sheet { "upload.xlsx" } else { "upload.csv" }.to_owned()
}

/// What the query says about the file: the command line's flags, with or without underscores.
fn hints(query: Vec<(String, String)>) -> outreach::Result<Hints> {
    let mut hints = Hints::default();
    for (key, value) in query {
        match key.replace('_', "-").as_str() {
            "name" => {}
            "accept-guesses" => hints.accept_guesses = value == "true",
            "leave-out-others" => hints.leave_out_others = value == "true",
            _ => hints.say(&key, value)?,
        }
    }
    Ok(hints)
}

/// How far an import is, then its report
///
/// While the file is read: `status` (`received`, `checking`, `checked`) and `progress`. Where the file does not say everything:
/// `needs_answers` with `questions`, of which nothing was read yet. Then the report,
/// with `status` `applied`, `already_imported` or `refused` (with `reason`). One that is `applied` counts from that instant;
/// `following` is true, and `progress` tells how far that is, while cases that were there before are still brought up to date
/// and new calls are dealt. Of one that is taken back `status` is `undoing`,
/// with `progress`, and then `undone`.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = i64, Path, description = "The import's number"),
           ("again" = Option<bool>, Query, description = "As the answer to a file that counts already")),
    responses((status = 200, description = "Progress or report", body = Object),
              (status = 404, description = "There is none", body = Problem)))]
pub(super) async fn read(
    office: web::Data<Office>,
    id: web::Path<i64>,
    query: web::Query<Vec<(String, String)>>,
) -> Answer {
    let id = id.into_inner();
    let again = query.iter().any(|(key, value)| key == "again" && value == "true");
    let told = done(&office, move |office| {
        let import = office.import(id)?;
        let mut told = match again && import.state() == ImportState::Published {
            true => office.already_imported(id, &import.file_name)?.json(),
            false => standing(&import),
        };
        if let (ImportState::Published, Some(told)) = (import.state(), told.as_object_mut()) {
            let follows = office.is_followed_up(&import)?;
            told.insert("following".into(), follows.into());
            told.insert("progress".into(), json!(follows.then(|| import.progress())));
        }
        Ok(told)
    });
    Ok(HttpResponse::Ok().json(told.await?))
}

fn standing(import: &Import) -> Value {
    match (import.state(), import.told()) {
        (ImportState::Published | ImportState::Refused, Some(report)) => report.json(),
        (ImportState::Received, _) if !import.questions().is_empty() => json!({
            "import": import.id,
            "status": Status::NeedsAnswers,
            "file": import.file_name,
            "questions": import.questions(),
        }),
        (ImportState::Received | ImportState::Checking | ImportState::Undoing, _) => on_its_way(import, None),
        (ImportState::Checked, report) => on_its_way(import, report),
        (state, _) => json!({
            "import": import.id,
            "status": state.as_str(),
            "file": import.file_name,
            "reason": import.problem,
        }),
    }
}

fn on_its_way(import: &Import, report: Option<Report>) -> Value {
    json!({
        "import": import.id,
        "status": import.state().as_str(),
        "file": import.file_name,
        "progress": import.progress(),
        "report": report.map(|report| report.json()),
    })
}

/// Take an import back
///
/// One that is still read or checked is given up. One that counts is taken back: failed payments until the
/// first call or e-mail to somebody they touched, a reconciliation at any time. It does not count from then on; what else
/// there is to do for a large one is done in the background.
#[utoipa::path(delete, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = i64, Path, description = "The import's number")),
    responses((status = 202, description = "It does not count any more; `Location` tells how far it is", body = Taken),
              (status = 204, description = "Taken back"),
              (status = 404, description = "There is none", body = Problem),
              (status = 409, description = "It stays, and why", body = Problem)))]
pub(super) async fn take_back(office: web::Data<Office>, id: web::Path<i64>) -> Answer {
    let id = id.into_inner();
    let state = done(&office, move |office| {
        match office.import(id)?.state() {
            ImportState::Published | ImportState::Undoing | ImportState::Undone => {
                office.start_undoing(id)?
            }
            _ => office.start_discarding(id)?,
        }
        Ok(office.import(id)?.state())
    })
    .await?;
    match state {
        ImportState::Undoing => Ok(taken(id, state.as_str(), "")),
        _ => Ok(HttpResponse::NoContent().finish()),
    }
}
