//! Writing an outage out: CSV and XLSX for people, NDJSON for programs.

mod rows;
mod sheet;
mod workbook;

use super::editors::Editors;
use super::message_log::Filter;
use super::rulebook::Rulebook;
use super::{Error, Office, Result, extensions};
use crate::domain::ids::OutageId;
use crate::domain::text_enum::text_enum;
use crate::store::{cases, exports, message_log, remedies};
use sheet::Sheet;
use std::io::Write;
use std::sync::Arc;

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
        /// One row for each thing that is owed to a citizen.
        Remedies = "remedies",
        /// One row a letter: to be sent, or sent.
        Letters = "letters",
    }
}

text_enum! {
    /// How it is written.
    pub enum Format {
        /// For spreadsheets; what they would take for a formula stands as text.
        Csv = "csv",
        /// A workbook; every cell is a text or a number, none a formula.
        Xlsx = "xlsx",
        /// One JSON object a line.
        Ndjson = "ndjson",
    }
}

impl Office {
    /// Writes part of an outage out; answers how many rows. Memory does not grow with them.
    ///
    /// # Errors
    /// There is no such outage, or writing failed.
    pub fn export(
        &self,
        outage: OutageId,
        what: What,
        format: Format,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        let mut sheet = Sheet::new(format, rows::columns(what), out)?;
        match what {
            What::Cases => self.export_cases(outage, &mut sheet)?,
            What::Attempts => self.export_attempts(outage, &mut sheet)?,
            What::Messages => self.export_messages(outage, &Filter::default(), &mut sheet)?,
            What::Remedies => self.export_remedies(outage, &mut sheet)?,
            What::Letters => self.export_letters(outage, &mut sheet)?,
        }
        sheet.finish()
    }

    fn export_cases(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> Result<()> {
        let next = |after| {
            self.db.read(|conn| {
                let published = Rulebook::open(conn, outage)?.outage.published_import_id;
                let page = cases::page(conn, (outage, published), after, PAGE)?;
                extensions::beside(conn, outage, page)
            })
        };
        paged(next, |(case, _)| case.id, |case| sheet.row(&rows::case(case)))
    }

    fn export_attempts(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> Result<()> {
        let next = |after| {
            self.db.read(|conn| {
                let page = exports::attempts(conn, outage, after, PAGE)?;
                let ids: Vec<_> = page.iter().map(|(attempt, _)| attempt.id).collect();
                let about = exports::cases_of(conn, &ids)?;
                let editors = Arc::new(Editors::of(conn, page.iter().map(|(attempt, _)| attempt))?);
                let with_cases = page.into_iter().map(|(attempt, caller)| {
                    let of = |(id, _): &&(i64, i64)| *id == attempt.id;
                    let cases: Vec<_> = about.iter().filter(of).map(|(_, case)| *case).collect();
                    (attempt, caller, cases, Arc::clone(&editors))
                });
                Ok::<_, Error>(with_cases.collect::<Vec<_>>())
            })
        };
        let write = |(attempt, caller, cases, editors): &(_, String, Vec<i64>, Arc<Editors>)| {
            cases
                .iter()
                .try_for_each(|case| sheet.row(&rows::attempt(attempt, caller, *case, editors)))
        };
        paged(next, |(attempt, ..)| attempt.id, write)
    }

    /// Writes those of an outage's e-mails out that a filter lets through.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub fn export_log(
        &self,
        outage: OutageId,
        filter: &Filter,
        format: Format,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        let mut sheet = Sheet::new(format, rows::columns(What::Messages), out)?;
        self.export_messages(outage, filter, &mut sheet)?;
        sheet.finish()
    }

    fn export_messages(&self, outage: OutageId, filter: &Filter, sheet: &mut Sheet<'_>) -> Result<()> {
        let next = |after| {
            Ok(self
                .db
                .read(|conn| message_log::after(conn, outage, filter, after, PAGE))?)
        };
        paged(
            next,
            |message| message.id,
            |message| sheet.row(&rows::message(message)),
        )
    }

    fn export_remedies(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> Result<()> {
        let next = |after| Ok(self.db.read(|conn| remedies::page(conn, outage, after, PAGE))?);
        let write = |(remedy, case, by): &(_, _, String)| sheet.row(&rows::remedy(remedy, case, by));
        paged(next, |(remedy, _, _)| remedy.id, write)
    }

    fn export_letters(&self, outage: OutageId, sheet: &mut Sheet<'_>) -> Result<()> {
        let next = |after| self.letters(outage, after, PAGE);
        paged(
            next,
            |letter| letter.case.id,
            |letter| sheet.row(&rows::letter(letter)),
        )
    }
}

/// Writes page after page, each beginning after the last id of the one before.
fn paged<T>(
    next: impl Fn(i64) -> Result<Vec<T>>,
    id: impl Fn(&T) -> i64,
    mut write: impl FnMut(&T) -> Result<()>,
) -> Result<()> {
    let mut after = 0;
    loop {
        let page = next(after)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = id(last);
        page.iter().try_for_each(&mut write)?;
    }
}
