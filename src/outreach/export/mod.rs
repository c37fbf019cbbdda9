//! Writing cases, attempts or messages out, as CSV for people and as NDJSON for programs.

mod rows;
mod sheet;

use super::rulebook::Rulebook;
use super::{Error, Office};

use crate::domain::ids::OutageId;
use crate::domain::text_enum::text_enum;
use crate::store::{cases, exports};
use sheet::Sheet;
use std::io::Write;

/// Rows read at once.
const PAGE: i64 = 1000;

text_enum! {
    /// What is written out.
    pub enum What {
        /// One row a citizen.
        Cases = "cases",
        /// One row an attempt and citizen.
        Attempts = "attempts",
        /// One row an e-mail.
        Messages = "messages",
    }
}

text_enum! {
    /// How it is written.
    pub enum Format {
        /// For spreadsheets; what they would take for a formula stands as text.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
    }
}

impl Office {
    /// Writes an outage's cases, attempts or messages; answers how many rows.
    ///
    /// # Errors
    /// There is no such outage, or writing failed.
    pub fn export(
        &self,
        outage: OutageId,
        what: What,
        format: Format,
        out: &mut dyn Write,
    ) -> super::Result<u64> {
        let mut sheet = Sheet::new(format, out);
        match what {
            What::Cases => self.export_cases(outage, &mut sheet)?,
            What::Attempts => self.export_attempts(outage, &mut sheet)?,
            What::Messages => self.export_messages(outage, &mut sheet)?,
        }
        sheet.finish()
    }

    fn export_cases(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> super::Result<()> {
        sheet.head(&rows::CASE)?;
        let mut after = 0;
        loop {
            let page = self.db.read(|conn| {
                let published = Rulebook::open(conn, outage)?.outage.published_import_id;
                Ok::<_, Error>(cases::page(conn, (outage, published), after, PAGE)?)
            })?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            for case in &page {
                sheet.row(&rows::CASE, rows::case(case))?;
            }
        }
    }

    fn export_attempts(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> super::Result<()> {
        sheet.head(&rows::ATTEMPT)?;
        let mut after = 0;
        loop {
            let (page, cases) = self.db.read(|conn| {
                let page = exports::attempts(conn, outage, after, PAGE)?;
                let ids: Vec<_> = page.iter().map(|(attempt, _)| attempt.id).collect();
                let cases = exports::cases_of(conn, &ids)?;
                crate::store::Result::Ok((page, cases))
            })?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = last.id;
            for (attempt, caller) in &page {
                for (_, case) in cases.iter().filter(|(id, _)| *id == attempt.id) {
                    sheet.row(&rows::ATTEMPT, rows::attempt(attempt, caller, *case))?;
                }
            }
        }
    }

    fn export_messages(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> super::Result<()> {
        sheet.head(&rows::MESSAGE)?;
        let mut after = 0;
        loop {
            let page = self
                .db
                .read(|conn| exports::messages(conn, outage, after, PAGE))?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            for message in &page {
                sheet.row(&rows::MESSAGE, rows::message(message))?;
            }
        }
    }
}
