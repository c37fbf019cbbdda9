//! The records of an inspected file.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, UTF_8};

use super::Error;
use super::delimited::Delimited;
use super::layout::{Format, Layout};
use super::text::Text;
use super::workbook::Rows;
use crate::domain::record::Record;

/// Reads the records below the header, in order. Blank ones are none. An error ends the file.
pub fn records<R: Read + Seek + Send + 'static>(mut source: R, layout: &Layout) -> Result<Records<R>, Error> {
    source.seek(SeekFrom::Start(0))?;
    let width = layout.columns.len();
    let table = match &layout.format {
        Format::Delimited { encoding, dialect } => {
            let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
            let mut lines = Delimited::new(Text::new(source, encoding), *dialect);
            lines.skip_to_line(layout.first_line)?;
            lines.expect(width, layout.trailing_delimiter);
            lines.name(layout.columns.iter().map(|column| column.header.clone()));
            Table::Delimited(Box::new(lines))
        }
        Format::Workbook { sheet, .. } => Table::Workbook(
            Rows::start(source, sheet.clone())?,
            Bounds {
                first_line: layout.first_line,
                width,
            },
        ),
    };
    Ok(Records { table, ended: false })
}

/// An iterator over records.
pub struct Records<R> {
    table: Table<R>,
    ended: bool,
}

enum Table<R> {
    Delimited(Box<Delimited<R>>),
    Workbook(Rows, Bounds),
}

struct Bounds {
    first_line: u64,
    width: usize,
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.table.next();
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

impl<R: Read> Table<R> {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        match self {
            Self::Delimited(lines) => {
                let mut record = Record::new(0);
                Ok(lines.read(&mut record)?.then_some(record))
            }
            Self::Workbook(rows, bounds) => {
                while let Some(row) = rows.next()? {
                    if row.line() >= bounds.first_line {
                        return Ok(Some(bounds.fit(row)));
                    }
                }
                Ok(None)
            }
        }
    }
}

impl Bounds {
    /// A sheet does not say how wide a row is: cells that are not there are empty, empty cells beyond the
    /// header are not there.
    fn fit(&self, mut row: Record) -> Record {
        while row.len() < self.width {
            row.end_cell();
        }
        while row.len() > self.width && row.get(row.len() - 1).is_some_and(|cell| cell.trim().is_empty()) {
            row.pop();
        }
        row
    }
}
