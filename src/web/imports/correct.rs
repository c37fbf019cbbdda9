//! Rejected rows, corrected in the browser: each row's cells with the reason beside them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::check::number;
use super::columns::await_begin;
use super::page::{CorrectCell, CorrectPage, CorrectRow};
use super::words::reason;
use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::domain::timestamp::Timestamp;
use crate::outreach::import::{Corrected, Correction, Import, Report};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};
use crate::web::show::time::moment;
use crate::web::show::zone;

/// Rows of a page.
const ROWS: usize = 10;

type Path = web::Path<(String, ImportId)>;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Only rows after this line.
    after: Option<i64>,
}

/// The rows of a page.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    let after = asked.after.unwrap_or_default();
    render(&staff, &office, path.into_inner(), after, None).await
}

/// Keeps what was corrected, and goes where the person wants to go.
pub(super) async fn keep(
    staff: Staff,
    office: web::Data<Office>,
    path: Path,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, asked, by) = (path.into_inner(), asked_after(&fields), staff.user.id);
    let (import_now, next) = (fields.get("go") == "import", fields.get("next").parse().ok());
    let place = path.clone();
    let done = ask(&office, move |office| {
        let (outage, import) = import_of(office, &place)?;
        let here = href(&outage, import.id);
        office.correct(import.id, &corrected(&fields))?;
        if !import_now {
            let after: i64 = next.filter(|_| fields.get("go") == "next").unwrap_or(asked);
            return Ok(Ok(format!("{here}/rejects?after={after}")));
        }
        match office.import_corrected(import.id, Some(by)) {
            Err(outreach::Error::Invalid { message, .. }) => Ok(Err(message)),
            taken => {
                let taken = taken?;
                await_begin(office, taken)?;
                Ok(Ok(href(&outage, taken)))
            }
        }
    });
    match done.await? {
        Ok(next) => Ok(see_other(&next)),
        Err(problem) => render(&staff, &office, path, asked, Some(problem)).await,
    }
}

fn asked_after(fields: &Fields) -> i64 {
    fields.get("after").parse().unwrap_or_default()
}

/// The rows of a form: `line` names each, `cell_{line}` are its cells in order.
fn corrected(fields: &Fields) -> Vec<Corrected> {
    let row = |line: &str| {
        let cells = fields.all(&format!("cell_{line}")).map(str::to_owned).collect();
        Some(Corrected {
            line: line.parse().ok()?,
            cells,
            take: !fields.get(&format!("take_{line}")).is_empty(),
        })
    };
    fields.all("line").filter_map(row).collect()
}

async fn render(
    staff: &Staff,
    office: &Office,
    path: (String, ImportId),
    after: i64,
    problem: Option<String>,
) -> Result<HttpResponse, Error> {
    let (outage, import, rows) = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
        let rows = office.corrections(import.id, after, limit)?;
        Ok((outage, import, rows))
    })
    .await?;
    let here = href(&outage, import.id);
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let (headers, report) = (import.headers(), import.told());
    let now = office.now();
    let page = CorrectPage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        summary: summary(&import, report.as_ref()),
        problem,
        to_mend: report.as_ref().map_or(0, Report::to_mend),
        set_aside: report.as_ref().map_or(0, |report| report.set_aside),
        first: (after > 0).then(|| format!("{here}/rejects")),
        more: rows
            .get(ROWS - 1)
            .filter(|_| rows.len() > ROWS)
            .map(|row| row.line),
        rows: rows
            .into_iter()
            .take(ROWS)
            .map(|row| shown(row, &headers, (&outage, now)))
            .collect(),
        after,
        href: here,
    };
    Ok(answer(status, &page))
}

fn summary(import: &Import, report: Option<&Report>) -> String {
    let rows = |rows: fn(&Report) -> u64| report.map_or(0, |report| number(rows(report)));
    let left = counted(rows(Report::to_mend), "row is", "rows are");
    let others = [
        (rows(|report| report.mended), "came in mended"),
        (rows(|report| report.set_aside), "set aside"),
    ];
    let others = others.into_iter().filter(|(rows, _)| *rows > 0);
    let others: String = others
        .map(|(rows, words)| format!(", {} {words}", count(rows)))
        .collect();
    format!(
        "{}: {left} left to mend{others}. What you correct comes in as an import of its own.",
        import.file_name
    )
}

/// `no timestamp` as `No timestamp.`
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

fn shown(row: Correction, headers: &[String], (outage, now): (&Outage, Timestamp)) -> CorrectRow {
    let label = |at: usize| match headers.get(at).map(String::as_str) {
        Some("") => format!("Column {}", at + 1),
        Some(header) => header.to_owned(),
        None => format!("One field too many ({})", at + 1),
    };
    let cell = |(at, value): (usize, String)| CorrectCell {
        label: label(at),
        long: value.contains(['\n', '\r']),
        value,
    };
    CorrectRow {
        line: row.line,
        shown_line: count(row.line),
        problem: reason(&row.reason).1,
        why: sentence(match (row.corrected, &row.wrong) {
            (true, Some(wrong)) => wrong,
            (true, None) => "nothing is wrong with it any more",
            (false, _) => &row.detail,
        }),
        corrected: row.corrected,
        wrong: row.wrong,
        taken_by: row.taken_by.map(|taken| href(outage, taken)),
        too_long: row.too_long,
        aside: row
            .aside
            .map(|(by, at)| format!("Set aside by {by}, {}", moment(at, now, &zone(outage)))),
        cells: row.cells.into_iter().enumerate().map(cell).collect(),
    }
}
