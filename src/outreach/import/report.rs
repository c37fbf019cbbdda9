//! What an import is told, what it tells on its way, and its report.

use super::reconciled::Reconciled;
use crate::domain::field::Field;
use crate::domain::ids::{ImportId, UserId};
use crate::domain::import::{ImportKind, ImportPhase};
use crate::domain::text_enum::text_enum;
use crate::domain::timeline::Timeline;
use crate::reader::{Certainty, Question, Settled};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

text_enum! {
    /// How an import ended.
    pub enum Status {
        /// It counts.
        Applied = "applied",
        /// It was read and thrown away; the outage's numbers are as if it counted.
        DryRun = "dry_run",
        /// It is read and waits for a person's yes; the outage's numbers are as if it counted.
        Checked = "checked",
        /// This very file counts already. Nothing changed.
        AlreadyImported = "already_imported",
        /// It cannot be read.
        Refused = "refused",
        /// A person has to answer its questions first. Nothing changed.
        NeedsAnswers = "needs_answers",
    }
}

/// How a file is to be read, in the words of the command line. Whatever is not said is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// `a,b,_`: the file has no header, these are its columns, `_` is not read.
    pub columns: Option<String>,
    /// `field=HEADER`, each.
    pub map: Vec<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// What a person chose for each column on the page.
    pub chosen: Option<Vec<Option<Field>>>,
    /// The zone of times that carry none.
    pub times_in: Option<String>,
    /// Values of the status that mean failed, paid, refunded, nothing.
    pub failed: Vec<String>,
    /// The same.
    pub paid: Vec<String>,
    /// The same.
    pub refunded: Vec<String>,
    /// The same.
    pub leave_out: Vec<String>,
    /// Values of the status that nobody named and nobody knows mean nothing.
    pub leave_out_others: bool,
    /// Headers of columns in which the day stands first.
    pub day_first: Vec<String>,
    /// Headers of columns in which the month stands first.
    pub month_first: Vec<String>,
    /// Headers of columns in which a comma stands before the cents.
    pub decimal_comma: Vec<String>,
    /// Headers of columns in which a point stands before the cents.
    pub decimal_point: Vec<String>,
    /// Headers of columns that are not read.
    pub ignore: Vec<String>,
    /// What would be asked is taken as it is proposed.
    pub accept_guesses: bool,
    /// Flags that were taken so while the file was read; nobody's word.
    pub taken: Vec<String>,
}

/// How a file on this machine is imported.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// What its records are.
    pub kind: ImportKind,
    /// How it is to be read.
    pub hints: Hints,
    /// Read, report and throw away.
    pub dry_run: bool,
    /// Who imports; none: the command line.
    pub by: Option<UserId>,
    /// Where the rejected rows go.
    pub rejects: Option<PathBuf>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            kind: ImportKind::Failed,
            hints: Hints::default(),
            dry_run: false,
            by: None,
            rejects: None,
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What it does now.
    pub phase: ImportPhase,
    /// Of the file.
    pub bytes_read: u64,
    /// Size of the file.
    pub size_bytes: u64,
    /// Records read.
    pub rows_read: u64,
}

/// The report of an import of failed payments; its JSON is the contract's. The bins (accepted, succeeded, left out,
/// outside the window, duplicates, rejected, mended) add up to `rows`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How it ended.
    pub status: Status,
    /// Its number; of a file that counts already, the number under which it does.
    pub import: ImportId,
    /// The file's name.
    pub file: String,
    /// Records of the file.
    pub rows: u64,
    /// Records that count.
    pub accepted: u64,
    /// Records that say they were paid.
    #[serde(default)]
    pub succeeded: u64,
    /// Records that count for nothing: refunds, declines of a reconciliation, and what a person or the export left out.
    #[serde(default)]
    pub left_out: u64,
    /// Of these the rows whose status nobody knows and that a person left out together, by that status; those of statuses that
    /// are too many to name stand under the empty one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out_as: BTreeMap<String, u64>,
    /// Citizens whom the file found to have paid.
    #[serde(default)]
    pub citizens_paid: u64,
    /// Citizens whose case opens again, for their money went back.
    #[serde(default)]
    pub reopened: u64,
    /// Citizens of it of whom two payments of one amount stand.
    #[serde(default)]
    pub paid_twice: u64,
    /// Citizens of it of whose payment a part went back. They stay closed as paid.
    #[serde(default)]
    pub refunded_in_part: u64,
    /// Records outside the window.
    pub outside_window: OutsideWindow,
    /// Records that were there already.
    pub duplicates: u64,
    /// Records that could not be taken.
    pub rejected: Rejected,
    /// Records that were rejected and have come in since, mended, as an import of their own. They are in no other bin.
    #[serde(default)]
    pub mended: u64,
    /// Of the rejected ones those that a supervisor set aside: nobody will mend them.
    #[serde(default)]
    pub set_aside: u64,
    /// Oddities of accepted records.
    pub warnings: BTreeMap<String, u64>,
    /// Cells in which a card number was masked.
    pub card_numbers: u64,
    /// How long it took.
    pub seconds: f64,
    /// The state of the outage after it.
    pub outage: OutageCount,
    /// Records of earlier imports that are now another citizen's.
    #[serde(default)]
    pub moved: u64,
    /// How the file was read: `comma, UTF-8, header in line 1`.
    #[serde(default)]
    pub read_as: String,
    /// How sure that is; nothing while it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    /// Each field that was read and the header of its column.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What was decided in reading it and may be wrong.
    #[serde(default)]
    pub doubts: Vec<String>,
    /// The export that it is, if its header is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// What was found out, and why it is sure.
    #[serde(default)]
    pub settled: Vec<Settled>,
    /// What a person has to answer before it is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What was taken as it was proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guesses: Vec<Question>,
    /// The first and the last time in it, and the window beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// Its payments by time, beside the window: failures that were not there already, and all that say they were paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// What became of the records that say they were paid; nothing where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<Reconciled>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What a reconciliation found; nothing for a file of failed payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled: Option<Reconciled>,
}

/// When the records of a file were, on the clocks of the outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// The first, as `2026-11-24 18:42:10`.
    pub first: String,
    /// The last.
    pub last: String,
    /// The first instant of the window.
    pub window_start: String,
    /// Its end, which is not in it.
    pub window_end: String,
    /// The zone of all of them.
    pub zone: String,
}

/// Records outside the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideWindow {
    /// Before its start.
    pub before: u64,
    /// At its end or after it.
    pub after: u64,
}

/// Records that could not be taken, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Wrong number of fields, or cells that cannot be told apart.
    pub malformed: u64,
    /// No timestamp that can be read.
    pub bad_timestamp: u64,
    /// Nothing to know a citizen by.
    pub no_identity: u64,
}

/// How many people an outage has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageCount {
    /// Affected citizens.
    pub citizens: i64,
    /// Phones to call: one call each.
    pub households: i64,
    /// Citizens with a phone.
    pub citizens_with_phone: i64,
    /// Citizens with an e-mail address only.
    pub citizens_email_only: i64,
    /// Citizens with neither.
    pub citizens_unreachable: i64,
}

impl Report {
    /// The report before anything was read.
    pub fn empty(import: ImportId, file: &str) -> Self {
        Self {
            status: Status::Checked,
            import,
            file: file.to_owned(),
            rows: 0,
            accepted: 0,
            succeeded: 0,
            left_out: 0,
            left_out_as: BTreeMap::new(),
            citizens_paid: 0,
            reopened: 0,
            paid_twice: 0,
            refunded_in_part: 0,
            outside_window: OutsideWindow::default(),
            duplicates: 0,
            rejected: Rejected::default(),
            mended: 0,
            set_aside: 0,
            warnings: BTreeMap::new(),
            card_numbers: 0,
            seconds: 0.0,
            outage: OutageCount::default(),
            moved: 0,
            read_as: String::new(),
            certainty: None,
            columns: BTreeMap::new(),
            doubts: Vec::new(),
            known: None,
            settled: Vec::new(),
            questions: Vec::new(),
            guesses: Vec::new(),
            times: None,
            timeline: None,
            payments: None,
            reason: None,
            reconciled: None,
        }
    }

    /// Records outside the window.
    pub const fn outside(&self) -> u64 {
        self.outside_window.before + self.outside_window.after
    }

    /// Records that could not be taken and that somebody has still to look at.
    pub const fn to_mend(&self) -> u64 {
        self.rejects().saturating_sub(self.set_aside)
    }

    /// Records that could not be taken.
    pub const fn rejects(&self) -> u64 {
        self.rejected.malformed + self.rejected.bad_timestamp + self.rejected.no_identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_the_keys_of_the_contract() {
        let json = serde_json::to_value(Report::empty(1, "small.csv")).unwrap();
        for key in [
            "status",
            "import",
            "file",
            "rows",
            "accepted",
            "outside_window",
            "duplicates",
            "rejected",
            "warnings",
            "card_numbers",
            "seconds",
            "outage",
            "succeeded",
            "left_out",
            "citizens_paid",
            "mended",
            "set_aside",
        ] {
            assert!(json.get(key).is_some(), "{key}");
        }
        assert!(json.get("reason").is_none());
        assert_eq!(json["outage"]["citizens_email_only"], 0);
    }
}
