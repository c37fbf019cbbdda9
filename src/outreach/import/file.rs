//! All of it at once, for the command line: a file of this machine, read where it lies.

use super::away::WhenAway;
use super::sealed::Upload;
use super::upload::{Received, fingerprint};
use super::{ImportKind, ImportOptions, ImportState, Progress, Report, Status, reconciled};
use crate::domain::ids::{ImportId, OutageId};
use crate::outreach::{Error, Office, Result};
use crate::store::{imports, outages};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Rejected rows read at once.
const PAGE: i64 = 500;

impl Office {
    /// Imports a file of this machine. `watch` is told how far it is, many times a second.
    ///
    /// # Errors
    /// The file cannot be opened, an option names nothing there is, writing failed. A file that cannot
    /// be understood is no error: its report is `refused`.
    pub fn import_file(
        &self,
        outage: OutageId,
        path: &Path,
        options: &ImportOptions,
        watch: &mut dyn FnMut(&Progress),
    ) -> Result<Report> {
        self.db
            .read(|conn| outages::find(conn, outage))?
            .ok_or(Error::NotFound("outage"))?;
        let open = || match File::open(path) {
            Ok(file) => Ok(Upload::Plain(file)),
            Err(error) => Err(unreadable(path, &error)),
        };
        let print = fingerprint(&mut open()?, u64::MAX, &mut |_| Ok(()))?;
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy())
            .unwrap_or_default();
        loop {
            let id = match self.register(outage, options.kind, &name, options.by, &print)? {
                Received::Already(id) => return self.already_imported(id, &name),
                Received::New(id) => id,
            };
            match self.stage_accepting(id, &open, (&options.hints, WhenAway::GiveUp), watch) {
                Err(error) if self.is_overtaken(id)? => {
                    self.discard_import(id)?;
                    tracing::debug!(import = id, %error, "overtaken by another import");
                }
                Err(error) => return Err(error),
                Ok(report) => return self.conclude(report, options),
            }
        }
    }

    /// Whether another import was published since this one was registered, so that it needs a new number.
    fn is_overtaken(&self, id: ImportId) -> Result<bool> {
        let import = self.import(id)?;
        let outage = self.db.read(|conn| outages::find(conn, import.outage_id))?;
        let published = outage.map_or(0, |outage| outage.published_import_id);
        let failed = import.kind() == ImportKind::Failed;
        Ok(failed && import.state() == ImportState::Received && id < published)
    }

    fn conclude(&self, mut report: Report, options: &ImportOptions) -> Result<Report> {
        let id = report.import;
        if let Some(path) = &options.rejects {
            self.write_rejects(id, File::create(path).map_err(|error| unreadable(path, &error))?)?;
        }
        if report.status == Status::Refused {
            return Ok(report);
        }
        if report.status == Status::NeedsAnswers {
            self.db.write(|conn| imports::forget(conn, id))?;
            self.remove_upload(id);
            return Ok(report);
        }
        if options.dry_run {
            report.status = Status::DryRun;
            self.discard_import(id)?;
            return Ok(report);
        }
        let seconds = report.seconds;
        let began = std::time::Instant::now();
        let mut published = self.publish_import(id)?;
        published.seconds = seconds + began.elapsed().as_secs_f64();
        Ok(published)
    }

    /// The report of a file that counts already: every row that could be a duplicate is one.
    pub fn already_imported(&self, id: ImportId, name: &str) -> Result<Report> {
        let import = self.import(id)?;
        let first = import.told().unwrap_or_else(|| Report::empty(id, name));
        let (outage, reconciled) = self.db.read(|conn| {
            let outage = super::stage::outage_count(conn, import.outage_id)?;
            Ok::<_, Error>((outage, reconciled::nothing_new(conn, &import)?))
        })?;
        Ok(Report {
            status: Status::AlreadyImported,
            import: id,
            rows: first.rows,
            duplicates: first.rows.saturating_sub(first.rejects() + first.left_out),
            left_out: first.left_out,
            rejected: first.rejected,
            card_numbers: first.card_numbers,
            outage,
            reconciled,
            ..Report::empty(id, name)
        })
    }

    /// Writes the rejected rows as CSV: line and reason, then the cells as they were, card numbers
    /// masked. Corrected, it can be imported again.
    pub fn write_rejects(&self, id: ImportId, out: impl Write) -> Result<()> {
        let import = self.import(id)?;
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(out);
        csv.write_record(
            ["line", "reason"]
                .into_iter()
                .chain(import.headers().iter().map(String::as_str)),
        )
        .map_err(Error::internal)?;
        let mut after = 0;
        loop {
            let page = self.import_rejects(id, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.line;
            for reject in &page {
                let (line, cells) = (reject.line.to_string(), reject.cells());
                let row = [line.as_str(), reject.reason.as_str()];
                csv.write_record(row.into_iter().chain(cells.iter().map(String::as_str)))
                    .map_err(Error::internal)?;
            }
        }
        Ok(csv.flush()?)
    }
}

impl super::Import {
    /// The headers of its columns; empty before the file was looked at.
    pub fn headers(&self) -> Vec<String> {
        let layout: Option<crate::reader::Layout> = self
            .layout
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok());
        layout
            .map(|layout| layout.columns.into_iter().map(|column| column.header).collect())
            .unwrap_or_default()
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::invalid("file", format!("{}: {error}.", path.display()))
}
