//! What the columns of a file hold: found out, remembered from an earlier file with the same header,
//! or said by a person.

use super::sealed::Upload;
use super::{Hints, Import, ImportKind, ImportState};
use crate::domain::field::Field;
use crate::domain::ids::{ImportId, OutageId};
use crate::domain::meaning::Meaning;
use crate::domain::moment::Order;
use crate::domain::money::Decimal;
use crate::domain::reading::{Mapping, Reading};
use crate::domain::window::Window;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::{self, Around, Layout};
use crate::store::{column_matches, imports};

/// So many times answers are taken over that bring new questions.
const ROUNDS: usize = 6;

impl Hints {
    /// The proposals that were taken already, if all are to be.
    fn accepted(&self) -> Option<&[String]> {
        self.accept_guesses.then_some(self.taken.as_slice())
    }

    /// In the reader's terms.
    pub(super) fn read(&self) -> Result<reader::Hints> {
        let meanings = [
            (&self.failed, Meaning::Failed),
            (&self.paid, Meaning::Paid),
            (&self.refunded, Meaning::Refunded),
            (&self.leave_out, Meaning::LeftOut),
        ];
        let statuses = meanings
            .into_iter()
            .flat_map(|(values, meaning)| values.iter().map(move |value| (value.clone(), meaning)));
        let orders = [
            (&self.day_first, Order::DayFirst),
            (&self.month_first, Order::MonthFirst),
        ];
        let orders = orders
            .into_iter()
            .flat_map(|(headers, order)| headers.iter().map(move |header| (header.clone(), order)));
        let decimals = [
            (&self.decimal_point, Decimal::Point),
            (&self.decimal_comma, Decimal::Comma),
        ];
        let decimals = decimals
            .into_iter()
            .flat_map(|(headers, sign)| headers.iter().map(move |header| (header.clone(), sign)));
        Ok(reader::Hints {
            columns: self.columns.as_deref().map(columns).transpose()?,
            chosen: self.chosen.clone(),
            map: self.map.iter().map(|pair| mapped(pair)).collect::<Result<_>>()?,
            ignore: self.ignore.clone(),
            sheet: self.sheet.clone(),
            times_in: self.times_in.clone(),
            statuses: statuses.collect(),
            others_left_out: self.leave_out_others,
            orders: orders.collect(),
            decimals: decimals.collect(),
        })
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
    Clear(Box<Layout>),
    /// A person has to answer its questions first.
    Asked(Box<Layout>),
    /// It cannot; the reason is for the person who sent the file.
    Refused(String),
}

impl Office {
    /// Looks at an upload and says what was understood; what a person said about it before stands, and
    /// `hints` that say something come on top. The answer is kept for the import.
    ///
    /// # Errors
    /// The file cannot be read at all (`Invalid`, with the reason), or a hint names nothing there is.
    pub fn inspect_import(&self, id: ImportId, hints: &Hints) -> Result<Layout> {
        let import = self.import(id)?;
        let before = kept(&import);
        if let (Some(layout), true) = (&before, *hints == Hints::default()) {
            return Ok(layout.clone());
        }
        let said = hints.read()?.after(
            before
                .as_ref()
                .map(|layout| layout.said.clone())
                .unwrap_or_default(),
        );
        let mut layout = self
            .look(&import, &mut self.upload(&import)?, (said, hints.accepted()))?
            .map_err(|reason| Error::invalid("file", reason))?;
        layout.answered = before.map(|before| answered(before, &layout)).unwrap_or_default();
        self.keep_layout(id, &layout)?;
        Ok(layout)
    }

    /// Reads another sheet of a workbook from here on.
    ///
    /// # Errors
    /// The import is past that step, or there is no such sheet.
    pub fn choose_sheet(&self, id: ImportId, sheet: &str) -> Result<Layout> {
        self.awaits_columns(id)?;
        let import = self.import(id)?;
        let said = reader::Hints {
            sheet: Some(sheet.to_owned()),
            ..reader::Hints::default()
        };
        let layout = self
            .look(&import, &mut self.upload(&import)?, (said, None))?
            .map_err(|reason| Error::invalid("file", reason))?;
        self.keep_layout(id, &layout)?;
        Ok(layout)
    }

    fn awaits_columns(&self, id: ImportId) -> Result<()> {
        if self.import(id)?.state() == ImportState::Received {
            return Ok(());
        }
        Err(Error::Conflict(
            "This file is past the choice of its columns.".into(),
        ))
    }

    /// Keeps what a person said the columns hold, one field or none a column, and their answers. The layout says what is still
    /// to be asked. Once the import counts it is remembered for every later file with the same header.
    ///
    /// # Errors
    /// The import is past that step; the number of columns differs; or the file cannot be read so.
    pub fn map_import(&self, id: ImportId, fields: &[Option<Field>], answers: &[String]) -> Result<Layout> {
        self.awaits_columns(id)?;
        let before = self.inspect_import(id, &Hints::default())?;
        if fields.len() != before.columns.len() {
            return Err(Error::invalid(
                "columns",
                "The file has another number of columns.",
            ));
        }
        let mut hints = Hints {
            chosen: Some(fields.to_vec()),
            ..Hints::default()
        };
        hints.take(answers)?;
        let mut layout = self.inspect_import(id, &hints)?;
        layout.decided();
        if let Some(problem) = layout.problem() {
            return Err(Error::invalid("columns", problem));
        }
        self.keep_layout(id, &layout)?;
        Ok(layout)
    }

    /// Takes a person's answers to what is asked of a file, in the words of the command line.
    ///
    /// # Errors
    /// Nothing is asked of it any more, or an answer is none.
    pub fn answer_import(&self, id: ImportId, flags: &[String]) -> Result<Layout> {
        self.awaits_columns(id)?;
        let mut hints = Hints::default();
        hints.take(flags)?;
        self.inspect_import(id, &hints)
    }

    /// Forgets what was said of files with the header of this one, which is understood anew.
    ///
    /// # Errors
    /// The import is past that step.
    pub fn forget_match(&self, id: ImportId) -> Result<()> {
        self.awaits_columns(id)?;
        let import = self.import(id)?;
        let Some(layout) = kept(&import) else {
            return Ok(());
        };
        let signature = signature(&layout, import.kind());
        self.db.write(|conn| column_matches::forget(conn, &signature))?;
        let sheet = reader::Hints {
            sheet: layout.said.sheet,
            ..reader::Hints::default()
        };
        let anew = self.look(&import, &mut self.upload(&import)?, (sheet, None))?;
        let anew = anew.map_err(|reason| Error::invalid("file", reason))?;
        self.keep_layout(id, &anew)
    }

    pub(super) fn keep_layout(&self, id: ImportId, layout: &Layout) -> Result<()> {
        let json = serde_json::to_string(layout).map_err(Error::internal)?;
        self.db.write(|conn| imports::set_layout(conn, id, &json))?;
        Ok(())
    }

    /// What the outage says that helps to understand a file.
    pub(super) fn surroundings(&self, outage: OutageId, kind: ImportKind) -> Result<Around> {
        let book = self.db.read(|conn| Rulebook::open(conn, outage))?;
        Ok(around(&book, kind))
    }

    /// A first look at a file: by what a person said, else as remembered, else as found out. With `accept` what is asked is
    /// taken as it is proposed, after the proposals that were taken before.
    pub(super) fn look(
        &self,
        import: &Import,
        file: &mut Upload,
        (said, accept): (reader::Hints, Option<&[String]>),
    ) -> Result<std::result::Result<Layout, String>> {
        let around = self.surroundings(import.outage_id, import.kind())?;
        let mut layout = match inspect(file, &said, &around)? {
            Ok(layout) => layout,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut hints = said;
        if hints.columns.is_none()
            && let Some(memory) = self.recall(&layout, import.kind())?
        {
            let both = hints.clone().after(memory);
            if let Ok(remembered) = inspect(file, &both, &around)? {
                (layout, hints) = (remembered, both);
                layout.remembered = true;
            }
        }
        if let Some(taken) = accept {
            layout = accepted(layout, (&hints, taken), |all| inspect(file, all, &around))?;
        }
        Ok(Ok(layout))
    }

    fn recall(&self, layout: &Layout, kind: ImportKind) -> Result<Option<reader::Hints>> {
        let signature = signature(layout, kind);
        let json = self.db.read(|conn| column_matches::recall(conn, &signature))?;
        Ok(json.and_then(|json| memory(&json)))
    }

    /// The layout to read by: the one kept for the import, or that of a first look.
    pub(super) fn layout_of(&self, import: &Import, file: &mut Upload, hints: &Hints) -> Result<Look> {
        let layout = match kept(import).filter(|_| *hints == Hints::default()) {
            Some(layout) => Ok(layout),
            None => {
                let before = kept(import).map(|layout| layout.said).unwrap_or_default();
                self.look(import, file, (hints.read()?.after(before), hints.accepted()))?
            }
        };
        Ok(match layout {
            Err(reason) => Look::Refused(reason),
            Ok(layout) => {
                self.keep_layout(import.id, &layout)?;
                match layout.problem() {
                    Some(reason) => Look::Refused(reason),
                    None if layout.questions.is_empty() => Look::Clear(Box::new(layout)),
                    None => Look::Asked(Box::new(layout)),
                }
            }
        })
    }
}

/// What was asked before and is asked no more.
fn answered(before: Layout, now: &Layout) -> Vec<reader::Question> {
    let is_open = |question: &reader::Question| {
        let about = |of: &reader::Question| (of.about, of.column.clone(), of.value.clone());
        now.questions.iter().any(|open| about(open) == about(question))
    };
    let mut all = before.answered;
    all.extend(before.questions);
    all.retain(|question| !is_open(question));
    all
}

/// Takes all proposals over, and what they lead to; they are listed as guesses, apart from what a person said.
fn accepted(
    mut layout: Layout,
    (said, taken): (&reader::Hints, &[String]),
    mut inspect: impl FnMut(&reader::Hints) -> Result<std::result::Result<Layout, String>>,
) -> Result<Layout> {
    let (mut hints, mut guesses, mut flags) = (said.clone(), Vec::new(), taken.to_vec());
    for _ in 0..ROUNDS {
        flags.extend(layout.questions.iter().map(|question| question.flag.clone()));
        if flags.is_empty() {
            break;
        }
        let mut answers = Hints::default();
        answers.take(&std::mem::take(&mut flags))?;
        hints = answers.read()?.after(hints);
        guesses.append(&mut layout.questions);
        let Ok(next) = inspect(&hints)? else { break };
        let remembered = layout.remembered;
        layout = Layout { remembered, ..next };
    }
    layout.said = said.clone();
    layout.guesses = guesses;
    Ok(layout)
}

/// Looks at a file; the reason why it is refused is an answer.
pub(super) fn inspect(
    file: &mut Upload,
    hints: &reader::Hints,
    around: &Around,
) -> Result<std::result::Result<Layout, String>> {
    match reader::inspect(file, hints, around) {
        Ok(layout) => Ok(Ok(layout)),
        Err(reader::Error::Io(error)) => Err(error.into()),
        Err(refused) => Ok(Err(refused.to_string())),
    }
}

/// Under what a layout is remembered: a reconciliation reads the same header in another way.
pub(super) fn signature(layout: &Layout, kind: ImportKind) -> String {
    match kind {
        ImportKind::Failed => layout.signature(),
        ImportKind::Successes => format!("{}-{kind}", layout.signature()),
    }
}

/// What was remembered; before there were terms it was a mapping.
fn memory(json: &str) -> Option<reader::Hints> {
    if let Ok(hints) = serde_json::from_str(json) {
        return Some(hints);
    }
    let mapping: Mapping = serde_json::from_str(json).ok()?;
    Some(reader::Hints {
        chosen: Some(mapping.columns.into_iter().map(|(_, field)| field).collect()),
        ..reader::Hints::default()
    })
}

/// The layout that is kept for an import.
pub(super) fn kept(import: &Import) -> Option<Layout> {
    serde_json::from_str(import.layout.as_deref()?).ok()
}

/// What an outage says that helps to understand a file.
pub(super) fn around(book: &Rulebook, kind: ImportKind) -> Around {
    let format = book.outage.account_format.as_deref();
    Around {
        kind,
        window: Window {
            start: book.outage.starts_at,
            end: book.outage.ends_at,
        },
        zone: book.outage.zone(),
        accounts: format.and_then(|format| format.parse().ok()).unwrap_or_default(),
    }
}

/// How this outage reads a file of this layout.
pub(super) fn reading(book: &Rulebook, layout: &Layout, kind: ImportKind) -> Reading {
    Reading::new(&layout.mapping(), layout.rules(&around(book, kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_the_flags_of_the_command_line() {
        let hints = Hints {
            columns: Some("timestamp,_,email".into()),
            map: vec!["phone=Contact = No".into()],
            ..Hints::default()
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
