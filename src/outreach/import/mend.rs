//! A rejected row is mended in place: the one faulty value is typed anew, and the row is read again by the same rules.

use super::correct::{filled, wrong};
use super::fault::{fault, problem};
use super::{Import, ImportState, columns};
use crate::db::Conn;
use crate::domain::card_number::{self, NoteRefusal};
use crate::domain::field::Field;
use crate::domain::ids::ImportId;
use crate::domain::reading::Reading;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::{Column, Layout};
use crate::store::import_rejects::{self, Correctable};
use serde::{Deserialize, Serialize};

/// A rejected row with what is wrong with it.
#[derive(Clone, Debug)]
pub struct Faulty {
    /// Where the record starts in the file.
    pub line: i64,
    /// Whose it is, if that can be told.
    pub who: String,
    /// The headers of the columns that are faulty; none: the whole line is.
    pub headers: Vec<String>,
    /// What stands in them, card numbers masked.
    pub found: Vec<String>,
    /// What is wrong, in a few words.
    pub problem: String,
    /// What has to be typed, if one value mends the row.
    pub asks: Option<Ask>,
    /// What was typed for it, and makes the row good.
    pub typed: String,
    /// A person corrected it.
    pub mended: bool,
    /// The import by which it came in.
    pub taken_by: Option<ImportId>,
    /// It is set aside.
    pub aside: bool,
}

/// What is typed to mend a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// When it was.
    Time,
    /// A phone or an e-mail address.
    Contact,
}

/// What came of a value that was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mending {
    /// The row can be read with it, and it is kept; of nothing typed, the row is as it came.
    Kept,
    /// The row cannot be read with it; it is not kept.
    StillWrong(String),
    /// It holds a card number and is neither kept nor shown.
    CardNumber,
    /// One value does not mend this row, or it is in already.
    NotHere,
}

impl Office {
    /// Rejected rows after a line, all or those of one reason, each with its faulty values.
    pub fn faulty_rows(
        &self,
        import: &Import,
        reason: Option<&str>,
        after_line: i64,
        limit: i64,
    ) -> Result<Vec<Faulty>> {
        let layout = columns::kept(import).ok_or(Error::NotFound("import"))?;
        let rows = self
            .db
            .read(|conn| import_rejects::correctable(conn, import.id, reason, after_line, limit))?;
        Ok(rows.into_iter().map(|row| faulty(&layout, row)).collect())
    }

    /// Mends rejected rows of an import that counts or waits for its yes, each by the one value that is typed for its line;
    /// answers what came of each.
    ///
    /// # Errors
    /// The import is not read, or no longer wanted.
    pub fn mend(&self, id: ImportId, typed: &[(i64, String)]) -> Result<Vec<Mending>> {
        let import = self.to_mend(id)?;
        let layout = columns::kept(&import).ok_or(Error::NotFound("import"))?;
        self.once("mend", |conn| {
            let book = Rulebook::open(conn, import.outage_id)?;
            let reading = columns::reading(&book, &layout, import.kind());
            let rules = Rules {
                reading,
                layout: &layout,
            };
            let one = |(line, typed): &(i64, String)| rules.mend(conn, (id, *line), typed.trim());
            typed.iter().map(one).collect()
        })
    }

    /// An import whose rejected rows can be mended.
    fn to_mend(&self, id: ImportId) -> Result<Import> {
        let import = self.import(id)?;
        match import.state() {
            ImportState::Published | ImportState::Checked => Ok(import),
            _ => Err(Error::Conflict(
                "This file is not read, or was given up: its rows cannot be corrected.".into(),
            )),
        }
    }
}

/// By what a row is read again.
struct Rules<'a> {
    reading: Reading,
    layout: &'a Layout,
}

impl Rules<'_> {
    fn mend(&self, conn: &mut Conn, (id, line): (ImportId, i64), typed: &str) -> Result<Mending> {
        if card_number::refuses_note(typed) == Some(NoteRefusal::CardNumber) {
            return Ok(Mending::CardNumber);
        }
        let rows = import_rejects::correctable(conn, id, None, line.saturating_sub(1), 1)?;
        let open =
            |row: &Correctable| row.line == line && row.taken_by().is_none() && row.set_aside_at.is_none();
        let Some(row) = rows.into_iter().find(open) else {
            return Ok(Mending::NotHere);
        };
        let Some(fault) = fault(self.layout, &row.reason) else {
            return Ok(Mending::NotHere);
        };
        let original = filled(row.original(), self.layout.columns.len());
        let now = filled(row.cells(), self.layout.columns.len());
        if fault.typed(&original, &now) == typed {
            return Ok(Mending::Kept); // what else was corrected in the row stays
        }
        let cells = fault.mended(&original, now, typed);
        let why = wrong(&self.reading, &cells, line).filter(|_| !typed.is_empty());
        if let Some(why) = why {
            return Ok(Mending::StillWrong(why));
        }
        let changed = (cells != original).then(|| serde_json::to_string(&cells));
        let kept = changed.transpose().map_err(Error::internal)?;
        import_rejects::set_corrected(conn, id, line, kept.as_deref())?;
        Ok(Mending::Kept)
    }
}

fn faulty(layout: &Layout, row: Correctable) -> Faulty {
    let original = filled(row.original(), layout.columns.len());
    let now = filled(row.cells(), layout.columns.len());
    let fault = fault(layout, &row.reason);
    let typed = fault
        .as_ref()
        .map_or_else(String::new, |fault| fault.typed(&original, &now));
    let columns = fault
        .as_ref()
        .map(|fault| fault.columns.clone())
        .unwrap_or_default();
    let cell = |column: &usize| original.get(*column).map_or("", |cell| cell.trim()).to_owned();
    let found: Vec<String> = match columns.is_empty() {
        true => vec![row.original().join(", ")],
        false => columns.iter().map(cell).collect(),
    };
    let asks = fault.as_ref().map(|fault| fault.ask);
    Faulty {
        line: row.line,
        who: match row.reason.as_str() {
            "malformed" => String::new(), // its cells may stand in the wrong columns
            _ => name(layout, &original),
        },
        problem: problem(asks, &found, &row.detail),
        headers: columns
            .iter()
            .filter_map(|column| layout.columns.get(*column))
            .map(|column| column.header.clone())
            .collect(),
        // Where more than the faulty value was corrected, that was done on the whole row.
        asks: asks.filter(|_| row.corrected.is_none() || !typed.is_empty()),
        mended: row.corrected.is_some(),
        taken_by: row.taken_by(),
        aside: row.set_aside_at.is_some(),
        typed,
        found,
    }
}

/// The name in a row, as far as it has one.
fn name(layout: &Layout, cells: &[String]) -> String {
    let fields = [Field::FullName, Field::GivenName, Field::FamilyName];
    let column = |field: Field| {
        let found = |column: &Column| column.field == Some(field);
        layout.columns.iter().position(found)
    };
    let parts = fields.into_iter().filter_map(column);
    let parts = parts
        .filter_map(|column| cells.get(column))
        .map(|cell| cell.trim());
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
