//! Step 3: every row accounted for.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::page::{Bins, CheckPage, HowRead, Reason, RejectRow};
use super::words::{label, reason, warning};
use super::{found, href, import_of, will_do};
use crate::domain::ids::ImportId;
use crate::outreach::Office;
use crate::outreach::import::{Certainty, ImportState, Reject, Report, Times};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::count::{count, counted};

/// Rejected rows of a page.
const ROWS: i64 = 25;
/// Longest part of a record that is shown, in characters.
const SHOWN: usize = 400;

#[derive(Clone, serde::Deserialize)]
pub(super) struct Asked {
    /// Only rows rejected for this, or payments with this fate.
    pub(super) reason: Option<String>,
    /// Only rows after this line.
    pub(super) after: Option<i64>,
}

/// The check of an import, or the report of one that counts.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    render(&staff, &office, path.into_inner(), asked.into_inner(), None).await
}

/// The same, after it was confirmed with numbers that are no longer so.
pub(super) async fn changed(
    staff: &Staff,
    office: &web::Data<Office>,
    path: (String, ImportId),
) -> Result<HttpResponse, Error> {
    let told = "The count changed while you looked. Nothing was imported: look at the numbers again.";
    let asked = Asked {
        reason: None,
        after: None,
    };
    render(staff, office, path, asked, Some(told.to_owned())).await
}

async fn render(
    staff: &Staff,
    office: &web::Data<Office>,
    path: (String, ImportId),
    asked: Asked,
    changed: Option<String>,
) -> Result<HttpResponse, Error> {
    let (only, after) = (asked.reason.clone(), asked.after.unwrap_or_default());
    let (outage, import, before, rejects) = ask(office, move |office| {
        let (outage, import) = import_of(office, &path)?;
        let rejects = office.import_rejects(import.id, only.as_deref(), after, ROWS + 1)?;
        let before = office.held_before(&import)?;
        Ok((outage, import, before, rejects))
    })
    .await?;
    let here = href(&outage, import.id);
    let published = import.state() == ImportState::Published;
    let status = match changed {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let Some(report) = import
        .told()
        .filter(|_| published || import.state() == ImportState::Checked)
    else {
        return Ok(see_other(&here));
    };
    if let Some(found) = report.reconciled {
        return found::show(staff, office, (&outage, &import), (&report, &found), asked).await;
    }
    let chrome = frame(office, staff, &outage, Place::Imports).await?;
    let only = asked.reason.unwrap_or_default();
    let page = CheckPage {
        chrome,
        summary: summary(&import.file_name, &report),
        how: how_read(&report),
        published,
        bins: bins(&report),
        reasons: reasons(&report, &here, &only),
        next: next(&rejects, &here, &only),
        first: (after > 0).then(|| format!("{here}/check?reason={}", safe(&only))),
        rejects: rejects
            .iter()
            .take(usize::try_from(ROWS).unwrap_or_default())
            .map(reject_row)
            .collect(),
        sums: will_do::sums(&report, before),
        payments: will_do::payments(&report),
        seen: will_do::shown(&report),
        changed,
        alarm: alarm(&report),
        can_match_anew: import.can_be_matched_anew(),
        warnings: report
            .warnings
            .iter()
            .map(|(key, rows)| (warning(key), count(number(*rows))))
            .collect(),
        nothing: report.accepted == 0 && report.succeeded == 0,
        pays_for: (report.citizens_paid > 0).then(|| {
            counted(
                number(report.citizens_paid),
                "citizen has paid by this file and is closed with it",
                "citizens have paid by this file and are closed with it",
            )
        }),
        confirm: will_do::button(&report, before),
        href: here,
    };
    Ok(answer(status, &page))
}

/// The file, its rows, and how long that took.
pub(super) fn summary(file: &str, report: &Report) -> String {
    let rows = counted(number(report.rows), "row was", "rows were");
    format!("{file}: {rows} read in {:.1} seconds.", report.seconds)
}

/// How the file was understood.
pub(super) fn how_read(report: &Report) -> HowRead {
    let certainty = report.certainty.unwrap_or(Certainty::Sure);
    let of_field = |(name, header): (&String, &String)| {
        let field = name.parse().ok()?;
        Some((label(field), header.clone()))
    };
    HowRead {
        dialect: report.read_as.clone(),
        certainty: match certainty {
            Certainty::Sure => "Sure, by the header and the values",
            Certainty::Likely => "Likely: have a look at what was decided",
            Certainty::Unsure => "Not sure: it could be read in another way",
        },
        doubtful: certainty != Certainty::Sure,
        doubts: report.doubts.clone(),
        columns: report.columns.iter().filter_map(of_field).collect(),
    }
}

pub(super) fn number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Only a word of ours goes back into an address.
fn safe(reason: &str) -> &str {
    match reason {
        "malformed" | "bad_timestamp" | "no_identity" => reason,
        _ => "",
    }
}

fn bins(report: &Report) -> Bins {
    let outside = report.outside_window;
    let out = outside.before + outside.after;
    let bin = |rows| count(number(rows));
    let told = vec![
        ("Succeeded", report.succeeded),
        ("Left out", report.left_out),
        ("Mended since", report.mended),
    ];
    let told: Vec<(&'static str, String)> = told
        .into_iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(label, rows)| (label, bin(rows)))
        .collect();
    let [accepted, duplicates, outside_rows, rejected, rows] = [
        report.accepted,
        report.duplicates,
        out,
        report.rejects(),
        report.rows,
    ]
    .map(bin);
    let mut parts = vec![
        accepted.as_str(),
        duplicates.as_str(),
        outside_rows.as_str(),
        rejected.as_str(),
    ];
    parts.extend(told.iter().map(|(_, rows)| rows.as_str()));
    Bins {
        sum: format!("{} = {rows}", parts.join(" + ")),
        outside_note: match out {
            0 => "Every failed row that could be read lies in it.".to_owned(),
            _ => format!(
                "{} before it began, {} after it ended.",
                bin(outside.before),
                bin(outside.after)
            ),
        },
        span: report.times.as_ref().map(span),
        told: told.clone(),
        rows,
        accepted,
        duplicates,
        outside: outside_rows,
        rejected,
        card_numbers: count(number(report.card_numbers)),
        any_card_numbers: report.card_numbers > 0,
    }
}

/// The first and the last time in the file, beside the window.
fn span(times: &Times) -> String {
    format!(
        "The file goes from {} to {}, the outage from {} to {} ({}).",
        times.first, times.last, times.window_start, times.window_end, times.zone
    )
}

fn reasons(report: &Report, here: &str, only: &str) -> Vec<Reason> {
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

fn next(rejects: &[Reject], here: &str, only: &str) -> Option<String> {
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let last = rejects.get(shown.saturating_sub(1))?;
    (rejects.len() > shown).then(|| format!("{here}/check?reason={}&after={}", safe(only), last.line))
}

fn reject_row(reject: &Reject) -> RejectRow {
    let record: String = reject.cells().join(", ").chars().take(SHOWN).collect();
    RejectRow {
        line: count(reject.line),
        problem: reason(&reject.reason).1,
        advice: reject.detail.clone(),
        record,
    }
}

/// Said when most failures lie outside the window. Why that is so is not known: the file's own times stand beside it.
fn alarm(report: &Report) -> Option<String> {
    let failed = report.accepted + report.outside();
    (report.outside() * 2 > failed).then(|| {
        format!(
            "{} of {} lie outside the outage. {} If that is not right, the clock of the file was read in another time zone than \
             it was written in, or the outage\u{2019}s window is not the right one.",
            count(number(report.outside())),
            counted(number(failed), "failed payment", "failed payments"),
            report.times.as_ref().map(span).unwrap_or_default()
        )
    })
}
