//! Rejected rows, one a line: what is faulty in each, and one field to type it anew.

use actix_web::{HttpResponse, web};

use super::check::{self, Asked, Said, number};
use super::columns::await_begin;
use super::correct::sentence;
use super::page::Reason;
use super::words::reason;
use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::outreach::import::{Ask, Faulty, Import, ImportState, Mending, Report};
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::page::see_other;
use crate::web::session::Staff;
use crate::web::show::count::count;

/// Rejected rows of a page.
pub(super) const ROWS: usize = 10;
/// The same for who wants to see all, and of any form.
pub(super) const ALL: usize = 200;
/// Longest part of a faulty value that is shown, in characters.
const SHOWN: usize = 60;

/// One rejected row.
pub struct FaultRow {
    /// Its line in the file, as its field is named.
    pub line: i64,
    /// The same as people read it.
    pub shown_line: String,
    /// Whose it is.
    pub who: String,
    /// The headers of what is faulty.
    pub headers: String,
    /// What stands there; empty: nothing does.
    pub found: Vec<String>,
    /// What is wrong, in a few words.
    pub problem: String,
    /// What became of it: came in, set aside, corrected.
    pub became: Option<&'static str>,
    /// The field that mends it.
    pub fix: Option<Fix>,
    /// Where the whole row is corrected, if only that mends it.
    pub whole: Option<String>,
}

/// The field that mends a row.
pub struct Fix {
    /// What is typed.
    pub asks: &'static str,
    /// What was typed.
    pub typed: String,
    /// Why that does not do.
    pub wrong: Option<String>,
}

/// A value that was typed and does not mend its row.
pub(super) struct Tried {
    line: i64,
    typed: String,
    /// Why not; none: it came in or was set aside meanwhile.
    wrong: Option<String>,
}

/// Said of rows that came in or were set aside while somebody mended them.
pub(super) fn gone(tried: &[Tried]) -> Option<&'static str> {
    let gone = tried.iter().any(|tried| tried.wrong.is_none());
    gone.then_some("A row that you mended came in or was set aside meanwhile. It stays as it is.")
}

/// Keeps what was typed for rejected rows. Once the import counts, they come in as an import of their own.
pub(super) async fn mend(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (path, by) = (path.into_inner(), staff.user.id);
    let asked = Asked::of(&fields);
    let (place, here_again) = (path.clone(), asked.clone());
    let done = ask(&office, move |office| {
        let (outage, import) = import_of(office, &place)?;
        let typed = typed(&fields)?;
        let tried = refused(&office.mend(import.id, &typed)?, typed);
        if !tried.is_empty() {
            return Ok(Err(tried));
        }
        let here = href(&outage, import.id);
        if import.state() != ImportState::Published {
            return Ok(Ok(here_again.address(&here)));
        }
        let taken = office.import_corrected(import.id, Some(by))?;
        await_begin(office, taken)?;
        Ok(Ok(href(&outage, taken)))
    });
    match done.await? {
        Ok(next) => Ok(see_other(&next)),
        Err(tried) => check::render(&staff, &office, path, asked, Said::Wrong(tried)).await,
    }
}

/// The values of a form: `line` names each, `typed_{line}` is what stands in its field.
fn typed(fields: &Fields) -> outreach::Result<Vec<(i64, String)>> {
    let one = |line: &str| {
        let typed = fields.get(&format!("typed_{line}")).to_owned();
        Some((line.parse().ok()?, typed))
    };
    let typed: Vec<_> = fields.all("line").filter_map(one).take(ALL).collect();
    if typed.is_empty() {
        return Err(outreach::Error::invalid(
            "line",
            "Type what is right into one of the rows.",
        ));
    }
    Ok(typed)
}

fn refused(came: &[Mending], typed: Vec<(i64, String)>) -> Vec<Tried> {
    let one = |(came, (line, typed)): (&Mending, (i64, String))| match came {
        Mending::Kept => None,
        Mending::StillWrong(why) => Some(Tried {
            line,
            typed,
            wrong: Some(sentence(why)),
        }),
        Mending::CardNumber => Some(Tried {
            line,
            typed: String::new(),
            wrong: Some("This is a card number. It was not kept.".into()),
        }),
        Mending::NotHere => Some(Tried {
            line,
            typed: String::new(),
            wrong: None,
        }),
    };
    came.iter().zip(typed).filter_map(one).collect()
}

/// The rows of a page.
pub(super) fn rows(
    import: &Import,
    here: &str,
    asked: &Asked,
    (faulty, tried): (&[Faulty], &[Tried]),
) -> Vec<FaultRow> {
    let counts = import.state() == ImportState::Published;
    let shown = faulty.iter().take(asked.rows());
    shown
        .map(|row| {
            let tried = tried.iter().find(|tried| tried.line == row.line);
            fault_row(row, tried, counts.then_some(here))
        })
        .collect()
}

fn fault_row(row: &Faulty, tried: Option<&Tried>, here: Option<&str>) -> FaultRow {
    let open = row.taken_by.is_none() && !row.aside;
    let fix = row.asks.filter(|_| open).map(|asks| Fix {
        asks: match asks {
            Ask::Time => "Day and time",
            Ask::Contact => "Phone or e-mail",
        },
        typed: tried.map_or_else(|| row.typed.clone(), |tried| tried.typed.clone()),
        wrong: tried.and_then(|tried| tried.wrong.clone()),
    });
    let whole = here.filter(|_| open && fix.is_none());
    FaultRow {
        line: row.line,
        shown_line: count(row.line),
        who: row.who.clone(),
        headers: match row.headers.is_empty() {
            true => "whole line".into(),
            false => row.headers.join(", "),
        },
        found: row.found.iter().map(|value| cut(value)).collect(),
        problem: row.problem.clone(),
        became: match (row.taken_by, row.aside, row.mended) {
            (Some(_), ..) => Some("Imported"),
            (None, true, _) => Some("Set aside"),
            (None, false, true) => Some("Corrected"),
            (None, false, false) => None,
        },
        whole: whole.map(|here| format!("{here}/rejects?after={}", row.line.saturating_sub(1))),
        fix,
    }
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// The rejected rows by reason.
pub(super) fn reasons(report: &Report, here: &str, only: &str) -> Vec<Reason> {
    let all = report.rejects();
    if all == 0 {
        return Vec::new();
    }
    let bad = report.rejected;
    let one = |(key, rows): (&str, u64)| Reason {
        label: format!(
            "{} {}",
            if key.is_empty() { "All" } else { reason(key).0 },
            count(number(rows))
        ),
        href: if key.is_empty() {
            format!("{here}/check")
        } else {
            format!("{here}/check?reason={key}")
        },
        current: key == only,
    };
    let keys = [
        ("", all),
        ("no_identity", bad.no_identity),
        ("bad_timestamp", bad.bad_timestamp),
        ("malformed", bad.malformed),
    ];
    keys.into_iter().filter(|(_, rows)| *rows > 0).map(one).collect()
}

/// The way to all rows, and its words, when more are rejected than a page shows.
pub(super) fn show_all(report: &Report, here: &str, asked: &Asked) -> Option<(String, String)> {
    let (all, most) = (number(report.rejects()), i64::try_from(ALL).unwrap_or(i64::MAX));
    let few = i64::try_from(asked.rows()).unwrap_or(i64::MAX);
    let words = match all > most {
        true => format!("Show {} at once", count(most)),
        false => format!("Show all {}", count(all)),
    };
    let wanted = Asked {
        after: None,
        all: Some(String::new()),
        ..asked.clone()
    };
    (all > few && asked.all.is_none() && asked.only().is_empty()).then(|| (wanted.address(here), words))
}

/// The rows after those that are shown.
pub(super) fn next(faulty: &[Faulty], here: &str, asked: &Asked) -> Option<String> {
    let last = faulty
        .get(asked.rows() - 1)
        .filter(|_| faulty.len() > asked.rows())?;
    let next = Asked {
        after: Some(last.line),
        ..asked.clone()
    };
    Some(next.address(here))
}
