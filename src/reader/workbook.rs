//! XLSX, cell by cell: a range of a whole sheet would be as large as its farthest cell says.

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use super::limits::{FIELDS, SHEETS};
use super::{Error, package};
use crate::domain::record::{Flaw, Record};

/// The first rows of a sheet.
pub(super) struct Head {
    pub sheet: String,
    pub rows: Vec<Record>,
}

/// Rows that travel together from the thread that reads the sheet.
const BATCH: usize = 256;
/// Batches that may wait.
const WAITING: usize = 8;

/// The first rows of every visible sheet, and whether serial dates count from 1904.
pub(super) fn heads(source: &mut (impl Read + Seek), rows: usize) -> Result<(Vec<Head>, bool), Error> {
    let package = package::check(source)?;
    let heads = sheltered(|| {
        let mut workbook = open(source)?;
        let sheets = sheets(&workbook);
        let mut heads = Vec::with_capacity(sheets.len());
        for sheet in sheets {
            let mut head = Head {
                sheet,
                rows: Vec::new(),
            };
            each_row(&mut workbook, &head.sheet, |row| {
                head.rows.push(row);
                head.rows.len() < rows
            })?;
            heads.push(head);
        }
        Ok(heads)
    })?;
    Ok((heads, package.since_1904))
}

/// All rows of a sheet, read by a thread of their own a few batches ahead.
pub(super) struct Rows {
    batches: Receiver<Batch>,
    current: std::vec::IntoIter<Record>,
    ended: bool,
}

enum Batch {
    Rows(Vec<Record>),
    End,
    Failed(Error),
}

impl Rows {
    pub(super) fn start<R: Read + Seek + Send + 'static>(
        mut source: R,
        sheet: String,
    ) -> Result<Self, Error> {
        package::check(&mut source)?;
        let (sender, batches) = sync_channel(WAITING);
        thread::Builder::new()
            .name("workbook".to_owned())
            .spawn(move || send_rows(source, &sheet, &sender))?;
        Ok(Self {
            batches,
            current: Vec::new().into_iter(),
            ended: false,
        })
    }

    /// The next row that is not blank.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Error> {
        loop {
            if let Some(row) = self.current.next() {
                return Ok(Some(row));
            }
            if self.ended {
                return Ok(None);
            }
            match self.batches.recv() {
                Ok(Batch::Rows(rows)) => self.current = rows.into_iter(),
                Ok(Batch::End) => self.ended = true,
                Ok(Batch::Failed(error)) => {
                    self.ended = true;
                    return Err(error);
                }
                Err(_) => {
                    self.ended = true;
                    return Err(Error::BrokenWorkbook);
                }
            }
        }
    }
}

/// Sending fails when nobody listens any more: then the rest is not wanted.
fn send_rows(source: impl Read + Seek, sheet: &str, sender: &SyncSender<Batch>) {
    let read = sheltered(|| {
        let mut batch = Vec::with_capacity(BATCH);
        each_row(&mut open(source)?, sheet, |row| {
            batch.push(row);
            batch.len() < BATCH || sender.send(Batch::Rows(std::mem::take(&mut batch))).is_ok()
        })?;
        Ok(batch)
    });
    let last = match read {
        Ok(batch) => sender
            .send(Batch::Rows(batch))
            .and_then(|()| sender.send(Batch::End)),
        Err(error) => sender.send(Batch::Failed(error)),
    };
    drop(last);
}

/// A panic of the parser on a hostile file is an error like any other.
fn sheltered<T>(parse: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or(Err(Error::BrokenWorkbook))
}

fn open<R: Read + Seek>(source: R) -> Result<Xlsx<R>, Error> {
    Xlsx::new(source).map_err(|_| Error::BrokenWorkbook)
}

fn sheets<R: Read + Seek>(workbook: &Xlsx<R>) -> Vec<String> {
    let shown = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    shown.map(|sheet| sheet.name.clone()).take(SHEETS).collect()
}

/// Calls back with every row that is not blank, until it says no. Cells out of order are an error: they
/// would end up in another's column, or twice on one line.
fn each_row<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    mut with: impl FnMut(Record) -> bool,
) -> Result<(), Error> {
    let mut cells = workbook
        .worksheet_cells_reader(sheet)
        .map_err(|_| Error::NoSuchSheet(sheet.to_owned()))?;
    let (mut row, mut last) = (Record::new(0), None);
    while let Some(cell) = cells.next_cell().map_err(|_| Error::BrokenWorkbook)? {
        let at = cell.get_position();
        if last.replace(at).is_some_and(|last| last >= at) {
            return Err(Error::BrokenWorkbook);
        }
        let (line, column) = (u64::from(at.0) + 1, at.1 as usize);
        if line != row.line() {
            let whole = std::mem::replace(&mut row, Record::new(line));
            if !whole.is_blank() && !with(whole) {
                return Ok(());
            }
        }
        place(&mut row, column, cell.get_value());
    }
    if !row.is_blank() {
        with(row);
    }
    Ok(())
}

/// Puts a cell into its column; the columns before it that have none are empty.
fn place(row: &mut Record, column: usize, value: &DataRef<'_>) {
    if matches!(value, DataRef::Empty) {
        return;
    }
    if column >= FIELDS {
        row.mark(Flaw::TooManyFields);
        return;
    }
    while row.len() < column {
        row.end_cell();
    }
    match value {
        DataRef::String(text) => row.push(text),
        DataRef::SharedString(text) => row.push(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text),
        DataRef::Int(number) => row.push(&number.to_string()),
        DataRef::Float(number) => row.push(&number_text(*number)),
        DataRef::Bool(yes) => row.push(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => row.push(&moment_text(moment)),
        DataRef::Error(error) => row.push(&error.to_string()),
        DataRef::Empty => {}
    }
}

/// Numbers as they were typed: ids and phones are whole numbers without a decimal point.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e18 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// A date cell as local date and time, to the millisecond.
fn moment_text(moment: &ExcelDateTime) -> String {
    match moment.as_datetime().filter(|_| moment.is_datetime()) {
        Some(local) => local.format("%Y-%m-%dT%H:%M:%S%.3f").to_string(),
        None => number_text(moment.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_typed() {
        assert_eq!(number_text(3_035_550_142.0), "3035550142");
        assert_eq!(number_text(4_111_111_111_111_110.0), "4111111111111110");
        assert_eq!(number_text(1234.56), "1234.56");
        assert_eq!(number_text(46_127.778_531_481_5), "46127.7785314815");
    }

    #[test]
    fn a_far_cell_costs_nothing() {
        let mut row = Record::new(1);
        place(&mut row, 16_383, &DataRef::Int(1));
        assert_eq!((row.len(), row.flaw()), (0, Some(Flaw::TooManyFields)));
        place(&mut row, 2, &DataRef::Int(1));
        assert_eq!(row.cells().collect::<Vec<_>>(), ["", "", "1"]);
    }
}
