//! Writes rows as CSV or as NDJSON.

use super::Format;
use crate::domain::spreadsheet;
use crate::outreach::{Error, Result};
use serde_json::{Map, Value};
use std::io::Write;

enum Writer<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Ndjson(&'a mut dyn Write),
}

/// One export under way.
pub(super) struct Sheet<'a> {
    writer: Writer<'a>,
    rows: u64,
}

impl<'a> Sheet<'a> {
    pub fn new(format: Format, out: &'a mut dyn Write) -> Self {
        let writer = match format {
            Format::Csv => Writer::Csv(Box::new(csv::Writer::from_writer(out))),
            Format::Ndjson => Writer::Ndjson(out),
        };
        Self { writer, rows: 0 }
    }

    /// The names of the columns, where the format has a place for them.
    pub fn head(&mut self, columns: &[&str]) -> Result<()> {
        match &mut self.writer {
            Writer::Csv(csv) => csv.write_record(columns).map_err(failed),
            Writer::Ndjson(_) => Ok(()),
        }
    }

    pub fn row<const N: usize>(&mut self, columns: &[&str; N], cells: [Value; N]) -> Result<()> {
        self.rows += 1;
        match &mut self.writer {
            Writer::Csv(csv) => {
                let texts = cells.iter().map(text);
                let safe = texts.map(|cell| spreadsheet::as_text(&cell).into_owned());
                csv.write_record(safe.collect::<Vec<_>>()).map_err(failed)
            }
            Writer::Ndjson(out) => {
                let names = columns.iter().map(|name| (*name).to_owned());
                let object = Value::Object(names.zip(cells).collect::<Map<_, _>>());
                Ok(writeln!(out, "{object}")?)
            }
        }
    }

    /// All is written; answers how many rows.
    pub fn finish(self) -> Result<u64> {
        match self.writer {
            Writer::Csv(mut csv) => csv.flush()?,
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
