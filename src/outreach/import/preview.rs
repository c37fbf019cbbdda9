//! How a row will be understood, before anything is read in earnest.

use super::Layout;
use super::columns::reading;
use crate::domain::field::Field;
use crate::domain::ids::ImportId;

use crate::domain::reading::Row;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader;

/// Rows beyond this are not looked at for a preview.
const FARTHEST: u64 = 200;

/// One row as it will be understood.
#[derive(Clone, Debug)]
pub struct RowPreview {
    /// The columns as chosen.
    pub layout: Layout,
    /// Which row, from 1.
    pub row: u64,
    /// It is the last one that is shown.
    pub last: bool,
    /// What it says, or why it would be rejected; nothing if the file has no rows.
    pub read: Option<Row>,
}

impl Office {
    /// Reads one row of an upload with these columns, or with those found out. Nothing is kept.
    ///
    /// # Errors
    /// There is no such import, or its file cannot be read.
    pub fn preview_import(
        &self,
        id: ImportId,
        fields: Option<&[Option<Field>]>,
        row: u64,
    ) -> Result<RowPreview> {
        let import = self.import(id)?;
        let mut layout = self.inspect_import(id, &super::Hints::default())?;
        if let Some(fields) = fields {
            for (column, field) in layout.columns.iter_mut().zip(fields) {
                column.sure = column.sure || column.field != *field;
                column.field = *field;
            }
        }
        let book = self.db.read(|conn| Rulebook::open(conn, import.outage_id))?;
        let reading = reading(&book, &layout, import.kind());
        let unreadable = |error: reader::Error| Error::invalid("file", error.to_string());
        let mut records = reader::records(self.upload(&import)?, &layout).map_err(unreadable)?;
        let (wanted, mut at, mut read) = (row.clamp(1, FARTHEST), 0, None);
        while at < wanted {
            let Some(record) = records.next() else { break };
            read = Some(reading.read(&record.map_err(unreadable)?).row);
            at += 1;
        }
        let last = at == FARTHEST || records.next().is_none();
        Ok(RowPreview {
            layout,
            row: at.max(1),
            last,
            read,
        })
    }
}
