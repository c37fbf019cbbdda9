//! Rejected rows, corrected by a person: each keeps what it was and what it became, and those that were
//! corrected come in as an import of their own. The first import's report keeps its numbers.

use super::{Hints, Import, ImportState, Received, Then, columns};
use crate::domain::header::NOTES;
use crate::domain::ids::{ImportId, UserId};
use crate::domain::reading::{Reading, Row};
use crate::domain::record::Record;
use crate::domain::timestamp::Timestamp;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::Layout;
use crate::store::import_rejects::{self, Correctable};
use crate::store::imports;

/// Longer rows, in bytes, are corrected in the file.
const LONGEST: usize = 8_000;

/// One rejected row on its way to be corrected.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Where the record starts in the file.
    pub line: i64,
    /// Why it was rejected.
    pub reason: String,
    /// The same in words.
    pub detail: String,
    /// Its cells, as corrected if they were; at least one for each column.
    pub cells: Vec<String>,
    /// A person has changed it.
    pub corrected: bool,
    /// What would still be wrong with it.
    pub wrong: Option<String>,
    /// The import that brought it in.
    pub taken_by: Option<ImportId>,
    /// It is too long to be corrected here.
    pub too_long: bool,
    /// It was set aside, by whom and when.
    pub aside: Option<(String, Timestamp)>,
}

/// What a person made of one rejected row.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// Its line.
    pub line: i64,
    /// Its cells.
    pub cells: Vec<String>,
    /// It is right as it stands, even if nothing was changed.
    pub take: bool,
}

impl Office {
    /// The rejected rows of an import that counts, after a line, as they stand in being corrected.
    ///
    /// # Errors
    /// The import does not count (yet).
    pub fn corrections(&self, id: ImportId, after_line: i64, limit: i64) -> Result<Vec<Correction>> {
        let import = self.counting(id)?;
        let layout = columns::kept(&import).ok_or(Error::NotFound("import"))?;
        self.db.read(|conn| {
            let book = Rulebook::open(conn, import.outage_id)?;
            let reading = columns::reading(&book, &layout, import.kind());
            let rows = import_rejects::correctable(conn, id, None, after_line, limit)?;
            let shown = |row: Correctable| {
                let cells = filled(row.cells(), layout.columns.len());
                Correction {
                    line: row.line,
                    too_long: row.record.len() > LONGEST,
                    corrected: row.corrected.is_some(),
                    wrong: wrong(&reading, &cells, row.line),
                    taken_by: row.taken_by(),
                    aside: row
                        .set_aside_at
                        .map(|at| (row.set_aside_by.clone().unwrap_or_default(), at)),
                    reason: row.reason,
                    detail: row.detail,
                    cells,
                }
            };
            Ok(rows.into_iter().map(shown).collect())
        })
    }

    /// Keeps what a person made of rejected rows. Card numbers are masked; a row that is as it was is
    /// not corrected.
    ///
    /// # Errors
    /// The import does not count.
    pub fn correct(&self, id: ImportId, rows: &[Corrected]) -> Result<()> {
        let import = self.counting(id)?;
        let width = import.headers().len();
        self.db.write(|conn| {
            for row in rows {
                let Some(before) = import_rejects::original(conn, id, row.line)? else {
                    continue;
                };
                let masked = Record::from_cells(0, row.cells.iter().map(String::as_str)).masked();
                let cells = filled(masked, width);
                let changed = !is_as_it_was(&cells, &filled(before, width));
                let json = serde_json::to_string(&cells).map_err(Error::internal)?;
                let kept = (changed || row.take).then_some(json);
                import_rejects::set_corrected(conn, id, row.line, kept.as_deref())?;
            }
            Ok(())
        })
    }

    /// Brings the corrected rows that are not in yet as an import of their own, and begins to read it.
    ///
    /// # Errors
    /// No row was corrected, or the import does not count.
    pub fn import_corrected(&self, id: ImportId, by: Option<UserId>) -> Result<ImportId> {
        let import = self.counting(id)?;
        let first = columns::kept(&import).ok_or(Error::NotFound("import"))?;
        let rows = self.readable(&import, &first)?;
        let file = written(&first, &rows)?;
        let name = format!("corrected rows of {}", import.file_name);
        let taken = match self.receive(import.outage_id, import.kind(), &name, by, file.as_slice())? {
            Received::Already(taken) => return Ok(taken),
            Received::New(taken) => taken,
        };
        self.keep_layout(taken, &first.of_corrected())?;
        let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
        self.db.write(|conn| {
            imports::set_corrects(conn, taken, id)?;
            import_rejects::set_taken(conn, id, &lines, taken)
        })?;
        self.start_import(taken, Hints::default(), Then::Check)?;
        Ok(taken)
    }

    /// The corrected rows that are not in yet and can be read now. One that still cannot stays where it is corrected: as a
    /// rejected row of another import it would look as if it were in.
    fn readable(&self, import: &Import, layout: &Layout) -> Result<Vec<Correctable>> {
        let (book, mut rows) = self.db.read(|conn| -> Result<_> {
            let rows = import_rejects::to_be_taken(conn, import.id)?;
            Ok((Rulebook::open(conn, import.outage_id)?, rows))
        })?;
        if rows.is_empty() {
            let message = "No row was corrected yet. Change one, or tick that it is right.";
            return Err(Error::invalid("rows", message));
        }
        let reading = columns::reading(&book, layout, import.kind());
        rows.retain(|row| {
            let cells = filled(row.cells(), layout.columns.len());
            wrong(&reading, &cells, row.line).is_none()
        });
        if rows.is_empty() {
            let message = "None of the corrected rows can be read yet. What is wrong stands beside each.";
            return Err(Error::invalid("rows", message));
        }
        Ok(rows)
    }

    fn counting(&self, id: ImportId) -> Result<Import> {
        let import = self.import(id)?;
        match import.state() {
            ImportState::Published => Ok(import),
            _ => Err(Error::Conflict(
                "Confirm this import first; then its rejected rows can be corrected.".into(),
            )),
        }
    }
}

/// What is wrong with a row as it stands, if anything is.
pub(super) fn wrong(reading: &Reading, cells: &[String], line: i64) -> Option<String> {
    let record = Record::from_cells(line.unsigned_abs(), cells.iter().map(String::as_str));
    match reading.read(&record).row {
        Row::Rejected(wrong) => Some(wrong.to_string()),
        Row::Unknown(value) => Some(format!("nobody knows what the status {value:?} means")),
        Row::Failed(_) | Row::Paid(_) | Row::Refunded(_) | Row::LeftOut => None,
    }
}

/// The cells with at least one for each column, and without empty ones beyond.
pub(super) fn filled(mut cells: Vec<String>, width: usize) -> Vec<String> {
    while cells.len() > width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    if cells.len() < width {
        cells.resize(width, String::new());
    }
    cells
}

/// Whether two rows say the same: a browser trims cells and has line ends of its own.
fn is_as_it_was(now: &[String], before: &[String]) -> bool {
    let plain = |cell: &String| cell.trim().replace("\r\n", "\n");
    now.iter().map(plain).eq(before.iter().map(plain))
}

/// The rows as a file: line and reason in front, as in the one that can be downloaded.
fn written(first: &Layout, rows: &[Correctable]) -> Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let headers = first.columns.iter().map(|column| column.header.as_str());
    csv.write_record(NOTES.into_iter().chain(headers))
        .map_err(Error::internal)?;
    for row in rows {
        let (line, cells) = (row.line.to_string(), row.cells());
        let notes = [line.as_str(), row.reason.as_str()].into_iter();
        csv.write_record(notes.chain(cells.iter().map(String::as_str)))
            .map_err(Error::internal)?;
    }
    csv.into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}
