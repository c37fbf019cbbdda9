//! Step 1: a file comes in.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{StreamExt, TryStreamExt, join};
use tokio::sync::mpsc::Sender;

use super::page::UploadPage;
use super::{first_step, href};
use crate::domain::ids::ImportId;
use crate::outreach::import::{Hints, ImportKind, ImportState, Received};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::arriving::{FORM, announced, pipe};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::bytes;
use crate::web::show::{address, outage_window, zone};

/// The form.
pub(super) async fn ask_for_file(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    form(&staff, &office, slug.into_inner(), ImportKind::Failed).await
}

/// The form for a file of successful payments.
pub(super) async fn ask_for_payments(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
) -> Result<HttpResponse, Error> {
    form(&staff, &office, slug.into_inner(), ImportKind::Successes).await
}

async fn form(staff: &Staff, office: &Office, slug: String, kind: ImportKind) -> Result<HttpResponse, Error> {
    let outage = ask(office, move |office| office.outage_named(&slug)).await?;
    show(staff, office, (&outage, kind), None).await
}

async fn show(
    staff: &Staff,
    office: &Office,
    (outage, kind): (&Outage, ImportKind),
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = UploadPage {
        chrome: frame(office, staff, outage, Place::Imports).await?,
        base: address(outage),
        successes: kind == ImportKind::Successes,
        window: format!("{}, {}", outage_window(outage, &zone(outage)), outage.time_zone),
        limit: bytes(i64::try_from(office.config.upload_limit).unwrap_or(i64::MAX)),
        problem,
    };
    Ok(answer(status, &page))
}

/// Takes the file in, through the card-number guard, and looks at it once.
pub(super) async fn take(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    request: HttpRequest,
    parts: Multipart,
) -> Result<HttpResponse, Error> {
    let what = (slug.into_inner(), ImportKind::Failed);
    take_in(&staff, &office, what, &request, parts).await
}

/// The same for successful payments.
pub(super) async fn take_payments(
    staff: Staff,
    office: web::Data<Office>,
    slug: web::Path<String>,
    request: HttpRequest,
    parts: Multipart,
) -> Result<HttpResponse, Error> {
    let what = (slug.into_inner(), ImportKind::Successes);
    take_in(&staff, &office, what, &request, parts).await
}

async fn take_in(
    staff: &Staff,
    office: &Office,
    (slug, kind): (String, ImportKind),
    request: &HttpRequest,
    mut parts: Multipart, // its parts can be read only while it is there
) -> Result<HttpResponse, Error> {
    let outage = ask(office, move |office| office.outage_named(&slug)).await?;
    let limit = office.config.upload_limit;
    if announced(request) > limit.saturating_add(FORM) {
        let problem = Some(outreach::import::too_large(limit));
        return show(staff, office, (&outage, kind), problem).await;
    }
    let Some((name, file)) = file_part(&mut parts).await else {
        let problem = Some("Choose a file first.".to_owned());
        return show(staff, office, (&outage, kind), problem).await;
    };
    let (id, by) = (outage.id, staff.user.id);
    let (chunks, arriving) = pipe();
    let received = ask(office, move |office| {
        match office.receive(id, kind, &name, Some(by), arriving) {
            Ok(Received::Already(import)) => Ok(Taken::Already(import)),
            Ok(Received::New(import)) if is_waiting(office, import)? => first_look(office, import),
            Ok(Received::New(import)) => Ok(Taken::New(import, "columns")), // sent again: it is looked at, or was
            Err(outreach::Error::Invalid { message, .. }) => Ok(Taken::Refused(message)),
            Err(error) => Err(error),
        }
    });
    let ((), received) = join!(send(file, chunks, limit), received);
    match received? {
        Taken::New(import, step) => Ok(see_other(&format!("{}/{step}", href(&outage, import)))),
        Taken::Already(import) => Ok(see_other(&format!("{}?again=yes", href(&outage, import)))),
        Taken::Refused(problem) => show(staff, office, (&outage, kind), Some(problem)).await,
    }
}

enum Taken {
    /// And the step that wants the person next.
    New(ImportId, &'static str),
    Already(ImportId),
    Refused(String),
}

/// Whether nobody has begun with a file.
fn is_waiting(office: &Office, import: ImportId) -> outreach::Result<bool> {
    Ok(office.import(import)?.state() == ImportState::Received)
}

/// A file that cannot be read at all is told so at once, and not kept.
fn first_look(office: &Office, import: ImportId) -> outreach::Result<Taken> {
    match office.inspect_import(import, &Hints::default()) {
        Err(outreach::Error::Invalid { message, .. }) => {
            office.discard_import(import)?;
            Ok(Taken::Refused(message))
        }
        looked => looked.map(|layout| Taken::New(import, first_step(&layout))),
    }
}

/// The form's part `file`, with the name it has on the person's computer; none if no file was chosen.
async fn file_part(parts: &mut Multipart) -> Option<(String, Field)> {
    while let Ok(Some(mut part)) = parts.try_next().await {
        if part.name() == Some("file") {
            let name = part.content_disposition().and_then(|about| about.get_filename());
            let name = name.unwrap_or_default().to_owned();
            return (!name.is_empty()).then_some((name, part));
        }
        while part.next().await.is_some() {} // the token, which was checked before
    }
    None
}

/// Hands the file over chunk by chunk. What is refused already is passed over, as far as a file may be long: a browser shows an
/// answer only after it has sent everything; who sends without end gets none.
async fn send(mut file: Field, chunks: Sender<Bytes>, limit: u64) {
    let mut passed_over = 0;
    while let Some(chunk) = file.next().await {
        match chunk {
            Ok(chunk) if chunk.is_empty() => {}
            Ok(chunk) => {
                let length = chunk.len() as u64;
                // Refused already: the reason comes from the reader.
                if chunks.send(chunk).await.is_err() {
                    passed_over += length;
                }
                if passed_over > limit {
                    return;
                }
            }
            Err(_) => return,
        }
    }
    let _ = chunks.send(Bytes::new()).await;
}
