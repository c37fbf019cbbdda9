//! Step 3: every row accounted for.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::faults::{self, Tried};
use super::given::given;
use super::page::{Bins, CheckPage, HowRead};
use super::words::{label, warning};
use super::{found, href, import_of, odd, phones, timeline, will_do};
use crate::domain::ids::ImportId;
use crate::outreach::import::{
    Certainty, Faulty, Import, ImportState, OutageCount, Report, SharedPhone, Times,
};
use crate::outreach::outages::Outage;
use crate::outreach::{self, Office};
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::fields::Fields;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::{page as answer, see_other};
use crate::web::session::Staff;
use crate::web::show::address;
use crate::web::show::count::{count, counted};

/// Said after it was confirmed with numbers that are no longer so.
const CHANGED: &str = "The count changed while you looked. Nothing was imported: look at the numbers again.";

#[derive(Clone, serde::Deserialize)]
pub(super) struct Asked {
    /// Only rows rejected for this, or payments with this fate.
    pub(super) reason: Option<String>,
    /// Only rows after this line.
    pub(super) after: Option<i64>,
    /// Anything here: as many rejected rows as a page can hold.
    pub(super) all: Option<String>,
}

impl Asked {
    /// What a form carries of it.
    pub(super) fn of(fields: &Fields) -> Self {
        Self {
            reason: Some(fields.get("reason").to_owned()),
            after: fields.get("after").parse().ok(),
            all: Some(fields.get("all").to_owned()).filter(|all| !all.is_empty()),
        }
    }

    /// Why the rows that are asked for were rejected; empty: whatever for. Only a word of ours goes back into a page.
    pub(super) fn only(&self) -> &str {
        let mut ours = ["malformed", "bad_timestamp", "no_identity"].into_iter();
        let asked = |ours: &&str| Some(*ours) == self.reason.as_deref();
        ours.find(asked).unwrap_or_default()
    }

    /// Only rows after this line; 0: all.
    pub(super) fn after(&self) -> i64 {
        self.after.unwrap_or_default()
    }

    /// Rejected rows of a page.
    pub(super) const fn rows(&self) -> usize {
        match self.all {
            Some(_) => faults::ALL,
            None => faults::ROWS,
        }
    }

    /// Where that is shown of an import.
    pub(super) fn address(&self, here: &str) -> String {
        let all = if self.all.is_some() { "&all=yes" } else { "" };
        format!("{here}/check?reason={}&after={}{all}", self.only(), self.after())
    }
}

/// What is said on the page besides.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// It was confirmed with numbers that are no longer so.
    Changed,
    /// What was typed for some of its rows does not mend them.
    Wrong(Vec<Tried>),
}

/// The check of an import, or the report of one that counts.
pub(super) async fn show(
    staff: Staff,
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Error> {
    render(
        &staff,
        &office,
        path.into_inner(),
        asked.into_inner(),
        Said::Nothing,
    )
    .await
}

/// The same, after it was confirmed with numbers that are no longer so.
pub(super) async fn changed(
    staff: &Staff,
    office: &web::Data<Office>,
    path: (String, ImportId),
) -> Result<HttpResponse, Error> {
    let asked = Asked {
        reason: None,
        after: None,
        all: None,
    };
    render(staff, office, path, asked, Said::Changed).await
}

/// The check with what is said besides.
pub(super) async fn render(
    staff: &Staff,
    office: &web::Data<Office>,
    path: (String, ImportId),
    asked: Asked,
    said: Said,
) -> Result<HttpResponse, Error> {
    let (outage, import) = ask(office, move |office| import_of(office, &path)).await?;
    let here = href(&outage, import.id);
    let published = import.state() == ImportState::Published;
    let Some(report) = import
        .told()
        .filter(|_| published || import.state() == ImportState::Checked)
    else {
        return Ok(see_other(&here));
    };
    if let Some(found) = report.reconciled {
        return found::show(staff, office, (&outage, &import), (&report, &found), asked).await;
    }
    let found = ask(office, looked_up(&outage, &import, &asked)).await?;
    let (status, changed, tried) = match said {
        Said::Nothing => (StatusCode::OK, None, Vec::new()),
        Said::Changed => (StatusCode::CONFLICT, Some(CHANGED), Vec::new()),
        Said::Wrong(tried) => (StatusCode::UNPROCESSABLE_ENTITY, faults::gone(&tried), tried),
    };
    let page = CheckPage {
        chrome: frame(office, staff, &outage, Place::Imports).await?,
        base: address(&outage),
        summary: summary(&import.file_name, &report),
        how: how_read(&import, &report),
        published,
        bins: bins(&report),
        reasons: faults::reasons(&report, &here, asked.only()),
        next: faults::next(&found.faulty, &here, &asked),
        first: (asked.after() > 0).then(|| format!("{here}/check?reason={}", asked.only())),
        rejects: faults::rows(&import, &here, &asked, (&found.faulty, &tried)),
        show_all: faults::show_all(&report, &here, &asked),
        all: asked.all.is_some(),
        only: asked.only().to_owned(),
        after: asked.after(),
        phones: phones::rows(&found.phones, &here),
        sums: will_do::sums(&report, found.before),
        payments: will_do::payments(&report),
        odd: odd::told(&report),
        seen: will_do::shown(&report),
        changed,
        timeline: timeline::of(&report, &outage),
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
        confirm: will_do::button(&report, found.before),
        href: here,
    };
    Ok(answer(status, &page))
}

/// What the page shows besides the report.
struct LookedUp {
    faulty: Vec<Faulty>,
    phones: Vec<SharedPhone>,
    before: OutageCount,
}

fn looked_up(
    outage: &Outage,
    import: &Import,
    asked: &Asked,
) -> impl FnOnce(&Office) -> outreach::Result<LookedUp> + Send + 'static {
    let (outage, import, asked) = (outage.clone(), import.clone(), asked.clone());
    move |office| {
        let only = Some(asked.only()).filter(|only| !only.is_empty());
        let limit = i64::try_from(asked.rows() + 1).unwrap_or(i64::MAX);
        Ok(LookedUp {
            faulty: office.faulty_rows(&import, only, asked.after(), limit)?,
            phones: office.phones_to_check(&outage, &import, phones::SHOWN)?,
            before: office.held_before(&import)?,
        })
    }
}

/// The file, its rows, and how long that took.
pub(super) fn summary(file: &str, report: &Report) -> String {
    let rows = counted(number(report.rows), "row was", "rows were");
    format!("{file}: {rows} read in {:.1} seconds.", report.seconds)
}

/// How the file was understood.
pub(super) fn how_read(import: &Import, report: &Report) -> HowRead {
    let certainty = report.certainty.unwrap_or(Certainty::Sure);
    let of_field = |(name, header): (&String, &String)| {
        let field = name.parse().ok()?;
        Some((label(field), header.clone()))
    };
    HowRead {
        answers: given(import, report),
        remembered: import.read_by().is_some_and(|layout| layout.remembered),
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
        left_out_note: (report.left_out > 0).then_some(
            "Left out are refunds, and rows that count for nothing by their word or by an answer.",
        ),
        stay_out: (report.rejects() > 0).then(|| {
            let rows = counted(
                number(report.rejects()),
                "rejected row stays",
                "rejected rows stay",
            );
            format!("{rows} out and can be fixed later")
        }),
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
