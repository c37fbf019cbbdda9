//! What the columns of a file hold: found out, remembered from an earlier file with the same header,
//! or said by a person.

use super::sealed::Upload;
use super::{Hints, Import, ImportState};
use crate::domain::field::Field;
use crate::domain::ids::ImportId;
use crate::domain::reading::{Mapping, Reading, Rules};
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::{self, Layout};
use crate::store::{column_matches, imports};

impl Hints {
    /// In the reader's terms.
    fn read(&self) -> Result<reader::Hints> {
        Ok(reader::Hints {
            columns: self.columns.as_deref().map(columns).transpose()?,
            map: self.map.iter().map(|pair| mapped(pair)).collect::<Result<_>>()?,
            sheet: self.sheet.clone(),
        })
    }

    /// Whether a person said anything.
    fn say_nothing(&self) -> bool {
        self.columns.is_none() && self.map.is_empty()
    }
}

fn columns(list: &str) -> Result<Vec<Option<Field>>> {
    let one = |name: &str| match name.trim() {
        "_" | "" => Ok(None),
        name => field("columns", name).map(Some),
    };
    list.split(',').map(one).collect()
}

fn mapped(pair: &str) -> Result<(Field, String)> {
    let (name, header) = pair
        .split_once('=')
        .ok_or_else(|| Error::invalid("map", format!("{pair:?}: write it as field=HEADER.")))?;
    Ok((field("map", name.trim())?, header.trim().to_owned()))
}

fn field(flag: &'static str, name: &str) -> Result<Field> {
    name.parse()
        .map_err(|error: crate::domain::field::UnknownField| Error::invalid(flag, format!("{error}.")))
}

/// What became of a first look.
pub(super) enum Look {
    /// It can be read so.
    Clear(Layout),
    /// It cannot; the reason is for the person who sent the file.
    Refused(String),
}

impl Office {
    /// Looks at an upload and says what was understood; what a person said about it before stands.
    /// `hints` that say something replace it. The answer is kept for the import.
    ///
    /// # Errors
    /// The file cannot be read at all (`Invalid`, with the reason), or a hint names nothing there is.
    pub fn inspect_import(&self, id: ImportId, hints: &Hints) -> Result<Layout> {
        let import = self.import(id)?;
        if let (Some(layout), true) = (kept(&import), *hints == Hints::default()) {
            return Ok(layout);
        }
        let layout = self
            .look(&mut self.upload(&import)?, hints)?
            .map_err(|reason| Error::invalid("file", reason))?;
        self.keep_layout(id, &layout)?;
        Ok(layout)
    }

    /// Reads another sheet of a workbook from here on.
    ///
    /// # Errors
    /// The import is past that step, or there is no such sheet.
    pub fn choose_sheet(&self, id: ImportId, sheet: &str) -> Result<Layout> {
        self.awaits_columns(id)?;
        let hints = Hints {
            sheet: Some(sheet.to_owned()),
            ..Hints::default()
        };
        self.inspect_import(id, &hints)
    }

    fn awaits_columns(&self, id: ImportId) -> Result<()> {
        if self.import(id)?.state() == ImportState::Received {
            return Ok(());
        }
        Err(Error::Conflict(
            "This file is past the choice of its columns.".into(),
        ))
    }

    /// Keeps what a person said the columns hold, one field or none a column, for this import and for
    /// every later file with the same header.
    ///
    /// # Errors
    /// The import is past that step; the number of columns differs; the file cannot be read so.
    pub fn map_import(&self, id: ImportId, fields: &[Option<Field>]) -> Result<Layout> {
        self.awaits_columns(id)?;
        let mut layout = self.inspect_import(id, &Hints::default())?;
        if fields.len() != layout.columns.len() {
            return Err(Error::invalid(
                "columns",
                "The file has another number of columns.",
            ));
        }
        for (column, field) in layout.columns.iter_mut().zip(fields) {
            (column.field, column.sure) = (*field, true);
        }
        layout.decided();
        if let Some(problem) = layout.problem() {
            return Err(Error::invalid("columns", problem));
        }
        self.keep_layout(id, &layout)?;
        self.remember(&layout)?;
        Ok(layout)
    }

    pub(super) fn keep_layout(&self, id: ImportId, layout: &Layout) -> Result<()> {
        let json = serde_json::to_string(layout).map_err(Error::internal)?;
        self.db.write(|conn| imports::set_layout(conn, id, &json))?;
        Ok(())
    }

    fn remember(&self, layout: &Layout) -> Result<()> {
        let json = serde_json::to_string(&layout.mapping()).map_err(Error::internal)?;
        let (signature, now) = (layout.signature(), self.now());
        self.db
            .write(|conn| column_matches::remember(conn, &signature, &json, now))?;
        Ok(())
    }

    /// A first look at a file: by hints, else as remembered, else as found out.
    pub(super) fn look(
        &self,
        file: &mut Upload,
        hints: &Hints,
    ) -> Result<std::result::Result<Layout, String>> {
        let mut layout = match reader::inspect(file, &hints.read()?) {
            Ok(layout) => layout,
            Err(reader::Error::Io(error)) => return Err(error.into()),
            Err(refused) => return Ok(Err(refused.to_string())),
        };
        let signature = layout.signature();
        if hints.say_nothing() {
            let remembered = self.db.read(|conn| column_matches::recall(conn, &signature))?;
            let mapping: Option<Mapping> = remembered.and_then(|json| serde_json::from_str(&json).ok());
            if let Some(mapping) = mapping {
                layout.apply(&mapping);
                layout.doubts.retain(|doubt| *doubt != reader::Doubt::NoHeader);
            }
        }
        Ok(Ok(layout))
    }

    /// The layout to read by: the one kept for the import, or that of a first look.
    pub(super) fn layout_of(&self, import: &Import, file: &mut Upload, hints: &Hints) -> Result<Look> {
        let layout = match kept(import) {
            Some(layout) => Ok(layout),
            None => self.look(file, hints)?,
        };
        Ok(match layout {
            Err(reason) => Look::Refused(reason),
            Ok(layout) => match layout.problem() {
                Some(reason) => Look::Refused(reason),
                None => {
                    self.keep_layout(import.id, &layout)?;
                    if !hints.map.is_empty() {
                        self.remember(&layout)?;
                    }
                    Look::Clear(layout)
                }
            },
        })
    }
}

/// The layout that is kept for an import.
pub(super) fn kept(import: &Import) -> Option<Layout> {
    serde_json::from_str(import.layout.as_deref()?).ok()
}

/// How this outage reads a file of this layout.
pub(super) fn reading(book: &Rulebook, layout: &Layout) -> Reading {
    let zone = book.outage.zone();
    let format = book.outage.account_format.as_deref();
    let accounts = format.and_then(|format| format.parse().ok()).unwrap_or_default();
    let mut rules = Rules::new(zone.clone(), accounts);
    rules.calendar = layout.calendar(zone);
    Reading::new(&layout.mapping(), rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_the_flags_of_the_command_line() {
        let hints = Hints {
            columns: Some("timestamp,_,email".into()),
            map: vec!["phone=Contact = No".into()],
            sheet: None,
        };
        let read = hints.read().unwrap();
        assert_eq!(
            read.columns,
            Some(vec![Some(Field::Timestamp), None, Some(Field::Email)])
        );
        assert_eq!(read.map, [(Field::Phone, "Contact = No".to_owned())]);
    }

    #[test]
    fn a_field_that_is_none_is_named() {
        let hints = Hints {
            map: vec!["fone=Contact".into()],
            ..Hints::default()
        };
        assert!(hints.read().unwrap_err().to_string().contains("fone"));
    }
}
