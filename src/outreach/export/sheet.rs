//! Writes rows as CSV, as a workbook or as NDJSON.

use super::Format;
use super::workbook::Book;
use crate::domain::spreadsheet;
use crate::outreach::{Error, Result};
use serde_json::{Map, Value};
use std::io::Write;

enum Writer<'a> {
    Csv(Box<csv::Writer<&'a mut (dyn Write + Send)>>),
    Xlsx(Box<Book>, &'a mut (dyn Write + Send)),
    Ndjson(&'a mut (dyn Write + Send)),
}

/// One export under way.
pub(super) struct Sheet<'a> {
    writer: Writer<'a>,
    columns: &'static [&'static str],
    rows: u64,
}

impl<'a> Sheet<'a> {
    /// Begins, with the names of the columns where the format has a place for them.
    pub fn new(
        format: Format,
        columns: &'static [&'static str],
        out: &'a mut (dyn Write + Send),
    ) -> Result<Self> {
        let writer = match format {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(columns).map_err(failed)?;
                Writer::Csv(Box::new(csv))
            }
            Format::Xlsx => Writer::Xlsx(Box::new(Book::new(columns)?), out),
            Format::Ndjson => Writer::Ndjson(out),
        };
        Ok(Self {
            writer,
            columns,
            rows: 0,
        })
    }

    /// One row, in the order of the columns.
    pub fn row(&mut self, cells: &[Value]) -> Result<()> {
        self.rows += 1;
        match &mut self.writer {
            Writer::Csv(csv) => {
                let texts = cells.iter().map(text);
                let safe = texts.map(|cell| spreadsheet::as_text(&cell).into_owned());
                csv.write_record(safe.collect::<Vec<_>>()).map_err(failed)
            }
            Writer::Xlsx(book, _) => book.row(cells),
            Writer::Ndjson(out) => {
                let names = self.columns.iter().map(|name| (*name).to_owned());
                let object = Value::Object(names.zip(cells.iter().cloned()).collect::<Map<_, _>>());
                Ok(writeln!(out, "{object}")?)
            }
        }
    }

    /// All is written; answers how many rows.
    pub fn finish(self) -> Result<u64> {
        match self.writer {
            Writer::Csv(mut csv) => csv.flush()?,
            Writer::Xlsx(book, out) => book.save(out)?,
            Writer::Ndjson(out) => out.flush()?,
        }
        Ok(self.rows)
    }
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Error::internal(format!("{other:?}")),
    }
}
