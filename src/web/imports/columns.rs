//! Step 2: what each column is.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::matched::column_row;
use super::page::{ColumnsPage, Preview, PreviewPart, Sheet};
use super::{first_step, href, import_of};
use crate::domain::field::Field;
use crate::domain::ids::ImportId;
use crate::outreach::import::{Doubt, Format, Hints, ImportKind, ImportState, Layout, Row, RowPreview, Then};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page_or_fragment, see_other};
use crate::web::session::Staff;
use crate::web::show::count::counted;
use crate::web::show::{address, person, zone};

type Path = web::Path<(String, ImportId)>;

/// The page, with what was found out or said before.
pub(super) async fn show(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
) -> Result<HttpResponse, Error> {
    render(&request, &staff, &office, path.into_inner(), Choice::default()).await
}

/// What was chosen on the page.
#[derive(Clone, Debug, Default)]
struct Choice {
    /// A field or none for each column; nothing was chosen yet.
    fields: Option<Vec<Option<Field>>>,
    /// The row to show, from 1.
    row: u64,
    /// What was wrong with it.
    problem: Option<String>,
}

impl Choice {
    fn read(fields: &Fields) -> Self {
        let column = |index: usize| {
            let key = format!("column_{index}");
            fields.all(&key).next().map(|chosen| chosen.parse().ok())
        };
        Self {
            fields: Some((0..).map_while(column).collect()),
            row: fields.get("row").parse().unwrap_or(1),
            problem: None,
        }
    }
}

/// The page or its preview, as the choices stand. Nothing is kept.
pub(super) async fn look(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    render(
        &request,
        &staff,
        &office,
        path.into_inner(),
        Choice::read(&fields),
    )
    .await
}

/// Keeps what was chosen and reads the file.
pub(super) async fn keep(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, mut choice) = (path.into_inner(), Choice::read(&fields));
    let kept = {
        let (path, chosen) = (path.clone(), choice.fields.clone().unwrap_or_default());
        ask(&office, move |office| {
            let (outage, import) = import_of(office, &path)?;
            let layout = match office.map_import(import.id, &chosen, &[]) {
                Err(outreach::Error::Invalid { message, .. }) => return Ok(Err(message)),
                mapped => mapped?,
            };
            if !layout.questions.is_empty() {
                return Ok(Ok(format!("{}/questions", href(&outage, import.id))));
            }
            office.start_import(import.id, Hints::default(), Then::Check)?;
            await_begin(office, import.id)?;
            Ok(Ok(href(&outage, import.id)))
        })
        .await?
    };
    match kept {
        Ok(next) => Ok(see_other(&next)),
        Err(problem) => {
            choice.problem = Some(problem);
            render(&request, &staff, &office, path, choice).await
        }
    }
}

/// Reads another sheet of the workbook from here on.
pub(super) async fn choose_sheet(
    request: HttpRequest,
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, sheet) = (path.into_inner(), fields.get("sheet").to_owned());
    let asked = path.clone();
    let read = ask(&office, move |office| {
        let (outage, import) = import_of(office, &asked)?;
        match office.choose_sheet(import.id, &sheet) {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            chosen => chosen.map(|_| Ok(format!("{}/columns", href(&outage, import.id)))),
        }
    })
    .await?;
    let problem = match read {
        Ok(next) => return Ok(see_other(&next)),
        Err(problem) => Some(problem),
    };
    let choice = Choice {
        problem,
        ..Choice::default()
    };
    render(&request, &staff, &office, path, choice).await
}

/// Waits until reading has begun, two seconds at most: the next page would still ask for the columns.
pub(super) fn await_begin(office: &Office, id: ImportId) -> outreach::Result<()> {
    for _ in 0..200 {
        if office.import(id)?.state() != ImportState::Received {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

async fn render(
    request: &HttpRequest,
    staff: &Staff,
    office: &Office,
    path: (String, ImportId),
    choice: Choice,
) -> Result<HttpResponse, Error> {
    let asked = choice.clone();
    let (outage, import, preview) = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        let preview = match import.state() {
            ImportState::Received => {
                Some(office.preview_import(import.id, asked.fields.as_deref(), asked.row)?)
            }
            _ => None,
        };
        Ok((outage, import, preview))
    })
    .await?;
    let here = href(&outage, import.id);
    let Some(row) = preview else {
        return Ok(see_other(&here));
    };
    let preview = shown(&row, &outage, &here);
    let part = PreviewPart {
        preview: preview.clone(),
    };
    let status = match choice.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let layout = &row.layout;
    let (read, zone) = (row.read.as_ref().and_then(Row::transaction), zone(&outage));
    let is_nameless = layout.doubts.contains(&Doubt::NoHeader);
    let page = ColumnsPage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        base: address(&outage),
        successes: import.kind() == ImportKind::Successes,
        href: here,
        summary: summary(&import.file_name, layout),
        complete: layout.problem().is_none(),
        asks: layout.problem().filter(|_| is_nameless),
        problem: choice
            .problem
            .or_else(|| layout.problem().filter(|_| !is_nameless)),
        remembered: layout.remembered,
        asked: i64::try_from(layout.questions.len()).unwrap_or(i64::MAX),
        sheets: sheets(layout),
        doubts: layout
            .doubts
            .iter()
            .filter(|doubt| !stands_elsewhere(doubt))
            .map(Doubt::to_string)
            .collect(),
        columns: layout
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| column_row(index, column, (read, layout.remembered), &zone))
            .collect(),
        preview,
    };
    Ok(page_or_fragment(request, status, &page, &part))
}

/// Forgets what was said of files with this header.
pub(super) async fn forget(office: web::Data<Office>, path: Path) -> Result<HttpResponse, Error> {
    let path = path.into_inner();
    let next = ask(&office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        office.forget_match(import.id)?;
        let layout = office.inspect_import(import.id, &Hints::default())?;
        Ok(format!("{}/{}", href(&outage, import.id), first_step(&layout)))
    });
    Ok(see_other(&next.await?))
}

/// Whether the page says it where a person can do something about it: in the question, the row or the choice of the sheet.
const fn stands_elsewhere(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::NoHeader | Doubt::ByContent { .. } | Doubt::Sheet(_))
}

fn sheets(layout: &Layout) -> Vec<Sheet> {
    let Format::Workbook { sheet, sheets, .. } = &layout.format else {
        return Vec::new();
    };
    let each = sheets.iter().map(|name| Sheet {
        chosen: name == sheet,
        name: name.clone(),
    });
    each.collect()
}

fn summary(file: &str, layout: &Layout) -> String {
    let used = layout
        .columns
        .iter()
        .filter(|column| column.field.is_some())
        .count();
    let number = |columns: usize| i64::try_from(columns).unwrap_or(i64::MAX);
    format!(
        "{file}: {}. {} used, {} left out.",
        layout.describe(),
        counted(number(used), "column is", "columns are"),
        layout.columns.len() - used
    )
}

/// One row as it will be understood.
pub(super) fn shown(row: &RowPreview, outage: &Outage, here: &str) -> Preview {
    let number = i64::try_from(row.row).unwrap_or(i64::MAX);
    let mut preview = Preview {
        href: here.to_owned(),
        row: number,
        previous: (number - 1).max(1),
        next: if row.last { number } else { number + 1 },
        ..Preview::default()
    };
    match &row.read {
        None => preview.heading = "The file has no rows".to_owned(),
        Some(Row::Rejected(rejection)) => {
            preview.heading = "This row".to_owned();
            preview.rejected = Some(rejection.to_string());
        }
        Some(Row::LeftOut) => {
            preview.heading = "This row counts for nothing".to_owned();
        }
        Some(Row::Unknown(value)) => {
            preview.heading = format!("Nobody knows what the status {value:?} means");
        }
        Some(row @ (Row::Failed(transaction) | Row::Paid(transaction) | Row::Refunded(transaction))) => {
            let what = match row {
                Row::Paid(_) => "Paid",
                Row::Refunded(_) => "Refunded",
                _ => "Failed",
            };
            let or = |value: Option<String>| value.unwrap_or_else(|| "Not known".to_owned());
            let zone = zone(outage);
            let date = crate::web::show::time::date(transaction.occurred_at, &zone);
            let time = crate::web::show::time::clock_seconds(transaction.occurred_at, &zone);
            preview.heading = person::name(&transaction.given_name, &transaction.family_name);
            preview.lines = vec![
                (what, format!("{date}, {time}")),
                (
                    "Account",
                    or(transaction.account_id.as_ref().map(ToString::to_string)),
                ),
                (
                    "Phone",
                    or(transaction
                        .phone
                        .as_ref()
                        .map(|phone| person::phone(phone.as_str()))),
                ),
                (
                    "E-mail",
                    or(transaction.email.as_ref().map(|email| email.as_str().to_owned())),
                ),
                (
                    "Language",
                    person::language(transaction.language.as_deref().unwrap_or_default()),
                ),
                ("Amount", or(transaction.amount.map(|amount| amount.to_string()))),
                ("For", or(transaction.tax_type.clone())),
            ];
        }
    }
    preview
}
