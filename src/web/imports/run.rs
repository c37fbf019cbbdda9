//! Step 4, and wherever an import stands on its way there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::{Progress, ProgressPart, RunPage};
use super::{check, given, href, import_of, name_of, will_do};
use crate::domain::ids::ImportId;
use crate::outreach::accounts::User;
use crate::outreach::import::{
    Confirmed, Hints, Import, ImportKind, ImportPhase, ImportState, Reconciled, Report,
};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other, wants_fragment};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted, percent};
use crate::web::show::time::moment;
use crate::web::show::{address, zone};

type Path = web::Path<(String, ImportId)>;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Anything here: the person sent a file that counts already.
    again: Option<String>,
}

/// What is said beside where the import stands.
#[derive(Clone)]
enum Said {
    /// The person sent a file that counts already.
    SameFile,
    /// What the person asked for was not done, and why.
    Refused(String),
}

/// Where the import stands; steps that want the person lead there.
pub(super) async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let again = asked.again.as_ref().map(|_| Said::SameFile);
    stands(&request, &staff, &office, path.into_inner(), again).await
}

async fn stands(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    path: (String, ImportId),
    said: Option<Said>,
) -> Result<HttpResponse, Error> {
    let (outage, import, accounts) = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        Ok((outage, import, office.accounts()?))
    })
    .await?;
    let here = href(&outage, import.id);
    let state = import.state();
    let at_work = import.doing(office.now()).is_some();
    if wants_fragment(request) && at_work {
        let progress = progress((&outage, &import), &accounts, office, said);
        let progress = Progress {
            csrf: staff.form_token.clone(),
            ..progress
        };
        return Ok(answer(StatusCode::OK, &ProgressPart { progress }));
    }
    let next = match state {
        ImportState::Received if !at_work => Some(format!("{here}/{}", step(office, import.id).await?)),
        ImportState::Checked => Some(format!("{here}/check")),
        _ => None,
    };
    match next {
        _ if wants_fragment(request) => Ok(leave_for(next.as_deref().unwrap_or(&here))),
        Some(next) => Ok(see_other(&next)),
        None => page(staff, office, (outage, import), &accounts, said).await,
    }
}

/// Tells the page's script to go somewhere else: what it asks about is over.
fn leave_for(place: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(("HX-Redirect", place)).finish()
}

/// What a file that nobody reads yet wants of the person.
async fn step(office: &Office, id: ImportId) -> Result<&'static str, Error> {
    ask(office, move |office| {
        Ok(super::first_step(&office.inspect_import(id, &Hints::default())?))
    })
    .await
}

async fn page(
    staff: &Staff,
    office: &Office,
    (outage, import): (Outage, Import),
    accounts: &[User],
    said: Option<Said>,
) -> Result<HttpResponse, Error> {
    let progress = progress((&outage, &import), accounts, office, said);
    let report = import.told().filter(|_| import.state() == ImportState::Published);
    let waits = progress.can_stop && import.state() == ImportState::Received;
    let (heading, lead) = heading(&import, report.as_ref(), waits);
    let page = RunPage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        base: address(&outage),
        heading,
        lead,
        step: match import.state() {
            ImportState::Published => 4,
            ImportState::Received | ImportState::Checking | ImportState::Checked => 3,
            ImportState::Undoing | ImportState::Undone | ImportState::Discarded | ImportState::Refused => 0,
        },
        successes: import.kind() == ImportKind::Successes,
        progress: Progress {
            csrf: staff.form_token.clone(),
            ..progress
        },
        rejects: report.as_ref().is_some_and(|report| report.rejects() > 0),
        report: report.as_ref().map(lines).unwrap_or_default(),
    };
    Ok(answer(StatusCode::OK, &page))
}

fn heading(import: &Import, report: Option<&Report>, waits: bool) -> (String, String) {
    let file = &import.file_name;
    match import.state() {
        ImportState::Received if waits => (
            format!("{file} waits for its turn"),
            "Another file of this outage is still being worked on. This one is read right after it; you can leave this page."
                .to_owned(),
        ),
        ImportState::Undoing => (
            format!("Taking {file} back"),
            "It does not count any more. The cases that it changed are put back and its rows are deleted; you can leave this \
             page: it goes on."
                .to_owned(),
        ),
        ImportState::Checking => (
            format!("Reading {file}"),
            "You can leave this page: reading goes on. Nothing counts before you confirm.".to_owned(),
        ),
        ImportState::Published => {
            if let Some(found) = report.and_then(|report| report.reconciled.as_ref()) {
                return reconciled(file, found);
            }
            let outage = report.map(|report| report.outage).unwrap_or_default();
            let calls = counted(report.map_or(0, Report::calls), "call is", "calls are");
            let citizens = counted(outage.citizens, "citizen", "citizens");
            (
                format!("{calls} ready"),
                format!("{file} is imported. The outage has {citizens} now."),
            )
        }
        state => (
            format!("{file}: {}", state.words().to_lowercase()),
            "Nothing of it counts.".to_owned(),
        ),
    }
}

fn reconciled(file: &str, found: &Reconciled) -> (String, String) {
    let paid = counted(
        number(found.citizens_paid),
        "citizen has paid",
        "citizens have paid",
    );
    let left = counted(found.outage.citizens_unpaid, "citizen has", "citizens have");
    let calls = counted(found.outage.households_to_call, "call is", "calls are");
    let file = format!("{file} is reconciled. {left} not paid, and {calls} left to make for them.");
    (paid, file)
}

fn number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

fn lines(report: &Report) -> Vec<(&'static str, String)> {
    let line = |label, rows: u64| (label, count(number(rows)));
    if let Some(found) = &report.reconciled {
        return vec![
            line("Matched", found.matched_by.sum()),
            line("Paid before they failed", found.too_early),
            line("Could be several people", found.ambiguous),
            line("Nobody of the outage", found.unmatched),
            line("Duplicates", report.duplicates),
            line("Rejected", report.rejects()),
        ];
    }
    vec![
        line("Accepted", report.accepted),
        line("Duplicates", report.duplicates),
        line(
            "Outside the window",
            report.outside_window.before + report.outside_window.after,
        ),
        line("Rejected", report.rejects()),
        line("Mended since", report.mended),
        line("Succeeded", report.succeeded),
        line("Left out", report.left_out),
        line("Citizens who have paid", report.citizens_paid),
        line("Card numbers masked", report.card_numbers),
    ]
}

fn progress(
    (outage, import): (&Outage, &Import),
    accounts: &[User],
    office: &Office,
    said: Option<Said>,
) -> Progress {
    let state = import.state();
    let (now, published) = (office.now(), state == ImportState::Published);
    let doing = import.doing(now);
    let running = doing.is_some();
    let (done, whole) = match running {
        true => (import.bytes_read.min(import.size_bytes), import.size_bytes.max(1)),
        false => (1, 1),
    };
    let is_read = state == ImportState::Checking;
    let is_known = !running || is_read || doing.is_some_and(is_counted);
    let successes = import.kind() == ImportKind::Successes;
    let latest = successes || outage.published_import_id == import.id;
    let started = moment(import.created_at, now, &zone(outage));
    Progress {
        href: href(outage, import.id),
        doing: doing
            .map_or(stands_as(import), |phase| words(phase, state))
            .to_owned(),
        running,
        can_stop: running && matches!(state, ImportState::Checking | ImportState::Received),
        published,
        percent: if is_known {
            percent(done, whole)
        } else {
            String::new()
        },
        so_far: match is_read || published && !running {
            true => counted(import.rows_read, "row", "rows"),
            false => String::new(),
        },
        bar: is_known.then_some((done, whole)),
        started: format!("Uploaded {started} by {}", name_of(import.created_by, accounts)),
        can_undo: published && latest,
        undo_note: match published && latest {
            true if successes => "It can be undone at any time: the cases open again.".to_owned(),
            true => "It can be undone until the first call or e-mail to someone in it.".to_owned(),
            false => String::new(),
        },
        undo: match successes {
            true => "Undo this reconciliation",
            false => "Undo this import",
        },
        news: matches!(said, Some(Said::SameFile)).then(|| {
            "This very file was imported before. Nothing was changed, and nothing is counted twice."
                .to_owned()
        }),
        problem: match said {
            Some(Said::Refused(why)) => Some(why),
            _ => import.problem.clone().filter(|_| !running),
        },
        csrf: String::new(),
    }
}

/// Where it stands, in the words of its kind.
pub(super) fn stands_as(import: &Import) -> &'static str {
    match (import.state(), import.kind()) {
        (ImportState::Published, ImportKind::Successes) => "Reconciled",
        (state, _) => state.words(),
    }
}

/// Whether it is known how much of it there is.
const fn is_counted(phase: ImportPhase) -> bool {
    matches!(
        phase,
        ImportPhase::Changing | ImportPhase::Dealing | ImportPhase::Clearing
    )
}

/// What is being done with an import that stands there.
const fn words(phase: ImportPhase, state: ImportState) -> &'static str {
    match (phase, state) {
        (ImportPhase::Waiting, _) => "Waiting for another file",
        (ImportPhase::Reading, _) => "Reading the rows",
        (ImportPhase::Linking, ImportState::Undoing) => "Finding whose payments these were",
        (ImportPhase::Linking, _) => "Finding the citizens",
        (ImportPhase::Gathering, ImportState::Undoing) => "Finding the cases to put back",
        (ImportPhase::Gathering, _) => "Making cases and calls",
        (ImportPhase::Counting, _) => "Counting",
        (ImportPhase::Changing, ImportState::Undoing) => "Putting cases back",
        (ImportPhase::Changing, _) => "Imported; bringing cases that were there up to date",
        (ImportPhase::Dealing, _) => "Imported; dealing new calls to the lists",
        (ImportPhase::Clearing, _) => "Deleting its rows",
    }
}

/// Makes the checked import count, if its numbers are still those that were seen.
pub(super) async fn publish(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, seen) = (path.into_inner(), will_do::seen(&fields));
    let asked = path.clone();
    let done = ask(&office, move |office| {
        let (outage, import) = import_of(office, &asked)?;
        match office.confirm_import(import.id, seen) {
            Err(outreach::Error::Conflict(message)) => Ok(Err(message)),
            done => done.map(|confirmed| Ok((confirmed, href(&outage, import.id)))),
        }
    });
    match done.await? {
        Ok((Confirmed::Done, place)) => Ok(see_other(&place)),
        Ok((Confirmed::Changed, _)) => check::changed(&staff, &office, path).await,
        Err(refused) => stands(&request, &staff, &office, path, Some(Said::Refused(refused))).await,
    }
}

/// Goes back from the check to the choice of the columns.
pub(super) async fn match_anew(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, by) = (path.into_inner(), staff.user.id);
    let step = given::step(fields.get("step"));
    let asked = path.clone();
    let done = ask(&office, move |office| {
        let (outage, import) = import_of(office, &asked)?;
        match office.match_anew(import.id, Some(by)) {
            Err(outreach::Error::Conflict(message)) => Ok(Err(message)),
            done => done.map(|anew| Ok(format!("{}/{step}", href(&outage, anew)))),
        }
    });
    match done.await? {
        Ok(place) => Ok(see_other(&place)),
        Err(refused) => stands(&request, &staff, &office, path, Some(Said::Refused(refused))).await,
    }
}

/// Gives an import up that does not count yet.
pub(super) async fn discard(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
) -> Result<HttpResponse, Error> {
    act(
        &request,
        &staff,
        &office,
        path.into_inner(),
        Office::start_discarding,
    )
    .await
}

/// Takes an import back that counts.
pub(super) async fn undo(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
) -> Result<HttpResponse, Error> {
    act(
        &request,
        &staff,
        &office,
        path.into_inner(),
        Office::start_undoing,
    )
    .await
}

/// Does it and shows where the import stands then; a refusal is said there.
async fn act(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    path: (String, ImportId),
    verb: fn(&Office, ImportId) -> outreach::Result<()>,
) -> Result<HttpResponse, Error> {
    let asked = path.clone();
    let done = ask(office, move |office| {
        let (outage, import) = import_of(office, &asked)?;
        match verb(office, import.id) {
            Err(outreach::Error::Conflict(message)) => Ok(Err(message)),
            done => done.map(|()| Ok(href(&outage, import.id))),
        }
    });
    match done.await? {
        Ok(place) => Ok(see_other(&place)),
        Err(refused) => stands(request, staff, office, path, Some(Said::Refused(refused))).await,
    }
}
