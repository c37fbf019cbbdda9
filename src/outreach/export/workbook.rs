//! Rows as an XLSX workbook, written row by row: no more than one stands in memory.

use crate::outreach::{Error, Result};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use std::io::Write;

/// Rows of a sheet, its head included: as many as Excel opens.
const ROWS: u32 = 1_048_576;
/// Characters of a cell, as many as Excel opens.
const LONGEST_CELL: usize = 32_767;

/// The column that people add up.
const AMOUNT: &str = "amount";

/// A workbook under way. A sheet that is full is followed by another.
pub(super) struct Book {
    workbook: Workbook,
    columns: &'static [&'static str],
    money: Format,
    sheet: usize,
    /// The next row of the sheet.
    row: u32,
}

impl Book {
    pub fn new(columns: &'static [&'static str]) -> Result<Self> {
        let mut book = Self {
            workbook: Workbook::new(),
            columns,
            money: Format::new().set_num_format("0.00"),
            sheet: 0,
            row: 0,
        };
        book.begin_sheet(0)?;
        Ok(book)
    }

    fn begin_sheet(&mut self, sheet: usize) -> Result<()> {
        let bold = Format::new().set_bold();
        let worksheet = self
            .workbook
            .add_worksheet_with_constant_memory()
            .map_err(failed)?;
        worksheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (column, name) in (0..).zip(self.columns) {
            worksheet
                .write_string_with_format(0, column, *name, &bold)
                .map_err(failed)?;
        }
        (self.sheet, self.row) = (sheet, 1);
        Ok(())
    }

    pub fn row(&mut self, cells: &[Value]) -> Result<()> {
        if self.row == ROWS {
            self.begin_sheet(self.sheet + 1)?;
        }
        let worksheet = self.workbook.worksheet_from_index(self.sheet).map_err(failed)?;
        for (column, (cell, name)) in (0..).zip(cells.iter().zip(self.columns)) {
            let place = (self.row, column);
            match cell.as_str().and_then(|text| text.parse::<f64>().ok()) {
                Some(amount) if *name == AMOUNT => worksheet
                    .write_number_with_format(place.0, place.1, amount, &self.money)
                    .map(drop),
                _ => write(worksheet, place, cell),
            }
            .map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }

    pub fn save(mut self, out: &mut (dyn Write + Send)) -> Result<()> {
        self.workbook.save_to_writer(&mut *out).map_err(failed)?;
        Ok(out.flush()?)
    }
}

/// A number as a number, anything else as text: nothing is ever taken for a formula.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Value,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Value::Null => {}
        Value::Number(number) if number.as_f64().is_some_and(is_exact) => {
            sheet.write_number(row, column, number.as_f64().unwrap_or_default())?;
        }
        Value::String(text) => {
            let fits: String = text.chars().take(LONGEST_CELL).collect();
            sheet.write_string(row, column, fits)?;
        }
        other => {
            sheet.write_string(row, column, other.to_string())?;
        }
    }
    Ok(())
}

/// A spreadsheet keeps fifteen digits.
fn is_exact(number: f64) -> bool {
    number.abs() < 1e15
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => error.into(),
        other => Error::internal(format!("{other:?}")),
    }
}
