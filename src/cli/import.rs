//! `makegood import` and `makegood reconcile`

use super::{Answer, Result};
use crate::outreach::Office;
use crate::outreach::import::{Hints, ImportKind, ImportOptions, Progress, Reconciled, Report, Status};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Import {
    /// The outage's short name
    #[arg(long)]
    outage: String,
    /// CSV or XLSX
    file: PathBuf,
    /// Read and report only
    #[arg(long)]
    dry_run: bool,
    /// The file has no header and these columns; _ is ignored
    #[arg(long, value_name = "A,B,…")]
    columns: Option<String>,
    /// Read a field from the column with this header; several times for several
    #[arg(long, value_name = "FIELD=HEADER")]
    map: Vec<String>,
    /// Times that carry no zone are in this one: America/Denver, UTC, UTC-07:00
    #[arg(long, value_name = "ZONE")]
    times_in: Option<String>,
    /// This value of the status means failed; several times for several
    #[arg(long, value_name = "VALUE")]
    failed: Vec<String>,
    /// This value of the status means paid
    #[arg(long, value_name = "VALUE")]
    paid: Vec<String>,
    /// This value of the status means paid and refunded
    #[arg(long, value_name = "VALUE")]
    refunded: Vec<String>,
    /// Rows with this value of the status count for nothing
    #[arg(long, value_name = "VALUE")]
    leave_out: Vec<String>,
    /// Rows with any other value of the status that nobody knows count for nothing
    #[arg(long)]
    leave_out_others: bool,
    /// In the column with this header the day stands before the month
    #[arg(long, value_name = "HEADER")]
    day_first: Vec<String>,
    /// In the column with this header the month stands before the day
    #[arg(long, value_name = "HEADER")]
    month_first: Vec<String>,
    /// In the column with this header a comma stands before the cents
    #[arg(long, value_name = "HEADER")]
    decimal_comma: Vec<String>,
    /// In the column with this header a point stands before the cents
    #[arg(long, value_name = "HEADER")]
    decimal_point: Vec<String>,
    /// Do not read the column with this header
    #[arg(long, value_name = "HEADER")]
    ignore: Vec<String>,
    /// Take what would be asked as it is proposed, and list it
    #[arg(long)]
    accept_guesses: bool,
    /// The sheet of a workbook
    #[arg(long)]
    sheet: Option<String>,
    /// Write the rejected rows here, with line and reason
    #[arg(long, value_name = "OUT.csv")]
    rejects: Option<PathBuf>,
}

impl Import {
    pub fn run(self, office: &Office, json: bool, kind: ImportKind) -> Result<Answer> {
        let outage = office.outage_named(&self.outage)?;
        let options = ImportOptions {
            kind,
            hints: Hints {
                columns: self.columns,
                map: self.map,
                sheet: self.sheet,
                times_in: self.times_in,
                failed: self.failed,
                paid: self.paid,
                refunded: self.refunded,
                leave_out: self.leave_out,
                leave_out_others: self.leave_out_others,
                day_first: self.day_first,
                month_first: self.month_first,
                decimal_comma: self.decimal_comma,
                decimal_point: self.decimal_point,
                ignore: self.ignore,
                accept_guesses: self.accept_guesses,
                ..Hints::default()
            },
            dry_run: self.dry_run,
            rejects: self.rejects,
            by: None,
        };
        let bar = bar(json);
        let mut watch = |progress: &Progress| {
            bar.set_length(progress.size_bytes);
            bar.set_position(progress.bytes_read);
            bar.set_message(progress.phase.as_str());
        };
        let report = office.import_file(outage.id, &self.file, &options, &mut watch);
        bar.finish_and_clear();
        let report = report?;
        let done = !matches!(report.status, Status::Refused | Status::NeedsAnswers);
        if !done {
            eprintln!("makegood: {}", told(&report));
        }
        Ok(Answer {
            text: if done { told(&report) } else { String::new() },
            json: report.json(),
            done,
        })
    }
}

/// On stderr, and only where a person looks (indicatif draws nothing elsewhere).
fn bar(json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {bytes}/{total_bytes}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn told(report: &Report) -> String {
    let head = match report.status {
        Status::Applied if report.reconciled.is_some() => "Reconciled",
        Status::Applied => "Imported",
        Status::DryRun | Status::Checked => "Nothing was changed; this would be imported",
        Status::AlreadyImported => "This very file counts already; nothing was changed",
        Status::Refused => {
            let reason = report.reason.as_deref().unwrap_or("it cannot be read");
            return format!("{} was refused: {reason}", report.file);
        }
        Status::NeedsAnswers => return asked(report),
    };
    let body = match &report.reconciled {
        Some(found) => reconciled(head, report, found),
        None => imported(head, report),
    };
    body + &how_read(report)
}

/// What was understood of the file, and what a person should look at.
fn how_read(report: &Report) -> String {
    if report.read_as.is_empty() {
        return String::new();
    }
    let certainty = report.certainty.map_or("", |certainty| certainty.as_str());
    let times = report.times.as_ref().map_or_else(String::new, |times| {
        format!(
            "\nFrom {} to {}; the outage was from {} to {} ({})",
            times.first, times.last, times.window_start, times.window_end, times.zone
        )
    });
    let settled: String = report
        .settled
        .iter()
        .map(|settled| format!("\n  {}: {}", settled.column, settled.why))
        .collect();
    let guesses: String = report
        .guesses
        .iter()
        .map(|guess| format!("\n  ? {} Taken: {} ({})", guess.why, guess.proposed, guess.flag))
        .collect();
    let columns = report
        .columns
        .iter()
        .map(|(field, header)| format!("{field}={header}"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let doubts: String = report
        .doubts
        .iter()
        .map(|doubt| format!("\n  ! {doubt}"))
        .collect();
    format!(
        "{times}\nRead as {} ({certainty}): {columns}{settled}{doubts}{guesses}",
        report.read_as
    )
}

/// What has to be answered, each with the flags to choose from; the proposed one is marked.
fn asked(report: &Report) -> String {
    let mut told = format!(
        "{} was not imported: it does not say everything. Answer with these flags:",
        report.file
    );
    for question in &report.questions {
        told.push_str(&format!("\n\n{}", question.why));
        for choice in &question.choices {
            let mark = if choice.answer == question.proposed {
                '*'
            } else {
                ' '
            };
            told.push_str(&format!(
                "\n {mark} {}  ({}: {})",
                choice.flag, choice.answer, choice.consequence
            ));
        }
    }
    let flags: Vec<&str> = report
        .questions
        .iter()
        .map(|question| question.flag.as_str())
        .collect();
    told.push_str(&format!("\n\nAs proposed: {}", flags.join(" ")));
    told
}

fn imported(head: &str, report: &Report) -> String {
    let rejected = report.rejects();
    let outside = report.outside_window.before + report.outside_window.after;
    let paid = match report.succeeded + report.left_out {
        0 => String::new(),
        _ => format!(
            "succeeded {} (they pay for {} citizens), left out {}, ",
            report.succeeded, report.citizens_paid, report.left_out
        ),
    };
    format!(
        "{head}: {} rows of {}\n  accepted {}, outside the window {outside} ({} before, {} after), {paid}duplicates {}, \
         rejected {rejected} ({} malformed, {} without a readable time, {} without an identity)\n\
         The outage now: {} citizens, {} households to call, {} with e-mail only, {} unreachable",
        report.rows,
        report.file,
        report.accepted,
        report.outside_window.before,
        report.outside_window.after,
        report.duplicates,
        report.rejected.malformed,
        report.rejected.bad_timestamp,
        report.rejected.no_identity,
        report.outage.citizens,
        report.outage.households,
        report.outage.citizens_email_only,
        report.outage.citizens_unreachable,
    )
}

fn reconciled(head: &str, report: &Report, found: &Reconciled) -> String {
    format!(
        "{head}: {} rows of {}\n  matched {} (by account {}, e-mail {}, phone and name {}), too early {}, \
         ambiguous {}, unmatched {}, left out {}, duplicates {}, rejected {}\n\
         {} citizens have paid, {} cases open again. Still unpaid: {} citizens, {} of them to call in {} households, \
         {} with e-mail only, {} unreachable",
        report.rows,
        report.file,
        found.matched_by.sum(),
        found.matched_by.account,
        found.matched_by.email,
        found.matched_by.phone_name,
        found.too_early,
        found.ambiguous,
        found.unmatched,
        report.left_out,
        report.duplicates,
        report.rejects(),
        found.citizens_paid,
        report.reopened,
        found.outage.citizens_unpaid,
        found.outage.citizens_to_call,
        found.outage.households_to_call,
        found.outage.citizens_email_only,
        found.outage.citizens_unreachable,
    )
}
